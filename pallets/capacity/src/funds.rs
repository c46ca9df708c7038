//! Every movement of FLT.

use crate::*;
use frame_support::{
	pallet_prelude::DispatchResult,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Get,
	},
	Hashable,
};
use marketplace_primitives::{Balance, CommitmentId};

impl<T: Config> Pallet<T> {
	/// The keyless account that holds the stake of one commitment: a full hash, so that no two commitments
	/// and no key share it.
	pub fn stake_account(id: CommitmentId) -> T::AccountId {
		let seed = (*b"marketplace/stake/1", T::PalletId::get(), id);
		seed.blake2_256().into()
	}

	/// The keyless account that holds what deals paid to the delegators of one commitment.
	pub fn income_account(id: CommitmentId) -> T::AccountId {
		let seed = (*b"marketplace/income/1", T::PalletId::get(), id);
		seed.blake2_256().into()
	}

	/// Moves stake into a commitment's account; the staker's account stays alive.
	pub(crate) fn take_stake(
		id: CommitmentId,
		from: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		let account = Self::stake_account(id);
		T::Currency::transfer(from, &account, amount, Preservation::Preserve).map(|_| ())
	}

	/// Moves stake back. What remains below the least balance of an account is lost with it.
	pub(crate) fn give_stake(
		id: CommitmentId,
		to: &T::AccountId,
		amount: Balance,
	) -> DispatchResult {
		if amount == 0 {
			return Ok(());
		}
		let account = Self::stake_account(id);
		T::Currency::transfer(&account, to, amount, Preservation::Expendable).map(|_| ())
	}

	/// Moves slashed stake away. Where that is refused it stays in the keyless account, out of all books:
	/// a slash must not fail.
	pub(crate) fn take_slash(id: CommitmentId, amount: Balance) {
		let _ = Self::give_stake(id, &T::SlashTo::get(), amount);
	}

	/// Moves all that a closed commitment's account still holds (gifts, roundings) to where slashes go.
	pub(crate) fn sweep(id: CommitmentId) {
		let rest = T::Currency::reducible_balance(
			&Self::stake_account(id),
			Preservation::Expendable,
			Fortitude::Polite,
		);
		Self::take_slash(id, rest);
	}

	/// Mints rewards.
	pub(crate) fn mint(to: &T::AccountId, amount: Balance) -> DispatchResult {
		T::Currency::mint_into(to, amount).map(|_| ())
	}
}
