//! The record by example; `history` holds it against a model that knows nothing of epochs passed at once.

use super::*;
use alloc::vec::Vec;

#[path = "record_history.rs"]
mod history;

/// A record of eight units in epoch `epoch`, all of them under one commitment until `end`.
fn covered(epoch: Epoch, end: Epoch) -> UnitRecord {
	let mut record = UnitRecord::new(8, epoch - 1);
	let cover = Cover { start: epoch, end, ..Cover::waiting(CommitmentId(0), Units(0xff), 1) };
	record.commitments.try_push(cover).unwrap();
	record.roll(epoch);
	record
}

fn report(proven: Units) -> Option<Report> {
	Some(Report { root: [7; 32], proven, answered: Units::NONE })
}

#[test]
fn rolling_back_does_nothing() {
	let mut record = UnitRecord::new(8, 5);
	let before = record.clone();
	record.roll(5);
	record.roll(3);
	assert_eq!(record, before);
}

#[test]
fn a_million_epochs_are_three_steps() {
	let mut record = covered(2, 900_000);
	record.roll(899_999);
	assert_eq!(record.recent.map(|entry| entry.proving), [Units(0xff); 3]);
	record.roll(2_000_000);
	assert_eq!(record.recent, [EpochEntry::default(); 3]);
}

#[test]
fn commitments_are_forgotten_once_all_their_epochs_are_settled() {
	let mut record = covered(2, 10);
	record.roll(11);
	record.settled = 8;
	record.prune();
	assert_eq!(record.commitments.len(), 1);
	assert_eq!(record.claimed(), Units::NONE);
	record.settled = 9;
	record.prune();
	assert!(record.commitments.is_empty());
}

#[test]
fn commitments_that_wait_are_kept_and_claim_their_units() {
	let mut record = UnitRecord::new(8, 5);
	record.commitments.try_push(Cover::waiting(CommitmentId(3), Units(3), 1)).unwrap();
	record.roll(500);
	record.settled = 499;
	record.prune();
	assert_eq!(record.claimed(), Units(3));
	assert_eq!(record.committed(500), Units::NONE);
}

#[test]
fn reports_are_open_until_their_epoch_is_settled() {
	let mut record = covered(5, 100);
	record.entry_mut(5).unwrap().report = report(Units(1));
	record.roll(6);
	record.entry_mut(6).unwrap().report = report(Units(2));
	record.settled = 4;
	let open: Vec<_> = record.open_reports().map(|(epoch, open)| (epoch, open.proven)).collect();
	assert_eq!(open, [(5, Units(1)), (6, Units(2))]);
	record.settled = 5;
	assert_eq!(record.open_report(5), None);
	assert_eq!(record.open_reports().count(), 1);
}

#[test]
fn units_of_a_wrong_report_owe_no_proof_and_are_not_for_sale() {
	let mut record = covered(5, 100);
	record.entry_mut(5).unwrap().report = report(Units(0x0f));
	(record.last_report, record.reported) = (5, Units(0x0f));
	assert_eq!(record.offered(), Units(0x0f));
	assert_eq!(record.entry(5).unwrap().missed(), Units(0xf0));
	record.discredit(5);
	assert_eq!(record.offered(), Units::NONE);
	assert_eq!(record.entry(5).unwrap().report, None);
	assert_eq!(record.entry(5).unwrap().missed(), Units(0xf0));
}

#[test]
fn a_later_report_stands_when_an_earlier_one_is_wrong() {
	let mut record = covered(5, 100);
	record.entry_mut(5).unwrap().report = report(Units(1));
	record.roll(6);
	(record.last_report, record.reported) = (6, Units(2));
	record.discredit(5);
	assert_eq!(record.offered(), Units(2));
}

#[test]
fn units_bound_to_prove_change_with_commitments_and_deals_only() {
	let mut record = covered(5, 100);
	let deal = Reservation::new(DealId(1), Units(3), 40);
	record.reservations.try_push(deal).unwrap();
	assert_eq!((record.bound_to_prove(6), record.unchanged_until(6)), (Units(0xfc), 39));
	assert_eq!((record.bound_to_prove(40), record.unchanged_until(40)), (Units(0xff), 99));
	assert_eq!(
		(record.bound_to_prove(100), record.unchanged_until(100)),
		(Units::NONE, Epoch::MAX)
	);
}
