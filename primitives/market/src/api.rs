//! The runtime API of the market, for clients that ask instead of reading storage.

mod explain;

pub use explain::{Change, Constraint, Exclusion, Explanation, Remedy};

use crate::{
	types::{
		Attributes, Balance, BidTerms, Cid, Country, Epoch, PaymentAsset, PeerId, Placement, Price,
		UnitsWanted, WorkerId,
	},
	AskId, DataCenterId, DealId, OfferId, ServerId, UnitIndex, Units,
};
use alloc::vec::Vec;
use codec::{Codec, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, Percent};

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
	/// Highest price of a million requests; `None`: no request is paid for, and any ask will do.
	pub tariff: Option<Price>,
}

/// One server's part of a quote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct QuoteFill<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Its provider.
	pub provider: AccountId,
	/// The data centre that it stands in.
	pub data_center: DataCenterId,
	/// The country of that.
	pub country: Country,
	/// The tier of that, `1..=4`: the availability class of the site, as its provider declares it; 4 is the highest.
	pub tier: u8,
	/// The units.
	pub units: Units,
	/// Price per unit and epoch.
	pub price: Price,
	/// Price of a million requests; `None`: it takes none.
	pub tariff: Option<Price>,
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
	/// Why such an offer is refused, if it is.
	pub refused: Option<DispatchError>,
}

/// An open offer with its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OfferInfo<AccountId> {
	/// Its terms.
	pub terms: BidTerms<AccountId>,
	/// What escrow still holds for it.
	pub held: Balance,
}

/// An ask as the order book shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BookAsk {
	/// The ask.
	pub ask: AskId,
	/// The server whose units it sells.
	pub server: ServerId,
	/// Units that are for sale now, into the shortest deal that the ask allows.
	pub units: Units,
	/// Price per unit and epoch.
	pub price: Price,
	/// Shortest term, in epochs.
	pub min_term: Epoch,
	/// Longest term, in epochs.
	pub max_term: Epoch,
	/// Price of a million requests; `None`: not to be had by requests.
	pub tariff: Option<Price>,
	/// Its time priority: of equal prices, lower numbers come first.
	pub sequence: u64,
}

/// A bid as the order book shows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BookBid {
	/// The offer.
	pub offer: OfferId,
	/// Units that it still wants.
	pub units: u32,
	/// Units of its first match at least; 1 once it has matched.
	pub min: u32,
	/// Highest price per unit and epoch.
	pub price: Price,
	/// Epochs that a unit matched now would serve.
	pub term: Epoch,
	/// Its time priority: of equal prices, lower numbers come first.
	pub sequence: u64,
}

/// A page of the order book of an asset: from the best orders on, or from behind those of the last page.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct BookPage {
	/// The asks, cheapest first, of equal prices the oldest first.
	pub asks: Vec<BookAsk>,
	/// The bids, most generous first, of equal prices the oldest first.
	pub bids: Vec<BookBid>,
}

/// One server's part of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AllocationInfo<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Its provider, who is paid.
	pub provider: AccountId,
	/// The units that stay until the deal ends; none where all left.
	pub units: Units,
	/// Units that leave, or left not long ago, each with the epoch with whose start they do.
	pub leaving: Vec<(Epoch, Units)>,
	/// The units that stay, without those whose commitment failed: these are to be replaced.
	pub held: Units,
	/// The units that stay whose worker was set.
	pub accepted: Units,
	/// Price per unit and epoch.
	pub price: Price,
	/// Price of a million requests that the provider asked for; `None`: it takes none.
	pub tariff: Option<Price>,
	/// The first epoch that may be served.
	pub start: Epoch,
	/// The provider offered a term until the start of this epoch: so far the deal may be extended.
	pub limit: Epoch,
	/// The most unit-epochs that may be paid over the whole deal.
	pub funded: u64,
	/// Unit-epochs served so far, without those that were contested.
	pub served: u64,
	/// Unit-epochs of them that can still be contested, and are not paid before.
	pub withheld: u64,
	/// Unit-epochs of them that were paid.
	pub settled: u64,
}

/// How a deal may be renewed at its developer's cost, by anyone.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Renewal {
	/// By so many epochs at a time.
	pub epochs: Epoch,
	/// As long as this carries it, in the deal's asset.
	pub allowance: Balance,
}

/// A deal with its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DealInfo<AccountId> {
	/// The latest offer for units of the deal: the one that it came from, or one that it sought more with.
	pub offer: OfferId,
	/// Units that this offer still wants; none where it is not open, or the deal has had as many servers as it may.
	pub wanted: u32,
	/// The limit: the highest price per unit and epoch that the deal pays for further units.
	pub max_price: Price,
	/// Whether the developer gave notice.
	pub terminated: bool,
	/// How the deal may be renewed, if its developer lets others do so.
	pub renewal: Option<Renewal>,
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

/// What the workers of a deal run.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Application {
	/// The application.
	pub app_cid: Cid,
	/// Hash of the deployment plan.
	pub plan_hash: [u8; 32],
}

/// How far a server of a deal came with a staged change of the application.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RolloutServer {
	/// The server.
	pub server: ServerId,
	/// Units whose turn has come, as far as they are in the deal: these run the new application, all others of
	/// the server the one before.
	pub units: Units,
	/// Whether its operator acknowledged that they do; not where there are none.
	pub acknowledged: bool,
}

/// A staged change of a deal's application. Servers that are not listed came later, and run the new one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RolloutInfo {
	/// Grows with each change of the deal's application.
	pub version: u32,
	/// The first epoch in which units run the new application.
	pub from: Epoch,
	/// How many units more do so with each epoch, of all that the deal had.
	pub step: Percent,
	/// What units run before their turn.
	pub before: Application,
	/// What they run from then on.
	pub after: Application,
	/// The servers, in the order in which their turn comes.
	pub servers: Vec<RolloutServer>,
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

/// Where a server of a deal is reached.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ServerAddresses {
	/// The server.
	pub server: ServerId,
	/// Its multiaddresses; none where it told none.
	pub addresses: Vec<Vec<u8>>,
}

/// What the workers of a deal need to find each other, beside the [workers](SubnetWorker) themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SubnetRecord {
	/// How often the developer set bootstrap peers and parameters.
	pub version: u32,
	/// Multiaddresses of peers to begin with.
	pub bootstrap: Vec<Vec<u8>>,
	/// Parameters of the network, in the application's own form.
	pub network: Vec<u8>,
	/// All servers of the deal.
	pub servers: Vec<ServerAddresses>,
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
		/// Why an offer with these terms would not match now: for each constraint how much supply it excludes,
		/// and which single changes make it match, each with the value to change to.
		fn explain(request: QuoteRequest<AccountId>) -> Explanation<AccountId>;
		/// The same for an offer that stands in the book.
		fn explain_offer(offer: OfferId) -> Option<Explanation<AccountId>>;
		/// An open offer with its money.
		fn offer(offer: OfferId) -> Option<OfferInfo<AccountId>>;
		/// A page of 64 asks and 64 bids of an asset, best first, from behind the given ask and bid on.
		fn order_book(
			asset: PaymentAsset,
			after_ask: Option<AskId>,
			after_bid: Option<OfferId>,
		) -> BookPage;
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
		/// What the workers of a deal need to find each other: bootstrap peers, parameters, addresses.
		fn subnet_record(deal: DealId) -> SubnetRecord;
		/// The staged change of a deal's application that is under way.
		fn rollout(deal: DealId) -> Option<RolloutInfo>;
	}
}
