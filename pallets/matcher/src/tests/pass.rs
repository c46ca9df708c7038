use super::world::*;
use crate::{mock::*, Book, Event, Pass, WeightInfo};
use frame_support::weights::Weight;
use marketplace_primitives::{Ask, Deals, OfferId, PaymentAsset, Units};
use marketplace_testkit::{provider, MockUnits};

#[test]
fn quiet_block_costs_the_same_whatever_the_book_holds() {
	market(|| {
		idle_fully();
		let empty = idle(Weight::MAX);
		assert_eq!(empty, <() as WeightInfo>::on_idle_base());
		for id in 0..200 {
			server(id, provider(), 1);
			ask(id.into(), id, 50 + u128::from(id));
			post(id.into(), bid(u128::from(id % 40), 1, 1));
		}
		idle_fully();
		assert_eq!(idle(Weight::MAX), empty);
		assert_eq!(events().iter().filter(|e| matches!(e, Event::Matched { .. })).count(), 0);
	});
}

#[test]
fn block_without_room_does_nothing() {
	market(|| {
		post(1, bid(5, 1, 1));
		server(1, provider(), 1);
		ask(1, 1, 5);
		assert_eq!(idle(Weight::zero()), Weight::zero());
		let base = <() as WeightInfo>::on_idle_base();
		assert_eq!(idle(base), base);
		assert_eq!(got(1), []);
		settle();
		assert_eq!(got(1), [(1, 1, 5)]);
	});
}

#[test]
fn on_idle_stays_within_its_weight() {
	market(|| {
		for id in 0..30 {
			post(id, bid(5, 2, 4));
		}
		for id in 0..30 {
			server(id, provider(), 2);
			ask(id.into(), id, 5);
		}
		let mut limit = Weight::from_parts(1, 1);
		while !Matcher::is_quiet() {
			assert!(idle(limit).all_lte(limit));
			limit = limit.saturating_mul(2);
		}
		assert!((0..15).all(|id| got(id).len() == 2));
	});
}

#[test]
fn small_blocks_and_large_blocks_make_the_same_matches() {
	let make = |turn: fn()| {
		let mut result = Vec::new();
		market(|| {
			for id in 0..12u32 {
				post(id.into(), bid(u128::from(id % 5), id % 4, 5));
			}
			for id in 0..20u32 {
				server(id, provider(), 2);
				ask(id.into(), id, u128::from(id % 3));
			}
			settle_with(turn);
			result = (0..12).map(fills).collect();
		});
		result
	};
	let large = make(|| {
		idle_fully();
	});
	let small = make(|| {
		idle(Matcher::poke_weight().saturating_div(4));
	});
	assert_eq!(large, small);
	assert!(large.iter().any(|fills| !fills.is_empty()));
}

/// Just enough for one visit that looks at one ask.
fn one_visit() -> Weight {
	<() as WeightInfo>::on_idle_base()
		.saturating_add(<() as WeightInfo>::visit(1))
		.saturating_add(World::fill_weight(1))
		.saturating_add(<() as WeightInfo>::matched())
}

#[test]
fn change_of_supply_does_not_restart_a_pass_but_follows_it() {
	market(|| {
		for id in 0..10 {
			post(id, bid(9 - u128::from(id) / 2, 3, 3));
		}
		server(1, provider(), 2);
		ask(1, 1, 1);
		// The first visits of the pass.
		idle(one_visit());
		assert!(matches!(Book::<Test>::get().pass, Pass::After(_)));
		let mark = Book::<Test>::get().mark;
		server(2, provider(), 1);
		ask(2, 2, 1);
		idle(one_visit());
		assert_eq!(Book::<Test>::get().mark, mark);
		settle();
		// The best bid got the supply that came while worse ones were being visited.
		assert_eq!(got(0), [(1, 2, 9), (2, 1, 9)]);
		assert!((1..10).all(|id| got(id).is_empty()));
	});
}

#[test]
fn new_epoch_begins_the_pass_again() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 5);
		post(1, bid(5, 1, 1));
		post(2, bid(5, 1, 1));
		settle();
		assert_eq!((got(1).len(), got(2).len()), (1, 0));
		MockUnits::set_epoch(11);
		settle();
		assert_eq!(got(2), []);
		// The deal ended: its unit is free without anybody saying so.
		MockUnits::set_epoch(12);
		assert!(!Matcher::is_quiet());
		settle();
		assert_eq!(got(2), [(1, 1, 5)]);
	});
}

#[test]
fn expired_bid_is_dropped_when_it_is_visited() {
	market(|| {
		post(1, Terms { expiry: 3, ..bid(5, 1, 1) });
		MockUnits::set_epoch(3);
		settle();
		assert_eq!(Matcher::best_bid(usdc()), Some((OfferId(1), 5)));
		MockUnits::set_epoch(4);
		server(1, provider(), 1);
		ask(1, 1, 5);
		events();
		settle();
		assert_eq!(events(), [Event::BidRemoved { offer: OfferId(1) }]);
		assert_eq!(open(), []);
		assert_eq!(got(1), []);
	});
}

#[test]
fn bids_too_low_for_every_ask_are_passed_over_together() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 100);
		for id in 0..50 {
			post(id, bid(u128::from(1 + id), 1, 1));
		}
		prove(1, Units::first(1), 900);
		// The best bid, then the end of the pass.
		let spent = <() as WeightInfo>::on_idle_base()
			.saturating_add(<() as WeightInfo>::visit_none(1))
			.saturating_add(<() as WeightInfo>::visit_none(0));
		assert_eq!(idle_fully(), spent);
	});
}

#[test]
fn assets_do_not_stand_in_each_others_way() {
	market(|| {
		let native = PaymentAsset::Native;
		for id in 0..6 {
			post(id, Terms { asset: native.clone(), ..bid(9, 1, 1) });
			post(10 + id, bid(5, 1, 1));
		}
		server(1, provider(), 3);
		set_ask(1, Ask { units: Units(1), ..ask_of(1, 5) });
		set_ask(2, Ask { units: Units(6), asset: native, ..ask_of(1, 5) });
		settle();
		assert_eq!((got(0), got(1), got(2)), (vec![(1, 1, 9)], vec![(1, 1, 9)], vec![]));
		assert_eq!((got(10), got(11)), (vec![(1, 1, 5)], vec![]));
	});
}

#[test]
fn unfinished_visit_is_gone_on_with_before_the_pass_moves() {
	market(|| {
		// Eight asks that suit neither bid's attributes hide one that does.
		for id in 0..9 {
			server(id, provider(), 1);
			let attributes =
				marketplace_primitives::Attributes::of(if id == 8 { &[1] } else { &[] });
			set_ask(id.into(), Ask { attributes, ..ask_of(id, 5) });
		}
		settle();
		let wish = marketplace_primitives::Attributes::of(&[1]);
		post(1, Terms { attributes: wish, ..bid(6, 1, 1) });
		post(2, Terms { attributes: wish, ..bid(7, 1, 1) });
		assert_eq!(Book::<Test>::get().pending, 2);
		settle();
		assert_eq!((got(1), got(2)), (vec![], vec![(8, 1, 5)]));
	});
}
