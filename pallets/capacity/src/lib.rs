#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod audits;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod clock;
mod commitment;
mod commitments;
mod due;
mod errors;
mod events;
mod extension;
mod funds;
mod income;
mod misses;
mod parameters;
mod pool;
mod randomness;
mod record;
mod reports;
mod rewards;
mod sampling;
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
	Cover, DealShare, EpochEntry, Harm, Report, Reservation, UnitRecord, MAX_COMMITMENTS,
	MAX_RESERVATIONS, OPEN_EPOCHS,
};
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
		Balance, CommitmentId, DealId, Epoch, OrderBook, PaymentAsset, PriceFeed, Registry,
		ServerId, UnitIndex, Units,
	};
	use sp_runtime::{traits::UniqueSaturatedInto, Perbill};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// What the pallet needs of the runtime.
	#[pallet::config]
	pub trait Config: frame_system::Config<AccountId: From<[u8; 32]>> {
		/// FLT: stake and rewards.
		type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>;

		/// What deals are paid in: the delegators' part of it.
		type Payments: fungibles::Mutate<
			Self::AccountId,
			AssetId = PaymentAsset,
			Balance = Balance,
		>;

		/// What FLT is worth: how much stake a unit needs, how much it earns.
		type Price: PriceFeed;

		/// Who sets the difficulty.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who owns and operates which server.
		type Registry: Registry<Self::AccountId>;

		/// Who is told of new supply.
		type Book: OrderBook<Self::AccountId>;

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

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Commits `units` of a server for `duration` epochs. Of what they earn the provider takes
		/// `commission`; of what deals pay for them its delegators get `deal_share`. Costs nothing by itself:
		/// the commitment waits until stake covers it. How much that is follows from the price of FLT now,
		/// and is never changed.
		///
		/// ## Origin
		/// Signed by the server's provider.
		///
		/// ## Events
		/// [`Event::Committed`], and those of audits that are due.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotProvider`], [`Error::NoUnits`], [`Error::ForeignUnits`],
		/// [`Error::InvalidDuration`], [`Error::PriceUnknown`], [`Error::UnitsCommitted`],
		/// [`Error::TooManyCommitments`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::commit().saturating_add(Pallet::<T>::most_settling()))]
		pub fn commit(
			origin: OriginFor<T>,
			server: ServerId,
			units: Units,
			duration: Epoch,
			commission: Perbill,
			deal_share: Perbill,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_commit(&who, server, units, duration, commission, deal_share)?;
			Ok(Self::with_settling(T::WeightInfo::commit(), steps))
		}

		/// Stakes `amount` on a commitment that waits. What the provider stakes counts as its own part; a
		/// delegator leaves room for the provider's least part. With the last plank the commitment is
		/// covered and runs from the next epoch.
		///
		/// ## Origin
		/// Signed by anyone.
		///
		/// ## Events
		/// [`Event::Delegated`]; [`Event::CommitmentCovered`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotWaiting`], [`Error::StakeExceeded`],
		/// [`Error::StakeTooLow`], or that of the transfer.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::delegate().saturating_add(Pallet::<T>::most_settling()))]
		pub fn delegate(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			amount: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_delegate(who, commitment, amount)?;
			Ok(Self::with_settling(T::WeightInfo::delegate(), steps))
		}

		/// Reports what a server did in `epoch`: the root of its proofs, the units proven, and the units
		/// that served deals. Once per epoch, within it or the grace of the next.
		///
		/// ## Origin
		/// Signed by the server's operator.
		///
		/// ## Events
		/// [`Event::Reported`], and those of audits that are due.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOperator`], [`Error::EpochNotBegun`],
		/// [`Error::ReportsClosed`], [`Error::EmptyReport`], [`Error::AlreadyReported`],
		/// [`Error::NotProving`], [`Error::NotServing`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::submit_report().saturating_add(Pallet::<T>::most_settling()))]
		pub fn submit_report(
			origin: OriginFor<T>,
			server: ServerId,
			epoch: Epoch,
			root: [u8; 32],
			proven: Units,
			serving: Units,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_submit_report(&who, server, epoch, root, proven, serving)?;
			Ok(Self::with_settling(T::WeightInfo::submit_report(), steps))
		}

		/// Shows the leaves of the slots drawn of one drawn unit. Free where they are right. Where RandomX or the
		/// target says that they are wrong, the call succeeds and the report fails: it counts no longer,
		/// earns nothing, and costs stake: more with each wrong report of a commitment.
		///
		/// ## Origin
		/// Signed by anyone: only leaves under the reported root are heard.
		///
		/// ## Events
		/// [`Event::AuditAnswered`]; or [`Event::ReportFailed`], [`Event::Slashed`],
		/// [`Event::CommitmentFailed`]. The report passes when its epoch is finished.
		///
		/// ## Errors
		/// In this order: [`Error::UnknownServer`], [`Error::AuditClosed`], [`Error::NoOpenReport`],
		/// [`Error::NotDrawn`], [`Error::UnitNotProven`], [`Error::UnitNotDrawn`],
		/// [`Error::AlreadyAnswered`], [`Error::TooEarly`], [`Error::WrongSlots`],
		/// [`Error::LeafOfOtherServer`], [`Error::LeafOfOtherEpoch`], [`Error::LeafOfOtherUnit`],
		/// [`Error::InvalidPath`], [`Error::TooManyChecks`].
		#[pallet::call_index(3)]
		#[pallet::weight((
			T::WeightInfo::answer_audit(leaves.len().unique_saturated_into())
				.saturating_add(Pallet::<T>::most_settling()),
			DispatchClass::Operational,
		))]
		pub fn answer_audit(
			origin: OriginFor<T>,
			server: ServerId,
			epoch: Epoch,
			unit: UnitIndex,
			leaves: BoundedVec<ProvenLeaf, ConstU32<MAX_LEAVES>>,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let weight = T::WeightInfo::answer_audit(leaves.len().unique_saturated_into());
			let refused = |error| DispatchErrorWithPostInfo {
				post_info: Some(T::WeightInfo::answer_audit_refused()).into(),
				error,
			};
			let answer = Self::do_answer_audit(server, epoch, unit, &leaves).map_err(refused)?;
			let pays_fee = if answer.is_right { Pays::No } else { Pays::Yes };
			Ok(PostDispatchInfo { pays_fee, ..Self::with_settling(weight, answer.steps) })
		}

		/// Gives the caller back what is left of its stake. At once while the commitment waits or after it was
		/// cancelled; else when its term, the unbonding time and the audits of its last reports are over,
		/// whatever the provider does. What it earned can be claimed before and after.
		///
		/// ## Origin
		/// Signed by a staker.
		///
		/// ## Events
		/// [`Event::StakeWithdrawn`]; [`Event::Forfeited`]; [`Event::CommitmentClosed`] after the last.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::StillBonded`], [`Error::NotStaker`],
		/// [`Error::NothingToWithdraw`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::withdraw_stake().saturating_add(Pallet::<T>::most_settling()))]
		pub fn withdraw_stake(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_withdraw_stake(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::withdraw_stake(), steps))
		}

		/// Mints what the caller's stake has earned, is unlocked and was not claimed: the provider's commission
		/// and share, or a delegator's share.
		///
		/// ## Origin
		/// Signed by a staker.
		///
		/// ## Events
		/// [`Event::RewardsClaimed`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NothingToClaim`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::claim_rewards().saturating_add(Pallet::<T>::most_settling()))]
		pub fn claim_rewards(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_claim_rewards(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::claim_rewards(), steps))
		}

		/// Takes back a commitment that waits; its stakers withdraw their stake.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::CommitmentCancelled`]; [`Event::CommitmentClosed`] where nobody had staked.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::NotWaiting`].
		#[pallet::call_index(6)]
		#[pallet::weight(
			T::WeightInfo::cancel_commitment().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn cancel_commitment(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_cancel_commitment(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::cancel_commitment(), steps))
		}

		/// Settles the epochs of a server that are finished: audits, misses, rewards. Nothing due is no error.
		///
		/// ## Origin
		/// Signed by anyone.
		///
		/// ## Events
		/// [`Event::ReportPassed`], [`Event::Rewarded`]; [`Event::ReportFailed`],
		/// [`Event::ReportVoided`], [`Event::UnitsMissed`], [`Event::Slashed`],
		/// [`Event::CommitmentFailed`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::settle_server().saturating_add(Pallet::<T>::most_settling()))]
		pub fn settle_server(origin: OriginFor<T>, server: ServerId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let steps = Self::do_settle_server(server)?;
			Ok(Self::with_settling(T::WeightInfo::settle_server(), steps))
		}

		/// Changes the commission from the next epoch on. It may fall to nothing, and rise to its ceiling: what it
		/// was at first and a rise that the market allows.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::CommissionSet`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::CommissionTooHigh`],
		/// [`Error::CommissionJustSet`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::set_commission().saturating_add(Pallet::<T>::most_settling()))]
		pub fn set_commission(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			commission: Perbill,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_set_commission(&who, commitment, commission)?;
			Ok(Self::with_settling(T::WeightInfo::set_commission(), steps))
		}

		/// Proposes to extend a running commitment by `epochs`. It is extended once all its delegators accept;
		/// at once where it has none. A delegator who does not answer keeps the term that it staked for.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::ExtensionProposed`]; [`Event::CommitmentExtended`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::NotRunning`],
		/// [`Error::InvalidDuration`].
		#[pallet::call_index(9)]
		#[pallet::weight(
			T::WeightInfo::propose_extension().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn propose_extension(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			epochs: Epoch,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_propose_extension(&who, commitment, epochs)?;
			Ok(Self::with_settling(T::WeightInfo::propose_extension(), steps))
		}

		/// Accepts the longer term that is proposed.
		///
		/// ## Origin
		/// Signed by a delegator of the commitment.
		///
		/// ## Events
		/// [`Event::ExtensionAccepted`]; [`Event::CommitmentExtended`] with the last of them.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NotRunning`],
		/// [`Error::NoProposal`], [`Error::AlreadyAccepted`].
		#[pallet::call_index(10)]
		#[pallet::weight(
			T::WeightInfo::accept_extension().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn accept_extension(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_accept_extension(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::accept_extension(), steps))
		}

		/// Sets how much work proofs are from the next epoch on; a later call before that replaces it.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::DifficultySet`]; [`Event::DifficultyChanged`] when it takes effect.
		///
		/// ## Errors
		/// [`Error::InvalidDifficulty`].
		#[pallet::call_index(11)]
		pub fn set_difficulty(origin: OriginFor<T>, difficulty: Difficulty) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			let audit_slots = Parameters::<T>::get().audit_slots;
			ensure!(difficulty.is_valid(audit_slots), Error::<T>::InvalidDifficulty);
			NextDifficulty::<T>::put(difficulty);
			Self::deposit_event(Event::DifficultySet { difficulty });
			Ok(())
		}

		/// Pays the caller its share of what deals paid to the commitment's delegators in `asset`.
		///
		/// ## Origin
		/// Signed by a delegator of the commitment.
		///
		/// ## Events
		/// [`Event::IncomeClaimed`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NothingToClaim`], or that of the
		/// transfer.
		#[pallet::call_index(12)]
		pub fn claim_income(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			asset: PaymentAsset,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_claim_income(&who, commitment, asset)
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
			Self::peek(server).map(|(record, _)| record)
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
