use super::world::*;
use crate::mock::*;
use frame_support::BoundedVec;
use marketplace_primitives::{
	AccessList, Ask, Attributes, DataCenterId, OrderBook, Placement, ServerId, Sites,
};
use marketplace_testkit::{account, other_provider, provider, MockRegistry, MockUnits};
use sp_runtime::AccountId32;

fn list(accounts: &[AccountId32]) -> BoundedVec<AccountId32, frame_support::traits::ConstU32<32>> {
	accounts.to_vec().try_into().expect("short list")
}

#[test]
fn cap_holds_within_a_match() {
	market(|| {
		for id in 1..=3 {
			server(id, provider(), 4);
			ask(id.into(), id, 4);
		}
		server(4, other_provider(), 4);
		ask(4, 4, 5);
		let placement = Placement { max_per_provider: Some(5), ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 12) });
		settle();
		assert_eq!(got(1), [(1, 4, 4), (2, 1, 4), (4, 4, 5)]);
	});
}

#[test]
fn cap_holds_over_the_whole_deal() {
	market(|| {
		server(1, provider(), 2);
		ask(1, 1, 4);
		let placement = Placement { max_per_provider: Some(3), ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 12) });
		server(2, provider(), 9);
		ask(2, 2, 4);
		server(3, provider(), 9);
		ask(3, 3, 4);
		settle();
		assert_eq!(got(1), [(1, 2, 4), (2, 1, 9)]);
	});
}

#[test]
fn only_listed_providers_serve_when_the_list_allows() {
	market(|| {
		server(1, provider(), 2);
		server(2, other_provider(), 2);
		ask(1, 1, 4);
		ask(2, 2, 5);
		let providers = AccessList::Allow(list(&[other_provider(), account(77)]));
		let placement = Placement { providers, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 12) });
		settle();
		assert_eq!(got(1), [(2, 2, 5)]);
	});
}

#[test]
fn listed_providers_do_not_serve_when_the_list_denies() {
	market(|| {
		server(1, provider(), 2);
		server(2, other_provider(), 2);
		ask(1, 1, 4);
		ask(2, 2, 5);
		let providers = AccessList::Deny(list(&[provider()]));
		let placement = Placement { providers, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 12) });
		settle();
		assert_eq!(got(1), [(2, 2, 5)]);
	});
}

#[test]
fn every_required_attribute_must_be_offered() {
	market(|| {
		for (id, attributes) in [(1, &[1u8, 200][..]), (2, &[1, 2, 200]), (3, &[])] {
			server(id, provider(), 1);
			set_ask(id.into(), Ask { attributes: Attributes::of(attributes), ..ask_of(id, 4) });
		}
		post(1, Terms { attributes: Attributes::of(&[2, 200]), ..bid(9, 1, 12) });
		settle();
		assert_eq!(got(1), [(2, 1, 4)]);
	});
}

#[test]
fn term_must_lie_within_the_bounds_of_the_ask() {
	market(|| {
		for (id, min_term, max_term) in [(1, 1, 9), (2, 11, 20), (3, 10, 10)] {
			server(id, provider(), 1);
			set_ask(id.into(), Ask { min_term, max_term, ..ask_of(id, 4) });
		}
		post(1, bid(9, 1, 12));
		settle();
		assert_eq!(got(1), [(3, 1, 4)]);
	});
}

#[test]
fn who_joins_late_is_bound_for_the_rest_of_the_term_only() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 4);
		post(1, bid(9, 1, 3));
		assert_eq!(got(1), [(1, 1, 4)]);
		server(2, provider(), 1);
		set_ask(2, Ask { max_term: 7, ..ask_of(2, 4) });
		settle();
		assert_eq!(got(1).len(), 1);
		// Matched in epoch 1, the deal ends with epoch 12: in epoch 4 seven epochs are left.
		MockUnits::set_epoch(4);
		settle();
		assert_eq!(got(1), [(1, 1, 4), (2, 1, 9)]);
	});
}

#[test]
fn nobody_joins_a_deal_in_its_last_epoch() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 4);
		post(1, bid(9, 1, 3));
		MockUnits::set_epoch(11);
		server(2, provider(), 1);
		ask(2, 2, 4);
		settle();
		assert_eq!(got(1).len(), 1);
	});
}

#[test]
fn commitment_must_outlast_the_deal() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 4);
		prove(1, marketplace_primitives::Units::first(1), 11);
		post(1, bid(9, 1, 3));
		settle();
		assert_eq!(got(1), []);
		prove(1, marketplace_primitives::Units::first(1), 12);
		settle();
		assert_eq!(got(1), [(1, 1, 4)]);
	});
}

#[test]
fn endless_term_is_no_match_and_no_panic() {
	market(|| {
		server(1, provider(), 1);
		set_ask(1, Ask { max_term: u32::MAX, ..ask_of(1, 4) });
		post(1, Terms { term: u32::MAX, ..bid(9, 1, 3) });
		post(2, Terms { term: u32::MAX - 2, ..bid(u128::MAX, 1, u32::MAX) });
		post(3, Terms { term: 0, ..bid(9, 1, 3) });
		settle();
		assert_eq!((got(1), got(2), got(3)), (vec![], vec![], vec![]));
	});
}

/// A server of `owner` with `units` units in data centre `site` of `country`.
fn placed_server(
	id: u32,
	owner: AccountId32,
	units: u8,
	site: u32,
	country: &[u8; 2],
	price: u128,
) {
	server(id, owner, units);
	MockRegistry::change_server(ServerId(id), |server| {
		server.data_center = DataCenterId(site);
		server.location.country = *country;
		server.tier = 1 + id as u8 % 4;
	});
	ask(id.into(), id, price);
}

fn placed_servers() {
	placed_server(1, provider(), 4, 1, b"CH", 4);
	placed_server(2, provider(), 4, 1, b"CH", 5);
	placed_server(3, provider(), 4, 2, b"DE", 6);
	placed_server(4, other_provider(), 4, 3, b"CH", 7);
}

#[test]
fn caps_hold_per_data_center_and_per_server() {
	market(|| {
		placed_servers();
		let placement = Placement {
			max_per_data_center: Some(5),
			max_per_server: Some(3),
			..Default::default()
		};
		post(1, Terms { placement, ..bid(9, 1, 20) });
		settle();
		assert_eq!(got(1), [(1, 3, 4), (2, 2, 5), (3, 3, 6), (4, 3, 7)]);
	});
}

#[test]
fn room_is_left_for_groups_that_are_missing() {
	market(|| {
		placed_servers();
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 6) });
		settle();
		// One unit is left for another country and one for another provider.
		assert_eq!(got(1), [(1, 4, 4), (3, 1, 6), (4, 1, 7)]);
	});
}

#[test]
fn units_that_bring_a_group_of_every_kind_will_do() {
	market(|| {
		placed_servers();
		placed_server(5, other_provider(), 4, 4, b"FR", 8);
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 2, 2) });
		settle();
		assert_eq!(got(1), [(1, 1, 4), (5, 1, 8)]);
	});
}

#[test]
fn deal_opens_only_with_groups_enough() {
	market(|| {
		placed_server(1, provider(), 4, 1, b"CH", 4);
		let placement = Placement { min_providers: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 6) });
		settle();
		assert_eq!(got(1), []);
		placed_server(4, other_provider(), 4, 3, b"CH", 7);
		settle();
		assert_eq!(got(1), [(1, 4, 4), (4, 2, 9)]);
	});
}

#[test]
fn only_admitted_sites_serve() {
	market(|| {
		placed_servers();
		let sites = Sites {
			countries: vec![*b"CH", *b"FR"].try_into().expect("two"),
			min_tier: 3,
			..Default::default()
		};
		post(1, Terms { placement: Placement { sites, ..Default::default() }, ..bid(9, 1, 20) });
		settle();
		assert_eq!(got(1), [(2, 4, 5)]);
	});
}

#[test]
fn only_the_hardware_class_that_is_asked_for_serves() {
	market(|| {
		placed_servers();
		MockRegistry::change_server(ServerId(2), |server| server.hardware = 3);
		ask(2, 2, 5);
		let placement = Placement { hardware: Some(3), ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 20) });
		settle();
		assert_eq!(got(1), [(2, 4, 5)]);
	});
}

#[test]
fn attestation_counts_from_when_it_is_given() {
	market(|| {
		placed_servers();
		let placement = Placement { attested: Attributes::of(&[1]), ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 20) });
		settle();
		assert_eq!(got(1), []);
		MockRegistry::change_server(ServerId(3), |server| server.attested = Attributes::of(&[1]));
		Matcher::supply_changed(ServerId(3));
		settle();
		assert_eq!(got(1), [(3, 4, 6)]);
	});
}

#[test]
fn bid_takes_what_it_passed_over_once_the_room_kept_for_groups_is_free() {
	market(|| {
		placed_server(1, provider(), 4, 1, b"CH", 4);
		placed_server(2, provider(), 4, 1, b"CH", 5);
		placed_server(3, other_provider(), 1, 2, b"DE", 6);
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 1, 6) });
		settle();
		// Two units were kept for a provider and a country, and the third server brings both with one.
		assert_eq!(got(1), [(1, 4, 4), (3, 1, 6), (2, 1, 5)]);
	});
}
