//! Paying for what was lost.

use crate::{
	calls::{free, part_of},
	due::with_due,
	funds::Part,
	Allocation, Allocations, Config, Deals, Error, Event, Pallet, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, storage::with_storage_layer};
use marketplace_primitives::{Compensation, DealId, ServerId, UnitLedger};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_compensate(id: DealId, server: ServerId) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let due = T::Units::settle(server);
		let (part, lost) = (part_of::<T>(id, &deal, server), T::Compensation::lost(server, id));
		Self::pay_lost(part, allocation.price, &deal.developer, lost)?;
		Ok(free(with_due(T::WeightInfo::compensate(), due)))
	}

	/// Compensates the developer where that can be had; nobody waits for it. What is due of the server was settled
	/// before.
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
