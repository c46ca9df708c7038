//! A later end.

use crate::{
	types::DealOf, Allocation, Allocations, Config, Deals, Error, Event, Pallet, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{math, Balance, DealId, Epoch, Escrow, EscrowId, UnitLedger};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

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
		Self::extend(who, id, deal, epochs, amount)?;
		Ok(Some(T::WeightInfo::extend_deal(servers)).into())
	}

	/// What `epochs` more cost, where the deal may get them: each unit its own price or the deal's limit, whichever
	/// is higher. Units that failed and were not replaced yet are paid for too: so there is money to replace them.
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
		let limit = deal.max_price;
		let sought = math::cost(wanted, limit, epochs)?;
		Allocations::<T>::iter_prefix_values(id).try_fold(sought, |sum, allocation| {
			let cost = math::cost(allocation.units.count(), allocation.price.max(limit), epochs)?;
			sum.checked_add(cost).ok_or(ArithmeticError::Overflow.into())
		})
	}

	/// Extends `deal` by `epochs`, for which `payer` pays `amount`, their [cost](Self::extension_cost).
	pub(crate) fn extend(
		payer: &T::AccountId,
		id: DealId,
		mut deal: DealOf<T>,
		epochs: Epoch,
		amount: Balance,
	) -> DispatchResult {
		let end = deal.end.checked_add(epochs).ok_or(ArithmeticError::Overflow)?;
		let mut all = Self::all_allocations(id);
		all.retain(|(_, allocation)| !allocation.units.is_empty());
		let fits = |allocation: &Allocation<_>| end <= allocation.limit;
		ensure!(all.iter().all(|(_, allocation)| fits(allocation)), Error::<T>::TermTooLong);

		T::Escrow::top_up(EscrowId::Deal(id), payer, amount)?;
		for (server, mut allocation) in all {
			// the ledger has nothing to prolong where every unit failed
			if !T::Units::held(server, id).is_empty() {
				T::Units::extend(server, id, end)?;
				allocation.until = end;
			}
			let more = Allocation::<T::AccountId>::unit_epochs(allocation.units, epochs);
			allocation.funded = allocation.funded.saturating_add(more);
			Allocations::<T>::insert(id, server, allocation);
		}
		Self::move_end(id, &mut deal, end);
		Self::heed_offer(id, &mut deal);
		let payer = payer.clone();
		Self::deposit_event(Event::DealExtended { deal: id, payer, end, amount });
		Self::seek(id, deal, 0)
	}
}
