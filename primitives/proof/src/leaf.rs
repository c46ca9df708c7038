//! What stands under the root of a report.

use crate::{blake2, commitment, input, Hash, Input, MAX_PATH};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{bounded::BoundedVec, ConstU32};

const LEAF_DOMAIN: &[u8] = b"marketplace/leaf/1";

/// The hashes beside the way from a leaf to the root, lowest first.
pub type Path = BoundedVec<Hash, ConstU32<MAX_PATH>>;

/// The proof of one slot of one unit.
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
pub struct Leaf {
	/// The server that reports.
	pub server: u32,
	/// The epoch that was proven.
	pub epoch: u32,
	/// The unit, `0..64`.
	pub unit: u8,
	/// The slot of the unit, `0..slots`.
	pub slot: u16,
	/// What makes the commitment meet the target.
	pub nonce: u64,
	/// RandomX of the input under the unit's key.
	pub hash: Hash,
}

impl Leaf {
	/// What RandomX hashed.
	pub fn input(&self, seed: &Hash) -> Input {
		input(seed, self.slot, self.nonce)
	}

	/// What is held against the target.
	pub fn commitment(&self, seed: &Hash) -> Hash {
		commitment(&self.input(seed), &self.hash)
	}

	/// What stands for the leaf in the tree.
	pub fn leaf_hash(&self) -> Hash {
		self.using_encoded(|leaf| blake2(&[LEAF_DOMAIN, leaf]))
	}
}

/// A leaf with its way to the root of the report.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ProvenLeaf {
	/// The leaf.
	pub leaf: Leaf,
	/// Its Merkle path.
	pub path: Path,
}
