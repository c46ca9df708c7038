//! What a node does before it offers to verify.

use crate::{hash_inputs, Mode, BAD_LENGTHS};
use marketplace_proof::Hash;
use std::{
	fmt,
	time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Leaves of the largest audit.
const LEAVES: usize = 4;

/// Key, input and hash: three of the published vectors, two keys.
const VECTORS: [(Hash, Hash, Hash); 3] = [
	(
		[0; 32],
		[0; 32],
		[
			0x6b, 0x36, 0x6e, 0x77, 0xbf, 0xd1, 0xe3, 0x81, 0x4d, 0x18, 0x92, 0x5d, 0x66, 0x72,
			0x54, 0xb7, 0x17, 0xf7, 0x99, 0x5b, 0x36, 0x88, 0xbd, 0x52, 0x1c, 0x89, 0x21, 0xb0,
			0x43, 0x5e, 0xdc, 0x88,
		],
	),
	(
		[0; 32],
		[1; 32],
		[
			0xcc, 0xad, 0x7c, 0x78, 0x4e, 0x21, 0x66, 0x27, 0x3b, 0x23, 0x34, 0xc5, 0xe2, 0xc2,
			0x06, 0x3c, 0x32, 0xdf, 0x38, 0xd4, 0xf4, 0x63, 0x11, 0xfc, 0x04, 0x71, 0x66, 0x07,
			0xdc, 0xd2, 0xea, 0x56,
		],
	),
	(
		[1; 32],
		[0; 32],
		[
			0xa8, 0x50, 0x10, 0x81, 0xa7, 0x30, 0x9f, 0xd5, 0x46, 0x52, 0xdd, 0x8b, 0x33, 0xdd,
			0x93, 0x3b, 0x1c, 0xef, 0xf1, 0xd1, 0x1e, 0x94, 0x68, 0x1b, 0x6f, 0xae, 0xc9, 0x5f,
			0xfd, 0x16, 0x31, 0x48,
		],
	),
];

/// What a self-test found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTest {
	/// Time of the largest audit: four inputs under a key that no cache holds.
	pub verification: Duration,
	/// The way that hashes are computed.
	pub mode: Mode,
}

/// Why this machine, or this binary, cannot verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfTestError {
	/// A known hash came out otherwise: the binary holds another RandomX, or the machine is at fault.
	WrongHash {
		/// Which of the known hashes.
		vector: usize,
		/// What it is.
		expected: Hash,
		/// What was computed.
		computed: Hash,
	},
	/// Arguments that must be refused were not.
	BadLengthsAccepted,
}

impl fmt::Display for SelfTestError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::WrongHash { vector, .. } => write!(
				f,
				"RandomX computes a wrong hash (known hash {vector}): this binary was linked with \
				 another RandomX, or this machine is at fault",
			),
			Self::BadLengthsAccepted => {
				f.write_str("RandomX accepts arguments that it must refuse")
			},
		}
	}
}

impl std::error::Error for SelfTestError {}

/// Computes known hashes, then measures the largest audit. Takes about three seconds.
///
/// # Errors
/// Where the known hashes do not come out. A caller that must verify within a block compares
/// [`SelfTest::verification`] with what it has.
pub fn self_test() -> Result<SelfTest, SelfTestError> {
	for (vector, (key, input, expected)) in VECTORS.into_iter().enumerate() {
		let mut computed = [0; 32];
		hash_inputs(&key, &input, 32, &mut computed);
		if computed != expected {
			return Err(SelfTestError::WrongHash { vector, expected, computed });
		}
	}
	if hash_inputs(&[], &[0; 33], 32, &mut [0; 32]) != BAD_LENGTHS {
		return Err(SelfTestError::BadLengthsAccepted);
	}
	// The better of two runs: what else the machine does at the moment says nothing of its speed.
	let verification = largest_audit().min(largest_audit());
	Ok(SelfTest { verification, mode: Mode::fastest() })
}

/// Time of four inputs under a key that nobody used.
fn largest_audit() -> Duration {
	let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
	let fresh_key = [&b"self-test"[..], &now.to_le_bytes()].concat();
	let start = Instant::now();
	hash_inputs(&fresh_key, &[0; LEAVES * 32], 32, &mut [0; LEAVES * 32]);
	start.elapsed()
}
