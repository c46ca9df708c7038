//! How many reports are audited, and what a unit may earn so that fraud never pays.
//!
//! A false report gains the reward of the units that were not proven, and hides their misses: each saves what a
//! miss costs, which is a part of the least stake of a unit, and so of the mean. It risks the first slash of all stake behind it. A report that is drawn with probability `p` shows
//! one of its `k` units, so it is found out with probability `p · j / k` or more where `j` are false. It loses
//! `m` times what it gains if
//!
//! ```text
//! p · s · T  >=  m · (r · k + c · T)      s first slash, c slash of a miss, T stake of the report,
//!                                         r reward per unit, m margin
//! ```
//!
//! So `p` is made as large. Where so many audits do not fit into the window, the epoch charges no misses: then
//! there is nothing to hide, and without `c` what fits decides how small `r` must be. This is the last word:
//! whatever the settings, the stake and the load, a unit earns no more than the probability with which its report
//! is really drawn allows ([`Rate::unit_reward`]). With `p = 1` the reward can be small enough only where
//! `m · c <= s`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Epoch, Units};
use scale_info::TypeInfo;
use sp_runtime::{
	helpers_128bit::multiply_by_rational_with_rounding, PerThing, Perbill, Perquintill, Rounding,
};

/// What decides how many audits there are.
#[derive(Clone, Copy, Debug)]
pub struct AuditRules {
	/// By how much the expected loss of a false report exceeds its gain, `2..=100`.
	pub margin: u32,
	/// Part of its stake that a commitment's first wrong report costs.
	pub first_slash: Perbill,
	/// Part of a unit's stake that a miss costs which is not forgiven, `first_slash / margin` at most; of the
	/// least stake that a unit of the server had.
	pub miss_slash: Perbill,
}

/// What an exposure is counted in: a unit under so much stake, planks, counts one.
///
/// A unit under 10^20 planks counts 10^13 and one under 10^27 counts 10^6, so rounding up adds a millionth at
/// most; and a sum of 2^32 units under 10^20 planks each is far from the end of 128 bits.
const UNIT: u128 = 1_000_000_000_000_000_000_000_000_000_000_000;

/// How many parts of a probability make one.
const ONE: u128 = 1_000_000_000_000_000_000;

/// How little stake stands behind a report: its units divided by their stake per unit, which is `stake / units`,
/// in parts that make one for a unit under 10^33 planks. Rounded up; `u128::MAX` where there is no stake.
pub fn exposure(units: u32, stake: Balance) -> u128 {
	if stake == 0 {
		return u128::MAX;
	}
	multiply_by_rational_with_rounding(UNIT, units.into(), stake, Rounding::Up).unwrap_or(u128::MAX)
}

/// How many of an epoch's reports are drawn.
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
)]
pub enum Rate {
	/// Every unit of every report.
	All,
	/// One unit of some reports: of so many that neither a false reward nor a hidden miss pays.
	Sampled,
	/// One unit of as many reports as fit. The epoch charges no misses, since too few of those that are hidden
	/// would be found.
	Scaled {
		/// The part of the audits that fits, of those wanted where there are no misses to hide.
		scale: Perquintill,
	},
}

/// The rate of an epoch in which `reports` reports prove `proven` units, which earn `unit_reward` each at most,
/// the exposures of the reports sum up to `exposure` (saturating), and `capacity` checks fit into the window. A
/// sample takes half of them on average at most, so that one which falls out large finds room too.
pub fn rate(
	rules: &AuditRules,
	proven: u32,
	reports: u32,
	unit_reward: Balance,
	exposure: u128,
	capacity: u32,
) -> Rate {
	if proven <= capacity {
		return Rate::All;
	}
	let room = u128::from(capacity / 2).saturating_mul(ONE);
	let for_rewards = wanted_for_rewards(rules, reports, unit_reward, exposure);
	if for_rewards.saturating_add(wanted_for_misses(rules, reports)) <= room {
		return Rate::Sampled;
	}
	let scale = if for_rewards <= room {
		Perquintill::one()
	} else {
		// Rounded down, so that the sum of what fits is no more than the room.
		Perquintill::from_rational_with_rounding(room, for_rewards, Rounding::Down)
			.unwrap_or(Perquintill::zero())
	};
	Rate::Scaled { scale }
}

/// A bound of how many reports should be drawn on average so that no false reward pays, in parts of one: the
/// sum of the probabilities, rounded up each, if one report could be drawn more than once.
fn wanted_for_rewards(
	rules: &AuditRules,
	reports: u32,
	unit_reward: Balance,
	exposure: u128,
) -> u128 {
	if exposure == u128::MAX {
		// The sum is not known.
		return u128::MAX;
	}
	let gain = unit_reward.saturating_mul(rules.margin.into());
	multiply_by_rational_with_rounding(gain, Perbill::ACCURACY.into(), part(rules), Rounding::Up)
		.and_then(|loss| {
			multiply_by_rational_with_rounding(loss, exposure, UNIT / ONE, Rounding::Up)
		})
		.map_or(u128::MAX, |parts| parts.saturating_add(reports.into()))
}

/// How many more should be drawn so that no hidden miss pays, in parts of one: `m · c / s` of each report.
fn wanted_for_misses(rules: &AuditRules, reports: u32) -> u128 {
	let gain = u128::from(rules.miss_slash.deconstruct())
		.saturating_mul(rules.margin.into())
		.saturating_mul(reports.into());
	multiply_by_rational_with_rounding(gain, ONE, part(rules), Rounding::Up).unwrap_or(u128::MAX)
}

/// The first slash in billionths, by which things are divided.
fn part(rules: &AuditRules) -> u128 {
	rules.first_slash.deconstruct().max(1).into()
}

impl Rate {
	/// Whether the epoch charges units that owe a proof and are not reported.
	pub fn charges_misses(&self) -> bool {
		!matches!(self, Rate::Scaled { .. })
	}

	/// The probability that a report of `units` units under `stake` in all is drawn, where a unit earns
	/// `unit_reward` at most: rounded up where all that is wanted fits, and down where it is scaled.
	pub fn probability(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		units: u32,
		stake: Balance,
	) -> Perquintill {
		if *self == Rate::All {
			return Perquintill::one();
		}
		let gain = unit_reward.saturating_mul(shares(rules, units));
		let gain = gain.saturating_add(self.hidden(rules, stake));
		let loss = rules.first_slash.mul_ceil(stake);
		let whole = if gain < loss {
			Perquintill::from_rational_with_rounding(gain, loss, Rounding::Up)
				.unwrap_or(Perquintill::one())
		} else {
			Perquintill::one()
		};
		match self {
			// A product of two parts is rounded down.
			Rate::Scaled { scale } => whole * *scale,
			_ => whole,
		}
	}

	/// What a unit of a report earns that stands, rounded down: `unit_reward`, or as little as makes the expected
	/// loss of a report that is false in `j` of its units `margin` times what these earn and save by misses that
	/// they hide, for each `j`.
	pub fn unit_reward(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		units: u32,
		stake: Balance,
	) -> Balance {
		// Slashes are rounded up.
		let loss = rules.first_slash.mul_ceil(stake);
		let expected = self.probability(rules, unit_reward, units, stake).mul_floor(loss);
		let left = expected.saturating_sub(self.hidden(rules, stake));
		unit_reward.min(left.checked_div(shares(rules, units)).unwrap_or(0))
	}

	/// What a report saves at most that hides a miss of each of its units, times the margin: a miss costs no more
	/// than by the mean of their stakes. Nothing is rounded as long as the stake of a unit has no more than nine
	/// decimals.
	fn hidden(&self, rules: &AuditRules, stake: Balance) -> Balance {
		if !self.charges_misses() {
			return 0;
		}
		rules.miss_slash.mul_floor(stake).saturating_mul(rules.margin.into())
	}

	/// The units of a report that must answer: all, one, or none. The report is that of a server, by its number,
	/// for an epoch; its `proven` units are under `stake` in all, and one is drawn as likely as another.
	pub fn drawn(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		stake: Balance,
		randomness: &[u8; 32],
		(server, epoch): (u32, Epoch),
		proven: Units,
	) -> Units {
		if *self == Rate::All {
			return proven;
		}
		let chance = self.probability(rules, unit_reward, proven.count(), stake);
		let (lot, place) = marketplace_proof::report_lot(randomness, server, epoch);
		if lot >= chance.deconstruct() {
			return Units::NONE;
		}
		let chosen = place.checked_rem(proven.count().into()).unwrap_or(0);
		let chosen = usize::try_from(chosen).ok().and_then(|nth| proven.iter().nth(nth));
		chosen.map_or(Units::NONE, Units::one)
	}
}

/// Into how many parts the expected loss of a report of `units` units is divided: what a unit earns is one.
fn shares(rules: &AuditRules, units: u32) -> u128 {
	u128::from(rules.margin).saturating_mul(units.into())
}

#[cfg(test)]
#[path = "tests/sampling.rs"]
mod tests;
