//! The hosts of the developer's code.

use crate::{
	due::with_due,
	types::{count_of, units_with_workers, WorkersOf},
	Allocations, Config, Deals, Error, Event, Pallet, WeightInfo, Workers,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{DealId, Registry, ServerId, UnitLedger, Units};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_workers(
		who: T::AccountId,
		id: DealId,
		server: ServerId,
		workers: WorkersOf,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		Self::ensure_operates(&who, server)?;
		Self::ensure_runs(&deal)?;
		let given = Self::units_of_workers(&workers, allocation.units)?;
		let due = T::Units::settle(server);
		ensure!(given.is_subset_of(T::Units::held(server, id)), Error::<T>::UnitLost);

		let before = Workers::<T>::get(id, server);
		let new = given.without(units_with_workers(&before));
		if !new.is_empty() {
			ensure!(!Self::is_acceptance_over(&allocation), Error::<T>::AcceptanceOver);
			let _nothing_due = T::Units::set_ready(server, id, new)?;
		}
		let kept = before.into_iter().filter(|(unit, _)| !given.contains(*unit));
		let mut after: alloc::vec::Vec<_> = kept.chain(workers.iter().copied()).collect();
		after.sort_unstable_by_key(|(unit, _)| *unit);
		// one entry per unit of the server at most, so never cut short
		Workers::<T>::insert(id, server, WorkersOf::truncate_from(after));
		let weight = with_due(T::WeightInfo::set_workers(count_of(&workers)), due);
		Self::deposit_event(Event::WorkersSet { deal: id, server, workers });
		Ok(Some(weight).into())
	}

	/// Whether `who` has a say over the server.
	pub(crate) fn ensure_operates(who: &T::AccountId, server: ServerId) -> Result<(), Error<T>> {
		let owner = T::Registry::server(server).ok_or(Error::<T>::NotOperator)?;
		ensure!(*who == owner.operator || *who == owner.provider, Error::<T>::NotOperator);
		Ok(())
	}

	/// The units that `workers` are for, each once and all of them in `allowed`.
	fn units_of_workers(workers: &WorkersOf, allowed: Units) -> Result<Units, Error<T>> {
		ensure!(!workers.is_empty(), Error::<T>::NoWorkers);
		workers.iter().try_fold(Units::NONE, |set, (unit, _)| {
			ensure!(allowed.contains(*unit), Error::<T>::ForeignUnit);
			ensure!(!set.contains(*unit), Error::<T>::DuplicateUnit);
			Ok(set.or(Units::one(*unit)))
		})
	}
}
