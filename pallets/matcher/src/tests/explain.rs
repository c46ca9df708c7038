use super::world::*;
use crate::mock::*;
use frame_support::assert_storage_noop;
use marketplace_primitives::{
	api::{Constraint, Exclusion, Explanation, Remedy},
	types::units_of,
	Ask, Attributes, OfferId, Placement, ServerId, Sites, Units,
};
use marketplace_testkit::{other_provider, provider, MockRegistry};

/// Three servers of four units: at 4 and 6 of one provider in Switzerland, at 5 of another in Germany.
fn three_servers() {
	for (id, owner, price) in [(1, provider(), 4), (2, other_provider(), 5), (3, provider(), 6)] {
		server(id, owner, 4);
		ask(id.into(), id, price);
	}
	MockRegistry::change_server(ServerId(2), |server| {
		server.location.country = *b"DE";
		server.hardware = 1;
		server.attested = Attributes::of(&[7]);
	});
	ask(2, 2, 5);
}

fn explained(terms: &Terms) -> Explanation {
	let answer = Matcher::explain(terms);
	assert_storage_noop!(Matcher::explain(terms));
	answer
}

fn excluded(constraint: Constraint, asks: u32, units: u32, units_alone: u32) -> Exclusion {
	Exclusion { constraint, asks, units, units_alone }
}

fn remedy(constraint: Constraint, units: u32, per_epoch: u128, highest_price: u128) -> Remedy {
	Remedy { constraint, units, per_epoch, highest_price }
}

#[test]
fn offer_that_matches_needs_no_remedy() {
	market(|| {
		three_servers();
		let answer = explained(&bid(6, 2, 9));
		assert!(answer.matches && answer.complete && answer.remedies.is_empty());
		assert_eq!((answer.asks, answer.suitable), (3, 12));
	});
}

#[test]
fn price_to_clear_is_told() {
	market(|| {
		three_servers();
		let answer = explained(&bid(5, 9, 10));
		assert!(!answer.matches);
		assert_eq!(answer.exclusions, [excluded(Constraint::Price, 1, 4, 4)]);
		assert_eq!(answer.suitable, 8);
		// 4 at 4, 4 at 5 and 2 at 6; or the 8 that there are.
		assert_eq!(
			answer.remedies,
			[remedy(Constraint::Min, 8, 36, 5), remedy(Constraint::Price, 10, 48, 6)]
		);
		let needed = answer.remedies[1].highest_price;
		post(1, Terms { max_price: needed, ..bid(5, 9, 10) });
		settle();
		assert_eq!(units_of(&fills(1)), 10);
	});
}

#[test]
fn each_constraint_says_what_it_excludes() {
	market(|| {
		three_servers();
		let placement = Placement {
			sites: Sites { countries: vec![*b"DE"].try_into().expect("one"), ..Default::default() },
			hardware: Some(0),
			attested: Attributes::of(&[7]),
			..Default::default()
		};
		let answer = explained(&Terms { placement, term: 101, ..bid(6, 1, 4) });
		assert_eq!(
			answer.exclusions,
			[
				excluded(Constraint::Term, 3, 12, 0),
				excluded(Constraint::Sites, 2, 8, 0),
				excluded(Constraint::Attested, 2, 8, 0),
				excluded(Constraint::Hardware, 1, 4, 0),
			]
		);
		assert_eq!((answer.suitable, answer.remedies), (0, vec![]));
	});
}

#[test]
fn every_single_change_that_helps_is_found() {
	let full = || Placement::<sp_runtime::AccountId32>::default();
	let cases = [
		(
			Constraint::Hardware,
			Terms { placement: Placement { hardware: Some(2), ..full() }, ..bid(6, 1, 4) },
		),
		(
			Constraint::Attested,
			Terms {
				placement: Placement { attested: Attributes::of(&[9]), ..full() },
				..bid(6, 1, 4)
			},
		),
		(Constraint::Attributes, Terms { attributes: Attributes::of(&[3]), ..bid(6, 1, 4) }),
		(Constraint::Tariff, Terms { tariff: Some(1), ..bid(6, 1, 4) }),
		(Constraint::Term, Terms { term: 200, ..bid(6, 1, 4) }),
		(
			Constraint::MaxPerProvider,
			Terms { placement: Placement { max_per_provider: Some(1), ..full() }, ..bid(6, 4, 4) },
		),
		(
			Constraint::MaxPerServer,
			Terms { placement: Placement { max_per_server: Some(1), ..full() }, ..bid(6, 4, 4) },
		),
		(
			Constraint::MinProviders,
			Terms { placement: Placement { min_providers: 3, ..full() }, ..bid(6, 1, 4) },
		),
		(
			Constraint::MinCountries,
			Terms { placement: Placement { min_countries: 3, ..full() }, ..bid(6, 1, 4) },
		),
		(
			Constraint::MinDataCenters,
			Terms { placement: Placement { min_data_centers: 2, ..full() }, ..bid(6, 1, 4) },
		),
		(
			Constraint::MaxPerDataCenter,
			Terms {
				placement: Placement { max_per_data_center: Some(1), ..full() },
				..bid(6, 4, 4)
			},
		),
		(Constraint::Price, bid(3, 1, 4)),
	];
	for (constraint, terms) in cases {
		market(|| {
			three_servers();
			let answer = explained(&terms);
			assert!(!answer.matches, "{constraint:?}");
			let helps = answer.remedies.iter().any(|remedy| remedy.constraint == constraint);
			assert!(helps, "{constraint:?}: {answer:?}");
			let sorted = answer.remedies.is_sorted_by_key(|remedy| remedy.per_epoch);
			assert!(sorted, "{constraint:?}");
		});
	}
}

#[test]
fn tariff_is_counted_and_may_be_given_up() {
	market(|| {
		three_servers();
		set_ask(1, Ask { tariff: Some(30), ..ask_of(1, 4) });
		set_ask(2, Ask { tariff: Some(20), ..ask_of(2, 5) });
		let answer = explained(&Terms { tariff: Some(20), ..bid(6, 5, 12) });
		assert!(!answer.matches);
		// One asks for more, one takes no requests at all.
		assert_eq!(answer.exclusions, [excluded(Constraint::Tariff, 2, 8, 8)]);
		assert_eq!(
			answer.remedies,
			[remedy(Constraint::Min, 4, 20, 5), remedy(Constraint::Tariff, 12, 60, 6)]
		);
		let answer = explained(&Terms { tariff: Some(10), ..bid(4, 1, 12) });
		let excluded =
			[excluded(Constraint::Tariff, 3, 12, 4), excluded(Constraint::Price, 2, 8, 0)];
		assert!(excluded.iter().all(|part| answer.exclusions.contains(part)), "{answer:?}");
		assert_eq!(answer.remedies, [remedy(Constraint::Tariff, 4, 16, 4)]);
		assert!(explained(&Terms { tariff: Some(30), ..bid(6, 5, 12) }).matches);
	});
}

#[test]
fn supply_that_is_sold_or_not_proven_is_told() {
	market(|| {
		three_servers();
		prove(1, Units::NONE, 1_000);
		prove(3, Units::first(4), 5);
		let answer = explained(&bid(6, 5, 9));
		assert_eq!(answer.exclusions, [excluded(Constraint::Supply, 2, 128, 128)]);
		assert_eq!(answer.suitable, 4);
	});
}

#[test]
fn offer_in_the_book_is_explained_by_its_number() {
	market(|| {
		server(1, provider(), 1);
		set_ask(1, Ask { attributes: Attributes::of(&[1]), ..ask_of(1, 5) });
		post(7, bid(4, 1, 1));
		let answer = Matcher::explain_offer(OfferId(7)).expect("it is open");
		assert_eq!(answer, Matcher::explain(&bid(4, 1, 1)));
		assert_eq!(answer.remedies, [remedy(Constraint::Price, 1, 5, 5)]);
		assert_eq!(Matcher::explain_offer(OfferId(8)), None);
	});
}
