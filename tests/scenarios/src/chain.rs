//! A chain in memory: the development preset, and blocks as a validator makes them.

use codec::Encode;
use frame_support::traits::Hooks;
use marketplace_runtime::{
	genesis, timing, AllPalletsWithSystem, BlockNumber, Capacity, Hash, Runtime,
	RuntimeGenesisConfig, RuntimeOrigin, System, Timestamp,
};
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	Slot, BABE_ENGINE_ID,
};
use sp_io::TestExternalities;
use sp_runtime::{BuildStorage, Digest, DigestItem};

/// The state that the development chain starts from.
pub fn development() -> TestExternalities {
	from_preset(genesis::DEVELOPMENT)
}

/// The state of a genesis preset.
pub fn from_preset(name: &str) -> TestExternalities {
	let json = genesis::preset(&name.into()).expect("the runtime knows the preset");
	let patch: serde_json::Value = serde_json::from_slice(&json).expect("presets are JSON");
	let mut config = serde_json::to_value(RuntimeGenesisConfig::default())
		.expect("a genesis is JSON");
	merge(&mut config, patch);
	let config: RuntimeGenesisConfig =
		serde_json::from_value(config).expect("a preset patches a genesis");
	let storage = config.build_storage().expect("a preset builds");
	let mut externalities = TestExternalities::from(storage);
	externalities.execute_with(|| begin(1, Hash::zero()));
	externalities
}

fn merge(value: &mut serde_json::Value, patch: serde_json::Value) {
	match (value, patch) {
		(serde_json::Value::Object(value), serde_json::Value::Object(patch)) => {
			for (key, patch) in patch {
				merge(value.entry(key).or_insert(serde_json::Value::Null), patch);
			}
		},
		(value, patch) => *value = patch,
	}
}

/// Begins block `number` in the slot of the same number.
fn begin(number: BlockNumber, parent: Hash) {
	let slot = Slot::from(u64::from(number));
	let claim =
		PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index: 0, slot });
	let digest = Digest { logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())] };
	System::reset_events();
	System::initialize(&number, &parent, &digest);
	AllPalletsWithSystem::on_initialize(number);
	let now = u64::from(number) * timing::SlotMillis::<Runtime>::get();
	Timestamp::set(RuntimeOrigin::none(), now).expect("the time of the slot");
}

/// Ends the current block: idle work with the whole block's weight, then finalisation.
fn end(number: BlockNumber) -> Hash {
	let weight = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
	AllPalletsWithSystem::on_idle(number, weight);
	AllPalletsWithSystem::on_finalize(number);
	System::finalize().hash()
}

/// Goes on to block `number`.
pub fn run_to_block(number: BlockNumber) {
	while System::block_number() < number {
		let now = System::block_number();
		let parent = end(now);
		begin(now + 1, parent);
	}
}

/// Goes on to the first block of the market epoch `epoch`.
pub fn run_to_epoch(epoch: u32) {
	let info = Capacity::epoch_info();
	run_to_block(1 + (epoch - 1) * info.length);
	assert_eq!(Capacity::epoch_info().epoch, epoch);
}
