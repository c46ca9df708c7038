//! Fewer units.

use crate::{due::with_due, Allocations, Config, Deals, Error, Event, Pallet, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{DealId, ServerId, UnitLedger, Units};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_release_units(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		units: Units,
	) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		ensure!(units.is_subset_of(allocation.units), Error::<T>::ForeignUnit);
		let due = T::Units::settle(server);
		ensure!(units.is_subset_of(T::Units::held(server, id)), Error::<T>::UnitLost);
		ensure!(units.count() < deal.units, Error::<T>::LastUnits);

		let from = Self::after_notice(deal.end)?;
		Self::let_leave(id, &mut deal, (server, &mut allocation), units, from)?;
		let _nothing_due = T::Units::withdraw(server, id, units, from)?;
		Allocations::<T>::insert(id, server, allocation);
		Deals::<T>::insert(id, deal);
		Self::deposit_event(Event::UnitsReleased { deal: id, server, units, from });
		Ok(Some(with_due(T::WeightInfo::release_units(), due)).into())
	}
}
