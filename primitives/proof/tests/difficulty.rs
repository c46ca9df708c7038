//! The odds of an honest unit.

use marketplace_proof::difficulty::{
	affordable_miss, expected_hashes, expected_slots, miss_probability, needed_slots, over_claim,
	slash_probability, Setting,
};
use proptest::prelude::*;

fn assert_close(left: f64, right: f64, relative: f64) {
	assert!((left - right).abs() <= relative * right.abs(), "{left} is not {right}");
}

/// `2^256 / hashes`, for powers of two, less one.
fn target(bits: u32) -> [u8; 32] {
	let mut target = [0xff; 32];
	for bit in 0..bits {
		target[(bit / 8) as usize] &= !(0x80 >> (bit % 8));
	}
	target
}

/// Epochs of four hours, one core, a proof in 262,144 hashes.
fn setting() -> Setting {
	Setting { slots: 32, target: target(18), epoch: 14_400.0, setup: 200.0, budget: 4, period: 50 }
}

#[test]
fn proof_takes_the_hashes_that_its_target_says() {
	assert_eq!(expected_hashes(&[0xff; 32]), 1.0);
	assert_eq!(expected_hashes(&target(1)), 2.0);
	assert_eq!(expected_hashes(&target(18)), 262_144.0);
	assert_eq!(expected_hashes(&[0; 32]), 2f64.powi(256));
}

#[test]
fn expected_slots_are_hashes_by_hashes_per_proof() {
	assert_eq!(expected_slots(1_024.0, 512.0, &target(18)), 2.0);
	assert_eq!(expected_slots(1_024.0, -1.0, &target(18)), 0.0);
}

#[test]
fn table_of_the_research_is_reproduced() {
	let table = [
		(1, 6.9),
		(2, 9.2),
		(5, 14.8),
		(8, 19.6),
		(16, 31.2),
		(32, 52.4),
		(64, 91.6),
		(128, 165.8),
	];
	for (slots, lambda) in table {
		assert!((needed_slots(1e-3, slots) - lambda).abs() <= 0.05, "{slots}");
	}
	let over_claims =
		[(1, 4.6), (2, 3.3), (5, 2.3), (8, 2.0), (16, 1.67), (32, 1.46), (64, 1.31), (128, 1.22)];
	for (slots, factor) in over_claims {
		let found = over_claim(needed_slots(1e-2, slots), slots);
		assert!((found - factor).abs() <= 0.05, "{slots}: {found}");
	}
}

#[test]
fn one_slot_is_missed_with_e_to_the_minus_lambda() {
	for lambda in [1e-6f64, 0.5, 1.0, 20.0, 700.0] {
		assert_close(miss_probability(lambda, 1), (-lambda).exp(), 1e-12);
	}
	assert_close(miss_probability(2.0, 3), 5.0 * (-2f64).exp(), 1e-14);
}

#[test]
fn nothing_to_find_is_never_missed_and_no_time_always_misses() {
	assert_eq!(miss_probability(1.0, 0), 0.0);
	assert_eq!(miss_probability(0.0, 1), 1.0);
	assert_eq!(miss_probability(1e5, 1), 0.0);
	assert_close(miss_probability(1.0, 1_000_000), 1.0, 1e-15);
}

#[test]
fn large_numbers_come_close_to_the_normal_distribution() {
	// Its median lies 1/3 below the mean: half a step and the skewness of 1/sqrt(lambda) / 6.
	let expected = 0.5 - (1.0 / 3.0) / (2.0 * std::f64::consts::PI * 1e5).sqrt();
	assert_close(miss_probability(1e5, 100_000), expected, 1e-6);
	// Three deviations below it, less what the skewness takes.
	let three = miss_probability(1e5, 100_000 - 949);
	assert!((0.00130..0.00136).contains(&three), "{three}");
}

#[test]
fn miss_probability_is_that_of_exact_arithmetic() {
	// The sums of decimal fractions of 60 digits.
	let exact = [
		(52.5, 32, 9.405838397192611e-04),
		(20.0, 17, 2.21074201554441e-01),
		(1_000.0, 800, 2.571573558540971e-11),
		(67.5, 4, 2.59611074466002e-25),
		(30_000.0, 28_000, 7.971659606860493e-32),
		(100_000.0, 98_000, 1.098642497572984e-10),
		(100_000.0, 100_500, 9.428058238918974e-01),
	];
	for (lambda, slots, expected) in exact {
		assert_close(miss_probability(lambda, slots), expected, 1e-11);
	}
}

#[test]
fn both_ways_to_sum_meet() {
	for lambda in [15.5f64, 16.5, 100.5, 9_999.5, 99_999.5] {
		let below = miss_probability(lambda, lambda.ceil() as u32);
		let above = miss_probability(lambda, lambda.ceil() as u32 + 1);
		let exact: f64 = {
			let k = lambda.ceil();
			let logs: f64 = (1..=k as u32).map(|i| (lambda / f64::from(i)).ln()).sum();
			(logs - lambda).exp()
		};
		assert_close(above - below, exact, 1e-8);
	}
}

/// The chain step by step from the full allowance, until it forgot that. Every level keeps half of what it has,
/// which changes nothing in the end but that levels do not recur with the period.
fn by_iteration(miss: f64, budget: usize, period: usize) -> f64 {
	let cap = budget * period;
	let mut levels = vec![0.0; cap + 1];
	levels[cap] = 1.0;
	let mut slashed = 0.0;
	for _ in 0..20_000 {
		let mut next: Vec<f64> = levels.iter().map(|part| part / 2.0).collect();
		slashed = 0.0;
		for (level, part) in levels.iter().enumerate() {
			let grown = cap.min(level + 1);
			let pays = grown >= period;
			let left = if pays { grown - period } else { grown };
			next[grown] += part / 2.0 * (1.0 - miss);
			next[left] += part / 2.0 * miss;
			slashed += if pays { 0.0 } else { part * miss };
		}
		// Rounding makes the whole drift away from one.
		let whole: f64 = next.iter().sum();
		levels = next.iter().map(|part| part / whole).collect();
	}
	slashed
}

#[test]
fn slash_probability_is_that_of_a_chain_solved_by_hand() {
	// Levels 4 to 0 of the allowance weigh 1, 1, 2, 2, 1 where every second epoch is missed; only the
	// lowest cannot pay.
	assert_close(slash_probability(0.5, 2, 2), 1.0 / 14.0, 1e-14);
	// In general, with r = p / (1 - p): 1, r, r(1 + r), r²(1 + r), p r²(1 + r).
	for p in [1e-9, 0.01, 0.3, 0.9] {
		let r = p / (1.0 - p);
		let levels = [1.0, r, r * (1.0 + r), r * r * (1.0 + r), p * r * r * (1.0 + r)];
		let expected = p * levels[4] / levels.iter().sum::<f64>();
		assert_close(slash_probability(p, 2, 2), expected, 1e-13);
	}
}

#[test]
fn slash_probability_is_that_of_the_iterated_chain() {
	for (budget, period) in [(2, 1), (2, 2), (2, 5), (3, 7), (4, 10), (8, 10)] {
		for miss in [0.01, 0.05, 0.2, 0.5, 0.95] {
			let iterated = by_iteration(miss, budget, period);
			let solved = slash_probability(miss, budget as u32, period as u32);
			assert!((solved - iterated).abs() <= 1e-12, "{budget} {period} {miss}");
			assert!((solved - iterated).abs() <= 1e-9 * iterated, "{budget} {period} {miss}");
		}
	}
}

#[test]
fn slash_probability_is_what_a_simulation_counts() {
	let mut state = 7u64;
	let mut random = || {
		// SplitMix64.
		state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
		let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
		let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
		(mixed ^ (mixed >> 31)) as f64 / 2f64.powi(64)
	};
	let (budget, period, miss) = (2u32, 8u32, 0.1);
	let mut level = budget * period;
	let mut slashed = 0u32;
	let epochs = 2_000_000u32;
	for _ in 0..epochs {
		level = (level + 1).min(budget * period);
		if random() < miss {
			match level.checked_sub(period) {
				Some(rest) => level = rest,
				None => slashed += 1,
			}
		}
	}
	let counted = f64::from(slashed) / f64::from(epochs);
	assert_close(counted, slash_probability(miss, budget, period), 0.03);
}

#[test]
fn slash_probability_keeps_to_its_limits() {
	assert_eq!(slash_probability(0.0, 2, 10), 0.0);
	assert_eq!(slash_probability(0.3, 2, 1), 0.0);
	assert_eq!(slash_probability(1.0, 2, 10), 0.9);
	assert_close(slash_probability(1.0 - 1e-13, 2, 10), 0.9, 1e-9);
	// More misses than are regained: what is not regained is slashed.
	assert_close(slash_probability(0.5, 8, 100), 0.49, 1e-9);
	// So rare that no float holds the levels between.
	assert_eq!(slash_probability(1e-60, 8, 100), 0.0);
	// To begin a tail: a miss when the allowance has just been spent by `budget` others.
	assert!(slash_probability(1e-6, 4, 10) < 1e-24);
	assert!(slash_probability(1e-6, 4, 10) > 1e-30);
}

#[test]
fn slowest_speed_is_slashed_as_rarely_as_was_asked() {
	let setting = setting();
	let slowest = setting.slowest(1e-6);
	let odds = setting.odds(slowest);
	assert_close(odds.slash, 1e-6, 1e-6);
	assert_close(odds.lambda, slowest * 14_200.0 / 262_144.0, 1e-12);
	assert_close(odds.over_claim, odds.lambda / 32.0, 1e-12);
	assert_close(odds.miss, affordable_miss(1e-6, 4, 50), 1e-6);
	assert!(setting.odds(slowest * 1.01).slash < 1e-6);
	assert!(setting.odds(slowest * 0.99).slash > 1e-6);
}

#[test]
fn day_of_misses_regained_in_six_weeks_lets_a_core_of_900_hashes_per_second_live() {
	// A proof in 273,000 hashes: 2^256 / 273,000, of which the first digits decide.
	let mut target = [0; 32];
	target[..8].copy_from_slice(&((1u128 << 64) / 273_000).to_be_bytes()[8..]);
	let setting = Setting { target, budget: 6, period: 42, ..setting() };
	let odds = setting.odds(900.0);
	assert!(odds.slash < 1e-6, "{odds:?}");
	assert!(odds.over_claim < 1.47, "{odds:?}");
	assert!((890.0..900.0).contains(&setting.slowest(1e-6)));
}

#[test]
fn light_cores_make_up_for_their_speed_with_their_number() {
	// 32 slots of 262,144 hashes in 14,400 s: 582.5 hashes per second.
	assert_close(setting().light_cores(20.0), 29.127_1, 1e-5);
}

proptest! {
	#[test]
	fn more_time_misses_less_and_more_slots_miss_more(
		lambda in 0.1..2_000.0f64,
		more in 1.0..2.0f64,
		slots in 1..1_024u32,
	) {
		let miss = miss_probability(lambda, slots);
		prop_assert!((0.0..=1.0 + 1e-12).contains(&miss));
		prop_assert!(miss_probability(lambda * more, slots) <= miss + 1e-12);
		prop_assert!(miss_probability(lambda, slots + 1) >= miss - 1e-12);
	}

	#[test]
	fn larger_allowances_slash_less_and_more_misses_more(
		miss in 1e-4..0.9f64,
		more in 1.0..1.1f64,
		budget in 2..7u32,
		period in 2..40u32,
	) {
		let slash = slash_probability(miss, budget, period);
		let above = slash * (1.0 + 1e-9);
		prop_assert!(slash <= miss);
		prop_assert!(slash_probability(miss, budget + 1, period) <= above);
		prop_assert!(slash <= slash_probability(miss, budget, period + 1) * (1.0 + 1e-9));
		prop_assert!(slash <= slash_probability(miss * more, budget, period) * (1.0 + 1e-9));
	}

	#[test]
	fn proofs_of_few_hashes_are_missed_less_than_poisson_says(
		hashes in 40..400u32,
		bits in 1..4i32,
		slots in 1..9u32,
	) {
		// Each hash is a proof with probability `p`: fewer than `slots` of `hashes`.
		let p = 0.5f64.powi(bits);
		let mut term = (1.0 - p).powi(hashes as i32);
		let mut miss = 0.0;
		for i in 0..slots {
			miss += term;
			term *= f64::from(hashes - i) / f64::from(i + 1) * p / (1.0 - p);
		}
		let lambda = f64::from(hashes) * p;
		if f64::from(slots) <= lambda {
			prop_assert!(miss <= miss_probability(lambda, slots) * (1.0 + 1e-12));
		}
	}
}
