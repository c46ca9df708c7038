//! Another application, in stages.

use crate::{rollout::Rollout, Config, Error, Event, Pallet, Rollouts, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{api::Application, DealId, EpochClock};
use sp_runtime::Percent;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_stage_application(
		who: &T::AccountId,
		id: DealId,
		application: Application,
		step: Percent,
	) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_goes_on(&deal)?;
		let from = Self::next_epoch()?;
		ensure!(from < deal.end, Error::<T>::DealEnded);
		ensure!(!application.app_cid.is_empty(), Error::<T>::EmptyCid);
		ensure!(step > Percent::zero(), Error::<T>::InvalidStep);
		ensure!(!Self::is_rolling_out(id), Error::<T>::RolloutRuns);

		let before = Application { app_cid: deal.app_cid.clone(), plan_hash: deal.plan_hash };
		let Application { app_cid, plan_hash } = application.clone();
		let version = Self::set_application(&mut deal, application)?;
		let (servers, looked_at) = Self::staged_servers(id, from);
		Rollouts::<T>::insert(id, Rollout { version, from, step, before, servers });
		Self::deposit_event(Event::ApplicationStaged {
			deal: id,
			version,
			app_cid,
			plan_hash,
			from,
			step,
		});
		Self::heed_offer(id, &mut deal);
		Self::seek(id, deal, 0)?;
		Ok(Some(T::WeightInfo::stage_application(looked_at)).into())
	}

	/// Whether there are units of the deal whose turn has not come yet.
	fn is_rolling_out(id: DealId) -> bool {
		Rollouts::<T>::get(id).is_some_and(|rollout| {
			!rollout.is_over(T::Clock::current()) && !Self::is_acknowledged(id, &rollout).0
		})
	}
}
