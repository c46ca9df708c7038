//! What the other pallets tell the book.

use crate::{
	bid::Bid,
	types::{Placed, Turn},
	AskPlaces, BidPlaces, Book, Config, Pallet, Place, WeightInfo,
};
use frame_support::{traits::Get, weights::Weight};
use marketplace_primitives::{
	types::PaymentAsset, Ask, AskId, BidTerms, OfferId, OrderBook, Price, Registry, ServerId,
};

impl<T: Config> OrderBook<T::AccountId> for Pallet<T> {
	fn ask_set(id: AskId, ask: &Ask) {
		Self::insert_ask(id, ask);
	}

	fn ask_withdrawn(id: AskId, ask: &Ask) {
		Self::remove_ask(id, ask.server);
	}

	fn supply_changed(server: ServerId) {
		Self::touch_supply(server);
	}

	fn bid_posted(id: OfferId) -> Weight {
		match Self::terms_of(id) {
			Some(terms) => Self::post_bid(id, terms),
			None => T::WeightInfo::bid_posted(0, 0),
		}
	}

	fn bid_queued(id: OfferId) {
		let Some(terms) = Self::terms_of(id) else { return };
		let Placed { place, .. } = Self::insert_bid(id, &terms);
		Self::queue_if_passed(id, &place);
	}

	fn bid_repriced(id: OfferId, _: &PaymentAsset, _: Price) {
		if !BidPlaces::<T>::contains_key(id) {
			return;
		}
		match Self::terms_of(id) {
			Some(terms) => {
				let Placed { place, .. } = Self::insert_bid(id, &terms);
				Self::queue(id, &place);
			},
			None => Self::remove_bid(id),
		}
	}

	fn bid_removed(id: OfferId, _: &PaymentAsset, _: Price) {
		Self::remove_bid(id);
	}

	fn server_changed(server: ServerId) {
		for ask in T::Registry::asks_of(server) {
			if let Some(place) = AskPlaces::<T>::get(ask) {
				Self::note_loss(place.asset());
			}
		}
	}

	fn server_weight() -> Weight {
		T::WeightInfo::server_changed()
	}

	fn ask_weight() -> Weight {
		T::WeightInfo::ask_set()
	}

	fn bid_weight() -> Weight {
		let visited = Self::first_visit().max(T::WeightInfo::bid_waits());
		T::WeightInfo::bid_posted(1, 1).saturating_add(visited)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_bid(id: OfferId) {
		if let Some(place) = BidPlaces::<T>::get(id) {
			crate::benchmarking::leave_most::<T>(id, &place);
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Puts a bid into the book and visits it, where that may be. Returns what that cost.
	pub(crate) fn post_bid(id: OfferId, terms: BidTerms<T::AccountId>) -> Weight {
		let Placed { place, is_new_page, is_counted } = Self::insert_bid(id, &terms);
		let placed = T::WeightInfo::bid_posted(is_new_page.into(), is_counted.into());
		let Some(fresh) = Self::limit_for(&place) else {
			return placed.saturating_add(Self::queue_if_passed(id, &place));
		};
		let bid = Bid::new(Turn::beside(id, place), Some(terms), fresh);
		let visit = Self::visit_now(bid, T::MaxImmediate::get());
		// One that finds nothing to look at is measured with the posting.
		let counted = if visit.seen == 0 { T::WeightInfo::visit_none(0) } else { Weight::zero() };
		placed.saturating_add(visit.weight.saturating_sub(counted))
	}

	/// Asks for a visit of a new bid where the pass does not come to it by itself. Returns what that cost.
	pub(crate) fn queue_if_passed(id: OfferId, place: &Place) -> Weight {
		if !Self::was_passed(&Book::<T>::get().pass, place.asset(), place.key) {
			return Weight::zero();
		}
		Self::queue(id, place);
		T::WeightInfo::bid_waits()
	}
}
