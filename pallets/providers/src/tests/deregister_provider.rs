use super::*;
use crate::{Error, Providers as Records};
use frame_support::assert_noop;
use marketplace_testkit::stranger;
use sp_runtime::traits::BadOrigin;

#[test]
fn deregister_provider_removes_the_record_and_returns_the_deposit() {
	checked(|| {
		register_provider(provider());

		assert_ok!(Providers::deregister_provider(signed(provider())));

		assert_eq!(Records::<Test>::get(provider()), None);
		assert_eq!(held(&provider()), 0);
		assert_eq!(Balances::free_balance(provider()), FUNDS);
		expect_event(Event::ProviderDeregistered { provider: provider() });
	});
}

#[test]
fn deregister_provider_ends_what_began_with_every_other_record() {
	checked(|| {
		with_server(64);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_ok!(try_set_ask(SERVER, Units(1), 6));

		assert_ok!(Providers::withdraw_ask(signed(provider()), AskId(1)));
		assert_ok!(Providers::deregister_server(signed(provider()), SERVER));
		assert_ok!(Providers::remove_data_center(signed(provider()), SITE));
		assert_ok!(Providers::deregister_provider(signed(provider())));

		assert_eq!((held(&provider()), Balances::free_balance(provider())), (0, FUNDS));
		register_provider(provider());
	});
}

#[test]
fn deregister_provider_fails_when_it_has_data_centres() {
	checked(|| {
		register_provider(provider());
		register_data_center(provider());
		assert_noop!(
			Providers::deregister_provider(signed(provider())),
			Error::<Test>::HasDataCenters
		);
	});
}

#[test]
fn deregister_provider_fails_when_the_caller_is_none() {
	checked(|| {
		assert_noop!(
			Providers::deregister_provider(signed(stranger())),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn deregister_provider_fails_when_not_signed() {
	checked(|| {
		assert_noop!(Providers::deregister_provider(RuntimeOrigin::root()), BadOrigin);
	});
}
