use super::world::*;
use crate::{mock::*, Event, WeightInfo};
use marketplace_primitives::{DealId, OfferId, Placement, Units};
use marketplace_testkit::{other_provider, provider, MockUnits};

#[test]
fn bid_matches_at_once_when_it_stands_first() {
	market(|| {
		server(1, provider(), 4);
		ask(1, 1, 5);
		events();
		post(1, bid(7, 1, 3));
		assert_eq!(got(1), [(1, 3, 5)]);
		assert_eq!(
			events(),
			[
				Event::BidPlaced { offer: OfferId(1), asset: usdc(), price: 7, sequence: 2 },
				Event::Matched { offer: OfferId(1), deal: DealId(1), units: 3, servers: 1 },
				Event::BidRemoved { offer: OfferId(1) },
			]
		);
	});
}

#[test]
fn bid_takes_cheap_asks_first_and_of_equal_ones_the_oldest() {
	market(|| {
		for id in 1..=4 {
			server(id, provider(), 2);
		}
		ask(1, 1, 6);
		ask(2, 2, 5);
		ask(3, 3, 5);
		ask(4, 4, 9);
		post(1, bid(8, 1, 10));
		settle();
		assert_eq!(got(1), [(2, 2, 5), (3, 2, 5), (1, 2, 6)]);
	});
}

#[test]
fn bid_takes_the_lowest_units_that_the_ask_names() {
	market(|| {
		server(1, provider(), 8);
		set_ask(1, marketplace_primitives::Ask { units: Units(0b1111_0000), ..ask_of(1, 5) });
		post(1, bid(5, 1, 2));
		assert_eq!(fills(1)[0].units, Units(0b0011_0000));
	});
}

#[test]
fn bid_waits_when_no_ask_is_cheap_enough() {
	market(|| {
		server(1, provider(), 4);
		ask(1, 1, 5);
		post(1, bid(4, 1, 1));
		settle();
		assert_eq!(got(1), []);
		assert_eq!(Matcher::best_bid(usdc()), Some((OfferId(1), 4)));
	});
}

#[test]
fn bid_pays_its_own_price_when_it_stood_first() {
	market(|| {
		server(1, provider(), 4);
		post(1, bid(7, 1, 3));
		ask(1, 1, 5);
		assert_eq!(got(1), []);
		settle();
		assert_eq!(got(1), [(1, 3, 7)]);
	});
}

#[test]
fn bid_does_not_pass_a_better_one_that_has_not_seen_the_supply() {
	market(|| {
		server(1, provider(), 4);
		post(1, bid(7, 4, 4));
		ask(1, 1, 5);
		post(2, bid(6, 4, 4));
		assert_eq!(got(2), []);
		settle();
		assert_eq!(got(1), [(1, 4, 7)]);
		assert_eq!(got(2), []);
	});
}

#[test]
fn bid_does_not_pass_a_better_one_whose_visit_is_unfinished() {
	market(|| {
		for id in 1..=3 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		settle();
		post(1, bid(7, 3, 3));
		post(2, bid(6, 1, 1));
		assert_eq!((got(1), got(2)), (vec![], vec![]));
		settle();
		assert_eq!((got(1).len(), got(2).len()), (3, 0));
	});
}

#[test]
fn better_bid_looks_again_when_a_match_empties_the_ask_that_barred_it() {
	market(|| {
		server(1, provider(), 8);
		set_ask(1, marketplace_primitives::Ask { units: Units(0b0000_0011), ..ask_of(1, 1) });
		set_ask(2, marketplace_primitives::Ask { units: Units(0b1111_1100), ..ask_of(1, 2) });
		settle();
		// Two units at the best ask are too few, and a deal takes a server once.
		post(1, bid(5, 4, 4));
		settle();
		post(2, bid(1, 2, 2));
		assert_eq!(got(2), [(1, 2, 1)]);
		post(3, bid(2, 1, 1));
		settle();
		assert_eq!((got(1), got(3)), (vec![(1, 4, 2)], vec![(1, 1, 2)]));
	});
}

#[test]
fn bid_matches_at_once_behind_better_ones_that_saw_the_supply() {
	market(|| {
		server(1, provider(), 4);
		ask(1, 1, 5);
		post(1, bid(7, 5, 5));
		settle();
		post(2, bid(6, 4, 4));
		assert_eq!(got(2), [(1, 4, 5)]);
		assert_eq!(got(1), []);
	});
}

#[test]
fn bid_gets_all_or_nothing_below_its_minimum() {
	market(|| {
		server(1, provider(), 4);
		server(2, other_provider(), 4);
		ask(1, 1, 5);
		post(1, bid(5, 6, 8));
		settle();
		assert_eq!(got(1), []);
		ask(2, 2, 4);
		settle();
		assert_eq!(got(1), [(2, 4, 5), (1, 4, 5)]);
	});
}

#[test]
fn bid_reaches_a_minimum_that_takes_many_visits() {
	market(|| {
		for id in 1..=14 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		post(1, bid(5, 14, 14));
		assert_eq!(got(1), []);
		settle();
		assert_eq!(got(1).len(), 14);
	});
}

#[test]
fn plan_is_looked_at_again_when_units_leave_it() {
	market(|| {
		for id in 1..=6 {
			server(id, provider(), 2);
			ask(id.into(), id, 5);
		}
		post(1, bid(5, 10, 12));
		prove(1, Units::NONE, 0);
		assert_eq!(got(1), []);
		settle();
		assert_eq!(got(1), [(2, 2, 5), (3, 2, 5), (4, 2, 5), (5, 2, 5), (6, 2, 5)]);
	});
}

#[test]
fn bid_joins_its_deal_when_supply_comes_later() {
	market(|| {
		server(1, provider(), 2);
		server(2, other_provider(), 8);
		ask(1, 1, 5);
		post(1, bid(6, 1, 4));
		settle();
		assert_eq!(got(1), [(1, 2, 5)]);
		MockUnits::set_epoch(4);
		ask(2, 2, 3);
		settle();
		assert_eq!(got(1), [(1, 2, 5), (2, 2, 6)]);
		assert_eq!(open().len(), 0);
	});
}

#[test]
fn bid_takes_a_server_once() {
	market(|| {
		server(1, provider(), 4);
		set_ask(1, marketplace_primitives::Ask { units: Units(0b0011), ..ask_of(1, 4) });
		set_ask(2, marketplace_primitives::Ask { units: Units(0b1100), ..ask_of(1, 5) });
		post(1, bid(6, 1, 4));
		settle();
		prove(1, Units::first(4), 1_000);
		settle();
		assert_eq!(got(1), [(1, 2, 4)]);
	});
}

#[test]
fn bid_that_is_posted_without_terms_is_no_bid() {
	market(|| {
		use marketplace_primitives::OrderBook;
		Matcher::bid_posted(OfferId(9));
		Matcher::bid_repriced(OfferId(9), &usdc(), 1);
		Matcher::bid_removed(OfferId(9), &usdc(), 1);
		assert_eq!(events(), []);
	});
}

#[test]
fn repriced_bid_meets_the_asks_it_now_affords() {
	market(|| {
		server(1, provider(), 4);
		ask(1, 1, 5);
		post(1, bid(4, 1, 1));
		settle();
		events();
		raise(1, 5);
		assert_eq!(
			events(),
			[Event::BidPlaced { offer: OfferId(1), asset: usdc(), price: 5, sequence: 3 }]
		);
		settle();
		assert_eq!(got(1), [(1, 1, 5)]);
	});
}

#[test]
fn repriced_bid_queues_behind_older_ones_of_its_price() {
	market(|| {
		post(1, bid(4, 2, 2));
		post(2, bid(5, 2, 2));
		raise(1, 5);
		server(1, provider(), 2);
		ask(1, 1, 5);
		settle();
		assert_eq!(got(2), [(1, 2, 5)]);
		assert_eq!(got(1), []);
	});
}

#[test]
fn cancelled_bid_leaves_nothing() {
	market(|| {
		for id in 1..=6 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		post(1, bid(5, 5, 5));
		cancel(OfferId(1));
		settle();
		assert_eq!(got(1), []);
		assert_eq!(crate::Progresses::<Test>::iter().count(), 0);
		assert_eq!(crate::Pending::<Test>::iter().count(), 0);
	});
}

#[test]
fn posting_costs_what_it_wrote() {
	let cost = <() as WeightInfo>::bid_posted;
	market(|| {
		settle();
		assert_eq!(post(1, bid(5, 1, 1)), cost(1, 1), "the first of its asset");
		assert_eq!(post(2, bid(5, 1, 1)), cost(0, 0), "a page with others");
		let placement = Placement { min_providers: 2, ..Default::default() };
		let groups = Terms { placement, ..bid(5, 2, 2) };
		assert_eq!(post(3, groups.clone()), cost(1, 1), "the page is full");
		assert_eq!(post(4, groups), cost(0, 1), "counted as picky");
		// One stands before it that has more to look at.
		(1..=9).for_each(|id| server(id, provider(), 1));
		(1..=9).for_each(|id| ask(id.into(), id, 5));
		settle();
		post(20, bid(6, 9, 9));
		let waits = <() as WeightInfo>::bid_waits();
		assert_eq!(post(21, bid(4, 1, 1)), cost(1, 0).saturating_add(waits));
	});
}
