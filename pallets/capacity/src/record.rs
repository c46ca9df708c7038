//! The unit record of a server: what its units are bound to, epoch by epoch, in one value.
//!
//! Everything here is pure. Between two events nothing changes but the epoch, so a record is brought
//! up to date in closed form ([`UnitRecord::roll`]): two steps at most, however many epochs passed.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{CommitmentId, DealId, Epoch, Units};
use scale_info::TypeInfo;

/// The most commitments that cover units of one server at a time.
pub const MAX_COMMITMENTS: u32 = 4;

/// The most deals that hold units of one server at a time.
pub const MAX_RESERVATIONS: u32 = 64;

/// The most reports of one server whose audits are open at a time.
pub const MAX_OPEN_REPORTS: u32 = 2;

/// A commitment as the record of its server knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Cover {
	/// The commitment.
	pub id: CommitmentId,
	/// The units that it speaks of.
	pub units: Units,
	/// The first epoch that it covers; 0 while it waits for stake.
	pub start: Epoch,
	/// The first epoch that it no longer covers, by its term or by its failure; 0 while it waits.
	pub end: Epoch,
}

impl Cover {
	/// Whether the commitment covers its units in `epoch`.
	pub fn covers(&self, epoch: Epoch) -> bool {
		self.start <= epoch && epoch < self.end
	}

	/// Whether it waits for stake.
	pub fn is_waiting(&self) -> bool {
		self.end == 0
	}
}

/// Units of a server in one deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Reservation {
	/// The deal.
	pub deal: DealId,
	/// The units that it holds.
	pub units: Units,
	/// Units of it that were reserved in the record's epoch: they may still prove it.
	pub fresh: Units,
	/// Units of it that serve in the record's epoch.
	pub ready: Units,
	/// Units whose worker was set in the record's epoch: they serve from the next.
	pub pending: Units,
	/// Units that served in the epoch before the record's.
	pub before: Units,
	/// The first epoch that the deal no longer holds them.
	pub end: Epoch,
	/// Unit-epochs served, by accepted reports.
	pub served: u64,
}

impl Reservation {
	/// Units held in `epoch`, which is the record's or a later one.
	fn held(&self, epoch: Epoch) -> Units {
		if self.end > epoch {
			self.units
		} else {
			Units::NONE
		}
	}

	/// Takes units out of the reservation for good.
	fn lose(&mut self, lost: Units) {
		self.units = self.units.without(lost);
		self.fresh = self.fresh.without(lost);
		self.ready = self.ready.without(lost);
		self.pending = self.pending.without(lost);
	}
}

/// What the units of a server are bound to in one epoch, fixed at its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EpochMasks {
	/// Units bound to prove.
	pub proving: Units,
	/// Units bound to serve.
	pub serving: Units,
}

/// A report whose audit is not closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OpenReport {
	/// The epoch reported.
	pub epoch: Epoch,
	/// The root of the proofs.
	pub root: [u8; 32],
	/// The units said to be proven.
	pub proven: Units,
	/// Units of them that have shown their drawn slots.
	pub answered: Units,
}

/// All that is known of a server's units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct UnitRecord {
	/// How many units the server has, `1..=64`.
	pub count: u8,
	/// The epoch that the record is brought up to.
	pub epoch: Epoch,
	/// Commitments that wait, run, or ended so lately that a report may still touch them.
	pub commitments: BoundedVec<Cover, ConstU32<MAX_COMMITMENTS>>,
	/// Deals that hold units, or held them and were not released.
	pub reservations: BoundedVec<Reservation, ConstU32<MAX_RESERVATIONS>>,
	/// What the units are bound to in `epoch`.
	pub current: EpochMasks,
	/// What they were bound to in the epoch before.
	pub previous: EpochMasks,
	/// The latest epoch for which a report was accepted; 0 before the first.
	pub last_report: Epoch,
	/// Units proven or serving by that report; none where it was found void.
	pub reported: Units,
	/// Units that the order book knows to be for sale.
	pub listed: Units,
	/// Reports whose audits are not closed, by rising epoch.
	pub open: BoundedVec<OpenReport, ConstU32<MAX_OPEN_REPORTS>>,
}

impl UnitRecord {
	/// The record of a new server.
	pub fn new(count: u8, epoch: Epoch) -> Self {
		Self {
			count,
			epoch,
			commitments: BoundedVec::new(),
			reservations: BoundedVec::new(),
			current: EpochMasks::default(),
			previous: EpochMasks::default(),
			last_report: 0,
			reported: Units::NONE,
			listed: Units::NONE,
			open: BoundedVec::new(),
		}
	}

	/// All units of the server.
	pub fn all(&self) -> Units {
		Units::first(self.count)
	}

	/// Units under a commitment in `epoch`, which is the record's or a later one.
	pub fn committed(&self, epoch: Epoch) -> Units {
		union(self.commitments.iter().filter(|cover| cover.covers(epoch)).map(|cover| cover.units))
	}

	/// Units under a commitment that waits, runs or will run: no other may take them.
	pub fn claimed(&self) -> Units {
		let standing = |cover: &&Cover| cover.is_waiting() || cover.end > self.epoch;
		union(self.commitments.iter().filter(standing).map(|cover| cover.units))
	}

	/// Units in deals in the record's epoch.
	pub fn reserved(&self) -> Units {
		self.held(self.epoch)
	}

	fn held(&self, epoch: Epoch) -> Units {
		union(self.reservations.iter().map(|reservation| reservation.held(epoch)))
	}

	/// Units that may be sold in the record's epoch into a deal that ends with epoch `end`: covered now and
	/// until then, idle, and proven or served in a report at most one epoch old.
	pub fn for_sale(&self, end: Epoch) -> Units {
		let is_recent = self.last_report.saturating_add(1) >= self.epoch;
		// A deal made now serves from the next epoch: it must not end with it.
		if !is_recent || end <= self.epoch.saturating_add(1) {
			return Units::NONE;
		}
		let outlasts = |cover: &&Cover| cover.covers(self.epoch) && cover.end >= end;
		union(self.commitments.iter().filter(outlasts).map(|cover| cover.units))
			.and(self.reported)
			.without(self.reserved())
	}

	/// Units that may be sold now into the shortest deal.
	pub fn offered(&self) -> Units {
		self.for_sale(self.epoch.saturating_add(2))
	}

	/// What the units were bound to in `epoch`, if that is the record's or the one before.
	pub fn masks(&self, epoch: Epoch) -> Option<EpochMasks> {
		if epoch == self.epoch {
			Some(self.current)
		} else if epoch.checked_add(1) == Some(self.epoch) {
			Some(self.previous)
		} else {
			None
		}
	}

	/// The reservation of `deal`.
	pub fn reservation(&self, deal: DealId) -> Option<&Reservation> {
		self.reservations.iter().find(|reservation| reservation.deal == deal)
	}

	/// The reservation of `deal`, to change it.
	pub fn reservation_mut(&mut self, deal: DealId) -> Option<&mut Reservation> {
		self.reservations.iter_mut().find(|reservation| reservation.deal == deal)
	}

	/// The commitment `id`, to change it.
	pub fn cover_mut(&mut self, id: CommitmentId) -> Option<&mut Cover> {
		self.commitments.iter_mut().find(|cover| cover.id == id)
	}

	/// Whether an open report speaks of units of the commitment.
	pub fn is_under_audit(&self, id: CommitmentId) -> bool {
		self.commitments.iter().filter(|cover| cover.id == id).any(|cover| {
			self.open
				.iter()
				.any(|report| cover.covers(report.epoch) && cover.units.overlaps(report.proven))
		})
	}

	/// Adds the units of `serving` to the counters of the deals that they served in `epoch`, which is the
	/// record's or the one before.
	pub fn count_served(&mut self, epoch: Epoch, serving: Units) {
		let is_current = epoch == self.epoch;
		for reservation in self.reservations.iter_mut() {
			let bound = if is_current { reservation.ready } else { reservation.before };
			let units = bound.and(serving).count();
			reservation.served = reservation.served.saturating_add(u64::from(units));
		}
	}

	/// A report of `epoch` turned out wrong: what it said of its units counts no longer.
	pub fn discredit(&mut self, epoch: Epoch) {
		if self.last_report == epoch {
			self.reported = Units::NONE;
		}
	}

	/// Brings the record up to the start of epoch `to`; nothing where it is there already.
	///
	/// No event lies between the record's epoch and `to`, so the state at the start of `to - 1` is one
	/// step away and that of `to` another.
	pub fn roll(&mut self, to: Epoch) {
		if to <= self.epoch {
			return;
		}
		let before = to.saturating_sub(1);
		if before > self.epoch {
			self.step(before);
		}
		self.step(to);
	}

	/// The start of epoch `to`, seen from the end of the record's epoch.
	fn step(&mut self, to: Epoch) {
		let from = self.epoch;
		let commitments = &self.commitments;
		for reservation in self.reservations.iter_mut() {
			reservation.before = reservation.ready;
			reservation.ready = reservation.ready.or(reservation.pending);
			reservation.pending = Units::NONE;
			reservation.fresh = Units::NONE;
			// A commitment outlasts its deals, unless it failed.
			let failed =
				|cover: &&Cover| from < cover.end && cover.end <= to && cover.end < reservation.end;
			let lost = union(commitments.iter().filter(failed).map(|cover| cover.units));
			reservation.lose(lost);
			if reservation.end <= to {
				reservation.ready = Units::NONE;
			}
		}
		self.epoch = to;
		self.previous = self.current;
		self.current = EpochMasks {
			proving: self.committed(to).without(self.held(to)),
			serving: union(self.reservations.iter().map(|reservation| reservation.ready)),
		};
	}

	/// Forgets commitments that ended before the epoch that can still be reported, unless an open report
	/// speaks of an epoch that they covered.
	pub fn prune(&mut self) {
		let (epoch, open) = (self.epoch, &self.open);
		self.commitments.retain(|cover| {
			cover.is_waiting()
				|| cover.end >= epoch
				|| open.iter().any(|report| cover.covers(report.epoch))
		});
	}
}

fn union(sets: impl Iterator<Item = Units>) -> Units {
	sets.fold(Units::NONE, Units::or)
}

#[cfg(test)]
#[path = "tests/record.rs"]
mod tests;
