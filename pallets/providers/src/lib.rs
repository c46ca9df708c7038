#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod errors;
mod events;
mod traits_impl;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod views;

pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "runtime-benchmarks"))]
mod vector;

use frame_support::pallet_macros::import_section;

pub use pallet::*;
pub use types::{
	AskIds, Assets, City, DataCenter, Name, PeerSignature, Provider, Server, MAX_ASKS, MAX_ASSETS,
	MAX_TIER,
};
pub use weights::WeightInfo;

#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::{types::NewServer, *};
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint},
	};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		Ask, AskId, Attributes, DataCenterId, Epoch, Location, OrderBook, PaymentAsset, PeerId,
		Price, ServerId, ServerRef, UnitLedger, Units,
	};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The ticket that stands for one deposit.
	pub type TicketOf<T> = <T as Config>::Consideration;
	/// A provider of this runtime.
	pub type ProviderOf<T> = Provider<TicketOf<T>>;
	/// A data centre of this runtime.
	pub type DataCenterOf<T> = DataCenter<<T as frame_system::Config>::AccountId, TicketOf<T>>;
	/// A server of this runtime.
	pub type ServerOf<T> = Server<<T as frame_system::Config>::AccountId, TicketOf<T>>;

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// How a record is paid for while it is stored.
		type Consideration: Consideration<Self::AccountId, Footprint>;

		/// Who admits and dismisses payment assets.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The record of a server's units, opened and closed with the server.
		type Units: UnitLedger;

		/// The book that asks go to.
		type Book: OrderBook<Self::AccountId>;

		/// Weights of the calls.
		type WeightInfo: WeightInfo;
	}

	/// Why this pallet holds funds.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Deposit for a provider, a data centre, a server or an ask.
		#[codec(index = 0)]
		Record,
	}

	// Accounts and peer ids are chosen by users, hence a cryptographic hash; the other keys are
	// given out in sequence.

	/// Who sells compute.
	#[pallet::storage]
	pub type Providers<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ProviderOf<T>>;

	/// The sites of all providers.
	#[pallet::storage]
	pub type DataCenters<T: Config> = StorageMap<_, Twox64Concat, DataCenterId, DataCenterOf<T>>;

	/// The machines of all providers.
	#[pallet::storage]
	pub type Servers<T: Config> = StorageMap<_, Twox64Concat, ServerId, ServerOf<T>>;

	/// The server of each off-chain peer.
	#[pallet::storage]
	pub type PeerIds<T: Config> = StorageMap<_, Blake2_128Concat, PeerId, ServerId>;

	/// The standing asks. Attributes are those of the server and those declared with the ask.
	#[pallet::storage]
	pub type Asks<T: Config> = StorageMap<_, Twox64Concat, AskId, Ask>;

	/// The deposit of each standing ask, apart from it since the matcher reads asks often.
	#[pallet::storage]
	pub type AskTickets<T: Config> = StorageMap<_, Twox64Concat, AskId, TicketOf<T>>;

	/// The standing asks of each server; their units are disjoint.
	#[pallet::storage]
	pub type AsksOf<T: Config> = StorageMap<_, Twox64Concat, ServerId, AskIds, ValueQuery>;

	/// What deals may be paid in.
	#[pallet::storage]
	pub type AdmittedAssets<T: Config> = StorageValue<_, Assets, ValueQuery>;

	/// The identifier of the next data centre.
	#[pallet::storage]
	pub type NextDataCenterId<T: Config> = StorageValue<_, DataCenterId, ValueQuery>;

	/// The identifier of the next server.
	#[pallet::storage]
	pub type NextServerId<T: Config> = StorageValue<_, ServerId, ValueQuery>;

	/// The identifier of the next ask.
	#[pallet::storage]
	pub type NextAskId<T: Config> = StorageValue<_, AskId, ValueQuery>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// What deals may be paid in from the start; 16 at most, each once.
		pub admitted_assets: Vec<PaymentAsset>,
		#[serde(skip)]
		#[doc(hidden)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			for asset in &self.admitted_assets {
				let admitted = Pallet::<T>::do_admit_asset(asset.clone());
				assert!(admitted.is_ok(), "cannot admit {asset:?} at genesis: {admitted:?}");
			}
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Makes the caller a provider and holds the deposit for the record.
		///
		/// ## Origin
		/// Signed, by an account that is no provider.
		///
		/// ## Events
		/// [`Event::ProviderRegistered`].
		///
		/// ## Errors
		/// [`Error::AlreadyRegistered`], [`Error::InvalidName`]; funds for the deposit are missing.
		#[pallet::call_index(0)]
		pub fn register_provider(origin: OriginFor<T>, name: Name) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_provider(who, name)
		}

		/// Gives the caller's provider record another name. The deposit stays.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::ProviderRenamed`].
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::InvalidName`].
		#[pallet::call_index(1)]
		pub fn rename_provider(origin: OriginFor<T>, name: Name) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_rename_provider(who, name)
		}

		/// Opens a site of the caller and holds the deposit for the record.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::DataCenterRegistered`], with the identifier of the site.
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::InvalidCountry`], [`Error::InvalidCity`],
		/// [`Error::InvalidTier`]; funds for the deposit are missing.
		#[pallet::call_index(2)]
		pub fn register_data_center(
			origin: OriginFor<T>,
			country: [u8; 2],
			city: City,
			tier: u8,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_register_data_center(who, Location { country, city }, tier)
		}

		/// Puts a machine of `units` units into a data centre, opens the record of its units and holds
		/// the deposit. `signature` is that of the peer's key over
		/// [`peer_message`](marketplace_primitives::peer_message) for this chain, the caller and
		/// `operator`.
		///
		/// ## Origin
		/// Signed, by the provider who owns the data centre.
		///
		/// ## Events
		/// [`Event::ServerRegistered`], with the identifier of the server.
		///
		/// ## Errors
		/// [`Error::UnknownDataCenter`], [`Error::NotOwner`], [`Error::NoUnits`],
		/// [`Error::TooManyUnits`], [`Error::PeerIdTaken`], [`Error::InvalidSignature`]; funds for the
		/// deposit are missing.
		#[pallet::call_index(3)]
		pub fn register_server(
			origin: OriginFor<T>,
			data_center: DataCenterId,
			peer_id: PeerId,
			signature: PeerSignature,
			operator: T::AccountId,
			units: u8,
			attributes: Attributes,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let server = NewServer { data_center, peer_id, operator, units, attributes };
			Self::do_register_server(who, server, signature)
		}

		/// Hands the reports and workers of a server to another account. Free of deposit.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::OperatorSet`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`].
		#[pallet::call_index(4)]
		pub fn set_operator(
			origin: OriginFor<T>,
			server: ServerId,
			operator: T::AccountId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_set_operator(who, server, operator)
		}

		/// Offers units of a server at a price per unit and epoch, and tells the book. The units need
		/// not be committed yet. Where an ask for exactly these units stands, the new one takes its
		/// place, its deposit and a new identifier; deals already made keep their terms. The ask offers
		/// the attributes of the server and `attributes`.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::AskSet`], with the identifier of the ask.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::NoUnits`], [`Error::ForeignUnits`],
		/// [`Error::ZeroPrice`], [`Error::InvalidTerm`], [`Error::AssetNotAdmitted`],
		/// [`Error::UnitsAlreadyAsked`], [`Error::TooManyAsks`]; funds for the deposit are missing.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::set_ask()
			.max(T::WeightInfo::replace_ask())
			.saturating_add(T::Book::ask_weight()))]
		pub fn set_ask(
			origin: OriginFor<T>,
			server: ServerId,
			units: Units,
			asset: PaymentAsset,
			price: Price,
			min_term: Epoch,
			max_term: Epoch,
			attributes: Attributes,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			let ask = Ask { server, units, asset, price, min_term, max_term, attributes };
			Self::do_set_ask(who, ask)
		}

		/// Takes an ask out of the book and returns its deposit. Deals already made go on.
		///
		/// ## Origin
		/// Signed, by the provider of the ask's server.
		///
		/// ## Events
		/// [`Event::AskWithdrawn`].
		///
		/// ## Errors
		/// [`Error::UnknownAsk`], [`Error::NotOwner`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::withdraw_ask().saturating_add(T::Book::ask_weight()))]
		pub fn withdraw_ask(origin: OriginFor<T>, ask: AskId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_withdraw_ask(who, ask)
		}

		/// Takes out a machine without asks whose units are neither committed, nor in deals, nor under
		/// audit, closes the record of its units and returns the deposit.
		///
		/// ## Origin
		/// Signed, by the server's provider.
		///
		/// ## Events
		/// [`Event::ServerDeregistered`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOwner`], [`Error::HasAsks`]; the reason why the record
		/// of the units cannot be closed.
		#[pallet::call_index(7)]
		pub fn deregister_server(origin: OriginFor<T>, server: ServerId) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deregister_server(who, server)
		}

		/// Gives up a site without servers and returns its deposit.
		///
		/// ## Origin
		/// Signed, by the provider who owns it.
		///
		/// ## Events
		/// [`Event::DataCenterRemoved`].
		///
		/// ## Errors
		/// [`Error::UnknownDataCenter`], [`Error::NotOwner`], [`Error::HasServers`].
		#[pallet::call_index(8)]
		pub fn remove_data_center(
			origin: OriginFor<T>,
			data_center: DataCenterId,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_remove_data_center(who, data_center)
		}

		/// Ends being a provider, without data centres, and returns the deposit.
		///
		/// ## Origin
		/// Signed, by a provider.
		///
		/// ## Events
		/// [`Event::ProviderDeregistered`].
		///
		/// ## Errors
		/// [`Error::NotRegistered`], [`Error::HasDataCenters`].
		#[pallet::call_index(9)]
		pub fn deregister_provider(origin: OriginFor<T>) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_deregister_provider(who)
		}

		/// Lets asks and offers name a payment asset. Whether the asset exists is for the caller to
		/// know.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AssetAdmitted`].
		///
		/// ## Errors
		/// [`Error::AssetAlreadyAdmitted`], [`Error::TooManyAssets`].
		#[pallet::call_index(10)]
		pub fn admit_asset(origin: OriginFor<T>, asset: PaymentAsset) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_admit_asset(asset)
		}

		/// Lets no more asks and offers name a payment asset. Those that stand, and deals, go on.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::AssetDismissed`].
		///
		/// ## Errors
		/// [`Error::AssetNotAdmitted`].
		#[pallet::call_index(11)]
		pub fn dismiss_asset(origin: OriginFor<T>, asset: PaymentAsset) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			Self::do_dismiss_asset(asset)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The provider's record, with how many data centres and servers it has.
		pub fn provider(who: T::AccountId) -> Option<ProviderOf<T>> {
			Providers::<T>::get(who)
		}

		/// The data centre's record.
		pub fn data_center(data_center: DataCenterId) -> Option<DataCenterOf<T>> {
			DataCenters::<T>::get(data_center)
		}

		/// What others need to know of a server.
		pub fn server(server: ServerId) -> Option<ServerRef<T::AccountId>> {
			Self::view_server(server)
		}

		/// The server of an off-chain peer.
		pub fn server_of_peer(peer_id: PeerId) -> Option<ServerId> {
			PeerIds::<T>::get(peer_id)
		}

		/// The standing asks of a server, four at most.
		pub fn asks(server: ServerId) -> Vec<(AskId, Ask)> {
			Self::view_asks(server)
		}

		/// What deals may be paid in.
		pub fn admitted_assets() -> Vec<PaymentAsset> {
			AdmittedAssets::<T>::get().into_inner()
		}

		/// The message that a peer's key signs so that `provider` can register its server under
		/// `operator`.
		pub fn peer_message(provider: T::AccountId, operator: T::AccountId) -> Vec<u8> {
			Self::message_of_peer(&provider, &operator)
		}
	}
}
