//! The pool of rewards, against the price of FLT.

use super::*;
use proptest::prelude::*;

const CENT: Usd = DOLLAR / 100;

const RULES: PoolRules =
	PoolRules { min: 1, max: Balance::MAX, unit_usd: 5 * DOLLAR, step: Perbill::from_percent(10) };

/// Epochs until the pool is what it shall be, at one price.
fn epochs_until(target: Balance, mut pool: Balance, proven: u32, price: Usd) -> u32 {
	let mut epochs = 0;
	while pool != target {
		pool = next_pool(&RULES, pool, proven, Some(price));
		epochs += 1;
		assert!(epochs < 10_000);
	}
	epochs
}

#[test]
fn stake_is_worth_its_dollars_cut_to_seven_decimals() {
	let stake = |price| stake_per_unit(100 * DOLLAR, price);
	assert_eq!(stake(3 * DOLLAR), Some(33_333_333_300_000_000_000));
	assert_eq!(stake(4 * DOLLAR), Some(25 * FLT));
	assert_eq!(stake(20 * DOLLAR), Some(5 * FLT));
	assert_eq!(stake(5 * CENT), Some(2_000 * FLT));
	assert_eq!(stake_per_unit(DOLLAR, 50 * CENT), Some(2 * FLT));
}

#[test]
fn without_a_price_no_stake_is_known() {
	assert_eq!(stake_per_unit(100 * DOLLAR, 0), None);
	assert_eq!(stake_per_unit(0, 0), None);
}

#[test]
fn stake_beyond_128_bits_is_not_known() {
	assert_eq!(stake_per_unit(Usd::MAX, DOLLAR), None);
	assert_eq!(stake_per_unit(Usd::MAX / DOLLAR, 1), None);
}

#[test]
fn pool_falls_by_no_more_than_the_step() {
	// 10 units of 5 dollars are 2.5 FLT of 20 dollars.
	assert_eq!(next_pool(&RULES, 1_500 * FLT, 10, Some(20 * DOLLAR)), 1_350 * FLT);
	assert_eq!(next_pool(&RULES, 2_600_000_000_000_000_000, 10, Some(20 * DOLLAR)), FLT * 5 / 2);
}

/// In the contracts that this market follows, planks were compared with dollars, so the pool fell at this price
/// although its units earned 7.5 dollars instead of 1000.
#[test]
fn pool_rises_where_units_earn_too_little() {
	let rules = PoolRules { unit_usd: 1_000 * DOLLAR, ..RULES };
	assert_eq!(next_pool(&rules, 1_500 * FLT, 10, Some(5 * CENT)), 1_650 * FLT);
	// At 20 dollars they earn 3000 each.
	assert_eq!(next_pool(&rules, 1_500 * FLT, 10, Some(20 * DOLLAR)), 1_350 * FLT);
}

#[test]
fn pool_stays_without_units_or_price() {
	assert_eq!(next_pool(&RULES, 7 * FLT, 0, Some(DOLLAR)), 7 * FLT);
	assert_eq!(next_pool(&RULES, 7 * FLT, 10, None), 7 * FLT);
	assert_eq!(next_pool(&RULES, 7 * FLT, 10, Some(0)), 7 * FLT);
}

#[test]
fn bounds_hold_whatever_the_step() {
	let rules = PoolRules { min: 100 * FLT, max: 200 * FLT, ..RULES };
	assert_eq!(next_pool(&rules, 10 * FLT, 0, None), 100 * FLT);
	assert_eq!(next_pool(&rules, 1_000 * FLT, 0, None), 200 * FLT);
	assert_eq!(next_pool(&rules, 105 * FLT, 1, Some(DOLLAR)), 100 * FLT);
	assert_eq!(next_pool(&rules, 195 * FLT, 1_000, Some(DOLLAR)), 200 * FLT);
}

#[test]
fn a_step_is_rounded_towards_no_change() {
	assert_eq!(next_pool(&RULES, 19, 1, Some(Usd::MAX)), 18);
	assert_eq!(next_pool(&RULES, 19, 1, Some(1)), 20);
	assert_eq!(next_pool(&RULES, 9, 1, Some(1)), 9);
}

#[test]
fn no_number_is_too_large() {
	let rules = PoolRules { unit_usd: Usd::MAX, ..RULES };
	assert_eq!(next_pool(&rules, Balance::MAX, u32::MAX, Some(1)), Balance::MAX);
	assert_eq!(next_pool(&rules, Balance::MAX, u32::MAX, Some(Usd::MAX)), {
		Balance::MAX - RULES.step.mul_floor(Balance::MAX)
	});
}

proptest! {
	#[test]
	fn at_a_constant_price_the_pool_comes_to_pay_each_unit_its_dollars(
		proven in 1u32..100_000,
		price in CENT..1_000 * DOLLAR,
		ratio in 1.0f64..1_000.0,
		is_above: bool,
	) {
		let target = RULES.unit_usd * u128::from(proven) * FLT / price;
		let ratio = if is_above { ratio } else { ratio.recip() };
		let first = (target as f64 * ratio) as Balance;
		let epochs = f64::from(epochs_until(target, first, proven, price));
		let bound = (first as f64 / target as f64).ln().abs() / 1.1f64.ln();
		prop_assert!(epochs <= bound.ceil() + 1.0, "{epochs} epochs instead of {bound}");
		// What a unit earns then is worth its dollars, but for what is rounded.
		let earned = target / u128::from(proven) * price / FLT;
		prop_assert!(earned <= RULES.unit_usd && earned + 1 >= RULES.unit_usd);
	}

	#[test]
	fn pool_never_leaves_its_bounds_nor_jumps_within_them(
		min in 0u128..1 << 90,
		width in 0u128..1 << 90,
		previous in 0u128..1 << 100,
		proven: u32,
		price in proptest::option::of(any::<u128>()),
		unit_usd in 0u128..1 << 60,
		step in 0u32..=1_000_000_000,
	) {
		let step = Perbill::from_parts(step);
		let rules = PoolRules { min, max: min + width, unit_usd, step };
		let next = next_pool(&rules, previous, proven, price);
		prop_assert!((rules.min..=rules.max).contains(&next));
		if (rules.min..=rules.max).contains(&previous) {
			prop_assert!(next.abs_diff(previous) <= step.mul_floor(previous));
		}
	}

	#[test]
	fn stake_is_never_worth_more_than_its_dollars(
		usd in 0u128..1 << 60,
		price in 1u128..1 << 40,
	) {
		let stake = stake_per_unit(usd, price).unwrap();
		let (seventh, rest) = (stake / 100_000_000_000, stake % 100_000_000_000);
		prop_assert_eq!(rest, 0);
		prop_assert!(seventh * price <= usd * DOLLAR);
		prop_assert!((seventh + 1) * price > usd * DOLLAR);
	}
}
