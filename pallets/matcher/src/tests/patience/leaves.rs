//! Bids that stepped aside and go, by every way that there is.

use super::*;
use crate::Event;
use frame_support::BoundedVec;
use marketplace_primitives::{AskId, PaymentAsset, Units};

/// A bid that stepped aside, among asks that it does not want; the only rare one is at the far end.
fn aside(terms: Terms) {
	Patience::set(VISIT);
	common(20);
	stock(21, 6, rare());
	stock(22, 6, rare());
	settle();
	post(1, terms);
	visit(1);
	assert_eq!((waiting(), got(1)), ((0, 1), vec![]));
	assert!(!Matcher::is_quiet());
}

fn assert_gone() {
	assert_eq!((waiting(), Aside::<Test>::iter().count()), ((0, 0), 0));
	assert!(Progresses::<Test>::iter().next().is_none());
	assert!(Book::<Test>::get().aside_from.is_none());
}

#[test]
fn cancelled_bid_is_aside_no_longer() {
	market(|| {
		aside(picks_rare(9));
		cancel(OfferId(1));
		assert_gone();
		assert!(Matcher::is_quiet());
	});
}

#[test]
fn bid_that_pays_more_waits_for_its_turn_and_begins_again() {
	market(|| {
		aside(picks_rare(9));
		raise(1, 10);
		assert_eq!((waiting(), Progresses::<Test>::iter().count()), ((1, 0), 0));
		settle();
		assert_eq!(got(1), [(21, 1, 6)]);
		assert_gone();
	});
}

#[test]
fn expired_bid_is_aside_no_longer() {
	market(|| {
		aside(Terms { expiry: 3, ..picks_rare(9) });
		MockUnits::set_epoch(4);
		events();
		settle();
		assert_eq!(events(), [Event::BidRemoved { offer: OfferId(1) }]);
		assert_gone();
	});
}

#[test]
fn bid_whose_deal_ended_is_aside_no_longer() {
	market(|| {
		Patience::set(VISIT);
		stock(0, 1, Attributes::NONE);
		common(20);
		settle();
		post(1, bid(1, 1, 1));
		post(2, Terms { term: 3, ..bid(4, 1, 2) });
		// Nothing is left that is cheap enough: it sees that at once.
		settle();
		assert_gone();
		cancel(OfferId(2));
		post(3, Terms { term: 3, attributes: Attributes::NONE, ..bid(5, 1, 30) });
		settle();
		assert_eq!(got(3).len(), 20);
		for id in 1..=20 {
			prove(id, Units::NONE, 900);
		}
		visit(3);
		assert_eq!(waiting().1, 1);
		MockUnits::set_epoch(10);
		settle();
		assert_gone();
		assert!(open().iter().any(|(id, _)| *id == OfferId(3)));
	});
}

fn solve(picks: &[u64]) {
	let picks = picks.iter().map(|id| (AskId(*id), Units(1))).collect::<Vec<_>>();
	let picks = BoundedVec::try_from(picks).expect("few");
	assert_ok!(Matcher::solve(RuntimeOrigin::signed(stranger()), OfferId(1), picks));
}

#[test]
fn bid_that_is_aside_is_open_to_solutions() {
	market(|| {
		aside(picks_rare(9));
		assert!(Matcher::is_left(OfferId(1)));
		solve(&[22]);
		assert_eq!(got(1), [(22, 1, 6)]);
		assert_gone();
	});
}

#[test]
fn what_a_solution_leaves_waits_for_a_turn_of_its_own() {
	market(|| {
		aside(Terms { attributes: rare(), ..bid(9, 1, 2) });
		solve(&[22]);
		assert_eq!((waiting(), Progresses::<Test>::iter().count()), ((1, 0), 0));
		settle();
		assert_eq!(got(1), [(22, 1, 6), (21, 1, 6)]);
		assert_gone();
	});
}

#[test]
fn bid_that_is_aside_does_not_bar_those_behind_it_from_solutions() {
	market(|| {
		aside(picks_rare(9));
		post(2, bid(8, 25, 25));
		while waiting().0 > 0 {
			visit(2);
		}
		assert!(waiting().1 > 0 && Matcher::is_left(OfferId(2)));
	});
}

#[test]
fn bids_of_several_assets_step_aside_each_in_its_place() {
	market(|| {
		Patience::set(VISIT);
		let native = PaymentAsset::Native;
		for id in 1..=20 {
			server(id, provider(), 2);
			let attributes = if id == 20 { rare() } else { Attributes::NONE };
			let ask = Ask { attributes, ..ask_of(id, 5) };
			set_ask(id.into(), Ask { units: Units(1), ..ask.clone() });
			set_ask(100 + u64::from(id), Ask { units: Units(2), asset: native.clone(), ..ask });
		}
		settle();
		for (id, price) in [(1, 9), (2, 8), (3, 7)] {
			post(id, picks_rare(price));
			post(10 + id, Terms { asset: native.clone(), ..picks_rare(price) });
		}
		while waiting().0 > 0 {
			visit(3);
		}
		assert_eq!(waiting(), (0, 6));
		// One of the middle goes.
		cancel(OfferId(2));
		assert_eq!(waiting(), (0, 5));
		while !Matcher::is_quiet() {
			idle(Matcher::poke_weight());
			crate::Pallet::<Test>::do_try_state().expect("invariants hold");
		}
		assert_gone();
		assert_eq!((got(1), got(3)), (vec![(20, 1, 5)], vec![]));
		assert_eq!((got(11), got(12), got(13)), (vec![(20, 1, 5)], vec![], vec![]));
	});
}
