use super::world::*;
use crate::mock::*;
use marketplace_primitives::{Ask, Price};
use marketplace_testkit::{other_provider, provider};

/// A server with one unit and an ask for it.
fn offered(id: u32, price: Price, tariff: Option<Price>) {
	server(id, provider(), 1);
	set_ask(id.into(), Ask { tariff, ..ask_of(id, price) });
}

fn wanted(price: Price, tariff: Option<Price>) -> Terms {
	Terms { tariff, ..bid(price, 1, 9) }
}

#[test]
fn bid_that_pays_for_requests_takes_asks_with_a_tariff_that_is_not_higher() {
	market(|| {
		for (id, tariff) in [(1, Some(70)), (2, Some(71)), (3, None), (4, Some(1)), (5, Some(69))] {
			offered(id, 5, tariff);
		}
		post(1, wanted(5, Some(70)));
		settle();
		assert_eq!(got(1), [(1, 1, 5), (4, 1, 5), (5, 1, 5)]);
		let told = fills(1).iter().map(|fill| fill.tariff).collect::<Vec<_>>();
		assert_eq!(told, [Some(70), Some(1), Some(69)]);
	});
}

#[test]
fn bid_that_pays_for_none_takes_any() {
	market(|| {
		for (id, tariff) in [(1, Some(u128::MAX)), (2, None), (3, Some(1))] {
			offered(id, 5, tariff);
		}
		post(1, wanted(5, None));
		settle();
		assert_eq!(got(1), [(1, 1, 5), (2, 1, 5), (3, 1, 5)]);
		assert_eq!(fills(1)[1].tariff, None);
	});
}

#[test]
fn tariff_orders_nothing() {
	market(|| {
		offered(1, 6, Some(1));
		offered(2, 5, Some(9));
		offered(3, 5, Some(2));
		post(1, Terms { units: bid(6, 1, 2).units, ..wanted(6, Some(9)) });
		settle();
		assert_eq!(got(1), [(2, 1, 5), (3, 1, 5)]);
		// Nor does it bring a bid before one that pays more for a unit.
		post(2, wanted(7, Some(1)));
		post(3, wanted(6, Some(1_000_000)));
		settle();
		assert_eq!((got(2), got(3)), (vec![(1, 1, 6)], vec![]));
	});
}

#[test]
fn ask_without_a_suitable_tariff_hides_no_other_of_its_server() {
	market(|| {
		server(1, other_provider(), 4);
		let units = |units| marketplace_primitives::Units(units);
		set_ask(1, Ask { units: units(0b0011), tariff: Some(8), ..ask_of(1, 5) });
		set_ask(2, Ask { units: units(0b1100), tariff: Some(7), ..ask_of(1, 6) });
		post(1, wanted(6, Some(7)));
		settle();
		assert_eq!(got(1), [(1, 2, 6)]);
	});
}

#[test]
fn tariff_is_asked_of_units_that_join_a_deal_too() {
	market(|| {
		offered(1, 5, Some(3));
		post(1, wanted(5, Some(3)));
		settle();
		offered(2, 4, Some(4));
		offered(3, 4, None);
		offered(4, 5, Some(2));
		settle();
		assert_eq!(got(1), [(1, 1, 5), (4, 1, 5)]);
	});
}

#[test]
fn quote_tells_the_tariffs_of_what_the_offer_then_gets() {
	market(|| {
		offered(1, 5, Some(8));
		offered(2, 6, Some(3));
		offered(3, 7, None);
		for highest in [None, Some(2), Some(3), Some(8)] {
			let quote = Matcher::quote(&wanted(7, highest));
			post(1, wanted(7, highest));
			settle();
			assert_eq!(fills(1), quote);
			assert!(highest != Some(3) || quote[0].tariff == Some(3));
			cancel(marketplace_primitives::OfferId(1));
			forget(1);
		}
	});
}

#[test]
fn page_of_the_book_shows_tariffs() {
	market(|| {
		offered(1, 5, Some(8));
		offered(2, 6, None);
		let shown = Matcher::page(&usdc(), None, None).asks;
		assert_eq!(shown.iter().map(|ask| ask.tariff).collect::<Vec<_>>(), [Some(8), None]);
	});
}
