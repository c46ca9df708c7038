//! Providers.

use super::is_label;
use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Consideration};
use sp_runtime::traits::Zero;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_provider(who: T::AccountId, name: Name) -> DispatchResult {
		ensure!(!Providers::<T>::contains_key(&who), Error::<T>::AlreadyRegistered);
		ensure!(is_label(&name), Error::<T>::InvalidName);

		let ticket = T::Consideration::new(&who, Self::provider_footprint())?;
		let provider = Provider { name: name.clone(), data_centers: 0, servers: 0, ticket };
		Providers::<T>::insert(&who, provider);

		Self::deposit_event(Event::ProviderRegistered { provider: who, name });
		Ok(())
	}

	pub(crate) fn do_rename_provider(who: T::AccountId, name: Name) -> DispatchResult {
		ensure!(is_label(&name), Error::<T>::InvalidName);
		Self::mutate_provider(&who, |provider| {
			provider.name = name.clone();
			Ok(())
		})?;

		Self::deposit_event(Event::ProviderRenamed { provider: who, name });
		Ok(())
	}

	pub(crate) fn do_deregister_provider(who: T::AccountId) -> DispatchResult {
		let provider = Providers::<T>::get(&who).ok_or(Error::<T>::NotRegistered)?;
		ensure!(provider.data_centers.is_zero(), Error::<T>::HasDataCenters);

		Providers::<T>::remove(&who);
		provider.ticket.drop(&who)?;

		Self::deposit_event(Event::ProviderDeregistered { provider: who });
		Ok(())
	}

	pub(super) fn mutate_provider(
		who: &T::AccountId,
		change: impl FnOnce(&mut ProviderOf<T>) -> DispatchResult,
	) -> DispatchResult {
		Providers::<T>::try_mutate(who, |maybe| {
			change(maybe.as_mut().ok_or(Error::<T>::NotRegistered)?)
		})
	}
}
