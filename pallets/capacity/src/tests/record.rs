//! The record, held against a model that knows nothing of epochs passed at once.

use super::*;
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

	fn masks(&self, count: u8, epoch: Epoch) -> EpochMasks {
		let all = |holds: &dyn Fn(UnitIndex) -> bool| {
			union((0..count).filter(|unit| holds(*unit)).map(Units::one))
		};
		EpochMasks {
			proving: all(&|unit| self.proves(unit, epoch)),
			serving: all(&|unit| self.serves(unit, epoch).is_some()),
		}
	}
}

#[derive(Clone, Debug)]
enum Event {
	Cover(Units, Epoch),
	Fail(usize),
	Reserve(u64, Units, Epoch),
	Ready(u64, Units),
	Report(bool),
	Look,
}

fn event() -> impl Strategy<Value = Event> {
	prop_oneof![
		2 => (any::<u64>(), 1..15u32).prop_map(|(units, term)| Event::Cover(Units(units), term)),
		1 => (0..4usize).prop_map(Event::Fail),
		4 => (0..4u64, any::<u64>(), 2..6u32)
			.prop_map(|(deal, units, term)| Event::Reserve(deal, Units(units), term)),
		4 => (0..4u64, any::<u64>()).prop_map(|(deal, units)| Event::Ready(deal, Units(units))),
		4 => any::<bool>().prop_map(Event::Report),
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

	fn go(&mut self, epoch: Epoch) {
		self.record.roll(epoch);
		for step in self.slow.epoch..=epoch {
			self.slow.roll(step);
		}
		self.each(UnitRecord::prune);
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
					record.commitments.try_push(Cover { id, units, start, end }).unwrap();
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
			Event::Report(is_late) => self.report(now - u32::from(is_late)),
			Event::Look => {},
		}
	}

	fn reserve(&mut self, deal: DealId, units: Units, end: Epoch) {
		let now = self.record.epoch;
		let old = self.record.reservation(deal).map(|held| held.end);
		if old == Some(now) {
			// Its last epoch can still be reported.
			return;
		}
		if old.is_some_and(|end| end < now) {
			self.each(|record| record.reservations.retain(|held| held.deal != deal));
			if let Some(served) = self.served.get_mut(deal.0 as usize) {
				*served = 0;
			}
		}
		let end = self.record.reservation(deal).map_or(end, |held| held.end);
		self.each(|record| (record.last_report, record.reported) = (now, record.all()));
		let units = units.and(self.record.for_sale(end));
		if units.is_empty() {
			return;
		}
		let held = |unit| Held { deal, unit, made: now, ready: None, end };
		self.model.held.extend(units.iter().map(held));
		self.each(|record| match record.reservation_mut(deal) {
			Some(held) => {
				held.units = held.units.or(units);
				held.fresh = held.fresh.or(units);
			},
			None => {
				let none = Units::NONE;
				let (fresh, ready, pending, before) = (units, none, none, none);
				let served = 0;
				let held = Reservation { deal, units, fresh, ready, pending, before, end, served };
				record.reservations.try_push(held).unwrap();
			},
		});
	}

	fn set_ready(&mut self, deal: DealId, units: Units) {
		let now = self.record.epoch;
		let Some(held) = self.record.reservation(deal).copied() else { return };
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
		let Some(masks) = self.record.masks(epoch) else { return };
		for unit in masks.serving.iter() {
			let deal = self.model.serves(unit, epoch).unwrap();
			self.served[deal.0 as usize] += 1;
		}
		self.each(|record| record.count_served(epoch, masks.serving));
	}

	fn check(&self) -> Result<(), TestCaseError> {
		let (record, now) = (&self.record, self.record.epoch);
		prop_assert_eq!(record, &self.slow);
		prop_assert_eq!(record.current, self.model.masks(record.count, now));
		prop_assert_eq!(record.masks(now), Some(record.current));
		prop_assert_eq!(record.masks(now + 1), None);
		if now > 1 {
			prop_assert_eq!(record.previous, self.model.masks(record.count, now - 1));
			prop_assert_eq!(record.masks(now - 1), Some(record.previous));
		}
		for held in &record.reservations {
			prop_assert_eq!(held.served, self.served[held.deal.0 as usize]);
		}
		Ok(())
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn closed_form_agrees_with_the_model(
		count in 1..=64u8,
		story in prop::collection::vec((0..4u32, event()), 1..60),
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

#[test]
fn rolling_back_does_nothing() {
	let mut record = UnitRecord::new(8, 5);
	let before = record.clone();
	record.roll(5);
	record.roll(3);
	assert_eq!(record, before);
}

#[test]
fn a_million_epochs_are_two_steps() {
	let mut record = UnitRecord::new(8, 1);
	let cover = Cover { id: CommitmentId(0), units: Units(0xff), start: 2, end: 900_000 };
	record.commitments.try_push(cover).unwrap();
	record.roll(899_999);
	assert_eq!(record.current.proving, Units(0xff));
	record.roll(2_000_000);
	assert_eq!(record.current.proving, Units::NONE);
	record.prune();
	assert!(record.commitments.is_empty());
}
