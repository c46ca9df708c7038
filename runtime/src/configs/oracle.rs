//! What FLT is worth: the median of what named feeders told lately, moved in bounded steps.
//!
//! Feeders are named by root. One feeds with `Oracle::feed_values`, once per block at most; that is free
//! where it succeeds (the fee is held and given back) and paid for where it fails. Root may feed as
//! well and counts as one feeder more.
//!
//! `Oracle::values` keeps the last price for ever. [`FltPrice`] is what tells whether it is fresh.

use crate::{
	constants::{FLT, USDC_ID},
	AccountId, Balance, Feeders, Oracle, Runtime, RuntimeEvent, Timestamp,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, SortedMembers},
	weights::Weight,
	PalletId,
};
use frame_system::EnsureRoot;
use marketplace_primitives::{FltValue, PaymentAsset, PriceFeed, Usd};
use pallet_membership::Instance2;
use pallet_oracle::{CombineData, TimestampedValue, WeightInfo};
use scale_info::TypeInfo;
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Perbill, Rounding};

/// At most so many feeders.
pub const MAX_FEEDERS: u32 = 16;
/// Milliseconds for which a fed value counts, and for which the price that came of it does: nothing is priced
/// with what was fed more than an hour ago, a quarter of a live epoch.
pub const FRESH_MILLIS: u64 = 30 * 60 * 1_000;
/// Milliseconds between two changes of the price at least, however often feeders feed.
pub const STEP_MILLIS: u64 = 60 * 1_000;
/// The price changes by so much of itself at most, but can always change by the smallest [`Usd`].
pub const STEP: Perbill = Perbill::from_percent(10);

/// Planks of FLT times ten-millionths of a dollar in the value of one plank of the stable asset, which
/// is a millionth of a dollar.
const FLT_PER_USDC_PLANK: u128 = 10 * FLT;

parameter_types! {
	/// Keyless: under whose name root's values are kept.
	pub const OraclePalletId: PalletId = PalletId(*b"mkt/orcl");
}

/// Who feeds the price, edited by root. Values of those who leave are forgotten.
impl pallet_membership::Config<Instance2> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type AddOrigin = EnsureRoot<AccountId>;
	type RemoveOrigin = EnsureRoot<AccountId>;
	type SwapOrigin = EnsureRoot<AccountId>;
	type ResetOrigin = EnsureRoot<AccountId>;
	type PrimeOrigin = EnsureRoot<AccountId>;
	type MembershipInitialized = ();
	type MembershipChanged = Oracle;
	type MaxMembers = ConstU32<MAX_FEEDERS>;
	type WeightInfo = pallet_membership::weights::SubstrateWeight<Runtime>;
}

impl pallet_oracle::Config for Runtime {
	type OnNewData = ();
	type CombineData = BoundedMedian;
	type Time = Timestamp;
	type OracleKey = PriceKey;
	type OracleValue = Usd;
	type PalletId = OraclePalletId;
	type Members = Feeders;
	type WeightInfo = OracleWeight;
	// All feeders and root.
	type MaxHasDispatchedSize = ConstU32<{ MAX_FEEDERS + 1 }>;
	type MaxFeedValues = ConstU32<1>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

/// What is asked for.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum PriceKey {
	/// USD per FLT, in ten-millionths of a dollar, not zero.
	#[codec(index = 0)]
	FltUsd,
}

/// A value, and the time in milliseconds at which it was fed or combined.
type Stamped = TimestampedValue<Usd, u64>;

/// The weights that the pallet comes with, which know of one feeder and of values that do not become a
/// price, and what more feeders and a price add.
pub struct OracleWeight;

impl WeightInfo for OracleWeight {
	fn feed_values(values: u32) -> Weight {
		let database = <Runtime as frame_system::Config>::DbWeight::get();
		// Every feeder's value is read; root's is the one that is counted already.
		let more = database.reads_writes(u64::from(MAX_FEEDERS), 1);
		pallet_oracle::weights::SubstrateWeight::<Runtime>::feed_values(values)
			.saturating_add(more.saturating_mul(u64::from(values)))
	}

	fn on_finalize() -> Weight {
		pallet_oracle::weights::SubstrateWeight::<Runtime>::on_finalize()
	}
}

/// Makes a price of what was fed: the median of the fresh values (of an even number the lower of the two in
/// the middle) where more than half as many are fresh as there are feeders, at most a [`STEP`] away from
/// the last price, and not within [`STEP_MILLIS`] of it.
///
/// The bound holds for stale prices as well: after a silence the price walks to where the median is.
/// Zero is no price and is ignored.
pub struct BoundedMedian;

impl CombineData<PriceKey, Stamped> for BoundedMedian {
	fn combine_data(_: &PriceKey, fed: Vec<Stamped>, last: Option<Stamped>) -> Option<Stamped> {
		combine(Timestamp::get(), Feeders::count(), &fed, last)
	}
}

/// The price that `fed` makes of the last one at `now`, for so many feeders; `None` leaves it as it is.
fn combine(now: u64, feeders: usize, fed: &[Stamped], last: Option<Stamped>) -> Option<Stamped> {
	let mut fresh: Vec<Usd> =
		fed.iter().filter(|at| at.value > 0 && is_fresh(at, now)).map(|at| at.value).collect();
	if fresh.len() <= feeders / 2 {
		return None;
	}
	let median = lower_median(&mut fresh)?;
	let value = match last {
		Some(last) if now < last.timestamp.saturating_add(STEP_MILLIS) => return None,
		Some(last) => step(last.value, median),
		None => median,
	};
	Some(TimestampedValue { value, timestamp: now })
}

fn lower_median(values: &mut [Usd]) -> Option<Usd> {
	values.sort_unstable();
	values.get(values.len().checked_sub(1)? / 2).copied()
}

/// From `last` towards `to`, rounded towards `last`.
fn step(last: Usd, to: Usd) -> Usd {
	let most = STEP.mul_floor(last).max(1);
	to.clamp(last.saturating_sub(most), last.saturating_add(most))
}

fn is_fresh(at: &Stamped, now: u64) -> bool {
	now < at.timestamp.saturating_add(FRESH_MILLIS)
}

/// The price of FLT and what payment assets are worth by it. One storage item and the time are read.
pub struct FltPrice;

impl PriceFeed for FltPrice {
	/// `None` before the first price and [`FRESH_MILLIS`] after the last change that enough feeders made.
	fn flt_price() -> Option<Usd> {
		let price = Oracle::get(&PriceKey::FltUsd)?;
		is_fresh(&price, Timestamp::get()).then_some(price.value)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(price: Usd) {
		let price = TimestampedValue { value: price, timestamp: Timestamp::get() };
		pallet_oracle::Values::<Runtime>::insert(PriceKey::FltUsd, price);
	}
}

impl FltValue for FltPrice {
	/// The stable asset counts as dollars, whatever it trades at; other assets have no known value.
	fn in_flt(asset: &PaymentAsset, amount: Balance) -> Option<Balance> {
		match asset {
			PaymentAsset::Native => Some(amount),
			PaymentAsset::WithId(USDC_ID) => usdc_in_flt(amount, Self::flt_price()?),
			PaymentAsset::WithId(_) => None,
		}
	}
}

/// Planks of FLT that `amount` planks of the stable asset buy at `price`, rounded down; `None` where
/// they exceed 128 bits or the price is zero.
fn usdc_in_flt(amount: Balance, price: Usd) -> Option<Balance> {
	multiply_by_rational_with_rounding(amount, FLT_PER_USDC_PLANK, price, Rounding::Down)
}

#[cfg(test)]
mod tests;
