//! Commitments: made, covered by stake, taken back, left.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchError, traits::fungible::Inspect};
use marketplace_primitives::{
	math, Balance, CommitmentId, Epoch, EpochClock, Registry, ServerId, Units,
};
use sp_runtime::{ArithmeticError, Perbill};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_commit(
		who: &T::AccountId,
		server: ServerId,
		units: Units,
		duration: Epoch,
		commission: Perbill,
	) -> Result<u32, DispatchError> {
		let owner = T::Registry::server(server).ok_or(Error::<T>::UnknownServer)?;
		ensure!(owner.provider == *who, Error::<T>::NotProvider);
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		let params = Parameters::<T>::get();
		let durations = params.min_duration..=params.max_duration;
		ensure!(durations.contains(&duration), Error::<T>::InvalidDuration);
		let id = NextCommitment::<T>::get();
		let next = id.next().ok_or(ArithmeticError::Overflow)?;
		let needed = math::cost(units.count(), params.stake_per_unit, 1)?;
		let ((), reports) = Self::touch(server, |record, found| {
			ensure!(units.is_subset_of(record.all()), Error::<T>::ForeignUnits);
			ensure!(!units.overlaps(record.claimed()), Error::<T>::UnitsCommitted);
			let cover = Cover { id, units, start: 0, end: 0 };
			let pushed = record.commitments.try_push(cover);
			pushed.map_err(|_| Error::<T>::TooManyCommitments)?;
			let (commitment, provider) = (id, who.clone());
			found.events.push(Event::Committed {
				commitment,
				server,
				provider,
				units,
				duration,
				commission,
				needed,
			});
			Ok(())
		})?;
		let mut commitment = Commitment::new(server, who.clone(), units, duration, commission);
		commitment.needed = needed;
		commitment.own_needed = math::cost(units.count(), params.own_stake_per_unit, 1)?;
		NextCommitment::<T>::put(next);
		Commitments::<T>::insert(id, commitment);
		Ok(reports)
	}

	pub(crate) fn do_delegate(
		who: T::AccountId,
		id: CommitmentId,
		amount: Balance,
	) -> Result<u32, DispatchError> {
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(commitment.phase == Phase::Waiting, Error::<T>::NotWaiting);
		let room = commitment.room(&who);
		ensure!(amount <= room, Error::<T>::StakeExceeded);
		let least = T::Currency::minimum_balance().min(room).max(1);
		ensure!(amount >= least, Error::<T>::StakeTooLow);
		let is_own = who == commitment.provider;
		commitment.deposit(is_own, amount)?;
		Self::take_stake(id, &who, amount)?;
		if !is_own {
			Delegations::<T>::try_mutate(id, &who, |delegation| {
				let delegation = delegation.get_or_insert_default();
				let stake = delegation.stake.checked_add(amount);
				delegation.stake = stake.ok_or(ArithmeticError::Overflow)?;
				Ok::<_, DispatchError>(())
			})?;
		}
		Self::deposit_event(Event::Delegated { commitment: id, staker: who, amount });
		let reports = if commitment.is_covered() { Self::start(id, &mut commitment)? } else { 0 };
		Commitments::<T>::insert(id, commitment);
		Ok(reports)
	}

	/// A covered commitment runs from the next epoch.
	fn start(id: CommitmentId, commitment: &mut CommitmentOf<T>) -> Result<u32, DispatchError> {
		let start = Self::epoch().checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let end = start.checked_add(commitment.duration).ok_or(ArithmeticError::Overflow)?;
		commitment.phase = Phase::Running { start, end };
		let ((), reports) = Self::touch(commitment.server, |record, found| {
			let cover = record.cover_mut(id).ok_or(Error::<T>::UnknownCommitment)?;
			(cover.start, cover.end) = (start, end);
			found.events.push(Event::CommitmentCovered { commitment: id, start, end });
			Ok(())
		})?;
		Ok(reports)
	}

	pub(crate) fn do_cancel_commitment(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(commitment.provider == *who, Error::<T>::NotProvider);
		ensure!(commitment.phase == Phase::Waiting, Error::<T>::NotWaiting);
		commitment.phase = Phase::Cancelled;
		let ((), reports) = Self::touch(commitment.server, |record, found| {
			record.commitments.retain(|cover| cover.id != id);
			found.events.push(Event::CommitmentCancelled { commitment: id });
			Ok(())
		})?;
		Self::put_or_close(id, commitment);
		Ok(reports)
	}

	pub(crate) fn do_withdraw_stake(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let server = Self::server_of(id)?;
		let reports = Self::settle(server)?;
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(Self::is_free(id, &commitment), Error::<T>::StillBonded);
		let (amount, rewards) = if *who == commitment.provider {
			let rewards = commitment.due_to_provider();
			ensure!(commitment.own > 0 || rewards > 0, Error::<T>::NotStaker);
			commitment.claimed = commitment.claimed.saturating_add(rewards);
			(commitment.leave_own(), rewards)
		} else {
			let delegation = Delegations::<T>::take(id, who).ok_or(Error::<T>::NotStaker)?;
			let rewards = commitment.due_to_delegator(&delegation);
			(commitment.leave_delegated(delegation.stake), rewards)
		};
		commitment.drop_dust(T::Currency::minimum_balance());
		Self::give_stake(id, who, amount)?;
		let staker = who.clone();
		Self::deposit_event(Event::StakeWithdrawn { commitment: id, staker, amount });
		Self::pay_rewards(id, who, rewards)?;
		Self::put_or_close(id, commitment);
		Ok(reports)
	}

	/// The server of a commitment.
	fn server_of(id: CommitmentId) -> Result<ServerId, DispatchError> {
		let commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		Ok(commitment.server)
	}

	/// Whether stake may leave a commitment whose server is settled.
	fn is_free(id: CommitmentId, commitment: &CommitmentOf<T>) -> bool {
		let end = match commitment.phase {
			Phase::Waiting | Phase::Cancelled => return true,
			Phase::Running { end, .. } | Phase::Failed { end, .. } => end,
		};
		let free_at = end.saturating_add(Parameters::<T>::get().unbonding);
		Self::epoch() >= free_at
			&& <Self as EpochClock>::is_final(end.saturating_sub(1))
			&& !Servers::<T>::get(commitment.server).is_some_and(|record| record.is_under_audit(id))
	}

	/// Writes a commitment back, or removes it where nobody has anything in it any more.
	pub(crate) fn put_or_close(id: CommitmentId, commitment: CommitmentOf<T>) {
		if !commitment.is_settled() {
			return Commitments::<T>::insert(id, commitment);
		}
		Commitments::<T>::remove(id);
		Self::sweep(id);
		Self::deposit_event(Event::CommitmentClosed { commitment: id });
	}
}
