//! The states that a chain can start from, by name.

use crate::{
	babe_config,
	configs::TreasuryAccount,
	constants::{EXISTENTIAL_DEPOSIT, FLT, USDC, USDC_ID},
	opaque::SessionKeys,
	AccountId, AssetsConfig, BabeConfig, Balance, BalancesConfig, CapacityConfig, FeedersConfig,
	ProvidersConfig, RuntimeGenesisConfig, SessionConfig, SudoConfig, TimingConfig,
	ValidatorSetConfig, BABE_GENESIS_EPOCH_CONFIG,
};
use alloc::{string::String, vec, vec::Vec};
use frame_support::build_struct_json_patch;
use marketplace_primitives::{HardwareClass, PaymentAsset, Usd};
use pallet_capacity::{Difficulty, MarketParameters, MissRules, PoolRules, VestingRules};
use pallet_providers::{AttributeKind, GenesisAttribute};
use serde_json::Value;
use sp_consensus_babe::BabeEpochConfiguration;
use sp_core::U256;
use sp_genesis_builder::PresetId;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::Perbill;

/// One validator, blocks of 3 s, epochs of 90 s, an easy target: for development.
pub const DEVELOPMENT: &str = sp_genesis_builder::DEV_RUNTIME_PRESET;
/// Three validators and the pace of a live chain, on one machine.
pub const LOCAL: &str = sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;

/// A dollar, as prices have it.
const DOLLAR: Usd = 10_000_000;

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
	vec![PresetId::from(DEVELOPMENT), PresetId::from(LOCAL)]
}

/// A preset as a JSON patch of the default genesis.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
	let patch = match id.as_ref() {
		DEVELOPMENT => genesis(Start {
			validators: vec![Validator::of(Sr25519Keyring::Alice, Ed25519Keyring::Alice)],
			feeders: vec![Sr25519Keyring::Alice],
			slot_millis: 3_000,
			slots_per_session: 3,
			// Sessions are short here, so nearly every slot has a drawn author.
			babe: babe_config((9, 10)),
			capacity: development_capacity(),
		}),
		LOCAL => genesis(Start {
			validators: vec![
				Validator::of(Sr25519Keyring::Alice, Ed25519Keyring::Alice),
				Validator::of(Sr25519Keyring::Bob, Ed25519Keyring::Bob),
				Validator::of(Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
			],
			feeders: vec![Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie],
			slot_millis: 6_000,
			slots_per_session: 100,
			babe: BABE_GENESIS_EPOCH_CONFIG,
			capacity: live_capacity(),
		}),
		_ => return None,
	};
	serde_json::to_string(&patch).ok().map(Vec::from)
}

/// What differs between the presets.
struct Start {
	validators: Vec<Validator>,
	/// Who feeds the price of FLT; more than half of them must.
	feeders: Vec<Sr25519Keyring>,
	slot_millis: u64,
	slots_per_session: u64,
	babe: BabeEpochConfiguration,
	capacity: MarketParameters,
}

struct Validator {
	account: AccountId,
	keys: SessionKeys,
}

impl Validator {
	fn of(author: Sr25519Keyring, voter: Ed25519Keyring) -> Self {
		let keys = SessionKeys { babe: author.public().into(), grandpa: voter.public().into() };
		Self { account: author.to_account_id(), keys }
	}
}

/// Easy enough that one core in light mode proves ten units in well under an epoch of 90 seconds. Stake is
/// 100 FLT per unit where an FLT costs 2 USD.
fn development_capacity() -> MarketParameters {
	MarketParameters {
		epoch_length: 30,
		grace: 3,
		draw_delay: 7,
		answer_window: 20,
		difficulty: Difficulty { slots: 4, target: (U256::MAX / 4).to_big_endian() },
		stake_usd: 200 * DOLLAR,
		own_stake: Perbill::from_percent(10),
		min_duration: 2,
		unbonding: 1,
		first_pool: 20 * FLT,
		pool: PoolRules {
			min: FLT,
			max: 1_000_000 * FLT,
			unit_usd: 5 * DOLLAR,
			step: Perbill::from_percent(10),
		},
		vesting: VestingRules { period: 1, instalments: 2 },
		misses: MissRules { budget: 4, period: 10 },
		miss_slash: Perbill::from_percent(1),
		..rules()
	}
}

/// Epochs of four hours. The target expects 273,000 hashes per slot, so that a core of 1,000 hashes
/// per second finds 52 slots in the time in which it must prove 32. A unit earns about ten dollars a month;
/// its rewards unlock over six weeks. A day of outage is forgiven, and regained within six weeks.
fn live_capacity() -> MarketParameters {
	MarketParameters {
		epoch_length: 2_400,
		grace: 50,
		draw_delay: 200,
		answer_window: 2_000,
		difficulty: Difficulty { slots: 32, target: (U256::MAX / 273_000).to_big_endian() },
		stake_usd: 200 * DOLLAR,
		own_stake: Perbill::from_percent(10),
		min_duration: 42,
		max_duration: 6 * 365 * 3,
		unbonding: 42,
		first_pool: 500 * FLT,
		pool: PoolRules {
			min: 100 * FLT,
			max: 100_000 * FLT,
			unit_usd: DOLLAR * 55 / 1_000,
			step: Perbill::from_percent(10),
		},
		vesting: VestingRules { period: 42, instalments: 6 },
		misses: MissRules { budget: 6, period: 42 },
		miss_slash: Perbill::from_parts(1_000_000),
		..rules()
	}
}

/// What all presets share.
fn rules() -> MarketParameters {
	MarketParameters {
		audit_slots: 2,
		margin: 3,
		min_delegation: FLT,
		commission_rise: Perbill::from_percent(10),
		max_duration: 10_000,
		slashes: [10, 50, 100].map(Perbill::from_percent),
		fail_at: Perbill::from_percent(50),
		..Default::default()
	}
}

/// Development accounts, each with a million FLT and a million USDC.
fn endowed() -> Vec<AccountId> {
	Sr25519Keyring::well_known().map(|key| key.to_account_id()).collect()
}

fn genesis(start: Start) -> Value {
	let Start { validators, feeders, slot_millis, slots_per_session, babe, capacity } = start;
	let root = Sr25519Keyring::Alice.to_account_id();
	let mut balances: Vec<(AccountId, Balance)> =
		endowed().into_iter().map(|account| (account, 1_000_000 * FLT)).collect();
	balances.push((TreasuryAccount::get(), EXISTENTIAL_DEPOSIT));
	let dollars =
		endowed().into_iter().map(|account| (USDC_ID, account, 1_000_000 * USDC)).collect();

	build_struct_json_patch!(RuntimeGenesisConfig {
		timing: TimingConfig { slot_millis, slots_per_session },
		balances: BalancesConfig { balances },
		assets: AssetsConfig {
			assets: vec![(USDC_ID, root.clone(), true, 1)],
			metadata: vec![(USDC_ID, b"USD Coin".to_vec(), b"USDC".to_vec(), 6)],
			accounts: dollars,
		},
		babe: BabeConfig { epoch_config: babe },
		validator_set: ValidatorSetConfig {
			members: frame_support::BoundedVec::truncate_from(
				validators.iter().map(|validator| validator.account.clone()).collect::<Vec<_>>()
			),
		},
		session: SessionConfig {
			keys: validators
				.into_iter()
				.map(|validator| (validator.account.clone(), validator.account, validator.keys))
				.collect::<Vec<_>>(),
		},
		sudo: SudoConfig { key: Some(root) },
		feeders: FeedersConfig {
			members: frame_support::BoundedVec::truncate_from(
				feeders.into_iter().map(|feeder| feeder.to_account_id()).collect::<Vec<_>>()
			),
		},
		providers: ProvidersConfig {
			admitted_assets: vec![PaymentAsset::Native, PaymentAsset::WithId(USDC_ID)],
			hardware_classes: hardware_classes(),
			attributes: attributes(),
			attestors: Vec::new(),
		},
		capacity: CapacityConfig { parameters: capacity },
	})
}

/// Hardware classes to begin with; governance adds others.
fn hardware_classes() -> Vec<(HardwareClass, String)> {
	[(1, "x86-64, DDR4"), (2, "x86-64, DDR5"), (3, "arm64, DDR4"), (4, "arm64, DDR5")]
		.map(|(class, name)| (class, name.into()))
		.into()
}

/// Attributes to begin with; governance adds others, effectors among them.
fn attributes() -> Vec<GenesisAttribute> {
	let cpus = ["AMD Zen 3", "AMD Zen 4", "AMD Zen 5", "Intel Ice Lake", "Intel Sapphire Rapids"];
	let features = ["AVX2", "AVX-512", "SEV-SNP", "TDX", "NVMe"];
	let cpus = (0..).zip(cpus).map(|(id, name)| (id, AttributeKind::CpuFamily, name));
	let features = (16..).zip(features).map(|(id, name)| (id, AttributeKind::Feature, name));
	cpus.chain(features)
		.map(|(id, kind, name)| GenesisAttribute { id, kind, name: name.into(), cid: None })
		.collect()
}
