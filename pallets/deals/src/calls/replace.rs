//! Other units for those that the deal lost.

use crate::{
	calls::free,
	due::with_due,
	types::{units_with_workers, DealOf},
	Allocation, Allocations, Config, Deals, Error, Event, Pallet, WeightInfo, Workers, LOG_TARGET,
};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, ensure, storage::with_storage_layer, traits::Get,
};
use marketplace_primitives::{Compensation, DealId, EpochClock, ServerId, UnitLedger, Units};
use sp_runtime::{DispatchError, DispatchResult};

/// Units of a server that a deal has to do without, each in one of the sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Missing {
	/// Their commitment failed.
	pub failed: Units,
	/// They have no worker, and the time to accept them is over.
	pub unaccepted: Units,
	/// They have a worker, and were not reported as serving in the last two final epochs.
	pub silent: Units,
	/// What they were reported to serve was contested.
	pub contested: Units,
}

impl Missing {
	/// All of them.
	pub fn all(&self) -> Units {
		self.failed.or(self.unaccepted).or(self.silent).or(self.contested)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_replace(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
	) -> DispatchResultWithPostInfo {
		let due = T::Units::settle(server);
		let servers = Self::try_to_replace(id, server, Some(who))?;
		Ok(free(with_due(T::WeightInfo::replace(servers), due)))
	}

	/// Replaces what the deal lost on a server, for a `caller` or for the hook: all of it or nothing. What is due of
	/// the server was settled before. Returns how many servers the deal has, which is what the cost depends on.
	pub(crate) fn try_to_replace(
		id: DealId,
		server: ServerId,
		caller: Option<&T::AccountId>,
	) -> Result<u32, DispatchError> {
		with_storage_layer(|| Self::replace_missing(id, server, caller))
	}

	fn replace_missing(
		id: DealId,
		server: ServerId,
		caller: Option<&T::AccountId>,
	) -> Result<u32, DispatchError> {
		let mut deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		Self::ensure_goes_on(&deal)?;
		ensure!(Self::next_epoch()? < deal.end, Error::<T>::DealEnded);
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let missing = Self::missing(id, server, &allocation);
		ensure!(!missing.all().is_empty(), Error::<T>::NothingMissing);

		Self::fine(id, server, missing.unaccepted.or(missing.silent), caller);
		Self::heed_offer(id, &mut deal);
		Self::drop_units(id, &mut deal, (server, &mut allocation), missing)?;
		Allocations::<T>::insert(id, server, allocation);
		let servers = deal.allocations;
		Self::seek(id, deal, missing.all().count())?;
		Ok(servers)
	}

	/// Lets units that a deal has to do without leave it with the next epoch. What is due of the server was settled
	/// before. The caller stores deal and allocation.
	pub(crate) fn drop_units(
		id: DealId,
		deal: &mut DealOf<T>,
		(server, allocation): (ServerId, &mut Allocation<T::AccountId>),
		missing: Missing,
	) -> DispatchResult {
		let from = Self::next_epoch()?;
		Self::let_leave(id, deal, (server, allocation), missing.all(), from)?;
		// the ledger took those of failed commitments out itself
		let held = missing.all().without(missing.failed);
		if !held.is_empty() {
			let _nothing_due = T::Units::withdraw(server, id, held, from)?;
		}
		let Missing { failed, unaccepted, silent, contested } = missing;
		Self::deposit_event(Event::UnitsDropped {
			deal: id,
			server,
			failed,
			unaccepted,
			silent,
			contested,
			from,
		});
		Ok(())
	}

	/// Units of a server that the deal lost.
	fn missing(id: DealId, server: ServerId, allocation: &Allocation<T::AccountId>) -> Missing {
		let held = allocation.units.and(T::Units::held(server, id));
		let failed = allocation.units.without(held);
		let accepted = held.and(units_with_workers(&Workers::<T>::get(id, server)));
		let silent = accepted.and(T::Units::silent(server, id));
		let is_late = Self::is_acceptance_over(allocation);
		let unaccepted = if is_late { held.without(accepted) } else { Units::NONE };
		Missing { failed, unaccepted, silent, contested: Units::NONE }
	}

	/// Whether the time is over in which units of an allocation get their first worker: those without one get none any
	/// more, and can be replaced.
	pub(crate) fn is_acceptance_over(allocation: &Allocation<T::AccountId>) -> bool {
		T::Clock::current() >= allocation.start.saturating_add(T::AcceptanceEpochs::get())
	}

	/// Has the provider pay for units that it let wait, as long as the ledger still knows whose they are. A fine that
	/// cannot be had holds up no replacement.
	fn fine(id: DealId, server: ServerId, units: Units, reward_to: Option<&T::AccountId>) {
		if units.is_empty() {
			return;
		}
		let fined = with_storage_layer(|| T::Compensation::fine(server, id, units, reward_to));
		if let Err(error) = fined {
			log::error!(target: LOG_TARGET, "fine of {server:?} in {id:?}: {error:?}");
		}
	}
}
