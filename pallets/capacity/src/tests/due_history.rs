//! When somebody looks does not matter: any history, looked at all the time, at its events alone, and by the
//! reference.

use super::{super::*, naive::*};
use crate::{Reservation, Withdrawal, OPEN_EPOCHS};
use deeds::{past, rules, story, Deed};
use marketplace_primitives::DealId;
use proptest::prelude::*;

#[path = "due_deeds.rs"]
mod deeds;

/// A record that somebody looks at, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Looked {
	record: UnitRecord,
	book: Book,
}

impl Looked {
	fn look(&mut self, rules: &StakeRules, past: &Past, now: Epoch) {
		let effects = self.record.settle(rules, past);
		self.book.note(effects);
		self.record.roll(now);
		self.record.prune();
	}
}

struct Play {
	rules: StakeRules,
	past: Past,
	now: Epoch,
	/// Looked at all the time.
	eager: Looked,
	/// Looked at when something happens.
	lazy: Looked,
	naive: Naive,
	next: u64,
}

impl Play {
	fn new(rules: StakeRules, past: Past, count: u8) -> Self {
		let looked = Looked { record: UnitRecord::new(count, 1), book: Book::default() };
		let (eager, lazy, naive) = (looked.clone(), looked, Naive::new(rules));
		Self { rules, past, now: 1, eager, lazy, naive, next: 0 }
	}

	fn each(&mut self, change: impl Fn(&mut UnitRecord)) {
		change(&mut self.eager.record);
		change(&mut self.lazy.record);
	}

	/// Passes `epochs` epochs, up to the first or the second half of the last.
	fn pass(&mut self, epochs: Epoch, is_late: bool) -> Result<(), TestCaseError> {
		let target = self.now + epochs;
		for now in self.now..=target {
			for half in [false, true] {
				if now == target && half && !is_late {
					continue;
				}
				self.past.go(now, half);
				self.eager.look(&self.rules, &self.past, now);
				self.naive.settle(&self.past);
				let mut seen = self.lazy.clone();
				seen.look(&self.rules, &self.past, now);
				prop_assert_eq!(&seen, &self.eager);
				self.check_served(&self.lazy.record, now)?;
			}
		}
		self.now = target;
		self.lazy.look(&self.rules, &self.past, target);
		Ok(())
	}

	/// What deals were served, as a record tells in a later epoch that nobody brought it up to.
	fn check_served(&self, record: &UnitRecord, now: Epoch) -> Result<(), TestCaseError> {
		let passed = now - record.epoch;
		for held in &record.reservations {
			let served = (held.served_for_good(passed), held.served_lately(passed));
			prop_assert_eq!(served, self.naive.served(held.deal, now));
		}
		Ok(())
	}

	fn check(&self) -> Result<(), TestCaseError> {
		let record = &self.eager.record;
		prop_assert_eq!(&self.eager, &self.lazy);
		prop_assert_eq!(&self.eager.book, &self.naive.book);
		self.check_served(record, self.now)?;
		for cover in record.commitments.iter().filter(|cover| !cover.is_waiting()) {
			let known = self.naive.covers.iter().find(|known| known.id == cover.id);
			prop_assert_eq!(Some(cover), known);
			prop_assert!(cover.slashed <= cover.needed());
			prop_assert!(cover.allowance <= self.rules.misses.full(cover.units.count()));
		}
		for epoch in self.now.saturating_sub(OPEN_EPOCHS - 1).max(1)..=self.now {
			let entry = record.entry(epoch).unwrap();
			for unit in record.all().iter() {
				let is_bound = self.naive.is_bound(unit, epoch);
				prop_assert_eq!(entry.proving.contains(unit), is_bound);
				let is_excused = self.naive.is_excused(unit, epoch);
				prop_assert_eq!(entry.excused.contains(unit), is_excused);
				let serves = self.naive.serves(unit, epoch).is_some();
				prop_assert_eq!(entry.serving.contains(unit), serves);
			}
		}
		Ok(())
	}

	fn act(&mut self, deed: Deed) {
		let record = &self.eager.record;
		match deed {
			Deed::Commit { units, term, stake, is_full, waits } => {
				let units = units.and(record.all()).without(record.claimed());
				if !record.commitments.is_full() && !units.is_empty() {
					self.commit(units, stake, is_full);
					if !waits {
						let last = self.eager.record.commitments.len() - 1;
						self.fund(last, term);
					}
				}
			},
			Deed::Fund { index, term } => self.fund(index, term),
			Deed::Extend { index, more } => self.extend(index, more),
			Deed::Sell { deal, units, term } => self.sell(DealId(deal), units, self.now + term),
			Deed::Start { deal, units } => self.start(DealId(deal), units),
			Deed::Withdraw { deal, units, wait } => {
				self.withdraw(DealId(deal), units, self.now + wait);
			},
			Deed::Prolong { deal, more } => self.prolong(DealId(deal), more),
			Deed::Shorten { deal, less } => self.shorten(DealId(deal), less),
			Deed::Release { deal } => self.release(DealId(deal)),
			Deed::Report { age, units } => self.report(self.now.saturating_sub(age), units),
			Deed::Contest { deal, age, units } => {
				self.contest(DealId(deal), self.now.saturating_sub(age), units);
			},
			Deed::Refute { age } => self.refute(self.now.saturating_sub(age)),
		}
	}

	fn commit(&mut self, units: Units, stake: Balance, is_full: bool) {
		let full = self.rules.misses.full(units.count());
		let allowance = if is_full { full } else { 0 };
		let cover = Cover { allowance, ..Cover::waiting(CommitmentId(self.next), units, stake) };
		self.next += 1;
		self.each(|record| record.commitments.try_push(cover).unwrap());
	}

	fn fund(&mut self, index: usize, term: Epoch) {
		let Some(cover) = self.eager.record.commitments.get(index).copied() else { return };
		if cover.is_waiting() {
			let (start, end) = (self.now + 1, self.now + 1 + term);
			self.naive.covers.push(Cover { start, end, ..cover });
			self.each(|record| {
				let cover = record.cover_mut(cover.id).unwrap();
				(cover.start, cover.end) = (start, end);
			});
		}
	}

	fn extend(&mut self, index: usize, more: Epoch) {
		let Some(cover) = self.eager.record.commitments.get(index).copied() else { return };
		let sums = self.naive.book.sums.get(&cover.id);
		let has_failed = sums.is_some_and(|sums| !sums.failed.is_empty());
		if self.now < cover.end && !has_failed {
			let mut covers = self.naive.covers.iter_mut();
			covers.find(|known| known.id == cover.id).unwrap().end += more;
			self.each(|record| record.cover_mut(cover.id).unwrap().end += more);
		}
	}

	fn sell(&mut self, deal: DealId, units: Units, end: Epoch) {
		let (record, now) = (&self.eager.record, self.now);
		let end = record.reservation(deal).map_or(end, |held| held.end);
		let outlasts = |cover: &&Cover| cover.covers(now) && cover.end >= end;
		let covered = record.commitments.iter().filter(outlasts);
		let covered = covered.fold(Units::NONE, |all, cover| all.or(cover.units));
		let units = units.and(covered).without(record.reserved());
		if end <= now + 1 || units.is_empty() {
			return;
		}
		let held = |unit| Held { deal, unit, made: now, ready: None, end, is_withdrawn: false };
		self.naive.held.extend(units.iter().map(held));
		self.each(|record| {
			let entry = record.entry_mut(now).unwrap();
			entry.excused = entry.excused.or(units);
			match record.reservation_mut(deal) {
				Some(held) => held.units = held.units.or(units),
				None => record.reservations.try_push(Reservation::new(deal, units, end)).unwrap(),
			}
		});
	}

	fn start(&mut self, deal: DealId, units: Units) {
		let Some(held) = self.eager.record.reservation(deal) else { return };
		if held.end <= self.now {
			return;
		}
		let units = units.and(held.units);
		self.naive.start(deal, units, self.now);
		self.each(|record| {
			let held = record.reservation_mut(deal).unwrap();
			held.pending = held.pending.or(units.without(held.ready));
		});
	}

	/// Once what it was served can be contested no more.
	fn release(&mut self, deal: DealId) {
		let Some(held) = self.eager.record.reservation(deal) else { return };
		if held.end + 2 <= self.now {
			self.naive.served.retain(|(of, ..)| *of != deal);
			self.each(|record| record.reservations.retain(|held| held.deal != deal));
		}
	}

	fn contest(&mut self, deal: DealId, epoch: Epoch, units: Units) {
		if self.eager.record.reservation(deal).is_none() {
			return;
		}
		let units = self.naive.contest(deal, epoch, units);
		let age = self.now - epoch;
		self.each(|record| {
			assert!(record.reservation_mut(deal).unwrap().contest(age, units));
		});
	}

	/// The end of a deal that runs.
	fn end(&self, deal: DealId) -> Option<Epoch> {
		let end = self.eager.record.reservation(deal)?.end;
		(end > self.now).then_some(end)
	}

	/// Changes a deal in both records; whether there is room for it.
	fn change(
		&mut self,
		deal: DealId,
		change: impl Fn(&mut Reservation) -> Result<(), Withdrawal>,
	) -> bool {
		let records = [&mut self.eager.record, &mut self.lazy.record];
		let [fits, same] =
			records.map(|record| change(record.reservation_mut(deal).unwrap()).is_ok());
		assert_eq!(fits, same);
		fits
	}

	fn withdraw(&mut self, deal: DealId, units: Units, from: Epoch) {
		let units = units.and(self.eager.record.staying(deal));
		let may = self.end(deal).is_some() && !units.is_empty();
		if may && self.change(deal, |held| held.withdraw(units, from)) {
			self.naive.change(deal, self.now, |held, stays| {
				if stays && units.contains(held.unit) {
					(held.end, held.is_withdrawn) = (held.end.min(from), true);
				}
			});
		}
	}

	fn prolong(&mut self, deal: DealId, more: Epoch) {
		let Some(end) = self.end(deal).map(|end| end + more) else { return };
		let record = &self.eager.record;
		let staying = record.staying(deal);
		let may = staying.is_subset_of(record.covered_until(end));
		if may && self.change(deal, |held| held.extend(staying, end)) {
			let prolong = |held: &mut Held, stays| held.end = if stays { end } else { held.end };
			self.naive.change(deal, self.now, prolong);
		}
	}

	fn shorten(&mut self, deal: DealId, less: Epoch) {
		let Some(end) = self.end(deal) else { return };
		let end = end.saturating_sub(less).max(self.now + 1);
		self.each(|record| record.reservation_mut(deal).unwrap().shorten(end));
		self.naive.change(deal, self.now, |held, _| held.end = held.end.min(end));
	}

	fn report(&mut self, epoch: Epoch, units: Units) {
		let Some(entry) = self.eager.record.entry(epoch).copied() else { return };
		let (proven, serving) = (units.and(entry.proving), units.and(entry.serving));
		if epoch <= self.past.finished || !self.naive.report(epoch, proven, serving) {
			return;
		}
		self.each(|record| {
			record.count_served(epoch, serving);
			if !proven.is_empty() {
				let report = Report { root: [1; 32], proven, answered: Units::NONE };
				record.entry_mut(epoch).unwrap().report = Some(report);
			}
			if epoch >= record.last_report {
				(record.last_report, record.reported) = (epoch, proven.or(serving));
			}
		});
	}

	fn refute(&mut self, epoch: Epoch) {
		if self.eager.record.open_report(epoch).is_none() {
			return;
		}
		self.naive.find_wrong(epoch, self.now + 1);
		let place = (epoch, self.now + 1);
		for looked in [&mut self.eager, &mut self.lazy] {
			let mut effects = Vec::new();
			let cause = Cause::WrongProof { unit: 0 };
			looked.record.fail_report(&self.rules, place, cause, &mut effects);
			looked.book.note(effects);
		}
	}
}

fn play(
	rules: StakeRules,
	past: Past,
	count: u8,
	story: Vec<(Epoch, bool, Deed)>,
	last: Epoch,
) -> Result<(), TestCaseError> {
	let mut play = Play::new(rules, past, count);
	for (pause, is_late, deed) in story {
		play.pass(pause.min(last - play.now), is_late)?;
		play.check()?;
		play.act(deed);
		play.check()?;
	}
	play.pass(last - play.now, true)?;
	play.check()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn busy_histories_do_not_depend_on_who_looks(
		rules in rules(),
		past in past(160),
		count in 1..=64u8,
		story in story(20, 60),
	) {
		play(rules, past, count, story, 150)?;
	}

	#[test]
	fn long_silences_are_settled_as_epoch_by_epoch(
		rules in rules(),
		past in past(1_000),
		count in 1..=12u8,
		story in story(400, 12),
	) {
		play(rules, past, count, story, 990)?;
	}
}
