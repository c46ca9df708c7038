use super::*;
use crate::{Error, MAX_ASSETS};
use frame_support::assert_noop;
use marketplace_primitives::Registry;
use sp_runtime::traits::BadOrigin;

#[test]
fn admit_asset_lets_asks_name_it() {
	checked(|| {
		let asset = PaymentAsset::WithId(8);
		assert!(!Providers::asset_admitted(&asset));

		assert_ok!(Providers::admit_asset(RuntimeOrigin::root(), asset.clone()));

		assert!(Providers::asset_admitted(&asset));
		assert_eq!(
			Providers::admitted_assets(),
			vec![PaymentAsset::Native, USDC_ID, asset.clone()]
		);
		expect_event(Event::AssetAdmitted { asset });
	});
}

#[test]
fn admit_asset_fails_when_it_is_admitted() {
	checked(|| {
		assert_noop!(
			Providers::admit_asset(RuntimeOrigin::root(), USDC_ID),
			Error::<Test>::AssetAlreadyAdmitted
		);
	});
}

#[test]
fn admit_asset_fails_when_there_are_as_many_as_may_be() {
	checked(|| {
		for id in 100..98 + MAX_ASSETS {
			assert_ok!(Providers::admit_asset(RuntimeOrigin::root(), PaymentAsset::WithId(id)));
		}
		assert_noop!(
			Providers::admit_asset(RuntimeOrigin::root(), PaymentAsset::WithId(99)),
			Error::<Test>::TooManyAssets
		);
	});
}

#[test]
fn admit_asset_fails_when_the_caller_is_not_the_admin() {
	checked(|| {
		let asset = PaymentAsset::WithId(8);
		assert_noop!(Providers::admit_asset(signed(provider()), asset), BadOrigin);
	});
}
