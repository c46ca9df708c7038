//! Taking money for requests back.

use crate::{Budgets, Config, Deals, Error, Pallet};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, Pays},
	ensure,
};
use marketplace_primitives::{DealId, EpochClock, ServerId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_reclaim_requests(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let budget = Budgets::<T>::get(id, server).filter(|budget| budget.left > 0);
		let mut budget = budget.ok_or(Error::<T>::NoBudget)?;
		let mut pays = Pays::Yes;
		match budget.reclaimed {
			None => {
				ensure!(*who == deal.developer, Error::<T>::NotDeveloper);
				Self::begin_to_reclaim(id, server, budget)?;
			},
			Some(until) => {
				ensure!(until <= T::Clock::current(), Error::<T>::ChallengeRuns);
				Self::give_budget_back(id, server, &mut budget)?;
				Budgets::<T>::insert(id, server, budget);
				if *who != deal.developer {
					pays = Pays::No;
				}
			},
		}
		Ok(pays.into())
	}
}
