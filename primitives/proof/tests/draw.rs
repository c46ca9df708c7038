//! What randomness selects.

use marketplace_proof::{drawn_slots, earliest_block_offset};
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
	#[test]
	fn drawn_slots_are_distinct_rising_and_in_range(
		randomness: [u8; 32], server: u32, epoch: u32, unit in 0u8..64, slots: u16, count in 0u8..=8,
	) {
		let drawn = drawn_slots(&randomness, server, epoch, unit, slots, count);
		prop_assert_eq!(drawn.len(), usize::from(slots.min(u16::from(count))));
		prop_assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
		prop_assert!(drawn.iter().all(|slot| *slot < slots));
	}

	#[test]
	fn offset_stays_below_the_spread(randomness: [u8; 32], server: u32, epoch: u32, spread: u32) {
		let offset = earliest_block_offset(&randomness, server, epoch, 0, spread);
		prop_assert!(offset < spread.max(1));
	}
}

#[test]
fn every_pair_of_slots_is_drawn_about_as_often() {
	let mut seen = BTreeMap::<Vec<u16>, u32>::new();
	for server in 0..6_000 {
		*seen.entry(drawn_slots(&[7; 32], server, 1, 0, 4, 2)).or_default() += 1;
	}
	assert_eq!(seen.len(), 6);
	assert!(seen.values().all(|times| (850..1_150).contains(times)), "{seen:?}");
}

#[test]
fn draw_differs_between_randomness_server_epoch_and_unit() {
	let draw = |randomness, server, epoch, unit| {
		drawn_slots(&[randomness; 32], server, epoch, unit, u16::MAX, 4)
	};
	let base = draw(1, 1, 1, 1);
	for other in [draw(2, 1, 1, 1), draw(1, 2, 1, 1), draw(1, 1, 2, 1), draw(1, 1, 1, 2)] {
		assert_ne!(base, other);
	}
}
