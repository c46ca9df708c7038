use super::*;
use crate::{Error, WeightInfo};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchErrorWithPostInfo, Pays, PostDispatchInfo},
};
use marketplace_primitives::{AccessList, DealId, PaymentAsset, UnitsWanted};
use marketplace_testkit::MockUnits;
use sp_runtime::DispatchError;

#[track_caller]
pub fn refused(offer: u64, picks: Picks, error: Error<Test>) {
	let weight = <() as WeightInfo>::solve(picks.len().try_into().expect("few"));
	let post_info = PostDispatchInfo { actual_weight: Some(weight), pays_fee: Pays::Yes };
	assert_noop!(solve(offer, picks), DispatchErrorWithPostInfo { post_info, error: error.into() });
}

#[test]
fn solve_is_refused_without_a_signature() {
	market(|| {
		two_groups();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let error = dispatch(origin, 1, APART).expect_err("it is not signed").error;
			assert_eq!(error, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn solve_is_refused_when_there_is_no_such_bid() {
	market(|| {
		two_groups();
		refused(2, APART, Error::UnknownOffer);
		cancel(OfferId(1));
		refused(1, APART, Error::UnknownOffer);
	});
}

#[test]
fn solve_is_refused_while_the_bid_waits_for_a_visit() {
	market(|| {
		two_groups();
		assert!(Matcher::is_left(OfferId(1)));
		raise(1, 10);
		assert!(!Matcher::is_left(OfferId(1)));
		refused(1, APART, Error::NotVisited);
		settle();
		assert!(Matcher::is_left(OfferId(1)));
		MockUnits::set_epoch(2);
		refused(1, APART, Error::NotVisited);
		settle();
		// supply went: the rule may find another match
		withdraw(1);
		refused(1, APART, Error::NotVisited);
		settle();
		assert_eq!(got(1), [(2, 1, 5), (3, 1, 6)]);
		assert_eq!(fee(), 0);
	});
}

#[test]
fn solve_is_refused_while_the_first_visit_is_unfinished() {
	market(|| {
		at(1, provider(), 4, 1, b"CH", 4);
		at(2, other_provider(), 4, 2, b"CH", 5);
		at(3, provider(), 4, 3, b"DE", 6);
		settle();
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		// looks at two asks at once, and at the third later
		post(1, Terms { placement, ..bid(9, 2, 2) });
		refused(1, APART, Error::NotVisited);
		settle();
		assert_ok!(solve(1, APART));
	});
}

#[test]
fn solve_is_refused_while_a_bid_waits_that_stands_before_it() {
	market(|| {
		two_groups();
		post(2, bid(1, 1, 1));
		settle();
		raise(2, 10);
		refused(1, APART, Error::NotVisited);
		// one that stands behind it does not matter
		settle();
		assert_eq!(got(2), [(1, 1, 4)]);
		post(3, bid(1, 1, 1));
		raise(3, 8);
		assert_ok!(solve(1, APART));
		settle();
		assert_eq!(got(3), [(1, 1, 4)]);
	});
}

#[test]
fn solve_is_refused_when_the_offer_is_over() {
	market(|| {
		// no ask is cheap enough for the best, so that the pass does not come to the second
		post(1, bid(9, 1, 1));
		post(2, Terms { expiry: 1, ..bid(8, 1, 1) });
		settle();
		MockUnits::set_epoch(2);
		settle();
		refused(2, &[(1, ONE)], Error::Expired);
	});
	market(|| {
		at(1, provider(), 1, 1, b"CH", 4);
		post(1, bid(9, 1, 3));
		MockUnits::set_epoch(11);
		settle();
		refused(1, &[(1, ONE)], Error::Expired);
	});
}

#[test]
fn solve_is_refused_when_an_ask_does_not_stand_in_the_book_of_the_asset() {
	market(|| {
		two_groups();
		refused(1, &[(2, ONE), (77, ONE)], Error::UnknownAsk);
		server(4, provider(), 4);
		set_ask(4, Ask { asset: PaymentAsset::Native, ..ask_of(4, 1) });
		settle();
		refused(1, &[(2, ONE), (4, ONE)], Error::UnknownAsk);
	});
}

#[test]
fn solve_is_refused_when_an_ask_or_its_server_does_not_suit() {
	market(|| {
		two_groups();
		let deny = AccessList::Deny(BoundedVec::truncate_from(vec![other_provider()]));
		let placement = Placement { providers: deny, ..Default::default() };
		post(2, Terms { placement, ..bid(9, 9, 9) });
		post(3, bid(5, 20, 20));
		post(4, Terms { term: 101, ..bid(9, 1, 1) });
		settle();
		refused(2, &[(1, units(0..4)), (2, ONE)], Error::PickExcluded);
		refused(3, &[(3, ONE)], Error::PickExcluded);
		refused(4, &[(1, ONE)], Error::PickExcluded);
	});
}

#[test]
fn solve_is_refused_when_units_are_not_for_sale() {
	market(|| {
		two_groups();
		refused(1, &[(2, units(3..5)), (3, ONE)], Error::PickUnavailable);
		refused(1, &[(2, Units::NONE), (3, ONE)], Error::PickUnavailable);
		// no longer than the deal lasts
		prove(2, Units::first(4), 11);
		settle();
		refused(1, APART, Error::PickUnavailable);
	});
}

#[test]
fn solve_is_refused_when_bids_have_not_seen_the_supply() {
	market(|| {
		two_groups();
		at(4, provider(), 4, 4, b"FR", 7);
		refused(1, &[(2, ONE), (4, ONE)], Error::PickUnavailable);
		// what they have seen may be picked, whatever came since
		assert_ok!(solve(1, APART));
	});
}

#[test]
fn solve_is_refused_beyond_caps_and_target() {
	market(|| {
		capped();
		refused(1, &[(1, units(0..2)), (2, ONE)], Error::CapExceeded);
		refused(1, &[(1, ONE), (2, units(0..2))], Error::CapExceeded);
		cancel(OfferId(1));
		let placement = Placement { max_per_server: Some(1), ..Default::default() };
		post(1, Terms { placement, ..bid(9, 4, 5) });
		post(2, bid(9, 7, 7));
		settle();
		refused(1, &[(1, units(0..2))], Error::CapExceeded);
		let all = units(0..2);
		refused(2, &[(1, all), (2, all), (3, all)], Error::TooFewUnits);
	});
	market(|| {
		two_groups();
		refused(1, &[(2, ONE), (3, units(0..2))], Error::CapExceeded);
		refused(1, &[(2, ONE), (3, ONE), (1, ONE)], Error::CapExceeded);
	});
}

#[test]
fn solve_is_refused_when_a_server_is_picked_twice() {
	market(|| {
		hidden();
		refused(1, &[(2, units(1..4)), (2, units(4..6))], Error::PickTwice);
		refused(1, &[(2, units(1..4)), (1, ONE)], Error::PickTwice);
	});
}

#[test]
fn solve_is_refused_when_the_picks_are_no_match() {
	market(|| {
		two_groups();
		refused(1, &[], Error::TooFewUnits);
		refused(1, &[(3, ONE)], Error::TooFewUnits);
		refused(1, &[(1, ONE), (2, ONE)], Error::TooFewGroups);
	});
}

#[test]
fn solve_leaves_a_running_deal_room_for_the_groups_that_it_lacks() {
	market(|| {
		at(1, provider(), 1, 1, b"CH", 4);
		post(1, bid(9, 1, 1));
		assert_eq!(got(1), [(1, 1, 4)]);
		at(2, provider(), 4, 2, b"CH", 4);
		let placement = Placement { min_providers: 2, ..Default::default() };
		let deal = Some(DealId(1));
		let units = UnitsWanted { min: 1, target: 1 };
		post(1, Terms { placement, deal, units, ..bid(9, 1, 1) });
		settle();
		refused(1, &[(2, ONE)], Error::TooFewGroups);
		at(3, other_provider(), 1, 3, b"CH", 8);
		settle();
		assert_eq!(got(1), [(1, 1, 4), (3, 1, 9)]);
	});
}

#[test]
fn nothing_moves_when_the_deal_refuses() {
	market(|| {
		two_groups();
		refuse(3);
		let error = DispatchError::Unavailable;
		assert_noop!(solve(1, APART), DispatchErrorWithPostInfo::from(error));
	});
}
