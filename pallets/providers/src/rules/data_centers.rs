//! Data centres.

use super::{decrease, increase, is_label};
use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Consideration};
use marketplace_primitives::{DataCenterId, Location};
use sp_runtime::{traits::Zero, ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register_data_center(
		who: T::AccountId,
		location: Location,
		tier: u8,
	) -> DispatchResult {
		ensure!(Providers::<T>::contains_key(&who), Error::<T>::NotRegistered);
		let capitals = location.country.iter().all(u8::is_ascii_uppercase);
		ensure!(capitals, Error::<T>::InvalidCountry);
		ensure!(is_label(&location.city), Error::<T>::InvalidCity);
		ensure!((1..=MAX_TIER).contains(&tier), Error::<T>::InvalidTier);

		Self::create_data_center(who, location, tier).map(|_| ())
	}

	/// Puts a data centre whose facts are checked.
	pub(crate) fn create_data_center(
		who: T::AccountId,
		location: Location,
		tier: u8,
	) -> Result<DataCenterId, DispatchError> {
		let id = NextDataCenterId::<T>::get();
		NextDataCenterId::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		Self::mutate_provider(&who, |provider| increase(&mut provider.data_centers))?;
		let ticket = T::Consideration::new(&who, Self::data_center_footprint())?;
		let provider = who.clone();
		let record = DataCenter { provider, location: location.clone(), tier, servers: 0, ticket };
		DataCenters::<T>::insert(id, record);

		let (data_center, provider) = (id, who);
		Self::deposit_event(Event::DataCenterRegistered { data_center, provider, location, tier });
		Ok(id)
	}

	pub(crate) fn do_remove_data_center(who: T::AccountId, id: DataCenterId) -> DispatchResult {
		let site = Self::owned_data_center(&who, id)?;
		ensure!(site.servers.is_zero(), Error::<T>::HasServers);

		DataCenters::<T>::remove(id);
		Self::mutate_provider(&who, |provider| decrease(&mut provider.data_centers))?;
		site.ticket.drop(&who)?;

		Self::deposit_event(Event::DataCenterRemoved { data_center: id, provider: who });
		Ok(())
	}

	pub(super) fn owned_data_center(
		who: &T::AccountId,
		id: DataCenterId,
	) -> Result<DataCenterOf<T>, DispatchError> {
		let site = DataCenters::<T>::get(id).ok_or(Error::<T>::UnknownDataCenter)?;
		ensure!(site.provider == *who, Error::<T>::NotOwner);
		Ok(site)
	}

	pub(super) fn mutate_data_center<R>(
		id: DataCenterId,
		change: impl FnOnce(&mut DataCenterOf<T>) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		DataCenters::<T>::try_mutate(id, |maybe| {
			change(maybe.as_mut().ok_or(Error::<T>::UnknownDataCenter)?)
		})
	}
}
