//! How many missed proofs of a commitment are forgiven.
//!
//! The units of a commitment share one allowance. Each epoch every unit adds one part to it, `period` parts
//! forgive one miss, and what is saved up never exceeds `budget` misses per unit. Nothing changes from epoch
//! to epoch but the allowance, so any number of epochs is one closed form ([`MissRules::after`]): it does not
//! matter how often somebody looks.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// How many misses are forgiven.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MissRules {
	/// Misses that a unit may save up, at least 2. Nothing here fails below; 0 counts as 1.
	pub budget: u32,
	/// Epochs in which a unit regains one miss, at least 1; 0 counts as 1.
	pub period: u32,
}

/// What came of some epochs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misses {
	/// The allowance that is left, in parts of which `period` forgive one miss.
	pub level: u64,
	/// Missed unit-epochs that the allowance did not cover.
	pub excess: u64,
}

impl MissRules {
	/// The allowance of `units` units when nothing was missed for long: `budget · period · units` parts,
	/// `u64::MAX` where that is more.
	pub fn full(&self, units: u32) -> u64 {
		narrow(self.cap(units))
	}

	/// The allowance after `epochs` epochs, in each of which `missed` of the commitment's `units` units missed
	/// their proof; more than all of them count as all. It was `level` parts before.
	///
	/// One epoch: the allowance grows by `units`, up to [`full`](Self::full); then it forgives as many misses as
	/// it has whole ones, `missed` at most. The answer is that of `epochs` such steps, for all arguments: the
	/// excess is at most `epochs · missed`, which fits, and everything between is 128 bits wide.
	pub fn after(&self, units: u32, level: u64, epochs: u32, missed: u32) -> Misses {
		let Some(later) = epochs.checked_sub(1) else { return Misses { level, excess: 0 } };
		let missed = u128::from(missed.min(units));
		let gain = u128::from(units);
		let cost = missed.saturating_mul(self.period());
		let Some(loss) = cost.checked_sub(gain).filter(|loss| *loss > 0) else {
			// What an epoch adds pays for what it misses: all is forgiven, and the bound is met but once.
			let rise = gain.saturating_sub(cost).saturating_mul(u128::from(epochs));
			let most = self.cap(units).saturating_sub(cost);
			let level = u128::from(level).saturating_add(rise).min(most);
			return Misses { level: narrow(level), excess: 0 };
		};
		// From here on the allowance falls, so only the first epoch can meet the bound.
		let grown = u128::from(level).saturating_add(gain).min(self.cap(units));
		let (level, first) = self.forgive(grown, missed);
		let later = u128::from(later);
		let paid = level.checked_div(loss).unwrap_or(0).min(later);
		let starved = later.saturating_sub(paid);
		let level = level.saturating_sub(paid.saturating_mul(loss));
		// Now every epoch spends all whole misses that there are, so together they spend what all of them add.
		let grown = level.saturating_add(starved.saturating_mul(gain));
		let (level, rest) = self.forgive(grown, starved.saturating_mul(missed));
		Misses { level: narrow(level), excess: narrow(first.saturating_add(rest)) }
	}

	/// The least `i` in `1..=epochs` such that the first `i` epochs leave at least `wanted` misses uncovered,
	/// of which `wanted` is at least 1; none where even all of them leave less. The arguments are those of
	/// [`after`](Self::after), which is asked once per bit of `epochs`.
	pub fn first_excess(
		&self,
		units: u32,
		level: u64,
		epochs: u32,
		missed: u32,
		wanted: u64,
	) -> Option<u32> {
		let reaches = |epochs| self.after(units, level, epochs, missed).excess >= wanted;
		if epochs == 0 || !reaches(epochs) {
			return None;
		}
		let (mut low, mut high) = (1, epochs);
		while low < high {
			let middle = u32::midpoint(low, high);
			if reaches(middle) {
				high = middle;
			} else {
				low = middle.saturating_add(1);
			}
		}
		Some(low)
	}

	/// What is left of an allowance of `level` parts after `missed` misses, and how many it did not cover.
	fn forgive(&self, level: u128, missed: u128) -> (u128, u128) {
		let whole = level.checked_div(self.period()).unwrap_or(0);
		let covered = whole.min(missed);
		(
			level.saturating_sub(covered.saturating_mul(self.period())),
			missed.saturating_sub(covered),
		)
	}

	fn period(&self) -> u128 {
		u128::from(self.period.max(1))
	}

	/// The most parts that `units` units save up.
	fn cap(&self, units: u32) -> u128 {
		let misses = u128::from(self.budget.max(1)).saturating_mul(u128::from(units));
		misses.saturating_mul(self.period()).min(u128::from(u64::MAX))
	}
}

fn narrow(parts: u128) -> u64 {
	u64::try_from(parts).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "tests/misses.rs"]
mod tests;
