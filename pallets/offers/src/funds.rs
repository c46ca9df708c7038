//! All that moves money. Every function changes nothing where it returns an error.

use crate::{
	pallet::{EscrowRecordOf, Escrows, Owed},
	Config, Error, EscrowRecord, Event, HoldReason, Pallet,
};
use frame_support::{
	ensure,
	storage::with_storage_layer,
	traits::{
		fungibles::{hold::Mutate as _, Mutate as _},
		tokens::{Fortitude, Precision, Preservation, Restriction},
	},
};
use marketplace_primitives::{Balance, EscrowId};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Holds `amount` more on the developer's account for `record`, which becomes that of `id`.
	pub(crate) fn deposit(
		id: EscrowId,
		mut record: EscrowRecordOf<T>,
		payer: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		add(&mut record.deposited, amount)?;
		add(&mut record.held, amount)?;
		let (asset, reason) = (record.asset.clone(), HoldReason::Escrow.into());
		T::Holds::hold(asset, &reason, &record.developer, amount)?;
		Escrows::<T>::insert(id, record);
		Self::deposit_event(Event::Deposited { escrow: id, payer: payer.clone(), amount });
		Ok(())
	}

	/// Adds `amount` of the payer's to what the record holds: it is the developer's from now on.
	pub(crate) fn add_funds(id: EscrowId, payer: &T::AccountId, amount: Balance) -> DispatchResult {
		let record = Self::open_record(id)?;
		if amount == 0 {
			return Ok(());
		}
		with_storage_layer(|| {
			if *payer != record.developer {
				let (asset, to) = (record.asset.clone(), &record.developer);
				T::Payments::transfer(asset, payer, to, amount, Preservation::Preserve)?;
			}
			Self::deposit(id, record, payer, amount)
		})
	}

	/// Changes the owner of `amount`; no money moves.
	pub(crate) fn move_escrow(from: EscrowId, to: EscrowId, amount: Balance) -> DispatchResult {
		ensure!(from != to, Error::<T>::EscrowMismatch);
		let mut source = Self::open_record(from)?;
		take(&mut source.held, amount).map_err(|_| Error::<T>::EscrowTooLow)?;
		add(&mut source.moved_out, amount)?;

		let mut target = match Escrows::<T>::get(to) {
			Some(record) => record,
			None => EscrowRecord::new(source.developer.clone(), source.asset.clone()),
		};
		ensure!(!target.closed, Error::<T>::EscrowMissing);
		ensure!(
			target.developer == source.developer && target.asset == source.asset,
			Error::<T>::EscrowMismatch
		);
		add(&mut target.moved_in, amount)?;
		add(&mut target.held, amount)?;

		Escrows::<T>::insert(from, source);
		Escrows::<T>::insert(to, target);
		Self::deposit_event(Event::Moved { from, to, amount });
		Ok(())
	}

	/// Pays `amount` out of the record, or notes that it is owed where the asset refuses it.
	pub(crate) fn pay_out(id: EscrowId, payee: &T::AccountId, amount: Balance) -> DispatchResult {
		let mut record = Self::open_record(id)?;
		take(&mut record.held, amount).map_err(|_| Error::<T>::EscrowTooLow)?;
		if amount == 0 {
			return Ok(());
		}
		with_storage_layer(|| {
			if Self::hand_over(&record, payee, amount).is_ok() {
				add(&mut record.paid, amount)?;
				Self::deposit_event(Event::Paid { escrow: id, payee: payee.clone(), amount });
			} else {
				Self::owe(id, &mut record, payee, amount)?;
			}
			Escrows::<T>::insert(id, record);
			Ok(())
		})
	}

	/// Gives `amount` back to the developer, or notes that it is owed where the asset refuses it.
	pub(crate) fn give_back(id: EscrowId, amount: Balance) -> DispatchResult {
		let mut record = Self::open_record(id)?;
		take(&mut record.held, amount).map_err(|_| Error::<T>::EscrowTooLow)?;
		if amount == 0 {
			return Ok(());
		}
		let developer = record.developer.clone();
		with_storage_layer(|| {
			if Self::hand_over(&record, &developer, amount).is_ok() {
				add(&mut record.refunded, amount)?;
				Self::deposit_event(Event::Refunded { escrow: id, developer, amount });
			} else {
				Self::owe(id, &mut record, &developer, amount)?;
			}
			Escrows::<T>::insert(id, record);
			Ok(())
		})
	}

	/// Gives back what the record holds and closes it. Returns what it held.
	pub(crate) fn close_escrow(id: EscrowId) -> Result<Balance, DispatchError> {
		let rest = Self::open_record(id)?.held;
		with_storage_layer(|| {
			Self::give_back(id, rest)?;
			Escrows::<T>::mutate_exists(id, |slot| {
				if let Some(record) = slot {
					record.closed = true;
				}
				drop_if_done(slot);
			});
			Self::deposit_event(Event::EscrowClosed { escrow: id });
			Ok(rest)
		})
	}

	/// Tries again to pay what the record owes to `payee`. Returns how much it was.
	pub(crate) fn claim(id: EscrowId, payee: &T::AccountId) -> Result<Balance, DispatchError> {
		let amount = Owed::<T>::get(payee, id);
		ensure!(amount > 0, Error::<T>::NothingOwed);
		let mut record = Escrows::<T>::get(id).ok_or(Error::<T>::EscrowMissing)?;
		take(&mut record.owed, amount)?;
		let sum = if *payee == record.developer { &mut record.refunded } else { &mut record.paid };
		add(sum, amount)?;
		Self::hand_over(&record, payee, amount).map_err(|_| Error::<T>::StillRefused)?;

		Owed::<T>::remove(payee, id);
		let mut slot = Some(record);
		drop_if_done(&mut slot);
		Escrows::<T>::set(id, slot);
		Ok(amount)
	}

	/// The record, where it is not closed.
	pub(crate) fn open_record(id: EscrowId) -> Result<EscrowRecordOf<T>, DispatchError> {
		let record = Escrows::<T>::get(id).filter(|record| !record.closed);
		record.ok_or_else(|| Error::<T>::EscrowMissing.into())
	}

	/// Notes that `amount` is owed to `payee` by the record.
	fn owe(
		id: EscrowId,
		record: &mut EscrowRecordOf<T>,
		payee: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		add(&mut record.owed, amount)?;
		Owed::<T>::try_mutate(payee, id, |owed| add(owed, amount))?;
		Self::deposit_event(Event::PayoutRefused { escrow: id, payee: payee.clone(), amount });
		Ok(())
	}

	/// Moves `amount` from the developer's hold to `to`: all of it, or nothing where the asset
	/// refuses. Locks that the developer took on since do not matter: escrow is not the
	/// developer's to withhold.
	fn hand_over(record: &EscrowRecordOf<T>, to: &T::AccountId, amount: Balance) -> DispatchResult {
		let (asset, reason) = (record.asset.clone(), HoldReason::Escrow.into());
		with_storage_layer(|| {
			let moved = if *to == record.developer {
				T::Holds::release(asset, &reason, to, amount, Precision::Exact)?
			} else {
				T::Holds::transfer_on_hold(
					asset,
					&reason,
					&record.developer,
					to,
					amount,
					Precision::Exact,
					Restriction::Free,
					Fortitude::Force,
				)?
			};
			ensure!(moved == amount, DispatchError::Unavailable);
			Ok(())
		})
	}
}

/// Adds to a sum of a record.
fn add(sum: &mut Balance, amount: Balance) -> Result<(), ArithmeticError> {
	*sum = sum.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
	Ok(())
}

/// Takes from a sum of a record.
fn take(sum: &mut Balance, amount: Balance) -> Result<(), ArithmeticError> {
	*sum = sum.checked_sub(amount).ok_or(ArithmeticError::Underflow)?;
	Ok(())
}

/// Empties the slot of a closed record that owes nothing.
fn drop_if_done<AccountId>(slot: &mut Option<EscrowRecord<AccountId>>) {
	if slot.as_ref().is_some_and(|record| record.closed && record.owed == 0) {
		*slot = None;
	}
}
