//! Settling by example; `vectors` are those of the protocol that this one follows, and `history` settles any
//! history against `naive`.

use super::*;
use crate::{Reservation, MAX_RESERVATIONS};
use core::cell::Cell;
use marketplace_primitives::DealId;
use naive::{Outcome, Past, PastEpoch, USUAL};

#[path = "due_history.rs"]
mod history;
#[path = "due_naive.rs"]
mod naive;
#[path = "due_vectors.rs"]
mod vectors;

const FIRST: CommitmentId = CommitmentId(0);
const SECOND: CommitmentId = CommitmentId(1);

fn rules() -> StakeRules {
	StakeRules {
		slashes: [10, 50, 100].map(Perbill::from_percent),
		fail_at: Perbill::from_percent(50),
		misses: MissRules { budget: 4, period: 10 },
		miss_slash: Perbill::from_percent(1),
	}
}

/// Rules that forgive nothing to whoever has no allowance to begin with.
fn strict(fail_at: u32, miss_slash: u32) -> StakeRules {
	StakeRules {
		fail_at: Perbill::from_percent(fail_at),
		misses: MissRules { budget: 2, period: u32::MAX },
		miss_slash: Perbill::from_percent(miss_slash),
		..rules()
	}
}

/// A commitment with a stake of 1,000 per unit that runs in `start..end`, without allowance.
fn cover(id: CommitmentId, units: Units, start: Epoch, end: Epoch) -> Cover {
	Cover { start, end, ..Cover::waiting(id, units, 1_000) }
}

/// The record of epoch 9 of a server with `count` units, all of them committed in `10..end`.
fn server(count: u8, end: Epoch) -> UnitRecord {
	record(count, &[cover(FIRST, Units::first(count), 10, end)])
}

/// The record of epoch 9 of a server with these commitments.
fn record(count: u8, covers: &[Cover]) -> UnitRecord {
	let mut record = UnitRecord::new(count, 9);
	covers.iter().for_each(|cover| record.commitments.try_push(*cover).unwrap());
	record
}

/// Settles the record at the end of epoch `now`, when all epochs before are finished.
fn look(record: &mut UnitRecord, rules: &StakeRules, past: &mut Past, now: Epoch) -> Vec<Effect> {
	past.go(now, true);
	let effects = record.settle(rules, past);
	record.roll(now);
	effects
}

/// Settles it at the end of each epoch up to `now`.
fn look_always(record: &mut UnitRecord, rules: &StakeRules, now: Epoch) -> Vec<Effect> {
	let mut past = Past::usual(100);
	let epochs = record.epoch + 1..=now;
	epochs.flat_map(|epoch| look(record, rules, &mut past, epoch)).collect()
}

fn report(record: &mut UnitRecord, proven: Units) {
	let report = Report { root: [1; 32], proven, answered: Units::NONE };
	record.recent[0].report = Some(report);
}

fn slashed(record: &UnitRecord) -> Balance {
	record.commitments.first().unwrap().slashed
}

fn failures(effects: &[Effect]) -> Vec<Effect> {
	let failures = effects.iter().filter(|effect| matches!(effect, Effect::Failed { .. }));
	failures.cloned().collect()
}

fn rewards(effects: &[Effect]) -> Vec<Epoch> {
	let epoch = |effect: &Effect| match effect {
		Effect::Earned { epoch, .. } => Some(*epoch),
		_ => None,
	};
	effects.iter().filter_map(epoch).collect()
}

/// A server of two units that reports both in each epoch from 10 on, every report being found wrong.
fn liar(rules: &StakeRules, epochs: Epoch) -> (UnitRecord, Vec<Effect>) {
	let wrong = PastEpoch { outcome: Outcome::Fails, ..USUAL };
	let mut past = Past::new(vec![wrong; 40]);
	let (mut record, mut effects) = (server(2, 1_000), Vec::new());
	for now in 10..10 + epochs {
		effects.extend(look(&mut record, rules, &mut past, now));
		report(&mut record, Units(3));
	}
	effects.extend(look(&mut record, rules, &mut past, 10 + epochs));
	(record, effects)
}

fn slashes(effects: &[Effect]) -> Vec<(Epoch, Balance, bool)> {
	let slash = |effect: &Effect| match effect {
		Effect::Slashed { epoch, amount, for_misses, .. } => Some((*epoch, *amount, *for_misses)),
		_ => None,
	};
	effects.iter().filter_map(slash).collect()
}

#[test]
fn wrong_reports_cost_more_each_time_but_never_more_than_the_stake() {
	let rules = StakeRules { fail_at: Perbill::one(), ..rules() };
	let (record, effects) = liar(&rules, 5);
	assert_eq!(slashes(&effects), [(10, 200, false), (11, 1_000, false), (12, 800, false)]);
	assert_eq!(failures(&effects), [Effect::Failed { commitment: FIRST, end: 14 }]);
	// Epoch 13 was still covered: there was nothing left to lose by its report. No epoch is missed as well.
	assert_eq!((slashed(&record), record.commitments[0].faults), (2_000, 4));
	assert!(!effects.iter().any(|effect| matches!(effect, Effect::Missed { .. })));
	assert!(rewards(&effects).is_empty());
}

#[test]
fn commitment_fails_with_the_wrong_report_that_costs_too_much() {
	let (record, effects) = liar(&rules(), 2);
	let failed = Effect::Failed { commitment: FIRST, end: 13 };
	let cause = Cause::Unanswered { units: Units(1) };
	let lost = Effect::Slashed { commitment: FIRST, epoch: 11, amount: 1_000, for_misses: false };
	assert_eq!(effects[2..], [Effect::ReportFailed { epoch: 11, cause }, lost, failed]);
	assert_eq!((slashed(&record), record.commitments[0].end), (1_200, 13));
}

#[test]
fn wrong_report_costs_only_the_commitments_that_it_speaks_of() {
	let covers = [cover(FIRST, Units(0x0f), 10, 99), cover(SECOND, Units(0xf0), 10, 99)];
	let (mut record, mut effects) = (record(8, &covers), Vec::new());
	record.roll(10);
	report(&mut record, Units(0x03));
	let cause = Cause::WrongProof { unit: 1 };
	record.fail_report(&rules(), (10, 11), cause, &mut effects);
	let lost = Effect::Slashed { commitment: FIRST, epoch: 10, amount: 400, for_misses: false };
	assert_eq!(effects, [Effect::ReportFailed { epoch: 10, cause }, lost]);
	// Its units are paid for; those that it did not speak of missed.
	assert_eq!(record.recent[0].missed(), Units(0xfc));
	record.fail_report(&rules(), (10, 11), cause, &mut effects);
	assert_eq!(effects.len(), 2);
}

#[test]
fn deal_loses_the_units_of_a_failed_commitment_for_the_rest_of_its_term() {
	let covers = [cover(FIRST, Units(0x0f), 10, 99), cover(SECOND, Units(0xf0), 10, 99)];
	let mut record = record(8, &covers);
	let mut deal = Reservation::new(DealId(1), Units(0xf7), 60);
	deal.ready = deal.units;
	record.reservations.try_push(deal).unwrap();
	// Unit 3 alone misses: 400 of its commitment's 4,000 are gone with epoch 49.
	let effects = look(&mut record, &strict(10, 1), &mut Past::usual(99), 58);
	assert_eq!(failures(&effects), [Effect::Failed { commitment: FIRST, end: 51 }]);
	let deal = record.reservation(DealId(1)).unwrap();
	assert_eq!((deal.units, deal.ready), (Units(0xf0), Units(0xf0)));
	let harm = crate::Harm { commitment: FIRST, unit_epochs: 3 * (60 - 51) };
	assert_eq!(deal.harms.to_vec(), [harm]);
	assert_eq!((record.recent[0].proving, record.recent[0].serving), (Units::NONE, Units(0xf0)));
}

#[test]
fn epochs_that_are_not_charged_cost_nothing_and_give_no_allowance_back() {
	let void = PastEpoch { is_charged: false, outcome: Outcome::Void, delay: 3 };
	let mut epochs = vec![USUAL; 9];
	epochs.extend([void; 20]);
	epochs.push(USUAL);
	let mut past = Past::new(epochs);
	let mut record = server(8, 1_000);
	assert_eq!(look(&mut record, &rules(), &mut past, 28), []);
	assert_eq!(record.commitments[0].allowance, 0);
	let effects = look(&mut record, &rules(), &mut past, 33);
	// Epoch 30 alone adds eight parts, of which ten forgive a miss.
	let missed = Effect::Missed { commitment: FIRST, epoch: 30, misses: 8, excess: 8 };
	let lost = Effect::Slashed { commitment: FIRST, epoch: 30, amount: 80, for_misses: true };
	assert_eq!(effects, [missed, lost]);
	assert_eq!(record.commitments[0].allowance, 8);
}

#[test]
fn void_report_earns_nothing_and_costs_nothing() {
	let void = PastEpoch { outcome: Outcome::Void, ..USUAL };
	let (mut record, mut past) = (server(2, 1_000), Past::new(vec![void; 20]));
	look(&mut record, &rules(), &mut past, 10);
	report(&mut record, Units(3));
	let effects = look(&mut record, &rules(), &mut past, 11);
	assert_eq!(effects, [Effect::ReportVoided { epoch: 10 }]);
}

#[test]
fn unit_owes_no_proof_in_the_epoch_of_its_sale_and_none_while_it_is_sold() {
	let mut record = server(4, 1_000);
	record.roll(10);
	record.recent[0].excused = Units(0x3);
	record.reservations.try_push(Reservation::new(DealId(1), Units(0x3), 13)).unwrap();
	let effects = look(&mut record, &strict(90, 1), &mut Past::usual(40), 14);
	let missed =
		|epoch, misses, excess| Effect::Missed { commitment: FIRST, epoch, misses, excess };
	let lost = |epoch, amount| {
		let for_misses = true;
		Effect::Slashed { commitment: FIRST, epoch, amount, for_misses }
	};
	// Two units in 10, in 11 and in 12, then all.
	assert_eq!(effects, [missed(10, 2, 2), lost(10, 20), missed(13, 8, 8), lost(13, 80)]);
}

#[test]
fn nothing_is_settled_before_it_is_finished_nor_twice() {
	let mut past = Past::usual(40);
	let mut record = server(2, 1_000);
	past.go(12, true);
	let effects = record.settle(&strict(90, 1), &past);
	assert_eq!((effects.len(), record.settled, slashed(&record)), (2, 11, 40));
	assert_eq!(record.settle(&strict(90, 1), &past), []);
	past.finished = 10;
	assert_eq!(record.settle(&strict(90, 1), &past), []);
	assert_eq!((record.settled, slashed(&record)), (11, 40));
}

#[test]
fn misses_that_are_forgiven_are_told_of_but_cost_nothing() {
	let mut record = server(2, 1_000);
	record.commitments[0].allowance = rules().misses.full(2);
	let effects = look(&mut record, &rules(), &mut Past::usual(40), 14);
	assert_eq!(effects, [Effect::Missed { commitment: FIRST, epoch: 13, misses: 8, excess: 0 }]);
	assert_eq!(record.commitments[0].allowance, 6);
}

#[test]
fn misses_cost_by_the_least_stake_beside_them_then_and_later() {
	let cheap = Cover { start: 12, end: 14, ..Cover::waiting(SECOND, Units(0xf0), 100) };
	let covers = [cover(FIRST, Units(0x0f), 10, 99), cheap];
	let rules = strict(90, 1);
	let mut late = record(8, &covers);
	look(&mut late, &rules, &mut Past::usual(40), 17);
	// Four units at 10 in 10 and 11, at 1 from 12 to 16.
	assert_eq!(slashed(&late), 2 * 40 + 5 * 4);
	assert_eq!(late.commitments[1].slashed, 2 * 4);
	let least = |record: &UnitRecord| {
		record.commitments.iter().map(|cover| cover.least_stake).collect::<Vec<_>>()
	};
	assert_eq!(least(&late), [100, 100]);
	let mut always = record(8, &covers);
	look_always(&mut always, &rules, 17);
	assert_eq!(late, always);
	// One that waits, or is over, costs nobody less.
	let waiting = Cover::waiting(SECOND, Units(0xf0), 100);
	for other in [waiting, Cover { start: 1, end: 10, ..waiting }] {
		let mut record = record(8, &[covers[0], other]);
		look(&mut record, &rules, &mut Past::usual(40), 17);
		assert_eq!((slashed(&record), least(&record)[0]), (7 * 40, 1_000));
	}
}

#[test]
fn a_dear_commitment_fails_by_as_many_more_misses_as_they_are_cheaper() {
	let cheap = Cover { start: 10, end: 999, ..Cover::waiting(SECOND, Units(0xf0), 500) };
	let covers = [cover(FIRST, Units(0x0f), 10, 999), cheap];
	let mut late = record(8, &covers);
	// 400 of 4,000 in 20 epochs, 200 of 2,000 in 10.
	let effects = look(&mut late, &strict(10, 1), &mut Past::usual(99), 60);
	let failed = |commitment, end| Effect::Failed { commitment, end };
	assert_eq!(failures(&effects), [failed(SECOND, 21), failed(FIRST, 31)]);
}

#[test]
fn commitments_without_stake_or_slashes_never_fail() {
	let free = Cover { stake: 0, ..cover(FIRST, Units(1), 10, 99) };
	let mut unstaked = record(2, &[free]);
	let effects = look(&mut unstaked, &strict(1, 1), &mut Past::usual(99), 60);
	assert_eq!(effects, [Effect::Missed { commitment: FIRST, epoch: 59, misses: 50, excess: 50 }]);
	let mut unslashed = server(1, 99);
	assert_eq!(look(&mut unslashed, &strict(1, 0), &mut Past::usual(99), 60), effects);
}

/// More epochs than anybody counts, of which every other one is not charged; counts how often it is asked.
struct Endless(Epoch, Cell<u32>);

impl Endless {
	fn count(&self) {
		self.1.set(self.1.get() + 1);
	}
}

impl PastEpochs for Endless {
	fn finished(&self) -> Epoch {
		self.0
	}

	fn finished_in(&self, epoch: Epoch) -> Epoch {
		self.count();
		epoch + 1
	}

	fn uncharged(&self, from: Epoch, to: Epoch) -> u32 {
		self.count();
		to / 2 - (from - 1) / 2
	}

	fn verdict(&self, _: Epoch, _: &Report, _: Balance) -> Verdict {
		unreachable!("no report was made")
	}
}

#[test]
fn longest_gap_with_the_most_deals_is_settled_in_bounded_steps() {
	let last = u32::MAX / 2;
	let cover = |index: u8| {
		let units = Units(0xffff << (16 * index));
		Cover {
			start: 10,
			end: last - u32::from(index),
			..Cover::waiting(CommitmentId(index.into()), units, Balance::MAX >> 64)
		}
	};
	let covers: Vec<Cover> = (0..4).map(cover).collect();
	let mut record = record(64, &covers);
	for index in 0..MAX_RESERVATIONS as u8 {
		let end = 1_000_000 * (u32::from(index) + 1);
		let mut deal = Reservation::new(DealId(index.into()), Units::one(index), end);
		// A unit leaves a deal once, by its end or before.
		deal.withdraw(deal.units, end - 500_000).unwrap();
		record.reservations.try_push(deal).unwrap();
	}
	let past = Endless(last, Cell::new(0));
	let effects =
		record.settle(&StakeRules { miss_slash: Perbill::from_parts(1), ..rules() }, &past);
	// A commitment's misses, its slashes and its failure are told of once each.
	assert_eq!(failures(&effects).len(), 4);
	assert_eq!(effects.len(), 3 * 4);
	// 72 ends of terms, and four failures that are searched for.
	assert!(past.1.get() <= 72 + 4 * (1 + 32 + 1), "asked {} times", past.1.get());
	record.roll(last + 1);
	assert_eq!(record.recent[0].proving, Units::NONE);
	record.prune();
	assert!(record.commitments.is_empty());
}
