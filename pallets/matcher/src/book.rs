//! Who stands where: orders come and go.

use crate::{
	index::{
		queue::{Pushed, Queue, Unlinked},
		segment::Segment,
		Index,
	},
	types::{Generation, OrderKey, Pass, Place, Placed, Point, Supply},
	AskPlaces, BidPlaces, BiddingAssets, Book, Config, Event, Pallet, Picky, Supplies,
};
use frame_support::traits::Get;
use marketplace_primitives::{
	Ask, AskId, BidTerms, OfferId, PaymentAsset, Placement, Registry, ServerId,
};

/// Asks.
impl<T: Config> Pallet<T> {
	pub(crate) fn insert_ask(id: AskId, ask: &Ask) {
		Self::remove_ask(id, ask.server);
		let hardware = T::Registry::server(ask.server).map_or(0, |server| server.hardware);
		let segment = Segment::of(hardware, ask);
		let queue = Queue::Asks(ask.asset.clone(), segment);
		let key = OrderKey::ask(ask.price, Self::next_sequence());
		let Pushed { page, is_new_level, .. } = Index::<T>::push(&queue, key, id.0);
		if is_new_level {
			Index::<T>::note_opened(&ask.asset, segment, key.rank());
		}
		AskPlaces::<T>::insert(id, Place { queue, key, page });
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
			sequence: key.sequence(),
		});
	}

	pub(crate) fn remove_ask(id: AskId, server: ServerId) {
		let Some(Place { queue, key, page }) = AskPlaces::<T>::take(id) else { return };
		let unlinked = Index::<T>::remove(&queue, key, page);
		if let (Queue::Asks(asset, segment), Some(Unlinked { level_gone: true, .. })) =
			(&queue, unlinked)
		{
			Index::<T>::note_gone(asset, *segment, key.rank());
		}
		let asks = Supplies::<T>::get(server).map_or(0, |supply| supply.asks).saturating_sub(1);
		if asks > 0 {
			// A deal takes a server once, at its best ask: without that, bids may want the others.
			let changed = Self::next_generation();
			Supplies::<T>::insert(server, Supply { asks, changed });
		} else {
			Supplies::<T>::remove(server);
		}
		Self::deposit_event(Event::AskRemoved { ask: id });
		Self::note_loss(queue.asset());
	}

	/// Notes that `server` may have more to sell; nothing where it has no ask.
	pub(crate) fn touch_supply(server: ServerId) {
		if let Some(supply) = Supplies::<T>::get(server) {
			let changed = Self::next_generation();
			Supplies::<T>::insert(server, Supply { changed, ..supply });
		}
	}

	/// Supply of an asset went. Where bids are picky, the pass goes over them again.
	pub(crate) fn note_loss(asset: &PaymentAsset) {
		if BiddingAssets::<T>::get(asset).is_some_and(|picky| picky > 0) {
			Self::rewind(asset);
		}
	}
}

/// Bids.
impl<T: Config> Pallet<T> {
	pub(crate) fn insert_bid(id: OfferId, terms: &BidTerms<T::AccountId>) -> Placed {
		let (asset, price) = (&terms.asset, terms.max_price);
		if let Some(place) = BidPlaces::<T>::take(id) {
			Self::forget_place(id, &place);
		}
		let key = OrderKey::bid(price, Self::next_sequence());
		let queue = Queue::Bids(asset.clone());
		let Pushed { page, is_new_page, is_new_level } = Index::<T>::push(&queue, key, id.0);
		let is_first = is_new_level && !BiddingAssets::<T>::contains_key(asset);
		if is_first {
			BiddingAssets::<T>::insert(asset, 0);
		}
		let is_picky = terms.deal.is_none() && asks_for_groups(&terms.placement);
		if is_picky {
			Picky::<T>::insert(id, ());
			Self::count_picky(asset, |picky| picky.saturating_add(1));
		}
		let place = Place { queue, key, page };
		BidPlaces::<T>::insert(id, &place);
		let (asset, sequence) = (asset.clone(), key.sequence());
		Self::deposit_event(Event::BidPlaced { offer: id, asset, price, sequence });
		Placed { place, is_new_page, is_counted: is_first || is_picky }
	}

	pub(crate) fn remove_bid(id: OfferId) {
		let Some(place) = BidPlaces::<T>::take(id) else { return };
		Self::forget_place(id, &place);
		Self::deposit_event(Event::BidRemoved { offer: id });
	}

	/// Removes what is stored under a bid's place.
	fn forget_place(id: OfferId, place: &Place) {
		let unlinked = Index::<T>::remove(&place.queue, place.key, place.page);
		if let Some(Unlinked { page, to, .. }) = unlinked {
			// The pass goes on where the page that it stood on led to.
			Book::<T>::mutate(|book| match &mut book.pass {
				Pass::After(at) if at.page == Some(page) => at.page = to,
				_ => (),
			});
		}
		Self::no_longer_picky(id, place.asset());
		let level_gone = unlinked.is_some_and(|unlinked| unlinked.level_gone);
		if level_gone && Index::<T>::first_level(&place.queue).is_none() {
			BiddingAssets::<T>::remove(place.asset());
		}
		Self::unqueue(place);
		if Self::forget_progress(id, place) {
			Self::rewind(place.asset());
		}
	}

	/// The bid has opened its deal, or goes.
	pub(crate) fn no_longer_picky(id: OfferId, asset: &PaymentAsset) {
		if Picky::<T>::take(id).is_some() {
			Self::count_picky(asset, |picky| picky.saturating_sub(1));
		}
	}

	fn count_picky(asset: &PaymentAsset, change: impl FnOnce(u32) -> u32) {
		BiddingAssets::<T>::mutate_extant(asset, |picky| *picky = change(*picky));
	}

	/// Takes the pass back to the best bid of an asset, if it has been there. Where it was taken back often, the next
	/// pass begins when it ends, as if supply had changed: so no losses keep it from the last bid.
	pub(crate) fn rewind(asset: &PaymentAsset) {
		let first = Pass::After(Point::first(asset));
		Book::<T>::mutate(|book| {
			if book.pass == first || !Self::was_passed(&book.pass, asset, OrderKey::FIRST) {
				return;
			}
			if book.rewinds < T::MaxRewinds::get() {
				book.rewinds = book.rewinds.saturating_add(1);
				book.pass = first;
			} else {
				book.generation = book.generation.saturating_add(1);
			}
		});
	}
}

/// Counters.
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
}

/// Whether a deal opens only with units of several groups.
fn asks_for_groups<AccountId>(placement: &Placement<AccountId>) -> bool {
	let least = [placement.min_providers, placement.min_data_centers, placement.min_countries];
	least.iter().any(|groups| *groups > 1)
}
