//! A book is at rest when every bid has seen all there is, however long that took.

use super::*;
use crate::WeightInfo;
use frame_support::weights::Weight;

/// A bid that stepped aside with ten asks behind it, and none that it wants before it.
fn half_way() {
	Patience::set(9);
	common(20);
	settle();
	post(1, picks_rare(9));
	while waiting().1 == 0 {
		visit(1);
	}
	assert!(!Matcher::is_quiet());
}

#[test]
fn ask_that_comes_behind_a_bid_is_seen_when_it_begins_again() {
	market(|| {
		half_way();
		stock(30, 4, rare());
		settle();
		assert_eq!(got(1), [(30, 1, 9)]);
	});
}

#[test]
fn ask_that_comes_before_a_bid_is_seen_in_its_first_round() {
	market(|| {
		half_way();
		stock(30, 6, rare());
		stock(31, 4, rare());
		settle();
		// It comes to the dearer one first: who takes so long has lost its right to the best.
		assert_eq!(got(1), [(30, 1, 9)]);
	});
}

#[test]
fn unit_that_an_epoch_frees_behind_a_bid_is_seen_when_it_begins_again() {
	market(|| {
		stock(30, 4, rare());
		settle();
		post(2, Terms { term: 3, ..picks_rare(4) });
		assert_eq!(got(2), [(30, 1, 4)]);
		half_way();
		assert_eq!(got(1), []);
		// The deal has ended; nobody tells the book.
		MockUnits::set_epoch(5);
		settle();
		assert_eq!(got(1), [(30, 1, 4)]);
	});
}

#[test]
fn bid_that_nothing_changed_for_sees_all_once() {
	market(|| {
		half_way();
		let seen = 2 + 3 * VISIT;
		let mut visits = 0;
		while !Matcher::is_quiet() {
			visit(1);
			visits += 1;
		}
		assert_eq!(visits, (20 - seen).div_ceil(VISIT));
		assert_eq!(waiting(), (0, 0));
	});
}

#[test]
fn supply_that_comes_is_offered_to_all_before_a_bid_aside_goes_on() {
	market(|| {
		half_way();
		post(2, bid(4, 1, 1));
		stock(30, 4, Attributes::NONE);
		// The turn of the first, and then the other's.
		for _ in 0..3 {
			assert_eq!(got(2), []);
			visit(2);
		}
		visit(2);
		assert_eq!((got(2), waiting()), (vec![(30, 1, 4)], (0, 1)));
	});
}

#[test]
fn idle_block_of_any_size_goes_on_with_bids_aside() {
	market(|| {
		half_way();
		let base = <() as WeightInfo>::on_idle_base();
		assert_eq!(idle(base), base);
		assert!(!Matcher::is_quiet());
		assert!(idle(Weight::MAX).all_gt(base));
		assert!(Matcher::is_quiet());
		assert_eq!(idle(Weight::MAX), base);
	});
}
