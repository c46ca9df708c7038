//! What audits make of fraud, in exact numbers and in many draws.

use super::*;
use alloc::vec::Vec;
use sp_runtime::biguint::BigUint;

#[path = "sampling_settings.rs"]
mod settings;

const FLT: Balance = 1_000_000_000_000_000_000;

/// Stake is a multiple of this, so that no slash of it is rounded.
const STEP: Balance = 1_000_000_000;

const RULES: AuditRules = AuditRules {
	margin: 3,
	first_slash: Perbill::from_percent(10),
	miss_slash: Perbill::from_percent(0),
};

/// A miss costs a tenth of what a wrong report does.
const CHARGING: AuditRules = AuditRules { miss_slash: Perbill::from_percent(1), ..RULES };

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

/// Whether the expected loss of a report that is false in some of its units is `margin` times its gain or more,
/// what it hides included: `p · j / k · s · T >= m · j · (reward + c · T / k)`, without any rounding, for each
/// `j` at once. Where misses are not charged, `c` is 0.
fn fraud_loses(rules: &AuditRules, rate: Rate, most: Balance, units: u32, stake: Balance) -> bool {
	let probability = rate.probability(rules, most, units, stake);
	let reward = rate.unit_reward(rules, most, units, stake);
	let cost = if rate.charges_misses() { rules.miss_slash.deconstruct() } else { 0 };
	let loss = product(&[parts(probability), rules.first_slash.deconstruct().into(), stake]);
	let earned = product(&[rules.margin.into(), units.into(), reward, 1_000_000_000, ONE]);
	let saved = product(&[rules.margin.into(), cost.into(), stake, ONE]);
	let mut gain = earned.add(&saved);
	gain.lstrip();
	loss >= gain
}

fn scaled(percent: u64) -> Rate {
	Rate::Scaled { scale: Perquintill::from_percent(percent) }
}

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
	assert_eq!(rate(&RULES, 11, 1, FLT, u128::MAX, 10), scaled(0));
	assert_eq!(rate(&RULES, 11, 1, FLT, u128::MAX - 1, 10), scaled(0));
	assert_eq!(rate(&RULES, 10, 1, FLT, u128::MAX, 10), Rate::All);
	assert_eq!(scaled(0).unit_reward(&RULES, FLT, 1, 100 * FLT), 0);
}

#[test]
fn as_many_units_as_fit_are_all_drawn() {
	assert_eq!(rate(&RULES, 0, 0, 0, 0, 0), Rate::All);
	assert_eq!(rate(&RULES, 10, 1, FLT, 1, 10), Rate::All);
	assert_ne!(rate(&RULES, 11, 1, FLT, 1, 10), Rate::All);
	let drawn = Rate::All.drawn(&RULES, FLT, FLT, &[0; 32], (1, 1), Units(0b1011));
	assert_eq!(drawn, Units(0b1011));
}

#[test]
fn probability_is_margin_times_reward_by_first_slash() {
	// 3 · 1 FLT · 64 units of 10 % of 6400 FLT.
	let chance = Rate::Sampled.probability(&RULES, FLT, 64, 6_400 * FLT);
	assert_eq!(chance, Perquintill::from_percent(30));
	// The number of units does not matter, their stake does.
	assert_eq!(Rate::Sampled.probability(&RULES, FLT, 1, 100 * FLT), chance);
	assert_eq!(Rate::Sampled.probability(&RULES, FLT, 1, 50 * FLT), Perquintill::from_percent(60));
	assert_eq!(Rate::Sampled.probability(&RULES, FLT, 1, 20 * FLT), Perquintill::one());
	let half = scaled(50);
	assert_eq!(half.probability(&RULES, FLT, 1, 100 * FLT), Perquintill::from_percent(15));
	assert_eq!(half.probability(&RULES, FLT, 1, 20 * FLT), Perquintill::from_percent(50));
}

#[test]
fn misses_that_can_be_hidden_are_worth_more_audits() {
	// 30 % for the reward, and three times a tenth.
	let chance = Rate::Sampled.probability(&CHARGING, FLT, 64, 6_400 * FLT);
	assert_eq!(chance, Perquintill::from_percent(60));
	assert_eq!(Rate::Sampled.unit_reward(&CHARGING, FLT, 64, 6_400 * FLT), FLT);
	// Without rewards there is still something to hide.
	let chance = Rate::Sampled.probability(&CHARGING, 0, 1, 100 * FLT);
	assert_eq!(chance, Perquintill::from_percent(30));
	// Where misses are not charged, there is not.
	assert_eq!(scaled(100).probability(&CHARGING, FLT, 1, 100 * FLT), chance);
}

#[test]
fn misses_are_charged_where_the_audits_for_it_fit() {
	// 20 reports of one unit want 6 audits for their rewards, and 6 because of misses.
	let exposure = 20 * exposure(1, 100 * FLT);
	let rate = |rules, capacity| rate(rules, 30, 20, FLT, exposure, capacity);
	assert_eq!(rate(&CHARGING, 30), Rate::All);
	assert_eq!(rate(&CHARGING, 26), Rate::Sampled);
	assert_eq!(rate(&CHARGING, 24), scaled(100));
	assert_eq!(rate(&CHARGING, 14), scaled(100));
	assert_eq!(rate(&RULES, 14), Rate::Sampled);
	assert!(matches!(rate(&CHARGING, 6), Rate::Scaled { scale } if scale < Perquintill::one()));
	assert!(Rate::All.charges_misses() && Rate::Sampled.charges_misses());
	assert!(!scaled(100).charges_misses());
}

#[test]
fn a_unit_that_could_hide_a_miss_earns_less_under_little_stake() {
	// 10 % of 15 FLT by the margin, without 1 % of 15 FLT.
	let reward = FLT / 2 - 15 * FLT / 100;
	assert_eq!(Rate::All.unit_reward(&CHARGING, FLT, 1, 15 * FLT), reward);
	assert_eq!(Rate::Sampled.unit_reward(&CHARGING, FLT, 1, 15 * FLT), reward);
	assert_eq!(scaled(100).unit_reward(&CHARGING, FLT, 1, 15 * FLT), FLT / 2);
}

#[test]
fn a_miss_that_costs_as_much_as_audits_can_deter_leaves_no_reward() {
	let miss_slash = RULES.first_slash / RULES.margin;
	let dear = AuditRules { miss_slash, ..RULES };
	assert!(Rate::All.unit_reward(&dear, FLT, 1, FLT) <= STEP);
	let dearer = AuditRules { miss_slash: miss_slash + Perbill::from_parts(1), ..RULES };
	assert_eq!(Rate::All.unit_reward(&dearer, FLT, 1, FLT), 0);
	assert!(!fraud_loses(&dearer, Rate::All, FLT, 1, FLT));
}

#[test]
fn where_audits_are_as_many_as_wanted_a_unit_earns_all() {
	assert_eq!(Rate::Sampled.unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT);
	assert_eq!(Rate::All.unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT);
}

#[test]
fn where_half_of_the_audits_fit_a_unit_earns_half() {
	assert_eq!(scaled(50).unit_reward(&RULES, FLT, 64, 6_400 * FLT), FLT / 2);
}

#[test]
fn a_unit_never_earns_more_than_its_stake_makes_dear() {
	// 10 % of 15 FLT by the margin.
	assert_eq!(Rate::All.unit_reward(&RULES, FLT, 1, 15 * FLT), FLT / 2);
	assert_eq!(Rate::Sampled.unit_reward(&RULES, FLT, 1, 15 * FLT), FLT / 2);
	assert_eq!(Rate::Sampled.unit_reward(&RULES, FLT, 1, 0), 0);
	assert_eq!(Rate::Sampled.unit_reward(&RULES, FLT, 0, FLT), 0);
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
	let large = most - most % STEP;
	let crowded = rate(&huge, u32::MAX, u32::MAX, most, most, u32::MAX - 1);
	for rate in [Rate::All, Rate::Sampled, crowded] {
		for (units, stake) in [(u32::MAX, large), (u32::MAX, STEP), (1, large), (0, 0)] {
			assert!(fraud_loses(&huge, rate, most, units, stake));
		}
	}
	assert_eq!(crowded.drawn(&huge, most, most, &[0; 32], (0, 0), Units::NONE), Units::NONE);
	assert_eq!(Rate::Sampled.drawn(&huge, most, 1, &[0; 32], (0, 0), Units::NONE), Units::NONE);
}

#[test]
fn reports_are_drawn_as_often_as_they_should_be() {
	// 30 %, 4 %, 15 %, always.
	let half = scaled(50);
	let cases = [
		(Rate::Sampled, 6_400 * FLT, 300),
		(Rate::Sampled, 48_000 * FLT, 40),
		(half, 6_400 * FLT, 150),
		(Rate::Sampled, 64 * FLT, 1_000),
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
		let drawn = Rate::Sampled.drawn(&RULES, FLT, FLT, &random, (5, epoch), proven);
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
	let most = scaled(60);
	let found = (0..draws)
		.filter(|epoch| {
			let random = randomness(u64::from(*epoch));
			let drawn = most.drawn(&RULES, FLT, stake, &random, (9, *epoch), proven);
			!drawn.without(honest).is_empty()
		})
		.count();
	let lost = found as f64 * 640.0;
	let reward = most.unit_reward(&RULES, FLT, 64, stake);
	let gained = f64::from(draws) * 16.0 * reward as f64 / FLT as f64;
	let margin = lost / gained;
	assert!((2.8..3.2).contains(&margin), "{margin}");
}

#[test]
fn the_draw_depends_on_randomness_server_and_epoch() {
	let half = scaled(50);
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
