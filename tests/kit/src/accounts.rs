//! Accounts and amounts that tests speak of.

use sp_runtime::AccountId32;

/// One FLT in planks.
pub const FLT: u128 = 1_000_000_000_000_000_000;

/// One USDC in planks.
pub const USDC: u128 = 1_000_000;

/// The account whose bytes are all `byte`.
pub fn account(byte: u8) -> AccountId32 {
	AccountId32::new([byte; 32])
}

/// A provider.
pub fn provider() -> AccountId32 {
	account(1)
}

/// Another provider.
pub fn other_provider() -> AccountId32 {
	account(2)
}

/// The operator of the first provider's servers.
pub fn operator() -> AccountId32 {
	account(3)
}

/// A delegator.
pub fn delegator() -> AccountId32 {
	account(4)
}

/// A developer.
pub fn developer() -> AccountId32 {
	account(5)
}

/// Another developer.
pub fn other_developer() -> AccountId32 {
	account(6)
}

/// Somebody without a part in the matter.
pub fn stranger() -> AccountId32 {
	account(7)
}

/// Where slashed stake goes.
pub fn treasury() -> AccountId32 {
	account(8)
}
