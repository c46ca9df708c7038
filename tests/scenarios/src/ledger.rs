//! What everybody must have: an account of the money that is kept apart from the chain and knows
//! nothing of how the pallets reckon.

use crate::actors::{account, Key};
use frame_support::traits::fungibles::{hold::Inspect as _, Inspect as _};
use marketplace_primitives::Balance;
use marketplace_runtime::{
	configs::TreasuryAccount,
	constants::{FLT, USDC, USDC_ID},
	AccountId, Assets, AssetsHolder, Balances, System,
};
use std::collections::BTreeMap;

/// A kind of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coin {
	/// The native one, 18 decimals.
	Flt,
	/// The dollar of the presets, 6 decimals.
	Usdc,
}

/// What an account has of a coin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
	/// To spend.
	pub free: Balance,
	/// Its own, but held.
	pub held: Balance,
}

/// The expected balances.
pub struct Ledger {
	purses: BTreeMap<(AccountId, Coin), Purse>,
}

impl Default for Ledger {
	/// What the presets give.
	fn default() -> Self {
		let mut purses = BTreeMap::new();
		for key in Key::well_known() {
			let purse = |free| Purse { free, held: 0 };
			purses.insert((account(key), Coin::Flt), purse(1_000_000 * FLT));
			purses.insert((account(key), Coin::Usdc), purse(1_000_000 * USDC));
		}
		// An existential deposit, so that the smallest slash arrives.
		let treasury = Purse { free: FLT / 1_000, held: 0 };
		purses.insert((TreasuryAccount::get(), Coin::Flt), treasury);
		Self { purses }
	}
}

impl Ledger {
	/// What everybody with a key, the treasury, and `others` have now, for stories that look from here on.
	pub fn now(others: &[AccountId]) -> Self {
		let keys = Key::well_known().map(account);
		let accounts = keys.chain([TreasuryAccount::get()]).chain(others.iter().cloned());
		let purse = |who: AccountId, coin| {
			let purse = on_chain(&who, coin);
			((who, coin), purse)
		};
		let purses = accounts
			.flat_map(|who| [purse(who.clone(), Coin::Flt), purse(who, Coin::Usdc)])
			.collect();
		Self { purses }
	}

	/// What an account must have.
	pub fn purse(&self, who: &AccountId, coin: Coin) -> Purse {
		self.purses.get(&(who.clone(), coin)).copied().unwrap_or_default()
	}

	fn change(&mut self, who: &AccountId, coin: Coin, change: impl FnOnce(&mut Purse)) {
		change(self.purses.entry((who.clone(), coin)).or_default());
	}

	/// `amount` of what `who` has is held from now on.
	pub fn hold(&mut self, who: &AccountId, coin: Coin, amount: Balance) {
		self.change(who, coin, |purse| {
			purse.free -= amount;
			purse.held += amount;
		});
	}

	/// `amount` of what `who` has is held no more.
	pub fn release(&mut self, who: &AccountId, coin: Coin, amount: Balance) {
		self.change(who, coin, |purse| {
			purse.held -= amount;
			purse.free += amount;
		});
	}

	/// Free money moves.
	pub fn transfer(&mut self, from: &AccountId, to: &AccountId, coin: Coin, amount: Balance) {
		self.change(from, coin, |purse| purse.free -= amount);
		self.change(to, coin, |purse| purse.free += amount);
	}

	/// Held money of one becomes free money of another.
	pub fn pay(&mut self, from: &AccountId, to: &AccountId, coin: Coin, amount: Balance) {
		self.change(from, coin, |purse| purse.held -= amount);
		self.change(to, coin, |purse| purse.free += amount);
	}

	/// New FLT.
	pub fn mint(&mut self, to: &AccountId, amount: Balance) {
		self.change(to, Coin::Flt, |purse| purse.free += amount);
	}

	/// Compares every balance and both supplies with the chain, to the plank.
	#[track_caller]
	pub fn check(&self) {
		let mut sums = BTreeMap::<Coin, Balance>::new();
		for ((who, coin), purse) in &self.purses {
			let block = System::block_number();
			assert_eq!(on_chain(who, *coin), *purse, "{coin:?} of {who} in block {block}");
			*sums.entry(*coin).or_default() += purse.free + purse.held;
		}
		assert_eq!(sums[&Coin::Flt], Balances::total_issuance(), "someone else has FLT");
		assert_eq!(sums[&Coin::Usdc], Assets::total_issuance(USDC_ID), "someone else has USDC");
	}
}

/// What an account has.
pub fn on_chain(who: &AccountId, coin: Coin) -> Purse {
	match coin {
		Coin::Flt => {
			let data = System::account(who).data;
			Purse { free: data.free, held: data.reserved }
		},
		Coin::Usdc => Purse {
			free: <Assets as frame_support::traits::fungibles::Inspect<_>>::balance(USDC_ID, who),
			held: AssetsHolder::total_balance_on_hold(USDC_ID, who),
		},
	}
}
