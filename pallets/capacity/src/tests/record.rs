//! The record, held against a model that knows nothing of epochs passed at once.

use super::*;
use crate::Harm;
use alloc::{vec, vec::Vec};
use marketplace_primitives::UnitIndex;
use proptest::prelude::*;

const LAST: Epoch = 40;

/// One unit's part in a deal.
#[derive(Clone, Copy, Debug)]
struct Held {
	deal: DealId,
	unit: UnitIndex,
	made: Epoch,
	ready: Option<Epoch>,
	end: Epoch,
}

/// All that ever happened, by unit. What holds in an epoch is looked up, never computed from the epoch
/// before.
#[derive(Default)]
struct Model {
	covers: Vec<(CommitmentId, Units, Epoch, Epoch)>,
	held: Vec<Held>,
}

impl Model {
	fn cover_end(&self, unit: UnitIndex, epoch: Epoch) -> Option<Epoch> {
		let mut covers = self.covers.iter();
		covers
			.find(|(_, units, start, end)| units.contains(unit) && (*start..*end).contains(&epoch))
			.map(|(_, _, _, end)| *end)
	}

	/// The part that holds the unit in `epoch`; parts end early when their cover does.
	fn holder(&self, unit: UnitIndex, epoch: Epoch) -> Option<&Held> {
		let mut held = self.held.iter().filter(|held| held.unit == unit);
		held.find(|held| {
			let covered = self.cover_end(unit, held.made).unwrap_or(0);
			held.made <= epoch && epoch < held.end.min(covered)
		})
	}

	fn serves(&self, unit: UnitIndex, epoch: Epoch) -> Option<DealId> {
		let held = self.holder(unit, epoch)?;
		held.ready.is_some_and(|ready| ready < epoch).then_some(held.deal)
	}

	fn proves(&self, unit: UnitIndex, epoch: Epoch) -> bool {
		let is_bound = self.holder(unit, epoch).is_some_and(|held| held.made < epoch);
		self.cover_end(unit, epoch).is_some() && !is_bound
	}

	fn entry(&self, count: u8, epoch: Epoch) -> EpochEntry {
		let all = |holds: &dyn Fn(UnitIndex) -> bool| {
			union((0..count).filter(|unit| holds(*unit)).map(Units::one))
		};
		EpochEntry {
			proving: all(&|unit| self.proves(unit, epoch)),
			excused: all(&|unit| self.holder(unit, epoch).is_some_and(|held| held.made == epoch)),
			serving: all(&|unit| self.serves(unit, epoch).is_some()),
			report: None,
		}
	}

	/// Unit-epochs that a deal which ends with `end` lost to commitments that were over before `now`.
	fn harms(&self, deal: DealId, end: Epoch, now: Epoch) -> Vec<Harm> {
		let covers = self.covers.iter().filter(|(_, _, _, cover_end)| *cover_end <= now);
		covers
			.map(|(commitment, units, start, cover_end)| {
				let lost = self.held.iter().filter(|held| {
					let is_meant = held.deal == deal && held.end == end && end > *cover_end;
					is_meant
						&& units.contains(held.unit)
						&& (*start..*cover_end).contains(&held.made)
				});
				let unit_epochs = lost.map(|held| u64::from(held.end - *cover_end)).sum();
				Harm { commitment: *commitment, unit_epochs }
			})
			.filter(|harm| harm.unit_epochs > 0)
			.collect()
	}
}

#[derive(Clone, Debug)]
enum Event {
	Cover(Units, Epoch),
	Fail(usize),
	Reserve(u64, Units, Epoch),
	Ready(u64, Units),
	Report(Epoch),
	Look,
}

fn event() -> impl Strategy<Value = Event> {
	prop_oneof![
		2 => (any::<u64>(), 1..15u32).prop_map(|(units, term)| Event::Cover(Units(units), term)),
		1 => (0..4usize).prop_map(Event::Fail),
		4 => (0..4u64, any::<u64>(), 2..6u32)
			.prop_map(|(deal, units, term)| Event::Reserve(deal, Units(units), term)),
		4 => (0..4u64, any::<u64>()).prop_map(|(deal, units)| Event::Ready(deal, Units(units))),
		4 => (0..OPEN_EPOCHS).prop_map(Event::Report),
		1 => Just(Event::Look),
	]
}

/// The record under test, the same brought up one epoch at a time, the model, and what deals served by the model.
struct Trio {
	record: UnitRecord,
	slow: UnitRecord,
	model: Model,
	served: Vec<u64>,
	next: u64,
}

impl Trio {
	fn each(&mut self, change: impl Fn(&mut UnitRecord)) {
		change(&mut self.record);
		change(&mut self.slow);
	}

	/// Nothing is settled here: it moves along as far as it must.
	fn go(&mut self, epoch: Epoch) {
		self.record.roll(epoch);
		for step in self.slow.epoch..=epoch {
			self.slow.roll(step);
		}
		self.each(|record| {
			record.settled = epoch.saturating_sub(OPEN_EPOCHS);
			record.prune();
		});
	}

	fn apply(&mut self, event: Event) {
		let now = self.record.epoch;
		match event {
			Event::Cover(units, term) => {
				let units = units.and(self.record.all()).without(self.record.claimed());
				let (id, start, end) = (CommitmentId(self.next), now + 1, now + 1 + term);
				if self.record.commitments.is_full() || units.is_empty() {
					return;
				}
				self.next += 1;
				self.model.covers.push((id, units, start, end));
				self.each(|record| {
					let cover = Cover { start, end, ..Cover::waiting(id, units, 1) };
					record.commitments.try_push(cover).unwrap();
				});
			},
			Event::Fail(index) => {
				let Some(cover) = self.record.commitments.get(index).copied() else { return };
				if !cover.covers(now) || cover.end <= now + 1 {
					return;
				}
				let known = self.model.covers.iter_mut().find(|(id, ..)| *id == cover.id);
				known.unwrap().3 = now + 1;
				self.each(|record| record.cover_mut(cover.id).unwrap().end = now + 1);
			},
			Event::Reserve(deal, units, term) => self.reserve(DealId(deal), units, now + term),
			Event::Ready(deal, units) => self.set_ready(DealId(deal), units),
			Event::Report(age) => self.report(now.saturating_sub(age)),
			Event::Look => {},
		}
	}

	fn reserve(&mut self, deal: DealId, units: Units, end: Epoch) {
		let now = self.record.epoch;
		let old = self.record.reservation(deal).map(|held| held.end);
		if old.is_some_and(|end| end <= now && now <= end + 1) {
			// Its last epoch can still be reported.
			return;
		}
		if old.is_some_and(|end| end < now) {
			self.each(|record| record.reservations.retain(|held| held.deal != deal));
			self.served[deal.0 as usize] = 0;
		}
		let end = self.record.reservation(deal).map_or(end, |held| held.end);
		self.each(|record| (record.last_report, record.reported) = (now, record.all()));
		let units = units.and(self.record.for_sale(end));
		if units.is_empty() {
			return;
		}
		let held = |unit| Held { deal, unit, made: now, ready: None, end };
		self.model.held.extend(units.iter().map(held));
		self.each(|record| {
			let entry = record.entry_mut(now).unwrap();
			entry.excused = entry.excused.or(units);
			match record.reservation_mut(deal) {
				Some(held) => held.units = held.units.or(units),
				None => record.reservations.try_push(Reservation::new(deal, units, end)).unwrap(),
			}
		});
	}

	fn set_ready(&mut self, deal: DealId, units: Units) {
		let now = self.record.epoch;
		let Some(held) = self.record.reservation(deal).cloned() else { return };
		if held.end <= now {
			return;
		}
		let units = units.and(held.units);
		for held in self.model.held.iter_mut() {
			let is_meant = held.deal == deal && units.contains(held.unit) && held.end > now;
			if is_meant && held.ready.is_none() {
				held.ready = Some(now);
			}
		}
		self.each(|record| {
			let held = record.reservation_mut(deal).unwrap();
			held.pending = held.pending.or(units.without(held.ready));
		});
	}

	fn report(&mut self, epoch: Epoch) {
		let Some(serving) = self.record.entry(epoch).map(|entry| entry.serving) else { return };
		for unit in serving.iter() {
			let deal = self.model.serves(unit, epoch).unwrap();
			self.served[deal.0 as usize] += 1;
		}
		self.each(|record| record.count_served(epoch, serving));
	}

	fn check(&self) -> Result<(), TestCaseError> {
		let (record, now) = (&self.record, self.record.epoch);
		prop_assert_eq!(record, &self.slow);
		for epoch in now.saturating_sub(OPEN_EPOCHS - 1).max(1)..=now {
			let entry = self.model.entry(record.count, epoch);
			prop_assert_eq!(record.entry(epoch), Some(&entry));
		}
		prop_assert_eq!(record.entry(now + 1), None);
		for held in &record.reservations {
			prop_assert_eq!(held.served, self.served[held.deal.0 as usize]);
			let harms = self.model.harms(held.deal, held.end, now);
			prop_assert_eq!(held.harms.to_vec(), harms);
		}
		self.check_sale()
	}

	/// What is claimed and what can be sold, by unit.
	fn check_sale(&self) -> Result<(), TestCaseError> {
		let (record, now) = (&self.record, self.record.epoch);
		for unit in 0..record.count {
			let covers = self.model.covers.iter().filter(|(_, units, ..)| units.contains(unit));
			let is_claimed = covers.clone().any(|(_, _, _, end)| *end > now);
			prop_assert_eq!(record.claimed().contains(unit), is_claimed);
			let is_free = self.model.holder(unit, now).is_none();
			let is_known = record.last_report + 1 >= now && record.reported.contains(unit);
			for end in now..now + 8 {
				let outlasts = self.model.cover_end(unit, now).is_some_and(|cover| cover >= end);
				let is_long = end > now + 1;
				prop_assert_eq!(
					record.for_sale(end).contains(unit),
					is_free && is_known && outlasts && is_long
				);
			}
		}
		Ok(())
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn closed_form_agrees_with_the_model(
		count in 1..=64u8,
		story in prop::collection::vec((0..6u32, event()), 1..60),
	) {
		let mut trio = Trio {
			record: UnitRecord::new(count, 1),
			slow: UnitRecord::new(count, 1),
			model: Model::default(),
			served: vec![0; 4],
			next: 0,
		};
		for (pause, event) in story {
			let now = (trio.record.epoch + pause.saturating_sub(1)).min(LAST);
			trio.go(now);
			trio.check()?;
			trio.apply(event);
			trio.check()?;
		}
	}
}

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
