//! The word of an operator that a new application runs.

use crate::{Allocations, Config, Deals, Error, Event, Pallet, Rollouts, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{DealId, EpochClock, ServerId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_acknowledge(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		version: u32,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		Self::ensure_operates(who, server)?;
		Self::ensure_runs(&deal)?;
		let mut rollout = Rollouts::<T>::get(id).ok_or(Error::<T>::NoRollout)?;
		ensure!(version == rollout.version, Error::<T>::OtherRollout);
		let now = T::Clock::current();
		let turned = rollout.turns(now).find(|(staged, _)| staged.server == server);
		let units = turned.map(|(_, units)| units).ok_or(Error::<T>::NotStaged)?;
		let units = units.and(allocation.present(now));
		ensure!(!units.is_empty(), Error::<T>::NoTurn);

		let mut of_server = rollout.servers.iter_mut().filter(|staged| staged.server == server);
		let staged = of_server.next().ok_or(Error::<T>::NotStaged)?;
		ensure!(!units.is_subset_of(staged.acknowledged), Error::<T>::AlreadyAcknowledged);
		staged.acknowledged = staged.acknowledged.or(units);
		Self::deposit_event(Event::Acknowledged { deal: id, server, version, units });
		let (is_done, looked_at) = Self::is_acknowledged(id, &rollout);
		if is_done {
			Rollouts::<T>::remove(id);
			Self::deposit_event(Event::RolloutCompleted { deal: id, version });
		} else {
			Rollouts::<T>::insert(id, rollout);
		}
		Ok(Some(T::WeightInfo::acknowledge(looked_at)).into())
	}
}
