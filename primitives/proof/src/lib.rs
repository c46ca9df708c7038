#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod challenge;
#[cfg(feature = "std")]
pub mod difficulty;
mod draw;
mod leaf;
mod tree;
mod verify;

pub use challenge::{commitment, input, key, meets, Input, INPUT_LEN};
pub use draw::{drawn_slots, earliest_block_offset, report_lot, LOTS};
pub use leaf::{Leaf, Path, ProvenLeaf};
pub use tree::{leaf_count, leaf_index, path_len, root, verify_path, Tree, MAX_LEAVES, MAX_PATH};
pub use verify::{matches, Claim, ProofHasher, Refusal, Work};

/// 32 bytes: a hash, a seed, a key or a target.
pub type Hash = [u8; 32];

/// The most compute units that one server has.
pub const MAX_UNITS: u8 = 64;

/// Blake2 of the concatenation of `parts`.
fn blake2(parts: &[&[u8]]) -> Hash {
	sp_crypto_hashing::blake2_256(&parts.concat())
}
