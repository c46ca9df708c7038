use super::*;
use crate::{Error, Pallet, Providers as Records};
use frame_support::assert_noop;
use marketplace_testkit::{account, stranger};
use sp_runtime::{traits::BadOrigin, TokenError};

#[test]
fn register_provider_stores_the_record_and_holds_its_deposit() {
	checked(|| {
		assert_ok!(Providers::register_provider(signed(provider()), name("Alpine Compute")));

		let record = Records::<Test>::get(provider()).unwrap();
		assert_eq!((record.data_centers, record.servers), (0, 0));
		assert_eq!(record.name, name("Alpine Compute"));
		assert_eq!(held(&provider()), deposit(Pallet::<Test>::provider_footprint()));
		expect_event(Event::ProviderRegistered {
			provider: provider(),
			name: name("Alpine Compute"),
		});
	});
}

#[test]
fn register_provider_fails_when_the_account_is_one() {
	checked(|| {
		register_provider(provider());
		assert_noop!(
			Providers::register_provider(signed(provider()), name("Again")),
			Error::<Test>::AlreadyRegistered
		);
	});
}

#[test]
fn register_provider_fails_when_the_name_cannot_be_shown() {
	checked(|| {
		for bytes in [&b""[..], b"  ", b"line\nbreak", b"\xff\xfe"] {
			let name = Name::try_from(bytes.to_vec()).unwrap();
			assert_noop!(
				Providers::register_provider(signed(provider()), name),
				Error::<Test>::InvalidName
			);
		}
		assert_ok!(Providers::register_provider(signed(provider()), name("Zürich Süd")));
	});
}

#[test]
fn register_provider_fails_when_the_deposit_is_missing() {
	checked(|| {
		assert_noop!(
			Providers::register_provider(signed(account(99)), name("Poor")),
			TokenError::FundsUnavailable
		);
	});
}

#[test]
fn register_provider_fails_when_not_signed() {
	checked(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Providers::register_provider(origin, name("Root")), BadOrigin);
		}
		assert!(Providers::provider(stranger()).is_none());
	});
}
