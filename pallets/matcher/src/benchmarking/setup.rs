//! Books to measure.

use crate::{
	bid::Bid,
	index::{
		merge::{Mark, Position},
		queue::{Queue, Rank},
		segment::{Segment, TERM_CLASSES},
		Index,
	},
	solve::Left,
	types::{OrderKey, Pass, Place, Turn},
	visit::End,
	AskPlaces, BidPlaces, BiddingAssets, Book, Config, Pallet, Picky, Progress, Progresses,
	Segments, Supplies,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{traits::Get, BoundedVec};
use marketplace_primitives::{
	AccessList, Ask, AskId, BidTerms, DealId, Deals, EpochClock, OfferBook, OfferId, OrderBook,
	PaymentAsset, Placement, Price, Registry, UnitLedger, Units, UnitsWanted, MAX_HARDWARE_CLASSES,
};

/// The price of every ask.
pub(super) const PRICE: Price = 1_000;
/// The term of every offer.
// Short, so that asks of every segment may suit.
pub(super) const TERM: u32 = 5;

/// A registered server under an ask of its own, which stands in the book.
pub(super) fn add_ask<T: Config>(index: u32) -> (AskId, Ask) {
	let provider = account("provider", index, 0);
	let (server, id) = T::Registry::benchmark_server(&provider, PRICE);
	T::Units::benchmark_crowd(server);
	T::Units::benchmark_due(server);
	let ask = T::Registry::ask(id).expect("the ask was made");
	if !AskPlaces::<T>::contains_key(id) {
		Pallet::<T>::ask_set(id, &ask);
	}
	// As if the server had others: then more is asked of the ledger.
	Supplies::<T>::mutate_extant(ask.server, |supply| supply.asks = 4);
	(id, ask)
}

/// Levels from one ask that is spread out to the next: a leaf of the bit maps.
pub(super) const APART: Rank = 1_024;

/// Added to the sequence of an ask that is moved, which no page has as its name. Less than that of orders of no ask.
pub(super) const MOVED: u64 = 100_000;

/// Asks, each alone in a leaf of the bit maps: the dearest way to stand.
pub(super) fn spread_out<T: Config>(count: u32) -> Vec<(AskId, Ask)> {
	let asks = (0..count).map(add_ask::<T>).collect::<Vec<_>>();
	for (rank, (id, _)) in (APART..).step_by(APART as usize).zip(&asks) {
		let Place { queue, key, page } = AskPlaces::<T>::get(id).expect("it stands");
		let Queue::Asks(asset, segment) = &queue else { panic!("an ask stands among asks") };
		if Index::<T>::remove(&queue, key, page).is_some_and(|page| page.level_gone) {
			Index::<T>::note_gone(asset, *segment, key.rank());
		}
		// a page is known by the sequence of its first order: the old one may still be there
		let key = OrderKey::new(rank, MOVED.saturating_add(key.sequence()));
		let page = Index::<T>::push(&queue, key, id.0).page;
		Index::<T>::note_opened(asset, *segment, rank);
		AskPlaces::<T>::insert(id, Place { queue, key, page });
	}
	asks
}

/// Puts an order of no ask into a segment.
pub(super) fn stand_in<T: Config>(
	asset: &PaymentAsset,
	segment: Segment,
	rank: Rank,
	sequence: u64,
) -> Mark {
	let queue = Queue::Asks(asset.clone(), segment);
	let page = Index::<T>::push(&queue, OrderKey::new(rank, sequence), sequence).page;
	Index::<T>::note_opened(asset, segment, rank);
	Mark { segment, page }
}

/// Sees to it that `count` segments of an asset are open. Those that were not have an order at the level of the
/// last of `asks` that are spread out, younger than that: a visit of so many asks opens them all, and looks at
/// none of theirs. All have one at the first level, which an earlier visit has seen: returns where it stopped, so
/// that the next has to find its place in each.
pub(super) fn open_segments<T: Config>(asset: &PaymentAsset, asks: u32, count: u32) -> Position {
	let known = Segments::<T>::get(asset).into_iter().map(|open| open.segment);
	let known = known.collect::<Vec<_>>();
	let all = (0..MAX_HARDWARE_CLASSES)
		.flat_map(|hardware| (0..TERM_CLASSES).map(move |term| Segment { hardware, term }));
	let new = all.filter(|segment| !known.contains(segment));
	let new = new.take((count as usize).saturating_sub(known.len())).collect::<Vec<_>>();
	for (sequence, segment) in (1_000_000..).zip(&new) {
		stand_in::<T>(asset, *segment, asks.saturating_mul(APART), sequence);
	}
	let marks = (2_000_000..)
		.zip(known.into_iter().chain(new))
		.map(|(sequence, segment)| stand_in::<T>(asset, segment, 0, sequence));
	let marks = BoundedVec::truncate_from(marks.collect());
	Position { key: OrderKey::new(0, 3_000_000), marks }
}

/// An open offer that stands in the book and was not visited.
pub(super) fn add_bid<T: Config>(index: u32, price: Price) -> (OfferId, Place) {
	let developer = account("developer", index, 0);
	let offer = T::Offers::benchmark_offer(&developer, 64, price, TERM);
	let terms = T::Offers::terms(offer).expect("the offer is open");
	let place = match BidPlaces::<T>::get(offer) {
		Some(place) => place,
		None => Pallet::<T>::insert_bid(offer, &terms).place,
	};
	(offer, place)
}

/// An offer that the book is about to be told of, and that finds no ask. It stands before one that waits, and behind one
/// that is `at_its_price` or has leaves of its own.
pub(super) fn bid_to_post<T: Config>(at_its_price: bool) -> OfferId {
	let (offer, place) = add_bid::<T>(1, PRICE);
	Pallet::<T>::bid_removed(offer, place.asset(), PRICE);
	Book::<T>::mutate(|book| {
		book.mark = book.generation;
		book.epoch = T::Clock::current();
	});
	add_bid::<T>(0, if at_its_price { PRICE } else { PRICE * 100 });
	let (behind, its_place) = add_bid::<T>(2, PRICE / 100);
	Pallet::<T>::queue(behind, &its_place);
	offer
}

/// Lets a bid step aside, with what its visits have kept.
pub(super) fn put_aside<T: Config>(offer: OfferId, place: &Place, progress: Progress<T>) {
	let turn = Turn::beside(offer, place.clone());
	let progress = Progress { looked: T::Patience::get(), ..progress };
	assert_eq!(Pallet::<T>::unfinished(&turn, progress), End::Aside);
}

/// A bid that asks for distinct groups, alone in the book, that the pass has been at, and that stepped aside: of all
/// bids it leaves the most behind.
pub(super) fn add_picky_bid<T: Config>() -> (OfferId, Place) {
	let (offer, place) = add_bid::<T>(7, PRICE);
	leave_most::<T>(offer, &place);
	(offer, place)
}

/// Lets a bid leave as much behind as can be.
pub(crate) fn leave_most<T: Config>(offer: OfferId, place: &Place) {
	// those of running deals need no groups
	if T::Offers::terms(offer).is_some_and(|terms| terms.deal.is_none()) {
		Picky::<T>::insert(offer, ());
		BiddingAssets::<T>::insert(place.asset(), 1);
	}
	Book::<T>::mutate(|book| book.pass = Pass::Done);
	put_aside::<T>(offer, place, unfinished::<T>(None));
}

/// What an unfinished visit has kept that stopped at `cursor`, with as many refusals as a bid bears. It began with more
/// supply than its turn offers, so that it has to be found out what is open to it now.
pub(super) fn unfinished<T: Config>(cursor: Option<Position>) -> Progress<T> {
	let book = Book::<T>::get();
	let refusals = T::MaxPlan::get().saturating_sub(1).into();
	let skipped = (0..refusals).map(|ask| AskId(u64::MAX.saturating_sub(ask))).collect();
	let skipped = BoundedVec::truncate_from(skipped);
	let limit = book.generation.saturating_add(1);
	Progress { cursor, skipped, ..Progress::begin(limit, T::Clock::current()) }
}

/// The bid whose turn it is in a pass that has just begun. It was here before and stopped at `cursor`. One that
/// stands behind it waits, and has to be looked for.
pub(super) fn add_returning_bid<T: Config>(
	cursor: impl FnOnce(&PaymentAsset) -> Position,
) -> (OfferId, Place, Progress<T>) {
	let (offer, place) = add_bid::<T>(0, PRICE + 1);
	let (behind, its_place) = add_bid::<T>(1, PRICE);
	Pallet::<T>::queue(behind, &its_place);
	Book::<T>::mutate(|book| {
		book.waiting_from = Some((place.asset().clone(), OrderKey::FIRST));
		book.epoch = 0;
		book.refresh(T::Clock::current());
	});
	let progress = unfinished::<T>(Some(cursor(place.asset())));
	(offer, place, progress)
}

/// A bid that comes back to look at `asks`, for which it opens so many segments. There is one ask more, so that it
/// needs a further visit. It waits for one of its own, and will step aside after this.
pub(super) fn returning_to<T: Config>(asks: u32, segments: u32) -> OfferId {
	let all = spread_out::<T>(asks.saturating_add(1));
	let (offer, place, progress) = add_returning_bid::<T>(|asset| {
		assert!(all.iter().all(|(_, ask)| ask.asset == *asset));
		open_segments::<T>(asset, asks, segments)
	});
	let progress = Progress { looked: T::Patience::get(), exposed: true, ..progress };
	Progresses::<T>::insert(offer, progress);
	Pallet::<T>::queue(offer, &place);
	offer
}

/// How many asks of its plan a bid keeps that stepped aside.
pub(super) fn planned<T: Config>(offer: OfferId) -> u32 {
	let kept = Progresses::<T>::get(offer).expect("the visit is unfinished");
	assert!(kept.aside);
	kept.planned()
}

/// Terms that every ask of the benchmark suits, though not at first sight, and all of them together do not
/// fulfil, so that a visit looks at each to the last condition and makes no deal.
pub(super) fn insatiable<T: Config>(terms: BidTerms<T::AccountId>) -> BidTerms<T::AccountId> {
	let others = (0..32).map(|index| account("other", index, 0)).collect();
	let placement = Placement {
		max_per_provider: Some(u32::MAX),
		max_per_data_center: Some(u32::MAX),
		max_per_server: Some(u32::MAX),
		min_providers: 1_000,
		min_data_centers: 1_000,
		min_countries: 1_000,
		providers: AccessList::Deny(BoundedVec::truncate_from(others)),
		..terms.placement
	};
	let units = UnitsWanted { min: u32::MAX, target: u32::MAX };
	BidTerms { units, placement, max_price: Price::MAX, tariff: Some(Price::MAX), ..terms }
}

/// The bid of an offer that was left, with terms that every ask of the benchmark suits and no asks fulfil. A bid that
/// stands behind it waits for a visit, so that it has to be told which comes first.
pub(super) fn left_over<T: Config>(offer: OfferId) -> Left<T::AccountId> {
	let Ok(left) = Pallet::<T>::left_of(offer) else { panic!("it was visited") };
	let mut terms = insatiable::<T>(left.terms);
	terms.units.min = 1;
	Left { terms, ..left }
}

/// A unit that is for sale of each of `count` asks.
pub(super) fn picks<T: Config>(count: u32) -> Vec<(AskId, Units)> {
	let end = T::Clock::current().saturating_add(1).saturating_add(TERM);
	let asks = spread_out::<T>(count).into_iter();
	asks.map(|(id, ask)| (id, T::Units::available(ask.server, ask.units, end).units.take(1)))
		.collect()
}

/// The visit of the bid whose turn it is, with what comes before it, for `candidates` asks.
pub(super) fn visit_next<T: Config>(candidates: u32) {
	let state = Book::<T>::get();
	let turn = Pallet::<T>::next_turn(&state).expect("the bid stands");
	let mut bid = Bid::<T>::of_turn(turn, &state);
	assert!(bid.turn.in_pass);
	bid.terms = bid.terms.map(insatiable::<T>);
	// Bids of running deals ask for these too.
	let _ = (T::Deals::end(DealId(0)), T::Deals::placed(DealId(0)));
	Pallet::<T>::take_turn(bid, candidates);
}
