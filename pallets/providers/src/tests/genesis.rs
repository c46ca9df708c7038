use super::*;
use crate::{GenesisConfig, MAX_ASSETS};
use sp_runtime::BuildStorage;

fn build(admitted_assets: Vec<PaymentAsset>) {
	GenesisConfig::<Test> { admitted_assets, ..Default::default() }.build_storage().unwrap();
}

#[test]
fn genesis_admits_as_many_assets_as_may_be() {
	build((0..MAX_ASSETS).map(PaymentAsset::WithId).collect());
}

#[test]
#[should_panic = "TooManyAssets"]
fn genesis_refuses_more_assets_than_may_be() {
	build((0..=MAX_ASSETS).map(PaymentAsset::WithId).collect());
}

#[test]
#[should_panic = "AssetAlreadyAdmitted"]
fn genesis_refuses_an_asset_twice() {
	build(vec![PaymentAsset::Native, PaymentAsset::Native]);
}
