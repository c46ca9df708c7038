//! Back to the application before.

use crate::{Config, Error, Event, Pallet, Rollouts, WeightInfo};
use frame_support::dispatch::DispatchResultWithPostInfo;
use marketplace_primitives::{api::Application, DealId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_roll_back(who: &T::AccountId, id: DealId) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		let rollout = Rollouts::<T>::take(id).ok_or(Error::<T>::NoRollout)?;
		let from = Self::next_epoch()?;

		let Application { app_cid, plan_hash } = rollout.before.clone();
		let version = Self::set_application(&mut deal, rollout.before)?;
		Self::deposit_event(Event::RolledBack { deal: id, version, app_cid, plan_hash, from });
		let servers = deal.allocations;
		Self::heed_offer(id, &mut deal);
		Self::seek(id, deal, 0)?;
		Ok(Some(T::WeightInfo::roll_back(servers)).into())
	}
}
