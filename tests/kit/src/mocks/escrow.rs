use super::state;
use frame_support::ensure;
use marketplace_primitives::{Balance, Escrow, EscrowId};
use sp_runtime::{AccountId32, DispatchError, DispatchResult, TokenError};
use std::collections::{BTreeMap, BTreeSet};

/// One escrow record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MockRecord {
	/// What it holds.
	pub held: Balance,
	/// What it paid, by payee.
	pub paid: BTreeMap<AccountId32, Balance>,
	/// What it owes, by payee: payouts that were refused.
	pub owed: BTreeMap<AccountId32, Balance>,
	/// What it gave back to the developer.
	pub refunded: Balance,
	/// Whether it is closed.
	pub closed: bool,
}

/// Escrow in memory. Records stay readable after they are closed.
pub struct MockEscrow;

/// Its state.
#[derive(Default)]
pub struct EscrowState {
	records: BTreeMap<EscrowId, MockRecord>,
	refused: BTreeSet<AccountId32>,
	poor: BTreeSet<AccountId32>,
}

state!(MockEscrow, EscrowState, ESCROW);

impl MockEscrow {
	/// Holds `amount` more for the record.
	pub fn deposit(id: EscrowId, amount: Balance) {
		Self::with_records(|records| records.entry(id).or_default().held += amount);
	}

	/// The record, if there ever was one.
	pub fn record(id: EscrowId) -> Option<MockRecord> {
		Self::with_records(|records| records.get(&id).cloned())
	}

	/// No payout reaches `payee` from now on: it is owed.
	pub fn refuse(payee: AccountId32) {
		Self::with(|state| state.refused.insert(payee));
	}

	/// `payer` has nothing to top up with from now on.
	pub fn make_poor(payer: AccountId32) {
		Self::with(|state| state.poor.insert(payer));
	}

	/// `payer` has enough again.
	pub fn make_rich(payer: &AccountId32) {
		Self::with(|state| state.poor.remove(payer));
	}

	/// All that was paid to `payee`.
	pub fn paid_to(payee: &AccountId32) -> Balance {
		Self::with_records(|records| {
			records.values().filter_map(|record| record.paid.get(payee)).sum()
		})
	}

	/// All that is owed to `payee`.
	pub fn owed_to(payee: &AccountId32) -> Balance {
		Self::with_records(|records| {
			records.values().filter_map(|record| record.owed.get(payee)).sum()
		})
	}

	/// Held, paid, owed and refunded over all records: changes by [`deposit`](Self::deposit) alone.
	pub fn total() -> Balance {
		Self::with_records(|records| {
			let of = |record: &MockRecord| {
				let went = record.paid.values().chain(record.owed.values()).sum::<Balance>();
				record.held + record.refunded + went
			};
			records.values().map(of).sum()
		})
	}

	fn with_records<R>(f: impl FnOnce(&mut BTreeMap<EscrowId, MockRecord>) -> R) -> R {
		Self::with(|state| f(&mut state.records))
	}

	fn take(id: EscrowId, amount: Balance) -> DispatchResult {
		Self::with_records(|records| {
			let record = records
				.get_mut(&id)
				.filter(|record| !record.closed)
				.ok_or(DispatchError::Other("escrow missing"))?;
			ensure!(record.held >= amount, DispatchError::Other("escrow too low"));
			record.held -= amount;
			Ok(())
		})
	}
}

impl Escrow<AccountId32> for MockEscrow {
	fn split(from: EscrowId, to: EscrowId, amount: Balance) -> DispatchResult {
		Self::take(from, amount)?;
		// Between the runs of a benchmark storage is rolled back, and numbers of closed deals are given again.
		#[cfg(feature = "runtime-benchmarks")]
		Self::with_records(|records| records.entry(to).or_default().closed = false);
		Self::deposit(to, amount);
		Ok(())
	}

	fn top_up(to: EscrowId, payer: &AccountId32, amount: Balance) -> DispatchResult {
		let poor = Self::with(|state| state.poor.contains(payer));
		ensure!(!poor, DispatchError::Token(TokenError::FundsUnavailable));
		let open = Self::record(to).is_some_and(|record| !record.closed);
		ensure!(open, DispatchError::Other("escrow missing"));
		Self::deposit(to, amount);
		Ok(())
	}

	fn pay(from: EscrowId, payee: &AccountId32, amount: Balance) -> DispatchResult {
		Self::take(from, amount)?;
		Self::with(|state| {
			let record = state.records.entry(from).or_default();
			let refused = state.refused.contains(payee);
			let sums = if refused { &mut record.owed } else { &mut record.paid };
			*sums.entry(payee.clone()).or_default() += amount;
		});
		Ok(())
	}

	fn refund(from: EscrowId, amount: Balance) -> DispatchResult {
		Self::take(from, amount)?;
		Self::with_records(|records| records.entry(from).or_default().refunded += amount);
		Ok(())
	}

	fn close(id: EscrowId) -> Result<Balance, DispatchError> {
		let rest = Self::held(id);
		Self::refund(id, rest)?;
		Self::with_records(|records| records.entry(id).or_default().closed = true);
		Ok(rest)
	}

	fn held(id: EscrowId) -> Balance {
		Self::record(id).map_or(0, |record| record.held)
	}
}
