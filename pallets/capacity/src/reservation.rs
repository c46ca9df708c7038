//! Units of a server in deals: what they serve, whose part of the income is owed, what was lost.

use crate::{Cover, MAX_COMMITMENTS, MAX_WITHDRAWALS, OPEN_EPOCHS};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{CommitmentId, DealId, Epoch, Units, CONTEST_EPOCHS};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

// What is counted of an epoch is known as long as it can be reported, and as long as it can be contested.
const _: () = assert!(CONTEST_EPOCHS + 1 == OPEN_EPOCHS);

/// Unit-epochs of a deal's term that it lost when a commitment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Harm {
	/// The commitment that failed.
	pub commitment: CommitmentId,
	/// What the deal lost by it.
	pub unit_epochs: u64,
}

/// A commitment's part of what a deal's units of one server earn, for its delegators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DealShare {
	/// The commitment.
	pub commitment: CommitmentId,
	/// Which part of all that the units earn.
	pub part: Perbill,
}

/// Units that are to leave a deal before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Withdrawal {
	/// The units.
	pub units: Units,
	/// The first epoch that the deal no longer holds them, its end at most.
	pub from: Epoch,
}

/// Units of a server in one deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Reservation {
	/// The deal.
	pub deal: DealId,
	/// The units that it holds; after its end those that stayed until then.
	pub units: Units,
	/// Units of it that serve in the record's epoch.
	pub ready: Units,
	/// Units whose worker was set in the record's epoch: they serve from the next.
	pub pending: Units,
	/// Units that served in the epoch before the record's, and in the one before that.
	pub before: [Units; 2],
	/// The first epoch that the deal no longer holds them.
	pub end: Epoch,
	/// Units of it that leave earlier, or do not stay when the end is put off; one entry for an epoch.
	pub withdrawals: BoundedVec<Withdrawal, ConstU32<MAX_WITHDRAWALS>>,
	/// Unit-epochs served, by accepted reports, without those that were contested.
	pub served: u64,
	/// Units that an accepted report counted in the record's epoch, in the one before it, and in the one before that,
	/// without those that were contested: what they served can be contested still. Units that left the deal since
	/// stay in it.
	pub counted: [Units; OPEN_EPOCHS as usize],
	/// Delegators' parts of what the deal pays, as they were when the units were reserved.
	pub shares: BoundedVec<DealShare, ConstU32<MAX_COMMITMENTS>>,
	/// What the deal lost by commitments that failed, and was not compensated for.
	pub harms: BoundedVec<Harm, ConstU32<MAX_COMMITMENTS>>,
}

impl Reservation {
	/// Units put into a deal, none of which serves yet.
	pub fn new(deal: DealId, units: Units, end: Epoch) -> Self {
		Self {
			deal,
			units,
			ready: Units::NONE,
			pending: Units::NONE,
			before: [Units::NONE; 2],
			end,
			withdrawals: BoundedVec::new(),
			served: 0,
			counted: Default::default(),
			shares: BoundedVec::new(),
			harms: BoundedVec::new(),
		}
	}

	/// Units held in `epoch`, which is the record's or a later one.
	pub(crate) fn held(&self, epoch: Epoch) -> Units {
		if self.end > epoch {
			self.units.without(self.left_by(epoch))
		} else {
			Units::NONE
		}
	}

	/// Units that stay until the end, as far as no commitment fails.
	pub(crate) fn staying(&self) -> Units {
		self.units.without(self.left_by(Epoch::MAX))
	}

	/// Units withdrawn with epoch `epoch` or an earlier one.
	fn left_by(&self, epoch: Epoch) -> Units {
		let gone = self.withdrawals.iter().filter(|withdrawal| withdrawal.from <= epoch);
		gone.fold(Units::NONE, |all, withdrawal| all.or(withdrawal.units))
	}

	/// The epochs with which units leave. As each has units of its own, all deals of a server together have no
	/// more of them than it has units.
	pub(crate) fn exits(&self) -> impl Iterator<Item = Epoch> + '_ {
		let end = Some(self.end).filter(|_| !self.staying().is_empty());
		self.withdrawals.iter().map(|withdrawal| withdrawal.from).chain(end)
	}

	/// Units that served `age` epochs before the record's.
	pub(crate) fn serving(&self, age: Epoch) -> Units {
		match age {
			0 => self.ready,
			1 => self.before[0],
			2 => self.before[1],
			_ => Units::NONE,
		}
	}

	/// Lets `units`, which stay until now, leave with epoch `from`.
	///
	/// # Errors
	/// Where as many withdrawals wait for other epochs as may.
	pub(crate) fn withdraw(&mut self, units: Units, from: Epoch) -> Result<(), Withdrawal> {
		let from = from.min(self.end);
		match self.withdrawals.iter_mut().find(|withdrawal| withdrawal.from == from) {
			Some(withdrawal) => {
				withdrawal.units = withdrawal.units.or(units);
				Ok(())
			},
			None => self.withdrawals.try_push(Withdrawal { units, from }),
		}
	}

	/// Puts the end off for the units `held`. All others leave with the end so far at the latest.
	///
	/// # Errors
	/// Where there are others, and no room to note it.
	pub(crate) fn extend(&mut self, held: Units, end: Epoch) -> Result<(), Withdrawal> {
		let failing = self.staying().without(held);
		if !failing.is_empty() && end > self.end {
			self.withdraw(failing, self.end)?;
		}
		self.end = end;
		Ok(())
	}

	/// Lets the deal end with epoch `end`, which is earlier or the same.
	pub(crate) fn shorten(&mut self, end: Epoch) {
		self.end = end;
		let late = self.left_by(Epoch::MAX).without(self.left_by(end));
		self.withdrawals.retain(|withdrawal| withdrawal.from <= end);
		if !late.is_empty() {
			// They made room.
			let _ = self.withdraw(late, end);
		}
	}

	/// Takes the units that were withdrawn with epoch `epoch` or an earlier one out of the reservation.
	pub(crate) fn let_go(&mut self, epoch: Epoch) {
		self.remove(self.left_by(epoch));
	}

	/// Takes the units of a commitment that failed out of the reservation for good.
	pub(crate) fn lose(&mut self, cover: &Cover) {
		let lost = self.units.and(cover.units);
		if lost.is_empty() {
			return;
		}
		let loss = |units: Units, until: Epoch| {
			let epochs = u64::from(until.saturating_sub(cover.end));
			epochs.saturating_mul(u64::from(units.and(lost).count()))
		};
		let withdrawals = self.withdrawals.iter();
		let unit_epochs = withdrawals
			.map(|withdrawal| loss(withdrawal.units, withdrawal.from))
			.fold(loss(self.staying(), self.end), u64::saturating_add);
		self.remove(lost);
		if unit_epochs > 0 {
			// A commitment fails once, and a deal takes no units of more of them than there is room for.
			let _ = self.harms.try_push(Harm { commitment: cover.id, unit_epochs });
		}
	}

	fn remove(&mut self, units: Units) {
		self.units = self.units.without(units);
		self.ready = self.ready.without(units);
		self.pending = self.pending.without(units);
		for withdrawal in self.withdrawals.iter_mut() {
			withdrawal.units = withdrawal.units.without(units);
		}
		self.withdrawals.retain(|withdrawal| !withdrawal.units.is_empty());
	}
}
