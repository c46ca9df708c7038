//! What the pallet stores beside the unit record and the commitments.

use crate::{sampling::Rate, Difficulty};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Epoch, UnitIndex, Units};
use scale_info::TypeInfo;

/// What randomness decided about the audits of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Draw {
	/// The block of the draw.
	pub block: u32,
	/// Made by a whole consensus epoch after reports closed.
	pub randomness: [u8; 32],
	/// How many of the reports are drawn.
	pub rate: Rate,
}

/// How an epoch came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Finish {
	/// The epoch during which it was finished.
	pub during: Epoch,
	/// Whether there was no time for its audits.
	pub is_void: bool,
	/// Epochs up to this one whose misses are not charged.
	pub uncharged: u32,
}

/// What stays of an epoch for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EpochRecord {
	/// What proofs of the epoch are bound to.
	pub seed: [u8; 32],
	/// How much work they are.
	pub difficulty: Difficulty,
	/// Units proven in accepted reports.
	pub proven: u32,
	/// Accepted reports of proofs.
	pub reports: u32,
	/// How little stake stands behind those reports: the sum of their [`exposure`](crate::exposure).
	pub exposure: u128,
	/// What a proven unit earns at most, planks; known when reports are closed.
	pub unit_reward: Balance,
	/// The draw of its audits, once it is made.
	pub draw: Option<Draw>,
	/// How it ended, once it is finished.
	pub finish: Option<Finish>,
}

impl EpochRecord {
	/// An epoch that begins.
	pub fn new(seed: [u8; 32], difficulty: Difficulty) -> Self {
		Self { seed, difficulty, ..Default::default() }
	}
}

/// Where the epoch stands that is being finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Stage {
	/// It is not over.
	#[default]
	Open,
	/// Its last reports are awaited.
	Reporting {
		/// Blocks, full ones not counted, until they close.
		left: u32,
	},
	/// Randomness for its draw is awaited.
	Drawing {
		/// The consensus epoch seen last.
		seen: u64,
		/// How often it changed since reports closed; the second change brings the randomness.
		changes: u8,
		/// Blocks until it is given up.
		left: u32,
	},
	/// Answers are taken.
	Answering {
		/// Blocks, full ones not counted, until the audits are over.
		left: u32,
	},
}

/// Where the market stands in time, beside the block number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct ClockState {
	/// The last epoch that is finished; 0 before the first is.
	pub finished: Epoch,
	/// Where the next one stands.
	pub stage: Stage,
	/// Epochs so far whose misses are not charged: void ones, and those whose audits did not all find room.
	pub uncharged: u32,
	/// The last of them; 0 where there is none.
	pub last_uncharged: Epoch,
}

/// Why a report was found wrong.
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
pub enum Cause {
	/// A unit's leaves were not what RandomX gives, or missed the target.
	WrongProof {
		/// The unit.
		unit: UnitIndex,
	},
	/// Units did not answer in time.
	Unanswered {
		/// The units.
		units: Units,
	},
}
