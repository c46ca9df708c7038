use crate::{self as pallet_providers, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::HoldConsideration, LinearStoragePrice},
};
use frame_system::EnsureRoot;
use marketplace_primitives::PaymentAsset;
use marketplace_testkit::{other_provider, provider, system_and_balances, MockBook, MockUnits};
use sp_runtime::{AccountId32, BuildStorage};

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeHoldReason,
		RuntimeFreezeReason,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system::Pallet<Test>;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances::Pallet<Test>;
	#[runtime::pallet_index(2)]
	pub type Providers = pallet_providers::Pallet<Test>;
}

system_and_balances!(Test, Block);

parameter_types! {
	pub const RecordHold: RuntimeHoldReason = RuntimeHoldReason::Providers(HoldReason::Record);
	pub const BaseDeposit: u128 = 1_000;
	pub const ByteDeposit: u128 = 10;
}

impl Config for Test {
	type Consideration = HoldConsideration<
		AccountId32,
		Balances,
		RecordHold,
		LinearStoragePrice<BaseDeposit, ByteDeposit, u128>,
	>;
	type AdminOrigin = EnsureRoot<AccountId32>;
	type Units = MockUnits;
	type Book = MockBook;
	type WeightInfo = ();
}

/// What each funded account starts with.
pub const FUNDS: u128 = 1_000_000;

/// The asset, beside the native token, that is admitted from the start.
pub const USDC_ID: PaymentAsset = PaymentAsset::WithId(7);

pub fn new_test_ext() -> sp_io::TestExternalities {
	marketplace_testkit::reset();
	let admitted_assets = vec![PaymentAsset::Native, USDC_ID];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![(provider(), FUNDS), (other_provider(), FUNDS)],
			..Default::default()
		},
		providers: GenesisConfig { admitted_assets, ..Default::default() },
		..Default::default()
	};
	let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs `test` on a fresh chain, then checks the invariants.
pub fn checked(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Providers::do_try_state().unwrap();
	});
}
