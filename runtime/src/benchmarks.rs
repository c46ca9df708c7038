//! What `benchmark pallet` measures on this runtime.

use crate::{
	configs::PaymentAssets,
	constants::{FLT, USDC, USDC_ID},
	AccountId, AllPalletsWithSystem, Balance, Balances, Runtime,
};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{
	fungible::Mutate as _, fungibles::Mutate as _, StorageInfo, StorageInfoTrait,
	WhitelistedStorageKeys,
};
use marketplace_primitives::PaymentAsset;

/// What the runtime needs of the node while it is measured.
#[cfg(feature = "std")]
pub use frame_benchmarking::benchmarking::HostFunctions;

frame_benchmarking::define_benchmarks!(
	[pallet_providers, crate::Providers]
	[pallet_capacity, crate::Capacity]
	[pallet_offers, crate::Offers]
	[pallet_matcher, crate::Matcher]
	[pallet_deals, crate::Deals]
);

/// Pays the developers of the benchmarks in the stable asset, the dearer of the two.
pub struct Funds;

impl pallet_offers::BenchmarkHelper<AccountId> for Funds {
	fn fund(who: &AccountId, amount: Balance) -> PaymentAsset {
		let asset = PaymentAsset::WithId(USDC_ID);
		let account = frame_system::Pallet::<Runtime>::account_exists(who);
		if !account {
			Balances::mint_into(who, FLT).expect("issuance has room");
		}
		PaymentAssets::mint_into(asset.clone(), who, amount.saturating_add(USDC))
			.expect("the development chain has the asset");
		asset
	}
}

/// What can be measured.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
	let mut list = Vec::<BenchmarkList>::new();
	list_benchmarks!(list, extra);
	(list, AllPalletsWithSystem::storage_info())
}

/// Measures.
///
/// # Errors
/// What the benchmark failed with.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
	let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
	let mut batches = Vec::<BenchmarkBatch>::new();
	let params = (&config, &whitelist);
	add_benchmarks!(params, batches);
	Ok(batches)
}
