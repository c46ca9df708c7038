use super::world::*;
use crate::mock::*;
use frame_support::BoundedVec;
use marketplace_primitives::{AccessList, Ask, Attributes, Placement};
use marketplace_testkit::{account, other_provider, provider, MockUnits};

fn list(
	accounts: &[sp_runtime::AccountId32],
) -> BoundedVec<sp_runtime::AccountId32, frame_support::traits::ConstU32<32>> {
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
