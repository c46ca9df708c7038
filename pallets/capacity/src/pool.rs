//! What units earn and stake, as the price of FLT has it.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Usd};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Perbill, Rounding};

/// One dollar.
const DOLLAR: Usd = 10_000_000;

/// One FLT in planks.
const FLT: Balance = 1_000_000_000_000_000_000;

/// How the pool of rewards follows the price of FLT.
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
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoolRules {
	/// The least that the units of an epoch earn together, planks. From less than one plank by the step the pool
	/// does not grow by itself.
	pub min: Balance,
	/// The most, planks.
	pub max: Balance,
	/// What a unit shall earn per epoch, USD with 7 decimals.
	pub unit_usd: Usd,
	/// The greatest change from one epoch to the next.
	pub step: Perbill,
}

/// What all units of an epoch in which `proven` were proven earn together, planks, where it was `previous` in
/// the epoch before and an FLT costs `price`: as much as pays each unit its dollars, but no more than one
/// step away, and within the bounds. Without units or a price it stays, within the bounds.
pub fn next_pool(rules: &PoolRules, previous: Balance, proven: u32, price: Option<Usd>) -> Balance {
	let wanted = price
		.filter(|price| *price > 0 && proven > 0)
		.map_or(previous, |price| wanted(rules.unit_usd, proven, price));
	let down = previous.saturating_sub(rules.step.mul_floor(previous));
	let up = previous.saturating_add(rules.step.mul_floor(previous));
	wanted.max(down).min(up).max(rules.min).min(rules.max)
}

/// `proven` units' dollars in planks, rounded down.
fn wanted(unit_usd: Usd, proven: u32, price: Usd) -> Balance {
	let usd = unit_usd.saturating_mul(Usd::from(proven));
	multiply_by_rational_with_rounding(usd, FLT, price, Rounding::Down).unwrap_or(Balance::MAX)
}

/// The stake of a unit in planks where it shall be worth `usd` and an FLT costs `price`, cut to 7 decimals of
/// FLT; `None` without a price, or beyond 128 bits.
pub fn stake_per_unit(usd: Usd, price: Usd) -> Option<Balance> {
	let flt = usd.checked_mul(DOLLAR)?.checked_div(price)?;
	flt.checked_mul(FLT.checked_div(DOLLAR)?)
}

#[cfg(test)]
#[path = "tests/pool.rs"]
mod tests;
