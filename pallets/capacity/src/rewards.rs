//! Rewards are minted when they are claimed.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchError};
use marketplace_primitives::{Balance, CommitmentId};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_claim_rewards(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let steps = Self::settle_due(Self::server_of(id)?);
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		let (rules, epoch) = (Parameters::<T>::get().vesting, Self::epoch());
		let amount = if *who == commitment.provider {
			let amount = commitment.due_to_provider(&rules, epoch);
			let claimed = commitment.claimed.checked_add(amount);
			commitment.claimed = claimed.ok_or(ArithmeticError::Overflow)?;
			amount
		} else {
			Self::claim_delegated(&mut commitment, who, id)?
		};
		ensure!(amount > 0, Error::<T>::NothingToClaim);
		Self::mint(who, amount)?;
		let staker = who.clone();
		Self::deposit_event(Event::RewardsClaimed { commitment: id, staker, amount });
		Self::put_or_close(id, commitment);
		Ok(steps)
	}

	fn claim_delegated(
		commitment: &mut CommitmentOf<T>,
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<Balance, DispatchError> {
		let (rules, epoch) = (Parameters::<T>::get().vesting, Self::epoch());
		let mut delegation = Delegations::<T>::get(id, who).ok_or(Error::<T>::NotStaker)?;
		let amount = commitment.due_to_delegator(&rules, epoch, &delegation);
		let claimed = delegation.claimed.checked_add(amount);
		delegation.claimed = claimed.ok_or(ArithmeticError::Overflow)?;
		Self::put_or_forget(commitment, id, who, delegation);
		Ok(amount)
	}
}
