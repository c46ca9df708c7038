use super::world::*;
use crate::mock::*;
use frame_support::assert_storage_noop;
use marketplace_primitives::{api::QuoteFill, DataCenterId, ServerId, Units};
use marketplace_testkit::{provider, MockRegistry};

#[test]
fn quote_is_what_the_offer_then_gets() {
	market(|| {
		for id in 1..=9 {
			server(id, provider(), 2);
			ask(id.into(), id, u128::from(10 - id));
		}
		for terms in [bid(6, 1, 4), bid(9, 12, 20), bid(3, 7, 9), bid(0, 1, 1)] {
			let mut quote = Vec::new();
			assert_storage_noop!(quote.extend(Matcher::quote(&terms)));
			post(1, terms);
			settle();
			assert_eq!(fills(1), quote);
			undo();
		}
	});
}

fn undo() {
	use marketplace_primitives::OfferId;
	cancel(OfferId(1));
	forget(1);
}

#[test]
fn quote_of_less_than_the_minimum_is_empty() {
	market(|| {
		server(1, provider(), 2);
		ask(1, 1, 5);
		assert_eq!(Matcher::quote(&bid(5, 3, 3)), []);
		assert_eq!(Matcher::quote(&bid(5, 2, 3)).len(), 1);
		assert_eq!(Matcher::quote(&bid(4, 1, 3)), []);
		assert_eq!(Matcher::quote(&Terms { term: u32::MAX, ..bid(5, 1, 3) }), []);
	});
}

#[test]
fn quote_looks_at_a_bounded_number_of_asks() {
	market(|| {
		for id in 1..=101 {
			server(id, provider(), 1);
			let attributes =
				marketplace_primitives::Attributes::of(if id > 100 { &[1] } else { &[] });
			set_ask(id.into(), marketplace_primitives::Ask { attributes, ..ask_of(id, 5) });
		}
		let wish = marketplace_primitives::Attributes::of(&[1]);
		let terms = Terms { attributes: wish, ..bid(5, 1, 1) };
		assert_eq!(Matcher::quote(&terms), []);
		withdraw(1);
		assert_eq!(Matcher::quote(&terms).len(), 1);
	});
}

#[test]
fn quote_tells_where_units_stand() {
	market(|| {
		server(1, provider(), 2);
		MockRegistry::change_server(ServerId(1), |server| {
			server.data_center = DataCenterId(7);
			server.location.country = *b"IS";
			server.tier = 4;
		});
		ask(1, 1, 5);
		let fill = QuoteFill {
			server: ServerId(1),
			provider: provider(),
			data_center: DataCenterId(7),
			country: *b"IS",
			tier: 4,
			units: Units::first(2),
			price: 5,
			tariff: None,
		};
		assert_eq!(Matcher::quote_fills(&bid(5, 1, 3)), [fill]);
		assert_eq!(Matcher::quote_fills(&bid(4, 1, 3)), []);
	});
}
