//! The clock: epochs begin, reports close, audits are drawn, epochs are finished. Constant work per block.
//!
//! One epoch is brought to its end at a time. In a quiet chain its windows are over before the next epoch is;
//! full blocks stretch them, by one epoch at most.

use crate::{
	pool::next_pool,
	sampling::{self, Rate},
	types::Stage,
	*,
};
use frame_support::{dispatch::DispatchClass, pallet_prelude::Weight, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use marketplace_primitives::{Balance, Epoch, PriceFeed};
use sp_runtime::{
	traits::{UniqueSaturatedInto, Zero},
	Perbill,
};

/// A block is full at this part of the weight that normal transactions may have.
const FULL: Perbill = Perbill::from_percent(90);

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
		let before = Clock::<T>::get();
		let mut clock = before;
		if clock.stage != Stage::Open {
			weight.saturating_accrue(Self::advance(&params, &mut clock, now));
		}
		let next = clock.finished.saturating_add(1);
		if clock.stage == Stage::Open && next < epoch {
			clock.stage = Stage::Reporting { left: params.grace };
		}
		if clock != before {
			Clock::<T>::put(clock);
		}
		weight
	}

	/// Notes whether the block was full.
	pub(crate) fn end_block() {
		ChecksThisBlock::<T>::kill();
		let limits = <T as frame_system::Config>::BlockWeights::get();
		let normal = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
		let used = *frame_system::Pallet::<T>::block_weight().get(DispatchClass::Normal);
		let is_full = used.ref_time() >= FULL.mul_floor(normal.ref_time());
		if is_full != LastFull::<T>::get() {
			LastFull::<T>::put(is_full);
		}
	}

	/// Writes the seed of an epoch; a new difficulty begins with it.
	pub(crate) fn start_epoch(epoch: Epoch) {
		let seed = T::Randomness::seed();
		let difficulty = match NextDifficulty::<T>::take() {
			Some(difficulty) => {
				CurrentDifficulty::<T>::put(difficulty);
				Self::deposit_event(Event::DifficultyChanged { epoch, difficulty });
				difficulty
			},
			None => CurrentDifficulty::<T>::get(),
		};
		Epochs::<T>::insert(epoch, EpochRecord::new(seed, difficulty));
		Self::deposit_event(Event::EpochStarted { epoch, seed });
	}

	/// One more block for the epoch that is being finished.
	pub(crate) fn advance(params: &MarketParameters, clock: &mut ClockState, now: u32) -> Weight {
		let epoch = clock.finished.saturating_add(1);
		if now >= params.finished_by(epoch) {
			Self::finish(clock, true);
			return T::WeightInfo::finish_epoch();
		}
		// Full blocks do not count for those who wait for room in them.
		let passed = u32::from(!LastFull::<T>::get());
		match &mut clock.stage {
			Stage::Open => Weight::zero(),
			Stage::Reporting { left } => {
				*left = left.saturating_sub(passed);
				if *left > 0 {
					return Weight::zero();
				}
				clock.stage = Self::close_reports(params, epoch);
				T::WeightInfo::close_reports()
			},
			Stage::Drawing { .. } => {
				Self::advance_draw(params, clock, epoch, now);
				T::WeightInfo::draw_audits()
			},
			Stage::Answering { left } => {
				*left = left.saturating_sub(passed);
				if *left > 0 {
					return Weight::zero();
				}
				Self::finish(clock, false);
				T::WeightInfo::finish_epoch()
			},
		}
	}

	/// No report of `epoch` is accepted any more: what a unit earns is known. From now on the draw waits for a
	/// whole consensus epoch to pass.
	pub(crate) fn close_reports(params: &MarketParameters, epoch: Epoch) -> Stage {
		let proven = Epochs::<T>::get(epoch).map_or(0, |record| record.proven);
		let pool = next_pool(&params.pool, Pool::<T>::get(), proven, T::Price::flt_price());
		Pool::<T>::put(pool);
		let unit_reward = pool.checked_div(Balance::from(proven)).unwrap_or(0);
		Epochs::<T>::mutate_extant(epoch, |record| record.unit_reward = unit_reward);
		Self::deposit_event(Event::ReportsClosed { epoch, proven, pool });
		let seen = T::Randomness::consensus_epoch();
		Stage::Drawing { seen, changes: 0, left: params.draw_delay }
	}

	/// Notes a change of the consensus epoch. The epoch between the first change and the second passed as a
	/// whole after reports closed: the randomness that it made draws. (Changes are counted, since the
	/// consensus skips numbers when it stood still.)
	fn advance_draw(params: &MarketParameters, clock: &mut ClockState, epoch: Epoch, now: u32) {
		let Stage::Drawing { seen, changes, left } = &mut clock.stage else { return };
		if *left == 0 {
			return Self::finish(clock, true);
		}
		*left = left.saturating_sub(1);
		let current = T::Randomness::consensus_epoch();
		if current != *seen {
			*seen = current;
			*changes = changes.saturating_add(1);
		}
		if *changes >= 2 {
			Self::draw_audits(params, epoch, now);
			clock.stage = Stage::Answering { left: params.answer_window };
		}
	}

	/// Draws the audits of an epoch.
	pub(crate) fn draw_audits(params: &MarketParameters, epoch: Epoch, now: u32) {
		let randomness = T::Randomness::next_randomness();
		let record = Epochs::<T>::get(epoch).unwrap_or_default();
		let rate: Rate = sampling::rate(
			&params.audit_rules(),
			record.proven,
			record.reports,
			record.unit_reward,
			record.exposure,
			params.capacity(),
		);
		let draw = Draw { block: now, randomness, rate };
		Epochs::<T>::mutate_extant(epoch, |record| record.draw = Some(draw));
		Self::deposit_event(Event::AuditsDrawn { epoch, randomness, rate });
	}

	/// Nothing can change any more of what the epoch cost and earned.
	fn finish(clock: &mut ClockState, is_void: bool) {
		let epoch = clock.finished.saturating_add(1);
		let during = Self::epoch();
		Epochs::<T>::mutate_extant(epoch, |record| {
			let charges = record.draw.is_some_and(|draw| draw.rate.charges_misses());
			if is_void || !charges {
				clock.uncharged = clock.uncharged.saturating_add(1);
				clock.last_uncharged = epoch;
			}
			record.finish = Some(Finish { during, is_void, uncharged: clock.uncharged });
		});
		Self::deposit_event(match is_void {
			true => Event::EpochVoided { epoch },
			false => Event::EpochFinished { epoch },
		});
		clock.finished = epoch;
		clock.stage = Stage::Open;
	}
}
