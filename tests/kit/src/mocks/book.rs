use super::state;
use frame_support::weights::Weight;
use marketplace_primitives::{Ask, AskId, OfferId, OrderBook, PaymentAsset, Price, ServerId};
use sp_runtime::AccountId32;

/// What the order book was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookCall {
	/// `ask_set`
	AskSet(AskId, Ask),
	/// `ask_withdrawn`
	AskWithdrawn(AskId, Ask),
	/// `supply_changed`
	SupplyChanged(ServerId),
	/// `server_changed`
	ServerChanged(ServerId),
	/// `bid_queued`
	BidQueued(OfferId),
	/// `bid_posted`
	BidPosted(OfferId),
	/// `bid_repriced` with the asset and the old price
	BidRepriced(OfferId, PaymentAsset, Price),
	/// `bid_removed` with the asset and the price
	BidRemoved(OfferId, PaymentAsset, Price),
}

/// An order book that writes down what it is told.
pub struct MockBook;

state!(MockBook, Vec<BookCall>, BOOK);

impl MockBook {
	/// What it was told since the last time, in order.
	pub fn take() -> Vec<BookCall> {
		Self::with(std::mem::take)
	}

	fn note(call: BookCall) {
		Self::with(|calls| calls.push(call));
	}
}

impl OrderBook<AccountId32> for MockBook {
	fn ask_set(id: AskId, ask: &Ask) {
		Self::note(BookCall::AskSet(id, ask.clone()));
	}

	fn ask_withdrawn(id: AskId, ask: &Ask) {
		Self::note(BookCall::AskWithdrawn(id, ask.clone()));
	}

	fn supply_changed(server: ServerId) {
		Self::note(BookCall::SupplyChanged(server));
	}

	fn server_changed(server: ServerId) {
		Self::note(BookCall::ServerChanged(server));
	}

	fn bid_queued(id: OfferId) {
		Self::note(BookCall::BidQueued(id));
	}

	fn bid_posted(id: OfferId) -> Weight {
		Self::note(BookCall::BidPosted(id));
		Weight::zero()
	}

	fn bid_repriced(id: OfferId, asset: &PaymentAsset, old_price: Price) {
		Self::note(BookCall::BidRepriced(id, asset.clone(), old_price));
	}

	fn bid_removed(id: OfferId, asset: &PaymentAsset, price: Price) {
		Self::note(BookCall::BidRemoved(id, asset.clone(), price));
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_bid(_: OfferId) {}

	fn server_weight() -> Weight {
		Weight::zero()
	}

	fn ask_weight() -> Weight {
		Weight::from_parts(1_000, 0)
	}

	fn bid_weight() -> Weight {
		Weight::from_parts(10_000, 0)
	}
}
