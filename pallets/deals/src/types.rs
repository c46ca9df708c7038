//! What is stored.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use marketplace_primitives::{
	Balance, Cid, Epoch, OfferId, PaymentAsset, Price, ServerId, UnitIndex, Units, WorkerId,
};
use scale_info::TypeInfo;

/// The workers of a server in a deal: each with the unit that it runs on.
pub type WorkersOf = BoundedVec<(UnitIndex, WorkerId), ConstU32<64>>;

/// A deal of this runtime.
pub type DealOf<T> = Deal<<T as frame_system::Config>::AccountId>;

/// A contract between a developer and the providers that a match found.
///
/// Whether it waits, runs or ended is a matter of the clock alone: it serves the epochs
/// `start..end`.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Deal<AccountId> {
	/// The offer that it came from.
	pub offer: OfferId,
	/// Who pays.
	pub developer: AccountId,
	/// The application that the workers run.
	pub app_cid: Cid,
	/// Hash of the deployment plan.
	pub plan_hash: [u8; 32],
	/// What is paid in.
	pub asset: PaymentAsset,
	/// The highest price per unit and epoch that the offer paid when it matched last.
	pub max_price: Price,
	/// The first epoch that may be served.
	pub start: Epoch,
	/// The deal ends with the start of this epoch.
	pub end: Epoch,
	/// Units of all allocations that are not closed.
	pub units: u32,
	/// What they cost together per epoch.
	pub rate: Balance,
	/// Allocations that are not closed.
	pub allocations: u32,
	/// Where it stands in the wheel: at `end`, or later once its closing failed.
	pub due: Epoch,
	/// The server whose allocation was the last that closing came to; none where closing starts anew.
	pub cursor: Option<ServerId>,
}

/// What one server serves in one deal.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Allocation<AccountId> {
	/// The server's provider, who is paid.
	pub provider: AccountId,
	/// The units.
	pub units: Units,
	/// Price per unit and epoch.
	pub price: Price,
	/// The first epoch that may be served.
	pub start: Epoch,
	/// Unit-epochs that were paid.
	pub settled: u64,
	/// What was paid for them.
	pub paid: Balance,
}

impl<AccountId> Allocation<AccountId> {
	/// The most unit-epochs that the allocation may serve in epochs before `end`: what escrow was
	/// taken for.
	pub fn funded(&self, end: Epoch) -> u64 {
		let epochs = end.saturating_sub(self.start);
		// 64 units in 2^32 epochs at most: far from the end of the type
		u64::from(self.units.count()).saturating_mul(u64::from(epochs))
	}

	/// Unit-epochs to pay now, where the server served `served` in all and the deal ends with `end`.
	pub fn due(&self, served: u64, end: Epoch) -> u64 {
		served.min(self.funded(end)).saturating_sub(self.settled)
	}
}

/// How many entries a list has.
pub fn count_of(workers: &WorkersOf) -> u32 {
	u32::try_from(workers.len()).unwrap_or(u32::MAX)
}
