//! A chain with epochs of 100 blocks, consensus epochs of 3, and RandomX played by Blake2.

use crate::{self as pallet_capacity, *};
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		fungible::{NativeFromLeft, NativeOrWithId, UnionOf},
		AsEnsureOriginWithArg, ConstU128, Hooks,
	},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use marketplace_primitives::{Epoch, ServerId, UnitLedger};
use marketplace_testkit::{
	delegator, operator, other_provider, provider, stranger, treasury, MockBook, MockPrice,
	MockRegistry, MockWatch, FLT,
};
use sp_io::hashing::blake2_256;
use sp_runtime::{AccountId32, BuildStorage, Perbill};
use std::cell::Cell;

type Block = frame_system::mocking::MockBlockU32<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system::Pallet<Test>;
	#[runtime::pallet_index(1)]
	pub type Balances = pallet_balances::Pallet<Test>;
	#[runtime::pallet_index(3)]
	pub type Assets = pallet_assets::Pallet<Test>;
	#[runtime::pallet_index(2)]
	pub type Capacity = pallet_capacity::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId32;
	type Lookup = sp_runtime::traits::IdentityLookup<AccountId32>;
	type Nonce = u32;
	type Block = Block;
	type AccountData = pallet_balances::AccountData<u128>;
}

/// Least balance of an account: large enough that tests meet it.
pub const LEAST: u128 = FLT;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type Balance = u128;
	type ExistentialDeposit = ConstU128<LEAST>;
	type AccountStore = System;
}

#[derive_impl(pallet_assets::config_preludes::TestDefaultConfig)]
impl pallet_assets::Config for Test {
	type Balance = u128;
	type AssetId = u32;
	type AssetIdParameter = u32;
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId32>>;
	type ForceOrigin = EnsureRoot<AccountId32>;
	type Freezer = ();
	type Holder = ();
}

/// FLT and all assets behind one interface.
pub type Payments = UnionOf<Balances, Assets, NativeFromLeft, NativeOrWithId<u32>, AccountId32>;

parameter_types! {
	pub SlashTo: AccountId32 = treasury();
	pub const StakeId: PalletId = PalletId(*b"capacity");
}

std::thread_local! {
	/// Where the consensus stands still, if it does.
	pub static STUCK_AT: Cell<Option<u64>> = const { Cell::new(None) };
	/// RandomX hashes computed.
	pub static HASHES: Cell<usize> = const { Cell::new(0) };
}

pub struct MockRandomness;
impl ProofRandomness for MockRandomness {
	fn seed() -> [u8; 32] {
		blake2_256(&[b"seed".as_slice(), &System::block_number().to_le_bytes()].concat())
	}
	fn consensus_epoch() -> u64 {
		STUCK_AT.get().unwrap_or(u64::from(System::block_number()) / 3)
	}
	fn next_randomness() -> [u8; 32] {
		blake2_256(&[b"draw".as_slice(), &Self::consensus_epoch().to_le_bytes()].concat())
	}
}

pub struct ToyRandomX;
impl ProofHasher for ToyRandomX {
	fn hashes(key: &[u8; 32], inputs: &[Input]) -> Vec<[u8; 32]> {
		HASHES.set(HASHES.get() + inputs.len());
		inputs.iter().map(|input| blake2_256(&[key.as_slice(), input].concat())).collect()
	}
}

impl Config for Test {
	type Currency = Balances;
	type Payments = Payments;
	type Price = MockPrice;
	type AdminOrigin = EnsureRoot<AccountId32>;
	type Registry = MockRegistry;
	type Book = MockBook;
	type Deals = MockWatch;
	type Randomness = MockRandomness;
	type Verifier = ToyRandomX;
	type SlashTo = SlashTo;
	type PalletId = StakeId;
	type WeightInfo = ();
}

/// A dollar: FLT costs as much.
pub const USD: u128 = 10_000_000;

/// The server of most tests: 8 units.
pub const SERVER: ServerId = ServerId(1);

/// Settings of most tests: 40 units of an epoch can all be drawn, a unit needs 100 FLT of stake, units earn
/// 16 FLT together, misses are forgiven.
pub fn parameters() -> MarketParameters {
	MarketParameters {
		epoch_length: 100,
		grace: 10,
		draw_delay: 10,
		answer_window: 80,
		difficulty: Difficulty { slots: 4, target: [0x7f; 32] },
		first_pool: 16 * FLT,
		pool: PoolRules { min: 16 * FLT, max: 16 * FLT, unit_usd: 0, step: Perbill::zero() },
		max_duration: 100,
		slashes: [Perbill::from_percent(10); 3],
		fail_at: Perbill::from_percent(25),
		misses: MissRules { budget: 100, period: 10 },
		..Default::default()
	}
}

/// A chain in block 1 with [`SERVER`] and everybody rich.
pub fn new_test_ext() -> sp_io::TestExternalities {
	marketplace_testkit::reset();
	STUCK_AT.set(None);
	HASHES.set(0);
	MockPrice::set_price(Some(USD));
	let rich = [provider(), other_provider(), operator(), delegator(), stranger(), treasury()];
	let storage = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig {
			balances: rich.into_iter().map(|who| (who, 100_000 * FLT)).collect(),
			..Default::default()
		},
		capacity: crate::GenesisConfig { parameters: parameters(), ..Default::default() },
		..Default::default()
	};
	let mut ext = sp_io::TestExternalities::new(storage.build_storage().unwrap());
	ext.execute_with(|| {
		run_to(1);
		MockRegistry::add_server(SERVER.0, provider(), operator(), 8);
		Capacity::open(SERVER, 8).unwrap();
	});
	ext
}

/// Runs a test on the chain, and checks the invariants behind it.
pub fn run(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Capacity::do_try_state().unwrap();
	});
}

/// Makes blocks until `block` has begun.
pub fn run_to(block: u32) {
	for now in System::block_number() + 1..=block {
		Capacity::on_finalize(now - 1);
		System::set_block_number(now);
		Capacity::on_initialize(now);
	}
}

/// Makes blocks until `epoch` has begun.
pub fn run_to_epoch(epoch: Epoch) {
	run_to(parameters().first_block(epoch));
}
