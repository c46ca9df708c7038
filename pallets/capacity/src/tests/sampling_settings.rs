//! What audits make of fraud at random settings, stakes and loads.

use super::*;
use crate::{
	due::{PastEpochs, Verdict},
	Cover, MissRules, StakeRules, UnitRecord,
};
use marketplace_primitives::CommitmentId;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
struct Report {
	units: u32,
	stake: Balance,
}

fn rules() -> impl Strategy<Value = AuditRules> {
	let slashes = (2u32..=100, 1u32..=1_000_000_000).prop_flat_map(|(margin, first)| {
		// Nothing, as much as there may be, or something between.
		let most = first / margin;
		(Just(margin), Just(first), prop_oneof![Just(0), Just(most), 0..=most])
	});
	slashes.prop_map(|(margin, first, miss)| AuditRules {
		margin,
		first_slash: Perbill::from_parts(first),
		miss_slash: Perbill::from_parts(miss),
	})
}

/// Amounts of all sizes below 10^`digits`, each size as likely as another.
fn amount(digits: u32) -> impl Strategy<Value = Balance> {
	(0..digits).prop_flat_map(|size| 10u128.pow(size)..10u128.pow(size + 1))
}

fn stake() -> impl Strategy<Value = Balance> {
	amount(21).prop_map(|steps| steps * STEP)
}

fn reports() -> impl Strategy<Value = Vec<Report>> {
	let report = (1u32..=64, stake()).prop_map(|(units, stake)| Report { units, stake });
	proptest::collection::vec(report, 1..40)
}

fn exposure_of(reports: &[Report]) -> u128 {
	let parts = reports.iter().map(|report| exposure(report.units, report.stake));
	parts.fold(0, u128::saturating_add)
}

fn rate_of(rules: &AuditRules, most: Balance, reports: &[Report], capacity: u32) -> Rate {
	let proven = reports.iter().map(|report| report.units).sum();
	rate(rules, proven, reports.len() as u32, most, exposure_of(reports), capacity)
}

/// Commitments of one server from epoch 10 on: units, their stake each, the epochs that they cover.
fn mixed() -> impl Strategy<Value = Vec<(u8, Balance, Epoch)>> {
	proptest::collection::vec((1u8..=16, stake(), 1..=2u32), 1..=4)
}

/// Epochs without reports.
struct Silent(Epoch);

impl PastEpochs for Silent {
	fn finished(&self) -> Epoch {
		self.0
	}

	fn finished_in(&self, epoch: Epoch) -> Epoch {
		epoch + 1
	}

	fn uncharged(&self, _: Epoch, _: Epoch) -> u32 {
		0
	}

	fn verdict(&self, _: Epoch, _: &crate::Report, _: Balance) -> Verdict {
		unreachable!("no report was made")
	}
}

fn server(commitments: &[(u8, Balance, Epoch)]) -> UnitRecord {
	let (mut record, mut taken) = (UnitRecord::new(64, 9), Units::NONE);
	for (id, (count, stake, epochs)) in (0..).zip(commitments) {
		let units = record.all().without(taken).take((*count).into());
		taken = taken.or(units);
		let cover = Cover::waiting(CommitmentId(id), units, *stake);
		let cover = Cover { start: 10, end: 10 + epochs, ..cover };
		record.commitments.try_push(cover).unwrap();
	}
	record
}

/// What the dearest miss costs in epoch 10, and what it costs in 11, when some commitments are over.
fn dearest_misses(rules: &AuditRules, record: &mut UnitRecord) -> [Balance; 2] {
	let (slashes, misses) = ([rules.first_slash; 3], MissRules { budget: 2, period: u32::MAX });
	let (fail_at, miss_slash) = (Perbill::one(), rules.miss_slash);
	let rules = StakeRules { slashes, fail_at, misses, miss_slash };
	[10, 11].map(|epoch| {
		let before = record.commitments.clone();
		record.settle(&rules, &Silent(epoch));
		let costs = record.commitments.iter().zip(&before).map(|(cover, before)| {
			(cover.slashed - before.slashed) / Balance::from(cover.units.count())
		});
		costs.max().unwrap_or(0)
	})
}

/// Whether the expected loss of a report is `margin` times its gain or more for each of its units that is false
/// and hides a miss that would cost `saved`: `p · s · T / k >= m · (reward + saved)`, without any rounding.
fn lies_lose(
	rules: &AuditRules,
	rate: Rate,
	most: Balance,
	Report { units, stake }: Report,
	saved: Balance,
) -> bool {
	let probability = parts(rate.probability(rules, most, units, stake));
	let reward = rate.unit_reward(rules, most, units, stake);
	let loss = product(&[probability, rules.first_slash.deconstruct().into(), stake]);
	let shares = [rules.margin.into(), units.into()];
	loss >= product(&[&shares[..], &[reward + saved, 1_000_000_000, ONE]].concat())
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(2_000))]

	#[test]
	fn no_dear_unit_hides_a_miss_among_cheap_ones(
		rules in rules(),
		most in amount(28),
		commitments in mixed(),
		proven: u64,
		others in reports(),
		capacity in 0u32..1_500,
	) {
		let mut record = server(&commitments);
		let committed = record.committed(10);
		// Any units that are committed, or all.
		let some = committed.and(Units(proven));
		let proven = if some.is_empty() { committed } else { some };
		let report = Report { units: proven.count(), stake: record.stake_of(10, proven) };
		let reports = [&others[..], &[report]].concat();
		let rates = [rate_of(&rules, most, &reports, capacity), Rate::All, Rate::Sampled];
		for saved in dearest_misses(&rules, &mut record) {
			for rate in rates.into_iter().filter(Rate::charges_misses) {
				prop_assert!(lies_lose(&rules, rate, most, report, saved));
			}
		}
	}

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
		stake in stake(),
		scale in 0..=1_000_000_000_000_000_000u64,
	) {
		let scaled = Rate::Scaled { scale: Perquintill::from_parts(scale) };
		for rate in [Rate::All, Rate::Sampled, scaled] {
			prop_assert!(fraud_loses(&rules, rate, most, units, stake));
		}
	}

	#[test]
	fn probability_is_rounded_by_less_than_one_part(
		rules in rules(),
		most in amount(28),
		units in 1u32..=64,
		stake in stake(),
		scale in 0..=1_000_000_000_000_000_000u64,
	) {
		let rate = Rate::Scaled { scale: Perquintill::from_parts(scale) };
		let scaled = parts(rate.probability(&rules, most, units, stake));
		prop_assert!(scaled <= scale.into());
		let first = rules.first_slash.deconstruct().into();
		let gain = [most, rules.margin.into(), units.into(), 1_000_000_000];
		let exact = product(&[&gain[..], &[scale.into()]].concat());
		prop_assert!(product(&[scaled.saturating_sub(1), first, stake]) <= exact);
		let misses = [rules.margin.into(), rules.miss_slash.deconstruct().into(), stake];
		let mut exact = product(&gain).add(&product(&misses)).mul(&product(&[ONE]));
		exact.lstrip();
		let whole = parts(Rate::Sampled.probability(&rules, most, units, stake));
		prop_assert!(product(&[whole.saturating_sub(1), first, stake]) <= exact);
		prop_assert!(whole == ONE || product(&[whole, first, stake]) >= exact);
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
		let rate = rate(&rules, proven, proven, most, exposure, capacity);
		prop_assert_eq!(rate == Rate::All, proven <= capacity);
	}

	#[test]
	fn a_unit_earns_all_where_audits_fit_and_stake_suffices(
		rules in rules(),
		most in 1u128..1_000 * FLT,
		reward_parts in 2u128..1_000,
		units in 1u32..=64,
	) {
		// The first slash is some times as much as a liar gains by the margin, beside what it hides.
		let gain = most * u128::from(rules.margin) * u128::from(units);
		let part = rules.first_slash.deconstruct() - rules.margin * rules.miss_slash.deconstruct();
		prop_assume!(part > 0);
		let steps = gain * reward_parts / u128::from(part) + 1;
		for rate in [Rate::All, Rate::Sampled, scaled(100)] {
			prop_assert_eq!(rate.unit_reward(&rules, most, units, steps * STEP), most);
		}
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
		let rate = Rate::Scaled { scale: Perquintill::from_parts(scale) };
		let drawn = rate.drawn(&RULES, FLT, stake, &random, (server, epoch), Units(proven));
		prop_assert!(drawn.is_subset_of(Units(proven)));
		prop_assert!(drawn.count() <= 1);
	}
}
