//! Money for requests.

use crate::{Allocations, Budgets, Config, Deals, Error, Event, Pallet, Requests};
use frame_support::ensure;
use marketplace_primitives::{Balance, DealId, EpochClock, Escrow, EscrowId, ServerId};
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_fund_requests(
		payer: T::AccountId,
		id: DealId,
		server: ServerId,
		amount: Balance,
	) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		Self::ensure_runs(&deal)?;
		// else the part of a server without units could be kept from being closed
		ensure!(!Self::is_vacant(&allocation), Error::<T>::NoUnits);
		ensure!(amount > 0, Error::<T>::NoAmount);

		let mut budget = Budgets::<T>::get(id, server).unwrap_or_default();
		// what was reclaimed before is not mixed with what comes
		if budget.is_over(T::Clock::current()) {
			Self::give_budget_back(id, server, &mut budget)?;
		}
		T::Escrow::top_up(EscrowId::Deal(id), &payer, amount)?;
		let overflow = ArithmeticError::Overflow;
		budget.left = budget.left.checked_add(amount).ok_or(overflow)?;
		Requests::<T>::try_mutate(id, |terms| -> DispatchResult {
			terms.unspent = terms.unspent.checked_add(amount).ok_or(overflow)?;
			Ok(())
		})?;
		Budgets::<T>::insert(id, server, budget);
		Self::deposit_event(Event::RequestsFunded { deal: id, server, payer, amount });
		Ok(())
	}
}
