use super::state;
use frame_support::{ensure, weights::Weight};
use marketplace_primitives::{
	Available, DealId, Due, Epoch, EpochClock, ServerId, UnitLedger, Units, CONTEST_EPOCHS,
};
use sp_runtime::{DispatchError, DispatchResult};
use std::collections::BTreeMap;

/// Units of a server in a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MockReservation {
	/// Which.
	pub units: Units,
	/// Those whose worker is set.
	pub ready: Units,
	/// Until the start of this epoch.
	pub end: Epoch,
	/// Unit-epochs served in epochs that nobody can contest.
	pub served: u64,
	/// Units that were reported as serving, by epoch.
	pub counted: BTreeMap<Epoch, Units>,
	/// Those that did not serve in the last two final epochs.
	pub silent: Units,
	/// Those that leave it with the next epoch, or have left it.
	pub gone: Units,
}

impl MockReservation {
	fn counted_in(&self, epochs: impl Fn(Epoch) -> bool) -> u64 {
		let counted = self.counted.iter().filter(|(epoch, _)| epochs(**epoch));
		counted.map(|(_, units)| u64::from(units.count())).sum()
	}
}

/// A unit ledger and its clock in memory. Epoch 1 at first; an epoch is final as soon as it is over,
/// unless [`hold_final`](MockUnits::hold_final) says otherwise.
pub struct MockUnits;

/// Its state.
#[derive(Default)]
pub struct UnitsState {
	epoch: Epoch,
	not_final: Option<Epoch>,
	counts: BTreeMap<ServerId, u8>,
	available: BTreeMap<ServerId, (Units, Epoch)>,
	reservations: BTreeMap<(ServerId, DealId), MockReservation>,
	readied: Vec<Units>,
	due: BTreeMap<ServerId, Weight>,
}

state!(MockUnits, UnitsState, UNITS);

impl MockUnits {
	/// The most epochs that a unit may be in a deal.
	pub const LONGEST_TERM: Epoch = 100;

	/// What settling a server weighs at most.
	pub const MOST_DUE: Weight = Weight::from_parts(7_000_000, 700);

	/// What is due of a server weighs so much, until it is settled.
	pub fn set_due(server: ServerId, weight: Weight) {
		Self::with(|state| state.due.insert(server, weight));
	}

	/// Goes to an epoch.
	pub fn set_epoch(epoch: Epoch) {
		Self::with(|state| state.epoch = epoch);
	}

	/// Reports for `epoch` and later ones are still accepted, though it may be over.
	pub fn hold_final(epoch: Option<Epoch>) {
		Self::with(|state| state.not_final = epoch);
	}

	/// `units` of `server` are proven and covered by stake until the start of epoch `until`.
	pub fn set_available(server: ServerId, units: Units, until: Epoch) {
		Self::with(|state| state.available.insert(server, (units, until)));
	}

	/// The deal was served `unit_epochs` more, in epochs that nobody can contest.
	pub fn serve(server: ServerId, deal: DealId, unit_epochs: u64) {
		Self::with(|state| {
			state.reservations.entry((server, deal)).or_default().served += unit_epochs;
		});
	}

	/// A report says that `units` served the deal in `epoch`.
	pub fn report(server: ServerId, deal: DealId, units: Units, epoch: Epoch) {
		Self::with(|state| {
			let counted = &mut state.reservations.entry((server, deal)).or_default().counted;
			let all = counted.entry(epoch).or_default();
			*all = all.or(units);
		});
	}

	/// `units` were silent in the last two final epochs.
	pub fn set_silent(server: ServerId, deal: DealId, units: Units) {
		Self::with(|state| {
			state.reservations.entry((server, deal)).or_default().silent = units;
		});
	}

	/// The reservation, if it is not released.
	pub fn reservation(server: ServerId, deal: DealId) -> Option<MockReservation> {
		Self::with(|state| state.reservations.get(&(server, deal)).cloned())
	}

	/// All reservations that are not released.
	pub fn reservations() -> Vec<((ServerId, DealId), MockReservation)> {
		Self::with(|state| {
			state.reservations.iter().map(|(key, value)| (*key, value.clone())).collect()
		})
	}

	/// The commitment of `units` fails: no deal holds them any more.
	pub fn fail(server: ServerId, units: Units) {
		Self::with(|state| {
			let of_server = state.reservations.iter_mut().filter(|((id, _), _)| *id == server);
			of_server.for_each(|(_, reservation)| {
				reservation.gone = reservation.gone.or(units.and(reservation.units));
			});
		});
	}

	/// Units of a server that any deal holds.
	pub fn reserved(server: ServerId) -> Units {
		let now = Self::current();
		Self::with(|state| {
			let of_server = state.reservations.iter().filter(|((id, _), _)| *id == server);
			of_server
				.filter(|(_, reservation)| reservation.end > now)
				.fold(Units::NONE, |all, (_, held)| all.or(held.units.without(held.gone)))
		})
	}

	fn change<R>(
		server: ServerId,
		deal: DealId,
		change: impl FnOnce(&mut MockReservation) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		Self::with(|state| {
			let reservation = state.reservations.get_mut(&(server, deal));
			change(reservation.ok_or(DispatchError::Other("no reservation"))?)
		})
	}

	/// The units that [`set_ready`](UnitLedger::set_ready) was told of, in order.
	pub fn readied() -> Vec<Units> {
		Self::with(|state| state.readied.clone())
	}

	/// How many units `open` was told of, if the server is open.
	pub fn opened(server: ServerId) -> Option<u8> {
		Self::with(|state| state.counts.get(&server).copied())
	}
}

impl EpochClock for MockUnits {
	fn current() -> Epoch {
		Self::with(|state| state.epoch.max(1))
	}

	fn is_final(epoch: Epoch) -> bool {
		let held = Self::with(|state| state.not_final);
		epoch < Self::current() && held.is_none_or(|from| epoch < from)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(epoch: Epoch) {
		Self::set_epoch(epoch);
	}
}

impl UnitLedger for MockUnits {
	fn open(server: ServerId, count: u8) -> DispatchResult {
		Self::with(|state| state.counts.insert(server, count));
		Ok(())
	}

	fn close(server: ServerId) -> Result<Due, DispatchError> {
		ensure!(Self::reserved(server).is_empty(), DispatchError::Other("units reserved"));
		Self::with(|state| state.counts.remove(&server));
		Ok(Self::settle(server))
	}

	fn settle(server: ServerId) -> Due {
		Due(Self::with(|state| state.due.remove(&server)).unwrap_or_default())
	}

	fn most_due() -> Weight {
		Self::MOST_DUE
	}

	fn longest_term() -> Epoch {
		Self::LONGEST_TERM
	}

	fn available(server: ServerId, units: Units, end: Epoch) -> Available {
		let (all, until) =
			Self::with(|state| state.available.get(&server).copied()).unwrap_or_default();
		if end > until {
			return Available::default();
		}
		let units = all.without(Self::reserved(server)).and(units);
		Available { units, lasting: units }
	}

	fn held(server: ServerId, deal: DealId) -> Units {
		Self::reservation(server, deal).map_or(Units::NONE, |held| held.units.without(held.gone))
	}

	fn extend(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError> {
		if Self::held(server, deal).is_empty() {
			return Ok(Due::default());
		}
		let now = Self::current();
		let until = Self::with(|state| state.available.get(&server).map_or(0, |(_, until)| *until));
		Self::change(server, deal, |reservation| {
			ensure!(reservation.end > now, DispatchError::Other("over"));
			ensure!(end >= reservation.end, DispatchError::Other("earlier"));
			ensure!(end <= until, DispatchError::Other("not covered"));
			reservation.end = end;
			Ok(())
		})?;
		Ok(Self::settle(server))
	}

	fn shorten(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError> {
		let now = Self::current();
		Self::change(server, deal, |reservation| {
			ensure!(now < end && end <= reservation.end, DispatchError::Other("no earlier end"));
			reservation.end = end;
			Ok(())
		})?;
		Ok(Self::settle(server))
	}

	fn withdraw(
		server: ServerId,
		deal: DealId,
		units: Units,
		from: Epoch,
	) -> Result<Due, DispatchError> {
		ensure!(from > Self::current(), DispatchError::Other("too early"));
		ensure!(units.is_subset_of(Self::held(server, deal)), DispatchError::Other("not held"));
		Self::change(server, deal, |reservation| {
			reservation.gone = reservation.gone.or(units);
			Ok(())
		})?;
		Ok(Self::settle(server))
	}

	fn reserve(
		server: ServerId,
		deal: DealId,
		units: Units,
		end: Epoch,
	) -> Result<Due, DispatchError> {
		let available = Self::available(server, units, end).units;
		ensure!(
			!units.is_empty() && available == units,
			DispatchError::Other("unit not available")
		);
		Self::with(|state| {
			let reservation = state.reservations.entry((server, deal)).or_default();
			reservation.units = reservation.units.or(units);
			reservation.end = end;
		});
		Ok(Self::settle(server))
	}

	fn set_ready(server: ServerId, deal: DealId, units: Units) -> Result<Due, DispatchError> {
		Self::change(server, deal, |reservation| {
			reservation.ready = reservation.ready.or(units);
			Ok(())
		})?;
		Self::with(|state| state.readied.push(units));
		Ok(Self::settle(server))
	}

	fn served(server: ServerId, deal: DealId) -> u64 {
		Self::reservation(server, deal).map_or(0, |reservation| {
			let old = reservation.counted_in(|epoch| !is_contestable(epoch));
			reservation.served + old
		})
	}

	fn served_lately(server: ServerId, deal: DealId) -> u64 {
		Self::reservation(server, deal)
			.map_or(0, |reservation| reservation.counted_in(is_contestable))
	}

	fn contest(
		server: ServerId,
		deal: DealId,
		units: Units,
		epoch: Epoch,
	) -> Result<Due, DispatchError> {
		ensure!(epoch <= Self::current(), DispatchError::Other("not begun"));
		ensure!(is_contestable(epoch), DispatchError::Other("too late to contest"));
		Self::change(server, deal, |reservation| {
			let counted = reservation.counted.get(&epoch).copied().unwrap_or_default();
			ensure!(units.is_subset_of(counted), DispatchError::Other("not counted"));
			reservation.counted.insert(epoch, counted.without(units));
			Ok(())
		})?;
		Ok(Self::settle(server))
	}

	fn silent(server: ServerId, deal: DealId) -> Units {
		let silent = Self::reservation(server, deal).map_or(Units::NONE, |held| held.silent);
		silent.and(Self::held(server, deal))
	}

	fn release(server: ServerId, deal: DealId) -> Result<(u64, Due), DispatchError> {
		let reservation =
			Self::reservation(server, deal).ok_or(DispatchError::Other("no reservation"))?;
		let is_spent =
			Self::held(server, deal).is_empty() && Self::served_lately(server, deal) == 0;
		let is_over = Self::is_undisputed(reservation.end.saturating_sub(1));
		ensure!(is_spent || is_over, DispatchError::Other("not final"));
		let served = Self::served(server, deal);
		Self::with(|state| state.reservations.remove(&(server, deal)));
		Ok((served, Self::settle(server)))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_prove(server: ServerId) {
		Self::set_available(server, Units(u64::MAX), Epoch::MAX);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_crowd(server: ServerId) {
		Self::set_available(server, Units::one(63), Epoch::MAX);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fill_up(_: ServerId) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(server: ServerId, deal: DealId, epochs: Epoch) {
		let units = Self::reservation(server, deal).map_or(0, |held| held.units.count());
		Self::serve(server, deal, u64::from(units) * u64::from(epochs));
		Self::set_epoch(Self::current() + epochs + 1);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(server: ServerId, deal: DealId) {
		Self::report(server, deal, Self::held(server, deal), Self::current());
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_due(server: ServerId) {
		Self::set_due(server, Self::MOST_DUE);
	}
}

/// Whether what was reported of `epoch` can still be contested.
fn is_contestable(epoch: Epoch) -> bool {
	MockUnits::current().saturating_sub(epoch) <= CONTEST_EPOCHS
}
