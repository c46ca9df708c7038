//! Money that a deal does not need.

use crate::{Config, Deals, Error, Event, Pallet, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{DealId, Escrow, EscrowId, Price, PriceLevel};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_withdraw_surplus(
		who: &T::AccountId,
		id: DealId,
		limit: Price,
	) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		ensure!(PriceLevel::of(limit).is_some(), Error::<T>::InvalidLimit);
		ensure!(limit <= deal.max_price, Error::<T>::LimitTooHigh);

		// what nobody replaces any more needs no more than its own price
		let ahead = Self::replaceable_epochs(id, &deal)?;
		let servers = deal.allocations;
		deal.max_price = limit;
		let (_, price) = Self::open_offer(id, &deal);
		// a match that made the deal full could not take back the offer that it was of
		if price > limit || Self::is_full(id) {
			Self::seek(id, deal, 0)?;
		} else {
			Deals::<T>::insert(id, deal);
		}
		let held = T::Escrow::held(EscrowId::Deal(id));
		let amount = held.saturating_sub(Self::reserved(id, limit, ahead)?);
		if amount > 0 {
			T::Escrow::refund(EscrowId::Deal(id), amount)?;
		}
		Self::deposit_event(Event::SurplusWithdrawn { deal: id, max_price: limit, amount });
		Ok(Some(T::WeightInfo::withdraw_surplus(servers)).into())
	}
}
