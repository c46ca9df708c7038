//! The runtime API of the market, for clients that ask instead of reading storage.

use crate::{
	types::{
		Attributes, Balance, Epoch, PaymentAsset, PeerId, Placement, Price, UnitsWanted, WorkerId,
	},
	DealId, OfferId, ServerId, UnitIndex, Units,
};
use alloc::vec::Vec;
use codec::{Codec, Decode, Encode};
use scale_info::TypeInfo;

/// Where the market stands in time.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct EpochInfo {
	/// The current epoch.
	pub epoch: Epoch,
	/// Its first block.
	pub first_block: u32,
	/// Blocks per epoch.
	pub length: u32,
	/// Blocks of the next epoch in which reports for the current one are still accepted.
	pub grace: u32,
	/// The seed that proofs of the current epoch are bound to.
	pub seed: [u8; 32],
}

/// An offer as `quote` is asked about it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct QuoteRequest<AccountId> {
	/// What is paid in.
	pub asset: PaymentAsset,
	/// Highest price per unit and epoch.
	pub max_price: Price,
	/// Units wanted.
	pub units: UnitsWanted,
	/// Term in epochs.
	pub term: Epoch,
	/// Where the units may be.
	pub placement: Placement<AccountId>,
	/// Attributes that every unit must have.
	pub attributes: Attributes,
}

/// One server's part of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct QuoteFill<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Its provider.
	pub provider: AccountId,
	/// The units.
	pub units: Units,
	/// Price per unit and epoch.
	pub price: Price,
}

/// What an offer would get if it were posted now.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Quote<AccountId> {
	/// The fills; empty where the offer would not match at once.
	pub fills: Vec<QuoteFill<AccountId>>,
	/// What posting it holds on the developer's account.
	pub escrow: Balance,
	/// What the fills cost per epoch.
	pub per_epoch: Balance,
}

/// One server's part of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AllocationInfo<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Its provider, who is paid.
	pub provider: AccountId,
	/// The units.
	pub units: Units,
	/// Price per unit and epoch.
	pub price: Price,
	/// Unit-epochs served so far.
	pub served: u64,
	/// Unit-epochs of them that were paid.
	pub settled: u64,
}

/// A deal with its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DealInfo<AccountId> {
	/// The offer that it came from.
	pub offer: OfferId,
	/// Who pays.
	pub developer: AccountId,
	/// What is paid in.
	pub asset: PaymentAsset,
	/// First epoch that may be served.
	pub start: Epoch,
	/// The deal ends with the start of this epoch.
	pub end: Epoch,
	/// What escrow still holds.
	pub held: Balance,
	/// The servers.
	pub allocations: Vec<AllocationInfo<AccountId>>,
}

/// The units of a server by what they do.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct UnitsInfo {
	/// How many there are.
	pub count: u8,
	/// Under a commitment that runs.
	pub committed: Units,
	/// In deals.
	pub reserved: Units,
	/// Bound to prove in the current epoch.
	pub proving: Units,
	/// Bound to serve in the current epoch.
	pub serving: Units,
	/// For sale now, under an ask or not.
	pub available: Units,
}

/// One worker of a deal's subnet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetWorker {
	/// The server that hosts it.
	pub server: ServerId,
	/// The server's peer.
	pub peer_id: PeerId,
	/// The unit that it runs on.
	pub unit: UnitIndex,
	/// The worker's own peer, once it is set.
	pub worker: Option<WorkerId>,
}

/// What one unit of a server has to show, and when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AuditInfo {
	/// The epoch that was reported.
	pub epoch: Epoch,
	/// The unit that must answer.
	pub unit: UnitIndex,
	/// The slots that were drawn, from the lowest to the highest; the answer has their leaves, in this order.
	pub slots: Vec<u16>,
	/// The first block in which an answer is taken.
	pub earliest: u32,
	/// The first block in which no answer is taken any more.
	pub deadline: u32,
	/// Whether the unit has answered.
	pub answered: bool,
}

sp_api::decl_runtime_apis! {
	/// What clients ask of the market. Every answer is bounded.
	pub trait MarketApi<AccountId> where AccountId: Codec {
		/// Where the market stands in time.
		fn epoch() -> EpochInfo;
		/// What an offer would get if it were posted now.
		fn quote(request: QuoteRequest<AccountId>) -> Quote<AccountId>;
		/// A deal with its allocations and its money.
		fn deal(deal: DealId) -> Option<DealInfo<AccountId>>;
		/// The units of a server by what they do.
		fn units(server: ServerId) -> Option<UnitsInfo>;
		/// What the open audits of a server ask for, once they are drawn; at most two reports of 64 units.
		fn audits(server: ServerId) -> Vec<AuditInfo>;
		/// What settling `server`'s part of `deal` would pay now.
		fn claimable(deal: DealId, server: ServerId) -> Balance;
		/// The last epoch that escrow pays for if every unit serves.
		fn funded_until(deal: DealId) -> Option<Epoch>;
		/// The workers of a deal, with what they need to find each other.
		fn subnet(deal: DealId) -> Vec<SubnetWorker>;
	}
}
