//! What must always hold.

use crate::{
	funds, types::Allocation, Allocations, Config, Deals, Ending, NextDeal, Pallet, ProviderUnits,
	Workers,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{math, Balance, DealId, Escrow, EscrowId, UnitLedger};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants by their numbers in the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		for (id, deal) in Deals::<T>::iter() {
			ensure!(id < NextDeal::<T>::get(), "1: a deal's number was not given out");
			ensure!(deal.start < deal.end, "1: a deal without epochs");
			ensure!(deal.allocations <= T::MaxServers::get(), "1: too many servers in a deal");
			Self::check_sums(id)?;
			Self::check_money(id)?;
			ensure!(
				deal.due >= deal.end && Ending::<T>::contains_key(deal.due.to_be_bytes(), id),
				"5: a deal is not in the wheel"
			);
		}
		ensure!(
			Ending::<T>::iter_keys().count() == Deals::<T>::iter_keys().count(),
			"5: the wheel has entries without a deal"
		);
		Self::check_orphans()?;
		Workers::<T>::iter_keys().try_for_each(|(deal, server)| Self::check_workers(deal, server))
	}

	fn check_sums(id: DealId) -> Result<(), TryRuntimeError> {
		let deal = Deals::<T>::get(id).ok_or("a deal is gone")?;
		let (mut count, mut units, mut rate) = (0u32, 0u32, Balance::default());
		let mut by_provider = BTreeMap::<T::AccountId, u32>::new();
		for (server, allocation) in Allocations::<T>::iter_prefix(id) {
			count = count.saturating_add(1);
			units = units.saturating_add(allocation.units.count());
			rate = rate.saturating_add(funds::rate_of(allocation.units, allocation.price)?);
			let theirs = by_provider.entry(allocation.provider.clone()).or_default();
			*theirs = theirs.saturating_add(allocation.units.count());
			ensure!(!allocation.units.is_empty(), "3: an allocation without units");
			ensure!(allocation.price <= deal.max_price, "3: a price above the offer's");
			ensure!(
				deal.start <= allocation.start && allocation.start < deal.end,
				"3: an allocation outside its deal's term"
			);
			Self::check_allocation(&allocation, T::Units::served(server, id), deal.end)?;
		}
		ensure!(count == deal.allocations, "2: allocations of a deal do not add up");
		ensure!(units == deal.units, "2: units of a deal do not add up");
		ensure!(rate == deal.rate, "2: the rate of a deal does not add up");
		let stored: BTreeMap<_, _> = ProviderUnits::<T>::iter_prefix(id).collect();
		ensure!(stored == by_provider, "2: units of a deal's providers do not add up");
		Ok(())
	}

	fn check_allocation(
		allocation: &Allocation<T::AccountId>,
		served: u64,
		end: marketplace_primitives::Epoch,
	) -> Result<(), TryRuntimeError> {
		let earned = served.min(allocation.funded(end));
		ensure!(allocation.settled <= earned, "3: more was paid than served");
		let paid = math::payable(allocation.settled, allocation.price)?;
		ensure!(paid == allocation.paid, "3: what was paid is not what was served at its price");
		Ok(())
	}

	fn check_money(id: DealId) -> Result<(), TryRuntimeError> {
		let deal = Deals::<T>::get(id).ok_or("a deal is gone")?;
		let mut most = Balance::default();
		for (_, allocation) in Allocations::<T>::iter_prefix(id) {
			let open = allocation.funded(deal.end).saturating_sub(allocation.settled);
			most = most.saturating_add(math::payable(open, allocation.price)?);
		}
		ensure!(T::Escrow::held(EscrowId::Deal(id)) >= most, "4: escrow cannot pay for a deal");
		Ok(())
	}

	fn check_workers(
		deal: DealId,
		server: marketplace_primitives::ServerId,
	) -> Result<(), TryRuntimeError> {
		let allocation = Allocations::<T>::get(deal, server).ok_or("6: workers without units")?;
		let workers = Workers::<T>::get(deal, server);
		ensure!(
			workers.iter().all(|(unit, _)| allocation.units.contains(*unit)),
			"6: a worker on a foreign unit"
		);
		let units: alloc::vec::Vec<_> = workers.iter().map(|(unit, _)| *unit).collect();
		ensure!(units.is_sorted_by(|a, b| a < b), "6: workers out of order");
		Ok(())
	}

	fn check_orphans() -> Result<(), TryRuntimeError> {
		let deals: BTreeSet<DealId> = Deals::<T>::iter_keys().collect();
		let known = |deal: &DealId| deals.contains(deal);
		ensure!(
			Allocations::<T>::iter_keys().all(|(deal, _)| known(&deal))
				&& ProviderUnits::<T>::iter_keys().all(|(deal, _)| known(&deal)),
			"7: a closed deal left something behind"
		);
		Ok(())
	}
}
