//! What is stored.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use marketplace_primitives::{
	Attributes, Balance, Cid, Epoch, OfferId, PaymentAsset, Placement, Price, ServerId, UnitIndex,
	Units, WorkerId,
};
use scale_info::TypeInfo;

/// The workers of a server in a deal: each with the unit that it runs on.
pub type WorkersOf = BoundedVec<(UnitIndex, WorkerId), ConstU32<64>>;

/// A deal of this runtime.
pub type DealOf<T> = Deal<<T as frame_system::Config>::AccountId>;

/// How many epochs there may be at once with which units of an allocation leave.
pub type MaxLeaving = ConstU32<8>;

/// A contract between a developer and the providers that a match found.
///
/// Whether it waits, runs or ended is a matter of the clock alone: it serves the epochs
/// `start..end`.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Deal<AccountId> {
	/// The latest offer for units of the deal: the one that it came from, or one that it sought more with.
	pub offer: OfferId,
	/// Who pays.
	pub developer: AccountId,
	/// The application that the workers run.
	pub app_cid: Cid,
	/// Hash of the deployment plan.
	pub plan_hash: [u8; 32],
	/// How often application and plan were changed, there and back.
	pub app_version: u32,
	/// What is paid in.
	pub asset: PaymentAsset,
	/// The limit: the highest price per unit and epoch that it pays for further units.
	pub max_price: Price,
	/// The first epoch that may be served.
	pub start: Epoch,
	/// The deal ends with the start of this epoch.
	pub end: Epoch,
	/// Whether the developer gave notice: nothing is added to it any more.
	pub terminated: bool,
	/// Units of all allocations that are not closed, without those that leave.
	pub units: u32,
	/// What they cost together per epoch.
	pub rate: Balance,
	/// Allocations that are not closed.
	pub allocations: u32,
	/// Where it stands in the wheel: at `end`, or later where its closing was put off.
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
	/// The units that stay until the deal ends; none where all left.
	pub units: Units,
	/// Units that left or will leave with the start of the epoch, as long as what they served may be contested.
	pub leaving: BoundedVec<(Epoch, Units), MaxLeaving>,
	/// Price per unit and epoch.
	pub price: Price,
	/// Price of a million requests that the provider asked for at the match; `None`: it takes none.
	pub tariff: Option<Price>,
	/// The first epoch that may be served.
	pub start: Epoch,
	/// The units are reserved until the start of this epoch.
	pub until: Epoch,
	/// The first epoch after the longest term that the provider offered at this price.
	pub limit: Epoch,
	/// The most unit-epochs that may be paid over the whole deal.
	pub funded: u64,
	/// Unit-epochs that were paid.
	pub settled: u64,
	/// What was paid for them.
	pub paid: Balance,
	/// How many of them were paid before the price was last changed.
	pub settled_before: u64,
	/// What was paid for those.
	pub paid_before: Balance,
	/// Unit-epochs that were contested: they are funded no more.
	pub contested: u64,
}

impl<AccountId> Allocation<AccountId> {
	/// Unit-epochs to pay now, where the server served `served` in all.
	///
	/// `served` and `settled` count over the whole deal, and `funded` is changed for epochs only that have
	/// not begun, or by what is taken out of `served` as well: so when it shrinks it still covers all that was
	/// served by then, and it makes no difference whether that was settled before the change or is after it.
	pub fn due(&self, served: u64) -> u64 {
		served.min(self.funded).saturating_sub(self.settled)
	}

	/// Unit-epochs that may still be paid.
	pub fn open(&self) -> u64 {
		self.funded.saturating_sub(self.settled)
	}

	/// Changes the price of all unit-epochs that were not paid yet.
	pub fn reprice(&mut self, price: Price) {
		(self.settled_before, self.paid_before) = (self.settled, self.paid);
		self.price = price;
	}

	/// Funds so many unit-epochs less, all of them of epochs that have not begun.
	pub fn shrink(&mut self, unit_epochs: u64) {
		self.funded = self.funded.saturating_sub(unit_epochs).max(self.settled);
	}

	/// Funds `unit_epochs` less that were served and are contested; `None` where so many are not open.
	pub fn contest(&mut self, unit_epochs: u64) -> Option<()> {
		self.funded.checked_sub(unit_epochs).filter(|funded| *funded >= self.settled)?;
		self.funded = self.funded.checked_sub(unit_epochs)?;
		self.contested = self.contested.checked_add(unit_epochs)?;
		Some(())
	}

	/// Unit-epochs of `units` in `epochs`.
	// 64 units in 2^32 epochs at most: far from the end of the type
	pub fn unit_epochs(units: Units, epochs: Epoch) -> u64 {
		u64::from(units.count()).saturating_mul(u64::from(epochs))
	}

	/// Unit-epochs that are funded for epochs from `from` on, where the deal ends with `end`.
	pub fn funded_from(&self, from: Epoch, end: Epoch) -> u64 {
		let from = from.max(self.start);
		let leaving = self.leaving.iter().copied();
		leaving.chain([(end, self.units)]).fold(0, |sum: u64, (until, units)| {
			sum.saturating_add(Self::unit_epochs(units, until.saturating_sub(from)))
		})
	}

	/// Units that leave, or left not long ago.
	pub fn all_leaving(&self) -> Units {
		self.leaving.iter().fold(Units::NONE, |all, (_, units)| all.or(*units))
	}

	/// Units of the deal in epoch `now`, those included that leave later.
	pub fn present(&self, now: Epoch) -> Units {
		let later = self.leaving.iter().filter(|(from, _)| *from > now);
		later.fold(self.units, |all, (_, units)| all.or(*units))
	}
}

/// What further units of a deal must be: the terms of the offer that it came from.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Wish<AccountId> {
	/// Where the units may be.
	pub placement: Placement<AccountId>,
	/// Attributes that every unit must have.
	pub attributes: Attributes,
	/// Highest price of a million requests; `None`: no request is paid for.
	pub tariff: Option<Price>,
}

/// The units that `workers` are for.
pub fn units_with_workers(workers: &WorkersOf) -> Units {
	workers.iter().fold(Units::NONE, |set, (unit, _)| set.or(Units::one(*unit)))
}

/// How many entries a list has.
pub fn count_of(workers: &WorkersOf) -> u32 {
	u32::try_from(workers.len()).unwrap_or(u32::MAX)
}
