use super::*;
use crate::{Error, Providers as Records};
use frame_support::assert_noop;
use marketplace_testkit::stranger;
use sp_runtime::traits::BadOrigin;

#[test]
fn rename_provider_changes_the_name_alone() {
	checked(|| {
		with_server(4);
		let (before, deposit) = (Records::<Test>::get(provider()).unwrap(), held(&provider()));

		assert_ok!(Providers::rename_provider(signed(provider()), name("N")));

		let after = Records::<Test>::get(provider()).unwrap();
		assert_eq!(after, crate::Provider { name: name("N"), ..before });
		assert_eq!(held(&provider()), deposit);
		expect_event(Event::ProviderRenamed { provider: provider(), name: name("N") });
	});
}

#[test]
fn rename_provider_fails_when_the_caller_is_no_provider() {
	checked(|| {
		assert_noop!(
			Providers::rename_provider(signed(stranger()), name("N")),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn rename_provider_fails_when_the_name_is_blank() {
	checked(|| {
		register_provider(provider());
		assert_noop!(
			Providers::rename_provider(signed(provider()), name(" \u{a0}")),
			Error::<Test>::InvalidName
		);
	});
}

#[test]
fn rename_provider_fails_when_not_signed() {
	checked(|| {
		assert_noop!(Providers::rename_provider(RuntimeOrigin::root(), name("N")), BadOrigin);
	});
}
