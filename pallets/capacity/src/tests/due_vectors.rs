//! The protocol that this one follows was worked out for cases A to G: commitments that start with epoch 10,
//! with a stake of 1,000 per unit, of which a miss costs 1 %, and which fail with so many misses per unit.
//!
//! What is the same: which epoch brings the failure, and what all epochs up to it cost. What differs: a
//! failure is known once its epoch is finished, during the next, so the commitment covers its units until that
//! one ends, which costs and earns as any other; and an epoch's misses are charged together.

use super::*;

/// A: the original fails with epoch 19, 100 slashed per unit, seen in epoch 20 or 40. The same, and 10 more
/// per unit for epoch 20.
#[test]
fn a_units_without_proofs_lose_the_same_whenever_somebody_looks() {
	let rules = strict(10, 1);
	let failed = [Effect::Failed { commitment: FIRST, end: 21 }];
	let mut early = server(5, 1_000);
	assert_eq!(failures(&look(&mut early, &rules, &mut Past::usual(40), 20)), failed);
	assert_eq!(slashed(&early), 5 * 100);
	for now in [21, 22, 40] {
		let mut late = server(5, 1_000);
		assert_eq!(failures(&look(&mut late, &rules, &mut Past::usual(40), now)), failed);
		let mut always = server(5, 1_000);
		assert_eq!(failures(&look_always(&mut always, &rules, now)), failed);
		assert_eq!(slashed(&late), 5 * 110);
		assert_eq!(late, always);
	}
}

/// B: the original fails with epoch 15, 120 slashed, refuses proofs from epoch 16 on, and pays for
/// 10 to 15. The same failure; epoch 16 is still covered, paid and charged.
#[test]
fn b_a_unit_that_proves_is_paid_until_its_siblings_let_the_commitment_fail() {
	let (rules, mut past) = (strict(4, 1), Past::usual(40));
	let (mut record, mut effects) = (server(3, 1_000), Vec::new());
	for now in 10..=20 {
		effects.extend(look(&mut record, &rules, &mut past, now));
		if now == 16 {
			assert_eq!(slashed(&record), 120);
		}
		let proven = record.recent[0].proving.and(Units::one(0));
		if !proven.is_empty() {
			report(&mut record, proven);
		}
	}
	assert_eq!(failures(&effects), [Effect::Failed { commitment: FIRST, end: 17 }]);
	assert_eq!(rewards(&effects), (10..=16).collect::<Vec<_>>());
	assert_eq!(slashed(&record), 140);
	assert_eq!(record.recent[0].proving, Units::NONE);
}

/// C: the original forgets the success of epoch 10 and fails with epoch 13; counted exactly it is 14, as here.
#[test]
fn c_a_success_counts_however_late_somebody_looks() {
	let rules = strict(4, 1);
	let (mut late, mut past) = (server(3, 1_000), Past::usual(40));
	look(&mut late, &rules, &mut past, 10);
	report(&mut late, Units::one(0));
	let mut always = late.clone();
	let effects = look(&mut late, &rules, &mut past, 30);
	assert_eq!(failures(&effects), [Effect::Failed { commitment: FIRST, end: 16 }]);
	assert_eq!(rewards(&effects), [10]);
	look_always(&mut always, &rules, 30);
	assert_eq!(late, always);
	// Two misses in epoch 10, three in each of 11 to 15.
	assert_eq!(slashed(&late), 10 * (2 + 5 * 3));
}

/// D: with one of three units back from a deal in epoch 11 the original fails with epoch 14, as here.
#[test]
fn d_a_unit_back_from_a_deal_owes_proofs_again() {
	let rules = strict(4, 1);
	let mut late = server(3, 1_000);
	let deal = Reservation::new(DealId(1), Units::one(2), 11);
	late.reservations.try_push(deal).unwrap();
	let mut always = late.clone();
	let effects = look(&mut late, &rules, &mut Past::usual(40), 30);
	assert_eq!(failures(&effects), [Effect::Failed { commitment: FIRST, end: 16 }]);
	look_always(&mut always, &rules, 30);
	assert_eq!(late, always);
	assert_eq!(slashed(&late), 10 * (2 + 5 * 3));
}

/// E: as in the original, a term of five epochs that are all proven costs nothing and earns five times.
#[test]
fn e_a_term_that_is_proven_earns_every_epoch_and_costs_nothing() {
	let (rules, mut past) = (strict(4, 1), Past::usual(40));
	let (mut record, mut effects) = (server(1, 15), Vec::new());
	for now in 10..15 {
		effects.extend(look(&mut record, &rules, &mut past, now));
		report(&mut record, Units::one(0));
	}
	effects.extend(look(&mut record, &rules, &mut past, 15));
	assert_eq!(record.recent[0].proving, Units::NONE);
	assert_eq!(rewards(&effects), [10, 11, 12, 13, 14]);
	assert_eq!((failures(&effects), slashed(&record)), (vec![], 0));
}

/// F: one unit proves 10 and 13. The original counts two misses but slashes three times; here it is two.
#[test]
fn f_a_success_after_a_gap_is_no_part_of_the_gap() {
	let rules = strict(50, 1);
	for gap in [vec![13], vec![11, 12, 13]] {
		let (mut record, mut past) = (server(1, 1_000), Past::usual(40));
		look(&mut record, &rules, &mut past, 10);
		report(&mut record, Units::one(0));
		for now in gap {
			look(&mut record, &rules, &mut past, now);
		}
		report(&mut record, Units::one(0));
		look(&mut record, &rules, &mut past, 14);
		assert_eq!(slashed(&record), 20);
	}
}

/// G: at 30 % per miss the original slashes 600, 400, 600, 400 in turn; here it never falls, nor exceeds.
#[test]
fn g_what_is_slashed_only_rises_up_to_the_stake() {
	let (rules, mut past) = (strict(100, 30), Past::usual(40));
	let mut record = server(1, 1_000);
	let mut seen = Vec::new();
	for now in 11..=16 {
		look(&mut record, &rules, &mut past, now);
		seen.push(slashed(&record));
	}
	assert_eq!(seen, [300, 600, 900, 1_000, 1_000, 1_000]);
	assert_eq!(record.commitments[0].end, 15);
}
