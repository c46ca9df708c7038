use super::*;
use crate::{DataCenters, Error, NextDataCenterId, Pallet};
use frame_support::assert_noop;
use marketplace_primitives::{City, Location};
use marketplace_testkit::stranger;
use sp_runtime::{traits::BadOrigin, ArithmeticError, TokenError};

fn register(country: &[u8; 2], city: &[u8], tier: u8) -> DispatchResult {
	let city = City::try_from(city.to_vec()).unwrap();
	Providers::register_data_center(signed(provider()), *country, city, tier)
}

#[test]
fn register_data_center_stores_the_record_and_holds_its_deposit() {
	checked(|| {
		register_provider(provider());
		let before = held(&provider());

		assert_ok!(register(b"CH", b"Zurich", 3));

		let site = DataCenters::<Test>::get(SITE).unwrap();
		let city = b"Zurich".to_vec().try_into().unwrap();
		let location = Location { country: *b"CH", city };
		assert_eq!((site.provider, site.tier, site.servers), (provider(), 3, 0));
		assert_eq!(site.location, location);
		assert_eq!(Providers::provider(provider()).unwrap().data_centers, 1);
		let deposit = deposit(Pallet::<Test>::data_center_footprint());
		assert_eq!(held(&provider()) - before, deposit);
		expect_event(Event::DataCenterRegistered {
			data_center: SITE,
			provider: provider(),
			location,
			tier: 3,
		});
	});
}

#[test]
fn register_data_center_gives_each_its_own_id() {
	checked(|| {
		register_provider(provider());
		assert_ok!(register(b"CH", b"Zurich", 1));
		assert_ok!(register(b"CH", b"Zurich", 4));
		assert_eq!(Providers::data_center(DataCenterId(1)).unwrap().tier, 4);
		assert_eq!(Providers::provider(provider()).unwrap().data_centers, 2);
	});
}

#[test]
fn register_data_center_fails_when_the_caller_is_no_provider() {
	checked(|| {
		let city = City::try_from(b"Bern".to_vec()).unwrap();
		assert_noop!(
			Providers::register_data_center(signed(stranger()), *b"CH", city, 1),
			Error::<Test>::NotRegistered
		);
	});
}

#[test]
fn register_data_center_fails_when_a_fact_is_invalid() {
	checked(|| {
		register_provider(provider());
		for country in [b"ch", b"C1", b"\0\0"] {
			assert_noop!(register(country, b"Bern", 1), Error::<Test>::InvalidCountry);
		}
		for city in [&b""[..], b" ", b"\xff", b"a\0"] {
			assert_noop!(register(b"CH", city, 1), Error::<Test>::InvalidCity);
		}
		for tier in [0, 5, 255] {
			assert_noop!(register(b"CH", b"Bern", tier), Error::<Test>::InvalidTier);
		}
	});
}

#[test]
fn register_data_center_fails_when_the_deposit_is_missing() {
	checked(|| {
		register_provider(provider());
		let rest = Balances::free_balance(provider()) - 100;
		assert_ok!(Balances::transfer_allow_death(signed(provider()), stranger(), rest));
		let failed = frame_support::storage::with_storage_layer(|| register(b"CH", b"Bern", 1));
		assert_eq!(failed, Err(TokenError::FundsUnavailable.into()));
	});
}

#[test]
fn register_data_center_fails_when_ids_are_exhausted() {
	checked(|| {
		register_provider(provider());
		NextDataCenterId::<Test>::put(DataCenterId(u32::MAX));
		assert_noop!(register(b"CH", b"Bern", 1), ArithmeticError::Overflow);
	});
}

#[test]
fn register_data_center_fails_when_not_signed() {
	checked(|| {
		let city = City::try_from(b"Bern".to_vec()).unwrap();
		assert_noop!(
			Providers::register_data_center(RuntimeOrigin::none(), *b"CH", city, 1),
			BadOrigin
		);
	});
}
