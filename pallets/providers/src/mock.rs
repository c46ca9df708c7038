use crate::{self as pallet_providers, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{fungible::HoldConsideration, LinearStoragePrice},
};
use frame_system::EnsureRoot;
use marketplace_primitives::{AttributeId, PaymentAsset};
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

/// The one hardware class from the start.
pub const CLASS: u8 = 1;

/// The attributes from the start: a processor, an effector, a feature.
pub const CPU: AttributeId = 0;
pub const EFFECTOR: AttributeId = 1;
pub const FEATURE: AttributeId = 200;

fn attributes() -> Vec<GenesisAttribute> {
	let attribute = |id, kind, name: &str, cid: Option<&[u8]>| GenesisAttribute {
		id,
		kind,
		name: name.into(),
		cid: cid.map(|cid| cid.to_vec().into()),
	};
	vec![
		attribute(CPU, AttributeKind::CpuFamily, "Zen 4", None),
		attribute(EFFECTOR, AttributeKind::Effector, "curl", Some(b"\x01\x55")),
		attribute(FEATURE, AttributeKind::Feature, "AVX-512", None),
	]
}

pub fn new_test_ext() -> sp_io::TestExternalities {
	marketplace_testkit::reset();
	let admitted_assets = vec![PaymentAsset::Native, USDC_ID];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: vec![(provider(), FUNDS), (other_provider(), FUNDS)],
			..Default::default()
		},
		providers: GenesisConfig {
			admitted_assets,
			hardware_classes: vec![(CLASS, "CPU".into())],
			attributes: attributes(),
			attestors: vec![],
		},
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
