//! Where money moves: all of it is in the escrow of the deal.

use crate::{Allocation, Config, Event, Pallet};
use marketplace_primitives::{
	math, Balance, DealId, Epoch, Escrow, EscrowId, Price, ServerId, Units,
};
use sp_runtime::{ArithmeticError, DispatchResult};

/// What units cost together per epoch.
pub(crate) fn rate_of(units: Units, price: Price) -> Result<Balance, ArithmeticError> {
	math::payable(u64::from(units.count()), price)
}

impl<T: Config> Pallet<T> {
	/// Pays the provider for what the server served and was not paid for, `served` unit-epochs being
	/// what it served in all. Writes it down in `allocation`, which the caller stores.
	pub(crate) fn pay_served(
		deal: DealId,
		server: ServerId,
		allocation: &mut Allocation<T::AccountId>,
		served: u64,
		end: Epoch,
	) -> DispatchResult {
		let unit_epochs = allocation.due(served, end);
		if unit_epochs == 0 {
			return Ok(());
		}
		let amount = math::payable(unit_epochs, allocation.price)?;
		let overflow = ArithmeticError::Overflow;
		allocation.settled = allocation.settled.checked_add(unit_epochs).ok_or(overflow)?;
		allocation.paid = allocation.paid.checked_add(amount).ok_or(overflow)?;
		T::Escrow::pay(EscrowId::Deal(deal), &allocation.provider, amount)?;
		let provider = allocation.provider.clone();
		Self::deposit_event(Event::Settled { deal, server, provider, unit_epochs, amount });
		Ok(())
	}
}
