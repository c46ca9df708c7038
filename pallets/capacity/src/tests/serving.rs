//! What is counted and what is missing, by example; `record::tests::history` holds it against a model.

use super::*;
use crate::{Cover, EpochEntry, Harm, Report};
use marketplace_primitives::CommitmentId;

const DEAL: DealId = DealId(1);

/// A record in epoch 10 of eight units, all committed, four of them in a deal until epoch 50, which serve since
/// epoch 7.
fn serving() -> UnitRecord {
	let mut record = UnitRecord::new(8, 5);
	let cover = Cover { start: 6, end: 90, ..Cover::waiting(CommitmentId(0), Units(0xff), 1) };
	record.commitments.try_push(cover).unwrap();
	record.roll(6);
	let pending = Units(0xf);
	let held = Reservation { pending, ..Reservation::new(DEAL, pending, 50) };
	record.reservations.try_push(held).unwrap();
	record.roll(10);
	record
}

fn served(record: &UnitRecord, passed: Epoch) -> (u64, u64) {
	let held = record.reservation(DEAL).unwrap();
	(held.served_for_good(passed), held.served_lately(passed))
}

#[test]
fn what_is_counted_can_be_contested_in_two_more_epochs() {
	let mut record = serving();
	record.count_served(8, Units(0b1));
	record.count_served(9, Units(0b11));
	record.count_served(10, Units(0b111));
	let expected = [(0, 6), (1, 5), (3, 3), (6, 0), (6, 0)];
	for (passed, expected) in (0..).zip(expected) {
		// Whether or not the record is brought up to it.
		let mut rolled = record.clone();
		rolled.roll(10 + passed);
		assert_eq!((served(&record, passed), served(&rolled, 0)), (expected, expected));
	}
	assert_eq!(served(&record, Epoch::MAX), (6, 0));
}

#[test]
fn masks_fall_out_however_many_epochs_pass_at_once() {
	let mut record = serving();
	(8..=10).for_each(|epoch| record.count_served(epoch, Units(0xf)));
	for (passed, left) in [(0, 3), (1, 2), (2, 1), (3, 0), (4, 0), (1_000_000, 0)] {
		let mut rolled = record.clone();
		rolled.roll(10 + passed);
		let held = rolled.reservation(DEAL).unwrap();
		let full = held.counted.iter().filter(|units| **units == Units(0xf)).count();
		assert_eq!((full, served(&rolled, 0).1), (left, 4 * left as u64));
		assert_eq!(held.served, 12);
	}
}

#[test]
fn a_unit_is_counted_once_and_only_if_it_is_bound_to_serve() {
	let mut record = serving();
	record.count_served(9, Units(0xf3));
	record.count_served(9, Units(0x06));
	assert_eq!(served(&record, 0), (0, 3));
	record.count_served(7, Units(0xf));
	assert_eq!(served(&record, 0), (0, 3));
}

#[test]
fn contests_take_counted_units_only() {
	let mut record = serving();
	record.count_served(9, Units(0b111));
	let mut contest = |age, units| record.reservation_mut(DEAL).unwrap().contest(age, Units(units));
	assert!(!contest(0, 0b1));
	assert!(!contest(1, 0b1001));
	assert!(contest(1, 0b11));
	assert!(!contest(1, 0b1));
	assert!(contest(1, 0b100));
	assert!(!contest(3, 0) && !contest(Epoch::MAX, 0b1));
	assert_eq!(served(&record, 0), (0, 0));
}

#[test]
fn units_that_served_in_neither_of_the_last_two_epochs_are_silent() {
	let mut record = serving();
	record.count_served(8, Units(0b0001));
	record.count_served(9, Units(0b0010));
	record.count_served(10, Units(0b0101));
	assert_eq!(record.silent(DEAL, 9), Units(0b1100));
	assert_eq!(record.silent(DEAL, 10), Units(0b1000));
	// A report closes its epoch for the server, and those before it.
	record.last_report = 10;
	assert_eq!(record.silent(DEAL, 9), Units(0b1000));
	assert_eq!(record.silent(DealId(2), 9), Units::NONE);
}

#[test]
fn nobody_is_silent_in_epochs_that_the_record_does_not_know() {
	let record = serving();
	assert_eq!(record.silent(DEAL, 9), Units(0xf));
	for closed in [8, 7, 0, 11] {
		assert_eq!(record.silent(DEAL, closed), Units::NONE);
	}
}

#[test]
fn units_that_leave_or_were_not_bound_are_not_silent() {
	let mut record = serving();
	let held = record.reservation_mut(DEAL).unwrap();
	held.withdraw(Units(0b1), 40).unwrap();
	held.before[1] = Units(0b1011);
	assert_eq!(record.silent(DEAL, 9), Units(0b1010));
	record.commitments[0].end = 20;
	assert_eq!(record.silent(DEAL, 9), Units::NONE);
}

#[test]
fn deals_miss_what_they_lost_what_is_silent_and_what_has_no_worker() {
	let mut record = serving();
	let missing = |record: &UnitRecord| record.deals_missing_units(9);
	assert_eq!(missing(&record), [DEAL]);
	record.count_served(8, Units(0xf));
	assert_eq!(missing(&record), []);

	let mut idle = record.clone();
	let other = Reservation::new(DealId(2), Units(0x30), 50);
	idle.reservations.try_push(other).unwrap();
	// Sold in this epoch.
	idle.recent[0].excused = Units(0x30);
	assert_eq!(missing(&idle), []);
	idle.recent[0].excused = Units(0x10);
	assert_eq!(missing(&idle), [DealId(2)]);
	idle.reservations[1].pending = Units(0x20);
	assert_eq!(missing(&idle), []);

	let mut failing = record.clone();
	failing.commitments[0].end = 11;
	assert_eq!(missing(&failing), [DEAL]);
	failing.roll(11);
	failing.recent = [EpochEntry::default(); 3];
	assert_eq!(failing.reservations[0].units, Units::NONE);
	assert_eq!(missing(&failing), [DEAL]);
	failing.reservations[0].harms.clear();
	assert_eq!(missing(&failing), []);

	let mut over = record.clone();
	let harm = Harm { commitment: CommitmentId(0), unit_epochs: 1 };
	over.reservations[0].harms.try_push(harm).unwrap();
	assert_eq!(missing(&over), [DEAL]);
	over.reservations[0].end = 10;
	assert_eq!(missing(&over), []);
}

#[test]
fn a_wrong_report_of_proofs_leaves_what_was_served() {
	let mut record = serving();
	record.count_served(10, Units(0xf));
	let report = Report { root: [7; 32], proven: Units(0xf0), answered: Units::NONE };
	record.entry_mut(10).unwrap().report = Some(report);
	record.discredit(10);
	assert_eq!(served(&record, 0), (0, 4));
}

#[test]
fn a_deal_is_spent_once_nothing_that_its_units_served_can_be_reported_or_contested() {
	let mut record = serving();
	record.count_served(10, Units(0b1));
	record.reservation_mut(DEAL).unwrap().withdraw(Units(0xf), 12).unwrap();
	for (epoch, is_spent) in [(10, false), (11, false), (12, false), (13, false), (14, true)] {
		// They serve in epoch 11 still, which can be contested until epoch 14 begins; however many pass at once.
		let mut rolled = record.clone();
		rolled.roll(epoch);
		let held = rolled.reservation(DEAL).unwrap();
		assert_eq!(held.is_spent(), is_spent, "epoch {epoch}");
		assert_eq!(rolled.deals_missing_units(epoch - 1).contains(&DEAL), is_spent);
	}
	record.roll(1_000_000);
	assert!(record.reservation(DEAL).unwrap().is_spent());
}

#[test]
fn a_deal_that_never_served_is_spent_as_its_units_leave() {
	let mut record = UnitRecord::new(8, 10);
	let mut held = Reservation::new(DEAL, Units(0b11), 50);
	held.withdraw(Units(0b11), 11).unwrap();
	record.reservations.try_push(held).unwrap();
	assert!(!record.reservation(DEAL).unwrap().is_spent());
	record.roll(11);
	assert!(record.reservation(DEAL).unwrap().is_spent());
}

#[test]
fn a_deal_whose_units_stayed_to_its_end_is_not_spent() {
	let mut record = serving();
	record.roll(60);
	assert!(!record.reservation(DEAL).unwrap().is_spent());
}

#[test]
fn each_trace_of_a_unit_keeps_a_deal_from_being_spent() {
	let none = Reservation::new(DEAL, Units::NONE, 50);
	assert!(none.is_spent());
	// Neither what it was served nor what it lost holds it up.
	let harm = Harm { commitment: CommitmentId(0), unit_epochs: 3 };
	let harms = alloc::vec![harm].try_into().unwrap();
	assert!(Reservation { served: 7, harms, ..none.clone() }.is_spent());
	let (unit, no) = (Units(1), Units::NONE);
	for held in [
		Reservation { units: unit, ..none.clone() },
		Reservation { ready: unit, ..none.clone() },
		Reservation { pending: unit, ..none.clone() },
		Reservation { before: [unit, no], ..none.clone() },
		Reservation { before: [no, unit], ..none.clone() },
		Reservation { counted: [unit, no, no], ..none.clone() },
		Reservation { counted: [no, unit, no], ..none.clone() },
		Reservation { counted: [no, no, unit], ..none.clone() },
	] {
		assert!(!held.is_spent(), "{held:?}");
	}
}
