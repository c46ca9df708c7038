//! What a unit has to compute.

use crate::{blake2, Hash};

const KEY_DOMAIN: &[u8] = b"marketplace/key/1";
const INPUT_DOMAIN: &[u8; 14] = b"marketplace/i1";

/// Bytes of a RandomX input: domain, seed, slot, nonce.
pub const INPUT_LEN: usize = INPUT_DOMAIN.len() + 32 + 2 + 8;

/// What RandomX hashes for one slot.
pub type Input = [u8; INPUT_LEN];

/// The RandomX key of one unit in one epoch.
///
/// It differs between chains, epochs and units, so nothing that was computed for one serves another
/// and no two units share a data set.
pub fn key(genesis: &Hash, epoch: u32, seed: &Hash, server: u32, unit: u8) -> Hash {
	blake2(&[
		KEY_DOMAIN,
		genesis,
		&epoch.to_le_bytes(),
		seed,
		&server.to_le_bytes(),
		&unit.to_le_bytes(),
	])
}

/// What RandomX hashes for `slot` with `nonce`.
pub fn input(seed: &Hash, slot: u16, nonce: u64) -> Input {
	let (slot, nonce) = (slot.to_le_bytes(), nonce.to_le_bytes());
	let mut bytes = INPUT_DOMAIN.iter().chain(seed).chain(&slot).chain(&nonce);
	core::array::from_fn(|_| bytes.next().copied().unwrap_or_default())
}

/// What is held against the target: Blake2 of the input and its RandomX hash.
pub fn commitment(input: &Input, hash: &Hash) -> Hash {
	blake2(&[input, hash])
}

/// Whether `commitment` is not above `target`, both read as big-endian numbers.
pub fn meets(target: &Hash, commitment: &Hash) -> bool {
	commitment <= target
}
