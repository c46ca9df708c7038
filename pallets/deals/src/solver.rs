//! What is paid for a match that somebody found.

use crate::{Config, Deals, Error, Event, Pallet};
use frame_support::ensure;
use marketplace_primitives::{Balance, DealId, Escrow, EscrowId};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// Pays `solver` out of what escrow holds beyond what the deal's servers may earn: `amount`, or what there is.
	pub(crate) fn do_reward(
		id: DealId,
		solver: &T::AccountId,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		ensure!(Deals::<T>::contains_key(id), Error::<T>::UnknownDeal);
		let free = T::Escrow::held(EscrowId::Deal(id)).saturating_sub(Self::reserved(id, 0, 0)?);
		let amount = amount.min(free);
		if amount > 0 {
			T::Escrow::pay(EscrowId::Deal(id), solver, amount)?;
			let solver = solver.clone();
			Self::deposit_event(Event::SolverRewarded { deal: id, solver, amount });
		}
		Ok(amount)
	}
}
