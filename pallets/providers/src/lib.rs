#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod deposits;
mod errors;
mod events;
mod genesis;
mod rules;
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
	AskIds, Assets, Attestations, AttributeInfo, AttributeKind, DataCenter, GenesisAttribute,
	Label, Name, PeerSignature, Provider, Server, ATTRIBUTES_PER_PAGE, MAX_ASKS, MAX_ASSETS,
	MAX_ATTESTATIONS, MAX_ATTESTORS, MAX_TIER,
};
pub use weights::WeightInfo;

#[import_section(calls::calls)]
#[import_section(errors::errors)]
#[import_section(events::events)]
#[frame_support::pallet]
pub mod pallet {
	use super::{types::NewServer, *};
	use alloc::{string::String, vec::Vec};
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint},
	};
	use frame_system::pallet_prelude::*;
	use marketplace_primitives::{
		Ask, AskId, AttributeId, Attributes, City, Country, DataCenterId, Epoch, HardwareClass,
		Location, OrderBook, PaymentAsset, PeerId, Price, ServerId, ServerRef, UnitLedger, Units,
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

		/// Who keeps the lists of payment assets, hardware classes, attributes and attestors.
		type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// The record of a server's units, opened and closed with the server.
		type Units: UnitLedger;

		/// The book that asks go to, and that hears what attestors say of servers.
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
	// given out in sequence, or by governance from a small range.

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

	/// The hardware classes that may be declared, each with its name; `1..16`.
	#[pallet::storage]
	pub type HardwareClasses<T: Config> = StorageMap<_, Twox64Concat, HardwareClass, Label>;

	/// The attributes that may be declared, so that a check of many is one read.
	#[pallet::storage]
	pub type KnownAttributes<T: Config> = StorageValue<_, Attributes, ValueQuery>;

	/// What each of them means.
	#[pallet::storage]
	pub type AttributeInfos<T: Config> = StorageMap<_, Twox64Concat, AttributeId, AttributeInfo>;

	/// Who attests, and what they may attest.
	#[pallet::storage]
	pub type Attestors<T: Config> =
		CountedStorageMap<_, Blake2_128Concat, T::AccountId, Attributes>;

	/// What attestors vouch for of each server; together it is in the server's record.
	#[pallet::storage]
	pub type AttestationsOf<T: Config> =
		StorageMap<_, Twox64Concat, ServerId, Attestations<T::AccountId>, ValueQuery>;

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
		/// The hardware classes, `1..16`, each once, with its name.
		pub hardware_classes: Vec<(HardwareClass, String)>,
		/// The attributes that may be declared, each once.
		pub attributes: Vec<GenesisAttribute>,
		/// Who attests which of these attributes; 64 at most, each once.
		pub attestors: Vec<(T::AccountId, Vec<AttributeId>)>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			genesis::build(self);
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
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

		/// The hardware classes that may be declared, 15 at most, with their names.
		pub fn hardware_classes() -> Vec<(HardwareClass, Label)> {
			Self::view_hardware_classes()
		}

		/// The attributes that may be declared.
		pub fn known_attributes() -> Attributes {
			KnownAttributes::<T>::get()
		}

		/// What the known attributes from `first` on mean, a page of 32 at most.
		pub fn attributes(first: AttributeId) -> Vec<(AttributeId, AttributeInfo)> {
			Self::view_attributes(first)
		}

		/// Who attests, 64 at most, and what they may attest.
		pub fn attestors() -> Vec<(T::AccountId, Attributes)> {
			Attestors::<T>::iter().collect()
		}

		/// Who vouches for what of a server, eight at most.
		pub fn attestations(server: ServerId) -> Vec<(T::AccountId, Attributes)> {
			AttestationsOf::<T>::get(server).into_iter().collect()
		}

		/// The message that a peer's key signs so that `provider` can register its server under
		/// `operator`.
		pub fn peer_message(provider: T::AccountId, operator: T::AccountId) -> Vec<u8> {
			Self::message_of_peer(&provider, &operator)
		}
	}
}
