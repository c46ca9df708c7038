//! A runtime of the pallet, balances and assets, on the mocks of the test kit.

use crate as pallet_offers;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{NativeFromLeft, UnionOf},
		AsEnsureOriginWithArg,
	},
};
use marketplace_primitives::{Balance, PaymentAsset};
use marketplace_testkit::{self as kit, account, MockBook, MockRegistry, MockUnits, FLT, USDC};
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage};

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeTask,
		RuntimeHoldReason,
		RuntimeFreezeReason,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(2)]
	pub type Assets = pallet_assets;
	#[runtime::pallet_index(3)]
	pub type AssetsHolder = pallet_assets_holder;
	#[runtime::pallet_index(4)]
	pub type Offers = pallet_offers;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<Self::AccountId>;
	type Block = Block;
	type AccountData = pallet_balances::AccountData<Balance>;
}

parameter_types! {
	/// Least native balance.
	pub const ExistentialDeposit: Balance = 10;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = Balance;
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
	type Balance = Balance;
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<frame_system::EnsureSigned<AccountId32>>;
	type ForceOrigin = frame_system::EnsureRoot<AccountId32>;
	type Holder = AssetsHolder;
}

impl pallet_assets_holder::Config for Test {
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeEvent = RuntimeEvent;
}

/// FLT and all assets behind one interface, to transfer.
pub type Payments = UnionOf<Balances, Assets, NativeFromLeft, PaymentAsset, AccountId32>;
/// FLT and all assets behind one interface, to hold.
pub type Holds = UnionOf<Balances, AssetsHolder, NativeFromLeft, PaymentAsset, AccountId32>;

parameter_types! {
	pub const MaxUnits: u32 = 1_000;
	pub const MaxServers: u32 = 16;
	pub const MaxLifetime: u32 = 50;
}

impl pallet_offers::Config for Test {
	type RuntimeHoldReason = RuntimeHoldReason;
	type Holds = Holds;
	type Payments = Payments;
	type Registry = MockRegistry;
	type Clock = MockUnits;
	type Book = MockBook;
	type Units = MockUnits;
	type MaxUnits = MaxUnits;
	type MaxServers = MaxServers;
	type MaxLifetime = MaxLifetime;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = Funds;
}

/// Mints USDC for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Funds;

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper<AccountId32> for Funds {
	fn fund(who: &AccountId32, amount: Balance) -> PaymentAsset {
		use frame_support::traits::{fungible, fungibles};
		<Balances as fungible::Mutate<_>>::mint_into(who, FLT).unwrap();
		let usdc = amount + USDC_MIN;
		<Assets as fungibles::Mutate<_>>::mint_into(USDC_ID, who, usdc).unwrap();
		PaymentAsset::WithId(USDC_ID)
	}
}

/// The number of the asset that stands for USDC.
pub const USDC_ID: u32 = 1;
/// Its least balance.
pub const USDC_MIN: Balance = 1_000;
/// What each developer has of it.
pub const USDC_WEALTH: Balance = 1_000_000 * USDC;
/// What each developer has of FLT.
pub const FLT_WEALTH: Balance = 1_000 * FLT;
/// Who may freeze and block accounts of the asset.
pub fn issuer() -> AccountId32 {
	account(99)
}

/// A chain in block 1 and epoch 1, with two developers who have FLT and USDC.
pub fn new_test_ext() -> sp_io::TestExternalities {
	kit::reset();
	let rich = [kit::developer(), kit::other_developer()];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: rich.iter().map(|who| (who.clone(), FLT_WEALTH)).collect(),
			..Default::default()
		},
		assets: pallet_assets::GenesisConfig {
			assets: vec![(USDC_ID, issuer(), true, USDC_MIN)],
			accounts: rich.iter().map(|who| (USDC_ID, who.clone(), USDC_WEALTH)).collect(),
			..Default::default()
		},
		..Default::default()
	};
	let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs a test on that chain, and checks afterwards that the invariants hold and that no plank is lost or made.
pub fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		crate::tests::check();
	});
}
