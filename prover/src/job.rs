//! What has to be proven.

use crate::{json, Error};
use marketplace_proof::{key, leaf_count, Hash, Input, MAX_UNITS};
use serde::{Deserialize, Serialize};

/// The units of one server to prove in one epoch, with all that their proofs depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
	/// Hash of the chain's first block.
	#[serde(with = "json::hash")]
	pub genesis: Hash,
	/// The epoch.
	pub epoch: u32,
	/// Its seed.
	#[serde(with = "json::hash")]
	pub seed: Hash,
	/// The server.
	pub server: u32,
	/// The units, in any order.
	pub units: Vec<u8>,
	/// Slots per unit.
	pub slots: u16,
	/// What a commitment may not exceed, big endian.
	#[serde(with = "json::hash")]
	pub target: Hash,
}

impl Job {
	/// Whether the job can be done at all.
	///
	/// # Errors
	/// Says why not.
	pub fn validate(&self) -> Result<(), Error> {
		if let Some(unit) = self.units.iter().find(|unit| **unit >= MAX_UNITS) {
			return Err(Error::NoSuchUnit(*unit));
		}
		let mask = self.units.iter().try_fold(0u64, |mask, unit| {
			let bit = 1u64 << unit;
			(mask & bit == 0).then_some(mask | bit).ok_or(Error::DuplicateUnit(*unit))
		})?;
		if mask == 0 {
			return Err(Error::NoUnits);
		}
		leaf_count(mask, self.slots).map(|_| ()).ok_or(Error::InvalidSlots(self.slots))
	}

	/// The RandomX key of a unit.
	pub fn key(&self, unit: u8) -> Hash {
		key(&self.genesis, self.epoch, &self.seed, self.server, unit)
	}

	/// What RandomX hashes.
	pub fn input(&self, slot: u16, nonce: u64) -> Input {
		marketplace_proof::input(&self.seed, slot, nonce)
	}

	/// Whether the hash of `input` proves its slot.
	pub fn is_met(&self, input: &Input, hash: &Hash) -> bool {
		marketplace_proof::meets(&self.target, &marketplace_proof::commitment(input, hash))
	}
}
