use super::*;
use crate::Error;
use frame_support::assert_noop;
use marketplace_primitives::Registry;
use sp_runtime::traits::BadOrigin;

#[test]
fn dismiss_asset_stops_new_asks_and_leaves_standing_ones() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));

		assert_ok!(Providers::dismiss_asset(RuntimeOrigin::root(), PaymentAsset::Native));

		assert!(!Providers::asset_admitted(&PaymentAsset::Native));
		expect_event(Event::AssetDismissed { asset: PaymentAsset::Native });
		assert_noop!(try_set_ask(SERVER, Units(2), 5), Error::<Test>::AssetNotAdmitted);
		assert_eq!(Providers::asks(SERVER).len(), 1);
		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));
	});
}

#[test]
fn dismiss_asset_fails_when_it_is_not_admitted() {
	checked(|| {
		assert_noop!(
			Providers::dismiss_asset(RuntimeOrigin::root(), PaymentAsset::WithId(8)),
			Error::<Test>::AssetNotAdmitted
		);
	});
}

#[test]
fn dismiss_asset_fails_when_the_caller_is_not_the_admin() {
	checked(|| {
		assert_noop!(Providers::dismiss_asset(signed(provider()), USDC_ID), BadOrigin);
	});
}
