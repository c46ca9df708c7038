//! Benchmarks of the call and of every step. What others do (making deals) is not part of them.

use crate::{
	index::{
		queue::Queue,
		segment::{Segment, TERM_CLASSES},
		Index,
	},
	types::{OrderKey, Pass, Place, Point, Turn},
	AskPlaces, BidCounts, BidPlaces, Book, Call, Config, Pallet, Picky, Progress, Segments,
	Supplies,
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{Get, Hooks},
	weights::Weight,
};
use frame_system::RawOrigin;
use marketplace_primitives::{
	Ask, AskId, BidTerms, EpochClock, OfferBook, OfferId, OrderBook, PaymentAsset, Price, Registry,
	UnitLedger, UnitsWanted, MAX_HARDWARE_CLASSES,
};

/// The price of every ask.
const PRICE: Price = 1_000;
/// The term of every offer.
// Short, so that asks of every segment may suit.
const TERM: u32 = 5;

/// A registered server under an ask of its own, which stands in the book.
fn add_ask<T: Config>(index: u32) -> (AskId, Ask) {
	let provider = account("provider", index, 0);
	let (server, id) = T::Registry::benchmark_server(&provider, PRICE);
	T::Units::benchmark_crowd(server);
	let ask = T::Registry::ask(id).expect("the ask was made");
	if !AskPlaces::<T>::contains_key(id) {
		Pallet::<T>::ask_set(id, &ask);
	}
	(id, ask)
}

/// Asks, each alone in a leaf of the bit maps: the dearest way to stand.
fn spread_out<T: Config>(count: u32) -> Vec<(AskId, Ask)> {
	let asks = (0..count).map(add_ask::<T>).collect::<Vec<_>>();
	for (rank, (id, _)) in (0..).step_by(1_024).zip(&asks) {
		let Place { queue, key, page } = AskPlaces::<T>::get(id).expect("it stands");
		Index::<T>::remove(&queue, key, page);
		let key = OrderKey::new(rank, key.sequence());
		let (page, _) = Index::<T>::push(&queue, key, id.0);
		if let Queue::Asks(asset, segment) = &queue {
			Index::<T>::note_opened(asset, *segment, rank);
		}
		AskPlaces::<T>::insert(id, Place { queue, key, page });
	}
	asks
}

/// Opens segments of an asset, with an order each at the level of the last of `asks` that are spread out, younger
/// than that: a visit of so many asks opens them all, and looks at none of theirs.
fn open_segments<T: Config>(asset: &PaymentAsset, asks: u32, count: u32) {
	let rank = asks.saturating_sub(1).saturating_mul(1_024);
	let all = (0..MAX_HARDWARE_CLASSES)
		.flat_map(|hardware| (0..TERM_CLASSES).map(move |term| Segment { hardware, term }));
	let known = Segments::<T>::get(asset);
	let new = all.filter(|segment| known.iter().all(|open| open.segment != *segment));
	for (sequence, segment) in (1_000_000..).zip(new).take(count as usize) {
		let key = OrderKey::new(rank, sequence);
		Index::<T>::push(&Queue::Asks(asset.clone(), segment), key, sequence);
		Index::<T>::note_opened(asset, segment, rank);
	}
}

/// An open offer that stands in the book and was not visited.
fn add_bid<T: Config>(index: u32, price: Price) -> (OfferId, Place) {
	let developer = account("developer", index, 0);
	let offer = T::Offers::benchmark_offer(&developer, 64, price, TERM);
	let terms = T::Offers::terms(offer).expect("the offer is open");
	let place = match BidPlaces::<T>::get(offer) {
		Some(place) => place,
		None => Pallet::<T>::insert_bid(offer, &terms),
	};
	(offer, place)
}

/// A bid that asks for distinct groups, and that the pass has been at.
fn add_picky_bid<T: Config>() {
	let (offer, place) = add_bid::<T>(7, PRICE);
	Picky::<T>::insert(offer, ());
	BidCounts::<T>::mutate(place.asset(), |bids| bids.picky = 1);
	Book::<T>::mutate(|book| book.pass = Pass::Done);
}

/// Terms that every ask of the benchmark suits and all of them together do not fulfil, so that a visit
/// looks at each to the last condition and makes no deal.
fn insatiable<T: Config>(offer: OfferId, asset: PaymentAsset) -> BidTerms<T::AccountId> {
	let mut terms = T::Offers::terms(offer).expect("the offer is open");
	terms.units = UnitsWanted { min: u32::MAX, target: u32::MAX };
	terms.placement.max_per_provider = Some(u32::MAX);
	terms.asset = asset;
	terms.max_price = Price::MAX;
	terms.tariff = Some(Price::MAX);
	terms
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn poke() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		let (first, _) = add_bid::<T>(0, PRICE + 1);
		let (offer, _) = add_bid::<T>(1, PRICE);
		assert!(BidPlaces::<T>::iter().count() >= 2 && first != offer);

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), offer);

		assert!(Book::<T>::get().is_running());
		Ok(())
	}

	#[benchmark]
	fn ask_set() -> Result<(), BenchmarkError> {
		// The dearer case: it had a place before, and the only one at its price, while a bid is picky.
		let (id, ask) = spread_out::<T>(2).pop().expect("two were made");
		add_picky_bid::<T>();

		#[block]
		{
			Pallet::<T>::ask_set(id, &ask);
		}

		assert!(Supplies::<T>::contains_key(ask.server));
		Ok(())
	}

	#[benchmark]
	fn server_changed() -> Result<(), BenchmarkError> {
		let (_, ask) = add_ask::<T>(0);
		add_picky_bid::<T>();

		#[block]
		{
			// As for a server with four asks.
			for _ in 0..4 {
				Pallet::<T>::server_changed(ask.server);
			}
		}

		assert!(Book::<T>::get().is_running());
		Ok(())
	}

	#[benchmark]
	fn bid_posted() -> Result<(), BenchmarkError> {
		add_bid::<T>(0, PRICE + 1);
		let (offer, place) = add_bid::<T>(1, PRICE);
		Pallet::<T>::bid_removed(offer, place.asset(), PRICE);

		#[block]
		{
			Pallet::<T>::bid_posted(offer);
		}

		assert!(BidPlaces::<T>::contains_key(offer));
		Ok(())
	}

	#[benchmark]
	fn visit(c: Linear<0, 64>, l: Linear<0, 64>) -> Result<(), BenchmarkError> {
		let asks = spread_out::<T>(c);
		let (offer, place) = add_bid::<T>(0, PRICE + 1);
		let asset = asks.first().map_or(place.asset().clone(), |(_, ask)| ask.asset.clone());
		let terms = insatiable::<T>(offer, asset.clone());
		open_segments::<T>(&asset, c, l);
		Book::<T>::mutate(|book| {
			book.epoch = 0;
			book.refresh(T::Clock::current());
		});
		let limit = Book::<T>::get().generation;

		#[block]
		{
			let state = Book::<T>::get();
			let turn = Pallet::<T>::next_turn(&state).expect("the bid stands");
			let progress: Progress<T> = Pallet::<T>::progress_of_turn(&turn, limit);
			let _ = T::Offers::terms(turn.offer);
			let Turn { place, offer, .. } = turn;
			Pallet::<T>::look(&place, offer, &terms, progress, c.min(T::MaxPlan::get()));
			Book::<T>::mutate(|book| book.pass = Pass::After(Point::behind(&place)));
		}

		assert_eq!(AskPlaces::<T>::iter().count(), asks.len());
		Ok(())
	}

	#[benchmark]
	fn drop_expired() -> Result<(), BenchmarkError> {
		let (offer, place) = add_bid::<T>(0, PRICE);
		let expiry = T::Offers::terms(offer).expect("the offer is open").expiry;
		T::Clock::benchmark_set(expiry + 1);
		let progress = Pallet::<T>::progress_of(offer, 0, 0);

		#[block]
		{
			Pallet::<T>::visit(&place, offer, progress, T::MaxCandidates::get());
		}

		assert!(!BidPlaces::<T>::contains_key(offer));
		Ok(())
	}

	#[benchmark]
	fn on_idle_base() -> Result<(), BenchmarkError> {
		add_bid::<T>(0, PRICE);
		Book::<T>::mutate(|book| {
			book.mark = book.generation;
			book.epoch = T::Clock::current();
		});
		assert!(Pallet::<T>::view_is_quiet());

		#[block]
		{
			Pallet::<T>::on_idle(1u32.into(), Weight::MAX);
		}

		assert!(Pallet::<T>::view_is_quiet());
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
