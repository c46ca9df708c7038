//! Before a node runs it proves to itself that it can verify proofs of capacity: right, and in time.

use sc_service::{ChainType, Configuration, Error};
use std::time::Duration;

/// The longest that the largest audit may take: more, and the validator's blocks come late.
const LONGEST_VERIFICATION: Duration = Duration::from_millis(1_000);

/// Tests RandomX on this machine.
///
/// # Errors
/// For a validator of a live chain, where it computes wrong hashes or is too slow. Any other node is warned,
/// validators of chains for development among them, of which several may share a machine.
pub fn check(config: &Configuration) -> Result<(), Error> {
	let Err(reason) = test() else { return Ok(()) };
	let kind = config.chain_spec.chain_type();
	let is_live = !matches!(kind, ChainType::Development | ChainType::Local);
	if config.role.is_authority() && is_live {
		return Err(Error::Other(format!("this machine cannot validate: {reason}")));
	}
	log::warn!("⚠️  as a validator of a live chain this node would not start: {reason}");
	Ok(())
}

fn test() -> Result<(), String> {
	let test = marketplace_randomx::self_test().map_err(|error| error.to_string())?;
	log::info!(
		"⛏️  RandomX self-test passed: the largest audit takes {} ms ({:?})",
		test.verification.as_millis(),
		test.mode,
	);
	if test.verification > LONGEST_VERIFICATION {
		return Err(format!(
			"the largest audit takes {} ms and may take {} ms at most; a newer CPU, or permission to run \
			 just-in-time compiled code, makes it faster",
			test.verification.as_millis(),
			LONGEST_VERIFICATION.as_millis(),
		));
	}
	Ok(())
}
