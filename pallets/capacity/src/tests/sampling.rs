//! What audits make of fraud, in exact numbers and in many draws.

use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;
use sp_runtime::biguint::BigUint;

const FLT: Balance = 1_000_000_000_000_000_000;

/// Parts of a probability.
const ONE: u128 = 1_000_000_000_000_000_000;

const RULES: AuditRules = AuditRules { margin: 3, first_slash: Perbill::from_percent(10) };

fn product(factors: &[u128]) -> BigUint {
	let mut all = factors
		.iter()
		.fold(BigUint::from(1u32), |product, factor| product.mul(&BigUint::from(*factor)));
	all.lstrip();
	all
}

fn randomness(number: u64) -> [u8; 32] {
	let mut bytes = [7; 32];
	bytes[..8].copy_from_slice(&number.to_le_bytes());
	bytes
}

fn parts(probability: Perquintill) -> u128 {
	probability.deconstruct().into()
}

/// Whether the expected loss of a report that is false in some of its units is `margin` times its gain or more:
/// `p · j / k · s · T >= m · j · reward`, without any rounding, for each `j` at once.
fn fraud_loses(rules: &AuditRules, rate: Rate, most: Balance, units: u32, stake: Balance) -> bool {
	let probability = rate.probability(rules, most, units, stake);
	let reward = rate.unit_reward(rules, most, units, stake);
	let loss = product(&[parts(probability), rules.first_slash.deconstruct().into(), stake]);
	let gain = product(&[rules.margin.into(), units.into(), reward, 1_000_000_000, ONE]);
	loss >= gain
}

#[derive(Clone, Copy, Debug)]
struct Report {
	units: u32,
	stake: Balance,
}

fn rules() -> impl Strategy<Value = AuditRules> {
	(2u32..=100, 1u32..=1_000_000_000)
		.prop_map(|(margin, parts)| AuditRules { margin, first_slash: Perbill::from_parts(parts) })
}

/// Amounts of all sizes below 10^`digits`, each size as likely as another.
fn amount(digits: u32) -> impl Strategy<Value = Balance> {
	(0..digits).prop_flat_map(|size| 10u128.pow(size)..10u128.pow(size + 1))
}

fn reports() -> impl Strategy<Value = Vec<Report>> {
	let report = (1u32..=64, amount(28)).prop_map(|(units, stake)| Report { units, stake });
	proptest::collection::vec(report, 1..40)
}

fn exposure_of(reports: &[Report]) -> u128 {
	let parts = reports.iter().map(|report| exposure(report.units, report.stake));
	parts.fold(0, u128::saturating_add)
}

fn rate_of(rules: &AuditRules, most: Balance, reports: &[Report], capacity: u32) -> Rate {
	let proven = reports.iter().map(|report| report.units).sum();
	rate(rules, proven, most, exposure_of(reports), capacity)
}

/// A sample in which everything wanted fits.
const WHOLE: Rate = Rate::Sampled { scale: Perquintill::one() };

#[test]
fn exposure_is_units_by_stake_per_unit_rounded_up() {
	assert_eq!(exposure(1, UNIT), 1);
	assert_eq!(exposure(1, UNIT + 1), 1);
	assert_eq!(exposure(3, 2 * UNIT), 2);
	assert_eq!(exposure(64, 64 * 100 * FLT), 10_000_000_000_000);
	assert_eq!(exposure(64, 1), 64 * UNIT);
	assert_eq!(exposure(0, FLT), 0);
}

#[test]
fn without_stake_exposure_has_no_bound() {
	assert_eq!(exposure(1, 0), u128::MAX);
	assert_eq!(exposure(0, 0), u128::MAX);
}

#[test]
fn an_exposure_that_is_not_known_leaves_no_room() {
	let nothing = Rate::Sampled { scale: Perquintill::zero() };
	assert_eq!(rate(&RULES, 11, FLT, u128::MAX, 10), nothing);
	assert_eq!(rate(&RULES, 11, FLT, u128::MAX - 1, 10), nothing);
	assert_eq!(rate(&RULES, 10, FLT, u128::MAX, 10), Rate::All);
	assert_eq!(nothing.unit_reward(&RULES, FLT, 1, 100 * FLT), 0);
}

#[test]
fn as_many_units_as_fit_are_all_drawn() {
	assert_eq!(rate(&RULES, 0, 0, 0, 0), Rate::All);
	assert_eq!(rate(&RULES, 10, FLT, 1, 10), Rate::All);
	assert_ne!(rate(&RULES, 11, FLT, 1, 10), Rate::All);
	let drawn = Rate::All.drawn(&RULES, FLT, FLT, &[0; 32], (1, 1), Units(0b1011));
	assert_eq!(drawn, Units(0b1011));
}

#[test]
fn probability_is_margin_times_reward_by_first_slash() {
	// 3 · 1 FLT · 64 units of 10 % of 6400 FLT.
	let chance = WHOLE.probability(&RULES, FLT, 64, 6_400 * FLT);
	assert_eq!(chance, Perquintill::from_percent(30));
	// The number of units does not matter, their stake does.
	assert_eq!(WHOLE.probability(&RULES, FLT, 1, 100 * FLT), chance);
	assert_eq!(WHOLE.probability(&RULES, FLT, 1, 50 * FLT), Perquintill::from_percent(60));
	assert_eq!(WHOLE.probability(&RULES, FLT, 1, 20 * FLT), Perquintill::one());
	let half = Rate::Sampled { scale: Perquintill::from_percent(50) };
	assert_eq!(half.probability(&RULES, FLT, 1, 100 * FLT), Perquintill::from_percent(15));
	assert_eq!(half.probability(&RULES, FLT, 1, 20 * FLT), Perquintill::from_percent(50));
}

#[test]
fn where_audits_are_as_many_as_wanted_a_unit_earns_all() {
	assert_eq!(WHOLE.unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT);
	assert_eq!(Rate::All.unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT);
}

#[test]
fn where_half_of_the_audits_fit_a_unit_earns_half() {
	let half = Rate::Sampled { scale: Perquintill::from_percent(50) };
	assert_eq!(half.unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT / 2);
}

#[test]
fn a_unit_never_earns_more_than_its_stake_makes_dear() {
	// 10 % of 15 FLT by the margin.
	assert_eq!(Rate::All.unit_reward(&RULES, FLT, 1, 15 * FLT), FLT / 2);
	assert_eq!(WHOLE.unit_reward(&RULES, FLT, 1, 15 * FLT), FLT / 2);
	assert_eq!(WHOLE.unit_reward(&RULES, FLT, 1, 0), 0);
	assert_eq!(WHOLE.unit_reward(&RULES, FLT, 0, FLT), 0);
}

#[test]
fn rules_that_no_market_has_pay_nothing_instead_of_too_much() {
	let free = AuditRules { first_slash: Perbill::zero(), ..RULES };
	assert_eq!(Rate::All.unit_reward(&free, FLT, 1, 100 * FLT), 0);
	let careless = AuditRules { margin: 0, ..RULES };
	assert_eq!(Rate::All.unit_reward(&careless, FLT, 1, 100 * FLT), 0);
}

#[test]
fn no_number_is_too_large() {
	let (most, huge) = (u128::MAX, AuditRules { margin: u32::MAX, ..RULES });
	let crowded = rate(&huge, u32::MAX, most, most, u32::MAX - 1);
	for rate in [Rate::All, WHOLE, crowded] {
		for (units, stake) in [(u32::MAX, most), (u32::MAX, 1), (1, most), (0, 0)] {
			assert!(fraud_loses(&huge, rate, most, units, stake));
		}
	}
	assert_eq!(crowded.drawn(&huge, most, most, &[0; 32], (0, 0), Units::NONE), Units::NONE);
	assert_eq!(WHOLE.drawn(&huge, most, 1, &[0; 32], (0, 0), Units::NONE), Units::NONE);
}

#[test]
fn reports_are_drawn_as_often_as_they_should_be() {
	// 30 %, 4 %, 15 %, always.
	let scaled = Rate::Sampled { scale: Perquintill::from_percent(50) };
	let cases = [
		(WHOLE, 6_400 * FLT, 300),
		(WHOLE, 48_000 * FLT, 40),
		(scaled, 6_400 * FLT, 150),
		(WHOLE, 64 * FLT, 1_000),
	];
	let draws = 20_000u32;
	for (rate, stake, per_mille) in cases {
		let chosen = |epoch: &u32| {
			let random = randomness(u64::from(epoch / 100));
			let place = (epoch % 100, *epoch);
			!rate.drawn(&RULES, FLT, stake, &random, place, Units(u64::MAX)).is_empty()
		};
		let count = (0..draws).filter(chosen).count();
		let expected = f64::from(draws) * f64::from(per_mille) / 1e3;
		let deviation = (expected * (1.0 - f64::from(per_mille) / 1e3)).sqrt();
		let difference = (count as f64 - expected).abs();
		assert!(difference <= 4.0 * deviation, "{count} instead of {expected}");
	}
}

#[test]
fn units_of_a_report_are_drawn_equally_often() {
	let proven = Units(0x8000_0301_0000_1117);
	let (units, draws) = (proven.count(), 20_000u32);
	let mut counts = [0u32; 64];
	for epoch in 0..draws {
		let random = randomness(epoch.into());
		let drawn = WHOLE.drawn(&RULES, FLT, FLT, &random, (5, epoch), proven);
		assert_eq!(drawn.count(), 1);
		drawn.iter().for_each(|unit| counts[usize::from(unit)] += 1);
	}
	let expected = f64::from(draws) / f64::from(units);
	let square = |unit| (f64::from(counts[usize::from(unit)]) - expected).powi(2) / expected;
	let chi_square: f64 = proven.iter().map(square).sum();
	// 10 units leave 9 degrees of freedom: more than 27.9 in one of a thousand.
	assert_eq!(units, 10);
	assert!(chi_square < 27.9, "{chi_square}");
}

#[test]
fn a_liar_loses_on_average_what_was_promised() {
	// 16 of 64 units are false. Rewards are a third of what they lose on average, as the margin says.
	let (proven, honest) = (Units(u64::MAX), Units(u64::MAX >> 16));
	let (stake, draws) = (6_400 * FLT, 40_000u32);
	let scaled = Rate::Sampled { scale: Perquintill::from_percent(60) };
	let found = (0..draws)
		.filter(|epoch| {
			let random = randomness(u64::from(*epoch));
			let drawn = scaled.drawn(&RULES, FLT, stake, &random, (9, *epoch), proven);
			!drawn.without(honest).is_empty()
		})
		.count();
	let lost = found as f64 * 640.0;
	let reward = scaled.unit_reward(&RULES, FLT, 64, stake);
	let gained = f64::from(draws) * 16.0 * reward as f64 / FLT as f64;
	let margin = lost / gained;
	assert!((2.8..3.2).contains(&margin), "{margin}");
}

#[test]
fn the_draw_depends_on_randomness_server_and_epoch() {
	let half = Rate::Sampled { scale: Perquintill::from_percent(50) };
	let draw = |random: u64, server, epoch| {
		half.drawn(&RULES, FLT, FLT, &randomness(random), (server, epoch), Units(u64::MAX))
	};
	let series = |draw: &dyn Fn(u32) -> Units| (0..64).map(draw).collect::<Vec<_>>();
	let by_epoch = series(&|number| draw(1, 1, number));
	assert_eq!(by_epoch, series(&|number| draw(1, 1, number)));
	assert_ne!(by_epoch, series(&|number| draw(2, 1, number)));
	assert_ne!(by_epoch, series(&|number| draw(1, number, 1)));
	assert_ne!(by_epoch, series(&|number| draw(number.into(), 1, 1)));
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn fraud_loses_at_every_setting(
		rules in rules(),
		most in amount(28),
		reports in reports(),
		capacity in 0u32..1_500,
	) {
		let rate = rate_of(&rules, most, &reports, capacity);
		for Report { units, stake } in reports {
			prop_assert!(fraud_loses(&rules, rate, most, units, stake));
			prop_assert!(rate.unit_reward(&rules, most, units, stake) <= most);
		}
	}

	#[test]
	fn fraud_loses_whatever_part_of_the_audits_fits(
		rules in rules(),
		most in amount(28),
		units in 1u32..=64,
		stake in amount(28),
		scale in 0..=1_000_000_000_000_000_000u64,
	) {
		let rate = Rate::Sampled { scale: Perquintill::from_parts(scale) };
		prop_assert!(fraud_loses(&rules, rate, most, units, stake));
	}

	#[test]
	fn probability_is_never_rounded_up(
		rules in rules(),
		most in amount(28),
		units in 1u32..=64,
		stake in amount(28),
		scale in 0..=1_000_000_000_000_000_000u64,
	) {
		let rate = Rate::Sampled { scale: Perquintill::from_parts(scale) };
		let probability = rate.probability(&rules, most, units, stake);
		prop_assert!(parts(probability) <= scale.into());
		let chance = [parts(probability), rules.first_slash.deconstruct().into(), stake];
		let bound = [scale.into(), rules.margin.into(), most, units.into(), 1_000_000_000];
		prop_assert!(product(&chance) <= product(&bound));
	}

	#[test]
	fn no_more_than_half_of_what_fits_is_drawn_on_average(
		rules in rules(),
		most in amount(28),
		reports in reports(),
		fitting in 0.0f64..1.0,
	) {
		let proven: u32 = reports.iter().map(|report| report.units).sum();
		let capacity = (f64::from(proven) * fitting) as u32;
		let rate = rate_of(&rules, most, &reports, capacity);
		prop_assert_ne!(rate, Rate::All);
		let chances = reports
			.iter()
			.map(|report| parts(rate.probability(&rules, most, report.units, report.stake)));
		prop_assert!(chances.sum::<u128>() <= u128::from(capacity / 2) * ONE);
	}

	#[test]
	fn all_are_drawn_if_and_only_if_all_fit(
		rules in rules(),
		most in amount(28),
		proven in 0u32..2_000,
		capacity in 0u32..2_000,
		exposure: u128,
	) {
		let rate = rate(&rules, proven, most, exposure, capacity);
		prop_assert_eq!(rate == Rate::All, proven <= capacity);
	}

	#[test]
	fn a_unit_earns_all_where_audits_fit_and_stake_suffices(
		rules in rules(),
		most in 1u128..1_000 * FLT,
		reward_parts in 2u128..1_000,
		units in 1u32..=64,
	) {
		// The first slash is some times as much as a liar gains by the margin.
		let gain = most * u128::from(rules.margin) * u128::from(units);
		let part = u128::from(rules.first_slash.deconstruct());
		let stake = gain * reward_parts * 1_000_000_000 / part + 1;
		let reward = WHOLE.unit_reward(&rules, most, units, stake);
		// Lost to rounding: one part of the probability, and one plank.
		let rest = rules.first_slash.mul_ceil(stake) / ONE / u128::from(rules.margin) + 2;
		prop_assert!(reward <= most && reward + rest >= most, "{} of {}", reward, most);
	}

	#[test]
	fn at_most_one_unit_is_drawn_of_a_sampled_report_and_it_was_proven(
		scale in 0..=1_000_000_000_000_000_000u64,
		stake in amount(24),
		random: [u8; 32],
		server: u32,
		epoch: u32,
		proven: u64,
	) {
		let rate = Rate::Sampled { scale: Perquintill::from_parts(scale) };
		let drawn = rate.drawn(&RULES, FLT, stake, &random, (server, epoch), Units(proven));
		prop_assert!(drawn.is_subset_of(Units(proven)));
		prop_assert!(drawn.count() <= 1);
	}
}
