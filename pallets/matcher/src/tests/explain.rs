use super::world::*;
use crate::mock::*;
use frame_support::assert_storage_noop;
use marketplace_primitives::{
	api::{Change, Constraint, Exclusion},
	types::units_of,
	Ask, Attributes, DataCenterId, OfferId, Placement, ServerId, Sites, Units,
};
use marketplace_testkit::{other_provider, provider, MockRegistry, MockUnits};
use sp_runtime::AccountId32;

type Explanation = marketplace_primitives::api::Explanation<AccountId32>;
type Remedy = marketplace_primitives::api::Remedy<AccountId32>;

/// Three servers of four units: at 4 and 6 of one provider in Switzerland, at 5 of another in Germany.
pub fn three_servers() {
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

pub fn explained(terms: &Terms) -> Explanation {
	let answer = Matcher::explain(terms);
	assert_storage_noop!(Matcher::explain(terms));
	answer
}

fn excluded(constraint: Constraint, asks: u32, units: u32, units_alone: u32) -> Exclusion {
	Exclusion { constraint, asks, units, units_alone }
}

pub fn remedy(
	change: Change<AccountId32>,
	units: u32,
	per_epoch: u128,
	highest_price: u128,
) -> Remedy {
	Remedy { change, units, per_epoch, highest_price }
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
		assert_eq!(
			answer.exclusions,
			[excluded(Constraint::Price, 1, 4, 4), excluded(Constraint::Min, 2, 8, 8)]
		);
		assert_eq!(answer.suitable, 8);
		// 4 at 4, 4 at 5 and 2 at 6; or the 8 that there are.
		assert_eq!(
			answer.remedies,
			[remedy(Change::Min(8), 8, 36, 5), remedy(Change::Price(6), 10, 48, 6)]
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
fn tariff_is_counted_and_may_be_raised() {
	market(|| {
		three_servers();
		set_ask(1, Ask { tariff: Some(30), ..ask_of(1, 4) });
		set_ask(2, Ask { tariff: Some(20), ..ask_of(2, 5) });
		let answer = explained(&Terms { tariff: Some(20), ..bid(6, 5, 12) });
		assert!(!answer.matches);
		// One asks for more, one takes no requests at all.
		assert_eq!(
			answer.exclusions,
			[excluded(Constraint::Tariff, 2, 8, 8), excluded(Constraint::Min, 1, 4, 4)]
		);
		assert_eq!(
			answer.remedies,
			[remedy(Change::Min(4), 4, 20, 5), remedy(Change::Tariff(Some(30)), 8, 36, 5)]
		);
		let answer = explained(&Terms { tariff: Some(10), ..bid(4, 1, 12) });
		let excluded =
			[excluded(Constraint::Tariff, 3, 12, 4), excluded(Constraint::Price, 2, 8, 0)];
		assert!(excluded.iter().all(|part| answer.exclusions.contains(part)), "{answer:?}");
		assert_eq!(answer.remedies, [remedy(Change::Tariff(Some(30)), 4, 16, 4)]);
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
		assert_eq!(
			answer.exclusions,
			[excluded(Constraint::Supply, 2, 128, 128), excluded(Constraint::Min, 1, 4, 4)]
		);
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
		assert_eq!(answer.remedies, [remedy(Change::Price(5), 1, 5, 5)]);
		assert_eq!(Matcher::explain_offer(OfferId(8)), None);
	});
}

/// What each constraint excludes of an offer at 9 with the placement.
fn placed(min: u32, target: u32, placement: Placement<AccountId32>) -> Vec<Exclusion> {
	explained(&Terms { placement, ..bid(9, min, target) }).exclusions
}

#[test]
fn caps_exclude_what_they_leave_no_room_for() {
	market(|| {
		three_servers();
		let cap = |cap| Placement { max_per_provider: Some(cap), ..Default::default() };
		// One of each provider, so nothing of the third server.
		let few = excluded(Constraint::Min, 2, 2, 2);
		assert_eq!(placed(3, 3, cap(1)), [excluded(Constraint::MaxPerProvider, 3, 10, 10), few]);
		// Of an offer that matches too; that it has enough of them excludes none of the others.
		assert_eq!(placed(5, 6, cap(5)), [excluded(Constraint::MaxPerProvider, 1, 3, 3)]);
		assert_eq!(placed(5, 5, cap(8)), []);
		let site = Placement { max_per_data_center: Some(5), ..Default::default() };
		// All three stand in one data centre.
		let few = excluded(Constraint::Min, 2, 5, 5);
		assert_eq!(placed(6, 6, site), [excluded(Constraint::MaxPerDataCenter, 2, 7, 7), few]);
	});
}

#[test]
fn units_that_several_caps_exclude_count_under_each() {
	market(|| {
		three_servers();
		let placement =
			Placement { max_per_provider: Some(5), max_per_server: Some(3), ..Default::default() };
		let few = excluded(Constraint::Min, 3, 8, 8);
		// Three, three and two: of the third, one more if there were no cap per provider but for the other.
		let of_provider = excluded(Constraint::MaxPerProvider, 1, 2, 1);
		let of_server = excluded(Constraint::MaxPerServer, 3, 3, 2);
		assert_eq!(placed(9, 9, placement), [of_server, of_provider, few]);
	});
}

#[test]
fn groups_exclude_all_that_makes_too_few_of_them() {
	market(|| {
		three_servers();
		let providers = |min_providers| Placement { min_providers, ..Default::default() };
		// Three at 4 and one at 5: two are left for a third provider.
		let three = excluded(Constraint::MinProviders, 2, 5, 5);
		assert_eq!(placed(6, 6, providers(3)), [three]);
		assert_eq!(placed(6, 6, providers(2)), []);
		// With no groups there would be too few all the same.
		let (few, three) =
			(excluded(Constraint::Min, 3, 12, 0), excluded(Constraint::MinProviders, 3, 12, 0));
		assert_eq!(placed(13, 13, providers(3)), [few, three]);
		let both = Placement { min_countries: 3, min_data_centers: 2, ..Default::default() };
		let sites = excluded(Constraint::MinDataCenters, 2, 4, 0);
		let countries = excluded(Constraint::MinCountries, 2, 4, 0);
		assert_eq!(placed(6, 6, both), [sites, countries]);
	});
}

#[test]
fn nothing_is_excluded_by_least_numbers_where_nothing_suits() {
	market(|| {
		three_servers();
		let placement = Placement { hardware: Some(3), min_providers: 2, ..Default::default() };
		assert_eq!(placed(2, 2, placement), [excluded(Constraint::Hardware, 3, 12, 12)]);
	});
}

#[test]
fn caps_of_a_running_deal_count_what_it_has() {
	market(|| {
		three_servers();
		MockRegistry::change_server(ServerId(3), |server| server.data_center = DataCenterId(1));
		let placement = Placement { max_per_provider: Some(3), ..Default::default() };
		post(1, Terms { placement, ..bid(4, 1, 9) });
		settle();
		assert_eq!(got(1), [(1, 3, 4)]);
		raise(1, 9);
		settle();
		assert_eq!(got(1), [(1, 3, 4), (2, 3, 5)]);
		let answer = Matcher::explain_offer(OfferId(1)).expect("it is open");
		// The servers that it has are not its to take again, whatever the cap.
		let taken = excluded(Constraint::Supply, 2, 2, 2);
		assert_eq!(answer.exclusions, [taken, excluded(Constraint::MaxPerProvider, 1, 4, 4)]);
		assert_eq!(answer.suitable, 4);
		assert_eq!(answer.remedies, [remedy(Change::MaxPerProvider(6), 3, 18, 6)]);
	});
}

#[test]
fn no_more_asks_are_taken_than_one_match_may_have() {
	market(|| {
		for id in 1..=17 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		let answer = explained(&bid(5, 17, 17));
		assert_eq!(answer.exclusions, [excluded(Constraint::Min, 16, 16, 16)]);
		assert_eq!(
			(answer.suitable, answer.remedies),
			(17, vec![remedy(Change::Min(16), 16, 80, 5)])
		);
	});
}

#[test]
fn offer_whose_time_is_over_is_told_that() {
	market(|| {
		three_servers();
		let terms = Terms { expiry: 3, ..bid(5, 1, 6) };
		MockUnits::set_epoch(3);
		assert!(explained(&terms).matches);
		MockUnits::set_epoch(4);
		assert_eq!(Matcher::quote(&terms), []);
		let answer = explained(&terms);
		assert_eq!((answer.matches, answer.suitable), (false, 0));
		let (dear, over) =
			(excluded(Constraint::Price, 1, 4, 0), excluded(Constraint::Expiry, 3, 12, 8));
		assert_eq!(answer.exclusions, [over, dear]);
		assert_eq!(answer.remedies, [remedy(Change::Expiry(4), 6, 26, 5)]);
	});
}
