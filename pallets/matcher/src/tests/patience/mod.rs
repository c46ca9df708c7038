//! Bids that look at more asks than others bear to wait for.

mod leaves;
mod losses;
mod property;
mod rest;

use super::world::*;
use crate::{mock::*, Aside, Book, Pass, Progresses};
use frame_support::assert_ok;
use marketplace_primitives::{Ask, Attributes, EpochClock, OfferId};
use marketplace_testkit::{provider, stranger, MockUnits};

/// What one visit looks at at most.
const VISIT: u32 = 3;

fn rare() -> Attributes {
	Attributes::of(&[9])
}

/// A bid for a unit of what is rare.
fn picks_rare(price: u128) -> Terms {
	Terms { attributes: rare(), ..bid(price, 1, 1) }
}

/// An ask of a server of its own for its only unit.
fn stock(id: u32, price: u128, attributes: Attributes) {
	server(id, provider(), 1);
	set_ask(id.into(), Ask { attributes, ..ask_of(id, price) });
}

/// So many asks at price 5, with nothing rare about them.
fn common(asks: u32) {
	(1..=asks).for_each(|id| stock(id, 5, Attributes::NONE));
}

/// Of how many bids visits wait, and how many stepped aside.
fn waiting() -> (u32, u32) {
	let book = Book::<Test>::get();
	(book.pending, book.aside)
}

/// One visit, of `offer` or of the bid whose turn it is.
fn visit(offer: u64) {
	assert_ok!(poke(stranger(), offer));
	crate::Pallet::<Test>::do_try_state().expect("invariants hold");
}

/// How many visits it takes until the offer has a match.
fn visits_until_match(offer: u64) -> u32 {
	for visits in 0..10_000 {
		if !got(offer).is_empty() {
			return visits;
		}
		visit(offer);
	}
	panic!("it never comes");
}

/// Patience for three visits of a bid that was posted: it looked at two asks then.
fn three_visits() {
	Patience::set(2 + 2 * VISIT + 1);
}

#[test]
fn bid_that_looks_in_vain_holds_others_up_no_longer_than_they_bear() {
	market(|| {
		three_visits();
		common(30);
		stock(31, 6, rare());
		settle();
		post(1, picks_rare(9));
		post(2, bid(8, 1, 1));
		assert_eq!((got(2), waiting()), (vec![], (2, 0)));
		for _ in 0..3 {
			visit(2);
		}
		assert_eq!(waiting(), (1, 1));
		assert_eq!((got(1), got(2)), (vec![], vec![]));
		visit(2);
		assert_eq!(got(2), [(1, 1, 5)]);
		// The other goes on where it stopped: 31 asks less the eleven that it has seen.
		assert_eq!(visits_until_match(1), 20u32.div_ceil(VISIT));
		assert_eq!((got(1), waiting()), (vec![(31, 1, 6)], (0, 0)));
	});
}

#[test]
fn bid_within_its_patience_keeps_its_right() {
	market(|| {
		Patience::set(11);
		common(10);
		stock(11, 6, rare());
		settle();
		post(1, picks_rare(9));
		post(2, picks_rare(8));
		settle();
		assert_eq!((got(1), got(2)), (vec![(11, 1, 6)], vec![]));
	});
}

#[test]
fn last_bid_waits_for_the_patience_of_those_before_it_and_no_more() {
	for (bids, asks, patience) in [(1, 10, 4), (5, 40, 6), (5, 200, 6), (20, 60, 19)] {
		market(|| {
			Patience::set(patience);
			common(asks);
			for id in 0..bids {
				post(id.into(), picks_rare(9));
			}
			post(100, bid(5, 1, 1));
			// All of them have seen all, and the last took what it wanted.
			settle();
			post(101, Terms { attributes: Attributes::of(&[8]), ..bid(5, 1, 1) });
			settle();
			stock(1_000, 5, Attributes::of(&[8]));
			let looks = (visits_until_match(101) - 1) * VISIT;
			assert!(looks <= bids * (patience + VISIT) + asks, "{looks}");
			if asks > 100 {
				assert!(looks < bids * asks);
			}
		});
	}
}

#[test]
fn bid_goes_on_in_each_pass_from_where_it_stopped() {
	market(|| {
		Patience::set(VISIT);
		common(20);
		stock(21, 6, rare());
		settle();
		post(1, picks_rare(9));
		post(2, bid(4, 1, 1));
		while waiting().0 > 0 {
			visit(2);
		}
		assert_eq!(waiting(), (0, 1));
		// Supply changes all the time: a pass begins with each of these, and each has a visit of both bids.
		let mut passes = 0;
		while got(1).is_empty() {
			prove_again(20);
			visit(2);
			assert!(Book::<Test>::get().is_running());
			visit(2);
			passes += 1;
		}
		assert_eq!(got(1), [(21, 1, 6)]);
		assert!(passes <= 21 / VISIT, "{passes}");
	});
}

#[test]
fn pass_goes_on_over_an_epoch() {
	market(|| {
		Patience::set(6);
		common(30);
		for id in 0..3 {
			post(id, picks_rare(9));
		}
		post(4, Terms { attributes: Attributes::of(&[8]), ..bid(8, 1, 1) });
		settle();
		stock(31, 4, Attributes::of(&[8]));
		visit(4);
		assert_eq!(Book::<Test>::get().epoch, 1);
		// However often an epoch begins, the last bid has its turn.
		let mut visits = 0;
		while got(4).is_empty() {
			let book = Book::<Test>::get();
			assert!(book.epoch == 1 && matches!(book.pass, Pass::After(_) | Pass::Start));
			MockUnits::set_epoch(MockUnits::current() + 1);
			visit(4);
			visits += 1;
		}
		// Each of the three has two visits.
		assert_eq!(visits, 3 * 2);
		// What the epochs may have freed is for the next pass.
		assert!(!Matcher::is_quiet());
		settle();
		assert_eq!(Book::<Test>::get().epoch, MockUnits::current());
	});
}

#[test]
fn poke_goes_on_with_a_bid_that_stepped_aside() {
	market(|| {
		Patience::set(VISIT);
		common(20);
		stock(21, 6, rare());
		stock(22, 6, Attributes::of(&[8]));
		settle();
		post(1, picks_rare(9));
		post(2, Terms { attributes: Attributes::of(&[8]), ..bid(8, 1, 1) });
		visit(1);
		visit(2);
		visit(2);
		assert_eq!(waiting(), (0, 2));
		// The better one does not bar it.
		visits_until_match(2);
		assert_eq!((got(1), got(2), waiting()), (vec![], vec![(22, 1, 6)], (0, 1)));
		settle();
		assert_eq!(got(1), [(21, 1, 6)]);
	});
}

#[test]
fn pokes_do_not_lengthen_the_turn_of_a_bid_that_stepped_aside() {
	market(|| {
		Patience::set(2 * VISIT);
		common(40);
		settle();
		post(1, picks_rare(9));
		post(2, bid(8, 1, 1));
		while waiting().1 == 0 {
			visit(2);
		}
		settle();
		post(1, picks_rare(9));
		post(3, bid(8, 1, 1));
		while waiting().1 == 0 {
			visit(3);
		}
		// Others stand behind it, so that the pass has somewhere to go.
		post(4, bid(1, 9, 9));
		prove_again(40);
		let kept = || Progresses::<Test>::get(OfferId(1)).expect("it has more to see");
		visit(4);
		assert!(kept().looked > 0);
		while kept().looked > 0 {
			visit(4);
		}
		assert!(matches!(Book::<Test>::get().pass, Pass::After(_)));
		// It stepped aside in its turn, and may be visited whenever somebody wants that.
		let cursor = kept().cursor;
		visit(1);
		assert_ne!(kept().cursor, cursor);
		assert_eq!((kept().looked, kept().aside), (0, true));
		assert_eq!(Aside::<Test>::iter().count(), 1);
	});
}

#[test]
fn pokes_end_a_pass_for_the_next() {
	market(|| {
		post(1, bid(9, 2, 2));
		post(2, bid(8, 2, 2));
		stock(1, 5, Attributes::NONE);
		visit(2);
		stock(2, 5, Attributes::NONE);
		// Nobody names the better bid, and no block is idle.
		for _ in 0..4 {
			visit(2);
		}
		assert_eq!(got(1), [(1, 1, 9), (2, 1, 9)]);
	});
}

#[test]
#[should_panic = "look at more than it found before"]
fn patience_must_last_for_what_a_bid_found_and_more() {
	market(|| {
		Patience::set(16 + VISIT - 1);
		crate::Pallet::<Test>::check_config();
	});
}
