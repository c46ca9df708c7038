//! Rewards are minted when they are claimed.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
};
use marketplace_primitives::{Balance, CommitmentId};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	/// Due audits need not be settled first: they never add a reward.
	pub(crate) fn do_claim_rewards(who: &T::AccountId, id: CommitmentId) -> DispatchResult {
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		let amount = if *who == commitment.provider {
			let amount = commitment.due_to_provider();
			let claimed = commitment.claimed.checked_add(amount);
			commitment.claimed = claimed.ok_or(ArithmeticError::Overflow)?;
			amount
		} else {
			Self::claim_delegated(&commitment, who, id)?
		};
		ensure!(amount > 0, Error::<T>::NothingToClaim);
		Self::pay_rewards(id, who, amount)?;
		Self::put_or_close(id, commitment);
		Ok(())
	}

	fn claim_delegated(
		commitment: &CommitmentOf<T>,
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<Balance, DispatchError> {
		Delegations::<T>::try_mutate(id, who, |delegation| {
			let delegation = delegation.as_mut().ok_or(Error::<T>::NotStaker)?;
			let amount = commitment.due_to_delegator(delegation);
			let claimed = delegation.claimed.checked_add(amount);
			delegation.claimed = claimed.ok_or(ArithmeticError::Overflow)?;
			Ok(amount)
		})
	}

	/// Mints rewards; none are no event.
	pub(crate) fn pay_rewards(
		id: CommitmentId,
		staker: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		Self::mint(staker, amount)?;
		let staker = staker.clone();
		Self::deposit_event(Event::RewardsClaimed { commitment: id, staker, amount });
		Ok(())
	}
}
