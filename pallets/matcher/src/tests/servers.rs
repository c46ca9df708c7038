//! How many servers a deal ever has.

use super::world::*;
use crate::{mock::*, Event, Progresses, WeightInfo};
use marketplace_primitives::{Attributes, OfferId};
use marketplace_testkit::{provider, stranger};

/// Servers with an ask for their only unit.
fn stock(servers: core::ops::RangeInclusive<u32>) {
	for id in servers {
		server(id, provider(), 1);
		ask(id.into(), id, 5);
	}
}

fn skipped() -> usize {
	events().iter().filter(|event| matches!(event, Event::CandidateSkipped { .. })).count()
}

#[test]
fn bid_takes_no_more_servers_than_its_deal_may_have() {
	market(|| {
		MostServers::set(5);
		stock(1..=8);
		post(1, bid(5, 1, 20));
		post(2, bid(5, 1, 20));
		settle();
		assert_eq!((got(1).len(), got(2).len(), skipped()), (5, 3, 0));
	});
}

#[test]
fn bid_whose_deal_has_had_its_servers_looks_at_no_ask() {
	market(|| {
		MostServers::set(2);
		stock(1..=2);
		post(1, bid(5, 1, 20));
		settle();
		stock(3..=6);
		let spent = poke(stranger(), 1).expect("the bid stands").actual_weight;
		let looks = <() as WeightInfo>::poke().saturating_add(<() as WeightInfo>::visit_none(0));
		assert_eq!(spent, Some(looks));
		settle();
		assert_eq!((got(1).len(), skipped()), (2, 0));
		assert_eq!(Matcher::best_bid(usdc()), Some((OfferId(1), 5)));
	});
}

#[test]
fn bid_whose_minimum_takes_more_servers_finds_no_match() {
	market(|| {
		MostServers::set(3);
		stock(1..=8);
		post(1, bid(5, 4, 4));
		settle();
		assert_eq!((got(1), skipped()), (vec![], 0));
		assert!(Progresses::<Test>::iter().next().is_none());
		assert!(Matcher::quote(&bid(5, 4, 4)).is_empty());
		assert_eq!(
			Matcher::quote(&Terms { attributes: Attributes::NONE, ..bid(5, 3, 9) }).len(),
			3
		);
	});
}
