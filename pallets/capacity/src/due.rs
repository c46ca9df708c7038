//! What epochs that passed cost and earned a server, worked out epoch by epoch where a report was made and in
//! closed form where none was.
//!
//! An epoch is settled once it is finished: its reports closed, its audits over. Until then nothing of it is
//! counted; from then on nothing can change it. So the result depends on the epochs alone, not on when
//! somebody looked, or how often.

use crate::{Cause, Cover, EpochEntry, MissRules, Report, UnitRecord};
use alloc::vec::Vec;
use marketplace_primitives::{Balance, CommitmentId, Epoch, Units};
use sp_runtime::Perbill;

/// What of the market's settings decides about stake.
#[derive(Clone, Copy, Debug)]
pub struct StakeRules {
	/// Part of a commitment's stake that its first, second, and each later wrong report costs.
	pub slashes: [Perbill; 3],
	/// A commitment fails when so much of its stake was slashed.
	pub fail_at: Perbill,
	/// How many misses are forgiven.
	pub misses: MissRules,
	/// Part of a unit's stake that a miss costs that is not forgiven; of the least stake that a unit of the
	/// server had.
	pub miss_slash: Perbill,
}

/// How the audit of a report ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
	/// All that was drawn was answered, or nothing was drawn.
	Passed {
		/// What each unit earns, planks.
		unit_reward: Balance,
	},
	/// Units were drawn and did not answer.
	Unanswered {
		/// The units.
		units: Units,
	},
	/// The epoch is void: no reward without an audit, no slash without time for one.
	Void,
}

/// What is known of epochs that are over.
pub trait PastEpochs {
	/// The last epoch that is finished.
	fn finished(&self) -> Epoch;

	/// The epoch during which `epoch` was finished.
	fn finished_in(&self, epoch: Epoch) -> Epoch;

	/// Epochs among `from..=to`, which are all finished, whose misses are not charged.
	fn uncharged(&self, from: Epoch, to: Epoch) -> u32;

	/// How the audit of a report of `epoch`, which is finished, ended, the report's units being covered by
	/// `stake`.
	fn verdict(&self, epoch: Epoch, report: &Report, stake: Balance) -> Verdict;
}

/// What settling did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
	/// A report stands.
	ReportPassed {
		/// The epoch reported.
		epoch: Epoch,
	},
	/// A report was found wrong.
	ReportFailed {
		/// The epoch reported.
		epoch: Epoch,
		/// Why.
		cause: Cause,
	},
	/// A report was never audited.
	ReportVoided {
		/// The epoch reported.
		epoch: Epoch,
	},
	/// A commitment earned.
	Earned {
		/// The commitment.
		commitment: CommitmentId,
		/// The epoch proven.
		epoch: Epoch,
		/// Its units in the report.
		units: u32,
		/// What they earned together, planks.
		amount: Balance,
	},
	/// A commitment's units owed proofs that were not reported.
	Missed {
		/// The commitment.
		commitment: CommitmentId,
		/// The last epoch of those that are told of together.
		epoch: Epoch,
		/// Unit-epochs without a proof.
		misses: u64,
		/// Those of them that were not forgiven.
		excess: u64,
	},
	/// A commitment lost stake.
	Slashed {
		/// The commitment.
		commitment: CommitmentId,
		/// The epoch that it is slashed for.
		epoch: Epoch,
		/// Planks.
		amount: Balance,
		/// Whether it is for misses, not for a wrong report.
		for_misses: bool,
	},
	/// A commitment lost too much stake.
	Failed {
		/// The commitment.
		commitment: CommitmentId,
		/// The first epoch that it no longer covers.
		end: Epoch,
	},
}

impl Effect {
	/// Adds the effect to others: what a commitment misses and loses in stretches without reports is told of
	/// once.
	fn join(self, others: &mut Vec<Effect>) {
		for other in others.iter_mut() {
			match (other, &self) {
				(
					Effect::Missed { commitment, epoch, misses, excess },
					Effect::Missed { commitment: same, epoch: last, misses: more, excess: over },
				) if commitment == same => {
					*epoch = *last;
					*misses = misses.saturating_add(*more);
					*excess = excess.saturating_add(*over);
					return;
				},
				(
					Effect::Slashed { commitment, epoch, amount, .. },
					Effect::Slashed { commitment: same, epoch: last, amount: more, .. },
				) if commitment == same => {
					*epoch = *last;
					*amount = amount.saturating_add(*more);
					return;
				},
				_ => {},
			}
		}
		others.push(self);
	}
}

impl Cover {
	/// Takes stake, as far as there is any; the commitment fails with epoch `end` where too little is left.
	fn lose(
		&mut self,
		rules: &StakeRules,
		(epoch, end): (Epoch, Epoch),
		amount: Balance,
		for_misses: bool,
		effects: &mut Vec<Effect>,
	) {
		let needed = self.needed();
		let amount = amount.min(needed.saturating_sub(self.slashed));
		if amount == 0 {
			return;
		}
		self.slashed = self.slashed.saturating_add(amount);
		let commitment = self.id;
		effects.push(Effect::Slashed { commitment, epoch, amount, for_misses });
		if self.slashed >= rules.fail_at.mul_ceil(needed) && self.end > end {
			self.end = end;
			effects.push(Effect::Failed { commitment, end });
		}
	}

	/// What a miss costs that is not forgiven, rounded up.
	pub(crate) fn miss_cost(&self, rules: &StakeRules) -> Balance {
		rules.miss_slash.mul_ceil(self.least_stake)
	}

	/// How many misses that are not forgiven let the commitment fail; none where it failed already.
	fn excess_to_fail(&self, rules: &StakeRules) -> Option<u64> {
		let missing = rules.fail_at.mul_ceil(self.needed()).checked_sub(self.slashed)?;
		let misses = missing.checked_add(self.miss_cost(rules).checked_sub(1)?)?;
		let misses = misses.checked_div(self.miss_cost(rules))?;
		u64::try_from(misses).ok().filter(|misses| *misses > 0)
	}

	/// `epochs` epochs, the last of them `epoch`, in each of which `missed` units owed a proof.
	fn pass(
		&mut self,
		rules: &StakeRules,
		(epoch, end): (Epoch, Epoch),
		epochs: u32,
		missed: u32,
		effects: &mut Vec<Effect>,
	) {
		let after = rules.misses.after(self.units.count(), self.allowance, epochs, missed);
		self.allowance = after.level;
		let (commitment, excess) = (self.id, after.excess);
		let misses = u64::from(epochs).saturating_mul(u64::from(missed));
		if misses > 0 {
			effects.push(Effect::Missed { commitment, epoch, misses, excess });
		}
		let cost = self.miss_cost(rules).saturating_mul(Balance::from(excess));
		self.lose(rules, (epoch, end), cost, true, effects);
	}
}

impl UnitRecord {
	/// Settles all epochs that are finished. To be called before the masks are rolled, so that a commitment
	/// that fails no longer binds its units.
	pub fn settle(&mut self, rules: &StakeRules, past: &impl PastEpochs) -> Vec<Effect> {
		let mut effects = Vec::new();
		let last = past.finished();
		for epoch in self.settled.saturating_add(1)..=last.min(self.epoch) {
			self.settle_known(rules, past, epoch, &mut effects);
		}
		let mut next = self.settled.max(self.epoch).saturating_add(1);
		let mut later = Vec::new();
		while next <= last {
			let mut stretch = Vec::new();
			next = self.settle_stretch(rules, past, next, last, &mut stretch);
			stretch.into_iter().for_each(|effect| effect.join(&mut later));
		}
		effects.extend(later);
		self.settled = self.settled.max(last);
		effects
	}

	/// The report of `epoch` is wrong: it counts no longer, and the commitments that it speaks of lose stake.
	/// One that lost too much ends with epoch `end`.
	pub fn fail_report(
		&mut self,
		rules: &StakeRules,
		(epoch, end): (Epoch, Epoch),
		cause: Cause,
		effects: &mut Vec<Effect>,
	) {
		let Some(report) = self.entry(epoch).and_then(|entry| entry.report) else { return };
		self.discredit(epoch);
		effects.push(Effect::ReportFailed { epoch, cause });
		let touched =
			|cover: &&mut Cover| cover.covers(epoch) && cover.units.overlaps(report.proven);
		for cover in self.commitments.iter_mut().filter(touched) {
			let step = usize::from(cover.faults).min(rules.slashes.len().saturating_sub(1));
			let part = rules.slashes.get(step).copied().unwrap_or(Perbill::one());
			cover.faults = cover.faults.saturating_add(1);
			cover.lose(rules, (epoch, end), part.mul_ceil(cover.needed()), false, effects);
		}
	}

	/// Notes the least stake of a unit in `epoch`. Misses are charged by it, then and later, when the allowance
	/// that a hidden miss saved is spent: so hiding the miss of a dear unit among cheap ones saves no more than
	/// reports of all of them are audited for.
	fn note_least_stake(&mut self, epoch: Epoch) {
		let covers = self.commitments.iter().filter(|cover| cover.covers(epoch));
		let Some(least) = covers.map(|cover| cover.stake).min() else { return };
		for cover in self.commitments.iter_mut().filter(|cover| cover.covers(epoch)) {
			cover.least_stake = cover.least_stake.min(least);
		}
	}

	/// Settles an epoch that the record has an entry of: its audit first, then its misses.
	fn settle_known(
		&mut self,
		rules: &StakeRules,
		past: &impl PastEpochs,
		epoch: Epoch,
		effects: &mut Vec<Effect>,
	) {
		let Some(EpochEntry { report, .. }) = self.entry(epoch).copied() else { return };
		self.note_least_stake(epoch);
		let end = past.finished_in(epoch).saturating_add(1);
		if let Some(report) = report {
			let stake = self.stake_of(epoch, report.proven);
			match past.verdict(epoch, &report, stake) {
				Verdict::Passed { unit_reward } => {
					effects.push(Effect::ReportPassed { epoch });
					self.earn(epoch, report.proven, unit_reward, effects);
				},
				Verdict::Unanswered { units } => {
					self.fail_report(rules, (epoch, end), Cause::Unanswered { units }, effects);
				},
				Verdict::Void => effects.push(Effect::ReportVoided { epoch }),
			}
		}
		if past.uncharged(epoch, epoch) > 0 {
			return;
		}
		let missed = self.entry(epoch).map_or(Units::NONE, EpochEntry::missed);
		for cover in self.commitments.iter_mut().filter(|cover| cover.covers(epoch)) {
			let missed = missed.and(cover.units).count();
			cover.pass(rules, (epoch, end), 1, missed, effects);
		}
	}

	/// What a report that stands earns each commitment.
	fn earn(&self, epoch: Epoch, proven: Units, unit_reward: Balance, effects: &mut Vec<Effect>) {
		for cover in self.commitments.iter().filter(|cover| cover.covers(epoch)) {
			let units = cover.units.and(proven).count();
			let amount = unit_reward.saturating_mul(Balance::from(units));
			if units > 0 {
				effects.push(Effect::Earned { commitment: cover.id, epoch, units, amount });
			}
		}
	}

	/// Settles epochs without entries, and so without reports, from `from` on: as many as bind the same units,
	/// `to` at most, and no further than to the failure of a commitment. Returns the next to settle.
	fn settle_stretch(
		&mut self,
		rules: &StakeRules,
		past: &impl PastEpochs,
		from: Epoch,
		to: Epoch,
		effects: &mut Vec<Effect>,
	) -> Epoch {
		let to = self.unchanged_until(from).min(to);
		self.note_least_stake(from);
		let missed = self.bound_to_prove(from);
		let counted = counted(past, from, to);
		let failing = self
			.commitments
			.iter()
			.filter(|cover| cover.covers(from))
			.filter_map(|cover| {
				let wanted = cover.excess_to_fail(rules)?;
				let (units, missed) = (cover.units.count(), missed.and(cover.units).count());
				rules.misses.first_excess(units, cover.allowance, counted, missed, wanted)
			})
			.min();
		let (epochs, to) = match failing {
			Some(epochs) => (epochs, nth_counted(past, from, to, epochs)),
			None => (counted, to),
		};
		let end = match failing {
			Some(_) => past.finished_in(to).saturating_add(1),
			None => Epoch::MAX,
		};
		for cover in self.commitments.iter_mut().filter(|cover| cover.covers(from)) {
			let missed = missed.and(cover.units).count();
			cover.pass(rules, (to, end), epochs, missed, effects);
		}
		to.saturating_add(1)
	}
}

/// Epochs among `from..=to` whose misses are charged.
fn counted(past: &impl PastEpochs, from: Epoch, to: Epoch) -> u32 {
	to.saturating_add(1).saturating_sub(from).saturating_sub(past.uncharged(from, to))
}

/// The first epoch of `from..=to` with which `wanted` of them whose misses are charged have passed.
fn nth_counted(past: &impl PastEpochs, from: Epoch, to: Epoch, wanted: u32) -> Epoch {
	let (mut low, mut high) = (from, to);
	while low < high {
		let middle = low.saturating_add(high.saturating_sub(low) / 2);
		if counted(past, from, middle) >= wanted {
			high = middle;
		} else {
			low = middle.saturating_add(1);
		}
	}
	low
}

#[cfg(test)]
#[path = "tests/due.rs"]
mod tests;
