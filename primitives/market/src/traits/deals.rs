//! Where matches become deals.

use crate::{
	types::{Balance, BidTerms, Epoch, Fill, Placed},
	DealId, OfferId, ServerId,
};
use frame_support::weights::Weight;
use sp_runtime::DispatchError;

/// Who looks after deals that miss units, or hold none any more. Given by `deals`.
pub trait DealWatch {
	/// A report of `server` shows that `deals`, 64 at most, miss units of it: lost, silent, or never accepted; or that they
	/// hold none of it any more, and can be [released](crate::UnitLedger::release). Only notes it.
	fn units_missing(server: ServerId, deals: alloc::vec::Vec<DealId>);

	/// What [`units_missing`](Self::units_missing) costs at most.
	fn watch_weight() -> Weight;
}

/// Fills that were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
	/// The deal that they are part of.
	pub deal: DealId,
	/// What making them weighed, [`fill_weight`](Deals::fill_weight) at most.
	pub weight: Weight,
}

/// Where matches become deals. Given by `deals`.
pub trait Deals<AccountId> {
	/// Opens the deal of `offer`, or joins the one that it has, with these fills: reserves the units,
	/// splits the escrow, tells the [`OfferBook`](crate::OfferBook). All of it or nothing.
	///
	/// # Errors
	/// Where one of the units or the money is not there, or the deal has no room for more servers.
	fn fill(
		offer: OfferId,
		terms: &BidTerms<AccountId>,
		fills: &[Fill<AccountId>],
	) -> Result<Filled, DispatchError>;

	/// Pays `solver` up to `amount` for a match that it found, out of what the escrow of `deal` holds beyond
	/// what its servers may earn. Returns what was paid.
	///
	/// # Errors
	/// Where the deal is unknown.
	fn reward(deal: DealId, solver: &AccountId, amount: Balance) -> Result<Balance, DispatchError>;

	/// The servers of `deal`, those included that gave their units up: a deal takes units of a server once.
	fn placed(deal: DealId) -> alloc::vec::Vec<Placed<AccountId>>;

	/// The most servers that a deal ever has, those included that gave their units up.
	fn most_servers() -> u32;

	/// The epoch with whose start the deal ends, if it runs.
	fn end(deal: DealId) -> Option<Epoch>;

	/// What [`fill`](Self::fill) costs at most for `servers` fills.
	fn fill_weight(servers: u32) -> Weight;

	/// What [`reward`](Self::reward) costs at most.
	fn reward_weight() -> Weight;
}
