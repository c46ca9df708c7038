//! Fewer units.

use crate::{Allocations, Config, Deals, Error, Event, Pallet};
use frame_support::ensure;
use marketplace_primitives::{DealId, ServerId, UnitLedger, Units};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_release_units(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		units: Units,
	) -> DispatchResult {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		ensure!(units.is_subset_of(allocation.units), Error::<T>::ForeignUnit);
		ensure!(units.is_subset_of(T::Units::held(server, id)), Error::<T>::UnitLost);
		ensure!(units.count() < deal.units, Error::<T>::LastUnits);

		let from = Self::after_notice(deal.end)?;
		Self::let_leave(id, &mut deal, (server, &mut allocation), units, from)?;
		T::Units::withdraw(server, id, units, from)?;
		Allocations::<T>::insert(id, server, allocation);
		Deals::<T>::insert(id, deal);
		Self::deposit_event(Event::UnitsReleased { deal: id, server, units, from });
		Ok(())
	}
}
