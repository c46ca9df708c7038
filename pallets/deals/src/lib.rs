#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod events;
mod funds;
mod hooks;
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

pub use pallet::*;
pub use types::{Allocation, Deal, DealOf, WorkersOf};
pub use weights::WeightInfo;

/// Where the pallet logs.
pub(crate) const LOG_TARGET: &str = "runtime::deals";

#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::{types::*, weights::WeightInfo};
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		api::{AllocationInfo, DealInfo, SubnetWorker},
		Balance, Cid, CommitmentId, Compensation, DealId, DealIncome, Epoch, EpochClock, Escrow,
		FltValue, OfferBook, OfferId, PaymentAsset, Price, Registry, ServerId, UnitLedger, Units,
	};

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

		/// The most servers that one deal has.
		#[pallet::constant]
		type MaxServers: Get<u32>;

		/// The most allocations that one [`close_deal`](Pallet::close_deal) closes.
		#[pallet::constant]
		type ClosesPerCall: Get<u32>;

		/// What calls and steps of hooks cost.
		type WeightInfo: WeightInfo;
	}

	/// The number of the next deal.
	#[pallet::storage]
	pub type NextDeal<T> = StorageValue<_, DealId, ValueQuery>;

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

	/// How many units of a provider a deal has.
	// Blake2 for accounts: their owners choose them.
	#[pallet::storage]
	pub type ProviderUnits<T: Config> =
		StorageDoubleMap<_, Twox64Concat, DealId, Blake2_128Concat, T::AccountId, u32, ValueQuery>;

	/// The wheel: the deals by the epoch with whose start they end. Each deal stands in it once.
	// The epoch is written in big-endian bytes and not hashed, so that the first key is the first to end.
	#[pallet::storage]
	pub type Ending<T: Config> =
		StorageDoubleMap<_, Identity, [u8; 4], Twox64Concat, DealId, (), OptionQuery>;

	#[pallet::error]
	pub enum Error<T> {
		/// There is no such deal, or it is closed.
		UnknownDeal,
		/// The server is not in the deal, or its part of it is closed.
		UnknownAllocation,
		/// The signer is neither the server's operator nor its provider.
		NotOperator,
		/// The list of workers is empty.
		NoWorkers,
		/// A worker is for a unit that the server does not give to the deal.
		ForeignUnit,
		/// Two workers are for the same unit.
		DuplicateUnit,
		/// The deal's term is over, or no epoch of it is left to serve.
		DealEnded,
		/// The deal's term is not over, or reports for its last epoch may still come.
		NotEnded,
		/// The deal would have more servers than a deal may have.
		TooManyServers,
		/// The match has no fills, or a fill without units.
		NoUnits,
		/// The deal takes units of this server already.
		ServerTwice,
		/// A fill costs more than the offer pays.
		PriceTooHigh,
		/// There is no such offer.
		UnknownOffer,
		/// No commitment failed under the server's part of the deal, or all that was lost is compensated.
		NothingLost,
		/// What the deal is paid in has no known value in FLT now.
		ValueUnknown,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxServers::get() > 0, "a deal needs room for a server");
			assert!(T::ClosesPerCall::get() > 0, "close_deal must get on");
		}

		/// Closes deals that ended, the first to end first, as far as the block has room.
		fn on_idle(_: BlockNumberFor<T>, room: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(room);
			Self::close_ended(&mut meter);
			meter.consumed()
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Sets the workers of units that a server gives to a deal: the hosts of the developer's code. A
		/// unit serves from the epoch that follows the first setting of its worker. A worker that is set
		/// already is replaced, without an interruption.
		///
		/// Costs the fee; the more workers, the more.
		///
		/// ## Origin
		/// Signed, by the operator or the provider of the server.
		///
		/// ## Events
		/// [`Event::WorkersSet`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		/// - [`Error::NotOperator`]: the signer has no say over the server.
		/// - [`Error::DealEnded`]: the end has come.
		/// - [`Error::NoWorkers`], [`Error::ForeignUnit`], [`Error::DuplicateUnit`]: the list is wrong.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::set_workers(count_of(workers)))]
		pub fn set_workers(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
			workers: WorkersOf,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_workers(who, deal, server, workers)
		}

		/// Pays for all that a server served in a deal, by accepted reports, and that was not paid yet:
		/// first the parts of the delegators behind its commitments, each rounded down, then all the rest
		/// to the provider. When and how often it is called does not change what is paid in all; each
		/// payout leaves less than a plank of each part with the provider.
		///
		/// Costs the fee, the same after one epoch or a million; a part of it comes back where nothing is
		/// due, which is no error.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::IncomeShared`] for each part and [`Event::Settled`], unless nothing is due.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		#[pallet::call_index(1)]
		pub fn settle(
			origin: OriginFor<T>,
			deal: DealId,
			server: ServerId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_settle(deal, server)
		}

		/// Closes a deal that ended: compensates the developer as [`compensate`](Pallet::compensate) does, where
		/// that can be had, pays what is left to pay, gives up the units, gives the rest of the escrow back to
		/// the developer and forgets the deal. One call closes [`Config::ClosesPerCall`] allocations at most;
		/// the next goes on where it stopped. The chain does the same by itself where blocks have room.
		///
		/// Costs the fee; the part of it for allocations that were not there comes back.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// For each allocation [`Event::Compensated`] or [`Event::NotCompensated`] (where something was lost),
		/// those of [`settle`](Pallet::settle) (unless nothing is due) and [`Event::AllocationClosed`], or
		/// [`Event::CloseFailed`]; [`Event::DealClosed`] with the last.
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`]
		/// - [`Error::NotEnded`]: before the reports for the deal's last epoch are closed.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::close_deal(T::ClosesPerCall::get()))]
		pub fn close_deal(origin: OriginFor<T>, deal: DealId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_close_deal(deal)
		}

		/// Compensates the developer for the unit-epochs that a deal lost on a server because commitments
		/// failed: each with up to its price, in FLT at today's value, from what is left of the providers' own
		/// stake in those commitments. The escrow has no part in it. What was lost is then forgotten,
		/// even where too little stake was left.
		///
		/// Costs the fee.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::Compensated`].
		///
		/// ## Errors
		/// - [`Error::UnknownDeal`], [`Error::UnknownAllocation`]
		/// - [`Error::NothingLost`]: no commitment failed, or it is compensated already.
		/// - [`Error::ValueUnknown`]: no fresh price is known; what was lost stays to be compensated.
		/// - those of the stake where it cannot be moved.
		#[pallet::call_index(3)]
		pub fn compensate(origin: OriginFor<T>, deal: DealId, server: ServerId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_compensate(deal, server)
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

		/// What settling the server's part of the deal would pay now, in all: delegators and provider.
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

		/// All units of a deal with their servers' peers and their workers.
		pub fn subnet(deal: DealId) -> Vec<SubnetWorker> {
			Self::view_subnet(deal)
		}
	}
}
