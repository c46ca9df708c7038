use super::*;
use crate::{DataCenters, Error};
use frame_support::assert_noop;
use marketplace_testkit::{other_provider, stranger};
use sp_runtime::traits::BadOrigin;

#[test]
fn remove_data_center_removes_the_record_and_returns_the_deposit() {
	checked(|| {
		register_provider(provider());
		let before = held(&provider());
		register_data_center(provider());

		assert_ok!(Providers::remove_data_center(signed(provider()), SITE));

		assert_eq!(DataCenters::<Test>::get(SITE), None);
		assert_eq!(Providers::provider(provider()).unwrap().data_centers, 0);
		assert_eq!(held(&provider()), before);
		expect_event(Event::DataCenterRemoved { data_center: SITE, provider: provider() });
	});
}

#[test]
fn remove_data_center_fails_when_servers_stand_in_it() {
	checked(|| {
		with_server(8);
		assert_noop!(
			Providers::remove_data_center(signed(provider()), SITE),
			Error::<Test>::HasServers
		);
	});
}

#[test]
fn remove_data_center_fails_when_it_is_unknown_or_anothers() {
	checked(|| {
		register_provider(provider());
		register_provider(other_provider());
		register_data_center(provider());
		assert_noop!(
			Providers::remove_data_center(signed(provider()), DataCenterId(9)),
			Error::<Test>::UnknownDataCenter
		);
		for who in [other_provider(), stranger()] {
			assert_noop!(Providers::remove_data_center(signed(who), SITE), Error::<Test>::NotOwner);
		}
	});
}

#[test]
fn remove_data_center_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		assert_noop!(Providers::remove_data_center(RuntimeOrigin::root(), SITE), BadOrigin);
	});
}
