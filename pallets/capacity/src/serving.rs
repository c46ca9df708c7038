//! What units served their deals, what of it is contested, and what deals miss. All of it is pure.

use crate::{record::union, Reservation, UnitRecord, OPEN_EPOCHS};
use alloc::vec::Vec;
use marketplace_primitives::{DealId, Epoch, Units, CONTEST_EPOCHS};

impl Reservation {
	/// Units that a report counted `age` epochs before the record's.
	fn counted_in(&self, age: Epoch) -> Units {
		let age = usize::try_from(age).unwrap_or(usize::MAX);
		self.counted.get(age).copied().unwrap_or_default()
	}

	/// Units that were bound to serve `age` epochs before the record's, and that no report counted.
	fn unserved(&self, age: Epoch) -> Units {
		self.serving(age).without(self.counted_in(age))
	}

	/// Unit-epochs served in epochs that can still be contested when `passed` epochs have come after the record's.
	pub(crate) fn served_lately(&self, passed: Epoch) -> u64 {
		let ages = (0..).zip(&self.counted);
		let contestable = ages.filter(|(age, _)| passed.saturating_add(*age) <= CONTEST_EPOCHS);
		contestable.map(|(_, units)| u64::from(units.count())).sum()
	}

	/// Unit-epochs served in epochs that can be contested no more by then.
	pub(crate) fn served_for_good(&self, passed: Epoch) -> u64 {
		self.served.saturating_sub(self.served_lately(passed))
	}

	/// Whether nothing can come of it any more: it holds no unit, and served by none in an epoch that can be reported
	/// or contested still.
	pub(crate) fn is_spent(&self) -> bool {
		let lately = (0..OPEN_EPOCHS).map(|age| self.serving(age).or(self.counted_in(age)));
		union(lately).or(self.units).or(self.pending).is_empty()
	}

	/// Counts `units` of those that were bound to serve `age` epochs before the record's; each of them once.
	fn count(&mut self, age: Epoch, units: Units) {
		let units = self.unserved(age).and(units);
		let Some(counted) = usize::try_from(age).ok().and_then(|age| self.counted.get_mut(age))
		else {
			return;
		};
		*counted = counted.or(units);
		self.served = self.served.saturating_add(u64::from(units.count()));
	}

	/// Takes what `units` served `age` epochs before the record's out of what counts; whether all of them were counted.
	/// Nothing changes where they were not.
	pub(crate) fn contest(&mut self, age: Epoch, units: Units) -> bool {
		let counted = usize::try_from(age).ok().and_then(|age| self.counted.get_mut(age));
		let Some(counted) = counted.filter(|counted| units.is_subset_of(**counted)) else {
			return false;
		};
		*counted = counted.without(units);
		self.served = self.served.saturating_sub(u64::from(units.count()));
		true
	}
}

impl UnitRecord {
	/// Adds the units of `serving` to the counters of the deals that they served in `epoch`, which is the
	/// record's or one of the two before.
	pub fn count_served(&mut self, epoch: Epoch, serving: Units) {
		let age = self.epoch.saturating_sub(epoch);
		self.reservations.iter_mut().for_each(|reservation| reservation.count(age, serving));
	}

	/// Units that a deal holds and that served in neither of the last two epochs of which no report of the server is
	/// accepted any more, though they were bound to. `closed` is the last epoch of which none is accepted of any
	/// server; a server itself reports an epoch once, and none before it after that.
	///
	/// None where the record does not reach back so far: in the grace of an epoch, until the server has reported the
	/// epoch before, and while full blocks hold the clock up.
	pub fn silent(&self, deal: DealId, closed: Epoch) -> Units {
		let silent = |reservation| self.silent_in(reservation, closed);
		self.reservation(deal).map_or(Units::NONE, silent)
	}

	fn silent_in(&self, reservation: &Reservation, closed: Epoch) -> Units {
		let last = closed.max(self.last_report);
		let Some(age) = self.epoch.checked_sub(last) else { return Units::NONE };
		let unserved = reservation.unserved(age).and(reservation.unserved(age.saturating_add(1)));
		unserved.and(self.staying_in(reservation))
	}

	/// The running deals that miss units of the server: a commitment of theirs failed and was not compensated for, units
	/// of theirs are [silent](Self::silent), or still without a worker in an epoch after that of their sale. And those
	/// that hold no unit of it any more, and to which nothing can come any more: they only take a place.
	pub fn deals_missing_units(&self, closed: Epoch) -> Vec<DealId> {
		let running = self.reservations.iter().filter(|reservation| reservation.end > self.epoch);
		let missing = running.filter(|reservation| self.misses_units(reservation, closed));
		missing.map(|reservation| reservation.deal).collect()
	}

	fn misses_units(&self, reservation: &Reservation, closed: Epoch) -> bool {
		let staying = self.staying_in(reservation);
		let is_failing = staying != reservation.staying();
		let sold_now = self.entry(self.epoch).map_or(Units::NONE, |entry| entry.excused);
		let accepted = reservation.ready.or(reservation.pending).or(sold_now);
		!reservation.harms.is_empty()
			|| is_failing
			|| !staying.is_subset_of(accepted)
			|| !self.silent_in(reservation, closed).is_empty()
			|| reservation.is_spent()
	}
}

#[cfg(test)]
#[path = "tests/serving.rs"]
mod tests;
