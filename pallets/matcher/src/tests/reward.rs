//! What deals pay to those who found them, kept in storage as the rest of the world is.

use frame_support::{storage_alias, Twox64Concat};
use marketplace_primitives::{Balance, DealId};
use sp_runtime::AccountId32;

#[storage_alias]
type Surplus = StorageMap<RewardPrefix, Twox64Concat, DealId, Balance>;
#[storage_alias]
type Paid = StorageMap<RewardPrefix, Twox64Concat, (DealId, AccountId32), Balance>;

/// Pays what there is of `amount`.
pub fn pay(deal: DealId, solver: &AccountId32, amount: Balance) -> Balance {
	let surplus = Surplus::get(deal).unwrap_or(Balance::MAX);
	let paid = amount.min(surplus);
	Surplus::insert(deal, surplus - paid);
	Paid::mutate((deal, solver), |sum| *sum = Some(sum.unwrap_or_default() + paid));
	paid
}

/// What `who` was paid for matches of an offer.
pub fn rewarded(offer: u64, who: AccountId32) -> Balance {
	Paid::get((DealId(offer), who)).unwrap_or_default()
}

/// The deal of an offer has no more than this to reward with.
pub fn set_surplus(offer: u64, surplus: Balance) {
	Surplus::insert(DealId(offer), surplus);
}
