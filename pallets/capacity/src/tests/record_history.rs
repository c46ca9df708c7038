//! The record, held against a model that knows nothing of epochs passed at once.

use super::super::*;
use crate::{Harm, Withdrawal};
use alloc::{vec, vec::Vec};
use marketplace_primitives::UnitIndex;
use proptest::prelude::*;

const LAST: Epoch = 40;

/// One unit's part in a deal.
#[derive(Clone, Copy, Debug)]
struct Held {
	deal: DealId,
	/// How often the deal had been released.
	round: u32,
	unit: UnitIndex,
	made: Epoch,
	ready: Option<Epoch>,
	end: Epoch,
	is_withdrawn: bool,
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

	/// The end of the cover under which the part was made.
	fn covered(&self, held: &Held) -> Epoch {
		self.cover_end(held.unit, held.made).unwrap_or(0)
	}

	/// The part that holds the unit in `epoch`; parts end early when their cover does.
	fn holder(&self, unit: UnitIndex, epoch: Epoch) -> Option<&Held> {
		let mut held = self.held.iter().filter(|held| held.unit == unit);
		held.find(|held| held.made <= epoch && epoch < held.end.min(self.covered(held)))
	}

	/// Units of a deal that nothing but its end takes out of it.
	fn staying(&self, deal: DealId, round: u32) -> Units {
		let parts = self.held.iter().filter(|held| {
			let stays = !held.is_withdrawn && held.end <= self.covered(held);
			(held.deal, held.round) == (deal, round) && stays
		});
		union(parts.map(|held| Units::one(held.unit)))
	}

	/// Changes the parts in a deal that no cover has lost by `now`; tells of each whether it stays.
	fn change(
		&mut self,
		(deal, round): (DealId, u32),
		now: Epoch,
		change: impl Fn(&mut Held, bool),
	) {
		let covered: Vec<Epoch> = self.held.iter().map(|held| self.covered(held)).collect();
		for (held, covered) in self.held.iter_mut().zip(covered) {
			if (held.deal, held.round) == (deal, round) && now < covered {
				let stays = !held.is_withdrawn && held.end <= covered;
				change(held, stays);
			}
		}
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

	/// Unit-epochs that a deal lost to commitments that were over by `now`, in the order in which they were.
	fn harms(&self, deal: DealId, round: u32, now: Epoch) -> Vec<Harm> {
		let mut covers = self.covers.clone();
		covers.sort_by_key(|(_, _, _, cover_end)| *cover_end);
		let over = covers.iter().filter(|(_, _, _, cover_end)| *cover_end <= now);
		over.map(|(commitment, units, start, cover_end)| {
			let lost = self.held.iter().filter(|held| {
				let is_meant = (held.deal, held.round) == (deal, round);
				is_meant
					&& held.end > *cover_end
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
	Withdraw(u64, Units, Epoch),
	Extend(u64, Epoch),
	Shorten(u64, Epoch),
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
		4 => (0..4u64, any::<u64>(), 1..8u32)
			.prop_map(|(deal, units, wait)| Event::Withdraw(deal, Units(units), wait)),
		2 => (0..4u64, 0..6u32).prop_map(|(deal, more)| Event::Extend(deal, more)),
		1 => (0..4u64, 0..4u32).prop_map(|(deal, less)| Event::Shorten(deal, less)),
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
			self.rounds[deal.0 as usize] += 1;
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
			let round = self.round(held.deal);
			prop_assert_eq!(held.harms.to_vec(), self.model.harms(held.deal, round, now));
			let staying = self.model.staying(held.deal, round);
			prop_assert_eq!(record.staying(held.deal), staying);
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
			served: vec![0; 4],
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
