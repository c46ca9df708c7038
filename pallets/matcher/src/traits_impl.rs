//! What the other pallets tell the book.

use crate::{BidPlaces, Book, Config, Pallet, WeightInfo};
use frame_support::{traits::Get, weights::Weight};
use marketplace_primitives::{
	types::PaymentAsset, Ask, AskId, OfferId, OrderBook, Price, ServerId,
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

	fn bid_posted(id: OfferId) {
		let Some(terms) = Self::terms_of(id) else { return };
		let place = Self::insert_bid(id, &terms.asset, terms.max_price);
		let visited = Self::visit_now(id, T::MaxImmediate::get()).is_some();
		if !visited && Self::was_passed(&Book::<T>::get().pass, &place) {
			Self::queue(&place);
		}
	}

	fn bid_repriced(id: OfferId, _: &PaymentAsset, _: Price) {
		if !BidPlaces::<T>::contains_key(id) {
			return;
		}
		match Self::terms_of(id) {
			Some(terms) => {
				let place = Self::insert_bid(id, &terms.asset, terms.max_price);
				Self::queue(&place);
			},
			None => Self::remove_bid(id),
		}
	}

	fn bid_removed(id: OfferId, _: &PaymentAsset, _: Price) {
		Self::remove_bid(id);
	}

	fn ask_weight() -> Weight {
		T::WeightInfo::ask_set()
	}

	fn bid_weight() -> Weight {
		T::WeightInfo::bid_posted().saturating_add(Self::first_visit())
	}
}
