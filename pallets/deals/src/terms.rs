//! What changes a running deal: who may, until when, and how its units leave.

use crate::{
	types::{Allocation, DealOf},
	Allocations, Config, Deals, Ending, Error, Pallet, Spreads, Workers, WorkersOf,
};
use frame_support::ensure;
use marketplace_primitives::{math, DealId, Epoch, EpochClock, ServerId, Units};
use sp_runtime::{ArithmeticError, DispatchResult};

type AllocationOf<T> = Allocation<<T as frame_system::Config>::AccountId>;

impl<T: Config> Pallet<T> {
	/// A deal of the developer `who`.
	pub(crate) fn deal_of(who: &T::AccountId, id: DealId) -> Result<DealOf<T>, Error<T>> {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		ensure!(*who == deal.developer, Error::<T>::NotDeveloper);
		Ok(deal)
	}

	/// Whether the end of the deal has not come.
	pub(crate) fn ensure_runs(deal: &DealOf<T>) -> Result<(), Error<T>> {
		ensure!(T::Clock::current() < deal.end, Error::<T>::DealEnded);
		Ok(())
	}

	/// Whether units and epochs may be added to the deal.
	pub(crate) fn ensure_goes_on(deal: &DealOf<T>) -> Result<(), Error<T>> {
		Self::ensure_runs(deal)?;
		ensure!(!deal.terminated, Error::<T>::Terminated);
		Ok(())
	}

	/// The allocations of a deal with their servers: [`Config::MaxServers`] at most.
	pub(crate) fn all_allocations(id: DealId) -> alloc::vec::Vec<(ServerId, AllocationOf<T>)> {
		Allocations::<T>::iter_prefix(id).collect()
	}

	/// Gives a running deal another end, here and in the wheel; the caller stores it.
	pub(crate) fn move_end(id: DealId, deal: &mut DealOf<T>, end: Epoch) {
		Ending::<T>::remove(deal.due.to_be_bytes(), id);
		Ending::<T>::insert(end.to_be_bytes(), id, ());
		deal.end = end;
		deal.due = end;
	}

	/// Takes `units` of an allocation out of the deal with the start of epoch `from`, which has not begun: they
	/// are funded no further. The caller stores deal and allocation.
	pub(crate) fn let_leave(
		id: DealId,
		deal: &mut DealOf<T>,
		(server, allocation): (ServerId, &mut AllocationOf<T>),
		units: Units,
		from: Epoch,
	) -> DispatchResult {
		Self::forget_left(id, server, allocation);
		match allocation.leaving.iter_mut().find(|(epoch, _)| *epoch == from) {
			Some((_, others)) => *others = others.or(units),
			None => {
				let leaving = &mut allocation.leaving;
				leaving.try_push((from, units)).map_err(|_| Error::<T>::TooManyLeaving)?;
			},
		}
		let rest = deal.end.saturating_sub(from);
		allocation.units = allocation.units.without(units);
		allocation.shrink(AllocationOf::<T>::unit_epochs(units, rest));
		let rate = math::payable(units.count().into(), allocation.price)?;
		let underflow = ArithmeticError::Underflow;
		deal.units = deal.units.checked_sub(units.count()).ok_or(underflow)?;
		deal.rate = deal.rate.checked_sub(rate).ok_or(underflow)?;
		Spreads::<T>::mutate(id, |spread| {
			let entry = spread.iter_mut().find(|placed| placed.server == server);
			entry.into_iter().for_each(|placed| placed.units = allocation.units.count());
		});
		Ok(())
	}

	/// Forgets which units left, with their workers, once nobody can contest what they served.
	fn forget_left(id: DealId, server: ServerId, allocation: &mut AllocationOf<T>) {
		let is_past = |from: Epoch| T::Clock::is_undisputed(from.saturating_sub(1));
		let past = allocation.leaving.iter().filter(|(from, _)| is_past(*from));
		let left = past.fold(Units::NONE, |all, (_, units)| all.or(*units));
		if left.is_empty() {
			return;
		}
		allocation.leaving.retain(|(from, _)| !is_past(*from));
		Workers::<T>::mutate(id, server, |workers: &mut WorkersOf| {
			workers.retain(|(unit, _)| !left.contains(*unit));
		});
	}
}
