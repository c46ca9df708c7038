//! Whose turn it is: the pass over all bids, and those that wait for a visit of their own.

use crate::{
	index::{queue::Queue, Index},
	types::{BookState, Generation, OrderKey, Pass, Place, Point, Turn},
	BidCounts, BidPlaces, Book, Config, Pallet, Pending,
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use marketplace_primitives::{EpochClock, OfferId, PaymentAsset};

impl<T: Config> Pallet<T> {
	/// Asks for a visit of the bid that stands at `place`.
	pub(crate) fn queue(offer: OfferId, place: &Place) {
		let (asset, key) = (place.asset(), place.key);
		if Pending::<T>::contains_key(asset, key) {
			return;
		}
		Pending::<T>::insert(asset, key, offer);
		Book::<T>::mutate(|book| {
			book.pending = book.pending.saturating_add(1);
			let is_first = match &book.waiting_from {
				Some((other, first)) => Self::order(asset, key, other, *first) == Ordering::Less,
				None => book.pending == 1,
			};
			if is_first {
				book.waiting_from = Some((asset.clone(), key));
			}
		});
	}

	pub(crate) fn unqueue(place: &Place) {
		if Pending::<T>::take(place.asset(), place.key).is_some() {
			Book::<T>::mutate(|book| {
				book.pending = book.pending.saturating_sub(1);
				if book.pending == 0 {
					book.waiting_from = None;
				}
			});
		}
	}

	/// The first bid that waits. The search begins at a bid before which none does: where many were visited
	/// in one block, their entries are not stepped over again.
	fn first_waiting(state: &BookState) -> Option<(PaymentAsset, OrderKey, OfferId)> {
		if state.pending == 0 {
			return None;
		}
		let Some((asset, key)) = &state.waiting_from else { return Pending::<T>::iter().next() };
		if let Some(offer) = Pending::<T>::get(asset, key) {
			return Some((asset.clone(), *key, offer));
		}
		let next = Pending::<T>::iter_from(Pending::<T>::hashed_key_for(asset, key)).next();
		if let Some((asset, key, _)) = &next {
			Book::<T>::mutate(|book| book.waiting_from = Some((asset.clone(), *key)));
		}
		next
	}

	/// The bid whose turn it is: first one that all others wait for, then those that wait for a visit of their
	/// own and stand where the pass has been, then the next of the pass.
	pub(crate) fn next_turn(state: &BookState) -> Option<Turn> {
		if let Some(offer) = state.exposing {
			let place = BidPlaces::<T>::get(offer);
			frame_support::defensive_assert!(place.is_some(), "all bids wait for one that is gone");
			if let Some(place) = place {
				return Some(Turn { place, offer, in_pass: false });
			}
		}
		if let Some((asset, key, offer)) = Self::first_waiting(state) {
			if Self::was_passed(&state.pass, &asset, key) {
				if let Some(place) = BidPlaces::<T>::get(offer).filter(|place| place.key == key) {
					return Some(Turn { place, offer, in_pass: false });
				}
				frame_support::defensive!("a bid waits at a place where none stands");
				Self::unqueue(&Place { queue: Queue::Bids(asset), key, page: 0 });
			}
		}
		let (place, offer) = Self::next_in_pass(&state.pass)?;
		Some(Turn { place, offer, in_pass: true })
	}

	/// The bid that the pass visits next.
	pub(crate) fn next_in_pass(pass: &Pass) -> Option<(Place, OfferId)> {
		let mut point = match pass {
			Pass::Done => return None,
			Pass::Start => Point::first(&BidCounts::<T>::iter_keys().next()?),
			Pass::After(point) => point.clone(),
		};
		loop {
			let queue = Queue::Bids(point.asset.clone());
			if let Some((key, page, id)) = Index::<T>::after(&queue, point.key, point.page) {
				return Some((Place { queue, key, page }, OfferId(id)));
			}
			// An asset that is counted has a bid: the second round finds one.
			let asset = BidCounts::<T>::iter_keys_from(Self::raw(&point.asset)).next()?;
			point = Point::first(&asset);
		}
	}

	/// Whether the pass, or the last one, has been at a place.
	pub(crate) fn was_passed(pass: &Pass, asset: &PaymentAsset, key: OrderKey) -> bool {
		match pass {
			Pass::Done => true,
			Pass::Start => false,
			Pass::After(at) => Self::order(asset, key, &at.asset, at.key) != Ordering::Greater,
		}
	}

	/// Where the pass comes first: with the book of which asset is a matter of its hash.
	fn order(a: &PaymentAsset, key: OrderKey, b: &PaymentAsset, other: OrderKey) -> Ordering {
		if a == b {
			key.cmp(&other)
		} else {
			Self::raw(a).cmp(&Self::raw(b))
		}
	}

	fn raw(asset: &PaymentAsset) -> Vec<u8> {
		BidCounts::<T>::hashed_key_for(asset)
	}

	/// Up to which change supply is open to the bid at `place` now; `None` where it must wait
	/// for its turn, since bids that stand before it have not seen the supply yet.
	pub(crate) fn limit_for(place: &Place) -> Option<Generation> {
		let state = Book::<T>::get();
		if state.exposing.is_some() {
			return None;
		}
		let best = Index::<T>::after(&place.queue, OrderKey::FIRST, None);
		if best.is_some_and(|(key, ..)| key == place.key) {
			return Some(state.generation);
		}
		Self::had_their_turns(&state, place).then_some(state.mark)
	}

	/// Up to which change the bid at `place`, and all that stand before it, have seen supply, so that what is
	/// left of it is what the rule left; `None` where one of them still waits for a visit.
	pub(crate) fn seen_by(place: &Place) -> Option<Generation> {
		let state = Book::<T>::get();
		let waits = Pending::<T>::contains_key(place.asset(), place.key);
		(!waits && Self::had_their_turns(&state, place)).then_some(state.mark)
	}

	/// Whether the pass of this epoch has been at a place, and no bid of the asset waits that stands before it, nor
	/// will look again.
	fn had_their_turns(state: &BookState, place: &Place) -> bool {
		let asset = place.asset();
		state.epoch == T::Clock::current()
			&& state.exposing.is_none()
			&& Self::was_passed(&state.pass, asset, place.key)
			&& !Self::waits_before(state, asset, place.key)
	}

	/// Whether a bid of the asset waits that stands before `key`.
	fn waits_before(state: &BookState, asset: &PaymentAsset, key: OrderKey) -> bool {
		match Self::first_waiting(state) {
			None => false,
			Some((first, at, _)) if first == *asset => at < key,
			Some(_) => {
				Pending::<T>::iter_key_prefix(asset).next().is_some_and(|waiting| waiting < key)
			},
		}
	}
}
