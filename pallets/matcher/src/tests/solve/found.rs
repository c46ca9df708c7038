use super::{refused::refused, *};
use crate::{
	tests::{due, ledger::owe, reward::set_surplus},
	Error, Event,
};
use frame_support::{assert_ok, dispatch::Pays};
use marketplace_primitives::{AccessList, DealId, Deals, UnitLedger};
use sp_runtime::Perbill;

#[test]
fn solve_finds_distinct_groups_that_the_rule_does_not() {
	market(|| {
		two_groups();
		let post = solve(1, APART).expect("it is a match");
		assert_eq!(got(1), [(2, 1, 5), (3, 1, 6)]);
		// half of 4 and 3
		assert_eq!(fee(), 3);
		assert_eq!(post.pays_fee, Pays::No);
		// nothing was due of the servers
		let most_due = World::most_due().saturating_mul(2);
		assert_eq!(post.actual_weight, Some(Matcher::solve_weight(2) - most_due));
		let (offer, deal) = (OfferId(1), DealId(1));
		assert_eq!(
			events(),
			[
				Event::Matched { offer, deal, units: 2, servers: 2 },
				Event::BidRemoved { offer },
				Event::Solved { offer, deal, solver: stranger(), fee: 3 },
			]
		);
		assert!(open().is_empty());
	});
}

#[test]
fn solve_spreads_units_under_caps_as_the_rule_does_not() {
	market(|| {
		capped();
		refused(1, &[(1, units(0..2)), (3, units(0..2))], Error::TooFewGroups);
		assert_ok!(solve(1, &[(1, ONE), (2, units(1..2)), (3, units(0..2))]));
		assert_eq!(got(1), [(1, 1, 4), (2, 1, 5), (3, 2, 6)]);
		assert_eq!(fills(1)[1].units, units(1..2));
		// half of 5, 4 and twice 3
		assert_eq!(fee(), 7);
	});
}

#[test]
fn solve_takes_the_ask_of_a_server_that_another_hides() {
	market(|| {
		hidden();
		assert_ok!(solve(1, &[(2, units(1..8))]));
		assert_eq!(got(1), [(1, 7, 5)]);
	});
}

#[test]
fn solve_finds_a_match_of_fewer_servers_than_the_rule_tries() {
	market(|| {
		for id in 1..=20 {
			at(id, provider(), 1, 1, b"CH", 4);
		}
		at(21, provider(), 8, 1, b"CH", 5);
		post(1, bid(9, 18, 18));
		settle();
		assert_eq!(got(1), []);
		let mut picks = (1..=10).map(|ask| (ask, ONE)).collect::<Vec<_>>();
		picks.push((21, units(0..8)));
		assert_ok!(solve(1, &picks));
		assert_eq!(fills(1).iter().map(|fill| fill.units.count()).sum::<u32>(), 18);
	});
}

#[test]
fn what_a_solved_offer_still_wants_is_for_the_rule() {
	market(|| {
		hidden();
		assert_ok!(solve(1, &[(2, units(1..5))]));
		// it waits for its turn first
		refused(1, &[(3, ONE)], Error::NotVisited);
		settle();
		assert_eq!(got(1), [(1, 4, 5), (3, 1, 6)]);
		let terms = open().remove(0).1;
		assert_eq!((terms.filled, terms.deal), (5, Some(DealId(1))));
		// the server has units left, and was taken already
		refused(1, &[(2, units(5..8))], Error::PickTwice);
	});
}

#[test]
fn bids_that_stand_before_look_again_where_a_solution_empties_an_ask() {
	market(|| {
		hidden();
		cancel(OfferId(1));
		server(2, other_provider(), 8);
		set_ask(4, Ask { units: units(0..2), ..ask_of(2, 4) });
		set_ask(5, Ask { units: units(2..8), ..ask_of(2, 5) });
		// takes the second server at its cheapest ask, which has two units, and once
		let deny = AccessList::Deny(BoundedVec::truncate_from(vec![provider()]));
		let placement = Placement { providers: deny, ..Default::default() };
		post(2, Terms { placement, ..bid(9, 5, 6) });
		post(3, bid(8, 9, 9));
		settle();
		assert_eq!((got(2), got(3)), (vec![], vec![]));
		assert_ok!(solve(3, &[(2, units(1..8)), (4, units(0..2))]));
		settle();
		assert_eq!(got(2), [(2, 6, 5)]);
	});
}

#[test]
fn solve_trades_at_the_price_of_the_order_that_stood_first() {
	market(|| {
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		at(2, other_provider(), 4, 2, b"CH", 5);
		post(1, Terms { placement, ..bid(9, 2, 2) });
		at(1, provider(), 4, 1, b"CH", 4);
		at(3, provider(), 4, 3, b"DE", 6);
		settle();
		assert_ok!(solve(1, APART));
		assert_eq!(got(1), [(2, 1, 5), (3, 1, 9)]);
		// the second is at the highest price: half of 4
		assert_eq!(fee(), 2);
	});
}

#[test]
fn solve_costs_what_is_due_of_the_servers() {
	market(|| {
		two_groups();
		(2..).map(ServerId).zip(due::DUE).for_each(|(server, due)| owe(server, due));
		let post = solve(1, APART).expect("it is a match");
		let free = World::most_due().saturating_mul(2) - due::sum();
		assert_eq!(post.actual_weight, Some(Matcher::solve_weight(2) - free));
	});
}

#[test]
fn solve_without_a_surplus_earns_nothing() {
	market(|| {
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 2, 2) });
		at(1, provider(), 4, 1, b"CH", 4);
		at(2, other_provider(), 4, 2, b"CH", 5);
		at(3, provider(), 4, 3, b"DE", 6);
		settle();
		let post = solve(1, APART).expect("it is a match");
		assert_eq!((fee(), post.pays_fee), (0, Pays::No));
		// what the fee would have cost is given back
		let spent = Matcher::solve_weight(2) - World::reward_weight();
		assert_eq!(post.actual_weight, Some(spent - World::most_due().saturating_mul(2)));
		let solved = |event: &Event<Test>| matches!(event, Event::Solved { fee: 0, .. });
		assert!(events().iter().any(solved));
	});
}

#[test]
fn fee_is_the_share_of_the_surplus_and_no_more_than_there_is() {
	for (share, surplus, expected) in [(100, 99, 7), (0, 99, 0), (30, 99, 2), (100, 6, 6)] {
		market(|| {
			SolverShare::set(Perbill::from_percent(share));
			two_groups();
			set_surplus(1, surplus);
			assert_ok!(solve(1, APART));
			assert_eq!(fee(), expected);
			let solved = |event: &Event<Test>| matches!(event, Event::Solved { fee, .. } if *fee == expected);
			assert!(events().iter().any(solved));
		});
	}
}
