//! The record, held against a model that knows nothing of epochs passed at once.

use super::super::*;
use crate::Withdrawal;
use alloc::{vec, vec::Vec};
use model::{Held, Model};
use proptest::prelude::*;

#[path = "record_model.rs"]
mod model;

const LAST: Epoch = 40;

#[derive(Clone, Debug)]
enum Event {
	Cover(Units, Epoch),
	Fail(usize),
	Reserve(u64, Units, Epoch),
	Ready(u64, Units),
	Withdraw(u64, Units, Epoch),
	Extend(u64, Epoch),
	Shorten(u64, Epoch),
	/// Reports of the units of an epoch that are bound to serve those that are in the set.
	Report(Epoch, Units),
	/// Contests units of a deal: these, or those of them that were counted.
	Contest(u64, Epoch, Units, bool),
	/// Releases a deal of which nothing can come any more.
	Release(u64),
	Look,
}

fn event() -> impl Strategy<Value = Event> {
	prop_oneof![
		2 => (any::<u64>(), 1..15u32).prop_map(|(units, term)| Event::Cover(Units(units), term)),
		1 => (0..4usize).prop_map(Event::Fail),
		4 => (0..4u64, any::<u64>(), 2..6u32)
			.prop_map(|(deal, units, term)| Event::Reserve(deal, Units(units), term)),
		4 => (0..4u64, any::<u64>()).prop_map(|(deal, units)| Event::Ready(deal, Units(units))),
		4 => (0..4u64, any::<u64>(), 1..8u32)
			.prop_map(|(deal, units, wait)| Event::Withdraw(deal, Units(units), wait)),
		2 => (0..4u64, 0..6u32).prop_map(|(deal, more)| Event::Extend(deal, more)),
		1 => (0..4u64, 0..4u32).prop_map(|(deal, less)| Event::Shorten(deal, less)),
		6 => (0..OPEN_EPOCHS, prop_oneof![any::<u64>(), Just(u64::MAX)])
			.prop_map(|(age, units)| Event::Report(age, Units(units))),
		3 => (0..4u64, 0..OPEN_EPOCHS + 2, any::<u64>(), prop::bool::weighted(0.8))
			.prop_map(|(deal, age, units, counted)| Event::Contest(deal, age, Units(units), counted)),
		3 => (0..4u64).prop_map(Event::Release),
		1 => Just(Event::Look),
	]
}

/// The record under test, the same brought up one epoch at a time, and the model.
struct Trio {
	record: UnitRecord,
	slow: UnitRecord,
	model: Model,
	rounds: Vec<u32>,
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
			Event::Withdraw(deal, units, wait) => self.withdraw(DealId(deal), units, now + wait),
			Event::Extend(deal, more) => self.extend(DealId(deal), more),
			Event::Shorten(deal, less) => self.shorten(DealId(deal), less),
			Event::Report(age, units) => self.report(now.saturating_sub(age), units),
			Event::Contest(deal, age, units, is_counted) => {
				self.contest(DealId(deal), age, units, is_counted)
			},
			Event::Release(deal) => self.release(DealId(deal)),
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
			self.forget(deal);
		}
		let end = self.record.reservation(deal).map_or(end, |held| held.end);
		self.each(|record| (record.last_report, record.reported) = (now, record.all()));
		let units = units.and(self.record.for_sale(end));
		let before = self.record.reservation(deal).map_or(Units::NONE, |held| held.units);
		if units.is_empty() || !self.record.may_lose(deal, units.or(before)) {
			return;
		}
		let (round, is_withdrawn) = (self.round(deal), false);
		let held = |unit| Held { deal, round, unit, made: now, ready: None, end, is_withdrawn };
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

	fn forget(&mut self, deal: DealId) {
		self.each(|record| record.reservations.retain(|held| held.deal != deal));
		self.rounds[deal.0 as usize] += 1;
	}

	/// What the deal was served has been told for good, and nothing of it is reported or contested afterwards, as the
	/// model goes on checking all that happens.
	fn release(&mut self, deal: DealId) {
		let (now, of) = (self.record.epoch, (deal, self.round(deal)));
		let Some(held) = self.record.reservation(deal).filter(|held| held.is_spent()) else {
			return;
		};
		assert_eq!((held.served, 0), self.model.served(of, now, 3));
		self.forget(deal);
	}

	fn round(&self, deal: DealId) -> u32 {
		self.rounds[deal.0 as usize]
	}

	/// The end of a deal that runs.
	fn end(&self, deal: DealId) -> Option<Epoch> {
		let end = self.record.reservation(deal)?.end;
		(end > self.record.epoch).then_some(end)
	}

	/// Changes a deal in both records; whether there is room for it.
	fn change(
		&mut self,
		deal: DealId,
		change: impl Fn(&mut Reservation) -> Result<(), Withdrawal>,
	) -> bool {
		let records = [&mut self.record, &mut self.slow];
		let [fits, same] =
			records.map(|record| change(record.reservation_mut(deal).unwrap()).is_ok());
		assert_eq!(fits, same);
		fits
	}

	fn withdraw(&mut self, deal: DealId, units: Units, from: Epoch) {
		let (now, round) = (self.record.epoch, self.round(deal));
		let units = units.and(self.record.staying(deal));
		if self.end(deal).is_none() || units.is_empty() {
			return;
		}
		if !self.change(deal, |held| held.withdraw(units, from)) {
			let full = self.record.reservation(deal).unwrap().withdrawals.is_full();
			return assert!(full);
		}
		self.model.change((deal, round), now, |held, stays| {
			if stays && units.contains(held.unit) {
				(held.end, held.is_withdrawn) = (held.end.min(from), true);
			}
		});
	}

	fn extend(&mut self, deal: DealId, more: Epoch) {
		let (now, round) = (self.record.epoch, self.round(deal));
		let Some(end) = self.end(deal).map(|end| end + more) else { return };
		let staying = self.record.staying(deal);
		if !staying.is_subset_of(self.record.covered_until(end)) {
			return;
		}
		if self.change(deal, |held| held.extend(staying, end)) {
			self.model.change((deal, round), now, |held, stays| {
				if stays {
					held.end = end;
				} else if more > 0 {
					held.is_withdrawn = true;
				}
			});
		}
	}

	fn shorten(&mut self, deal: DealId, less: Epoch) {
		let (now, round) = (self.record.epoch, self.round(deal));
		let Some(end) = self.end(deal).map(|end| (now + 1).max(end - less)) else { return };
		self.each(|record| record.reservation_mut(deal).unwrap().shorten(end));
		self.model.change((deal, round), now, |held, _| held.end = held.end.min(end));
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

	fn report(&mut self, epoch: Epoch, units: Units) {
		let Some(entry) = self.record.entry(epoch) else { return };
		if epoch <= self.model.reported {
			return;
		}
		let (serving, rounds) = (entry.serving.and(units), self.rounds.clone());
		// Nobody serves a deal that was released.
		let known = |held: &Held| {
			held.round == self.round(held.deal) && self.record.reservation(held.deal).is_some()
		};
		assert!(serving.iter().all(|unit| self.model.holder(unit, epoch).is_some_and(known)));
		self.model.report(epoch, serving, |deal| rounds[deal.0 as usize]);
		self.each(|record| record.count_served(epoch, serving));
	}

	fn contest(&mut self, deal: DealId, age: Epoch, units: Units, is_counted: bool) {
		let of = (deal, self.round(deal));
		let Some(epoch) = self.record.epoch.checked_sub(age) else { return };
		let Some(held) = self.record.reservation(deal) else { return };
		let counted = held.counted.get(age as usize).copied().unwrap_or_default();
		let units = if is_counted { units.and(counted) } else { units };
		let may = age < OPEN_EPOCHS && self.model.contest(of, epoch, units);
		for record in [&mut self.record, &mut self.slow] {
			assert_eq!(record.reservation_mut(deal).unwrap().contest(age, units), may);
		}
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
			let round = self.round(held.deal);
			prop_assert_eq!(held.harms.to_vec(), self.model.harms(held.deal, round, now));
			let staying = self.model.staying(held.deal, round);
			prop_assert_eq!(record.staying(held.deal), staying);
			prop_assert_eq!(held.is_spent(), self.model.is_spent((held.deal, round), now));
			self.check_served(held)?;
		}
		self.check_sale()
	}

	/// What a deal was served and what it misses, by epoch and unit.
	fn check_served(&self, held: &Reservation) -> Result<(), TestCaseError> {
		let (now, of) = (self.record.epoch, (held.deal, self.round(held.deal)));
		for passed in 0..5 {
			let served = (held.served_for_good(passed), held.served_lately(passed));
			prop_assert_eq!(served, self.model.served(of, now + passed, 3));
		}
		let record = UnitRecord { last_report: 0, ..self.record.clone() };
		for age in 0..5 {
			let Some(last) = now.checked_sub(age) else { continue };
			// Two epochs of the three that are known.
			let is_known = age + 1 < OPEN_EPOCHS;
			let silent = self.model.silent(of, last);
			let expected = if is_known { silent } else { Units::NONE };
			prop_assert_eq!(record.silent(held.deal, last), expected);
			let is_spent = self.model.is_spent(of, now);
			let misses = self.model.has_lost(of, now) || !expected.is_empty() || is_spent;
			let told = record.deals_missing_units(last);
			prop_assert_eq!(told.contains(&held.deal), misses && held.end > now);
			let reported = UnitRecord { last_report: last, ..record.clone() };
			prop_assert_eq!(reported.silent(held.deal, 0), expected);
		}
		Ok(())
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
		// What a record that was not looked at since tells is never too little.
		for later in now..now + 8 {
			let mut looked_at = record.clone();
			looked_at.roll(later);
			let for_sale = looked_at.for_sale(later + 2);
			prop_assert!(for_sale.is_subset_of(record.for_sale_at_most(later)));
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
			rounds: vec![0; 4],
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
