//! What stakers get of deals, and developers of stake.

use crate::{
	types::{Balance, PaymentAsset},
	CommitmentId, DealId, ServerId, Units,
};
use sp_runtime::{DispatchError, DispatchResult, Perbill};

/// One commitment's part of what units in a deal earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomeShare<AccountId> {
	/// The commitment.
	pub commitment: CommitmentId,
	/// Where it is paid to: a keyless account that nothing but the commitment's income is in.
	pub account: AccountId,
	/// Which part of all that the units earn.
	pub part: Perbill,
}

/// The delegators' part of deal income. Given by `capacity`.
pub trait DealIncome<AccountId> {
	/// Who shares in what `server` earns in `deal`: at most four commitments, whose parts together are at
	/// most the whole. Fixed when the units are reserved. What is left is the provider's.
	fn shares(server: ServerId, deal: DealId) -> alloc::vec::Vec<IncomeShare<AccountId>>;

	/// Notes that `amount` of `asset` was paid to the account of `commitment`.
	///
	/// # Errors
	/// Where the commitment is unknown or the sum exceeds 128 bits.
	fn note(commitment: CommitmentId, asset: &PaymentAsset, amount: Balance) -> DispatchResult;
}

/// What developers get of a provider's own stake where a commitment failed under their deals. Given by
/// `capacity`.
pub trait Compensation<AccountId> {
	/// Unit-epochs of its term that `deal` lost on `server` by commitments that failed, as far as they were
	/// not compensated. Only looks.
	fn lost(server: ServerId, deal: DealId) -> u64;

	/// Pays `to` up to `worth` FLT planks for each lost unit-epoch, from what is left of the providers' own
	/// stake in the failed commitments, and forgets the loss. Returns what was paid. What is due of the server was
	/// [settled](crate::UnitLedger::settle) before.
	///
	/// # Errors
	/// Where nothing was lost.
	fn compensate(
		server: ServerId,
		deal: DealId,
		worth: Balance,
		to: &AccountId,
	) -> Result<Balance, DispatchError>;

	/// Takes from the provider's own stake, for each of `units` that the deal holds, what a miss costs beyond
	/// the budget, as far as own stake is left in the commitments that cover them. Half of it, rounded down,
	/// goes to `reward_to`, if that can be; the rest to the treasury. Returns what was taken. What is due of the
	/// server was [settled](crate::UnitLedger::settle) before.
	///
	/// # Errors
	/// Where the deal does not [hold](crate::UnitLedger::held) one of the units, or the stake cannot be moved.
	fn fine(
		server: ServerId,
		deal: DealId,
		units: Units,
		reward_to: Option<&AccountId>,
	) -> Result<Balance, DispatchError>;

	/// Lets all commitments of the server fail under the deal, with own stake left for more than what is
	/// lost, and sees to it that the price of FLT is known, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fail(server: ServerId, deal: DealId);
}
