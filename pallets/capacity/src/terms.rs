//! What changes of a commitment while it runs: its commission, and its end by consent of all delegators.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchError};
use marketplace_primitives::{CommitmentId, Epoch, OrderBook};
use sp_runtime::{ArithmeticError, Perbill};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_commission(
		who: &T::AccountId,
		id: CommitmentId,
		rate: Perbill,
	) -> Result<u32, DispatchError> {
		Self::own_commitment(who, id)?;
		let steps = Self::settle_due(Self::server_of(id)?);
		let mut commitment = Self::own_commitment(who, id)?;
		let epoch = Self::epoch();
		let commission = &mut commitment.commission;
		ensure!(rate <= commission.ceiling, Error::<T>::CommissionTooHigh);
		// Epochs that are not settled are the current one and the two before it: two rates are enough if they
		// change no more often.
		let settled = Clock::<T>::get().finished.saturating_add(1);
		ensure!(commission.since <= settled, Error::<T>::CommissionJustSet);
		let since = epoch.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		*commission = Commission { before: commission.now, now: rate, since, ..*commission };
		Commitments::<T>::insert(id, commitment);
		Self::deposit_event(Event::CommissionSet { commitment: id, commission: rate, since });
		Ok(steps)
	}

	pub(crate) fn do_propose_extension(
		who: &T::AccountId,
		id: CommitmentId,
		epochs: Epoch,
	) -> Result<u32, DispatchError> {
		Self::own_commitment(who, id)?;
		let steps = Self::settle_due(Self::server_of(id)?);
		let mut commitment = Self::own_commitment(who, id)?;
		let (_, end) = Self::running(&commitment)?;
		ensure!(epochs > 0, Error::<T>::InvalidDuration);
		let end = end.checked_add(epochs).ok_or(ArithmeticError::Overflow)?;
		let from_now = end.saturating_sub(Self::epoch());
		ensure!(from_now <= Parameters::<T>::get().max_duration, Error::<T>::InvalidDuration);
		commitment.proposals = commitment.proposals.saturating_add(1);
		let proposal = Proposal { number: commitment.proposals, end, accepted: 0 };
		commitment.proposal = Some(proposal);
		Self::deposit_event(Event::ExtensionProposed { commitment: id, end });
		let more = Self::extend_if_all_agree(id, commitment)?;
		Ok(steps.saturating_add(more))
	}

	pub(crate) fn do_accept_extension(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<u32, DispatchError> {
		let steps = Self::settle_due(Self::server_of(id)?);
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		let mut delegation = Delegations::<T>::get(id, who).ok_or(Error::<T>::NotStaker)?;
		Self::running(&commitment)?;
		let proposal = commitment.proposal.as_mut().ok_or(Error::<T>::NoProposal)?;
		ensure!(delegation.accepted != proposal.number, Error::<T>::AlreadyAccepted);
		delegation.accepted = proposal.number;
		let accepted = proposal.accepted.checked_add(delegation.stake);
		proposal.accepted = accepted.ok_or(ArithmeticError::Overflow)?;
		Delegations::<T>::insert(id, who, delegation);
		let delegator = who.clone();
		Self::deposit_event(Event::ExtensionAccepted { commitment: id, delegator });
		let more = Self::extend_if_all_agree(id, commitment)?;
		Ok(steps.saturating_add(more))
	}

	/// Makes the term longer once every delegator accepted.
	fn extend_if_all_agree(
		id: CommitmentId,
		mut commitment: CommitmentOf<T>,
	) -> Result<u32, DispatchError> {
		let (start, _) = Self::running(&commitment)?;
		let agreed = |proposal: &Proposal| proposal.accepted >= commitment.delegated;
		let Some(Proposal { end, .. }) = commitment.proposal.filter(agreed) else {
			Commitments::<T>::insert(id, commitment);
			return Ok(0);
		};
		commitment.proposal = None;
		commitment.phase = Phase::Running { start, end };
		let server = commitment.server;
		Commitments::<T>::insert(id, commitment);
		let ((), steps) = Self::touch_quietly(server, |record, found| {
			let cover = record.cover_mut(id).ok_or(Error::<T>::UnknownCommitment)?;
			cover.end = end;
			found.events.push(Event::CommitmentExtended { commitment: id, end });
			Ok(())
		})?;
		// Units may be sold for longer: bids that found them too short look again.
		T::Book::supply_changed(server);
		Ok(steps)
	}

	/// A commitment of this provider.
	fn own_commitment(
		who: &T::AccountId,
		id: CommitmentId,
	) -> Result<CommitmentOf<T>, DispatchError> {
		let commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		ensure!(commitment.provider == *who, Error::<T>::NotProvider);
		Ok(commitment)
	}

	/// The term of a commitment that runs, or will.
	fn running(commitment: &CommitmentOf<T>) -> Result<(Epoch, Epoch), DispatchError> {
		match commitment.phase {
			Phase::Running { start, end } if Self::epoch() < end => Ok((start, end)),
			_ => Err(Error::<T>::NotRunning.into()),
		}
	}
}
