//! Where a server is reached.

use crate::{subnet::AddressesOf, Addresses, Allocations, Config, Deals, Error, Event, Pallet};
use frame_support::ensure;
use marketplace_primitives::{DealId, ServerId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_addresses(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		addresses: AddressesOf,
	) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let known = Allocations::<T>::contains_key(id, server);
		ensure!(known, Error::<T>::UnknownAllocation);
		Self::ensure_operates(who, server)?;
		Self::ensure_runs(&deal)?;
		if addresses.is_empty() {
			Addresses::<T>::remove(id, server);
		} else {
			Addresses::<T>::insert(id, server, &addresses);
		}
		Self::deposit_event(Event::AddressesSet { deal: id, server, addresses });
		Ok(())
	}
}
