use super::world::*;
use crate::{mock::*, Event, OrderKey, Supplies, Supply};
use marketplace_primitives::{Ask, AskId, OrderBook, PaymentAsset, PriceLevel, ServerId, Units};
use marketplace_testkit::provider;
use proptest::prelude::*;

#[test]
fn ask_takes_and_leaves_its_place() {
	market(|| {
		server(1, provider(), 4);
		ask(7, 1, 5);
		assert_eq!(
			events(),
			[Event::AskPlaced {
				ask: AskId(7),
				server: ServerId(1),
				asset: usdc(),
				price: 5,
				sequence: 1
			}]
		);
		assert_eq!(Matcher::best_ask(usdc()), Some((AskId(7), 5)));
		assert_eq!(Matcher::best_ask(PaymentAsset::Native), None);
		withdraw(7);
		assert_eq!(events(), [Event::AskRemoved { ask: AskId(7) }]);
		assert_eq!(Matcher::best_ask(usdc()), None);
	});
}

#[test]
fn supply_is_counted_by_server_and_forgotten_with_its_last_ask() {
	market(|| {
		server(1, provider(), 4);
		assert_eq!(Supplies::<Test>::get(ServerId(1)), None);
		ask(1, 1, 5);
		ask(2, 1, 6);
		assert_eq!(Supplies::<Test>::get(ServerId(1)), Some(Supply { asks: 2, changed: 2 }));
		withdraw(1);
		assert_eq!(Supplies::<Test>::get(ServerId(1)), Some(Supply { asks: 1, changed: 3 }));
		prove(1, Units::first(2), 9);
		assert_eq!(Supplies::<Test>::get(ServerId(1)), Some(Supply { asks: 1, changed: 4 }));
		withdraw(2);
		assert_eq!(Supplies::<Test>::get(ServerId(1)), None);
		prove(1, Units::first(2), 9);
		assert!(!Matcher::is_quiet());
		settle();
	});
}

#[test]
fn ask_that_is_not_in_the_book_is_withdrawn_without_effect() {
	market(|| {
		Matcher::ask_withdrawn(AskId(1), &ask_of(1, 5));
		assert_eq!(events(), []);
	});
}

#[test]
fn ask_that_is_set_again_loses_its_time_priority() {
	market(|| {
		server(1, provider(), 1);
		server(2, provider(), 1);
		ask(1, 1, 5);
		ask(2, 2, 5);
		ask(1, 1, 5);
		post(1, bid(5, 1, 1));
		assert_eq!(got(1), [(2, 1, 5)]);
	});
}

#[test]
fn withdrawn_ask_makes_no_match() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 5);
		withdraw(1);
		post(1, bid(5, 1, 1));
		settle();
		assert_eq!(got(1), []);
	});
}

#[test]
fn bid_that_a_withdrawn_ask_barred_from_another_of_its_server_looks_again() {
	market(|| {
		server(1, provider(), 8);
		set_ask(1, Ask { units: Units(0b0000_0001), ..ask_of(1, 1) });
		set_ask(2, Ask { units: Units(0b1111_1110), ..ask_of(1, 2) });
		// One unit at the best ask is too few, and a deal takes a server once.
		post(1, bid(5, 3, 3));
		settle();
		assert_eq!(got(1), []);
		withdraw(1);
		settle();
		assert_eq!(got(1), [(1, 3, 2)]);
	});
}

#[test]
fn ask_in_another_asset_makes_no_match() {
	market(|| {
		server(1, provider(), 1);
		set_ask(1, Ask { asset: PaymentAsset::Native, ..ask_of(1, 5) });
		post(1, bid(5, 1, 1));
		settle();
		assert_eq!(got(1), []);
	});
}

#[test]
fn pages_go_on_where_the_last_one_ended() {
	market(|| {
		server(1, provider(), 1);
		for id in 0..100 {
			ask(id, 1, u128::from(200 - id));
			post(id, bid(1 + u128::from(id) % 7, 2, 2));
		}
		let first = Matcher::asks(usdc(), None);
		let second = Matcher::asks(usdc(), first.last().map(|(_, ask)| *ask));
		let ids = first.iter().chain(&second).map(|(_, id)| id.0).collect::<Vec<_>>();
		assert_eq!(ids, (0..100).rev().collect::<Vec<_>>());
		let first = Matcher::bids(usdc(), None);
		let second = Matcher::bids(usdc(), first.last().map(|(_, bid)| *bid));
		let ids = first.iter().chain(&second).map(|(_, id)| id.0).collect::<Vec<_>>();
		let mut expected = (0..100).collect::<Vec<u64>>();
		expected.sort_by_key(|id| (6 - id % 7, *id));
		assert_eq!(ids, expected);
	});
}

proptest! {
	#[test]
	fn keys_sort_as_orders_do(a: (u128, u64), b: (u128, u64)) {
		let level = |price| PriceLevel::at_most(price).map(PriceLevel::index);
		let asks = [OrderKey::ask(a.0, a.1), OrderKey::ask(b.0, b.1)];
		prop_assert_eq!(asks[0].cmp(&asks[1]), (level(a.0), a.1).cmp(&(level(b.0), b.1)));
		prop_assert_eq!(asks[0].sequence(), a.1);
		let bids = [OrderKey::bid(a.0, a.1), OrderKey::bid(b.0, b.1)];
		prop_assert_eq!(bids[0].cmp(&bids[1]), level(b.0).cmp(&level(a.0)).then(a.1.cmp(&b.1)));
		prop_assert_eq!(bids[0].sequence(), a.1);
	}

	#[test]
	fn keys_tell_the_price(digits in 1u128..10_000, zeros in 0u32..35) {
		let price = digits * 10u128.pow(zeros);
		prop_assert_eq!(OrderKey::ask(price, 1).ask_price(), price);
		prop_assert_eq!(OrderKey::bid(price, 1).bid_price(), price);
	}
}
