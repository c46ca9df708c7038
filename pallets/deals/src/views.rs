//! What clients ask. A deal has [`Config::MaxServers`](crate::Config::MaxServers) servers of 64 units at most, so every answer
//! is bounded.

use crate::{
	types::units_with_workers, Allocation, Allocations, Config, Deals, Pallet, Renewals, Requests,
	Workers,
};
use alloc::{collections::BTreeMap, vec::Vec};
use marketplace_primitives::{
	api::{AllocationInfo, DealInfo, SubnetWorker},
	math, Balance, DealId, Epoch, EpochClock, Escrow, EscrowId, Registry, ServerId, UnitLedger,
	CONTEST_EPOCHS,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_deal_info(id: DealId) -> Option<DealInfo<T::AccountId>> {
		Deals::<T>::get(id).map(|deal| DealInfo {
			wanted: Self::open_offer(id, &deal).0,
			offer: deal.offer,
			max_price: deal.max_price,
			terminated: deal.terminated,
			renewal: Renewals::<T>::get(id),
			developer: deal.developer,
			asset: deal.asset,
			start: deal.start,
			end: deal.end,
			held: T::Escrow::held(EscrowId::Deal(id)),
			allocations: Self::view_allocations(id),
		})
	}

	pub(crate) fn view_allocations(id: DealId) -> Vec<AllocationInfo<T::AccountId>> {
		let mut all: Vec<_> = Allocations::<T>::iter_prefix(id)
			.map(|(server, allocation)| AllocationInfo {
				server,
				provider: allocation.provider,
				units: allocation.units,
				leaving: allocation.leaving.iter().copied().collect(),
				held: T::Units::held(server, id).and(allocation.units),
				accepted: units_with_workers(&Workers::<T>::get(id, server)).and(allocation.units),
				price: allocation.price,
				tariff: allocation.tariff,
				start: allocation.start,
				limit: allocation.limit,
				funded: allocation.funded,
				served: Self::served_so_far(id, server),
				withheld: T::Units::served_lately(server, id),
				settled: allocation.settled,
			})
			.collect();
		all.sort_unstable_by_key(|allocation| allocation.server);
		all
	}

	/// Unit-epochs that a server served so far, those included that can still be contested.
	fn served_so_far(id: DealId, server: ServerId) -> u64 {
		T::Units::served(server, id).saturating_add(T::Units::served_lately(server, id))
	}

	pub(crate) fn view_claimable(id: DealId, server: ServerId) -> Balance {
		Allocations::<T>::get(id, server).map_or(0, |allocation| {
			let unit_epochs = allocation.due(T::Units::served(server, id));
			math::payable(unit_epochs, allocation.price).unwrap_or(Balance::MAX)
		})
	}

	/// The largest epoch through which escrow pays for everything that may still be served, found by
	/// halving: what is needed only grows with the epoch. Where a server missed an epoch and its report for
	/// an epoch that others may still report for is in, that epoch may count twice: the answer is
	/// never too late an epoch.
	pub(crate) fn view_funded_until(id: DealId) -> Option<Epoch> {
		let deal = Deals::<T>::get(id)?;
		// budgets for requests pay for no epoch
		let budgets = Requests::<T>::get(id).unspent;
		let held = T::Escrow::held(EscrowId::Deal(id)).saturating_sub(budgets);
		let open = Self::first_open_epoch();
		let parts: Vec<_> = Allocations::<T>::iter_prefix(id)
			.map(|(server, allocation)| (Self::served_so_far(id, server), allocation))
			.collect();
		let needed = |last: Epoch| {
			parts.iter().try_fold(Balance::default(), |sum, (served, allocation)| {
				sum.checked_add(needed_until(allocation, *served, (open, deal.end), last)?)
			})
		};
		let (mut funded, mut beyond) = (deal.start.saturating_sub(1), deal.end);
		while beyond.saturating_sub(funded) > 1 {
			let middle = funded.saturating_add(beyond.saturating_sub(funded) / 2);
			if needed(middle).is_some_and(|needed| needed <= held) {
				funded = middle;
			} else {
				beyond = middle;
			}
		}
		Some(funded)
	}

	/// The first epoch for which reports may still come: full blocks hold them up, but not longer than it can be
	/// contested what they say.
	fn first_open_epoch() -> Epoch {
		let now = T::Clock::current();
		let mut last = now.saturating_sub(CONTEST_EPOCHS)..now;
		last.find(|epoch| !T::Clock::is_final(*epoch)).unwrap_or(now)
	}

	pub(crate) fn view_subnet(id: DealId) -> Vec<SubnetWorker> {
		let mut all = Vec::new();
		for (server, allocation) in Allocations::<T>::iter_prefix(id) {
			let Some(owner) = T::Registry::server(server) else { continue };
			let workers: BTreeMap<_, _> = Workers::<T>::get(id, server).into_iter().collect();
			let present = allocation.present(T::Clock::current());
			all.extend(present.iter().map(|unit| SubnetWorker {
				server,
				peer_id: owner.peer_id,
				unit,
				worker: workers.get(&unit).copied(),
			}));
		}
		all.sort_unstable_by_key(|worker| (worker.server, worker.unit));
		all
	}
}

/// What the allocation may still be paid for epochs up to `last`, where it served `served` unit-epochs
/// so far, reports may still come for `open` and later epochs, and the deal ends with `end`. `None` on overflow.
fn needed_until<AccountId>(
	allocation: &Allocation<AccountId>,
	served: u64,
	(open, end): (Epoch, Epoch),
	last: Epoch,
) -> Option<Balance> {
	let after = allocation.funded_from(last.checked_add(1)?, end);
	let ahead = allocation.funded_from(open, end).saturating_sub(after);
	// what was contested is of epochs up to `last` or not: the more is assumed
	let all = allocation.funded.saturating_add(allocation.contested);
	let most = all.saturating_sub(after).min(allocation.funded);
	let unit_epochs = served.checked_add(ahead)?.min(most).saturating_sub(allocation.settled);
	math::payable(unit_epochs, allocation.price).ok()
}
