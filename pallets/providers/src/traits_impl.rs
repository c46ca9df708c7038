//! What the other pallets ask of this one.

use crate::*;
use alloc::vec::Vec;
use marketplace_primitives::{
	Ask, AskId, Attributes, HardwareClass, PaymentAsset, Registry, ServerId, ServerRef,
};

impl<T: Config> Registry<T::AccountId> for Pallet<T> {
	fn server(server: ServerId) -> Option<ServerRef<T::AccountId>> {
		Self::view_server(server)
	}

	fn ask(ask: AskId) -> Option<Ask> {
		Asks::<T>::get(ask)
	}

	fn asks_of(server: ServerId) -> Vec<AskId> {
		AsksOf::<T>::get(server).into_inner()
	}

	fn is_provider(who: &T::AccountId) -> bool {
		Providers::<T>::contains_key(who)
	}

	fn is_hardware_class(class: HardwareClass) -> bool {
		HardwareClasses::<T>::contains_key(class)
	}

	fn are_attributes_known(attributes: &Attributes) -> bool {
		attributes.is_subset_of(&KnownAttributes::<T>::get())
	}

	fn asset_admitted(asset: &PaymentAsset) -> bool {
		AdmittedAssets::<T>::get().contains(asset)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_server(
		provider: &T::AccountId,
		price: marketplace_primitives::Price,
	) -> (ServerId, AskId) {
		benchmarking::server_with_ask::<T>(provider, price)
	}
}
