use crate::{Rollout, Staged};
use marketplace_primitives::{api::Application, Epoch, ServerId, UnitIndex, Units};
use proptest::prelude::*;
use sp_runtime::Percent;
use std::collections::BTreeSet;

type Turns = BTreeSet<(ServerId, UnitIndex)>;

fn rollout(from: Epoch, step: u8, masks: &[u64]) -> Rollout<Vec<Staged>> {
	let servers = masks.iter().zip(0u32..).map(|(mask, server)| Staged {
		server: ServerId(server),
		units: Units(*mask),
		acknowledged: Units::NONE,
	});
	Rollout {
		version: 1,
		from,
		step: Percent::from_percent(step),
		before: Application::default(),
		servers: servers.collect(),
	}
}

fn turns(rollout: &Rollout<Vec<Staged>>, now: Epoch) -> Turns {
	let turns = rollout.turns(now);
	turns.flat_map(|(staged, units)| units.iter().map(|unit| (staged.server, unit))).collect()
}

/// The same, unit by unit: the next has its turn as long as those before it are less than what the epochs so far
/// are good for.
fn naive(rollout: &Rollout<Vec<Staged>>, now: Epoch) -> Turns {
	let all: Vec<_> = rollout
		.servers
		.iter()
		.flat_map(|staged| staged.units.iter().map(|unit| (staged.server, unit)))
		.collect();
	let mut percent = 0;
	for _ in rollout.from..=now {
		percent = (percent + u64::from(rollout.step.deconstruct())).min(100);
	}
	let count = all.len() as u64;
	let has_turn = |before: u64| before * 100 < count * percent;
	all.into_iter().zip(0u64..).filter(|(_, k)| has_turn(*k)).map(|(unit, _)| unit).collect()
}

#[test]
fn units_have_their_turn_in_order() {
	let rollout = rollout(5, 30, &[0b1011, 0b110]);
	let of = |now| rollout.turns(now).map(|(_, units)| units.0).collect::<Vec<_>>();
	assert_eq!(of(4), vec![0, 0]);
	// 5 units: 30 % are 1.5, 60 % are 3, 90 % are 4.5
	assert_eq!(of(5), vec![0b11, 0]);
	assert_eq!(of(6), vec![0b1011, 0]);
	assert!(!rollout.is_over(6));
	assert_eq!(of(7), vec![0b1011, 0b110]);
	assert!(rollout.is_over(7));
	assert_eq!(of(u32::MAX), vec![0b1011, 0b110]);
}

#[test]
fn nothing_to_change_is_over_at_once() {
	assert!(rollout(5, 1, &[]).is_over(1));
}

proptest! {
	#[test]
	fn turns_are_those_of_the_naive_rule(
		from in 1u32..20,
		step in 1u8..=100,
		masks in prop::collection::vec(any::<u64>(), 0..6),
		now in 0u32..140,
	) {
		let rollout = rollout(from, step, &masks);
		let mine = turns(&rollout, now);
		prop_assert_eq!(&mine, &naive(&rollout, now));
		prop_assert!(mine.is_subset(&turns(&rollout, now + 1)), "a unit lost its turn");
		let all = masks.iter().map(|mask| mask.count_ones() as usize).sum::<usize>();
		prop_assert_eq!(rollout.is_over(now), mine.len() == all);
	}
}
