//! The ring of instalments, against a list of all of them.

use super::*;
use alloc::vec::Vec;
use proptest::prelude::*;

const LAST: Epoch = 200;

/// Every part that ever was added, with the epoch from which on it is unlocked.
#[derive(Default)]
struct Model(Vec<(Epoch, Balance)>);

impl Model {
	fn add(&mut self, rules: VestingRules, epoch: Epoch, amount: Balance) {
		let dates = (epoch + 1..).filter(|date| date % rules.period == 0);
		let count = Balance::from(rules.instalments);
		let mut parts: Vec<Balance> = (0..count).map(|_| amount / count).collect();
		*parts.last_mut().unwrap() += amount % count;
		self.0.extend(dates.zip(parts));
	}

	fn unlocked_at(&self, epoch: Epoch) -> Balance {
		self.0.iter().filter(|(date, _)| *date <= epoch).map(|(_, part)| part).sum()
	}

	fn total(&self) -> Balance {
		self.0.iter().map(|(_, part)| part).sum()
	}
}

fn rules(period: Epoch, instalments: u8) -> VestingRules {
	VestingRules { period, instalments }
}

fn unlocked(rules: VestingRules, vesting: &Vesting, epochs: &[Epoch]) -> Vec<Balance> {
	epochs.iter().map(|epoch| vesting.unlocked_at(&rules, *epoch)).collect()
}

#[test]
fn one_instalment_of_one_epoch_unlocks_all_with_the_next() {
	let rules = rules(1, 1);
	let mut vesting = Vesting::default();
	vesting.add(&rules, 5, 100).unwrap();
	assert_eq!(unlocked(rules, &vesting, &[5, 6, 7]), [0, 100, 100]);
}

#[test]
fn parts_unlock_on_the_next_multiples_of_the_period() {
	let rules = rules(10, 3);
	let mut vesting = Vesting::default();
	vesting.add(&rules, 7, 100).unwrap();
	assert_eq!(
		unlocked(rules, &vesting, &[7, 9, 10, 19, 20, 29, 30, 1_000]),
		[0, 0, 33, 33, 66, 66, 100, 100]
	);
}

#[test]
fn a_reward_of_a_date_waits_for_the_next() {
	let rules = rules(10, 1);
	let mut vesting = Vesting::default();
	vesting.add(&rules, 10, 100).unwrap();
	assert_eq!(unlocked(rules, &vesting, &[10, 19, 20]), [0, 0, 100]);
}

#[test]
fn the_rest_of_the_division_comes_last_and_is_not_lost() {
	let rules = rules(1, 8);
	let mut vesting = Vesting::default();
	vesting.add(&rules, 1, 15).unwrap();
	assert_eq!(unlocked(rules, &vesting, &[2, 8, 9]), [1, 7, 15]);
}

#[test]
fn parts_whose_date_is_past_are_unlocked_at_once() {
	let rules = rules(10, 4);
	let mut vesting = Vesting::default();
	vesting.roll(&rules, 35);
	vesting.add(&rules, 12, 400).unwrap();
	assert_eq!(vesting.unlocked, 200);
	assert_eq!(unlocked(rules, &vesting, &[35, 40, 50]), [200, 300, 400]);
}

#[test]
fn locked_and_unlocked_are_all_that_was_added() {
	let rules = rules(4, 8);
	let mut vesting = Vesting::default();
	for epoch in 1..100 {
		vesting.add(&rules, epoch, 1_001).unwrap();
		assert_eq!(vesting.unlocked + vesting.locked(), Balance::from(epoch) * 1_001);
	}
	vesting.roll(&rules, 1_000);
	assert_eq!((vesting.unlocked, vesting.locked()), (99_099, 0));
}

#[test]
fn a_sum_beyond_128_bits_is_refused_and_changes_nothing() {
	let rules = rules(1, 2);
	let mut vesting = Vesting::default();
	vesting.add(&rules, 1, Balance::MAX - 1).unwrap();
	vesting.roll(&rules, 2);
	let before = vesting;
	assert_eq!(vesting.add(&rules, 3, 2), Err(ArithmeticError::Overflow));
	assert_eq!(vesting, before);
	vesting.add(&rules, 3, 1).unwrap();
	assert_eq!(vesting.unlocked_at(&rules, 9), Balance::MAX);
}

#[test]
fn at_the_end_of_time_nothing_stays_locked() {
	let rules = rules(1, 8);
	let mut vesting = Vesting::default();
	vesting.add(&rules, Epoch::MAX, 100).unwrap();
	assert_eq!(vesting.unlocked_at(&rules, Epoch::MAX), 100);
}

#[test]
fn rules_that_no_market_has_lose_nothing() {
	for (period, instalments) in [(0, 0), (0, 1), (1, 0), (1, u8::MAX)] {
		let rules = rules(period, instalments);
		let mut vesting = Vesting::default();
		vesting.add(&rules, 1, 100).unwrap();
		assert_eq!(vesting.unlocked_at(&rules, 1), 0);
		assert_eq!(vesting.unlocked_at(&rules, 9), 100);
	}
}

/// A reward that is added `late` epochs after its own, and looks in between.
type Step = (Epoch, Balance, Epoch, Vec<Epoch>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let step = (0u32..12, 0u128..1 << 60, 0u32..20, prop::collection::vec(0u32..12, 0..4));
	prop::collection::vec(step, 0..25)
}

proptest! {
	#[test]
	fn it_does_not_matter_who_looked_or_when(
		period in 1u32..12,
		instalments in 1u8..=8,
		steps in steps(),
	) {
		let rules = rules(period, instalments);
		let (mut often, mut never) = (Vesting::default(), Vesting::default());
		let mut model = Model::default();
		let (mut epoch, mut now) = (1, 1);
		for (later, amount, late, looks) in steps {
			epoch += later;
			now = now.max(epoch + late);
			for back in looks {
				often.roll(&rules, now.saturating_sub(back));
			}
			often.roll(&rules, now);
			often.add(&rules, epoch, amount).unwrap();
			never.add(&rules, epoch, amount).unwrap();
			model.add(rules, epoch, amount);
			prop_assert_eq!(often.unlocked_at(&rules, now), model.unlocked_at(now));
			prop_assert_eq!(never.unlocked_at(&rules, now), model.unlocked_at(now));
			prop_assert_eq!(often.unlocked + often.locked(), model.total());
		}
		for epoch in now..now + LAST {
			prop_assert_eq!(often.unlocked_at(&rules, epoch), model.unlocked_at(epoch));
			prop_assert_eq!(never.unlocked_at(&rules, epoch), model.unlocked_at(epoch));
			if epoch % 3 == 0 {
				often.roll(&rules, epoch);
			}
		}
		prop_assert_eq!(often.locked(), 0);
	}

	#[test]
	fn what_is_unlocked_never_falls(
		period in 1u32..12,
		instalments in 1u8..=8,
		rewards in prop::collection::vec((0u32..12, 0u128..1 << 60), 1..25),
	) {
		let rules = rules(period, instalments);
		let (mut vesting, mut epoch, mut before) = (Vesting::default(), 1, 0);
		for (later, amount) in rewards {
			epoch += later;
			vesting.add(&rules, epoch, amount).unwrap();
			let now = vesting.unlocked_at(&rules, epoch);
			prop_assert!(now >= before);
			before = now;
		}
	}
}
