//! Units of a server in deals: what they serve, whose part of the income is owed, what was lost.

use crate::{Cover, MAX_COMMITMENTS};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{CommitmentId, DealId, Epoch, Units};
use scale_info::TypeInfo;
use sp_runtime::Perbill;

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

/// Units of a server in one deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Reservation {
	/// The deal.
	pub deal: DealId,
	/// The units that it holds.
	pub units: Units,
	/// Units of it that serve in the record's epoch.
	pub ready: Units,
	/// Units whose worker was set in the record's epoch: they serve from the next.
	pub pending: Units,
	/// Units that served in the epoch before the record's, and in the one before that.
	pub before: [Units; 2],
	/// The first epoch that the deal no longer holds them.
	pub end: Epoch,
	/// Unit-epochs served, by accepted reports.
	pub served: u64,
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
			served: 0,
			shares: BoundedVec::new(),
			harms: BoundedVec::new(),
		}
	}

	/// Units held in `epoch`, which is the record's or a later one.
	pub(crate) fn held(&self, epoch: Epoch) -> Units {
		if self.end > epoch {
			self.units
		} else {
			Units::NONE
		}
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

	/// Takes the units of a commitment that failed out of the reservation for good.
	pub(crate) fn lose(&mut self, cover: &Cover) {
		let lost = self.units.and(cover.units);
		if lost.is_empty() {
			return;
		}
		self.units = self.units.without(lost);
		self.ready = self.ready.without(lost);
		self.pending = self.pending.without(lost);
		let epochs = u64::from(self.end.saturating_sub(cover.end));
		let unit_epochs = epochs.saturating_mul(u64::from(lost.count()));
		// A commitment fails once, and a server has no more of them than there is room.
		let _ = self.harms.try_push(Harm { commitment: cover.id, unit_epochs });
	}
}
