//! The runtime of Marketplace+: a chain on which data centres sell provable compute and developers
//! buy it.
//!
//! [`configs`] composes the pallets, [`apis`] is what clients and the node call, [`genesis`] names the
//! presets that a chain starts from, [`timing`] is the pace of consensus.

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
#![allow(missing_docs)] // FRAME's macros write items without

extern crate alloc;

/// The runtime as Wasm, built by `build.rs`.
#[cfg(feature = "std")]
mod wasm {
	#![allow(dead_code)] // generated, with more than the node needs
	include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}
#[cfg(feature = "std")]
pub use wasm::WASM_BINARY;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis;
mod market_api;
pub mod timing;
pub mod weights;

#[cfg(test)]
mod tests;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
	generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
	MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};
pub use marketplace_primitives::Balance;

/// A signature of any of the three kinds that accounts use.
pub type Signature = MultiSignature;
/// An account: the public key or its hash.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Transactions sent by one account so far.
pub type Nonce = u32;
/// A hash of anything.
pub type Hash = sp_core::H256;
/// The height of a block.
pub type BlockNumber = u32;
/// An account as transactions name it.
pub type Address = MultiAddress<AccountId, ()>;
/// The head of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block with typed transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction as it travels.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What is signed.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// What every transaction passes on its way to dispatch. `LimitChecks` keeps a second proof check of
/// a block for the next one, before it costs anything.
pub type TxExtension = (
	frame_system::AuthorizeCall<Runtime>,
	frame_system::CheckNonZeroSender<Runtime>,
	frame_system::CheckSpecVersion<Runtime>,
	frame_system::CheckTxVersion<Runtime>,
	frame_system::CheckGenesis<Runtime>,
	frame_system::CheckEra<Runtime>,
	frame_system::CheckNonce<Runtime>,
	frame_system::CheckWeight<Runtime>,
	pallet_capacity::LimitChecks<Runtime>,
	pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
	frame_system::WeightReclaim<Runtime>,
);

/// Runs blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

/// Types that the node knows without knowing the runtime's calls.
pub mod opaque {
	use super::*;
	use alloc::vec::Vec;
	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;

	/// A block whose transactions are bytes.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;

	impl_opaque_keys! {
		/// What a validator signs blocks and votes with.
		pub struct SessionKeys {
			/// Makes blocks.
			pub babe: crate::Babe,
			/// Finalises them.
			pub grandpa: crate::Grandpa,
		}
	}
}

/// The version of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: Cow::Borrowed("marketplace"),
	impl_name: Cow::Borrowed("marketplace"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 1,
	apis: RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

/// How BABE starts: every slot has an author, a drawn one in the share `c` of the slots. Only blocks of
/// drawn authors add to the randomness, so sessions must be long enough to have some for certain.
pub const fn babe_config(c: (u64, u64)) -> sp_consensus_babe::BabeEpochConfiguration {
	let allowed_slots = sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots;
	sp_consensus_babe::BabeEpochConfiguration { c, allowed_slots }
}

/// Drawn authors on a chain of many validators: one slot in four has one. Of a session's 100 slots none has
/// one with probability 3e-13.
pub const BABE_GENESIS_EPOCH_CONFIG: sp_consensus_babe::BabeEpochConfiguration =
	babe_config((1, 4));

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
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timing = crate::timing;
	#[runtime::pallet_index(2)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(3)]
	pub type Utility = pallet_utility;

	#[runtime::pallet_index(10)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(11)]
	pub type TransactionPayment = pallet_transaction_payment;
	#[runtime::pallet_index(12)]
	pub type Assets = pallet_assets;
	#[runtime::pallet_index(13)]
	pub type AssetsHolder = pallet_assets_holder;

	#[runtime::pallet_index(20)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(21)]
	pub type Babe = pallet_babe;
	#[runtime::pallet_index(22)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(23)]
	pub type ValidatorSet = pallet_membership<Instance1>;
	#[runtime::pallet_index(24)]
	pub type Historical = pallet_session::historical;
	#[runtime::pallet_index(25)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(26)]
	pub type Offences = pallet_offences;

	#[runtime::pallet_index(30)]
	pub type Sudo = pallet_sudo;
	#[runtime::pallet_index(31)]
	pub type Feeders = pallet_membership<Instance2>;
	#[runtime::pallet_index(32)]
	pub type Oracle = pallet_oracle;

	#[runtime::pallet_index(40)]
	pub type Providers = pallet_providers;
	#[runtime::pallet_index(41)]
	pub type Capacity = pallet_capacity;
	#[runtime::pallet_index(42)]
	pub type Offers = pallet_offers;
	#[runtime::pallet_index(43)]
	pub type Matcher = pallet_matcher;
	#[runtime::pallet_index(44)]
	pub type Deals = pallet_deals;
}
