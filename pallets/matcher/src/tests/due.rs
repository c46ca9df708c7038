//! What is due of servers is settled with their fills, and is part of what those weigh.

use super::{ledger::owe, world::*};
use crate::mock::*;
use frame_support::weights::Weight;
use marketplace_primitives::{OrderBook, ServerId, UnitLedger};
use marketplace_testkit::provider;

/// Of two servers.
pub const DUE: [Weight; 2] = [Weight::from_parts(3_000, 30), Weight::from_parts(70_000, 700)];

/// What is due of both.
pub fn sum() -> Weight {
	DUE[0].saturating_add(DUE[1])
}

/// What `act` weighs in a market of two servers, by whether something is due of them.
fn weight_of(owes: bool, act: fn() -> Weight) -> Weight {
	let mut weight = Weight::zero();
	market(|| {
		for (id, due) in (1..).zip(DUE) {
			server(id, provider(), 4);
			ask(id.into(), id, 2);
			if owes {
				owe(ServerId(id), due);
			}
		}
		settle();
		weight = act();
		let left = [1, 2].map(|id| World::settle(ServerId(id)).0);
		assert_eq!(left, [Weight::zero(); 2], "it is settled");
	});
	weight
}

fn assert_counts_what_is_due(act: fn() -> Weight) -> Weight {
	let with = weight_of(true, act);
	assert_eq!(with, weight_of(false, act).saturating_add(sum()));
	with
}

#[test]
fn offer_that_is_matched_at_once_costs_what_is_due_of_its_servers() {
	let posted = assert_counts_what_is_due(|| {
		let weight = post(1, bid(2, 6, 6));
		assert_eq!(got(1), [(1, 4, 2), (2, 2, 2)]);
		weight
	});
	assert!(posted.all_lte(Matcher::bid_weight()));
}

#[test]
fn block_that_makes_a_match_spends_what_is_due_of_its_servers() {
	assert_counts_what_is_due(|| {
		post(1, bid(1, 6, 6));
		idle_fully();
		raise(1, 2);
		let weight = idle_fully();
		assert_eq!(got(1), [(1, 4, 2), (2, 2, 2)]);
		weight
	});
}

#[test]
fn fills_that_are_made_one_by_one_cost_what_is_due_as_well() {
	assert_counts_what_is_due(|| {
		server(3, provider(), 4);
		ask(3, 3, 1);
		refuse(3);
		let weight = post(1, bid(2, 6, 6)).saturating_add(idle_fully());
		assert_eq!(got(1), [(1, 4, 2), (2, 2, 2)]);
		weight
	});
}
