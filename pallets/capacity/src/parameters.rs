//! The settings of the market, and the clock that follows from them.

use codec::{Decode, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Epoch};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::Perbill;

/// The settings of the market, fixed at genesis. Windows are in blocks, durations in epochs.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MarketParameters {
	/// Blocks per epoch.
	pub epoch_length: u32,
	/// Blocks of the next epoch in which reports are still accepted.
	pub grace: u32,
	/// The most blocks from the close of reports to the draw; without a draw by then the epoch's audits are void.
	pub draw_delay: u32,
	/// Blocks, from the draw on, in which answers are taken.
	pub answer_window: u32,
	/// Slots that a unit proves per epoch.
	pub slots: u16,
	/// What the commitment of a proof may not exceed, big-endian.
	pub target: [u8; 32],
	/// Slots that are drawn of each unit, `1..=4`.
	pub audit_slots: u8,
	/// Stake that a commitment needs per unit.
	pub stake_per_unit: Balance,
	/// The provider's least part of it.
	pub own_stake_per_unit: Balance,
	/// What all proven units of an epoch earn together.
	pub reward_per_epoch: Balance,
	/// Shortest commitment.
	pub min_duration: Epoch,
	/// Longest commitment.
	pub max_duration: Epoch,
	/// Epochs that stake stays after the end of its commitment.
	pub unbonding: Epoch,
	/// Part of a commitment's stake that one failed report costs.
	pub slash: Perbill,
	/// A commitment fails when so much of its stake was slashed.
	pub fail_at: Perbill,
}

impl Default for MarketParameters {
	/// Short epochs and an easy target: a network to develop on.
	fn default() -> Self {
		let flt = 1_000_000_000_000_000_000;
		Self {
			epoch_length: 30,
			grace: 2,
			draw_delay: 6,
			answer_window: 22,
			slots: 4,
			target: [0x3f; 32],
			audit_slots: 2,
			stake_per_unit: 100 * flt,
			own_stake_per_unit: 10 * flt,
			reward_per_epoch: 50 * flt,
			min_duration: 2,
			max_duration: 10_000,
			unbonding: 2,
			slash: Perbill::from_percent(10),
			fail_at: Perbill::from_percent(30),
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
		let windows = self
			.grace
			.checked_add(self.draw_delay)
			.and_then(|blocks| blocks.checked_add(self.answer_window));
		let rules = [
			(
				windows.is_some_and(|blocks| blocks <= self.epoch_length),
				"grace, draw delay and answer window exceed one epoch",
			),
			(self.draw_delay > 0, "no time for the draw"),
			(self.answer_window >= 2, "no time for answers"),
			((1..=MAX_SLOTS).contains(&self.slots), "slots per unit are not within 1..=1024"),
			((1..=4).contains(&self.audit_slots), "audit slots are not within 1..=4"),
			(u16::from(self.audit_slots) <= self.slots, "more audit slots than slots"),
			(self.stake_per_unit > 0, "commitments without stake"),
			(self.own_stake_per_unit <= self.stake_per_unit, "own stake exceeds the whole stake"),
			(self.min_duration > 0, "commitments without duration"),
			(self.min_duration <= self.max_duration, "shortest duration exceeds the longest"),
			(!self.slash.is_zero(), "failed reports cost nothing"),
			(!self.fail_at.is_zero(), "commitments fail unslashed"),
		];
		rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(*rule))
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

	/// The first block in which no report of `epoch` is accepted any more.
	pub fn reports_close(&self, epoch: Epoch) -> u32 {
		self.first_block(epoch.saturating_add(1)).saturating_add(self.grace)
	}

	/// The epoch whose reports close with `block`, if it is such a block.
	pub fn closed_at(&self, block: u32) -> Option<Epoch> {
		let epoch = self.epoch_at(block).checked_sub(1).filter(|epoch| *epoch > 0)?;
		(self.reports_close(epoch) == block).then_some(epoch)
	}

	/// The last block in which the audits of `epoch` can be drawn.
	pub fn draw_due(&self, epoch: Epoch) -> u32 {
		self.reports_close(epoch).saturating_add(self.draw_delay)
	}

	/// Blocks over which the earliest blocks of audits are spread, and so the most units that can be proven
	/// per epoch: each has its block even if all begin late, at one check per block.
	pub fn capacity(&self) -> u32 {
		self.answer_window / 2
	}
}
