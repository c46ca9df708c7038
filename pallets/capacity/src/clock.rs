//! The clock: epochs begin, reports close, audits are drawn. Constant work per block.

use crate::*;
use frame_support::pallet_prelude::Weight;
use frame_system::pallet_prelude::BlockNumberFor;
use marketplace_primitives::Epoch;
use sp_runtime::traits::{UniqueSaturatedInto, Zero};

impl<T: Config> Pallet<T> {
	/// The block being executed.
	pub(crate) fn now() -> u32 {
		frame_system::Pallet::<T>::block_number().unique_saturated_into()
	}

	/// The epoch of the block being executed.
	pub(crate) fn epoch() -> Epoch {
		Parameters::<T>::get().epoch_at(Self::now())
	}

	/// Hash of the chain's first block.
	pub(crate) fn genesis() -> [u8; 32] {
		let hash = frame_system::BlockHash::<T>::get(BlockNumberFor::<T>::zero());
		<[u8; 32]>::try_from(hash.as_ref()).unwrap_or_default()
	}

	/// What happens at the start of block `now`.
	pub(crate) fn begin_block(now: u32) -> Weight {
		let params = Parameters::<T>::get();
		let mut weight = T::WeightInfo::idle_block();
		let epoch = params.epoch_at(now);
		if params.first_block(epoch) == now {
			Self::start_epoch(epoch);
			weight.saturating_accrue(T::WeightInfo::start_epoch());
		}
		if let Some(pending) = Pending::<T>::get() {
			Self::advance_draw(&params, pending, now);
			weight.saturating_accrue(T::WeightInfo::draw_audits());
		}
		if let Some(closed) = params.closed_at(now) {
			Self::close_reports(closed);
			weight.saturating_accrue(T::WeightInfo::close_reports());
		}
		weight
	}

	/// Writes the seed of an epoch.
	pub(crate) fn start_epoch(epoch: Epoch) {
		let seed = T::Randomness::seed();
		Epochs::<T>::insert(epoch, EpochRecord { seed, ..Default::default() });
		Self::deposit_event(Event::EpochStarted { epoch, seed });
	}

	/// From now on the draw of `epoch` waits for a whole consensus epoch to pass.
	pub(crate) fn close_reports(epoch: Epoch) {
		let proven = Epochs::<T>::get(epoch).map_or(0, |record| record.proven);
		let seen = T::Randomness::consensus_epoch();
		Pending::<T>::put(PendingDraw { epoch, seen, changes: 0 });
		Self::deposit_event(Event::ReportsClosed { epoch, proven });
	}

	/// Notes a change of the consensus epoch. The epoch between the first change and the second passed as a
	/// whole after reports closed: the randomness that it made draws. (Changes are counted, since the
	/// consensus skips numbers when it stood still.)
	pub(crate) fn advance_draw(params: &MarketParameters, mut pending: PendingDraw, now: u32) {
		let epoch = pending.epoch;
		if now > params.draw_due(epoch) {
			Pending::<T>::kill();
			return Self::deposit_event(Event::EpochVoided { epoch });
		}
		let seen = T::Randomness::consensus_epoch();
		if seen == pending.seen {
			return;
		}
		pending.seen = seen;
		pending.changes = pending.changes.saturating_add(1);
		if pending.changes < 2 {
			return Pending::<T>::put(pending);
		}
		Pending::<T>::kill();
		Self::draw_audits(params, epoch, now);
	}

	/// Draws the audits of an epoch.
	pub(crate) fn draw_audits(params: &MarketParameters, epoch: Epoch, now: u32) {
		let randomness = T::Randomness::next_randomness();
		let draw = Draw { block: now, randomness };
		Epochs::<T>::mutate_extant(epoch, |record| record.draw = Some(draw));
		let deadline = now.saturating_add(params.answer_window);
		Self::deposit_event(Event::AuditsDrawn { epoch, randomness, deadline });
	}
}
