//! The model that knows nothing of epochs passed at once: all that ever happened, by unit.

use super::super::*;
use crate::Harm;
use alloc::{collections::BTreeMap, vec::Vec};
use marketplace_primitives::{DealId, Epoch, UnitIndex};

/// One unit's part in a deal.
#[derive(Clone, Copy, Debug)]
pub struct Held {
	pub deal: DealId,
	/// How often the deal had been released.
	pub round: u32,
	pub unit: UnitIndex,
	pub made: Epoch,
	pub ready: Option<Epoch>,
	pub end: Epoch,
	pub is_withdrawn: bool,
}

/// All that ever happened, by unit. What holds in an epoch is looked up, never computed from the epoch
/// before.
#[derive(Default)]
pub struct Model {
	pub covers: Vec<(CommitmentId, Units, Epoch, Epoch)>,
	pub held: Vec<Held>,
	/// Units that were counted as serving, by deal, its round, and epoch.
	pub counted: BTreeMap<(DealId, u32, Epoch), Units>,
	/// The last epoch that was reported.
	pub reported: Epoch,
}

impl Model {
	pub fn cover_end(&self, unit: UnitIndex, epoch: Epoch) -> Option<Epoch> {
		let mut covers = self.covers.iter();
		covers
			.find(|(_, units, start, end)| units.contains(unit) && (*start..*end).contains(&epoch))
			.map(|(_, _, _, end)| *end)
	}

	/// The end of the cover under which the part was made.
	pub fn covered(&self, held: &Held) -> Epoch {
		self.cover_end(held.unit, held.made).unwrap_or(0)
	}

	/// The part that holds the unit in `epoch`; parts end early when their cover does.
	pub fn holder(&self, unit: UnitIndex, epoch: Epoch) -> Option<&Held> {
		let mut held = self.held.iter().filter(|held| held.unit == unit);
		held.find(|held| held.made <= epoch && epoch < held.end.min(self.covered(held)))
	}

	/// Units of a deal that nothing but its end takes out of it.
	pub fn staying(&self, deal: DealId, round: u32) -> Units {
		let parts = self.held.iter().filter(|held| {
			let stays = !held.is_withdrawn && held.end <= self.covered(held);
			(held.deal, held.round) == (deal, round) && stays
		});
		union(parts.map(|held| Units::one(held.unit)))
	}

	/// Changes the parts in a deal that no cover has lost by `now`; tells of each whether it stays.
	pub fn change(
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

	pub fn serves(&self, unit: UnitIndex, epoch: Epoch) -> Option<DealId> {
		let held = self.holder(unit, epoch)?;
		held.ready.is_some_and(|ready| ready < epoch).then_some(held.deal)
	}

	pub fn proves(&self, unit: UnitIndex, epoch: Epoch) -> bool {
		let is_bound = self.holder(unit, epoch).is_some_and(|held| held.made < epoch);
		self.cover_end(unit, epoch).is_some() && !is_bound
	}

	pub fn entry(&self, count: u8, epoch: Epoch) -> EpochEntry {
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
	pub fn harms(&self, deal: DealId, round: u32, now: Epoch) -> Vec<Harm> {
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

	/// Counts the units that were said to serve in `epoch`.
	pub fn report(&mut self, epoch: Epoch, serving: Units, round: impl Fn(DealId) -> u32) {
		self.reported = epoch;
		for unit in serving.iter() {
			let deal = self.serves(unit, epoch).unwrap();
			let counted = self.counted.entry((deal, round(deal), epoch)).or_default();
			*counted = counted.or(Units::one(unit));
		}
	}

	fn counted_in(&self, (deal, round): (DealId, u32), epoch: Epoch) -> Units {
		self.counted.get(&(deal, round, epoch)).copied().unwrap_or_default()
	}

	/// Whether all of `units` were counted in `epoch` and nobody contested them, as somebody does now.
	pub fn contest(&mut self, of: (DealId, u32), epoch: Epoch, units: Units) -> bool {
		let counted = self.counted_in(of, epoch);
		let may = units.is_subset_of(counted);
		if may {
			self.counted.insert((of.0, of.1, epoch), counted.without(units));
		}
		may
	}

	/// Unit-epochs that a deal was served in the epochs that come at least `age` before `now`, and in the others.
	pub fn served(&self, (deal, round): (DealId, u32), now: Epoch, age: Epoch) -> (u64, u64) {
		let (mut old, mut late) = (0, 0);
		for ((_, _, epoch), units) in
			self.counted.iter().filter(|((of, in_round, _), _)| (*of, *in_round) == (deal, round))
		{
			let sum = if *epoch + age <= now { &mut old } else { &mut late };
			*sum += u64::from(units.count());
		}
		(old, late)
	}

	/// Units that stay in a deal, were bound to serve in `last` and the epoch before it, and were counted in neither.
	pub fn silent(&self, (deal, round): (DealId, u32), last: Epoch) -> Units {
		let is_unserved = |unit, epoch| {
			let counted = self.counted_in((deal, round), epoch);
			self.serves(unit, epoch) == Some(deal) && !counted.contains(unit)
		};
		let silent = self
			.staying(deal, round)
			.iter()
			.filter(|unit| last > 1 && is_unserved(*unit, last) && is_unserved(*unit, last - 1));
		union(silent.map(Units::one))
	}

	/// Whether a deal holds no unit in `now` and never will, and had none that was bound to serve in an epoch that can
	/// be reported or contested in `now`. Its own end takes no unit out of it.
	pub fn is_spent(&self, (deal, round): (DealId, u32), now: Epoch) -> bool {
		let mut held = self.held.iter().filter(|held| (held.deal, held.round) == (deal, round));
		held.all(|held| {
			let gone = held.end.min(self.covered(held));
			let is_gone = gone <= now && (held.is_withdrawn || gone < held.end);
			let served = (held.made..gone).filter(|epoch| held.ready.is_some_and(|it| it < *epoch));
			is_gone && served.into_iter().all(|epoch| epoch + OPEN_EPOCHS <= now)
		})
	}

	/// Whether a deal that runs in `now` lost units, loses some, or has some without a worker since an earlier epoch.
	pub fn has_lost(&self, (deal, round): (DealId, u32), now: Epoch) -> bool {
		let mut held = self.held.iter().filter(|held| (held.deal, held.round) == (deal, round));
		!self.harms(deal, round, now).is_empty()
			|| held.any(|held| {
				let covered = self.covered(held);
				let fails = now < held.end.min(covered) && covered < held.end;
				let waits = held.end <= covered && held.ready.is_none() && held.made < now;
				!held.is_withdrawn && (fails || waits)
			})
	}
}
