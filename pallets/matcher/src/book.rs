//! The index: who stands where.

use crate::{
	types::{BookState, Generation, OrderKey, Pass, Place, Supply, Turn},
	AskPlaces, Asks, BidPlaces, Bids, Book, Config, Event, Pallet, Pending, Progresses, Supplies,
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use marketplace_primitives::{Ask, AskId, EpochClock, OfferId, PaymentAsset, Price, ServerId};

impl<T: Config> Pallet<T> {
	/// The next sequence number. 64 bits outlast any chain, so the counter merely saturates.
	fn next_sequence() -> u64 {
		Book::<T>::mutate(|book| {
			book.sequence = book.sequence.saturating_add(1);
			book.sequence
		})
	}

	/// Notes a change of supply and returns its number.
	fn next_generation() -> Generation {
		Book::<T>::mutate(|book| {
			book.generation = book.generation.saturating_add(1);
			book.generation
		})
	}

	pub(crate) fn insert_ask(id: AskId, ask: &Ask) {
		Self::remove_ask(id, ask.server);
		let sequence = Self::next_sequence();
		let key = OrderKey::ask(ask.price, sequence);
		Asks::<T>::insert(&ask.asset, key, id);
		AskPlaces::<T>::insert(id, Place { asset: ask.asset.clone(), key });
		let changed = Self::next_generation();
		Supplies::<T>::mutate(ask.server, |supply| {
			let asks = supply.map_or(0, |supply| supply.asks).saturating_add(1);
			*supply = Some(Supply { asks, changed });
		});
		Self::deposit_event(Event::AskPlaced {
			ask: id,
			server: ask.server,
			asset: ask.asset.clone(),
			price: ask.price,
			sequence,
		});
	}

	pub(crate) fn remove_ask(id: AskId, server: ServerId) {
		let Some(place) = AskPlaces::<T>::take(id) else { return };
		Asks::<T>::remove(&place.asset, place.key);
		Supplies::<T>::mutate_exists(server, |slot| {
			*slot = slot.and_then(|supply| {
				let asks = supply.asks.saturating_sub(1);
				(asks > 0).then_some(Supply { asks, ..supply })
			});
		});
		Self::deposit_event(Event::AskRemoved { ask: id });
	}

	/// Notes that `server` may have more to sell; nothing where it has no ask.
	pub(crate) fn touch_supply(server: ServerId) {
		if let Some(supply) = Supplies::<T>::get(server) {
			let changed = Self::next_generation();
			Supplies::<T>::insert(server, Supply { changed, ..supply });
		}
	}

	pub(crate) fn insert_bid(id: OfferId, asset: &PaymentAsset, price: Price) -> Place {
		if let Some(place) = BidPlaces::<T>::take(id) {
			Self::forget_place(id, &place);
		}
		let sequence = Self::next_sequence();
		let place = Place { asset: asset.clone(), key: OrderKey::bid(price, sequence) };
		Bids::<T>::insert(asset, place.key, id);
		BidPlaces::<T>::insert(id, &place);
		Self::deposit_event(Event::BidPlaced { offer: id, asset: asset.clone(), price, sequence });
		place
	}

	pub(crate) fn remove_bid(id: OfferId) {
		let Some(place) = BidPlaces::<T>::take(id) else { return };
		Self::forget_place(id, &place);
		Self::deposit_event(Event::BidRemoved { offer: id });
	}

	/// Removes what is stored under a bid's place.
	fn forget_place(id: OfferId, place: &Place) {
		Bids::<T>::remove(&place.asset, place.key);
		Self::unqueue(place);
		if Progresses::<T>::take(id).is_some_and(|progress| progress.exposed) {
			Self::rewind(&place.asset);
		}
	}

	/// Asks for a visit of the bid that stands at `place`.
	pub(crate) fn queue(place: &Place) {
		if !Pending::<T>::contains_key(&place.asset, place.key) {
			Pending::<T>::insert(&place.asset, place.key, ());
			Book::<T>::mutate(|book| book.pending = book.pending.saturating_add(1));
		}
	}

	pub(crate) fn unqueue(place: &Place) {
		if Pending::<T>::take(&place.asset, place.key).is_some() {
			Book::<T>::mutate(|book| book.pending = book.pending.saturating_sub(1));
		}
	}

	/// Where the pass comes first: with the book of which asset is a matter of its hash.
	pub(crate) fn order(a: &Place, b: &Place) -> Ordering {
		if a.asset == b.asset {
			a.key.cmp(&b.key)
		} else {
			Self::raw(a).cmp(&Self::raw(b))
		}
	}

	fn raw(place: &Place) -> Vec<u8> {
		Bids::<T>::hashed_key_for(&place.asset, place.key)
	}

	/// The bid that the pass visits next.
	pub(crate) fn next_in_pass(pass: &Pass) -> Option<(Place, OfferId)> {
		let next = match pass {
			Pass::Done => None,
			Pass::Start => Bids::<T>::iter().next(),
			Pass::After(place) => Bids::<T>::iter_from(Self::raw(place)).next(),
		};
		next.map(|(asset, key, offer)| (Place { asset, key }, offer))
	}

	/// The bid whose turn it is: first those that wait for a visit of their own and stand where the
	/// pass has been, then the next of the pass.
	pub(crate) fn next_turn(state: &BookState) -> Option<Turn> {
		if state.pending > 0 {
			if let Some((asset, key)) = Pending::<T>::iter_keys().next() {
				let place = Place { asset, key };
				if Self::was_passed(&state.pass, &place) {
					if let Some(offer) = Bids::<T>::get(&place.asset, place.key) {
						return Some(Turn { place, offer, in_pass: false });
					}
					frame_support::defensive!("a bid waits at a place where none stands");
					Self::unqueue(&place);
				}
			}
		}
		Self::next_in_pass(&state.pass).map(|(place, offer)| Turn { place, offer, in_pass: true })
	}

	/// Takes the pass back to the best bid of an asset, if it has been there.
	pub(crate) fn rewind(asset: &PaymentAsset) {
		let first = Place { asset: asset.clone(), key: OrderKey::FIRST };
		Book::<T>::mutate(|book| {
			if Self::was_passed(&book.pass, &first) {
				book.pass = Pass::After(first);
			}
		});
	}

	/// Whether the pass, or the last one, has been at `place`.
	pub(crate) fn was_passed(pass: &Pass, place: &Place) -> bool {
		match pass {
			Pass::Done => true,
			Pass::Start => false,
			Pass::After(at) => Self::order(place, at) != Ordering::Greater,
		}
	}

	/// Up to which change supply is open to the bid at `place` now; `None` where it must wait
	/// for its turn, since bids that stand before it have not seen the supply yet.
	pub(crate) fn limit_for(place: &Place) -> Option<Generation> {
		let state = Book::<T>::get();
		if Bids::<T>::iter_key_prefix(&place.asset).next() == Some(place.key) {
			return Some(state.generation);
		}
		let waits = state.epoch != T::Clock::current()
			|| !Self::was_passed(&state.pass, place)
			|| Pending::<T>::iter_key_prefix(&place.asset)
				.next()
				.is_some_and(|key| key < place.key);
		(!waits).then_some(state.mark)
	}
}
