//! What other pallets ask of capacity.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
};
use marketplace_primitives::{
	DealId, Epoch, EpochClock, ServerId, UnitLedger, Units, CONTEST_EPOCHS, MAX_UNITS,
};

impl<T: Config> EpochClock for Pallet<T> {
	fn current() -> Epoch {
		Self::epoch()
	}

	fn is_final(epoch: Epoch) -> bool {
		Self::are_reports_closed(epoch)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(epoch: Epoch) {
		Self::benchmark_move_to(Parameters::<T>::get().first_block(epoch));
	}
}

impl<T: Config> UnitLedger for Pallet<T> {
	fn open(server: ServerId, count: u8) -> DispatchResult {
		ensure!((1..=MAX_UNITS).contains(&count), Error::<T>::InvalidUnitCount);
		ensure!(!Servers::<T>::contains_key(server), Error::<T>::AlreadyOpen);
		Servers::<T>::insert(server, UnitRecord::new(count, Self::epoch()));
		Self::deposit_event(Event::ServerOpened { server, units: count });
		Ok(())
	}

	fn close(server: ServerId) -> DispatchResult {
		Self::touch_quietly(server, |record, _| {
			ensure!(record.open_reports().next().is_none(), Error::<T>::UnderAudit);
			ensure!(record.reservations.is_empty(), Error::<T>::UnitsReserved);
			ensure!(record.commitments.is_empty(), Error::<T>::UnitsCommitted);
			Ok(())
		})?;
		Servers::<T>::remove(server);
		Self::deposit_event(Event::ServerClosed { server });
		Ok(())
	}

	fn available(server: ServerId, end: Epoch) -> Units {
		let Some(mut record) = Servers::<T>::get(server) else { return Units::NONE };
		// The matcher looks at many a server that is sold out: that can be told before it is settled.
		if record.for_sale_at_most(Self::epoch()).is_empty() {
			return Units::NONE;
		}
		Self::assess(server, &mut record);
		record.for_sale(end)
	}

	fn lasting(server: ServerId, units: Units) -> Units {
		let Some(record) = Servers::<T>::get(server) else { return Units::NONE };
		let now = Self::epoch();
		let covers = record.commitments.iter();
		let covers = covers.filter(|cover| cover.covers(now) && cover.units.overlaps(units));
		let last = covers.clone().map(|cover| cover.end).max();
		let lasting = covers.filter(|cover| Some(cover.end) == last);
		lasting.fold(Units::NONE, |all, cover| all.or(cover.units)).and(units)
	}

	fn reserve(server: ServerId, deal: DealId, units: Units, end: Epoch) -> DispatchResult {
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		Self::touch_quietly(server, |record, found| {
			let for_sale = record.for_sale(end);
			ensure!(units.is_subset_of(for_sale), Error::<T>::UnitsUnavailable);
			Self::put_reservation(record, deal, units, end)?;
			found.events.push(Event::UnitsReserved { server, deal, units, end });
			Ok(())
		})
	}

	fn held(server: ServerId, deal: DealId) -> Units {
		Self::peek(server).map_or(Units::NONE, |(record, _)| record.staying(deal))
	}

	fn extend(server: ServerId, deal: DealId, end: Epoch) -> DispatchResult {
		Self::touch_running(server, deal, |record| {
			let held = record.staying(deal);
			let is_covered = held.is_subset_of(record.covered_until(end));
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(end >= reservation.end, Error::<T>::EndTooEarly);
			ensure!(is_covered, Error::<T>::UnitsNotCovered);
			reservation.extend(held, end).map_err(|_| Error::<T>::TooManyWithdrawals)?;
			Ok(Event::ReservationExtended { server, deal, end })
		})
	}

	fn shorten(server: ServerId, deal: DealId, end: Epoch) -> DispatchResult {
		Self::touch_running(server, deal, |record| {
			ensure!(end > record.epoch, Error::<T>::EpochBegun);
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(end <= reservation.end, Error::<T>::EndTooLate);
			reservation.shorten(end);
			Ok(Event::ReservationShortened { server, deal, end })
		})
	}

	fn withdraw(server: ServerId, deal: DealId, units: Units, from: Epoch) -> DispatchResult {
		if units.is_empty() {
			return Ok(());
		}
		Self::touch_running(server, deal, |record| {
			ensure!(from > record.epoch, Error::<T>::EpochBegun);
			ensure!(units.is_subset_of(record.staying(deal)), Error::<T>::UnitsNotHeld);
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			let from = from.min(reservation.end);
			reservation.withdraw(units, from).map_err(|_| Error::<T>::TooManyWithdrawals)?;
			Ok(Event::UnitsWithdrawn { server, deal, units, from })
		})
	}

	fn set_ready(server: ServerId, deal: DealId, units: Units) -> DispatchResult {
		Self::touch_running(server, deal, |record| {
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(units.is_subset_of(reservation.units), Error::<T>::ForeignUnits);
			reservation.pending = reservation.pending.or(units.without(reservation.ready));
			Ok(Event::UnitsReady { server, deal, units })
		})
	}

	fn served(server: ServerId, deal: DealId) -> u64 {
		Self::counted(server, deal, Reservation::served_for_good)
	}

	fn served_lately(server: ServerId, deal: DealId) -> u64 {
		Self::counted(server, deal, Reservation::served_lately)
	}

	fn contest(server: ServerId, deal: DealId, units: Units, epoch: Epoch) -> DispatchResult {
		if units.is_empty() {
			return Ok(());
		}
		let touched = Self::touch(server, |record, found| {
			let age = record.epoch.checked_sub(epoch).ok_or(Error::<T>::EpochNotBegun)?;
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(age <= CONTEST_EPOCHS, Error::<T>::ContestTooLate);
			ensure!(reservation.contest(age, units), Error::<T>::UnitsNotCounted);
			found.events.push(Event::Contested { server, deal, units, epoch });
			Ok(())
		});
		touched.map(|_| ())
	}

	fn silent(server: ServerId, deal: DealId) -> Units {
		let closed = Self::last_closed();
		Self::peek(server).map_or(Units::NONE, |(record, _)| record.silent(deal, closed))
	}

	fn release(server: ServerId, deal: DealId) -> Result<u64, DispatchError> {
		let change = |record: &mut UnitRecord, found: &mut settlement::Settlement<T>| {
			let reservation = record.reservation(deal).ok_or(Error::<T>::UnknownReservation)?;
			let served = reservation.served;
			let last = reservation.end.saturating_sub(1);
			ensure!(Self::is_undisputed(last), Error::<T>::NotFinal);
			record.reservations.retain(|reservation| reservation.deal != deal);
			found.events.push(Event::UnitsReleased { server, deal, served });
			Ok(served)
		};
		Self::touch(server, change).map(|(served, _)| served)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_prove(server: ServerId) {
		Self::benchmark_cover(server);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_crowd(server: ServerId) {
		Self::benchmark_fill_record(server);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(server: ServerId, deal: DealId, epochs: Epoch) {
		Self::benchmark_serve_epochs(server, deal, epochs);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(server: ServerId, deal: DealId) {
		Self::benchmark_count(server, deal);
	}
}

impl<T: Config> Pallet<T> {
	/// What `count` tells of a reservation and the epochs that came after its record's. Settling adds nothing to it.
	fn counted(
		server: ServerId,
		deal: DealId,
		count: impl FnOnce(&Reservation, Epoch) -> u64,
	) -> u64 {
		let Some(record) = Servers::<T>::get(server) else { return 0 };
		let passed = Self::epoch().saturating_sub(record.epoch);
		record.reservation(deal).map_or(0, |reservation| count(reservation, passed))
	}

	/// Lets `change` act on the record of a server of which the deal holds units, and tells of it.
	fn touch_running(
		server: ServerId,
		deal: DealId,
		change: impl FnOnce(&mut UnitRecord) -> Result<Event<T>, DispatchError>,
	) -> DispatchResult {
		let touched = Self::touch(server, |record, found| {
			let reservation = record.reservation(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(reservation.end > record.epoch, Error::<T>::ReservationOver);
			found.events.push(change(record)?);
			Ok(())
		});
		touched.map(|_| ())
	}

	/// Adds units to the reservation of a deal, or makes it. In this epoch they owe no proof.
	fn put_reservation(
		record: &mut UnitRecord,
		deal: DealId,
		units: Units,
		end: Epoch,
	) -> DispatchResult {
		let epoch = record.epoch;
		if let Some(entry) = record.entry_mut(epoch) {
			entry.excused = entry.excused.or(units);
		}
		let before = record.reservation(deal).map_or(Units::NONE, |held| held.units);
		let all = before.or(units);
		ensure!(record.may_lose(deal, all), Error::<T>::TooManyLosses);
		let shares = record.shares(all);
		if let Some(reservation) = record.reservation_mut(deal) {
			ensure!(reservation.end == end, Error::<T>::EndMismatch);
			reservation.units = all;
			reservation.shares = shares;
			return Ok(());
		}
		let reservation = Reservation { shares, ..Reservation::new(deal, units, end) };
		let pushed = record.reservations.try_push(reservation);
		pushed.map_err(|_| Error::<T>::TooManyReservations.into())
	}
}
