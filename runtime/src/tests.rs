//! What must not change unnoticed, and what only the whole runtime can show.

use crate::{
	configs::{TreasuryAccount, ValidatorManager},
	constants::{EXISTENTIAL_DEPOSIT, FLT, USDC, USDC_ID},
	*,
};
use codec::{Decode, Encode};
use frame_support::{
	assert_ok,
	traits::{fungibles::metadata::Inspect, PalletsInfoAccess},
};
use pallet_session::historical::SessionManager as _;
use serde_json::Value;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	Slot, BABE_ENGINE_ID,
};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilderV1;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{generic::Era, traits::Header as _, Digest, DigestItem, Storage};
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

fn merge(value: &mut Value, patch: Value) {
	match (value, patch) {
		(Value::Object(value), Value::Object(patch)) => {
			for (key, patch) in patch {
				merge(value.entry(key).or_insert(Value::Null), patch);
			}
		},
		(value, patch) => *value = patch,
	}
}

/// The state that a preset builds, by the same calls that a node makes.
pub(crate) fn state(preset: &str) -> sp_io::TestExternalities {
	type Builder = Runtime;
	let json = |name: Option<&str>| -> Value {
		let json = <Builder as GenesisBuilderV1<Block>>::get_preset(&name.map(Into::into));
		serde_json::from_slice(&json.expect("the preset is known")).expect("it is JSON")
	};
	let mut config = json(None);
	merge(&mut config, json(Some(preset)));
	let config = serde_json::to_vec(&config).expect("it is JSON");
	let mut externalities = sp_io::TestExternalities::new(Storage::default());
	externalities.execute_with(|| {
		assert_eq!(<Builder as GenesisBuilderV1<Block>>::build_state(config), Ok(()));
	});
	externalities.commit_all().expect("nothing is pending");
	externalities
}

#[test]
fn presets_have_their_names() {
	let names: Vec<String> =
		genesis::preset_names().iter().map(|name| AsRef::<str>::as_ref(name).into()).collect();
	assert_eq!(names, ["development", "local_testnet"]);
	assert_eq!(genesis::preset(&"another".into()), None);
}

#[test]
fn every_preset_builds() {
	for name in genesis::preset_names() {
		state(name.as_ref()).execute_with(|| {
			let validators = Session::validators();
			assert_eq!(validators.len(), if name == genesis::DEVELOPMENT { 1 } else { 3 });
			assert_eq!(ValidatorSet::members().into_inner(), validators);
			assert_eq!(Babe::authorities().len(), validators.len());
			assert_eq!(Grandpa::grandpa_authorities().len(), validators.len());
			assert_eq!(pallet_sudo::Key::<Runtime>::get(), Some(alice()));
			assert_eq!(Balances::free_balance(TreasuryAccount::get()), EXISTENTIAL_DEPOSIT);
			for key in Sr25519Keyring::well_known() {
				let account = key.to_account_id();
				let data = System::account(&account).data;
				assert_eq!(data.free + data.reserved, 1_000_000 * FLT);
				assert_eq!(Assets::balance(USDC_ID, &account), 1_000_000 * USDC);
			}
			assert_eq!(<Assets as Inspect<_>>::decimals(USDC_ID), 6);
			assert_eq!(<Assets as Inspect<_>>::symbol(USDC_ID), b"USDC");
			let assets = Providers::admitted_assets();
			let native = marketplace_primitives::PaymentAsset::Native;
			assert_eq!(assets, [native, marketplace_primitives::PaymentAsset::WithId(USDC_ID)]);
			assert_eq!(Capacity::parameters().validate(), Ok(()));
			assert_eq!(Feeders::members().into_inner(), validators);
		});
	}
}

/// The draw waits for two changes of the BABE epoch: they must fit into the delay that is allowed, or no
/// epoch would ever be audited.
#[test]
fn presets_leave_time_for_the_draw() {
	for name in genesis::preset_names() {
		state(name.as_ref()).execute_with(|| {
			let session = timing::SlotsPerSession::<Runtime>::get();
			assert!(2 * session <= u64::from(Capacity::parameters().draw_delay), "{name:?}");
		});
	}
}

fn alice() -> AccountId {
	Sr25519Keyring::Alice.to_account_id()
}

#[test]
fn pallets_keep_their_names_and_indices() {
	let pallets: Vec<(usize, &str)> =
		AllPalletsWithSystem::infos().iter().map(|info| (info.index, info.name)).collect();
	assert_eq!(
		pallets,
		[
			(0, "System"),
			(1, "Timing"),
			(2, "Timestamp"),
			(3, "Utility"),
			(10, "Balances"),
			(11, "TransactionPayment"),
			(12, "Assets"),
			(13, "AssetsHolder"),
			(20, "Authorship"),
			(21, "Babe"),
			(22, "Grandpa"),
			(23, "ValidatorSet"),
			(24, "Historical"),
			(25, "Session"),
			(26, "Offences"),
			(30, "Sudo"),
			(31, "Feeders"),
			(32, "Oracle"),
			(40, "Providers"),
			(41, "Capacity"),
			(42, "Offers"),
			(43, "Matcher"),
			(44, "Deals"),
		]
	);
}

#[test]
fn calls_keep_their_indices() {
	let index = |call: RuntimeCall| {
		let bytes = call.encode();
		(bytes[0], bytes[1])
	};
	let (server, offer, deal) = (Default::default(), Default::default(), Default::default());
	let call = pallet_providers::Call::deregister_server { server };
	assert_eq!(index(call.into()), (40, 7));
	let call = pallet_capacity::Call::settle_server { server };
	assert_eq!(index(call.into()), (41, 7));
	assert_eq!(index(pallet_offers::Call::expire_offer { offer }.into()), (42, 4));
	assert_eq!(index(pallet_matcher::Call::poke { offer }.into()), (43, 0));
	assert_eq!(index(pallet_deals::Call::close_deal { deal }.into()), (44, 2));
	let values = Default::default();
	assert_eq!(index(pallet_oracle::Call::feed_values { values }.into()), (32, 0));
}

#[test]
fn metadata_is_offered_in_three_versions() {
	// The times of consensus are constants of the metadata, and come from the state.
	state(genesis::DEVELOPMENT).execute_with(|| {
		assert_eq!(Runtime::metadata_versions(), [14, 15, 16]);
		for version in [14u8, 15, 16] {
			let metadata = Runtime::metadata_at_version(version.into()).expect("it is offered");
			// Behind its length come the magic number and the version.
			assert!(metadata.windows(5).take(8).any(|at| at == [b'm', b'e', b't', b'a', version]));
		}
		assert!(Runtime::metadata_at_version(13).is_none());
	});
}

#[test]
fn version_names_the_chain() {
	assert_eq!(VERSION.spec_name, "marketplace");
	assert_eq!((VERSION.spec_version, VERSION.transaction_version), (1, 1));
}

#[test]
fn pallets_begin_with_storage_version_one() {
	use frame_support::traits::{GetStorageVersion, StorageVersion};
	state(genesis::DEVELOPMENT).execute_with(|| {
		for (in_code, on_chain) in [
			(Providers::in_code_storage_version(), Providers::on_chain_storage_version()),
			(Capacity::in_code_storage_version(), Capacity::on_chain_storage_version()),
			(Offers::in_code_storage_version(), Offers::on_chain_storage_version()),
			(Matcher::in_code_storage_version(), Matcher::on_chain_storage_version()),
			(Deals::in_code_storage_version(), Deals::on_chain_storage_version()),
		] {
			assert_eq!((in_code, on_chain), (StorageVersion::new(1), StorageVersion::new(1)));
		}
	});
}

/// The head of the first block, as its author begins it: in `slot`.
fn first_head(slot: u64) -> Header {
	let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest {
		authority_index: 0,
		slot: Slot::from(slot),
	});
	let digest = Digest { logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())] };
	let none = Hash::zero();
	Header::new(1, none, none, System::block_hash(0), digest)
}

/// The inherent of a block in `slot`.
fn time_of(slot: u64) -> UncheckedExtrinsic {
	let now = slot * timing::SlotMillis::<Runtime>::get();
	UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into())
}

/// `call` signed by Bob, with a tip.
fn signed_by_bob(call: RuntimeCall, nonce: Nonce, tip: Balance) -> UncheckedExtrinsic {
	let extension: TxExtension = (
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_capacity::LimitChecks::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(tip),
		frame_system::WeightReclaim::new(),
	);
	let payload = SignedPayload::new(call.clone(), extension.clone()).expect("it can be signed");
	let signature = payload.using_encoded(|payload| Sr25519Keyring::Bob.sign(payload));
	let address = Sr25519Keyring::Bob.to_account_id().into();
	UncheckedExtrinsic::new_signed(call, address, signature.into(), extension)
}

#[test]
fn transaction_pays_half_its_fee_to_the_treasury_and_the_block_executes_again() {
	let (bob, charlie) = (Sr25519Keyring::Bob, Sr25519Keyring::Charlie);
	let block = state(genesis::DEVELOPMENT).execute_with(|| {
		let treasury = Balances::free_balance(TreasuryAccount::get());
		let author = Balances::free_balance(alice());
		let (dest, value) = (charlie.to_account_id().into(), 3 * FLT);
		let transfer = pallet_balances::Call::transfer_keep_alive { dest, value };
		let extrinsics = vec![time_of(1_000), signed_by_bob(transfer.into(), 0, 7)];
		Executive::initialize_block(&first_head(1_000));
		for transaction in &extrinsics {
			// As it travels.
			let bytes = transaction.encode();
			let transaction = UncheckedExtrinsic::decode(&mut &bytes[..]).expect("it decodes");
			assert_ok!(Executive::apply_extrinsic(transaction).expect("it is valid"));
		}
		assert_eq!(Balances::free_balance(charlie.to_account_id()), 1_000_003 * FLT);
		let spent = 1_000_000 * FLT - Balances::free_balance(bob.to_account_id());
		let fee = spent - 3 * FLT - 7;
		assert!(fee > 0);
		assert_eq!(Balances::free_balance(TreasuryAccount::get()) - treasury, fee / 2);
		assert_eq!(Balances::free_balance(alice()) - author, fee - fee / 2 + 7);
		assert_eq!(System::account_nonce(bob.to_account_id()), 1);
		Block { header: Executive::finalize_block(), extrinsics }
	});
	state(genesis::DEVELOPMENT).execute_with(|| {
		Executive::execute_block(block.into());
		assert_eq!(System::block_number(), 1);
		assert_eq!(Balances::free_balance(charlie.to_account_id()), 1_000_003 * FLT);
	});
}

#[test]
fn transaction_of_another_chain_is_refused() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		let foreign = signed_by_bob(frame_system::Call::remark { remark: vec![] }.into(), 0, 0);
		frame_system::BlockHash::<Runtime>::insert(0, Hash::repeat_byte(1));
		Executive::initialize_block(&first_head(1_000));
		assert_ok!(Executive::apply_extrinsic(time_of(1_000)).expect("it is valid"));
		let refused = Executive::apply_extrinsic(foreign);
		let bad = sp_runtime::transaction_validity::InvalidTransaction::BadProof;
		assert_eq!(refused, Err(bad.into()));
	});
}

/// Reports that a validator equivocated.
fn report(validator: &AccountId) {
	let offender = (validator.clone(), ());
	let offence = OffenceDetails { offender, reporters: vec![] };
	ValidatorManager::on_offence(&[offence], &[sp_runtime::Perbill::one()], 0);
}

#[test]
fn offender_leaves_the_validators_unless_it_is_the_last() {
	state(genesis::LOCAL).execute_with(|| {
		let members = || ValidatorSet::members().into_inner();
		let [bob, charlie] =
			[Sr25519Keyring::Bob, Sr25519Keyring::Charlie].map(|key| key.to_account_id());
		assert_eq!(members().len(), 3);
		report(&bob);
		assert!(!members().contains(&bob));
		assert_eq!(members().len(), 2);
		// Reported twice, and one that is none.
		report(&bob);
		report(&Sr25519Keyring::Dave.to_account_id());
		assert_eq!(members().len(), 2);
		report(&charlie);
		report(&alice());
		assert_eq!(members(), [alice()]);
		let next = ValidatorManager::new_session(9);
		assert_eq!(next, Some(vec![(alice(), ())]));
	});
}

#[test]
fn session_goes_on_where_governance_removes_everybody() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		assert_ok!(ValidatorSet::remove_member(RuntimeOrigin::root(), alice().into()));
		assert_eq!(ValidatorManager::new_session(9), None);
	});
}

/// Units that just reach the accepted speed are hardly ever slashed for bad luck: below one in a million epochs.
#[test]
fn presets_forgive_honest_units() {
	use marketplace_proof::difficulty::Setting;
	// Epochs in seconds, of which the data set takes its part on live chains; hashes per second of a unit.
	let paces = [(genesis::DEVELOPMENT, 90.0, 0.0, 3.0), (genesis::LOCAL, 14_400.0, 200.0, 900.0)];
	for (name, epoch, setup, speed) in paces {
		state(name).execute_with(|| {
			let parameters = Capacity::parameters();
			let setting = Setting {
				slots: parameters.difficulty.slots.into(),
				target: parameters.difficulty.target,
				epoch,
				setup,
				budget: parameters.misses.budget,
				period: parameters.misses.period,
			};
			let odds = setting.odds(speed);
			assert!(odds.slash < 1e-6, "{name}: {odds:?}");
		});
	}
}
