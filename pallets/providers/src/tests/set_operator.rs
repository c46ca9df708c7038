use super::*;
use crate::{Error, Server, Servers};
use frame_support::assert_noop;
use marketplace_testkit::{other_provider, stranger};
use sp_runtime::traits::BadOrigin;

#[test]
fn set_operator_changes_the_operator_alone() {
	checked(|| {
		with_server(8);
		let (before, deposit) = (Servers::<Test>::get(SERVER).unwrap(), held(&provider()));

		assert_ok!(Providers::set_operator(signed(provider()), SERVER, stranger()));

		let after = Servers::<Test>::get(SERVER).unwrap();
		assert_eq!(after, Server { operator: stranger(), ..before });
		assert_eq!(held(&provider()), deposit);
		expect_event(Event::OperatorSet { server: SERVER, operator: stranger() });
	});
}

#[test]
fn set_operator_fails_when_the_server_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		assert_noop!(
			Providers::set_operator(signed(provider()), ServerId(9), stranger()),
			Error::<Test>::UnknownServer
		);
		for who in [operator(), other_provider()] {
			assert_noop!(
				Providers::set_operator(signed(who), SERVER, stranger()),
				Error::<Test>::NotOwner
			);
		}
	});
}

#[test]
fn set_operator_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		assert_noop!(Providers::set_operator(RuntimeOrigin::root(), SERVER, stranger()), BadOrigin);
	});
}
