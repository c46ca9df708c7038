//! The index of asks and bids.

use crate::{
	types::{Ask, PaymentAsset},
	AskId, OfferId, ServerId,
};
use frame_support::weights::Weight;

/// The index of asks and bids. Given by `matcher`.
pub trait OrderBook<AccountId> {
	/// The ask stands from now on with these terms (its time priority starts now).
	fn ask_set(id: AskId, ask: &Ask);

	/// The ask is gone.
	fn ask_withdrawn(id: AskId, ask: &Ask);

	/// Units of the server became available: bids that found nothing look again.
	fn supply_changed(server: ServerId);

	/// What attestors vouch for of the server changed: its asks stand where they stood. Bids that may find a match because
	/// supply went look again.
	fn server_changed(server: ServerId);

	/// The offer stands from now on. Matches at once where the fills fit a small bound.
	/// Returns what that cost, of [`bid_weight`](Self::bid_weight) at most.
	fn bid_posted(id: OfferId) -> Weight;

	/// As [`bid_posted`](Self::bid_posted), but matched in one of the next blocks only.
	fn bid_queued(id: OfferId);

	/// The offer pays more from now on; its time priority starts again.
	fn bid_repriced(id: OfferId, asset: &PaymentAsset, old_price: crate::Price);

	/// The offer is gone.
	fn bid_removed(id: OfferId, asset: &PaymentAsset, price: crate::Price);

	/// What [`ask_set`](Self::ask_set) costs at most.
	fn ask_weight() -> Weight;

	/// What [`bid_posted`](Self::bid_posted) costs at most, with the fills that it makes at once.
	fn bid_weight() -> Weight;

	/// What [`server_changed`](Self::server_changed) costs at most.
	fn server_weight() -> Weight;

	/// Brings a bid of the book to where taking it out costs most, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_bid(id: OfferId);
}
