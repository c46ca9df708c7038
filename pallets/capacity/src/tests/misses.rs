//! The allowance of misses against the loop that defines it.

use super::*;
use proptest::prelude::*;

const RULES: MissRules = MissRules { budget: 4, period: 10 };

/// One epoch, as it is defined.
fn step(rules: MissRules, units: u32, level: u64, missed: u32) -> Misses {
	let grown = (u128::from(level) + u128::from(units)).min(u128::from(rules.full(units)));
	let covered = u128::from(missed).min(grown / u128::from(rules.period));
	Misses {
		level: u64::try_from(grown - covered * u128::from(rules.period)).unwrap(),
		excess: u64::from(missed) - u64::try_from(covered).unwrap(),
	}
}

/// Epoch by epoch.
fn by_loop(rules: MissRules, units: u32, level: u64, epochs: u32, missed: u32) -> Misses {
	(0..epochs).fold(Misses { level, excess: 0 }, |before, _| {
		let now = step(rules, units, before.level, missed);
		Misses { level: now.level, excess: before.excess + now.excess }
	})
}

#[test]
fn allowance_is_budget_times_period_per_unit() {
	assert_eq!(RULES.full(1), 40);
	assert_eq!(RULES.full(64), 2_560);
	assert_eq!(RULES.full(0), 0);
}

#[test]
fn allowance_that_does_not_fit_is_the_largest_that_does() {
	let rules = MissRules { budget: u32::MAX, period: u32::MAX };
	assert_eq!(rules.full(64), u64::MAX);
}

#[test]
fn no_epochs_change_nothing() {
	assert_eq!(RULES.after(1, 17, 0, 1), Misses { level: 17, excess: 0 });
}

#[test]
fn units_regain_one_miss_per_period_up_to_the_budget() {
	assert_eq!(RULES.after(3, 0, 10, 0), Misses { level: 30, excess: 0 });
	assert_eq!(RULES.after(3, 0, 40, 0), Misses { level: 120, excess: 0 });
	assert_eq!(RULES.after(3, 0, u32::MAX, 0), Misses { level: 120, excess: 0 });
}

#[test]
fn full_budget_forgives_as_many_misses_in_a_row() {
	assert_eq!(RULES.after(1, 40, 4, 1), Misses { level: 3, excess: 0 });
	assert_eq!(RULES.after(1, 40, 5, 1), Misses { level: 4, excess: 1 });
	assert_eq!(RULES.first_excess(1, 40, 100, 1, 1), Some(5));
}

#[test]
fn unit_that_always_misses_is_forgiven_once_per_period() {
	// 40 parts and one more in each epoch but the first, which is full already: 139 of them.
	assert_eq!(RULES.after(1, 40, 100, 1), Misses { level: 9, excess: 87 });
	assert_eq!(RULES.first_excess(1, 40, 100, 1, 87), Some(100));
	assert_eq!(RULES.first_excess(1, 40, 100, 1, 88), None);
}

#[test]
fn units_of_a_commitment_share_their_allowance() {
	// Eleven units add one miss and a tenth per epoch: one of them may miss for ever.
	assert_eq!(RULES.after(11, 0, u32::MAX, 1), Misses { level: 430, excess: 0 });
	assert_eq!(RULES.after(10, 0, u32::MAX, 1), Misses { level: 0, excess: 0 });
	assert_eq!(RULES.after(9, 0, 10, 1), Misses { level: 0, excess: 1 });
}

#[test]
fn more_misses_than_units_count_as_all_units() {
	assert_eq!(RULES.after(3, 0, 50, 7), RULES.after(3, 0, 50, 3));
}

#[test]
fn nothing_overflows_where_everything_is_largest() {
	let most = u32::MAX;
	let all = u64::from(most) * u64::from(most);
	for (budget, period) in [(0, 0), (1, 1), (2, 1), (2, most), (most, 1), (most, most)] {
		let rules = MissRules { budget, period };
		for units in [0, 1, 64, most] {
			for missed in [0, 1, units, most] {
				for level in [0, rules.full(units), u64::MAX] {
					let Misses { level, excess } = rules.after(units, level, most, missed);
					assert!(level <= rules.full(units));
					assert!(excess <= all);
				}
			}
		}
	}
	let rules = MissRules { budget: 2, period: most };
	assert_eq!(rules.after(most, 0, most, most).excess, all - u64::from(most));
}

#[test]
fn zero_rules_count_as_one() {
	let zero = MissRules { budget: 0, period: 0 };
	let one = MissRules { budget: 1, period: 1 };
	for missed in 0..=3 {
		assert_eq!(zero.after(3, 1, 9, missed), one.after(3, 1, 9, missed));
	}
}

#[test]
fn closed_form_is_the_loop_for_everything_small() {
	for (budget, period) in (1..=3).flat_map(|budget| (1..=5).map(move |period| (budget, period))) {
		let rules = MissRules { budget, period };
		for (units, missed) in (0..=4).flat_map(|units| (0..=units).map(move |m| (units, m))) {
			for level in 0..=rules.full(units) {
				let mut looped = Misses { level, excess: 0 };
				for epochs in 0..24 {
					assert_eq!(rules.after(units, level, epochs, missed), looped);
					let now = step(rules, units, looped.level, missed);
					looped = Misses { level: now.level, excess: looped.excess + now.excess };
				}
			}
		}
	}
}

#[test]
fn first_excess_is_the_first_for_everything_small() {
	for period in 1..=4 {
		let rules = MissRules { budget: 2, period };
		for (units, missed) in (1..=3).flat_map(|units| (0..=units).map(move |m| (units, m))) {
			for level in 0..=rules.full(units) {
				for wanted in 1..=6 {
					let reached =
						|i: &u32| by_loop(rules, units, level, *i, missed).excess >= wanted;
					let first = (1..=12).find(reached);
					assert_eq!(rules.first_excess(units, level, 12, missed, wanted), first);
				}
			}
		}
	}
}

/// Rules, units, an allowance that they can have, and misses among them.
fn cases() -> impl Strategy<Value = (MissRules, u32, u64, u32)> {
	let period = prop_oneof![1..=100u32, 1..=u32::MAX];
	let budget = prop_oneof![2..=12u32, 2..=u32::MAX];
	(budget, period, 1..=64u32, any::<u64>(), any::<u32>(), any::<bool>()).prop_map(
		|(budget, period, units, level, missed, near_empty)| {
			let rules = MissRules { budget, period };
			let most = if near_empty { u64::from(period) * 8 } else { u64::MAX };
			let level = level % rules.full(units).min(most).saturating_add(1).max(1);
			(rules, units, level, missed % (units + 1))
		},
	)
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn closed_form_is_the_loop((rules, units, level, missed) in cases(), epochs in 0..1_000u32) {
		prop_assert_eq!(
			rules.after(units, level, epochs, missed),
			by_loop(rules, units, level, epochs, missed)
		);
	}

	#[test]
	fn it_does_not_matter_when_somebody_looks(
		(rules, units, level, missed) in cases(),
		first in 0..=u32::MAX,
		second in 0..=u32::MAX,
	) {
		let second = second.min(u32::MAX - first);
		let looked = rules.after(units, level, first, missed);
		let then = rules.after(units, looked.level, second, missed);
		let at_once = rules.after(units, level, first + second, missed);
		prop_assert_eq!(at_once.level, then.level);
		prop_assert_eq!(at_once.excess, looked.excess + then.excess);
	}

	#[test]
	fn parts_are_spent_on_misses_or_lost_at_the_bound(
		(rules, units, level, missed) in cases(),
		epochs in 0..=u32::MAX,
	) {
		let after = rules.after(units, level, epochs, missed);
		let misses = u64::from(epochs) * u64::from(missed);
		prop_assert!(after.excess <= misses);
		prop_assert!(after.level <= rules.full(units));
		let spent = u128::from(misses - after.excess) * u128::from(rules.period);
		let had = u128::from(level) + u128::from(epochs) * u128::from(units);
		prop_assert!(u128::from(after.level) + spent <= had);
	}

	#[test]
	fn more_misses_and_longer_times_leave_more_uncovered_and_more_allowance_less(
		(rules, units, level, missed) in cases(),
		epochs in 0..u32::MAX,
		more in 1..=u32::MAX,
	) {
		let excess = rules.after(units, level, epochs, missed).excess;
		let longer = epochs.saturating_add(more);
		prop_assert!(rules.after(units, level, longer, missed).excess >= excess);
		prop_assert!(rules.after(units, level, epochs, missed.saturating_add(more)).excess >= excess);
		let richer = level.saturating_add(u64::from(more));
		prop_assert!(rules.after(units, richer, epochs, missed).excess <= excess);
	}

	#[test]
	fn first_excess_reaches_what_is_wanted_and_no_epoch_before_does(
		(rules, units, level, missed) in cases(),
		epochs in 1..=u32::MAX,
		part in 1..=1_000u64,
	) {
		let excess = |epochs| rules.after(units, level, epochs, missed).excess;
		let wanted = (excess(epochs) / 1_000).saturating_mul(part).max(part);
		match rules.first_excess(units, level, epochs, missed, wanted) {
			Some(first) => {
				prop_assert!((1..=epochs).contains(&first));
				prop_assert!(excess(first) >= wanted);
				prop_assert!(excess(first - 1) < wanted);
			},
			None => prop_assert!(excess(epochs) < wanted),
		}
	}
}
