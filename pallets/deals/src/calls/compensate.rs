//! Paying for what was lost.

use crate::{
	calls::part_of, funds::Part, Allocation, Allocations, Config, Deals, Error, Event, Pallet,
};
use frame_support::storage::with_storage_layer;
use marketplace_primitives::{Compensation, DealId, ServerId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_compensate(id: DealId, server: ServerId) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let (part, lost) = (part_of::<T>(id, &deal, server), T::Compensation::lost(server, id));
		Self::pay_lost(part, allocation.price, &deal.developer, lost)
	}

	/// Compensates the developer where that can be had; nobody waits for it.
	pub(crate) fn try_to_compensate(
		part: Part<'_>,
		allocation: &Allocation<T::AccountId>,
		developer: &T::AccountId,
	) {
		let Part { deal, server, .. } = part;
		let unit_epochs = T::Compensation::lost(server, deal);
		if unit_epochs == 0 {
			return;
		}
		let pay = || Self::pay_lost(part, allocation.price, developer, unit_epochs);
		if let Err(error) = with_storage_layer(pay) {
			Self::deposit_event(Event::NotCompensated { deal, server, unit_epochs, error });
		}
	}
}
