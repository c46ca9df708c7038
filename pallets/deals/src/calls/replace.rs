//! Other units for those that the deal lost.

use crate::{
	types::units_with_workers, Allocation, Allocations, Config, Deals, Error, Event, Pallet,
	Workers,
};
use frame_support::{ensure, storage::with_storage_layer, traits::Get};
use marketplace_primitives::{DealId, EpochClock, ServerId, UnitLedger, Units};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Replaces what the deal lost on a server, for [`replace`](Pallet::replace) and for whoever sees the loss
	/// first: all of it or nothing. Returns how many servers the deal has, which is what the cost depends on.
	pub(crate) fn do_replace(id: DealId, server: ServerId) -> Result<u32, DispatchError> {
		with_storage_layer(|| Self::replace_missing(id, server))
	}

	fn replace_missing(id: DealId, server: ServerId) -> Result<u32, DispatchError> {
		let mut deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		Self::ensure_goes_on(&deal)?;
		let from = Self::next_epoch()?;
		ensure!(from < deal.end, Error::<T>::DealEnded);
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let (failed, unaccepted) = Self::missing(id, server, &allocation);
		let missing = failed.or(unaccepted);
		ensure!(!missing.is_empty(), Error::<T>::NothingMissing);

		Self::heed_offer(id, &mut deal);
		Self::let_leave(id, &mut deal, (server, &mut allocation), missing, from)?;
		if !unaccepted.is_empty() {
			T::Units::withdraw(server, id, unaccepted, from)?;
		}
		Allocations::<T>::insert(id, server, allocation);
		Self::deposit_event(Event::UnitsDropped { deal: id, server, failed, unaccepted, from });
		let servers = deal.allocations;
		Self::seek(id, deal, missing.count())?;
		Ok(servers)
	}

	/// Units of a server that the deal lost: those whose commitment failed, and those without a worker once
	/// the time to accept them is over.
	fn missing(
		id: DealId,
		server: ServerId,
		allocation: &Allocation<T::AccountId>,
	) -> (Units, Units) {
		let held = allocation.units.and(T::Units::held(server, id));
		let failed = allocation.units.without(held);
		let deadline = allocation.start.saturating_add(T::AcceptanceEpochs::get());
		if T::Clock::current() < deadline {
			return (failed, Units::NONE);
		}
		(failed, held.without(units_with_workers(&Workers::<T>::get(id, server))))
	}
}
