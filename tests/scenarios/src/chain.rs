//! A chain in memory: a genesis preset, and blocks as a validator makes them.

use crate::acts;
use codec::Encode;
use frame_support::{assert_ok, dispatch::DispatchClass};
use marketplace_runtime::{
	genesis, timing, Babe, BlockNumber, Capacity, Executive, Header, Runtime, RuntimeCall,
	RuntimeEvent, RuntimeGenesisConfig, System, UncheckedExtrinsic,
};
use pallet_capacity::{Difficulty, MarketParameters};
use sp_consensus_babe::{
	digests::{PreDigest, PrimaryPreDigest},
	make_vrf_sign_data, AuthorityId, Slot, BABE_ENGINE_ID,
};
use sp_core::{crypto::VrfSecret, sr25519, Pair};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Header as _, BuildStorage, Digest, DigestItem};
use std::{cell::RefCell, sync::LazyLock};

/// The development chain in its first block, with a price of FLT.
pub fn development() -> TestExternalities {
	development_with(|_| {})
}

/// The development chain with other settings of the market, and a price of FLT.
pub fn development_with(change: impl FnOnce(&mut MarketParameters)) -> TestExternalities {
	let mut externalities = from_preset(genesis::DEVELOPMENT, change);
	externalities.execute_with(|| acts::feed(acts::PRICE));
	externalities
}

/// The development chain where proofs are cheap: two slots per unit, one of them drawn, and every
/// second hash will do.
pub fn with_cheap_proofs() -> TestExternalities {
	cheap_with(|_| {})
}

/// The same with further other settings of the market.
pub fn cheap_with(change: impl FnOnce(&mut MarketParameters)) -> TestExternalities {
	development_with(|parameters| {
		parameters.difficulty = Difficulty { slots: 2, target: [0x7f; 32] };
		parameters.audit_slots = 1;
		change(parameters);
	})
}

/// The chain of a genesis preset, with changed settings of the market and no price of FLT, in its first
/// block.
pub fn from_preset(name: &str, change: impl FnOnce(&mut MarketParameters)) -> TestExternalities {
	let json = genesis::preset(&name.into()).expect("the runtime knows the preset");
	let patch: serde_json::Value = serde_json::from_slice(&json).expect("presets are JSON");
	let mut config =
		serde_json::to_value(RuntimeGenesisConfig::default()).expect("a genesis is JSON");
	merge(&mut config, patch);
	let mut config: RuntimeGenesisConfig =
		serde_json::from_value(config).expect("a preset patches a genesis");
	change(&mut config.capacity.parameters);
	let storage = config.build_storage().expect("a preset builds");
	let mut externalities = TestExternalities::from(storage);
	externalities.execute_with(|| {
		LOG.take();
		begin(1, System::block_hash(0));
	});
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

/// Made once: to derive it takes longer than to make a block.
static ALICE: LazyLock<sr25519::Pair> = LazyLock::new(|| Sr25519Keyring::Alice.pair());

/// The claim of Alice, who is a validator in every preset, on the slot with the number of the block.
fn claim(number: BlockNumber) -> PreDigest {
	let slot = Slot::from(u64::from(number));
	let (current, next) = (Babe::current_epoch(), Babe::next_epoch());
	let epoch = if number > 1 && slot >= next.start_slot { next } else { current };
	let data = make_vrf_sign_data(&epoch.randomness, slot, epoch.epoch_index);
	let is_alice = |authority: &(AuthorityId, u64)| authority.0 == ALICE.public().into();
	let place = epoch.authorities.iter().position(is_alice).expect("Alice is a validator");
	let authority_index = u32::try_from(place).expect("there are few");
	let vrf_signature = ALICE.vrf_sign(&data);
	PreDigest::Primary(PrimaryPreDigest { authority_index, slot, vrf_signature })
}

/// The head of block `number`, as its author begins it.
pub fn head(number: BlockNumber, parent: marketplace_runtime::Hash) -> Header {
	let logs = vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim(number).encode())];
	let (none, digest) = (Default::default(), Digest { logs });
	Header::new(number, none, none, parent, digest)
}

/// The inherent of block `number`.
pub fn time(number: BlockNumber) -> UncheckedExtrinsic {
	let now = u64::from(number) * timing::SlotMillis::<Runtime>::get();
	UncheckedExtrinsic::new_bare(RuntimeCall::Timestamp(pallet_timestamp::Call::set { now }))
}

/// Begins block `number`, up to the inherents.
fn begin(number: BlockNumber, parent: marketplace_runtime::Hash) {
	Executive::initialize_block(&head(number, parent));
	let applied = Executive::apply_extrinsic(time(number));
	assert_ok!(applied.expect("the inherent is valid"));
}

/// Ends the current block (idle work, finalisation) and begins the next.
pub fn next_block() {
	let number = System::block_number();
	let header = Executive::finalize_block();
	keep_events();
	begin(number + 1, header.hash());
}

/// The same of a block that is full: no room is left for idle work, and windows of the market do not count it.
pub fn next_full_block() {
	let most = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
	System::register_extra_weight_unchecked(most, DispatchClass::Normal);
	next_block();
}

/// Lets the chain do its idle work. The first block of a session has no room for it; the next one has.
pub fn let_idle() {
	next_block();
	next_block();
}

/// Goes on to block `number`.
pub fn run_to_block(number: BlockNumber) {
	while System::block_number() < number {
		next_block();
	}
}

/// Goes on to the first block of the market epoch `epoch`.
pub fn run_to_epoch(epoch: u32) {
	run_to_block(first_block(epoch));
	assert_eq!(Capacity::epoch_info().epoch, epoch);
}

/// The first block of an epoch.
pub fn first_block(epoch: u32) -> BlockNumber {
	1 + (epoch - 1) * Capacity::epoch_info().length
}

thread_local! {
	static LOG: RefCell<Vec<RuntimeEvent>> = const { RefCell::new(Vec::new()) };
}

fn keep_events() {
	let events = System::events().into_iter().map(|record| record.event);
	LOG.with_borrow_mut(|log| log.extend(events));
	System::reset_events();
}

/// All events since they were taken last, over blocks.
pub fn take_events() -> Vec<RuntimeEvent> {
	keep_events();
	LOG.take()
}
