//! A later end.

use crate::{
	due::with_due, types::DealOf, Allocation, Allocations, Config, Deals, Error, Event, Pallet,
	WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{
	math, Balance, DealId, Due, Epoch, Escrow, EscrowId, ServerId, UnitLedger,
};
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_extend_deal(
		who: &T::AccountId,
		id: DealId,
		epochs: Epoch,
		most: Balance,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let servers = deal.allocations;
		let amount = Self::extension_cost(id, &deal, epochs)?;
		ensure!(amount <= most, Error::<T>::CostTooHigh);
		let due = Self::extend(who, id, deal, epochs, amount)?;
		Ok(Some(with_due(T::WeightInfo::extend_deal(servers), due)).into())
	}

	/// What `epochs` more cost, where the deal may get them: each unit its own price or the deal's limit, whichever
	/// is higher. Units that failed and were not replaced yet are paid for too: so there is money to replace them. Where
	/// the deal is full none is ever replaced: each costs its own price.
	pub(crate) fn extension_cost(
		id: DealId,
		deal: &DealOf<T>,
		epochs: Epoch,
	) -> Result<Balance, DispatchError> {
		Self::ensure_goes_on(deal)?;
		ensure!(epochs > 0, Error::<T>::NoEpochs);
		let mut deal = deal.clone();
		let wanted = Self::heed_offer(id, &mut deal);
		ensure!(deal.units > 0 || wanted > 0, Error::<T>::NoUnits);
		let limit = if Self::is_full(id) { 0 } else { deal.max_price };
		let sought = math::cost(wanted, limit, epochs)?;
		Allocations::<T>::iter_prefix_values(id).try_fold(sought, |sum, allocation| {
			let cost = math::cost(allocation.units.count(), allocation.price.max(limit), epochs)?;
			sum.checked_add(cost).ok_or(ArithmeticError::Overflow.into())
		})
	}

	/// Extends `deal` by `epochs`, for which `payer` pays `amount`, their [cost](Self::extension_cost).
	/// Returns what was due of its servers.
	pub(crate) fn extend(
		payer: &T::AccountId,
		id: DealId,
		mut deal: DealOf<T>,
		epochs: Epoch,
		amount: Balance,
	) -> Result<Due, DispatchError> {
		let end = deal.end.checked_add(epochs).ok_or(ArithmeticError::Overflow)?;
		let mut all = Self::all_allocations(id);
		all.retain(|(_, allocation)| !allocation.units.is_empty());
		let fits = |allocation: &Allocation<_>| end <= allocation.limit;
		ensure!(all.iter().all(|(_, allocation)| fits(allocation)), Error::<T>::TermTooLong);

		T::Escrow::top_up(EscrowId::Deal(id), payer, amount)?;
		let mut due = Due::default();
		for (server, mut allocation) in all {
			// where every unit had failed before, there was nothing to prolong, and never will be
			if allocation.until == deal.end {
				due += Self::prolong((id, server), &mut allocation, end)?;
			}
			let more = Allocation::<T::AccountId>::unit_epochs(allocation.units, epochs);
			allocation.funded = allocation.funded.saturating_add(more);
			Allocations::<T>::insert(id, server, allocation);
		}
		Self::move_end(id, &mut deal, end);
		Self::heed_offer(id, &mut deal);
		let payer = payer.clone();
		Self::deposit_event(Event::DealExtended { deal: id, payer, end, amount });
		Self::seek(id, deal, 0)?;
		Ok(due)
	}

	/// Has a server's units reserved until the new end, where the ledger still has some for the deal. The caller stores
	/// the allocation.
	fn prolong(
		(id, server): (DealId, ServerId),
		allocation: &mut Allocation<T::AccountId>,
		end: Epoch,
	) -> Result<Due, DispatchError> {
		let due = T::Units::extend(server, id, end)?;
		if !T::Units::held(server, id).is_empty() {
			allocation.until = end;
		}
		Ok(due)
	}
}
