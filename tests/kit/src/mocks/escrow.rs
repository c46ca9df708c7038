use super::state;
use frame_support::ensure;
use marketplace_primitives::{Balance, Escrow, EscrowId};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};
use std::collections::BTreeMap;

/// One escrow record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MockRecord {
	/// What it holds.
	pub held: Balance,
	/// What it paid, by payee.
	pub paid: BTreeMap<AccountId32, Balance>,
	/// What it gave back to the developer.
	pub refunded: Balance,
	/// Whether it is closed.
	pub closed: bool,
}

/// Escrow in memory. Records stay readable after they are closed.
pub struct MockEscrow;

state!(MockEscrow, BTreeMap<EscrowId, MockRecord>, ESCROW);

impl MockEscrow {
	/// Holds `amount` more for the record.
	pub fn deposit(id: EscrowId, amount: Balance) {
		Self::with(|records| records.entry(id).or_default().held += amount);
	}

	/// The record, if there ever was one.
	pub fn record(id: EscrowId) -> Option<MockRecord> {
		Self::with(|records| records.get(&id).cloned())
	}

	/// All that was paid to `payee`.
	pub fn paid_to(payee: &AccountId32) -> Balance {
		Self::with(|records| records.values().filter_map(|record| record.paid.get(payee)).sum())
	}

	/// Held, paid and refunded over all records: changes by [`deposit`](Self::deposit) alone.
	pub fn total() -> Balance {
		Self::with(|records| {
			let of = |record: &MockRecord| {
				record.held + record.refunded + record.paid.values().sum::<Balance>()
			};
			records.values().map(of).sum()
		})
	}

	fn take(id: EscrowId, amount: Balance) -> DispatchResult {
		Self::with(|records| {
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
		Self::deposit(to, amount);
		Ok(())
	}

	fn pay(from: EscrowId, payee: &AccountId32, amount: Balance) -> DispatchResult {
		Self::take(from, amount)?;
		Self::with(|records| {
			*records.entry(from).or_default().paid.entry(payee.clone()).or_default() += amount;
		});
		Ok(())
	}

	fn refund(from: EscrowId, amount: Balance) -> DispatchResult {
		Self::take(from, amount)?;
		Self::with(|records| records.entry(from).or_default().refunded += amount);
		Ok(())
	}

	fn close(id: EscrowId) -> Result<Balance, DispatchError> {
		let rest = Self::held(id);
		Self::refund(id, rest)?;
		Self::with(|records| records.entry(id).or_default().closed = true);
		Ok(rest)
	}

	fn held(id: EscrowId) -> Balance {
		Self::record(id).map_or(0, |record| record.held)
	}
}
