//! What must always hold.

use crate::{
	funds, rollout::Staged, types::Allocation, Addresses, Allocations, Budgets, Config, Deals,
	Ending, NextDeal, Pallet, Proposals, Renewals, Requests, Rollouts, Spreads, Subnets, Wishes,
	Workers,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	math, Balance, DealId, Epoch, EpochClock, Escrow, EscrowId, PriceLevel, ServerId, UnitLedger,
	Units,
};
use sp_runtime::{Percent, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks the invariants by their numbers in the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		for (id, deal) in Deals::<T>::iter() {
			ensure!(id < NextDeal::<T>::get(), "1: a deal's number was not given out");
			ensure!(deal.start < deal.end, "1: a deal without epochs");
			let servers = Spreads::<T>::decode_len(id).unwrap_or_default();
			let servers = u32::try_from(servers).unwrap_or(u32::MAX);
			ensure!(servers <= T::MaxServers::get(), "1: too many servers in a deal");
			ensure!(deal.allocations <= servers, "1: a server was never in its deal");
			Self::check_sums(id)?;
			Self::check_money(id)?;
			Self::check_requests(id)?;
			Self::check_addresses(id)?;
			Self::check_rollout(id, deal.app_version)?;
			Self::check_proposals(id)?;
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
		Self::check_queue()?;
		Workers::<T>::iter_keys().try_for_each(|(deal, server)| Self::check_workers(deal, server))
	}

	fn check_sums(id: DealId) -> Result<(), TryRuntimeError> {
		let deal = Deals::<T>::get(id).ok_or("a deal is gone")?;
		let (mut count, mut units, mut rate) = (0u32, 0u32, Balance::default());
		let spread = Spreads::<T>::get(id);
		let spread: BTreeMap<_, _> =
			spread.iter().map(|placed| (placed.server, (&placed.provider, placed.units))).collect();
		for (server, allocation) in Allocations::<T>::iter_prefix(id) {
			count = count.saturating_add(1);
			units = units.saturating_add(allocation.units.count());
			rate = rate.saturating_add(funds::rate_of(allocation.units, allocation.price)?);
			let placed = (&allocation.provider, allocation.units.count());
			ensure!(spread.get(&server) == Some(&placed), "2: a server is not where it is placed");
			ensure!(
				deal.start <= allocation.start && allocation.start < deal.end,
				"3: an allocation outside its deal's term"
			);
			Self::check_allocation(&allocation, T::Units::served(server, id), deal.end)?;
			let withheld = allocation.settled.saturating_add(T::Units::served_lately(server, id));
			ensure!(
				withheld <= allocation.funded,
				"3: what can be contested is paid, or not funded"
			);
		}
		let is_closed = |server| !Allocations::<T>::contains_key(id, server);
		let held = spread.iter().filter(|(_, (_, units))| *units > 0);
		let mut held = held.map(|(server, _)| *server);
		// the spread of a deal that is being closed stays as it was
		let may_be = Self::is_over(deal.end) || !held.any(is_closed);
		ensure!(may_be, "2: a server with units has no part of its deal");
		ensure!(count == deal.allocations, "2: allocations of a deal do not add up");
		ensure!(units == deal.units, "2: units of a deal do not add up");
		ensure!(rate == deal.rate, "2: the rate of a deal does not add up");
		ensure!(spread.len() == Spreads::<T>::get(id).len(), "2: a server is placed twice");
		ensure!(Wishes::<T>::contains_key(id), "2: a deal does not know what it wants");
		Ok(())
	}

	fn check_allocation(
		allocation: &Allocation<T::AccountId>,
		served: u64,
		end: Epoch,
	) -> Result<(), TryRuntimeError> {
		let earned = served.min(allocation.funded);
		ensure!(allocation.settled <= earned, "3: more was paid than served");
		// what was paid at prices of before, and what at the present one
		let at_price = allocation.settled.checked_sub(allocation.settled_before);
		let paid =
			math::payable(at_price.ok_or("3: less was paid than before")?, allocation.price)?;
		ensure!(
			allocation.paid_before.checked_add(paid) == Some(allocation.paid),
			"3: what was paid is not what was served at its price"
		);
		let sure = allocation.funded_from(allocation.start, end);
		let gross = allocation.funded.saturating_add(allocation.contested);
		ensure!(sure <= gross, "3: units without funds for their term");
		ensure!(allocation.until <= end, "3: units are held for longer than the deal");
		ensure!(allocation.until <= allocation.limit, "3: a term that nobody offered");
		let left = allocation.leaving.iter().try_fold(allocation.units, |all, (from, units)| {
			(!all.overlaps(*units) && !units.is_empty() && *from <= end).then_some(all.or(*units))
		});
		ensure!(left.is_some(), "3: units that leave twice, or stay");
		Ok(())
	}

	fn check_money(id: DealId) -> Result<(), TryRuntimeError> {
		let most = Self::reserved(id, 0, 0)?;
		ensure!(T::Escrow::held(EscrowId::Deal(id)) >= most, "4: escrow cannot pay for a deal");
		Ok(())
	}

	fn check_requests(id: DealId) -> Result<(), TryRuntimeError> {
		let mut unspent = Balance::default();
		for (server, budget) in Budgets::<T>::iter_prefix(id) {
			let known = Allocations::<T>::contains_key(id, server);
			ensure!(known, "8: a budget of a server that is not in the deal");
			unspent = unspent.saturating_add(budget.left);
		}
		let terms = Requests::<T>::get(id);
		ensure!(terms.unspent == unspent, "8: budgets of a deal do not add up");
		let named = terms.key.is_some() || terms.retired.is_some();
		ensure!(!named || terms.version > 0, "8: a key without a version");
		Ok(())
	}

	fn check_addresses(id: DealId) -> Result<(), TryRuntimeError> {
		ensure!(
			Addresses::<T>::iter_prefix(id).all(|(server, addresses)| !addresses.is_empty()
				&& Allocations::<T>::contains_key(id, server)),
			"9: addresses of a server that is not in the deal, or none"
		);
		Ok(())
	}

	fn check_rollout(id: DealId, version: u32) -> Result<(), TryRuntimeError> {
		let Some(rollout) = Rollouts::<T>::get(id) else { return Ok(()) };
		ensure!(rollout.version == version, "10: a rollout of another version");
		ensure!(rollout.step > Percent::zero(), "10: a rollout without steps");
		let turned: BTreeMap<_, _> = rollout
			.turns(T::Clock::current())
			.map(|(staged, units)| (staged.server, units))
			.collect();
		ensure!(turned.len() == rollout.servers.len(), "10: a server is staged twice");
		for Staged { server, units, acknowledged } in &rollout.servers {
			ensure!(!units.is_empty(), "10: a server is staged without units");
			let turned = turned.get(server).copied().unwrap_or_default();
			ensure!(acknowledged.is_subset_of(turned), "10: a unit is acknowledged too early");
			let known = Spreads::<T>::get(id).iter().any(|placed| placed.server == *server);
			ensure!(known, "10: a server is staged that was never in the deal");
		}
		Ok(())
	}

	fn check_proposals(id: DealId) -> Result<(), TryRuntimeError> {
		ensure!(
			Proposals::<T>::iter_prefix(id).all(|(server, proposal)| {
				PriceLevel::of(proposal.price).is_some()
					&& Allocations::<T>::contains_key(id, server)
			}),
			"11: a proposal for a server that is not in the deal, or of no price"
		);
		Ok(())
	}

	fn check_workers(deal: DealId, server: ServerId) -> Result<(), TryRuntimeError> {
		let allocation = Allocations::<T>::get(deal, server).ok_or("6: workers without units")?;
		let workers = Workers::<T>::get(deal, server);
		let hosts: Units = allocation.units.or(allocation.all_leaving());
		ensure!(
			workers.iter().all(|(unit, _)| hosts.contains(*unit)),
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
				&& Spreads::<T>::iter_keys().all(|deal| known(&deal))
				&& Wishes::<T>::iter_keys().all(|deal| known(&deal))
				&& Renewals::<T>::iter_keys().all(|deal| known(&deal))
				&& Requests::<T>::iter_keys().all(|deal| known(&deal))
				&& Budgets::<T>::iter_keys().all(|(deal, _)| known(&deal))
				&& Subnets::<T>::iter_keys().all(|deal| known(&deal))
				&& Addresses::<T>::iter_keys().all(|(deal, _)| known(&deal))
				&& Rollouts::<T>::iter_keys().all(|deal| known(&deal))
				&& Proposals::<T>::iter_keys().all(|(deal, _)| known(&deal)),
			"7: a closed deal left something behind"
		);
		Ok(())
	}
}
