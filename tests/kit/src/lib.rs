//! What the tests of all pallets share: accounts, and an in-memory mock of each market trait.
//!
//! The mocks keep their state per test thread. [`reset`] clears it; `new_test_ext` of each pallet's
//! mock calls it first. They are small but honest: a reserved unit is no longer available, a split
//! moves escrow, so that a pallet tested on them meets the refusals that it meets in the runtime.

pub mod accounts;
pub mod mocks;

pub use accounts::*;
pub use mocks::{
	placed, reset, MockBook, MockDeals, MockEscrow, MockIncome, MockOffers, MockPrice,
	MockRegistry, MockUnits, MockWatch,
};

/// Implements a plain `frame_system` and `pallet_balances` for a mock runtime whose pallets are named
/// `System` and `Balances`. Existential deposit: 1 plank.
#[macro_export]
macro_rules! system_and_balances {
	($runtime:ty, $block:ty) => {
		#[frame_support::derive_impl(frame_system::config_preludes::TestDefaultConfig)]
		impl frame_system::Config for $runtime {
			type AccountId = sp_runtime::AccountId32;
			type Lookup = sp_runtime::traits::IdentityLookup<Self::AccountId>;
			type Nonce = u32;
			type Block = $block;
			type AccountData = pallet_balances::AccountData<u128>;
		}

		#[frame_support::derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
		impl pallet_balances::Config for $runtime {
			type Balance = u128;
			type ExistentialDeposit = frame_support::traits::ConstU128<1>;
			type AccountStore = System;
			type RuntimeHoldReason = RuntimeHoldReason;
		}
	};
}
