//! More money.

use crate::{Config, Deals, Error, Event, Pallet};
use frame_support::ensure;
use marketplace_primitives::{Balance, DealId, Escrow, EscrowId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_top_up(payer: T::AccountId, id: DealId, amount: Balance) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		// in notice nothing is replaced any more, and all wages are there
		Self::ensure_goes_on(&deal)?;
		ensure!(amount > 0, Error::<T>::NoAmount);

		T::Escrow::top_up(EscrowId::Deal(id), &payer, amount)?;
		Self::deposit_event(Event::ToppedUp { deal: id, payer, amount });
		Ok(())
	}
}
