//! How many reports are audited, and what a unit may earn so that fraud never pays.
//!
//! A false report gains the reward of the units that were not proven, and risks the first slash of all stake
//! behind it. A report that is drawn with probability `p` shows one of its `k` units, so it is found out with
//! probability `p · j / k` or more where `j` are false. It loses `m` times what it gains if
//!
//! ```text
//! p · s · T  >=  m · r · k        s first slash, T stake of the report, r reward per unit, m margin
//! ```
//!
//! So either `p` is made as large, or, where audits do not fit into the window, `r` is made as small. The second
//! is the last word: whatever the settings, the stake and the load, a unit earns no more than the probability
//! with which its report is really drawn allows ([`Rate::unit_reward`]).

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
}

/// What an exposure is counted in: a unit under so much stake, planks, counts one.
///
/// A unit under 10^20 planks counts 10^13 and one under 10^27 counts 10^6, so rounding up adds a millionth at
/// most; and a sum of 2^32 units under 10^20 planks each is far from the end of 128 bits.
const UNIT: u128 = 1_000_000_000_000_000_000_000_000_000_000_000;

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
	/// One unit of some reports.
	Sampled {
		/// The part of the audits wanted that fits into the window.
		scale: Perquintill,
	},
}

/// The rate of an epoch in which `proven` units earn `unit_reward` each at most, the exposures of their reports
/// sum up to `exposure` (saturating), and `capacity` checks fit into the window. A sample takes half of them on
/// average at most, so that one which falls out large finds room too.
pub fn rate(
	rules: &AuditRules,
	proven: u32,
	unit_reward: Balance,
	exposure: u128,
	capacity: u32,
) -> Rate {
	if proven <= capacity {
		return Rate::All;
	}
	let room = u128::from(capacity / 2);
	let wanted = wanted(rules, unit_reward, exposure);
	let scale = if wanted <= room {
		Perquintill::one()
	} else {
		// Rounded down, so that the sum of what fits is no more than the room.
		Perquintill::from_rational_with_rounding(room, wanted, Rounding::Down)
			.unwrap_or(Perquintill::zero())
	};
	Rate::Sampled { scale }
}

/// A bound of how many reports should be drawn on average, rounded up: the sum of what [`Rate::probability`]
/// would be at full scale, if one report could be drawn more than once.
fn wanted(rules: &AuditRules, unit_reward: Balance, exposure: u128) -> u128 {
	if exposure == u128::MAX {
		// The sum is not known.
		return u128::MAX;
	}
	let gain = unit_reward.saturating_mul(rules.margin.into());
	let (part, whole) = (rules.first_slash.deconstruct().max(1), Perbill::ACCURACY);
	multiply_by_rational_with_rounding(gain, whole.into(), part.into(), Rounding::Up)
		.and_then(|loss| multiply_by_rational_with_rounding(loss, exposure, UNIT, Rounding::Up))
		.unwrap_or(u128::MAX)
}

impl Rate {
	/// The probability that a report of `units` units under `stake` in all is drawn, rounded down, where a unit
	/// earns `unit_reward` at most.
	pub fn probability(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		units: u32,
		stake: Balance,
	) -> Perquintill {
		let Rate::Sampled { scale } = self else { return Perquintill::one() };
		let gain = unit_reward.saturating_mul(shares(rules, units));
		let loss = rules.first_slash.mul_ceil(stake);
		let whole = if gain < loss {
			Perquintill::from_rational_with_rounding(gain, loss, Rounding::Down)
				.unwrap_or(Perquintill::one())
		} else {
			Perquintill::one()
		};
		// A product of two parts is rounded down.
		whole * *scale
	}

	/// What a unit of a report earns that stands, rounded down: `unit_reward`, or as little as makes the expected
	/// loss of a report that is false in `j` of its units `margin · j` times that, for each `j`.
	pub fn unit_reward(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		units: u32,
		stake: Balance,
	) -> Balance {
		let loss = rules.first_slash.mul_floor(stake);
		let expected = self.probability(rules, unit_reward, units, stake).mul_floor(loss);
		unit_reward.min(expected.checked_div(shares(rules, units)).unwrap_or(0))
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
