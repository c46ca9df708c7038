//! What everybody earns in the story, reckoned by hand.

use crate::{percent, FLT};
use marketplace_primitives::Balance;
use marketplace_scenarios::acts::{DOLLAR, MOST_REWARD};
use pallet_capacity::{MarketParameters, PoolRules};

/// What all units of an epoch earn together: ten FLT at first, then at most a tenth more or less than in the
/// epoch before, towards 2.5 FLT (five dollars) per unit proven.
mod pools {
	use super::*;
	/// Nothing was proven in the first epoch, then five units, which shall earn 12.5.
	pub const SECOND: Balance = 11 * FLT;
	/// Two units, one of them forged, which shall earn five.
	pub const THIRD: Balance = 99 * FLT / 10;
	/// None but forged; then three units, which shall earn 7.5.
	pub const FIFTH: Balance = 8_019 * FLT / 1_000;
	/// One unit, which shall earn 2.5.
	pub const SIXTH: Balance = 72_171 * FLT / 10_000;
}

/// The settings that these numbers follow from.
pub fn settings(parameters: &mut MarketParameters) {
	let (min, max) = (FLT, 1_000 * FLT);
	parameters.first_pool = 10 * FLT;
	parameters.pool = PoolRules { min, max, unit_usd: 5 * DOLLAR, step: percent(10) };
}

/// What everybody earns in all.
pub struct Rewards {
	pub north_of_large: Balance,
	/// What of it is unlocked in epoch 6: half of what epoch 5 earned is not.
	pub north_of_large_early: Balance,
	pub north_of_small: Balance,
	pub south: Balance,
	pub delegator_of_large: Balance,
	pub delegator_of_southern: Balance,
}

impl Rewards {
	pub fn reckon() -> Self {
		let unit = |pool: Balance, proven: Balance| (pool / proven).min(MOST_REWARD);
		let second = unit(pools::SECOND, 5);
		let third = unit(pools::THIRD, 2);
		let fifth = unit(pools::FIFTH, 3);
		let sixth = unit(pools::SIXTH, 1);

		let fees = (2 * second / 10, 2 * fifth / 10);
		let shared = (2 * second - fees.0, 2 * fifth - fees.1);
		// A tenth of the stake is the provider's.
		let north_of_large = fees.0 + fees.1 + (shared.0 + shared.1) / 10;
		let north_of_large_early = fees.0 + fees.1 / 2 + (shared.0 + shared.1 / 2) / 10;
		let delegator_of_large = (shared.0 + shared.1) * 9 / 10;

		let north_of_small = second + third + sixth;

		let fees = 2 * second / 20 + fifth / 20;
		let shared = 2 * second - 2 * second / 20 + fifth - fifth / 20;
		// A quarter of the stake is the provider's.
		let (south, delegator_of_southern) = (fees + shared / 4, shared * 3 / 4);
		Self {
			north_of_large,
			north_of_large_early,
			north_of_small,
			south,
			delegator_of_large,
			delegator_of_southern,
		}
	}
}

/// What a commitment's units earned in epoch 2, if so many of them proved.
pub fn second_epoch(units: Balance) -> Balance {
	units * pools::SECOND / 5
}
