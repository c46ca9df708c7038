//! Why an offer does not match, and that doing what a remedy says makes it match.

use crate::*;
use marketplace_primitives::api::Remedy;
use marketplace_scenarios::client::explain;

/// Has registered, and has no server.
const IDLE: Key = Key::AliceStash;

type Change = fn(&mut Wanted, &Remedy);

/// An offer that does not match for one constraint alone, and what giving that up means.
struct Case {
	constraint: Constraint,
	offer: Wanted,
	change: Change,
}

fn case(constraint: Constraint, offer: Wanted, change: Change) -> Case {
	Case { constraint, offer, change }
}

/// What is asked of the units themselves.
fn demands() -> Vec<Case> {
	let class = Where { hardware: Some(3), ..Default::default() };
	let attested = Where { attested: Attributes::of(&[SEALED]), ..Default::default() };
	let nobody = vec![account(IDLE)].try_into().expect("one");
	let providers = Where { providers: AccessList::Allow(nobody), ..Default::default() };
	let countries = vec![*b"FR"].try_into().expect("one");
	let sites = Where { sites: Sites { countries, ..Default::default() }, ..Default::default() };
	let plain = |units| wanted(units, Where::default());
	let unknown = Wanted { attributes: Attributes::of(&[16]), ..plain(6) };
	vec![
		case(Constraint::Price, Wanted { max_price: USDC / 2, ..plain(6) }, |wanted, remedy| {
			wanted.max_price = remedy.highest_price;
		}),
		case(Constraint::Term, Wanted { term: 110, ..plain(6) }, |wanted, _| wanted.term = 100),
		case(Constraint::Attributes, unknown, |wanted, _| wanted.attributes = Attributes::NONE),
		case(Constraint::Attested, wanted(6, attested), |wanted, _| {
			wanted.placement.attested = Attributes::NONE;
		}),
		case(Constraint::Hardware, wanted(6, class), |wanted, _| wanted.placement.hardware = None),
		case(Constraint::Providers, wanted(6, providers), |wanted, _| {
			wanted.placement.providers = AccessList::Any;
		}),
		case(Constraint::Sites, wanted(6, sites), |wanted, _| {
			wanted.placement.sites = Sites::default();
		}),
	]
}

/// How they must be spread, and how many there must be.
fn spreads() -> Vec<Case> {
	let full = Where::default;
	let capped = Where { max_per_provider: Some(1), ..full() };
	let of_site = Where { max_per_data_center: Some(1), ..full() };
	let of_server = Where { max_per_server: Some(1), ..full() };
	let providers = Where { min_providers: 4, ..full() };
	let sites = Where { min_data_centers: 5, ..full() };
	let countries = Where { min_countries: 5, ..full() };
	vec![
		case(Constraint::MaxPerProvider, wanted(4, capped), |wanted, _| {
			wanted.placement.max_per_provider = None;
		}),
		case(Constraint::MaxPerDataCenter, wanted(5, of_site), |wanted, _| {
			wanted.placement.max_per_data_center = None;
		}),
		case(Constraint::MaxPerServer, wanted(6, of_server), |wanted, _| {
			wanted.placement.max_per_server = None;
		}),
		case(Constraint::MinProviders, wanted(6, providers), |wanted, _| {
			wanted.placement.min_providers = 0;
		}),
		case(Constraint::MinDataCenters, wanted(6, sites), |wanted, _| {
			wanted.placement.min_data_centers = 0;
		}),
		case(Constraint::MinCountries, wanted(6, countries), |wanted, _| {
			wanted.placement.min_countries = 0;
		}),
		case(Constraint::Min, wanted(21, full()), |wanted, remedy| {
			wanted.units.min = remedy.units;
		}),
	]
}

#[test]
fn doing_what_a_remedy_says_makes_an_offer_match() {
	with_supply(|_| {
		let name = b"Idle".to_vec().try_into().expect("it is short");
		act(IDLE, ProvidersCall::register_provider { name });
		for Case { constraint, offer, change } in demands().into_iter().chain(spreads()) {
			hypothetically!({
				let explanation = explain(&offer);
				assert!(!explanation.matches && explanation.complete, "{constraint:?}");
				assert_eq!(post_as_quoted(DEVELOPER, offer.clone()), None, "{constraint:?}");
				let found = remedy(&explanation, constraint).cloned();
				let found = found.unwrap_or_else(|| panic!("{constraint:?}: {explanation:?}"));

				let mut better = offer;
				change(&mut better, &found);
				assert!(explain(&better).matches, "{constraint:?}");
				let promise = quote(&better);
				assert_eq!(promise.per_epoch, found.per_epoch, "{constraint:?}");
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
fn constraints_of_the_units_are_named_with_what_they_exclude() {
	with_supply(|_| {
		let name = b"Idle".to_vec().try_into().expect("it is short");
		act(IDLE, ProvidersCall::register_provider { name });
		for Case { constraint, offer, .. } in demands() {
			let explanation = explain(&offer);
			let [excluded] = &explanation.exclusions[..] else {
				panic!("{constraint:?}: {explanation:?}");
			};
			assert_eq!((excluded.constraint, excluded.asks), (constraint, 5));
			assert_eq!((excluded.units, excluded.units_alone), (20, 20));
			assert_eq!((explanation.asks, explanation.suitable), (5, 0));
		}
		for Case { constraint, offer, .. } in spreads() {
			let explanation = explain(&offer);
			// Each unit suits: it is all of them together that do not.
			assert!(explanation.exclusions.is_empty(), "{constraint:?}");
			assert_eq!(explanation.suitable, 20, "{constraint:?}");
		}
	});
}

#[test]
fn supply_that_is_sold_is_told_apart_from_what_does_not_suit() {
	with_supply(|_| {
		post_as_quoted(DEVELOPER, wanted(16, Where::default())).expect("there are twenty units");
		let explanation = explain(&wanted(5, Where::default()));
		assert!(!explanation.matches);
		let [sold] = &explanation.exclusions[..] else { panic!("{explanation:?}") };
		assert_eq!((sold.constraint, sold.asks, sold.units), (Constraint::Supply, 4, 16));
		assert_eq!(explanation.suitable, 4);
		let less = remedy(&explanation, Constraint::Min).expect("four are left");
		assert_eq!((less.units, less.per_epoch), (4, 4 * 14 * USDC / 10));
		assert_eq!(explanation.remedies.len(), 1);
	});
}
