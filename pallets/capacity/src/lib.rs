#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod audits;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod clock;
mod commitment;
mod commitments;
mod due;
mod errors;
mod events;
mod extension;
mod fines;
mod for_sale;
mod funds;
mod income;
mod misses;
mod parameters;
mod pool;
mod randomness;
mod record;
mod reports;
mod reservation;
mod rewards;
mod sampling;
mod serving;
mod settlement;
mod terms;
mod traits_impl;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
mod vesting;
mod views;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;

pub use commitment::{
	add_amount, amount_of, Amounts, Commission, Commitment, CommitmentState, Delegation, Phase,
	Proposal, MAX_INCOME_ASSETS,
};
pub use due::StakeRules;
pub use extension::LimitChecks;
pub use marketplace_proof::{Input, ProofHasher, ProvenLeaf};
pub use misses::{MissRules, Misses};
pub use pallet::*;
pub use parameters::{Difficulty, MarketParameters};
pub use pool::{next_pool, stake_per_unit, PoolRules};
pub use randomness::ProofRandomness;
pub use record::{
	Cover, EpochEntry, Report, UnitRecord, MAX_COMMITMENTS, MAX_RESERVATIONS, MAX_WITHDRAWALS,
	OPEN_EPOCHS,
};
pub use reservation::{DealShare, Harm, Reservation, Withdrawal};
pub use sampling::{exposure, AuditRules, Rate};
pub use types::{Cause, ClockState, Draw, EpochRecord, Finish, Stage};
pub use vesting::{Vesting, VestingRules, MAX_INSTALMENTS};
pub use weights::WeightInfo;

/// The most leaves in one answer.
pub const MAX_LEAVES: u32 = 4;

/// The most RandomX checks in one block.
pub const MAX_CHECKS_PER_BLOCK: u32 = 1;

/// A [`Commitment`] in the runtime.
pub type CommitmentOf<T> = Commitment<<T as frame_system::Config>::AccountId>;

#[import_section(calls::calls)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		dispatch::{DispatchErrorWithPostInfo, PostDispatchInfo},
		pallet_prelude::*,
		traits::{fungible, fungibles},
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		api::{AuditInfo, EpochInfo, UnitsInfo},
		Balance, CommitmentId, DealId, DealWatch, Epoch, OrderBook, PaymentAsset, PriceFeed,
		Registry, ServerId, UnitIndex, Units,
	};
	use sp_runtime::{traits::UniqueSaturatedInto, Perbill};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// What the pallet needs of the runtime.
	#[pallet::config]
	pub trait Config: frame_system::Config<AccountId: From<[u8; 32]>> {
		/// FLT: stake and rewards.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>;

		/// What deals are paid in: the delegators' part of it.
		type Payments: fungibles::Mutate<Self::AccountId, AssetId = PaymentAsset, Balance = Balance>;

		/// What FLT is worth: how much stake a unit needs, how much it earns.
		type Price: PriceFeed;

		/// Who sets the difficulty.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who owns and operates which server.
		type Registry: Registry<Self::AccountId>;

		/// Who is told of new supply.
		type Book: OrderBook<Self::AccountId>;

		/// Who is told of deals that miss units.
		type Deals: DealWatch;

		/// Seeds and draws.
		type Randomness: ProofRandomness;

		/// RandomX.
		type Verifier: ProofHasher;

		/// Where slashed stake goes.
		type SlashTo: Get<Self::AccountId>;

		/// Seed of the keyless accounts that hold stake.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Weights.
		type WeightInfo: WeightInfo;
	}

	/// Which units are staked and proven.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// The settings of the market.
	#[pallet::storage]
	pub type Parameters<T> = StorageValue<_, MarketParameters, ValueQuery>;

	/// One small record per epoch, for ever.
	// Epochs follow each other: nobody chooses the key.
	#[pallet::storage]
	pub type Epochs<T> = StorageMap<_, Twox64Concat, Epoch, EpochRecord>;

	/// Where the market stands in time.
	#[pallet::storage]
	pub type Clock<T> = StorageValue<_, ClockState, ValueQuery>;

	/// How much work the proofs of the current epoch are.
	#[pallet::storage]
	pub type CurrentDifficulty<T> = StorageValue<_, Difficulty, ValueQuery>;

	/// How much those of the next epoch are, where that differs.
	#[pallet::storage]
	pub type NextDifficulty<T> = StorageValue<_, Difficulty>;

	/// What all proven units of the epoch closed last earn together at most.
	#[pallet::storage]
	pub type Pool<T> = StorageValue<_, Balance, ValueQuery>;

	/// Whether the block before the one being executed was full.
	#[pallet::storage]
	pub type LastFull<T> = StorageValue<_, bool, ValueQuery>;

	/// The unit record of each server.
	// Ids are handed out in sequence.
	#[pallet::storage]
	pub type Servers<T> = StorageMap<_, Twox64Concat, ServerId, UnitRecord>;

	/// The next commitment's id.
	#[pallet::storage]
	pub type NextCommitment<T> = StorageValue<_, CommitmentId, ValueQuery>;

	/// All commitments that anybody has a stake or a reward in.
	// Ids are handed out in sequence.
	#[pallet::storage]
	pub type Commitments<T: Config> =
		StorageMap<_, Twox64Concat, CommitmentId, Commitment<T::AccountId>>;

	/// The delegators of each commitment. The provider's own part is in the commitment.
	#[pallet::storage]
	pub type Delegations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, CommitmentId, Blake2_128Concat, T::AccountId, Delegation>;

	/// RandomX checks done in the block being executed.
	#[pallet::storage]
	pub type ChecksThisBlock<T> = StorageValue<_, u32, ValueQuery>;

	/// The market's first settings.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The settings; refused where they do not fit together.
		pub parameters: MarketParameters,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			// A chain with other settings must not come into being.
			assert_eq!(self.parameters.validate(), Ok(()), "capacity parameters");
			Parameters::<T>::put(&self.parameters);
			CurrentDifficulty::<T>::put(self.parameters.difficulty);
			Pool::<T>::put(self.parameters.first_pool);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn on_initialize(now: BlockNumberFor<T>) -> Weight {
			Self::begin_block(now.unique_saturated_into())
		}

		fn on_finalize(_: BlockNumberFor<T>) {
			Self::end_block();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The settings of the market.
		pub fn parameters() -> MarketParameters {
			Parameters::<T>::get()
		}

		/// Where the market stands in time, with the seed of the current epoch.
		pub fn epoch_info() -> EpochInfo {
			Self::view_epoch()
		}

		/// What stays of an epoch: its seed, its draw, the units proven.
		pub fn epoch_record(epoch: Epoch) -> Option<EpochRecord> {
			Epochs::<T>::get(epoch)
		}

		/// The units of a server by what they do.
		pub fn units_info(server: ServerId) -> Option<UnitsInfo> {
			Self::view_units(server)
		}

		/// The record of a server as it is now, with due audits settled and brought up to the current epoch.
		pub fn unit_record(server: ServerId) -> Option<UnitRecord> {
			Self::look(server)
		}

		/// What the open audits of a server ask for, once they are drawn.
		pub fn audits(server: ServerId) -> Vec<AuditInfo> {
			Self::view_audits(server)
		}

		/// A commitment as it is now, and where it stands.
		pub fn commitment(id: CommitmentId) -> Option<(Commitment<T::AccountId>, CommitmentState)> {
			Self::view_commitment(id)
		}

		/// What is left now of an account's stake in a commitment.
		pub fn stake_of(id: CommitmentId, staker: T::AccountId) -> Balance {
			Self::view_stake(id, &staker)
		}

		/// What an account can claim of a commitment's rewards now.
		pub fn claimable_rewards(id: CommitmentId, staker: T::AccountId) -> Balance {
			Self::view_rewards(id, &staker)
		}

		/// What a delegator can claim now of what deals paid in `asset`.
		pub fn claimable_income(
			id: CommitmentId,
			staker: T::AccountId,
			asset: PaymentAsset,
		) -> Balance {
			Self::view_income(id, &staker, &asset)
		}

		/// How much work the proofs of the current epoch are.
		pub fn difficulty() -> Difficulty {
			CurrentDifficulty::<T>::get()
		}
	}
}
