#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod checks;
mod errors;
mod events;
mod funds;
mod seek;
mod traits_impl;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;

pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

use frame_support::pallet_macros::import_section;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use pallet::*;
pub use types::{EscrowRecord, Offer};
pub use weights::WeightInfo;

/// Where the pallet logs to.
const LOG_TARGET: &str = "runtime::offers";

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
// The call and the event that post an offer have all of it; the others are small.
#[allow(clippy::large_enum_variant)]
pub mod pallet {
	use super::*;
	use frame_support::{
		pallet_prelude::*,
		traits::fungibles::{self, hold},
	};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		traits::DealOrigin, Attributes, Balance, BidTerms, Cid, DealId, Epoch, EpochClock,
		EscrowId, OfferId, OrderBook, PaymentAsset, Placement, Price, Registry, UnitLedger,
		UnitsWanted, MAX_UNITS,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// An offer of this runtime.
	pub type OfferOf<T> = Offer<<T as frame_system::Config>::AccountId>;
	/// An escrow record of this runtime.
	pub type EscrowRecordOf<T> = EscrowRecord<<T as frame_system::Config>::AccountId>;
	/// Placement constraints of this runtime.
	pub type PlacementOf<T> = Placement<<T as frame_system::Config>::AccountId>;

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Why funds are held, over all pallets.
		type RuntimeHoldReason: From<HoldReason>;

		/// The payment assets and the holds on them.
		type Holds: hold::Mutate<
			Self::AccountId,
			AssetId = PaymentAsset,
			Balance = Balance,
			Reason = Self::RuntimeHoldReason,
		>;

		/// The payment assets and transfers of them, for others who pay into a developer's escrow.
		type Payments: fungibles::Mutate<Self::AccountId, AssetId = PaymentAsset, Balance = Balance>;

		/// Which assets deals may be paid in, and whom and what offers may ask for.
		type Registry: Registry<Self::AccountId>;

		/// What time it is.
		type Clock: EpochClock;

		/// The book that offers go to.
		type Book: OrderBook<Self::AccountId>;

		/// How long units may be in deals.
		type Units: UnitLedger;

		/// The most units that one offer wants.
		#[pallet::constant]
		type MaxUnits: Get<u32>;

		/// The most servers that one deal takes units of.
		#[pallet::constant]
		type MaxServers: Get<u32>;

		/// How many epochs from now the expiry of an offer may be at most.
		#[pallet::constant]
		type MaxLifetime: Get<Epoch>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;

		/// What the benchmarks need of the runtime.
		#[cfg(feature = "runtime-benchmarks")]
		type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Payment for an open offer or a running deal.
		#[codec(index = 0)]
		Escrow,
	}

	/// The open offers. Removed once they are full, cancelled, recalled or expired.
	// Twox: the keys are handed out in sequence, nobody chooses them.
	#[pallet::storage]
	pub type Offers<T: Config> = StorageMap<_, Twox64Concat, OfferId, OfferOf<T>>;

	/// The number of the next offer. However many are posted in a block, that is one write to the database: the hook pays
	/// for it, and no call does.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type NextOffer<T: Config> = StorageValue<_, OfferId, ValueQuery>;

	/// The money of each open offer and each running deal. A record of one that is over stays while
	/// it owes something.
	// Twox: as above, and deals are numbered in sequence too.
	#[pallet::storage]
	pub type Escrows<T: Config> = StorageMap<_, Twox64Concat, EscrowId, EscrowRecordOf<T>>;

	/// Payouts that the asset refused, by payee and escrow record. Still held on the developer's
	/// account, and the payee's to claim.
	#[pallet::storage]
	pub type Owed<T: Config> = StorageDoubleMap<
		_,
		Blake2_128Concat,
		T::AccountId,
		Twox64Concat,
		EscrowId,
		Balance,
		ValueQuery,
	>;

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Does nothing, and pays for [`NextOffer`].
		fn on_initialize(_: BlockNumberFor<T>) -> Weight {
			T::DbWeight::get().reads_writes(1, 1)
		}

		fn integrity_test() {
			assert!(T::MaxUnits::get() > 0, "some number of units must be possible");
			let most = T::MaxServers::get().saturating_mul(u32::from(MAX_UNITS));
			assert!(T::MaxUnits::get() <= most, "a deal must have room for all units of an offer");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Posts an offer for `units` at `max_price` per unit and epoch, for `term` epochs. A price has
		/// four significant digits at most: 0.0625 or 1,204.
		///
		/// Holds `units.target * max_price * term` of `asset` on the caller's account and hands the
		/// offer to the book, which matches at once what fits its bound. Whatever is not spent in the
		/// end comes back.
		///
		/// With a `tariff`, units are taken only where a million requests cost no more than that, to the plank;
		/// without, of anybody. Requests are paid beside the price, from what is deposited for them.
		///
		/// Costs the fee for a match of the asks that it looks at at once; the part for those that there were not
		/// comes back.
		///
		/// ## Origin
		/// Signed, by the developer.
		///
		/// ## Events
		/// [`Event::Deposited`], [`Event::OfferPosted`], and those of the match.
		///
		/// ## Errors
		/// [`Error::EmptyCid`], [`Error::AssetNotAdmitted`], [`Error::ZeroPrice`],
		/// [`Error::PriceOffTick`], [`Error::ZeroTariff`], [`Error::TermTooShort`], [`Error::TermTooLong`],
		/// [`Error::ExpiryPassed`], [`Error::ExpiryTooFar`], [`Error::ZeroUnits`],
		/// [`Error::MinAboveTarget`], [`Error::TooManyUnits`]; where no supply could ever meet it
		/// [`Error::ImpossibleSites`], [`Error::EmptyAllowList`], [`Error::CapBelowMin`],
		/// [`Error::TooManyProviders`], [`Error::TooManyDataCenters`], [`Error::TooManyCountries`],
		/// [`Error::UnknownHardwareClass`], [`Error::UnknownAttribute`], [`Error::UnknownProvider`];
		/// `Arithmetic::Overflow` where the sum exceeds 128 bits; `Token::FundsUnavailable` where the
		/// caller does not have it free.
		#[pallet::call_index(0)]
		#[pallet::weight({
			let listed = placement.providers.count();
			T::WeightInfo::post_offer(listed).saturating_add(T::Book::bid_weight())
		})]
		pub fn post_offer(
			origin: OriginFor<T>,
			app_cid: Cid,
			asset: PaymentAsset,
			max_price: Price,
			units: UnitsWanted,
			term: Epoch,
			placement: PlacementOf<T>,
			attributes: Attributes,
			expiry: Epoch,
			plan_hash: [u8; 32],
			tariff: Option<Price>,
		) -> DispatchResultWithPostInfo {
			let developer = ensure_signed(origin)?;
			let (filled, deal) = (0, None);
			#[rustfmt::skip]
			let terms = BidTerms {
				developer, asset, max_price, units, filled, term, placement, attributes, expiry, deal, tariff,
			};
			Self::do_post_offer(terms, DealOrigin { app_cid, plan_hash })
		}

		/// Withdraws an offer. What its escrow still holds comes back; units that a deal already has
		/// stay in the deal.
		///
		/// ## Origin
		/// Signed, by the developer of the offer.
		///
		/// ## Events
		/// [`Event::Refunded`], [`Event::EscrowClosed`], [`Event::OfferCancelled`].
		///
		/// ## Errors
		/// [`Error::UnknownOffer`], [`Error::NotDeveloper`].
		#[pallet::call_index(1)]
		pub fn cancel_offer(origin: OriginFor<T>, offer: OfferId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_cancel_offer(who, offer)
		}

		/// Raises the highest price of an offer. The time priority of the offer starts again.
		///
		/// Holds the difference for the units that are still wanted. Deals already made keep their
		/// prices. The book does not match it at once, but in one of the next blocks.
		///
		/// ## Origin
		/// Signed, by the developer of the offer.
		///
		/// ## Events
		/// [`Event::Deposited`], [`Event::PriceRaised`], and those of the book.
		///
		/// ## Errors
		/// [`Error::UnknownOffer`], [`Error::NotDeveloper`], [`Error::ExpiryPassed`],
		/// [`Error::AssetNotAdmitted`], [`Error::PriceNotHigher`], [`Error::PriceOffTick`]; `Arithmetic::Overflow` where the sum
		/// exceeds 128 bits; `Token::FundsUnavailable` where the caller does not have it free.
		#[pallet::call_index(2)]
		pub fn raise_price(
			origin: OriginFor<T>,
			offer: OfferId,
			new_price: Price,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_raise_price(who, offer, new_price)
		}

		/// Tries again to pay all that an escrow record owes to `payee`, who alone gets it: a keyless account
		/// cannot ask itself.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::PayoutClaimed`].
		///
		/// ## Errors
		/// [`Error::NothingOwed`]; [`Error::StillRefused`] where the asset still does not let the
		/// payee have it, for instance because the sum is below its least balance.
		#[pallet::call_index(3)]
		pub fn claim_payout(
			origin: OriginFor<T>,
			escrow: EscrowId,
			payee: T::AccountId,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim_payout(escrow, payee)
		}

		/// Closes an offer whose expiry has passed. What its escrow still holds goes back to the
		/// developer.
		///
		/// Costs no fee where it closed one.
		///
		/// ## Origin
		/// Signed, by anyone.
		///
		/// ## Events
		/// [`Event::Refunded`], [`Event::EscrowClosed`], [`Event::OfferExpired`].
		///
		/// ## Errors
		/// [`Error::UnknownOffer`], [`Error::NotExpired`].
		#[pallet::call_index(4)]
		pub fn expire_offer(origin: OriginFor<T>, offer: OfferId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_expire_offer(offer)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// An open offer.
		pub fn offer(offer: OfferId) -> Option<OfferOf<T>> {
			Offers::<T>::get(offer)
		}

		/// The money of an offer or a deal.
		pub fn escrow(escrow: EscrowId) -> Option<EscrowRecordOf<T>> {
			Escrows::<T>::get(escrow)
		}

		/// What `payee` may claim of a record.
		pub fn owed(payee: T::AccountId, escrow: EscrowId) -> Balance {
			Owed::<T>::get(payee, escrow)
		}

		/// What posting an offer of these terms holds; `None` where it exceeds 128 bits.
		pub fn escrow_needed(target: u32, max_price: Price, term: Epoch) -> Option<Balance> {
			marketplace_primitives::math::cost(target, max_price, term).ok()
		}
	}
}
