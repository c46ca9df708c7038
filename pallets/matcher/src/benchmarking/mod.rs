//! Benchmarks of the call and of every step. What others do (making deals) is not part of them.

mod setup;
pub(crate) use setup::leave_most;

use crate::{
	bid::Bid,
	scan::Basket,
	types::{Pass, Point, Turn},
	BidPlaces, Book, Call, Config, Error, Pallet, Picky, Progress, Progresses, Supplies,
};
use frame_benchmarking::v2::*;
use frame_support::{
	traits::{Get, Hooks},
	weights::Weight,
};
use frame_system::RawOrigin;
use marketplace_primitives::{DealId, Deals, EpochClock, OfferBook, OrderBook};
use setup::*;

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn poke() -> Result<(), BenchmarkError> {
		let caller: T::AccountId = whitelisted_caller();
		let (first, _) = add_bid::<T>(0, PRICE + 1);
		let (offer, place) = add_bid::<T>(1, PRICE);
		assert!(BidPlaces::<T>::iter().count() >= 2 && first != offer);
		// The dearest turn to come to: a pass has come to its end, and the next is due.
		Book::<T>::mutate(|book| {
			book.pass = Pass::After(Point::last(place.asset()));
			book.generation = book.generation.saturating_add(1);
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(caller), offer);

		let book = Book::<T>::get();
		assert!(book.is_running() && book.mark == book.generation);
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
	fn bid_posted(l: Linear<0, 1>, g: Linear<0, 1>) -> Result<(), BenchmarkError> {
		let offer = bid_to_post::<T>(l == 0);

		#[block]
		{
			let mut terms = T::Offers::terms(offer).expect("the offer is open");
			terms.placement.min_providers = 2 * g;
			Pallet::<T>::post_bid(offer, terms);
		}

		assert!(BidPlaces::<T>::contains_key(offer));
		assert_eq!(Picky::<T>::contains_key(offer), g == 1);
		// it was visited
		assert!(Book::<T>::get().pending <= 1);
		Ok(())
	}

	#[benchmark]
	fn bid_waits() -> Result<(), BenchmarkError> {
		let (offer, place) = add_bid::<T>(1, PRICE);
		let weight;

		#[block]
		{
			weight = Pallet::<T>::queue_if_passed(offer, &place);
		}

		assert!(weight.any_gt(Weight::zero()));
		assert_eq!(Book::<T>::get().pending, 1);
		Ok(())
	}

	#[benchmark]
	fn visit(c: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let asks = c.min(T::MaxPlan::get());
		let offer = returning_to::<T>(asks, 1);

		#[block]
		{
			visit_next::<T>(asks);
		}

		assert_eq!(planned::<T>(offer), asks);
		Ok(())
	}

	// A benchmark of its own: of two components the tool takes the least that it saw of the one at the most of the
	// other for what every visit costs.
	#[benchmark]
	fn visit_segments(l: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let offer = returning_to::<T>(1, l);

		#[block]
		{
			visit_next::<T>(1);
		}

		assert_eq!(planned::<T>(offer), 1);
		Ok(())
	}

	#[benchmark]
	fn visit_none(l: Linear<0, 64>) -> Result<(), BenchmarkError> {
		let (offer, place, progress) =
			add_returning_bid::<T>(|asset| open_segments::<T>(asset, 0, l));
		put_aside::<T>(offer, &place, progress);

		#[block]
		{
			visit_next::<T>(T::MaxCandidates::get());
		}

		assert!(!Progresses::<T>::contains_key(offer));
		Ok(())
	}

	#[benchmark]
	fn matched() -> Result<(), BenchmarkError> {
		let (offer, place) = add_picky_bid::<T>();
		let terms = T::Offers::terms(offer).expect("the offer is open");
		let wish = Pallet::<T>::wish(&terms, place.key.sequence()).expect("it wants units");
		let (mut progress, basket) = (Progress::default(), Basket::new(&wish));

		#[block]
		{
			Pallet::<T>::matched(offer, DealId(0), &wish, &mut progress, &basket);
			Pallet::<T>::remove_bid(offer);
		}

		assert!(!BidPlaces::<T>::contains_key(offer));
		assert!(!Picky::<T>::contains_key(offer));
		Ok(())
	}

	#[benchmark]
	fn solve(p: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let picks = picks::<T>(p.min(T::MaxPlan::get()));
		let (offer, _) = add_bid::<T>(0, PRICE + 1);
		let (behind, place) = add_bid::<T>(1, PRICE);
		Book::<T>::mutate(|book| {
			book.mark = book.generation;
			book.epoch = T::Clock::current();
		});
		Pallet::<T>::queue(behind, &place);
		let refused;

		#[block]
		{
			let left = left_over::<T>(offer);
			// Bids of running deals ask for these too.
			let _ = (T::Deals::end(DealId(0)), T::Deals::placed(DealId(0)));
			refused = Pallet::<T>::judge(&left, &picks).map(drop);
		}

		// All of them are looked at.
		assert!(matches!(refused, Err(Error::<T>::TooFewGroups)));
		Ok(())
	}

	#[benchmark]
	fn drop_expired() -> Result<(), BenchmarkError> {
		let (offer, place) = add_picky_bid::<T>();
		let expiry = T::Offers::terms(offer).expect("the offer is open").expiry;
		T::Clock::benchmark_set(expiry + 1);
		let found;

		#[block]
		{
			let turn = Turn::beside(offer, place);
			let bid = Bid::<T>::read(turn, &Book::<T>::get(), 0);
			found = Pallet::<T>::visit(bid, T::MaxCandidates::get());
		}

		assert!(found.fruitful);
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
