//! The verifier that chain and prover share.

use crate::{
	key, leaf_count, leaf_index, meets, tree::verify_path, Hash, Input, Leaf, ProvenLeaf, MAX_UNITS,
};
use alloc::vec::Vec;

/// Computes the RandomX hashes that decide.
pub trait ProofHasher {
	/// The hash of each input under `key`, in the order of the inputs.
	///
	/// Implementations MUST be deterministic: the same key and inputs give the same hashes on every
	/// machine, and no local fault may show as a different hash.
	fn hashes(key: &Hash, inputs: &[Input]) -> Vec<Hash>;
}

/// Why leaves are refused before any RandomX hash is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
	/// The report does not claim that the unit was proven.
	UnitNotProven,
	/// The leaves are not those of the slots that were asked for, in that order.
	WrongSlots,
	/// A leaf is that of another server.
	OtherServer,
	/// A leaf is that of another epoch.
	OtherEpoch,
	/// A leaf is that of another unit.
	OtherUnit,
	/// A leaf does not stand at its place under the reported root.
	InvalidPath,
	/// The commitment of a leaf is above the target.
	TargetMissed,
}

/// What RandomX has to hash for a verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
	/// The key of the unit in the epoch.
	pub key: Hash,
	/// One input per leaf, in the order of the leaves.
	pub inputs: Vec<Input>,
}

/// What a server reported, with all that the report is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
	/// Hash of the chain's first block.
	pub genesis: Hash,
	/// The server.
	pub server: u32,
	/// The epoch that it reported.
	pub epoch: u32,
	/// The seed of that epoch.
	pub seed: Hash,
	/// The reported root.
	pub root: Hash,
	/// The units that are said to be proven: bit `i` stands for unit `i`.
	pub proven: u64,
	/// Slots per unit.
	pub slots: u16,
	/// What a commitment may not exceed.
	pub target: Hash,
}

impl Claim {
	/// Checks all that is cheap of the `leaves` shown for the slots `wanted` of `unit`, and returns what
	/// RandomX has to hash. The leaves are right exactly if [`matches()`] then says so.
	///
	/// # Errors
	/// The first [`Refusal`] that applies, in the order in which they are declared.
	pub fn check(&self, unit: u8, wanted: &[u16], leaves: &[ProvenLeaf]) -> Result<Work, Refusal> {
		if unit >= MAX_UNITS || (self.proven >> unit) & 1 == 0 {
			return Err(Refusal::UnitNotProven);
		}
		if !wanted.iter().eq(leaves.iter().map(|shown| &shown.leaf.slot)) {
			return Err(Refusal::WrongSlots);
		}
		leaves.iter().try_for_each(|shown| self.check_origin(unit, &shown.leaf))?;
		leaves.iter().try_for_each(|shown| self.check_path(shown))?;
		let inputs = leaves.iter().map(|shown| shown.leaf.input(&self.seed)).collect();
		if leaves.iter().any(|shown| !self.is_worked(&shown.leaf)) {
			return Err(Refusal::TargetMissed);
		}
		Ok(Work { key: key(&self.genesis, self.epoch, &self.seed, self.server, unit), inputs })
	}

	fn check_origin(&self, unit: u8, leaf: &Leaf) -> Result<(), Refusal> {
		if leaf.server != self.server {
			Err(Refusal::OtherServer)
		} else if leaf.epoch != self.epoch {
			Err(Refusal::OtherEpoch)
		} else if leaf.unit != unit {
			Err(Refusal::OtherUnit)
		} else {
			Ok(())
		}
	}

	fn check_path(&self, shown: &ProvenLeaf) -> Result<(), Refusal> {
		let ProvenLeaf { leaf, path } = shown;
		leaf_count(self.proven, self.slots)
			.zip(leaf_index(self.proven, leaf.unit, self.slots, leaf.slot))
			.filter(|(count, index)| verify_path(&self.root, leaf, *index, *count, path))
			.map(|_| ())
			.ok_or(Refusal::InvalidPath)
	}

	fn is_worked(&self, leaf: &Leaf) -> bool {
		meets(&self.target, &leaf.commitment(&self.seed))
	}

	/// The whole verdict: [`check`](Self::check), the hashes of `H`, [`matches()`].
	///
	/// # Errors
	/// Those of [`check`](Self::check).
	pub fn verify<H: ProofHasher>(
		&self,
		unit: u8,
		wanted: &[u16],
		leaves: &[ProvenLeaf],
	) -> Result<bool, Refusal> {
		let work = self.check(unit, wanted, leaves)?;
		Ok(matches(leaves, &H::hashes(&work.key, &work.inputs)))
	}
}

/// Whether the leaves hold exactly the hashes that were computed for them.
pub fn matches(leaves: &[ProvenLeaf], hashes: &[Hash]) -> bool {
	leaves.iter().map(|shown| &shown.leaf.hash).eq(hashes.iter())
}
