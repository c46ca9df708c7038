#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod due;
mod errors;
mod events;
mod funds;
mod hooks;
mod missing;
mod offer;
mod price;
mod requests;
mod rollout;
mod solver;
mod subnet;
mod terms;
mod traits_impl;
mod types;
mod views;

#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub mod weights;

use frame_support::pallet_macros::import_section;

pub use funds::MOST_SHARES;
pub use missing::DealsOfServer;
pub use pallet::*;
pub use price::{Proposal, Side};
pub use requests::{RequestBudget, RequestTerms};
pub use rollout::{Rollout, RolloutOf, Staged};
pub use subnet::{AddressesOf, Multiaddress, Subnet, SubnetParameters};
pub use types::{Allocation, Deal, DealOf, MaxLeaving, Wish, WorkersOf};
pub use weights::WeightInfo;

/// Where the pallet logs.
pub(crate) const LOG_TARGET: &str = "runtime::deals";

#[import_section(calls::calls)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::{
		funds::MOST_SHARES, missing::DealsOfServer, price::*, requests::*, rollout::*, subnet::*,
		types::*, weights::WeightInfo,
	};
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		api::{
			AllocationInfo, Application, DealInfo, Renewal, RolloutInfo, SubnetRecord, SubnetWorker,
		},
		Balance, Cid, CommitmentId, Compensation, DealId, DealIncome, Epoch, EpochClock, Escrow,
		FltValue, GatewayKey, GatewaySignature, OfferBook, OfferId, PaymentAsset, Placed, Price,
		Registry, ServerId, UnitLedger, Units, Voucher, CONTEST_EPOCHS,
	};
	use sp_runtime::{traits::Convert, Perbill, Percent};

	/// The layout of this pallet's storage.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who owns and operates the servers.
		type Registry: Registry<Self::AccountId>;

		/// Where units are reserved and where what they served is counted.
		type Units: UnitLedger;

		/// What time it is.
		type Clock: EpochClock;

		/// The offers that deals come from.
		type Offers: OfferBook<Self::AccountId>;

		/// Where the money of deals is held.
		type Escrow: Escrow<Self::AccountId>;

		/// Which part of what servers earn is their delegators'.
		type Income: DealIncome<Self::AccountId>;

		/// What developers get where a commitment failed under their deals.
		type Compensation: Compensation<Self::AccountId>;

		/// What payment assets are worth in FLT.
		type Value: FltValue;

		/// Who sets the protocol fee.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// Who gets the protocol fee, and what is contested.
		type FeeTo: Get<Self::AccountId>;

		/// The account that signs with a gateway's key: it may contest what servers report.
		type GatewayAccount: Convert<GatewayKey, Self::AccountId>;

		/// The highest protocol fee.
		#[pallet::constant]
		type MaxProtocolFee: Get<Perbill>;

		/// The most servers that one deal ever has, those included that gave all their units up. One that has had so many
		/// seeks no units any more.
		#[pallet::constant]
		type MaxServers: Get<u32>;

		/// The most units that one deal seeks to have; no more than one offer may ask for.
		#[pallet::constant]
		type MaxUnits: Get<u32>;

		/// Whole epochs that units still serve after they were given up.
		#[pallet::constant]
		type NoticeEpochs: Get<Epoch>;

		/// Epochs of an allocation in which a provider may set the first worker of its units. Those that have none then get
		/// none any more, and others may be sought instead.
		#[pallet::constant]
		type AcceptanceEpochs: Get<Epoch>;

		/// Whole epochs in which vouchers still count: after their key was changed, after their budget was
		/// reclaimed, and from the end of the deal on.
		#[pallet::constant]
		type ChallengeEpochs: Get<Epoch>;

		/// The most allocations that one [`close_deal`](Pallet::close_deal) closes.
		#[pallet::constant]
		type ClosesPerCall: Get<u32>;

		/// What calls and steps of hooks cost, where nothing is due of servers.
		type WeightInfo: WeightInfo;
	}

	/// The servers that a deal ever had, as far as placement goes.
	pub type SpreadOf<T> =
		BoundedVec<Placed<<T as frame_system::Config>::AccountId>, <T as Config>::MaxServers>;

	/// The number of the next deal.
	#[pallet::storage]
	pub type NextDeal<T> = StorageValue<_, DealId, ValueQuery>;

	/// The part of everything that deals pay that goes to [`Config::FeeTo`]. What counts is the value at the moment
	/// of the payment, not that of the epochs that are paid for.
	#[pallet::storage]
	pub type ProtocolFee<T> = StorageValue<_, Perbill, ValueQuery>;

	/// The deals that run or wait to be closed.
	// Twox64 here and below: deals and servers are numbered in sequence, nobody chooses a key.
	#[pallet::storage]
	pub type Deals<T: Config> = StorageMap<_, Twox64Concat, DealId, DealOf<T>>;

	/// What each server serves in a deal, at what price, and how much of it was paid.
	#[pallet::storage]
	pub type Allocations<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Twox64Concat, ServerId, Allocation<T::AccountId>>;

	/// The workers of a deal on a server, by unit in ascending order.
	#[pallet::storage]
	pub type Workers<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Twox64Concat, ServerId, WorkersOf, ValueQuery>;

	/// The servers that each deal ever had, in the order in which they came, with the units that stay; none
	/// where a server gave all of them up, and is not to be taken again, its part of the deal being closed or not.
	#[pallet::storage]
	pub type Spreads<T: Config> = StorageMap<_, Twox64Concat, DealId, SpreadOf<T>, ValueQuery>;

	/// What further units of a deal must be.
	#[pallet::storage]
	pub type Wishes<T: Config> = StorageMap<_, Twox64Concat, DealId, Wish<T::AccountId>>;

	/// How deals may be renewed at their developers' cost.
	#[pallet::storage]
	pub type Renewals<T: Config> = StorageMap<_, Twox64Concat, DealId, Renewal>;

	/// What deals have for requests: the gateway's key and the sum of the budgets.
	#[pallet::storage]
	pub type Requests<T: Config> = StorageMap<_, Twox64Concat, DealId, RequestTerms, ValueQuery>;

	/// What each server can earn by requests of a deal, and has earned.
	#[pallet::storage]
	pub type Budgets<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Twox64Concat, ServerId, RequestBudget>;

	/// What the workers of each deal must know of their network.
	#[pallet::storage]
	pub type Subnets<T: Config> = StorageMap<_, Twox64Concat, DealId, Subnet, ValueQuery>;

	/// Where the servers of a deal are reached.
	#[pallet::storage]
	pub type Addresses<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Twox64Concat, ServerId, AddressesOf, ValueQuery>;

	/// The changes of application that are under way.
	#[pallet::storage]
	pub type Rollouts<T: Config> = StorageMap<_, Twox64Concat, DealId, RolloutOf<T>>;

	/// The price that one side would agree to for what a server serves in a deal.
	#[pallet::storage]
	pub type Proposals<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Twox64Concat, ServerId, Proposal>;

	/// The wheel: the deals by the epoch with whose start they end. Each deal stands in it once.
	// The epoch is written in big-endian bytes and not hashed, so that the first key is the first to end.
	#[pallet::storage]
	pub type Ending<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 4], Twox64Concat, DealId, (), OptionQuery>;

	/// The queue of servers whose reports show that deals miss units of them, or hold none any more, with those deals:
	/// from the first number of [`MissingQueue`] to before the second.
	#[pallet::storage]
	pub type Missing<T: Config> = StorageMap<_, Twox64Concat, u32, (ServerId, DealsOfServer)>;

	/// Where the queue begins, and where its next entry will stand.
	#[pallet::storage]
	pub type MissingQueue<T: Config> = StorageValue<_, (u32, u32), ValueQuery>;

	/// The servers that stand in the queue: each once, so that it never has more entries than there are servers.
	#[pallet::storage]
	pub type Queued<T: Config> = StorageMap<_, Twox64Concat, ServerId, ()>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxServers::get() > 0, "a deal needs room for a server");
			assert!(T::ClosesPerCall::get() > 0, "close_deal must get on");
			assert!(T::MaxUnits::get() > 0, "a deal needs room for a unit");
			assert!(T::NoticeEpochs::get() > 0, "a terminated deal needs an epoch");
			assert!(T::AcceptanceEpochs::get() > 0, "providers need time to set workers");
			assert!(T::ChallengeEpochs::get() > 0, "providers need time to redeem vouchers");
			// those that left not long ago are remembered, those of the notice are to come, and those of the next epoch
			let most = CONTEST_EPOCHS.saturating_add(T::NoticeEpochs::get()).saturating_add(1);
			assert!(most <= <MaxLeaving as Get<u32>>::get(), "units must always be able to leave");
		}

		/// Replaces what reports show to be missing, and closes parts of deals that hold nothing any more; then closes
		/// deals that ended. Both the first first, as far as the block has room.
		// In this order: each epoch that a deal waits for other units is lost to it, closing changes no amount.
		fn on_idle(_: BlockNumberFor<T>, room: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(room);
			Self::replace_queued(&mut meter);
			Self::close_ended(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The record of a deal.
		pub fn deal(deal: DealId) -> Option<DealOf<T>> {
			Deals::<T>::get(deal)
		}

		/// A deal with its allocations and what escrow still holds for it.
		pub fn deal_info(deal: DealId) -> Option<DealInfo<T::AccountId>> {
			Self::view_deal_info(deal)
		}

		/// The servers of a deal, with what each served and was paid for.
		pub fn allocations(deal: DealId) -> Vec<AllocationInfo<T::AccountId>> {
			Self::view_allocations(deal)
		}

		/// What settling the server's part of the deal would pay now, in all: protocol, delegators and provider.
		pub fn claimable(deal: DealId, server: ServerId) -> Balance {
			Self::view_claimable(deal, server)
		}

		/// Unit-epochs that the deal lost on the server by failed commitments and was not compensated for.
		pub fn lost(deal: DealId, server: ServerId) -> u64 {
			T::Compensation::lost(server, deal)
		}

		/// The last epoch that escrow pays for if every unit serves from now on.
		pub fn funded_until(deal: DealId) -> Option<Epoch> {
			Self::view_funded_until(deal)
		}

		/// Whose vouchers count in a deal, and what all its budgets for requests hold.
		pub fn requests(deal: DealId) -> RequestTerms {
			Requests::<T>::get(deal)
		}

		/// What a server can earn by requests of a deal, and has earned.
		pub fn request_budget(deal: DealId, server: ServerId) -> Option<RequestBudget> {
			Budgets::<T>::get(deal, server)
		}

		/// The change of a deal's application that is under way: which units run the new one now.
		pub fn rollout(deal: DealId) -> Option<RolloutInfo> {
			Self::view_rollout(deal)
		}

		/// The price that one side would agree to for what a server serves in a deal.
		pub fn proposal(deal: DealId, server: ServerId) -> Option<Proposal> {
			Proposals::<T>::get(deal, server)
		}

		/// All units of a deal with their servers' peers and their workers.
		pub fn subnet(deal: DealId) -> Vec<SubnetWorker> {
			Self::view_subnet(deal)
		}

		/// What the workers of a deal need to find each other: the parameters of their network, and the
		/// addresses of all its servers.
		pub fn subnet_record(deal: DealId) -> SubnetRecord {
			Self::view_subnet_record(deal)
		}
	}
}
