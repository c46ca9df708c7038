//! What the pallet asks of the consensus.

/// Randomness of the consensus, as proofs and audits need it.
pub trait ProofRandomness {
	/// What the proofs of an epoch that begins now are bound to.
	fn seed() -> [u8; 32];

	/// The consensus epoch of the block being executed.
	fn consensus_epoch() -> u64;

	/// Made by the whole of the consensus epoch before the current one.
	fn next_randomness() -> [u8; 32];
}
