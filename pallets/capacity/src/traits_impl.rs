//! What other pallets ask of capacity.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult, Weight},
};
use marketplace_primitives::{
	Available, DealId, Due, Epoch, EpochClock, ServerId, UnitLedger, Units, CONTEST_EPOCHS,
	MAX_UNITS,
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

	fn close(server: ServerId) -> Result<Due, DispatchError> {
		let (_, steps) = Self::touch_quietly(server, |record, _| {
			ensure!(record.open_reports().next().is_none(), Error::<T>::UnderAudit);
			ensure!(record.reservations.is_empty(), Error::<T>::UnitsReserved);
			ensure!(record.commitments.is_empty(), Error::<T>::UnitsCommitted);
			Ok(())
		})?;
		Servers::<T>::remove(server);
		Self::deposit_event(Event::ServerClosed { server });
		Ok(Self::settling(steps))
	}

	fn settle(server: ServerId) -> Due {
		Self::settling(Self::settle_due(server))
	}

	fn most_due() -> Weight {
		Self::most_settling()
	}

	fn longest_term() -> Epoch {
		Parameters::<T>::get().max_duration.saturating_sub(1)
	}

	fn available(server: ServerId, units: Units, end: Epoch) -> Available {
		let Some(mut record) = Servers::<T>::get(server) else { return Available::default() };
		// The matcher looks at many a server that is sold out: that can be told before it is settled.
		if !record.for_sale_at_most(Self::epoch()).overlaps(units) {
			return Available::default();
		}
		Self::bring_up(server, &mut record);
		let units = record.for_sale(end).and(units);
		Available { units, lasting: record.lasting(units) }
	}

	fn reserve(
		server: ServerId,
		deal: DealId,
		units: Units,
		end: Epoch,
	) -> Result<Due, DispatchError> {
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		let (_, steps) = Self::touch_quietly(server, |record, found| {
			let for_sale = record.for_sale(end);
			ensure!(units.is_subset_of(for_sale), Error::<T>::UnitsUnavailable);
			Self::put_reservation(record, deal, units, end)?;
			found.events.push(Event::UnitsReserved { server, deal, units, end });
			Ok(())
		})?;
		Ok(Self::settling(steps))
	}

	fn held(server: ServerId, deal: DealId) -> Units {
		Self::look(server).map_or(Units::NONE, |record| record.staying(deal))
	}

	fn extend(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError> {
		Self::touch_running(server, deal, |record| {
			let held = record.staying(deal);
			if held.is_empty() {
				return Ok(None);
			}
			let is_covered = held.is_subset_of(record.covered_until(end));
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(end >= reservation.end, Error::<T>::EndTooEarly);
			ensure!(is_covered, Error::<T>::UnitsNotCovered);
			reservation.extend(held, end).map_err(|_| Error::<T>::TooManyWithdrawals)?;
			Ok(Some(Event::ReservationExtended { server, deal, end }))
		})
	}

	fn shorten(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError> {
		Self::touch_running(server, deal, |record| {
			ensure!(end > record.epoch, Error::<T>::EpochBegun);
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(end <= reservation.end, Error::<T>::EndTooLate);
			reservation.shorten(end);
			Ok(Some(Event::ReservationShortened { server, deal, end }))
		})
	}

	fn withdraw(
		server: ServerId,
		deal: DealId,
		units: Units,
		from: Epoch,
	) -> Result<Due, DispatchError> {
		if units.is_empty() {
			return Ok(Due::default());
		}
		Self::touch_running(server, deal, |record| {
			ensure!(from > record.epoch, Error::<T>::EpochBegun);
			ensure!(units.is_subset_of(record.staying(deal)), Error::<T>::UnitsNotHeld);
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			let from = from.min(reservation.end);
			reservation.withdraw(units, from).map_err(|_| Error::<T>::TooManyWithdrawals)?;
			Ok(Some(Event::UnitsWithdrawn { server, deal, units, from }))
		})
	}

	fn set_ready(server: ServerId, deal: DealId, units: Units) -> Result<Due, DispatchError> {
		Self::touch_running(server, deal, |record| {
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(units.is_subset_of(reservation.units), Error::<T>::ForeignUnits);
			reservation.pending = reservation.pending.or(units.without(reservation.ready));
			Ok(Some(Event::UnitsReady { server, deal, units }))
		})
	}

	fn served(server: ServerId, deal: DealId) -> u64 {
		Self::counted(server, deal, Reservation::served_for_good)
	}

	fn served_lately(server: ServerId, deal: DealId) -> u64 {
		Self::counted(server, deal, Reservation::served_lately)
	}

	fn contest(
		server: ServerId,
		deal: DealId,
		units: Units,
		epoch: Epoch,
	) -> Result<Due, DispatchError> {
		if units.is_empty() {
			return Ok(Due::default());
		}
		let (_, steps) = Self::touch_quietly(server, |record, found| {
			let age = record.epoch.checked_sub(epoch).ok_or(Error::<T>::EpochNotBegun)?;
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(age <= CONTEST_EPOCHS, Error::<T>::ContestTooLate);
			ensure!(reservation.contest(age, units), Error::<T>::UnitsNotCounted);
			found.events.push(Event::Contested { server, deal, units, epoch });
			Ok(())
		})?;
		Ok(Self::settling(steps))
	}

	fn silent(server: ServerId, deal: DealId) -> Units {
		let closed = Self::last_closed();
		Self::look(server).map_or(Units::NONE, |record| record.silent(deal, closed))
	}

	fn release(server: ServerId, deal: DealId) -> Result<(u64, Due), DispatchError> {
		let change = |record: &mut UnitRecord, found: &mut settlement::Settlement<T>| {
			let was_full = record.is_full();
			let reservation = record.reservation(deal).ok_or(Error::<T>::UnknownReservation)?;
			let served = reservation.served;
			let last = reservation.end.saturating_sub(1);
			let is_over = reservation.is_spent() || Self::is_undisputed(last);
			ensure!(is_over, Error::<T>::NotFinal);
			record.reservations.retain(|reservation| reservation.deal != deal);
			found.events.push(Event::UnitsReleased { server, deal, served });
			// A full record sold nothing: else the first bid posted would take what others wait for.
			Ok((served, was_full))
		};
		Self::touch_loudly_if(server, change).map(|(served, steps)| (served, Self::settling(steps)))
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
	fn benchmark_fill_up(server: ServerId) {
		Self::benchmark_add_spent(server);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(server: ServerId, deal: DealId, epochs: Epoch) {
		Self::benchmark_serve_epochs(server, deal, epochs);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(server: ServerId, deal: DealId) {
		Self::benchmark_count(server, deal);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_due(server: ServerId) {
		Self::benchmark_owe(server);
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

	/// Lets `change` act on the record of a server of which the deal holds units, and tells of what that did.
	fn touch_running(
		server: ServerId,
		deal: DealId,
		change: impl FnOnce(&mut UnitRecord) -> Result<Option<Event<T>>, DispatchError>,
	) -> Result<Due, DispatchError> {
		let (_, steps) = Self::touch_quietly(server, |record, found| {
			let reservation = record.reservation(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(reservation.end > record.epoch, Error::<T>::ReservationOver);
			found.events.extend(change(record)?);
			Ok(())
		})?;
		Ok(Self::settling(steps))
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
		pushed.map_err(|_| Error::<T>::UnitsUnavailable.into())
	}
}
