#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod aside;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod bid;
mod book;
mod calls;
mod explain;
mod hooks;
mod index;
#[cfg(test)]
mod mock;
mod placement;
mod scan;
mod solve;
#[cfg(test)]
mod tests;
mod traits_impl;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod turns;
mod types;
mod views;
mod visit;
pub mod weights;

pub use index::{
	bits::Bits,
	merge::{Mark, Position},
	queue::{Level, Order, Page, PageId, Queue, Rank, PAGE_ORDERS},
	segment::{OpenSegment, OpenSegments, Segment, MAX_SEGMENTS, TERM_CLASSES},
};
pub use pallet::*;
pub use types::{BookState, Generation, OrderKey, Pass, Place, Point, Progress, Supply};
pub use weights::WeightInfo;

/// The target of this pallet's log lines.
pub(crate) const LOG_TARGET: &str = "runtime::matcher";
/// The most orders that one page of a view holds.
pub const PAGE: usize = 64;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{pallet_prelude::*, weights::WeightMeter};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		AskId, Balance, DealId, Deals, EpochClock, OfferBook, OfferId, PaymentAsset, Price,
		Registry, ServerId, UnitLedger, Units,
	};
	use sp_runtime::Perbill;

	/// The storage version of this pallet.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Who owns what, and at what ask.
		type Registry: Registry<Self::AccountId>;

		/// Which units are for sale.
		type Units: UnitLedger;

		/// What time it is in the market.
		type Clock: EpochClock;

		/// The open offers.
		type Offers: OfferBook<Self::AccountId>;

		/// Where matches become deals.
		type Deals: Deals<Self::AccountId>;

		/// How many further asks one visit of a bid looks at, at most.
		#[pallet::constant]
		type MaxCandidates: Get<u32>;

		/// How many asks the transaction looks at that posts an offer; the rest is left to `on_idle`.
		#[pallet::constant]
		type MaxImmediate: Get<u32>;

		/// How many fills one match has at most: no less than one visit finds, no more than a deal takes servers.
		#[pallet::constant]
		type MaxPlan: Get<u32>;

		/// How many asks a bid looks at in its turn before it steps aside: at least `MaxPlan + MaxCandidates`.
		#[pallet::constant]
		type Patience: Get<u32>;

		/// How often losses of supply take one pass back; later ones wait for the next pass.
		#[pallet::constant]
		type MaxRewinds: Get<u32>;

		/// How many asks a quote looks at, at most.
		#[pallet::constant]
		type MaxQuoted: Get<u32>;

		/// Which part of what a developer saves in one epoch by a match that somebody found is the finder's.
		#[pallet::constant]
		type SolverShare: Get<Perbill>;

		/// Weights of this pallet's calls and steps.
		type WeightInfo: WeightInfo;
	}

	/// The state of the book: counters, and how far the pass over the bids has come. A block reads and writes it once,
	/// whatever its calls do: the hook pays for that.
	#[pallet::storage]
	#[pallet::whitelist_storage]
	pub type Book<T: Config> = StorageValue<_, BookState, ValueQuery>;

	// Nobody but governance chooses an asset, and the other keys are given out in sequence: hence no
	// cryptographic hash, but for the three maps whose order across assets is that of the pass.

	/// Of each queue, which leaves have levels.
	#[pallet::storage]
	pub type Summaries<T: Config> = StorageMap<_, Twox64Concat, Queue, Bits, ValueQuery>;

	/// Of each queue, which levels have orders; [`Bits::SIZE`] levels in a leaf.
	#[pallet::storage]
	pub type Leaves<T: Config> =
		StorageDoubleMap<_, Twox64Concat, Queue, Twox64Concat, u32, Bits, ValueQuery>;

	/// The chain of pages of each level that has orders.
	#[pallet::storage]
	pub type Levels<T: Config> =
		StorageDoubleMap<_, Twox64Concat, Queue, Twox64Concat, Rank, Level>;

	/// The pages of all levels.
	#[pallet::storage]
	pub type Pages<T: Config> = StorageMap<_, Twox64Concat, PageId, Page>;

	/// The segments of each payment asset that have asks, with their cheapest level.
	#[pallet::storage]
	pub type Segments<T: Config> =
		StorageMap<_, Twox64Concat, PaymentAsset, OpenSegments, ValueQuery>;

	/// Where each ask stands.
	#[pallet::storage]
	pub type AskPlaces<T: Config> = StorageMap<_, Twox64Concat, AskId, Place>;

	/// Where each bid stands.
	#[pallet::storage]
	pub type BidPlaces<T: Config> = StorageMap<_, Twox64Concat, OfferId, Place>;

	/// The payment assets that have bids, with how many bids of each are picky.
	#[pallet::storage]
	pub type BiddingAssets<T: Config> = StorageMap<_, Blake2_128Concat, PaymentAsset, u32>;

	/// Bids that ask for distinct groups and have not opened their deal. They may find a match because supply went.
	#[pallet::storage]
	pub type Picky<T: Config> = StorageMap<_, Twox64Concat, OfferId, ()>;

	/// Bids that wait for a visit of their own, beside the pass, in the order of the book.
	// Identity: the key is made here, and its order is that of the book.
	#[pallet::storage]
	pub type Pending<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, PaymentAsset, Identity, OrderKey, OfferId>;

	/// Bids that stepped aside, in the order of the book.
	// Identity: as above.
	#[pallet::storage]
	pub type Aside<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, PaymentAsset, Identity, OrderKey, OfferId>;

	/// What the unfinished visits of bids keep.
	#[pallet::storage]
	pub type Progresses<T: Config> = StorageMap<_, Twox64Concat, OfferId, Progress<T>>;

	/// Servers with asks, and when their supply last changed.
	#[pallet::storage]
	pub type Supplies<T: Config> = StorageMap<_, Twox64Concat, ServerId, Supply>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An ask took its place in the book.
		AskPlaced {
			/// The ask.
			ask: AskId,
			/// The server whose units it sells.
			server: ServerId,
			/// What must be paid in.
			asset: PaymentAsset,
			/// Least price per unit and epoch.
			price: Price,
			/// Its time priority: lower numbers stand first.
			sequence: u64,
		},
		/// An ask left the book.
		AskRemoved {
			/// The ask.
			ask: AskId,
		},
		/// A bid took its place in the book, or a new one because its price was raised.
		BidPlaced {
			/// The offer.
			offer: OfferId,
			/// What it pays in.
			asset: PaymentAsset,
			/// Highest price per unit and epoch.
			price: Price,
			/// Its time priority: lower numbers stand first.
			sequence: u64,
		},
		/// A bid left the book: filled, cancelled or expired.
		BidRemoved {
			/// The offer.
			offer: OfferId,
		},
		/// A bid met asks: its deal was opened or joined.
		Matched {
			/// The offer.
			offer: OfferId,
			/// Its deal.
			deal: DealId,
			/// Units of all fills of this match.
			units: u32,
			/// How many servers they are of.
			servers: u32,
		},
		/// An ask that seemed to suit was refused when the deal was made; the bid goes on without it.
		CandidateSkipped {
			/// The offer.
			offer: OfferId,
			/// The ask.
			ask: AskId,
			/// Why it was refused.
			reason: DispatchError,
		},
		/// A bid that the rule left met asks that somebody picked: its deal was opened or joined, as
		/// [`Event::Matched`] tells.
		Solved {
			/// The offer.
			offer: OfferId,
			/// Its deal.
			deal: DealId,
			/// Who picked the asks.
			solver: T::AccountId,
			/// What that earned, out of the deal's escrow.
			fee: Balance,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// No bid of this offer stands in the book.
		UnknownOffer,
		/// The bid, or one that stands before it, waits for a visit: what the rule leaves is not known yet.
		NotVisited,
		/// The offer has expired, or its deal has no whole epoch left, or has had all the servers that it may.
		Expired,
		/// No such ask stands in the book of the offer's asset.
		UnknownAsk,
		/// The price, the terms or the attributes of an ask do not suit the offer, or its server does not.
		PickExcluded,
		/// No units are picked of an ask, or such that are not for sale, or that came to the book since the bids
		/// were visited.
		PickUnavailable,
		/// More units are picked than a cap of the offer leaves, or than it still wants.
		CapExceeded,
		/// A server is picked twice, or is or was part of the offer's deal.
		PickTwice,
		/// The picks are fewer units than the offer's minimum, or none.
		TooFewUnits,
		/// The picks are of fewer providers, data centres or countries than the offer asks for, or leave its
		/// running deal too little room for those that it lacks.
		TooFewGroups,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Visits the bids whose turn it is, as far as the weight left in the block carries. Reads two
		/// values where nothing changed.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::do_on_idle(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			Self::check_config();
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Makes one visit of the book: of `offer` where it is due and its turn has come, or where it is nobody's turn,
		/// else of the bid whose turn comes first. So a poke lets no bid pass one that waits before it, and keeps none
		/// waiting; enough of them bring every bid its turn, even while blocks are too full for `on_idle`.
		///
		/// Looks at [`Config::MaxCandidates`] asks at most. The weight that was not used is refunded. Costs no fee
		/// where it made a match or dropped an expired bid.
		///
		/// ## Origin
		/// Anybody, signed.
		///
		/// ## Events
		/// [`Event::Matched`] where it made a match, [`Event::CandidateSkipped`] for each refused ask,
		/// [`Event::BidRemoved`] where the bid was filled or had expired; none where nothing fits.
		///
		/// ## Errors
		/// - [`Error::UnknownOffer`]: no bid of the offer stands in the book.
		#[pallet::call_index(0)]
		#[pallet::weight(Pallet::<T>::poke_weight())]
		pub fn poke(origin: OriginFor<T>, offer: OfferId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			Self::do_poke(offer)
		}

		/// Makes a match of an offer that the book visited and left, of units that the sender picked: the
		/// greedy pass is one rule, and where an offer asks for groups or for a minimum there may be a match
		/// that it does not find.
		///
		/// Only the choice is the sender's. A pick must suit the offer, be free and within the caps, as in a visit;
		/// prices are those of a visit; the match is made as a whole or not at all. Nobody with a better right loses
		/// by it: no bid that stands before the offer waits for a visit; all of them had their turn with what is picked.
		///
		/// The fee is [`Config::SolverShare`] of what the developer saves in one epoch against the highest price,
		/// rounded down. It is paid out of what the deal's escrow holds beyond what its servers may earn; where
		/// that is less, the fee is.
		///
		/// Costs the work of a visit of so many asks and of their deal. What was not used is refunded; a match costs
		/// its sender no transaction fee, a refusal does.
		///
		/// ## Origin
		/// Anybody, signed.
		///
		/// ## Events
		/// [`Event::Matched`], [`Event::Solved`], and [`Event::BidRemoved`] where the bid was filled.
		///
		/// ## Errors
		/// - [`Error::UnknownOffer`]: no bid of the offer stands in the book.
		/// - [`Error::NotVisited`]: the bid, or one that stands before it, waits for a visit.
		/// - [`Error::Expired`]: the offer has expired, or its deal takes nothing more.
		/// - [`Error::UnknownAsk`]: a picked ask does not stand in the book of the asset.
		/// - [`Error::PickExcluded`]: the terms of an ask, or its server, do not suit the offer.
		/// - [`Error::PickUnavailable`]: picked units are none, not for sale, or newer than the last visits.
		/// - [`Error::CapExceeded`]: more is picked than caps and target leave.
		/// - [`Error::PickTwice`]: a server is picked twice, or was part of the deal before.
		/// - [`Error::TooFewUnits`], [`Error::TooFewGroups`]: all picks together are no match.
		/// - Where the deal cannot be made or the fee not be paid: the error of that.
		#[pallet::call_index(1)]
		#[pallet::weight(Pallet::<T>::solve_weight(picks.len()))]
		pub fn solve(
			origin: OriginFor<T>,
			offer: OfferId,
			picks: BoundedVec<(AskId, Units), T::MaxPlan>,
		) -> DispatchResultWithPostInfo {
			let solver = ensure_signed(origin)?;
			Self::do_solve(solver, offer, &picks)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The best ask of an asset, with its price.
		pub fn best_ask(asset: PaymentAsset) -> Option<(AskId, Price)> {
			Self::view_best_ask(&asset)
		}

		/// The best bid of an asset, with its price.
		pub fn best_bid(asset: PaymentAsset) -> Option<(OfferId, Price)> {
			Self::view_best_bid(&asset)
		}

		/// Up to 64 asks of an asset, best first, from behind `after` on.
		pub fn asks(asset: PaymentAsset, after: Option<AskId>) -> Vec<(OrderKey, AskId)> {
			Self::asks_from(&asset, after).take(PAGE).collect()
		}

		/// Up to 64 bids of an asset, best first, from behind `after` on.
		pub fn bids(asset: PaymentAsset, after: Option<OfferId>) -> Vec<(OrderKey, OfferId)> {
			Self::bids_from(&asset, after).take(PAGE).collect()
		}

		/// Whether every bid has been visited with all the supply there is.
		pub fn is_quiet() -> bool {
			Self::view_is_quiet()
		}

		/// Whether the visits left an offer, so that it is open to [`solve`](Pallet::solve).
		pub fn is_left(offer: OfferId) -> bool {
			Self::left_of(offer).is_ok()
		}
	}
}
