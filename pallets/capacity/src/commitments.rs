//! Commitments: made, covered by stake, taken back, left.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchError, traits::fungible::Inspect};
use marketplace_primitives::{
	math, Balance, CommitmentId, Epoch, PriceFeed, Registry, ServerId, Units,
};
use sp_runtime::{ArithmeticError, Perbill};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_commit(
		who: &T::AccountId,
		server: ServerId,
		units: Units,
		duration: Epoch,
		commission: Perbill,
		deal_share: Perbill,
	) -> Result<u32, DispatchError> {
		let owner = T::Registry::server(server).ok_or(Error::<T>::UnknownServer)?;
		ensure!(owner.provider == *who, Error::<T>::NotProvider);
		ensure!(!units.is_empty(), Error::<T>::NoUnits);
		let params = Parameters::<T>::get();
		let durations = params.min_duration..=params.max_duration;
		ensure!(durations.contains(&duration), Error::<T>::InvalidDuration);
		let price = T::Price::flt_price().ok_or(Error::<T>::PriceUnknown)?;
		let stake = stake_per_unit(params.stake_usd, price).filter(|stake| *stake > 0);
		let stake = stake.ok_or(Error::<T>::PriceUnknown)?;
		let id = NextCommitment::<T>::get();
		let next = id.next().ok_or(ArithmeticError::Overflow)?;

		let commission = Commission::new(commission, params.commission_rise);
		let mut commitment =
			Commitment::new(server, who.clone(), units, duration, commission, deal_share);
		commitment.needed = math::cost(units.count(), stake, 1)?;
		commitment.own_needed = math::cost(units.count(), params.own_stake.mul_ceil(stake), 1)?;
		let ((), steps) = Self::touch_quietly(server, |record, found| {
			ensure!(units.is_subset_of(record.all()), Error::<T>::ForeignUnits);
			ensure!(!units.overlaps(record.claimed()), Error::<T>::UnitsCommitted);
			let pushed = record.commitments.try_push(Cover::waiting(id, units, stake));
			pushed.map_err(|_| Error::<T>::TooManyCommitments)?;
			found.events.push(Self::committed(id, &commitment));
			Ok(())
		})?;
		NextCommitment::<T>::put(next);
		Commitments::<T>::insert(id, commitment);
		Ok(steps)
	}

	fn committed(id: CommitmentId, commitment: &CommitmentOf<T>) -> Event<T> {
		Event::Committed {
			commitment: id,
			server: commitment.server,
			provider: commitment.provider.clone(),
			units: commitment.units,
			duration: commitment.duration,
			commission: commitment.commission.now,
			deal_share: commitment.deal_share,
			needed: commitment.needed,
		}
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
		let least = T::Currency::minimum_balance().max(Parameters::<T>::get().min_delegation);
		ensure!(amount >= least.min(room).max(1), Error::<T>::StakeTooLow);
		let is_own = who == commitment.provider;
		commitment.deposit(is_own, amount)?;
		Self::take_stake(id, &who, amount)?;
		if !is_own {
			Self::note_delegation(&mut commitment, id, &who, amount)?;
		}
		Self::deposit_event(Event::Delegated { commitment: id, staker: who, amount });
		let steps = if commitment.is_covered() { Self::start(id, &mut commitment)? } else { 0 };
		Commitments::<T>::insert(id, commitment);
		Ok(steps)
	}

	fn note_delegation(
		commitment: &mut CommitmentOf<T>,
		id: CommitmentId,
		who: &T::AccountId,
		amount: Balance,
	) -> Result<(), DispatchError> {
		Delegations::<T>::try_mutate(id, who, |slot| {
			if slot.is_none() {
				commitment.delegators = commitment.delegators.saturating_add(1);
			}
			let delegation = slot.get_or_insert_default();
			let stake = delegation.stake.checked_add(amount);
			delegation.stake = stake.ok_or(ArithmeticError::Overflow)?;
			Ok(())
		})
	}

	/// A covered commitment runs from the next epoch.
	fn start(id: CommitmentId, commitment: &mut CommitmentOf<T>) -> Result<u32, DispatchError> {
		let start = Self::epoch().checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let end = start.checked_add(commitment.duration).ok_or(ArithmeticError::Overflow)?;
		commitment.phase = Phase::Running { start, end };
		let misses = Parameters::<T>::get().misses;
		// Delegators stay as long as it runs: deals need not look whether there are any.
		let has_delegators = commitment.delegated > 0;
		let deal_share = if has_delegators { commitment.deal_share } else { Perbill::zero() };
		let ((), steps) = Self::touch_quietly(commitment.server, |record, found| {
			let cover = record.cover_mut(id).ok_or(Error::<T>::UnknownCommitment)?;
			(cover.start, cover.end, cover.deal_share) = (start, end, deal_share);
			cover.allowance = misses.full(cover.units.count());
			found.events.push(Event::CommitmentCovered { commitment: id, start, end });
			Ok(())
		})?;
		Ok(steps)
	}

	pub(crate) fn do_cancel_commitment(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(commitment.provider == *who, Error::<T>::NotProvider);
		ensure!(commitment.phase == Phase::Waiting, Error::<T>::NotWaiting);
		commitment.phase = Phase::Cancelled;
		let ((), steps) = Self::touch_quietly(commitment.server, |record, found| {
			record.commitments.retain(|cover| cover.id != id);
			found.events.push(Event::CommitmentCancelled { commitment: id });
			Ok(())
		})?;
		Self::put_or_close(id, commitment);
		Ok(steps)
	}

	pub(crate) fn do_withdraw_stake(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let server = Self::server_of(id)?;
		let steps = Self::settle_due(server);
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(Self::is_free(&commitment), Error::<T>::StillBonded);
		let amount = if *who == commitment.provider {
			ensure!(commitment.own > 0, Error::<T>::NotStaker);
			let left = commitment.own_left.saturating_add(commitment.kept);
			ensure!(left > 0, Error::<T>::NothingToWithdraw);
			commitment.leave_own()
		} else {
			Self::leave(&mut commitment, id, who)?
		};
		Self::forfeit(&mut commitment, id);
		commitment.drop_dust(T::Currency::minimum_balance());
		Self::give_stake(id, who, amount)?;
		let staker = who.clone();
		Self::deposit_event(Event::StakeWithdrawn { commitment: id, staker, amount });
		Self::put_or_close(id, commitment);
		Ok(steps)
	}

	/// Takes a delegator's stake out of the books; before the commitment ran, with all that it has in it.
	fn leave(
		commitment: &mut CommitmentOf<T>,
		id: CommitmentId,
		who: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let mut delegation = Delegations::<T>::get(id, who).ok_or(Error::<T>::NotStaker)?;
		ensure!(!delegation.is_out, Error::<T>::NothingToWithdraw);
		delegation.is_out = true;
		let left = commitment.leave_delegated(delegation.stake);
		Self::put_or_forget(commitment, id, who, delegation);
		Ok(left)
	}

	/// What was kept for developers is kept no longer: stake is free.
	fn forfeit(commitment: &mut CommitmentOf<T>, id: CommitmentId) {
		let amount = core::mem::take(&mut commitment.kept);
		if amount > 0 {
			Self::take_slash(id, amount);
			Self::deposit_event(Event::Forfeited { commitment: id, amount });
		}
	}

	/// The server of a commitment.
	pub(crate) fn server_of(id: CommitmentId) -> Result<ServerId, DispatchError> {
		let commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		Ok(commitment.server)
	}

	/// Whether stake may leave a commitment whose server is settled.
	fn is_free(commitment: &CommitmentOf<T>) -> bool {
		let end = match commitment.phase {
			Phase::Waiting | Phase::Cancelled => return true,
			Phase::Running { end, .. } | Phase::Failed { end, .. } => end,
		};
		let free_at = end.saturating_add(Parameters::<T>::get().unbonding);
		Self::epoch() >= free_at && Clock::<T>::get().finished >= end.saturating_sub(1)
	}

	/// Writes a delegation back, or removes it where nothing more can come of it.
	pub(crate) fn put_or_forget(
		commitment: &mut CommitmentOf<T>,
		id: CommitmentId,
		who: &T::AccountId,
		delegation: Delegation,
	) {
		if !delegation.is_out || Self::may_earn(commitment, id, &delegation) {
			return Delegations::<T>::insert(id, who, delegation);
		}
		Delegations::<T>::remove(id, who);
		commitment.delegators = commitment.delegators.saturating_sub(1);
	}

	/// Whether a delegator who is out has, or may get, something to claim.
	fn may_earn(commitment: &CommitmentOf<T>, id: CommitmentId, delegation: &Delegation) -> bool {
		let (rules, epoch) = (Parameters::<T>::get().vesting, Self::epoch());
		let income = |(asset, _): &(_, _)| commitment.income_of(delegation, asset) > 0;
		commitment.is_vesting(&rules, epoch)
			|| commitment.due_to_delegator(&rules, epoch, delegation) > 0
			|| commitment.income.iter().any(income)
			|| Servers::<T>::get(commitment.server).is_some_and(|record| record.owes_share(id))
	}

	/// Writes a commitment back, or removes it where nobody has anything in it any more and nobody can put
	/// anything in.
	pub(crate) fn put_or_close(id: CommitmentId, commitment: CommitmentOf<T>) {
		let (rules, epoch) = (Parameters::<T>::get().vesting, Self::epoch());
		let is_settled = commitment.phase != Phase::Waiting
			&& commitment.own_left == 0
			&& commitment.delegated == 0
			&& commitment.delegators == 0
			&& !commitment.is_vesting(&rules, epoch)
			&& commitment.due_to_provider(&rules, epoch) == 0
			&& (commitment.phase == Phase::Cancelled || Self::is_free(&commitment));
		if !is_settled {
			return Commitments::<T>::insert(id, commitment);
		}
		Commitments::<T>::remove(id);
		Self::sweep(id);
		Self::deposit_event(Event::CommitmentClosed { commitment: id });
	}
}
