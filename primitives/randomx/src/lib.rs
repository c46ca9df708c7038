#![doc = include_str!("../README.md")]
#![cfg_attr(substrate_runtime, no_std)]

extern crate alloc;

#[cfg(not(substrate_runtime))]
mod engine;
#[cfg(not(substrate_runtime))]
mod pool;
#[cfg(not(substrate_runtime))]
mod self_test;

#[cfg(not(substrate_runtime))]
pub use engine::{Engine, EngineError, Hasher, Mode};
#[cfg(not(substrate_runtime))]
pub use pool::hash_inputs;
#[cfg(not(substrate_runtime))]
pub use self_test::{self_test, SelfTest, SelfTestError};

use alloc::{vec, vec::Vec};
use marketplace_proof::{Hash, Input, ProofHasher, INPUT_LEN};
use sp_runtime_interface::{
	pass_by::{PassFatPointerAndRead, PassFatPointerAndWrite, PassPointerAndRead},
	runtime_interface,
};

/// The most inputs of one call.
pub const MAX_INPUTS: usize = 8;

/// The most bytes of one input.
pub const MAX_INPUT_LEN: usize = 256;

/// The hashes were written.
pub const OK: u32 = 0;

/// The lengths of the arguments do not fit each other or exceed their bounds; nothing was written.
pub const BAD_LENGTHS: u32 = 1;

/// RandomX, computed by the node.
#[runtime_interface]
pub trait CapacityProof {
	/// Writes the RandomX hash of each input under `key` to `out`, 32 bytes each.
	///
	/// `inputs` are 1 to [`MAX_INPUTS`] inputs of `input_len` bytes each, one after the other, where
	/// `input_len` is 1 to [`MAX_INPUT_LEN`]; `out` has room for exactly their hashes.
	///
	/// Returns [`OK`], or [`BAD_LENGTHS`] where that is not so.
	fn randomx(
		key: PassPointerAndRead<&[u8; 32], 32>,
		inputs: PassFatPointerAndRead<&[u8]>,
		input_len: u32,
		out: PassFatPointerAndWrite<&mut [u8]>,
	) -> u32 {
		hash_inputs(key, inputs, input_len, out)
	}
}

/// RandomX through the host function: what decides about proofs of capacity.
pub struct RandomX;

impl ProofHasher for RandomX {
	fn hashes(key: &Hash, inputs: &[Input]) -> Vec<Hash> {
		let mut hashes = vec![[0; 32]; inputs.len()];
		let input_len = u32::try_from(INPUT_LEN).unwrap_or(0);
		for (inputs, hashes) in inputs.chunks(MAX_INPUTS).zip(hashes.chunks_mut(MAX_INPUTS)) {
			let (inputs, out) = (inputs.as_flattened(), hashes.as_flattened_mut());
			let status = capacity_proof::randomx(key, inputs, input_len, out);
			debug_assert_eq!(status, OK, "the lengths are right by construction");
		}
		hashes
	}
}
