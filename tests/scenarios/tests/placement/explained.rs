//! Why an offer does not match, and that the change that a remedy names makes it match.

use crate::*;
use marketplace_primitives::{
	api::{Change, Exclusion},
	BidTerms,
};
use marketplace_scenarios::{acts::DOLLARS, client::explain};

/// Has registered, and has no server.
const IDLE: Key = Key::AliceStash;

/// An offer that one change alone makes match.
struct Case {
	offer: Wanted,
	change: Change<AccountId>,
}

fn case(offer: Wanted, change: Change<AccountId>) -> Case {
	Case { offer, change }
}

fn allowed(who: &[Key]) -> AccessList<AccountId> {
	let providers: Vec<_> = who.iter().map(|key| account(*key)).collect();
	AccessList::Allow(providers.try_into().expect("few"))
}

fn in_countries(countries: &[[u8; 2]]) -> Sites {
	let countries = countries.to_vec().try_into().expect("few");
	Sites { countries, ..Default::default() }
}

/// What is asked of the units themselves.
fn demands() -> Vec<Case> {
	let class = Where { hardware: Some(3), ..Default::default() };
	let attested = Where { attested: Attributes::of(&[SEALED]), ..Default::default() };
	let providers = Where { providers: allowed(&[IDLE]), ..Default::default() };
	let sites = Where { sites: in_countries(&[*b"FR"]), ..Default::default() };
	let plain = |units| wanted(units, Where::default());
	let unknown = Wanted { attributes: Attributes::of(&[16]), ..plain(6) };
	vec![
		case(Wanted { max_price: USDC / 2, ..plain(6) }, Change::Price(11 * USDC / 10)),
		case(Wanted { term: 110, ..plain(6) }, Change::Term(100)),
		case(unknown, Change::Attributes(Attributes::NONE)),
		case(wanted(6, attested), Change::Attested(Attributes::NONE)),
		// The cheapest declare no class.
		case(wanted(6, class), Change::Hardware(None)),
		case(wanted(6, providers), Change::Providers(allowed(&[IDLE, NORTH]))),
		case(wanted(6, sites), Change::Sites(in_countries(&[*b"FR", *b"NO"]))),
	]
}

/// How they must be spread, and how many there must be; with what that excludes.
fn spreads() -> Vec<(Case, Vec<Exclusion>)> {
	let full = Where::default;
	let capped = Where { max_per_provider: Some(1), ..full() };
	let of_site = Where { max_per_data_center: Some(1), ..full() };
	let of_server = Where { max_per_server: Some(1), ..full() };
	let providers = Where { min_providers: 4, ..full() };
	let sites = Where { min_data_centers: 5, ..full() };
	let countries = Where { min_countries: 5, ..full() };
	let excluded =
		|constraint, asks, units| Exclusion { constraint, asks, units, units_alone: units };
	// What a cap leaves is too little.
	let few = |asks, units| excluded(Constraint::Min, asks, units);
	vec![
		(
			case(wanted(4, capped), Change::MaxPerProvider(4)),
			vec![excluded(Constraint::MaxPerProvider, 5, 17), few(3, 3)],
		),
		(
			case(wanted(5, of_site), Change::MaxPerDataCenter(5)),
			vec![excluded(Constraint::MaxPerDataCenter, 5, 16), few(4, 4)],
		),
		(
			case(wanted(6, of_server), Change::MaxPerServer(4)),
			vec![excluded(Constraint::MaxPerServer, 5, 15), few(5, 5)],
		),
		// One unit is left for the group that is nowhere.
		(
			case(wanted(6, providers), Change::MinProviders(1)),
			vec![excluded(Constraint::MinProviders, 3, 5)],
		),
		(
			case(wanted(6, sites), Change::MinDataCenters(1)),
			vec![excluded(Constraint::MinDataCenters, 4, 5)],
		),
		(
			case(wanted(6, countries), Change::MinCountries(1)),
			vec![excluded(Constraint::MinCountries, 4, 5)],
		),
		(case(wanted(21, full()), Change::Min(20)), vec![few(5, 20)]),
	]
}

/// The offer with the change.
fn changed(offer: Wanted, change: Change<AccountId>) -> Wanted {
	let Wanted { max_price, units, term, placement, attributes, expiry, tariff } = offer;
	let (developer, asset) = (account(DEVELOPER), DOLLARS);
	let mut terms = BidTerms {
		developer,
		asset,
		max_price,
		units,
		filled: 0,
		term,
		placement,
		attributes,
		expiry,
		deal: None,
		tariff,
	};
	change.apply(&mut terms);
	let BidTerms { max_price, units, term, placement, attributes, expiry, tariff, .. } = terms;
	Wanted { max_price, units, term, placement, attributes, expiry, tariff }
}

#[test]
fn change_that_a_remedy_names_makes_an_offer_match() {
	with_supply(|_| {
		let name = b"Idle".to_vec().try_into().expect("it is short");
		act(IDLE, ProvidersCall::register_provider { name });
		let spreads = spreads().into_iter().map(|(case, _)| case);
		for Case { offer, change } in demands().into_iter().chain(spreads) {
			hypothetically!({
				let explanation = explain(&offer);
				assert!(!explanation.matches && explanation.complete, "{change:?}");
				assert_eq!(post_as_quoted(DEVELOPER, offer.clone()), None, "{change:?}");
				let found = remedy(&explanation, change.constraint()).cloned();
				let found = found.unwrap_or_else(|| panic!("{change:?}: {explanation:?}"));
				assert_eq!(found.change, change);

				let better = changed(offer, found.change);
				assert!(explain(&better).matches, "{change:?}");
				let promise = quote(&better);
				assert_eq!(promise.per_epoch, found.per_epoch, "{change:?}");
				let deal = post_as_quoted(DEVELOPER, better).expect("it matches now");
				let parts = parts(deal);
				let units: u32 = parts.iter().map(|(_, units, _)| units.count()).sum();
				let highest = parts.iter().map(|(_, _, price)| *price).max();
				assert_eq!((units, highest), (found.units, Some(found.highest_price)));
			});
		}
	});
}

#[test]
fn constraints_are_named_with_what_they_exclude() {
	with_supply(|_| {
		let name = b"Idle".to_vec().try_into().expect("it is short");
		act(IDLE, ProvidersCall::register_provider { name });
		for Case { offer, change } in demands() {
			let explanation = explain(&offer);
			let [excluded] = &explanation.exclusions[..] else {
				panic!("{change:?}: {explanation:?}");
			};
			assert_eq!((excluded.constraint, excluded.asks), (change.constraint(), 5));
			assert_eq!((excluded.units, excluded.units_alone), (20, 20));
			assert_eq!((explanation.asks, explanation.suitable), (5, 0));
		}
		for (Case { offer, change }, exclusions) in spreads() {
			let explanation = explain(&offer);
			// Each unit suits: it is all of them together that do not.
			assert_eq!(explanation.exclusions, exclusions, "{change:?}");
			assert_eq!(explanation.suitable, 20, "{change:?}");
		}
	});
}

#[test]
fn quote_tells_where_units_stand() {
	with_supply(|_| {
		let fills = quote(&wanted(20, Where::default())).fills;
		let stand: Vec<_> = fills
			.iter()
			.map(|fill| (fill.server, fill.data_center.0, fill.country, fill.tier))
			.collect();
		let expected = [
			(FIRST, 0, *b"NO", 3),
			(SECOND, 0, *b"NO", 3),
			(THIRD, 1, *b"DE", 2),
			(FOURTH, 3, *b"SE", 4),
			(FIFTH, 5, *b"CH", 1),
		];
		assert_eq!(stand, expected);
	});
}

#[test]
fn supply_that_is_sold_is_told_apart_from_what_does_not_suit() {
	with_supply(|_| {
		post_as_quoted(DEVELOPER, wanted(16, Where::default())).expect("there are twenty units");
		let explanation = explain(&wanted(5, Where::default()));
		assert!(!explanation.matches);
		let [sold, few] = &explanation.exclusions[..] else { panic!("{explanation:?}") };
		assert_eq!((sold.constraint, sold.asks, sold.units), (Constraint::Supply, 4, 16));
		assert_eq!((few.constraint, few.asks, few.units), (Constraint::Min, 1, 4));
		assert_eq!(explanation.suitable, 4);
		let less = remedy(&explanation, Constraint::Min).expect("four are left");
		assert_eq!(less.change, Change::Min(4));
		assert_eq!((less.units, less.per_epoch), (4, 4 * 14 * USDC / 10));
		assert_eq!(explanation.remedies.len(), 1);
	});
}
