//! Paying for what was served.

use crate::{
	calls::part_of,
	funds::{self, SharesOf},
	Allocations, Config, Deals, Error, Pallet, WeightInfo,
};
use frame_support::dispatch::DispatchResultWithPostInfo;
use marketplace_primitives::{DealId, DealIncome, ServerId, UnitLedger};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_settle(id: DealId, server: ServerId) -> DispatchResultWithPostInfo {
		Self::settle_by(id, server, || T::Income::shares(server, id))
	}

	/// Settles by the parts that `shares` tells, which costs the more the more there are.
	pub(crate) fn settle_by(
		id: DealId,
		server: ServerId,
		shares: impl FnOnce() -> SharesOf<T>,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let served = T::Units::served(server, id);
		if allocation.due(served) == 0 {
			return Ok(Some(T::WeightInfo::settle_nothing()).into());
		}
		let shares = shares();
		let weight = T::WeightInfo::settle(funds::count_of::<T>(&shares));
		Self::pay_served(part_of::<T>(id, &deal, server), &mut allocation, served, shares)?;
		Allocations::<T>::insert(id, server, allocation);
		Ok(Some(weight).into())
	}
}
