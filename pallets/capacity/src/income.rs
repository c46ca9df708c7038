//! What deals owe to delegators, and what providers owe to developers: compensation and fines.

use crate::*;
use alloc::vec::Vec;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
	traits::{fungibles::Mutate, tokens::Preservation},
};
use marketplace_primitives::{
	Balance, CommitmentId, Compensation, DealId, DealIncome, IncomeShare, PaymentAsset, ServerId,
	Units,
};

impl<T: Config> DealIncome<T::AccountId> for Pallet<T> {
	fn shares(server: ServerId, deal: DealId) -> Vec<IncomeShare<T::AccountId>> {
		let Some(record) = Servers::<T>::get(server) else { return Vec::new() };
		let shares = record.reservation(deal).map(|reservation| reservation.shares.clone());
		let stands = |share: &DealShare| Commitments::<T>::contains_key(share.commitment);
		let shares = shares.unwrap_or_default().into_iter().filter(stands);
		shares
			.map(|DealShare { commitment, part }| {
				let account = Self::income_account(commitment);
				IncomeShare { commitment, account, part }
			})
			.collect()
	}

	fn note(commitment: CommitmentId, asset: &PaymentAsset, amount: Balance) -> DispatchResult {
		Commitments::<T>::try_mutate(commitment, |slot| {
			let found = slot.as_mut().ok_or(Error::<T>::UnknownCommitment)?;
			add_amount(&mut found.income, asset, amount)?;
			Self::deposit_event(Event::IncomeNoted { commitment, asset: asset.clone(), amount });
			Ok(())
		})
	}
}

impl<T: Config> Compensation<T::AccountId> for Pallet<T> {
	fn lost(server: ServerId, deal: DealId) -> u64 {
		let Some(record) = Self::look(server) else { return 0 };
		let harms = record.reservation(deal).map(|reservation| reservation.harms.as_slice());
		let harms = harms.unwrap_or_default().iter();
		harms.fold(0, |sum: u64, harm| sum.saturating_add(harm.unit_epochs))
	}

	fn compensate(
		server: ServerId,
		deal: DealId,
		worth: Balance,
		to: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let change = |record: &mut UnitRecord, _: &mut settlement::Settlement<T>| {
			let reservation = record.reservation_mut(deal).ok_or(Error::<T>::UnknownReservation)?;
			let harms = core::mem::take(&mut reservation.harms);
			ensure!(!harms.is_empty(), Error::<T>::NothingLost);
			Ok(harms)
		};
		let (harms, _) = Self::touch_quietly(server, change)?;
		harms.into_iter().try_fold(0, |sum: Balance, harm| {
			let paid = Self::pay_harm(deal, harm, worth, to)?;
			Ok(sum.saturating_add(paid))
		})
	}

	fn fine(
		server: ServerId,
		deal: DealId,
		units: Units,
		reward_to: Option<&T::AccountId>,
	) -> Result<Balance, DispatchError> {
		if units.is_empty() {
			return Ok(0);
		}
		let rules = Parameters::<T>::get().stake_rules();
		let (fines, _) = Self::touch_quietly(server, |record, _| {
			let reservation = record.reservation(deal).ok_or(Error::<T>::UnknownReservation)?;
			ensure!(reservation.end > record.epoch, Error::<T>::ReservationOver);
			ensure!(units.is_subset_of(record.staying(deal)), Error::<T>::UnitsNotHeld);
			Ok(record.fines(&rules, units))
		})?;
		let take = |sum: Balance, fine| {
			let taken = Self::take_fine((server, deal), fine, reward_to);
			sum.saturating_add(taken)
		};
		Ok(fines.into_iter().fold(0, take))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fail(server: ServerId, deal: DealId) {
		Self::benchmark_fail_all(server, deal);
	}
}

impl<T: Config> Pallet<T> {
	/// Compensates for what one failed commitment cost a deal, as far as the provider has stake left in it.
	fn pay_harm(
		deal: DealId,
		harm: Harm,
		worth: Balance,
		to: &T::AccountId,
	) -> Result<Balance, DispatchError> {
		let commitment = harm.commitment;
		let Some(mut found) = Commitments::<T>::get(commitment) else { return Ok(0) };
		let amount = found.compensate(worth.saturating_mul(Balance::from(harm.unit_epochs)));
		if amount == 0 {
			return Ok(0);
		}
		Self::give_stake(commitment, to, amount)?;
		Commitments::<T>::insert(commitment, found);
		let developer = to.clone();
		Self::deposit_event(Event::Compensated { commitment, deal, developer, amount });
		Ok(amount)
	}

	pub(crate) fn do_claim_income(
		who: &T::AccountId,
		id: CommitmentId,
		asset: PaymentAsset,
	) -> DispatchResult {
		let mut commitment = Commitments::<T>::get(id).ok_or(Error::<T>::UnknownCommitment)?;
		let mut delegation = Delegations::<T>::get(id, who).ok_or(Error::<T>::NotStaker)?;
		let amount = commitment.income_of(&delegation, &asset);
		ensure!(amount > 0, Error::<T>::NothingToClaim);
		add_amount(&mut delegation.income, &asset, amount)?;
		let (from, keep) = (Self::income_account(id), Preservation::Expendable);
		T::Payments::transfer(asset.clone(), &from, who, amount, keep)?;
		Self::put_or_forget(&mut commitment, id, who, delegation);
		let staker = who.clone();
		Self::deposit_event(Event::IncomeClaimed { commitment: id, staker, asset, amount });
		Self::put_or_close(id, commitment);
		Ok(())
	}
}
