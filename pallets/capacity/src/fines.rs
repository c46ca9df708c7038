//! What a provider pays where units of it did not serve a deal.
//!
//! A fine is a price: units that do not serve are no proof of fraud, as a false report is. So it is taken from the
//! provider's own stake alone, lets no commitment fail, and does not count among what was slashed.

use crate::*;
use alloc::vec::Vec;
use frame_support::traits::{
	fungible::{Inspect, Mutate},
	tokens::Preservation,
};
use marketplace_primitives::{Balance, CommitmentId, DealId, ServerId, Units};

/// What one commitment is fined.
pub(crate) struct Fine {
	/// The commitment.
	pub commitment: CommitmentId,
	/// Its units that are fined.
	pub units: Units,
	/// What that costs, if so much is left.
	pub amount: Balance,
}

impl UnitRecord {
	/// What the commitments that cover `units` in the record's epoch are fined for them: what a miss costs for each.
	pub(crate) fn fines(&self, rules: &StakeRules, units: Units) -> Vec<Fine> {
		let fines = self.covers_of(units).map(|cover| {
			let units = cover.units.and(units);
			let amount = cover.miss_cost(rules).saturating_mul(Balance::from(units.count()));
			Fine { commitment: cover.id, units, amount }
		});
		fines.collect()
	}
}

impl<T: Config> Pallet<T> {
	/// Takes a fine, as far as the provider has stake left in the commitment. Returns what was taken.
	pub(crate) fn take_fine(
		(server, deal): (ServerId, DealId),
		Fine { commitment, units, amount }: Fine,
		reward_to: Option<&T::AccountId>,
	) -> Balance {
		let Some(mut found) = Commitments::<T>::get(commitment) else { return 0 };
		let amount = found.fine(amount);
		if amount == 0 {
			return 0;
		}
		found.drop_dust(T::Currency::minimum_balance());
		Commitments::<T>::insert(commitment, found);
		let rewarded = reward_to.map_or(0, |who| Self::reward(commitment, who, amount / 2));
		Self::take_slash(commitment, amount.saturating_sub(rewarded));
		Self::deposit_event(Event::Fined { server, deal, commitment, units, amount, rewarded });
		amount
	}

	/// Pays `amount` of a fine to `who`; nothing where that account, or what is left of the stake's, would be below the
	/// least balance. Returns what was paid.
	fn reward(id: CommitmentId, who: &T::AccountId, amount: Balance) -> Balance {
		let account = Self::stake_account(id);
		T::Currency::transfer(&account, who, amount, Preservation::Preserve).unwrap_or(0)
	}
}
