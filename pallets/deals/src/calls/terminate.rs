//! An earlier end.

use crate::{
	due::with_due, Allocation, Allocations, Config, Error, Event, Pallet, Renewals, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure, traits::Get};
use marketplace_primitives::{DealId, Due, Epoch, UnitLedger};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_terminate(who: &T::AccountId, id: DealId) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		ensure!(!deal.terminated, Error::<T>::Terminated);
		let end = Self::after_notice(deal.end)?;
		let (servers, cut) = (deal.allocations, deal.end.saturating_sub(end));
		let mut due = Due::default();

		for (server, mut allocation) in Self::all_allocations(id) {
			allocation.shrink(Allocation::<T::AccountId>::unit_epochs(allocation.units, cut));
			if allocation.until > end {
				due += T::Units::shorten(server, id, end)?;
				allocation.until = end;
			}
			Allocations::<T>::insert(id, server, allocation);
		}
		Self::move_end(id, &mut deal, end);
		deal.terminated = true;
		Renewals::<T>::remove(id);
		Self::deposit_event(Event::DealTerminated { deal: id, end });
		Self::seek(id, deal, 0)?;
		Ok(Some(with_due(T::WeightInfo::terminate(servers), due)).into())
	}

	/// The epoch with whose start units leave that are given up now, in a deal that ends with `end`.
	pub(crate) fn after_notice(end: Epoch) -> Result<Epoch, ArithmeticError> {
		let notice = Self::next_epoch()?.checked_add(T::NoticeEpochs::get());
		Ok(notice.ok_or(ArithmeticError::Overflow)?.min(end))
	}
}
