//! Units of money and time, and the sizes that the runtime is built for.

use marketplace_primitives::Balance;

/// One FLT: 10^18 planks.
pub const FLT: Balance = 1_000_000_000_000_000_000;
/// One thousandth of an FLT.
pub const MILLI_FLT: Balance = FLT / 1_000;
/// One millionth of an FLT.
pub const MICRO_FLT: Balance = MILLI_FLT / 1_000;

/// One dollar of the stable asset: 10^6 planks.
pub const USDC: Balance = 1_000_000;
/// The stable asset's number in `pallet-assets`.
pub const USDC_ID: u32 = 1;

/// An account with less does not exist.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_FLT;

/// The deposit for `items` storage items of `bytes` bytes together.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
	items as Balance * 20 * MILLI_FLT + bytes as Balance * 100 * MICRO_FLT
}

/// The share of a block that ordinary transactions may use.
pub const NORMAL_SHARE: sp_runtime::Perbill = sp_runtime::Perbill::from_percent(75);
/// The weight of a block: two seconds of compute on the reference machine.
pub const BLOCK_REF_TIME: u64 = 2 * frame_support::weights::constants::WEIGHT_REF_TIME_PER_SECOND;
/// The size of a block in bytes.
pub const BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

/// At most so many validators.
pub const MAX_VALIDATORS: u32 = 100;
