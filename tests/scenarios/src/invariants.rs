//! The numbered invariants of every pallet of the market, over one state.

use marketplace_runtime::{Capacity, Deals, Matcher, Offers, Providers};

/// Whether the current state holds all invariants.
///
/// # Errors
/// The first pallet that breaks one, and which.
pub fn check() -> Result<(), String> {
	let named = [
		("providers", Providers::do_try_state()),
		("capacity", Capacity::do_try_state()),
		("offers", Offers::do_try_state()),
		("matcher", Matcher::do_try_state()),
		("deals", Deals::do_try_state()),
	];
	match named.into_iter().find_map(|(pallet, result)| result.err().map(|error| (pallet, error))) {
		Some((pallet, error)) => Err(format!("{pallet}: {error:?}")),
		None => Ok(()),
	}
}
