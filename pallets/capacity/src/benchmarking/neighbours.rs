//! What other pallets' benchmarks ask for.

use super::setup::{commitments, finish, in_deal, PRICE};
use crate::*;
use alloc::vec::Vec;
use frame_support::{traits::fungible::Mutate, BoundedVec};
use marketplace_primitives::{
	Balance, CommitmentId, DealId, Epoch, PriceFeed, ServerId, Units, MAX_UNITS,
};

impl<T: Config> Pallet<T> {
	/// Moves the clock to `block`, in an epoch that has begun. The epoch before the one before it is finished; of
	/// the one before it reports are taken until the grace is over.
	pub(crate) fn benchmark_move_to(block: u32) {
		frame_system::Pallet::<T>::set_block_number(block.into());
		let (params, epoch) = (Parameters::<T>::get(), Self::epoch());
		for epoch in epoch.saturating_sub(2).max(1)..=epoch {
			if !Epochs::<T>::contains_key(epoch) {
				Self::start_epoch(epoch);
			}
		}
		let is_grace = block < params.first_block(epoch).saturating_add(params.grace);
		let stage = match (epoch, is_grace) {
			(0..=1, _) => Stage::Open,
			(_, true) => Stage::Reporting { left: params.grace },
			(_, false) => Stage::Answering { left: params.answer_window },
		};
		let finished = epoch.saturating_sub(2);
		Clock::<T>::put(ClockState { finished, stage, uncharged: 0, last_uncharged: 0 });
	}

	/// Covers all units of a server for ever with four commitments, and says that they are proven in the current
	/// epoch. Nothing is ever due of the server.
	pub(crate) fn benchmark_cover(server: ServerId) {
		let epoch = Self::epoch();
		let mut record = Self::peek(server)
			.map_or_else(|| UnitRecord::new(MAX_UNITS, epoch), |(record, _)| record);
		let units = record.all();
		record.commitments = commitments::<T>(server, units, Epoch::MAX);
		let entry = EpochEntry { proving: units.without(record.reserved()), ..Default::default() };
		record.recent = [entry, EpochEntry::default(), EpochEntry::default()];
		(record.last_report, record.reported) = (epoch, units);
		record.settled = Epoch::MAX;
		record.listed = record.offered();
		Servers::<T>::insert(server, record);
	}

	/// The same, with all units but the last in deals that run for ever.
	pub(crate) fn benchmark_fill_record(server: ServerId) {
		Self::benchmark_cover(server);
		Servers::<T>::mutate_extant(server, |record| {
			let units = 0..MAX_UNITS.saturating_sub(1);
			let deals = units.map(|unit| {
				// None of those that are made later.
				let deal = DealId(u64::MAX.saturating_sub(unit.into()));
				Reservation { deal, ..in_deal(record, unit, Epoch::MAX) }
			});
			let deals = deals.collect();
			record.reservations = BoundedVec::truncate_from(deals);
			record.listed = record.offered();
		});
	}

	/// Fills the record of a server up with deals that hold nothing, and says that all its units are proven in the
	/// current epoch: a deal less, and the book is told that there are units for sale.
	pub(crate) fn benchmark_add_spent(server: ServerId) {
		let Some((mut record, _)) = Self::peek(server) else { return };
		for unit in 0..MAX_UNITS {
			let Reservation { shares, withdrawals, .. } = in_deal(&record, unit, Epoch::MAX);
			// None of those that are made later, nor of those of a crowded server.
			let deal = DealId(u64::MAX.saturating_sub(u64::from(unit).saturating_add(64)));
			let spent = Reservation::new(deal, Units::NONE, Epoch::MAX);
			if record.reservations.try_push(Reservation { shares, withdrawals, ..spent }).is_err() {
				break;
			}
		}
		(record.last_report, record.reported) = (record.epoch, record.all());
		record.listed = record.offered();
		Servers::<T>::insert(server, record);
	}

	/// Leaves three epochs due of a server that [`benchmark_cover`](Self::benchmark_cover) has proven, each with a report
	/// whose audit is over. It is late in an epoch; of a server whose units are for sale no more can be due.
	pub(crate) fn benchmark_owe(server: ServerId) {
		let (params, now) = (Parameters::<T>::get(), Self::epoch().max(5));
		let last = params.epoch_length.saturating_sub(1);
		Self::benchmark_move_to(params.first_block(now).saturating_add(last));
		let before = now.saturating_sub(1);
		for epoch in now.saturating_sub(3)..now {
			Self::start_epoch(epoch);
			finish::<T>(epoch, Rate::Sampled, 0);
		}
		Clock::<T>::mutate(|clock| (clock.finished, clock.stage) = (before, Stage::Open));
		Servers::<T>::mutate_extant(server, |record| {
			let serving = record.reserved();
			let proving = record.all().without(serving);
			let report = Report { root: [1; 32], proven: proving, answered: proving };
			let entry = EpochEntry { proving, serving, report: Some(report), ..Default::default() };
			record.recent = [entry; OPEN_EPOCHS as usize];
			(record.epoch, record.settled) = (before, before.saturating_sub(OPEN_EPOCHS));
			(record.last_report, record.reported) = (before, record.all());
		});
	}

	/// Takes a unit-epoch of each of the server's commitments from a deal, as if they had failed, and leaves
	/// their provider more than any price.
	pub(crate) fn benchmark_fail_all(server: ServerId, deal: DealId) {
		let stake = Balance::MAX / 100_000;
		T::Price::benchmark_set(PRICE);
		Servers::<T>::mutate_extant(server, |record| {
			let covers: Vec<CommitmentId> = record.commitments.iter().map(|it| it.id).collect();
			let Some(reservation) = record.reservation_mut(deal) else { return };
			let harms = covers.iter().map(|id| Harm { commitment: *id, unit_epochs: 1 });
			reservation.harms = BoundedVec::truncate_from(harms.collect());
			for id in covers {
				T::Currency::set_balance(&Self::stake_account(id), stake);
				Commitments::<T>::mutate_extant(id, |commitment| commitment.own_left = stake);
			}
		});
	}

	/// Reports all units of the deal as serving in the current epoch.
	pub(crate) fn benchmark_count(server: ServerId, deal: DealId) {
		let Some((mut record, _)) = Self::peek(server) else { return };
		if let Some(reservation) = record.reservation_mut(deal) {
			reservation.ready = reservation.units;
			let units = reservation.units;
			let epoch = record.epoch;
			if let Some(entry) = record.entry_mut(epoch) {
				entry.serving = entry.serving.or(units);
			}
			record.count_served(epoch, units);
			(record.last_report, record.reported) = (epoch, record.all());
		}
		Servers::<T>::insert(server, record);
	}

	/// Lets epochs pass in which all units of the deal serve, until the last of them is final. They were counted long
	/// ago: all of it is to be paid.
	pub(crate) fn benchmark_serve_epochs(server: ServerId, deal: DealId, epochs: Epoch) {
		let now = Self::epoch().saturating_add(epochs).saturating_add(1);
		let params = Parameters::<T>::get();
		Self::benchmark_move_to(params.first_block(now).saturating_add(params.grace));
		Servers::<T>::mutate_extant(server, |record| {
			if let Some(reservation) = record.reservation_mut(deal) {
				reservation.pending = reservation.units;
				let units = u64::from(reservation.units.count());
				let served = units.saturating_mul(u64::from(epochs));
				reservation.served = reservation.served.saturating_add(served);
			}
			(record.last_report, record.reported) = (now, record.all());
		});
	}
}
