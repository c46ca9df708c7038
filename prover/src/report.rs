//! What was proven.

use crate::{json, Error, Job};
use marketplace_proof::{leaf_index, Claim, Hash, Leaf, ProvenLeaf, Tree};
use serde::{Deserialize, Serialize};

/// What proves one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
	/// What was tried with success.
	#[serde(with = "json::number")]
	pub nonce: u64,
	/// Its RandomX hash.
	#[serde(with = "json::hash")]
	pub hash: Hash,
}

/// What proves one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitProofs {
	/// The unit.
	pub unit: u8,
	/// A proof of each slot, from slot 0.
	pub proofs: Vec<Proof>,
}

/// A job with all that was proven of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
	/// The job.
	pub job: Job,
	/// The hashes were not computed.
	pub forged: bool,
	/// The units that were proven, from the lowest.
	pub units: Vec<UnitProofs>,
}

impl Report {
	/// Nothing proven yet.
	pub fn new(job: Job, forged: bool) -> Self {
		Self { job, forged, units: Vec::new() }
	}

	/// Takes in a unit.
	pub fn add(&mut self, unit: UnitProofs) {
		if let Err(place) = self.units.binary_search_by_key(&unit.unit, |known| known.unit) {
			self.units.insert(place, unit);
		}
	}

	/// Units of the job that are not proven.
	pub fn missing(&self) -> Vec<u8> {
		let proven = self.proven();
		self.job.units.iter().copied().filter(|unit| (proven >> unit) & 1 == 0).collect()
	}

	/// The mask of the units that are proven.
	pub fn proven(&self) -> u64 {
		self.units.iter().fold(0, |mask, unit| mask | 1u64 << unit.unit)
	}

	/// All leaves in the order of the tree.
	pub fn leaves(&self) -> Vec<Leaf> {
		let Job { server, epoch, .. } = self.job;
		let units = self.units.iter();
		units
			.flat_map(|unit| unit.proofs.iter().zip(0u16..).map(move |proof| (unit.unit, proof)))
			.map(|(unit, (Proof { nonce, hash }, slot))| Leaf {
				server,
				epoch,
				unit,
				slot,
				nonce: *nonce,
				hash: *hash,
			})
			.collect()
	}

	/// What the server reports; `None` where nothing is proven.
	pub fn root(&self) -> Option<Hash> {
		marketplace_proof::root(&self.leaves())
	}

	/// The report as the chain sees it; `None` where nothing is proven.
	pub fn claim(&self) -> Option<Claim> {
		let Job { genesis, epoch, seed, server, slots, target, .. } = self.job;
		let (root, proven) = (self.root()?, self.proven());
		Some(Claim { genesis, server, epoch, seed, root, proven, slots, target })
	}

	/// The leaves of the given slots of a unit with their paths, in the order of the slots.
	///
	/// # Errors
	/// [`Error::UnitNotProven`], [`Error::NoSuchSlot`].
	pub fn answer(&self, unit: u8, slots: &[u16]) -> Result<Vec<ProvenLeaf>, Error> {
		if !self.units.iter().any(|known| known.unit == unit) {
			return Err(Error::UnitNotProven(unit));
		}
		let leaves = self.leaves();
		let tree = Tree::new(&leaves).ok_or(Error::NothingProven)?;
		let mut slots = slots.to_vec();
		slots.sort_unstable();
		slots.dedup();
		let prove = |slot: u16| {
			let index = leaf_index(self.proven(), unit, self.job.slots, slot)?;
			let leaf = *leaves.get(usize::try_from(index).ok()?)?;
			Some(ProvenLeaf { leaf, path: tree.path(index)? })
		};
		slots.into_iter().map(|slot| prove(slot).ok_or(Error::NoSuchSlot(slot))).collect()
	}
}
