//! The unit record of a server: what its units are bound to, epoch by epoch, in one value.
//!
//! Everything here is pure. Between two events nothing changes but the epoch, so the masks are brought up
//! to date in closed form ([`UnitRecord::roll`]): three steps at most, however many epochs passed. What the
//! epochs that passed cost and earned is worked out in `due`.

use crate::{DealShare, Reservation};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{Balance, CommitmentId, DealId, Epoch, Units};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

/// The most commitments that cover units of one server at a time.
pub const MAX_COMMITMENTS: u32 = 4;

/// The most deals that hold units of one server at a time.
pub const MAX_RESERVATIONS: u32 = 64;

/// The most epochs at a time with which units withdrawn from one deal leave it.
pub const MAX_WITHDRAWALS: u32 = 4;

/// Epochs that a report or an audit may still be open of: the record's and the two before it.
pub const OPEN_EPOCHS: u32 = 3;

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
	/// Stake per unit, planks.
	pub stake: Balance,
	/// The least stake per unit of the commitments that covered units of the server beside it, itself included,
	/// up to the last epoch that is settled: what its misses are charged by.
	pub least_stake: Balance,
	/// Part of what deals pay for its units that is its delegators'; none where it has none.
	pub deal_share: Perbill,
	/// Stake lost so far, planks.
	pub slashed: Balance,
	/// Misses that are still forgiven, in the parts of [`MissRules`](crate::MissRules).
	pub allowance: u64,
	/// Reports found wrong so far.
	pub faults: u8,
}

impl Cover {
	/// A commitment that waits for stake.
	pub fn waiting(id: CommitmentId, units: Units, stake: Balance) -> Self {
		Self {
			id,
			units,
			start: 0,
			end: 0,
			stake,
			least_stake: stake,
			deal_share: Perbill::zero(),
			slashed: 0,
			allowance: 0,
			faults: 0,
		}
	}

	/// Whether the commitment covers its units in `epoch`.
	pub fn covers(&self, epoch: Epoch) -> bool {
		self.start <= epoch && epoch < self.end
	}

	/// Whether it waits for stake.
	pub fn is_waiting(&self) -> bool {
		self.end == 0
	}

	/// All stake that covers it, before slashes.
	pub fn needed(&self) -> Balance {
		self.stake.saturating_mul(Balance::from(self.units.count()))
	}
}

/// A report whose epoch is not settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Report {
	/// The root of the proofs.
	pub root: [u8; 32],
	/// The units said to be proven.
	pub proven: Units,
	/// Units of them that have shown their drawn slots.
	pub answered: Units,
}

/// What the units of a server were bound to in one epoch, fixed at its start, and what was reported of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EpochEntry {
	/// Units bound to prove.
	pub proving: Units,
	/// Units of them that owe no proof: sold in this very epoch, or paid for with a report found wrong.
	pub excused: Units,
	/// Units bound to serve.
	pub serving: Units,
	/// What was reported of proofs, unless it was found wrong.
	pub report: Option<Report>,
}

impl EpochEntry {
	/// Units that owed a proof and were not reported.
	pub fn missed(&self) -> Units {
		let proven = self.report.map_or(Units::NONE, |report| report.proven);
		self.proving.without(self.excused).without(proven)
	}
}

/// All that is known of a server's units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct UnitRecord {
	/// How many units the server has, `1..=64`.
	pub count: u8,
	/// The epoch that the record is brought up to.
	pub epoch: Epoch,
	/// The last epoch whose misses, audit and rewards are worked out.
	pub settled: Epoch,
	/// Commitments that wait, run, or cover an epoch that is not settled.
	pub commitments: BoundedVec<Cover, ConstU32<MAX_COMMITMENTS>>,
	/// Deals that hold units, or held them and were not released.
	pub reservations: BoundedVec<Reservation, ConstU32<MAX_RESERVATIONS>>,
	/// The record's epoch, the one before it, and the one before that.
	pub recent: [EpochEntry; OPEN_EPOCHS as usize],
	/// The latest epoch for which a report was accepted; 0 before the first.
	pub last_report: Epoch,
	/// Units proven or serving by that report; none where it was found wrong.
	pub reported: Units,
	/// Units that the order book knows to be for sale.
	pub listed: Units,
}

impl UnitRecord {
	/// The record of a new server.
	pub fn new(count: u8, epoch: Epoch) -> Self {
		Self {
			count,
			epoch,
			settled: epoch.saturating_sub(OPEN_EPOCHS),
			commitments: BoundedVec::new(),
			reservations: BoundedVec::new(),
			recent: Default::default(),
			last_report: 0,
			reported: Units::NONE,
			listed: Units::NONE,
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

	/// Units in deals in `epoch`, which is the record's or a later one.
	pub(crate) fn held(&self, epoch: Epoch) -> Units {
		union(self.reservations.iter().map(|reservation| reservation.held(epoch)))
	}

	/// Units bound to prove in `epoch`, which is later than the record's, as it looks now.
	pub(crate) fn bound_to_prove(&self, epoch: Epoch) -> Units {
		self.committed(epoch).without(self.held(epoch))
	}

	/// The last epoch, from `epoch` on, that binds the same units to prove as `epoch` does.
	pub(crate) fn unchanged_until(&self, epoch: Epoch) -> Epoch {
		let covers = self.commitments.iter().flat_map(|cover| [cover.start, cover.end]);
		let exits = self.reservations.iter().flat_map(Reservation::exits);
		let next = covers.chain(exits).filter(|change| *change > epoch).min();
		next.map_or(Epoch::MAX, |change| change.saturating_sub(1))
	}

	/// Units under a commitment that covers them in the record's epoch and does so until epoch `end`.
	pub(crate) fn covered_until(&self, end: Epoch) -> Units {
		let outlasts = |cover: &&Cover| cover.covers(self.epoch) && cover.end >= end;
		union(self.commitments.iter().filter(outlasts).map(|cover| cover.units))
	}

	/// Units that a deal holds and goes on holding until its end, or held until then: not those that are
	/// withdrawn, nor those of a commitment that failed.
	pub fn staying(&self, deal: DealId) -> Units {
		self.reservation(deal).map_or(Units::NONE, |reservation| self.staying_in(reservation))
	}

	/// The same of a deal's reservation.
	pub(crate) fn staying_in(&self, reservation: &Reservation) -> Units {
		let fails = |cover: &&Cover| cover.covers(self.epoch) && cover.end < reservation.end;
		let failing = self.commitments.iter().filter(fails).map(|cover| cover.units);
		reservation.staying().without(union(failing))
	}

	/// What is known of `epoch`, if that is the record's or one of the two before.
	pub fn entry(&self, epoch: Epoch) -> Option<&EpochEntry> {
		let age = self.epoch.checked_sub(epoch)?;
		self.recent.get(usize::try_from(age).ok()?)
	}

	/// The same, to change it.
	pub fn entry_mut(&mut self, epoch: Epoch) -> Option<&mut EpochEntry> {
		let age = self.epoch.checked_sub(epoch)?;
		self.recent.get_mut(usize::try_from(age).ok()?)
	}

	/// The report of `epoch` whose audit is not over.
	pub fn open_report(&self, epoch: Epoch) -> Option<&Report> {
		self.entry(epoch).filter(|_| epoch > self.settled)?.report.as_ref()
	}

	/// The epochs with a report whose audit is not over, the oldest first, with it.
	pub fn open_reports(&self) -> impl Iterator<Item = (Epoch, &Report)> {
		let oldest = self.epoch.saturating_sub(OPEN_EPOCHS.saturating_sub(1));
		(oldest..=self.epoch).filter_map(|epoch| Some((epoch, self.open_report(epoch)?)))
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

	/// Stake, before slashes, of the units `proven` in `epoch`.
	pub fn stake_of(&self, epoch: Epoch, proven: Units) -> Balance {
		let covers = self.commitments.iter().filter(|cover| cover.covers(epoch));
		covers.fold(0, |sum: Balance, cover| {
			let units = Balance::from(cover.units.and(proven).count());
			sum.saturating_add(cover.stake.saturating_mul(units))
		})
	}

	/// Whether a deal that was not released owes the commitment a part of what it pays.
	pub fn owes_share(&self, id: CommitmentId) -> bool {
		let of_deals = self.reservations.iter().flat_map(|reservation| &reservation.shares);
		of_deals.into_iter().any(|share| share.commitment == id)
	}

	/// Delegators' parts of what a deal of `units` will pay that is made in the record's epoch.
	pub(crate) fn shares(&self, units: Units) -> BoundedVec<DealShare, ConstU32<MAX_COMMITMENTS>> {
		let shares = self.covers_of(units).map(|cover| {
			let mine = cover.units.and(units).count();
			let part = Perbill::from_rational(mine, units.count()) * cover.deal_share;
			DealShare { commitment: cover.id, part }
		});
		BoundedVec::truncate_from(shares.filter(|share| !share.part.is_zero()).collect())
	}

	/// Whether a deal that holds `units` in all, covered as they are in the record's epoch, can note what it
	/// may lose by each of their commitments, beside what it lost before.
	pub(crate) fn may_lose(&self, deal: DealId, units: Units) -> bool {
		let before = self.reservation(deal).map_or(0, |reservation| reservation.harms.len());
		self.covers_of(units).count().saturating_add(before) <= MAX_COMMITMENTS as usize
	}

	/// The commitments that cover some of `units` in the record's epoch.
	pub(crate) fn covers_of(&self, units: Units) -> impl Iterator<Item = &Cover> {
		let epoch = self.epoch;
		let of_units = move |cover: &&Cover| cover.covers(epoch) && cover.units.overlaps(units);
		self.commitments.iter().filter(of_units)
	}

	/// The report of `epoch` turned out wrong: what it said of its units counts no longer, and they are paid
	/// for with stake instead of as misses.
	pub fn discredit(&mut self, epoch: Epoch) {
		if self.last_report == epoch {
			self.reported = Units::NONE;
		}
		if let Some(entry) = self.entry_mut(epoch) {
			if let Some(report) = entry.report.take() {
				entry.excused = entry.excused.or(report.proven);
			}
		}
	}

	/// Brings the masks up to the start of epoch `to`; nothing where they are there already.
	///
	/// No event lies between the record's epoch and `to`, so each of the last [`OPEN_EPOCHS`] is one step
	/// away from the one before it.
	pub fn roll(&mut self, to: Epoch) {
		if to <= self.epoch {
			return;
		}
		let oldest = to.saturating_sub(OPEN_EPOCHS.saturating_sub(1));
		for epoch in oldest.max(self.epoch.saturating_add(1))..=to {
			self.step(epoch);
		}
	}

	/// The start of epoch `to`, seen from the end of the record's epoch.
	fn step(&mut self, to: Epoch) {
		let from = self.epoch;
		let commitments = &self.commitments;
		for reservation in self.reservations.iter_mut() {
			reservation.before = [reservation.ready, reservation.before[0]];
			let [newest, middle, _] = reservation.counted;
			reservation.counted = [Units::NONE, newest, middle];
			reservation.ready = reservation.ready.or(reservation.pending);
			reservation.pending = Units::NONE;
			// A commitment outlasts what deals hold of it, unless it failed.
			let failed =
				|cover: &&Cover| from < cover.end && cover.end <= to && cover.end < reservation.end;
			let mut lost: BoundedVec<Cover, ConstU32<MAX_COMMITMENTS>> =
				BoundedVec::truncate_from(commitments.iter().filter(failed).copied().collect());
			// In the order in which they failed, as if each epoch had been looked at.
			lost.sort_by_key(|cover| cover.end);
			lost.iter().for_each(|cover| reservation.lose(cover));
			reservation.let_go(to);
			if reservation.end <= to {
				reservation.ready = Units::NONE;
			}
		}
		let entry = EpochEntry {
			proving: self.bound_to_prove(to),
			serving: union(self.reservations.iter().map(|reservation| reservation.ready)),
			..Default::default()
		};
		let [newest, middle, _] = self.recent;
		self.recent = [entry, newest, middle];
		self.epoch = to;
	}

	/// Forgets commitments all of whose epochs are settled.
	pub fn prune(&mut self) {
		let settled = self.settled;
		let epoch = self.epoch;
		self.commitments.retain(|cover| {
			cover.is_waiting() || cover.end > epoch || cover.end.saturating_sub(1) > settled
		});
	}
}

pub(crate) fn union(sets: impl Iterator<Item = Units>) -> Units {
	sets.fold(Units::NONE, Units::or)
}

#[cfg(test)]
#[path = "tests/record.rs"]
mod tests;
