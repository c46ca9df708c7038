//! The early end of a server's part of a deal that has no unit of it any more.

use crate::{
	calls::{free, part_of},
	due::with_due,
	requests::RequestBudget,
	types::{Allocation, DealOf},
	Allocations, Budgets, Config, Deals, Error, Pallet, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure, storage::with_storage_layer};
use marketplace_primitives::{Compensation, DealId, EpochClock, ServerId, UnitLedger};
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_close_allocation(id: DealId, server: ServerId) -> DispatchResultWithPostInfo {
		let due = T::Units::settle(server);
		Self::try_to_close(id, server)?;
		Ok(free(with_due(T::WeightInfo::close_early(), due)))
	}

	/// Closes a server's part of a deal that goes on without it: all of it or nothing. Where a budget for requests is
	/// left, only begins to reclaim that. What is due of the server was settled before.
	pub(crate) fn try_to_close(id: DealId, server: ServerId) -> DispatchResult {
		with_storage_layer(|| Self::close_vacant(id, server))
	}

	fn close_vacant(id: DealId, server: ServerId) -> DispatchResult {
		let mut deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		ensure!(Self::is_vacant(&allocation), Error::<T>::UnitsHeld);
		let budget = Budgets::<T>::get(id, server).filter(|budget| budget.left > 0);
		if let Some(budget) = budget.as_ref().filter(|budget| Self::is_open(budget, &deal)) {
			ensure!(budget.reclaimed.is_none(), Error::<T>::BudgetOpen);
			return Self::begin_to_reclaim(id, server, budget.clone());
		}
		let mut left = allocation.leaving.iter().map(|(from, _)| from.saturating_sub(1));
		ensure!(left.all(T::Clock::is_undisputed), Error::<T>::ContestOpen);

		// unlike at the end of the deal: who waits for the value to be known loses nothing by it
		let lost = T::Compensation::lost(server, id);
		if lost > 0 {
			let part = part_of::<T>(id, &deal, server);
			Self::pay_lost(part, allocation.price, &deal.developer, lost)?;
		}
		if let Some(mut budget) = budget {
			Self::give_budget_back(id, server, &mut budget)?;
			Budgets::<T>::insert(id, server, budget);
		}
		let (units, rate) = Self::close_part(id, server, &deal)?;
		let underflow = ArithmeticError::Underflow;
		deal.allocations = deal.allocations.checked_sub(1).ok_or(underflow)?;
		deal.units = deal.units.checked_sub(units).ok_or(underflow)?;
		deal.rate = deal.rate.checked_sub(rate).ok_or(underflow)?;
		Deals::<T>::insert(id, deal);
		Ok(())
	}

	/// Whether a server has no unit in the deal, neither now nor later. What it had until the end of the deal it has.
	pub(crate) fn is_vacant(allocation: &Allocation<T::AccountId>) -> bool {
		allocation.present(T::Clock::current()).is_empty()
	}

	/// Whether vouchers can still be redeemed from what is left of a budget.
	fn is_open(budget: &RequestBudget, deal: &DealOf<T>) -> bool {
		let now = T::Clock::current();
		!budget.is_over(now) && now < Self::last_redemption(deal)
	}
}
