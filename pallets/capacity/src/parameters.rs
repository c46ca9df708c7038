//! The settings of the market, and the clock that follows from them.

use crate::{
	due::StakeRules, AuditRules, MissRules, PoolRules, VestingRules, MAX_INSTALMENTS, MAX_LEAVES,
	OPEN_EPOCHS,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Epoch, Usd};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::{Perbill, Saturating};

/// How much work a unit proves per epoch.
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
pub struct Difficulty {
	/// Slots that a unit proves per epoch.
	pub slots: u16,
	/// What the commitment of a proof may not exceed, big-endian.
	pub target: [u8; 32],
}

impl Default for Difficulty {
	/// No slot, no hash below the target.
	fn default() -> Self {
		Self { slots: 0, target: [0; 32] }
	}
}

impl Difficulty {
	/// Whether a report over 64 units finds room in its tree, an audit its slots, and a prover a hash.
	pub fn is_valid(&self, audit_slots: u8) -> bool {
		let slots = u16::from(audit_slots)..=MAX_SLOTS;
		slots.contains(&self.slots) && self.target != [0; 32]
	}
}

/// The settings of the market. Fixed at genesis, but for the difficulty. Windows are in blocks, durations in
/// epochs, money in planks, prices in USD with 7 decimals.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MarketParameters {
	/// Blocks per epoch.
	pub epoch_length: u32,
	/// Blocks of the next epoch in which reports are still accepted.
	pub grace: u32,
	/// The most blocks from the close of reports to the draw; without a draw by then the epoch is void.
	pub draw_delay: u32,
	/// Blocks, from the draw on, in which answers are taken.
	pub answer_window: u32,
	/// How much work a unit proves per epoch, at genesis.
	pub difficulty: Difficulty,
	/// Slots that are drawn of a unit, `1..=4`.
	pub audit_slots: u8,
	/// By how much the expected loss of a false report exceeds its gain, `2..=100`.
	pub margin: u32,
	/// Stake that a commitment needs per unit, USD.
	pub stake_usd: Usd,
	/// The provider's least part of it.
	pub own_stake: Perbill,
	/// The least that is delegated at a time, but for the last of what is needed.
	pub min_delegation: Balance,
	/// By how much a commission may rise in all above what it was at first.
	pub commission_rise: Perbill,
	/// Shortest commitment.
	pub min_duration: Epoch,
	/// Longest commitment.
	pub max_duration: Epoch,
	/// Epochs that stake stays after the end of its commitment.
	pub unbonding: Epoch,
	/// What all proven units of the first epoch earn together.
	pub first_pool: Balance,
	/// How that goes on.
	pub pool: PoolRules,
	/// How rewards unlock.
	pub vesting: VestingRules,
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

impl Default for MarketParameters {
	/// Short epochs and an easy target: a network to develop on.
	fn default() -> Self {
		let flt = 1_000_000_000_000_000_000;
		let usd = 10_000_000;
		Self {
			epoch_length: 30,
			grace: 2,
			draw_delay: 6,
			answer_window: 22,
			difficulty: Difficulty { slots: 4, target: [0x3f; 32] },
			audit_slots: 2,
			margin: 3,
			stake_usd: 100 * usd,
			own_stake: Perbill::from_percent(20),
			min_delegation: flt,
			commission_rise: Perbill::from_percent(10),
			min_duration: 2,
			max_duration: 10_000,
			unbonding: 2,
			first_pool: 50 * flt,
			pool: PoolRules {
				min: flt,
				max: 1_000_000 * flt,
				unit_usd: 2 * usd,
				step: Perbill::from_percent(10),
			},
			vesting: VestingRules { period: 1, instalments: 1 },
			slashes: [10, 50, 100].map(Perbill::from_percent),
			fail_at: Perbill::from_percent(50),
			misses: MissRules { budget: 4, period: 10 },
			miss_slash: Perbill::from_percent(1),
		}
	}
}

/// The most slots per unit: 64 units of them fill the largest tree of a report.
const MAX_SLOTS: u16 = 1_024;

impl MarketParameters {
	/// Whether the settings fit together.
	///
	/// # Errors
	/// The first rule that is broken.
	pub fn validate(&self) -> Result<(), &'static str> {
		let groups = [self.window_rules(), self.stake_rules_hold(), self.reward_rules()];
		groups.into_iter().collect()
	}

	fn window_rules(&self) -> Result<(), &'static str> {
		let windows = self
			.grace
			.checked_add(self.draw_delay)
			.and_then(|blocks| blocks.checked_add(self.answer_window));
		let slots = 1..=MAX_LEAVES;
		first_broken(&[
			(
				windows.is_some_and(|blocks| blocks <= self.epoch_length),
				"grace, draw delay and answer window exceed one epoch",
			),
			(self.grace > 0, "no time for the last reports"),
			(self.draw_delay > 0, "no time for the draw"),
			(self.answer_window >= 4, "no time for answers"),
			(slots.contains(&u32::from(self.audit_slots)), "audit slots are not within 1..=4"),
			(
				self.difficulty.is_valid(self.audit_slots),
				"slots per unit are below those of an audit or above 1024, or the target is zero",
			),
		])
	}

	fn stake_rules_hold(&self) -> Result<(), &'static str> {
		let [first, second, third] = self.slashes;
		first_broken(&[
			((2..=100).contains(&self.margin), "margin is not within 2..=100"),
			(self.stake_usd > 0, "commitments without stake"),
			(self.min_duration > 0, "commitments without duration"),
			(self.min_duration <= self.max_duration, "shortest duration exceeds the longest"),
			(self.unbonding > 0, "stake leaves with its commitment"),
			(!first.is_zero(), "wrong reports cost nothing"),
			(first <= second && second <= third, "later wrong reports cost less"),
			(!self.fail_at.is_zero(), "commitments fail unslashed"),
			(
				first <= Perbill::one().saturating_sub(self.fail_at) / OPEN_EPOCHS,
				"a commitment may run with less stake than its open reports may cost",
			),
			(
				self.miss_slash <= first / self.margin.max(1),
				"hiding a miss behind a false report may cost less than the miss",
			),
			(self.misses.budget >= 2, "fewer than two misses are forgiven"),
			(self.misses.period > 0, "misses are regained in no time"),
		])
	}

	fn reward_rules(&self) -> Result<(), &'static str> {
		let instalments = 1..=MAX_INSTALMENTS;
		first_broken(&[
			(self.pool.min <= self.pool.max, "smallest pool exceeds the largest"),
			(self.first_pool <= self.pool.max, "first pool exceeds the largest"),
			(self.first_pool >= self.pool.min, "first pool is below the smallest"),
			(self.vesting.period > 0, "rewards unlock in no time"),
			(
				instalments.contains(&usize::from(self.vesting.instalments)),
				"instalments are not within 1..=8",
			),
		])
	}

	/// What decides about stake.
	pub fn stake_rules(&self) -> StakeRules {
		StakeRules {
			slashes: self.slashes,
			fail_at: self.fail_at,
			misses: self.misses,
			miss_slash: self.miss_slash,
		}
	}

	/// What decides how many audits there are.
	pub fn audit_rules(&self) -> AuditRules {
		let [first_slash, ..] = self.slashes;
		AuditRules { margin: self.margin, first_slash, miss_slash: self.miss_slash }
	}

	/// The epoch of a block; block 0 counts to the first.
	pub fn epoch_at(&self, block: u32) -> Epoch {
		let passed = block.saturating_sub(1).checked_div(self.epoch_length).unwrap_or(0);
		passed.saturating_add(1)
	}

	/// The first block of an epoch.
	pub fn first_block(&self, epoch: Epoch) -> u32 {
		epoch.saturating_sub(1).saturating_mul(self.epoch_length).saturating_add(1)
	}

	/// The first block in which no report of `epoch` is accepted any more, where no block before it was full.
	pub fn reports_close(&self, epoch: Epoch) -> u32 {
		self.first_block(epoch.saturating_add(1)).saturating_add(self.grace)
	}

	/// The block with which `epoch` is finished, void if need be: full blocks stretch its windows by one epoch
	/// at most.
	pub fn finished_by(&self, epoch: Epoch) -> u32 {
		self.first_block(epoch.saturating_add(3))
	}

	/// Blocks over which the earliest blocks of audits are spread, and so the most units of an epoch that can
	/// all be drawn: each has its block even if all begin late, at one check per block.
	pub fn capacity(&self) -> u32 {
		self.answer_window / 2
	}
}

fn first_broken(rules: &[(bool, &'static str)]) -> Result<(), &'static str> {
	rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(*rule))
}
