//! What the other pallets tell the book.

use crate::{bid::Bid, types::Turn, AskPlaces, BidPlaces, Book, Config, Pallet, Place, WeightInfo};
use frame_support::{traits::Get, weights::Weight};
use marketplace_primitives::{
	types::PaymentAsset, Ask, AskId, OfferId, OrderBook, Price, Registry, ServerId,
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
		let placed = T::WeightInfo::bid_posted();
		let Some(terms) = Self::terms_of(id) else { return placed };
		let place = Self::insert_bid(id, &terms);
		let Some(fresh) = Self::limit_for(&place) else {
			Self::queue_if_passed(id, &place);
			return placed;
		};
		let bid = Bid::new(Turn::beside(id, place), Some(terms), fresh);
		placed.saturating_add(Self::visit_now(bid, T::MaxImmediate::get()).weight)
	}

	fn bid_queued(id: OfferId) {
		let Some(terms) = Self::terms_of(id) else { return };
		let place = Self::insert_bid(id, &terms);
		Self::queue_if_passed(id, &place);
	}

	fn bid_repriced(id: OfferId, _: &PaymentAsset, _: Price) {
		if !BidPlaces::<T>::contains_key(id) {
			return;
		}
		match Self::terms_of(id) {
			Some(terms) => {
				let place = Self::insert_bid(id, &terms);
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
		T::WeightInfo::bid_posted().saturating_add(Self::first_visit())
	}
}

impl<T: Config> Pallet<T> {
	/// Asks for a visit of a new bid where the pass does not come to it by itself.
	fn queue_if_passed(id: OfferId, place: &Place) {
		if Self::was_passed(&Book::<T>::get().pass, place.asset(), place.key) {
			Self::queue(id, place);
		}
	}
}
