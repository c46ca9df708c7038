//! That every change that is told makes the offer match, and what is changed to.

use super::{
	explain::{explained, remedy, three_servers},
	history::*,
	world::*,
};
use crate::mock::*;
use frame_support::hypothetically;
use marketplace_primitives::{
	api::{Change, Constraint},
	types::units_of,
	AccessList, Ask, Attributes, City, Location, Placement, ServerId, Sites,
};
use marketplace_testkit::{other_provider, provider, stranger, MockRegistry};
use proptest::{collection::vec, prelude::*};
use sp_runtime::AccountId32;

type Where = Placement<AccountId32>;

/// The offer with the change.
fn changed(terms: &Terms, change: &Change<AccountId32>) -> Terms {
	let mut changed = terms.clone();
	change.clone().apply(&mut changed);
	changed
}

/// Each remedy keeps its promise, by the quote and by posting.
fn check_remedies(terms: &Terms) {
	let answer = Matcher::explain(terms);
	assert!(!answer.matches || answer.remedies.is_empty());
	assert!(answer.remedies.is_sorted_by_key(|remedy| remedy.per_epoch));
	let mut seen = Vec::new();
	for remedy in &answer.remedies {
		let constraint = remedy.change.constraint();
		assert!(!seen.contains(&constraint), "{constraint:?} twice");
		seen.push(constraint);
		let better = changed(terms, &remedy.change);
		assert_ne!(&better, terms, "{remedy:?} is no change");
		let fills = Matcher::quote(&better);
		let per_epoch: u128 =
			fills.iter().map(|fill| u128::from(fill.units.count()) * fill.price).sum();
		assert_eq!((units_of(&fills), per_epoch), (remedy.units, remedy.per_epoch), "{remedy:?}");
		assert_eq!(fills.iter().map(|fill| fill.price).max(), Some(remedy.highest_price));
		if better.deal.is_none() {
			hypothetically!({
				post(1_000_000, better);
				settle();
				assert_eq!(super::world::fills(1_000_000).get(..fills.len()), Some(&fills[..]));
			});
		}
	}
	// Whatever may be dropped for a match may be changed for one.
	for constraint in [Constraint::Price, Constraint::Tariff, Constraint::Attributes]
		.into_iter()
		.chain([Constraint::Attested, Constraint::Hardware, Constraint::Providers])
		.chain([Constraint::Sites, Constraint::MaxPerProvider, Constraint::MaxPerDataCenter])
		.chain([Constraint::MaxPerServer, Constraint::MinProviders, Constraint::MinDataCenters])
		.chain([Constraint::MinCountries, Constraint::Min])
	{
		let helps = !answer.matches && !Matcher::quote_without(terms, Some(constraint)).is_empty();
		assert_eq!(helps, seen.contains(&constraint), "{constraint:?}: {answer:?}");
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	/// Of offers in a book at rest, new ones and those that wait for more.
	#[test]
	fn every_change_makes_the_offer_match(
		history in vec(moves(), 1..30),
		offers in vec(bids(), 1..6),
	) {
		market(|| {
			let mut model = begin();
			// Whether a server will refuse is nothing that a quote could know.
			let history = history.into_iter().filter(|next| !matches!(next, Move::Refuse(_)));
			for (number, next) in history.enumerate() {
				apply(number.try_into().expect("few"), next, &mut model);
				settle();
			}
			for mut terms in offers {
				terms.expiry += model.epoch;
				check_remedies(&terms);
			}
			// An expired one stands until a visit drops it, which it has none of where no ask is cheap enough.
			for (_, terms) in open().into_iter().filter(|(_, terms)| terms.expiry >= model.epoch) {
				check_remedies(&terms);
			}
		});
	}
}

/// The only change of that constraint.
#[track_caller]
fn change_of(terms: &Terms, constraint: Constraint) -> Option<Change<AccountId32>> {
	check_remedies(terms);
	let remedies = explained(terms).remedies.into_iter().map(|remedy| remedy.change);
	remedies.into_iter().find(|change| change.constraint() == constraint)
}

fn placed(placement: Where, min: u32) -> Terms {
	Terms { placement, ..bid(6, min, 4) }
}

#[test]
fn demands_are_loosened_as_far_as_it_takes() {
	market(|| {
		three_servers();
		set_ask(1, Ask { attributes: Attributes::of(&[1, 2]), ..ask_of(1, 4) });
		let sites = |countries: &[[u8; 2]], min_tier| Sites {
			countries: countries.to_vec().try_into().expect("few"),
			min_tier,
			..Default::default()
		};
		let list = |accounts: Vec<AccountId32>| accounts.try_into().expect("few");
		let allow = |accounts| AccessList::Allow(list(accounts));
		let cases = [
			(Terms { max_price: 3, ..bid(3, 1, 4) }, Change::Price(4)),
			(
				Terms { attributes: Attributes::of(&[1, 3]), ..bid(6, 1, 4) },
				Change::Attributes(Attributes::of(&[1])),
			),
			(
				placed(Where { attested: Attributes::of(&[9]), ..Where::default() }, 1),
				Change::Attested(Attributes::NONE),
			),
			(placed(Where { hardware: Some(2), ..Where::default() }, 1), Change::Hardware(Some(0))),
			(
				Terms {
					placement: Where { hardware: Some(2), ..Where::default() },
					..bid(6, 8, 8)
				},
				Change::Hardware(None),
			),
			(
				placed(Where { providers: allow(vec![stranger()]), ..Where::default() }, 1),
				Change::Providers(allow(vec![stranger(), provider()])),
			),
			(
				placed(
					Where {
						providers: AccessList::Deny(list(vec![other_provider(), provider()])),
						..Where::default()
					},
					1,
				),
				Change::Providers(AccessList::Deny(list(vec![other_provider()]))),
			),
			(
				placed(Where { sites: sites(&[*b"FR"], 4), ..Where::default() }, 1),
				Change::Sites(sites(&[*b"FR", *b"CH"], 3)),
			),
			(
				placed(Where { sites: sites(&[*b"CH"], 4), ..Where::default() }, 1),
				Change::Sites(sites(&[*b"CH"], 3)),
			),
		];
		for (terms, change) in cases {
			assert_eq!(change_of(&terms, change.constraint()), Some(change));
		}
	});
}

#[test]
fn lists_that_are_too_short_give_way_to_none() {
	market(|| {
		three_servers();
		let all: Vec<_> = (0..32).map(|id| marketplace_testkit::account(100 + id)).collect();
		let providers = AccessList::Allow(all.try_into().expect("32"));
		let terms = placed(Where { providers, ..Where::default() }, 1);
		let any = Change::Providers(AccessList::Any);
		assert_eq!(change_of(&terms, Constraint::Providers), Some(any));
		let terms = placed(
			Where {
				providers: AccessList::Deny(vec![provider()].try_into().expect("one")),
				..Where::default()
			},
			3,
		);
		let terms = Terms { max_price: 4, ..terms };
		let any = Change::Providers(AccessList::Any);
		assert_eq!(change_of(&terms, Constraint::Providers), Some(any));
		let city = |name: u8| Location { country: *b"CH", city: City::truncate_from(vec![name]) };
		let sites = Sites {
			countries: (0..16)
				.map(|id| [b'A', b'A' + id])
				.collect::<Vec<_>>()
				.try_into()
				.expect("16"),
			cities: (b'a'..b'i').map(city).collect::<Vec<_>>().try_into().expect("8"),
			min_tier: 0,
		};
		let terms = placed(Where { sites, ..Where::default() }, 1);
		let anywhere = Change::Sites(Sites::default());
		assert_eq!(change_of(&terms, Constraint::Sites), Some(anywhere));
	});
}

#[test]
fn caps_and_groups_are_told_as_the_units_are_spread() {
	market(|| {
		three_servers();
		let full = Where::default;
		let cases = [
			(placed(Where { max_per_provider: Some(1), ..full() }, 4), Change::MaxPerProvider(4)),
			(
				placed(Where { max_per_data_center: Some(1), ..full() }, 4),
				Change::MaxPerDataCenter(4),
			),
			(placed(Where { max_per_server: Some(1), ..full() }, 4), Change::MaxPerServer(4)),
			(
				Terms {
					placement: Where { max_per_provider: Some(1), ..full() },
					..bid(6, 10, 10)
				},
				Change::MaxPerProvider(6),
			),
			(placed(Where { min_providers: 3, ..full() }, 1), Change::MinProviders(1)),
			(placed(Where { min_countries: 3, ..full() }, 1), Change::MinCountries(1)),
			(placed(Where { min_data_centers: 2, ..full() }, 1), Change::MinDataCenters(1)),
			(
				Terms { placement: Where { min_providers: 3, ..full() }, ..bid(6, 1, 6) },
				Change::MinProviders(2),
			),
			(bid(6, 13, 20), Change::Min(12)),
		];
		for (terms, change) in cases {
			assert_eq!(change_of(&terms, change.constraint()), Some(change));
		}
	});
}

/// To ask for the two providers that five units are of leaves room for one of them and for a data centre, and so
/// takes four.
#[test]
fn groups_that_the_rule_does_not_find_are_not_asked_for() {
	market(|| {
		for (id, owner, units, site) in [(1, provider(), 4, 1), (2, other_provider(), 1, 2)] {
			server(id, owner, units);
			MockRegistry::change_server(ServerId(id), |server| {
				server.data_center = marketplace_primitives::DataCenterId(site);
			});
			ask(id.into(), id, 4);
		}
		let terms = Terms {
			placement: Where { min_providers: 3, min_data_centers: 2, ..Where::default() },
			..bid(6, 5, 5)
		};
		assert_eq!(change_of(&terms, Constraint::MinProviders), Some(Change::MinProviders(0)));
	});
}

#[test]
fn term_is_the_nearest_that_all_units_allow() {
	market(|| {
		three_servers();
		for (id, min_term, max_term) in [(1, 5, 60), (2, 20, 90), (3, 1, 100)] {
			set_ask(id.into(), Ask { min_term, max_term, ..ask_of(id, 4) });
		}
		let term =
			|term, units| change_of(&Terms { term, ..bid(6, units, units) }, Constraint::Term);
		assert_eq!(term(110, 12), Some(Change::Term(60)));
		assert_eq!(term(110, 4), Some(Change::Term(60)));
		assert_eq!(term(2, 12), Some(Change::Term(20)));
		assert_eq!(term(2, 5), Some(Change::Term(20)));
		assert_eq!(term(30, 13), None);
		// Servers are bound for 1,000 epochs: nothing is for sale until then, and the longest term is that of an ask.
		assert_eq!(term(2_000, 4), Some(Change::Term(100)));
	});
}

#[test]
fn no_term_is_told_where_asks_have_none_in_common() {
	market(|| {
		three_servers();
		for (id, min_term, max_term) in [(1, 1, 5), (2, 50, 60), (3, 50, 60)] {
			set_ask(id.into(), Ask { min_term, max_term, ..ask_of(id, 4) });
		}
		let term = |units| change_of(&bid(6, units, units), Constraint::Term);
		assert_eq!(term(12), None);
		// Of the others there are enough, or of the first.
		assert_eq!(term(8), Some(Change::Term(50)));
		assert_eq!(term(4), Some(Change::Term(5)));
	});
}

#[test]
fn requests_are_not_paid_for_where_no_tariff_will_do() {
	market(|| {
		three_servers();
		set_ask(1, Ask { tariff: Some(30), ..ask_of(1, 4) });
		set_ask(2, Ask { tariff: Some(20), ..ask_of(2, 5) });
		let tariff = |units| {
			let terms = Terms { tariff: Some(10), ..bid(6, units, units) };
			change_of(&terms, Constraint::Tariff)
		};
		assert_eq!(tariff(1), Some(Change::Tariff(Some(30))));
		assert_eq!(tariff(8), Some(Change::Tariff(Some(30))));
		assert_eq!(tariff(9), Some(Change::Tariff(None)));
	});
}

#[test]
fn running_deal_may_have_another_price_and_no_other_term() {
	market(|| {
		three_servers();
		post(1, bid(4, 1, 9));
		settle();
		assert_eq!(got(1), [(1, 4, 4)]);
		set_ask(2, Ask { max_term: 5, ..ask_of(2, 5) });
		let answer =
			Matcher::explain_offer(marketplace_primitives::OfferId(1)).expect("it is open");
		assert_eq!(answer.remedies, [remedy(Change::Price(6), 4, 24, 6)]);
		withdraw(3);
		let terms = open().remove(0).1;
		assert_eq!(explained(&Terms { max_price: 9, ..terms }).remedies, []);
	});
}
