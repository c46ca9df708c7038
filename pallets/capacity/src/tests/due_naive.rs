//! Settling as it is defined: epoch by epoch, unit by unit, part by part; and the epochs to settle.

use super::super::*;
use alloc::collections::{BTreeMap, BTreeSet};
use marketplace_primitives::{DealId, UnitIndex};

/// How the audit of every report of an epoch ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
	Passes,
	Fails,
	Void,
}

/// One epoch that is over: after how many more it was finished, whether its misses are charged, and how its
/// audits ended.
#[derive(Clone, Copy, Debug)]
pub struct PastEpoch {
	pub delay: Epoch,
	pub is_charged: bool,
	pub outcome: Outcome,
}

/// Without trouble.
pub const USUAL: PastEpoch = PastEpoch { delay: 1, is_charged: true, outcome: Outcome::Passes };

/// Epochs from 1 on, as they will have been.
#[derive(Debug)]
pub struct Past {
	epochs: Vec<PastEpoch>,
	during: Vec<Epoch>,
	uncharged: Vec<u32>,
	/// The last that is finished by now.
	pub finished: Epoch,
}

impl Past {
	pub fn new(epochs: Vec<PastEpoch>) -> Self {
		let (mut during, mut uncharged) = (vec![0], vec![0]);
		for (epoch, past) in (1..).zip(&epochs) {
			// In order, and none later than three epochs on.
			during.push((epoch + past.delay).max(*during.last().unwrap()));
			uncharged.push(uncharged.last().unwrap() + u32::from(!past.is_charged));
		}
		Self { epochs, during, uncharged, finished: 0 }
	}

	/// `epochs` epochs, each finished during the next.
	pub fn usual(epochs: Epoch) -> Self {
		Self::new(vec![USUAL; epochs as usize])
	}

	/// Time moves on to epoch `now`: early, before any epoch is finished in it that can wait, or late, after
	/// all that are.
	pub fn go(&mut self, now: Epoch, is_late: bool) {
		let is_over = |epoch: Epoch| match self.during[epoch as usize] {
			during if during == now => is_late || epoch + 3 == now,
			during => during < now,
		};
		while (self.finished as usize) < self.epochs.len() && is_over(self.finished + 1) {
			self.finished += 1;
		}
	}

	fn known(&self, epoch: Epoch) -> usize {
		assert!(epoch <= self.finished, "asked of an epoch that is not finished");
		epoch as usize
	}

	fn outcome(&self, epoch: Epoch) -> Outcome {
		self.epochs[self.known(epoch) - 1].outcome
	}
}

/// What a unit earns where `stake` covers the report.
fn unit_reward(stake: Balance) -> Balance {
	3 + stake % 7
}

impl PastEpochs for Past {
	fn finished(&self) -> Epoch {
		self.finished
	}

	fn finished_in(&self, epoch: Epoch) -> Epoch {
		self.during[self.known(epoch)]
	}

	fn uncharged(&self, from: Epoch, to: Epoch) -> u32 {
		assert!(from <= to + 1);
		self.uncharged[self.known(to)] - self.uncharged[from as usize - 1]
	}

	fn verdict(&self, epoch: Epoch, report: &Report, stake: Balance) -> Verdict {
		match self.outcome(epoch) {
			Outcome::Passes => Verdict::Passed { unit_reward: unit_reward(stake) },
			Outcome::Fails => Verdict::Unanswered { units: report.proven.take(1) },
			Outcome::Void => Verdict::Void,
		}
	}
}

/// All that happened to a commitment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
	pub earned: Balance,
	pub paid: u64,
	pub misses: u64,
	pub excess: u64,
	pub for_misses: Balance,
	pub for_reports: Balance,
	pub failed: Vec<Epoch>,
}

/// All that happened to a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
	pub sums: BTreeMap<CommitmentId, Sums>,
	pub reports: Vec<(Epoch, &'static str)>,
}

impl Book {
	pub fn of(&mut self, id: CommitmentId) -> &mut Sums {
		self.sums.entry(id).or_default()
	}

	pub fn note(&mut self, effects: Vec<Effect>) {
		for effect in effects {
			match effect {
				Effect::ReportPassed { epoch } => self.reports.push((epoch, "passed")),
				Effect::ReportFailed { epoch, .. } => self.reports.push((epoch, "failed")),
				Effect::ReportVoided { epoch } => self.reports.push((epoch, "voided")),
				Effect::Earned { commitment, units, amount, .. } => {
					self.of(commitment).earned += amount;
					self.of(commitment).paid += u64::from(units);
				},
				Effect::Missed { commitment, misses, excess, .. } => {
					self.of(commitment).misses += misses;
					self.of(commitment).excess += excess;
				},
				Effect::Slashed { commitment, amount, for_misses: true, .. } => {
					self.of(commitment).for_misses += amount;
				},
				Effect::Slashed { commitment, amount, for_misses: false, .. } => {
					self.of(commitment).for_reports += amount;
				},
				Effect::Failed { commitment, end } => self.of(commitment).failed.push(end),
			}
		}
	}
}

/// `part` of `amount`, rounded up.
fn part_of(part: Perbill, amount: Balance) -> Balance {
	(amount * Balance::from(part.deconstruct())).div_ceil(1_000_000_000)
}

/// One unit in a deal.
pub struct Held {
	pub deal: DealId,
	pub unit: UnitIndex,
	pub made: Epoch,
	pub ready: Option<Epoch>,
	pub end: Epoch,
	pub is_withdrawn: bool,
}

/// The reference: it keeps all that ever happened and derives each epoch from it alone.
pub struct Naive {
	pub rules: StakeRules,
	pub covers: Vec<Cover>,
	pub held: Vec<Held>,
	/// Reports that were made, and whether they were found wrong.
	pub reports: BTreeMap<Epoch, (Units, bool)>,
	/// Epochs that were reported, proofs or not.
	pub reported: BTreeSet<Epoch>,
	/// What served which deal when, and was not contested.
	pub served: BTreeSet<(DealId, UnitIndex, Epoch)>,
	pub book: Book,
	pub settled: Epoch,
}

impl Naive {
	pub fn new(rules: StakeRules) -> Self {
		Self {
			rules,
			covers: Vec::new(),
			held: Vec::new(),
			reports: BTreeMap::new(),
			reported: BTreeSet::new(),
			served: BTreeSet::new(),
			book: Book::default(),
			settled: 0,
		}
	}

	fn cover(&self, unit: UnitIndex, epoch: Epoch) -> Option<&Cover> {
		let mut covers = self.covers.iter();
		covers.find(|cover| cover.covers(epoch) && cover.units.contains(unit))
	}

	/// Changes what holds units of a deal after `now`; tells of each whether it stays until the deal's end.
	pub fn change(&mut self, deal: DealId, now: Epoch, change: impl Fn(&mut Held, bool)) {
		let covered = |held: &Held| self.cover(held.unit, held.made).map_or(0, |cover| cover.end);
		let covered: Vec<Epoch> = self.held.iter().map(covered).collect();
		for (held, covered) in self.held.iter_mut().zip(covered) {
			if held.deal == deal && now < held.end.min(covered) {
				let stays = !held.is_withdrawn && held.end <= covered;
				change(held, stays);
			}
		}
	}

	pub fn is_bound(&self, unit: UnitIndex, epoch: Epoch) -> bool {
		let is_held = |held: &Held| {
			let covered = self.cover(unit, held.made).map_or(0, |cover| cover.end);
			held.unit == unit && held.made < epoch && epoch < held.end.min(covered)
		};
		self.cover(unit, epoch).is_some() && !self.held.iter().any(is_held)
	}

	/// The deal that a unit is bound to serve.
	pub fn serves(&self, unit: UnitIndex, epoch: Epoch) -> Option<DealId> {
		let is_bound = |held: &&Held| {
			let covered = self.cover(unit, held.made).map_or(0, |cover| cover.end);
			let is_ready = held.ready.is_some_and(|ready| ready < epoch);
			held.unit == unit && is_ready && epoch < held.end.min(covered)
		};
		self.held.iter().find(is_bound).map(|held| held.deal)
	}

	/// Workers of units that a deal holds now are set.
	pub fn start(&mut self, deal: DealId, units: Units, now: Epoch) {
		let is_meant = |held: &&mut Held| {
			held.deal == deal && units.contains(held.unit) && now < held.end && held.ready.is_none()
		};
		self.held.iter_mut().filter(is_meant).for_each(|held| held.ready = Some(now));
	}

	/// Takes a report, if it is the first of the epoch and says anything.
	pub fn report(&mut self, epoch: Epoch, proven: Units, serving: Units) -> bool {
		if proven.or(serving).is_empty() || !self.reported.insert(epoch) {
			return false;
		}
		if !proven.is_empty() {
			self.reports.insert(epoch, (proven, false));
		}
		for unit in serving.iter() {
			self.served.insert((self.serves(unit, epoch).unwrap(), unit, epoch));
		}
		true
	}

	/// Contests what some of `units` served; returns those.
	pub fn contest(&mut self, deal: DealId, epoch: Epoch, units: Units) -> Units {
		let served = units.iter().filter(|unit| self.served.remove(&(deal, *unit, epoch)));
		served.fold(Units::NONE, |all, unit| all.or(Units::one(unit)))
	}

	/// Unit-epochs that a deal was served until the third epoch before `now`, and since.
	pub fn served(&self, deal: DealId, now: Epoch) -> (u64, u64) {
		let epochs = self.served.iter().filter(|(of, ..)| *of == deal).map(|(_, _, epoch)| *epoch);
		let (old, late): (Vec<Epoch>, Vec<Epoch>) = epochs.partition(|epoch| epoch + 3 <= now);
		(old.len() as u64, late.len() as u64)
	}

	pub fn is_excused(&self, unit: UnitIndex, epoch: Epoch) -> bool {
		let is_sold = |held: &Held| held.unit == unit && held.made == epoch;
		let wrong = self.reports.get(&epoch).filter(|(_, is_wrong)| *is_wrong);
		self.held.iter().any(is_sold) || wrong.is_some_and(|(proven, _)| proven.contains(unit))
	}

	fn is_proven(&self, unit: UnitIndex, epoch: Epoch) -> bool {
		let right = self.reports.get(&epoch).filter(|(_, is_wrong)| !*is_wrong);
		right.is_some_and(|(proven, _)| proven.contains(unit))
	}

	/// Settles all that is finished, in order.
	pub fn settle(&mut self, past: &Past) {
		while self.settled < past.finished {
			self.settled += 1;
			self.settle_epoch(past, self.settled);
		}
	}

	/// The least stake of a unit of the server in the epochs of a commitment up to `epoch`.
	fn least_stake(&self, of: &Cover, epoch: Epoch) -> Balance {
		let beside = |cover: &&Cover| {
			(of.start..=epoch).any(|epoch| of.covers(epoch) && cover.covers(epoch))
		};
		self.covers.iter().filter(beside).map(|cover| cover.stake).min().unwrap_or(of.stake)
	}

	fn settle_epoch(&mut self, past: &Past, epoch: Epoch) {
		for index in 0..self.covers.len() {
			self.covers[index].least_stake = self.least_stake(&self.covers[index], epoch);
		}
		let end = past.finished_in(epoch) + 1;
		if let Some((proven, false)) = self.reports.get(&epoch).copied() {
			match past.outcome(epoch) {
				Outcome::Passes => self.pay(epoch, proven),
				Outcome::Fails => self.find_wrong(epoch, end),
				Outcome::Void => self.book.reports.push((epoch, "voided")),
			}
		}
		if past.epochs[epoch as usize - 1].is_charged {
			(0..self.covers.len()).for_each(|index| self.charge(index, epoch, end));
		}
	}

	fn pay(&mut self, epoch: Epoch, proven: Units) {
		self.book.reports.push((epoch, "passed"));
		let covers = proven.iter().filter_map(|unit| self.cover(unit, epoch).copied());
		let covers: Vec<Cover> = covers.collect();
		let reward = unit_reward(covers.iter().map(|cover| cover.stake).sum());
		for cover in covers {
			let sums = self.book.of(cover.id);
			sums.earned += reward;
			sums.paid += 1;
		}
	}

	/// The report of `epoch` is wrong; what fails by it ends with `end`.
	pub fn find_wrong(&mut self, epoch: Epoch, end: Epoch) {
		let (proven, is_wrong) = self.reports.get_mut(&epoch).unwrap();
		*is_wrong = true;
		let proven = *proven;
		self.book.reports.push((epoch, "failed"));
		for index in 0..self.covers.len() {
			let cover = &mut self.covers[index];
			if cover.covers(epoch) && cover.units.overlaps(proven) {
				let part = self.rules.slashes[usize::from(cover.faults).min(2)];
				cover.faults += 1;
				let amount = part_of(part, cover.needed());
				self.lose(index, end, amount, false);
			}
		}
	}

	/// The misses of one commitment in one epoch.
	fn charge(&mut self, index: usize, epoch: Epoch, end: Epoch) {
		let cover = self.covers[index];
		if !cover.covers(epoch) {
			return;
		}
		let period = u64::from(self.rules.misses.period);
		let most = u64::from(self.rules.misses.budget) * period * u64::from(cover.units.count());
		let mut level = (cover.allowance + u64::from(cover.units.count())).min(most);
		let mut cost = 0;
		for unit in cover.units.iter() {
			let owes = self.is_bound(unit, epoch) && !self.is_excused(unit, epoch);
			if !owes || self.is_proven(unit, epoch) {
				continue;
			}
			let sums = self.book.of(cover.id);
			sums.misses += 1;
			if level >= period {
				level -= period;
			} else {
				sums.excess += 1;
				cost += part_of(self.rules.miss_slash, cover.least_stake);
			}
		}
		self.covers[index].allowance = level;
		self.lose(index, end, cost, true);
	}

	fn lose(&mut self, index: usize, end: Epoch, amount: Balance, for_misses: bool) {
		let cover = &mut self.covers[index];
		let amount = amount.min(cover.needed() - cover.slashed);
		if amount == 0 {
			return;
		}
		cover.slashed += amount;
		let sums = self.book.sums.entry(cover.id).or_default();
		*(if for_misses { &mut sums.for_misses } else { &mut sums.for_reports }) += amount;
		if cover.slashed >= part_of(self.rules.fail_at, cover.needed()) && end < cover.end {
			cover.end = end;
			sums.failed.push(end);
		}
	}
}
