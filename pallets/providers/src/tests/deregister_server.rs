use super::*;
use crate::{AttestationsOf, Error, PeerIds, Servers, WeightInfo};
use frame_support::{assert_noop, dispatch::GetDispatchInfo, weights::Weight};
use marketplace_primitives::{DealId, UnitLedger};
use marketplace_testkit::{other_provider, MockUnits};
use sp_runtime::{traits::BadOrigin, DispatchError};

#[test]
fn deregister_server_removes_the_record_closes_its_units_and_returns_the_deposit() {
	checked(|| {
		register_provider(provider());
		register_data_center(provider());
		let before = held(&provider());
		assert_ok!(try_register_server(provider(), SITE, 1, 8));

		assert_ok!(Providers::deregister_server(signed(provider()), SERVER));

		assert_eq!(Servers::<Test>::get(SERVER), None);
		assert_eq!(PeerIds::<Test>::get(peer_id(1)), None);
		assert_eq!(MockUnits::opened(SERVER), None);
		assert_eq!(Providers::data_center(SITE).unwrap().servers, 0);
		assert_eq!(Providers::provider(provider()).unwrap().servers, 0);
		assert_eq!(held(&provider()), before);
		expect_event(Event::ServerDeregistered {
			server: SERVER,
			provider: provider(),
			peer_id: peer_id(1),
		});
	});
}

#[test]
fn deregister_server_costs_what_is_due_of_its_units() {
	checked(|| {
		with_server(8);
		let due = Weight::from_parts(5_000, 50);
		MockUnits::set_due(SERVER, due);
		let call = crate::Call::<Test>::deregister_server { server: SERVER };
		let base = <() as WeightInfo>::deregister_server();
		assert_eq!(call.get_dispatch_info().call_weight, base + MockUnits::MOST_DUE);
		let post = Providers::deregister_server(signed(provider()), SERVER).expect("it is idle");
		assert_eq!(post.actual_weight, Some(base + due));
	});
}

#[test]
fn deregister_server_frees_the_peer_but_not_the_id() {
	checked(|| {
		with_server(8);
		assert_ok!(Providers::deregister_server(signed(provider()), SERVER));
		assert_ok!(try_register_server(provider(), SITE, 1, 16));
		assert_eq!(PeerIds::<Test>::get(peer_id(1)), Some(ServerId(1)));
	});
}

#[test]
fn deregister_server_forgets_what_was_attested() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_ok!(attest(other_attestor(), &[CPU]));
		assert_ok!(Providers::deregister_server(signed(provider()), SERVER));
		assert_eq!(AttestationsOf::<Test>::iter().count(), 0);
	});
}

#[test]
fn deregister_server_fails_when_it_has_asks() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_noop!(
			Providers::deregister_server(signed(provider()), SERVER),
			Error::<Test>::HasAsks
		);
		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));
		assert_ok!(Providers::deregister_server(signed(provider()), SERVER));
	});
}

#[test]
fn deregister_server_fails_when_its_units_are_in_use() {
	checked(|| {
		with_server(8);
		MockUnits::set_available(SERVER, Units(1), 9);
		assert_ok!(MockUnits::reserve(SERVER, DealId(0), Units(1), 5));
		assert_noop!(
			Providers::deregister_server(signed(provider()), SERVER),
			DispatchError::Other("units reserved")
		);
	});
}

#[test]
fn deregister_server_fails_when_it_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		assert_noop!(
			Providers::deregister_server(signed(provider()), ServerId(9)),
			Error::<Test>::UnknownServer
		);
		for who in [operator(), other_provider()] {
			assert_noop!(
				Providers::deregister_server(signed(who), SERVER),
				Error::<Test>::NotOwner
			);
		}
	});
}

#[test]
fn deregister_server_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		assert_noop!(Providers::deregister_server(RuntimeOrigin::root(), SERVER), BadOrigin);
	});
}
