//! Whose turn it is: the pass over all bids, and those that wait for a visit of their own.

use crate::{
	index::{queue::Queue, Index},
	types::{BookState, Generation, OrderKey, Pass, Place, Point, Turn},
	Aside, BidPlaces, BiddingAssets, Book, Config, Pallet, Pending,
};
use alloc::vec::Vec;
use core::cmp::Ordering;
use frame_support::{IterableStorageDoubleMap, StorageDoubleMap};
use marketplace_primitives::{EpochClock, OfferId, PaymentAsset};

/// A bid before which none of its kind stands, if there is any.
type Front = Option<(PaymentAsset, OrderKey)>;

/// A bid among others of its kind.
type Waiting = (PaymentAsset, OrderKey, OfferId);

impl<T: Config> Pallet<T> {
	/// Asks for a visit of the bid that stands at `place`.
	pub(crate) fn queue(offer: OfferId, place: &Place) {
		let (asset, key) = (place.asset(), place.key);
		if Pending::<T>::contains_key(asset, key) {
			return;
		}
		Pending::<T>::insert(asset, key, offer);
		Book::<T>::mutate(|book| {
			Self::join(&mut book.pending, &mut book.waiting_from, asset, key);
		});
	}

	pub(crate) fn unqueue(place: &Place) {
		if Pending::<T>::take(place.asset(), place.key).is_some() {
			Book::<T>::mutate(|book| Self::leave(&mut book.pending, &mut book.waiting_from));
		}
	}

	/// Counts a bid that comes to others, and sees to it that none stands before the one `from` which on they are
	/// looked for.
	pub(crate) fn join(count: &mut u32, from: &mut Front, asset: &PaymentAsset, key: OrderKey) {
		*count = count.saturating_add(1);
		let is_first = match from {
			Some((other, first)) => Self::order(asset, key, other, *first) == Ordering::Less,
			None => *count == 1,
		};
		if is_first {
			*from = Some((asset.clone(), key));
		}
	}

	/// Counts a bid out that has left.
	pub(crate) fn leave(count: &mut u32, from: &mut Front) {
		*count = count.saturating_sub(1);
		if *count == 0 {
			*from = None;
		}
	}

	/// The first bid that waits.
	fn first_waiting(state: &BookState) -> Option<Waiting> {
		if state.pending == 0 {
			return None;
		}
		let (first, from) = first_of::<Pending<T>>(&state.waiting_from)?;
		if from != state.waiting_from {
			Book::<T>::mutate(|book| book.waiting_from = from);
		}
		Some(first)
	}

	/// The first bid that stepped aside.
	fn first_aside(state: &BookState) -> Option<Turn> {
		if state.aside == 0 {
			return None;
		}
		let ((asset, key, offer), from) = first_of::<Aside<T>>(&state.aside_from)?;
		if from != state.aside_from {
			Book::<T>::mutate(|book| book.aside_from = from);
		}
		let place = BidPlaces::<T>::get(offer).filter(|place| place.key == key);
		frame_support::defensive_assert!(place.is_some(), "a bid is aside that is gone");
		if place.is_none() {
			Self::step_back(&Place { queue: Queue::Bids(asset), key, page: 0 });
		}
		Some(Turn::beside(offer, place?))
	}

	/// The bid whose turn it is: first one that all others wait for, then those that wait for a visit of their
	/// own and stand where the pass has been, then the next of the pass. Where no pass runs, those that stepped
	/// aside go on.
	pub(crate) fn next_turn(state: &BookState) -> Option<Turn> {
		if let Some(offer) = state.exposing {
			let place = BidPlaces::<T>::get(offer);
			frame_support::defensive_assert!(place.is_some(), "all bids wait for one that is gone");
			if let Some(place) = place {
				return Some(Turn::beside(offer, place));
			}
		}
		if let Some((asset, key, offer)) = Self::first_waiting(state) {
			if Self::was_passed(&state.pass, &asset, key) {
				if let Some(place) = BidPlaces::<T>::get(offer).filter(|place| place.key == key) {
					return Some(Turn::beside(offer, place));
				}
				frame_support::defensive!("a bid waits at a place where none stands");
				Self::unqueue(&Place { queue: Queue::Bids(asset), key, page: 0 });
			}
		}
		if !state.is_running() {
			return Self::first_aside(state);
		}
		let (place, offer) = Self::next_in_pass(&state.pass)?;
		Some(Turn { place, offer, in_pass: true })
	}

	/// The bid that the pass visits next.
	pub(crate) fn next_in_pass(pass: &Pass) -> Option<(Place, OfferId)> {
		let mut point = match pass {
			Pass::Done => return None,
			Pass::Start => Point::first(&BiddingAssets::<T>::iter_keys().next()?),
			Pass::After(point) => point.clone(),
		};
		loop {
			let queue = Queue::Bids(point.asset.clone());
			if let Some((key, page, id)) = Index::<T>::after(&queue, point.key, point.page) {
				return Some((Place { queue, key, page }, OfferId(id)));
			}
			// An asset that is counted has a bid: the second round finds one.
			let asset = BiddingAssets::<T>::iter_keys_from(Self::raw(&point.asset)).next()?;
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
		BiddingAssets::<T>::hashed_key_for(asset)
	}

	/// Up to which change supply is open to the bid at `place` now; `None` where it must wait
	/// for its turn, since bids that stand before it have not seen the supply yet.
	pub(crate) fn limit_for(place: &Place) -> Option<Generation> {
		let state = Book::<T>::get();
		match state.exposing {
			Some(_) => None,
			None => Self::open_to(&state, place),
		}
	}

	/// The same, for the bid that all others wait for as well.
	pub(crate) fn open_to(state: &BookState, place: &Place) -> Option<Generation> {
		let best = Index::<T>::after(&place.queue, OrderKey::FIRST, None);
		if best.is_some_and(|(key, ..)| key == place.key) {
			return Some(state.generation);
		}
		Self::had_their_turns(state, place).then_some(state.mark)
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

/// The first of the bids of a map, with where to begin the next search. This one begins at a bid before which none
/// stands: where many left in one block, their entries are not stepped over again.
fn first_of<Bids>(from: &Front) -> Option<(Waiting, Front)>
where
	Bids: StorageDoubleMap<PaymentAsset, OrderKey, OfferId, Query = Option<OfferId>>
		+ IterableStorageDoubleMap<PaymentAsset, OrderKey, OfferId>,
{
	let first = match from {
		None => Bids::iter().next(),
		Some((asset, key)) => match Bids::get(asset, key) {
			Some(offer) => Some((asset.clone(), *key, offer)),
			None => Bids::iter_from(Bids::hashed_key_for(asset, key)).next(),
		},
	};
	let (asset, key, offer) = first?;
	Some(((asset.clone(), key, offer), Some((asset, key))))
}
