//! The caches of the process, shared by all calls of the host function.

use crate::{Engine, EngineError, BAD_LENGTHS, MAX_INPUTS, MAX_INPUT_LEN, OK};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// One cache for the block that is imported, one for whatever runs beside it.
static POOL: [Mutex<Option<Engine>>; 2] = [Mutex::new(None), Mutex::new(None)];

/// What the host function does, for keys of any length.
///
/// Ends the process where the system refuses memory: the caller could not tell that from a wrong
/// proof.
pub fn hash_inputs(key: &[u8], inputs: &[u8], input_len: u32, out: &mut [u8]) -> u32 {
	let Some(input_len) = checked_len(inputs, input_len, out) else { return BAD_LENGTHS };
	if let Err(error) = hash_all(key, inputs.chunks_exact(input_len), out) {
		log::error!(target: "randomx", "cannot verify proofs: {error}; the process ends");
		eprintln!("cannot verify proofs: {error}; the process ends");
		std::process::abort();
	}
	OK
}

/// The length of one input, where the lengths fit each other and their bounds.
fn checked_len(inputs: &[u8], input_len: u32, out: &[u8]) -> Option<usize> {
	let len = usize::try_from(input_len).ok().filter(|len| (1..=MAX_INPUT_LEN).contains(len))?;
	let count = inputs.len() / len;
	let fits =
		(1..=MAX_INPUTS).contains(&count) && inputs.len() == count * len && out.len() == count * 32;
	fits.then_some(len)
}

fn hash_all<'a>(
	key: &[u8],
	inputs: impl Iterator<Item = &'a [u8]>,
	out: &mut [u8],
) -> Result<(), EngineError> {
	let mut slot = free_slot();
	let engine = match &mut *slot {
		Some(engine) => {
			engine.set_key(key);
			engine
		},
		empty => empty.insert(Engine::new(key)?),
	};
	let hasher = engine.hasher()?;
	for (input, out) in inputs.zip(out.chunks_exact_mut(32)) {
		out.copy_from_slice(&hasher.hash(input));
	}
	Ok(())
}

/// The first cache that nobody uses; where all are in use, the first one that is given back.
fn free_slot() -> MutexGuard<'static, Option<Engine>> {
	let [first, second] = &POOL;
	match first.try_lock() {
		Ok(slot) => slot,
		Err(TryLockError::Poisoned(_)) => recover(first),
		Err(TryLockError::WouldBlock) => match second.try_lock() {
			Ok(slot) => slot,
			Err(TryLockError::Poisoned(_)) => recover(second),
			Err(TryLockError::WouldBlock) => recover(first),
		},
	}
}

/// Waits for the cache. Where a thread died while it used it, the cache is made anew.
fn recover(slot: &'static Mutex<Option<Engine>>) -> MutexGuard<'static, Option<Engine>> {
	slot.lock().unwrap_or_else(|poisoned: PoisonError<_>| {
		slot.clear_poison();
		let mut slot = poisoned.into_inner();
		*slot = None;
		slot
	})
}
