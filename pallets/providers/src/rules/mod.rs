//! What each call does, a file per subject: check, then write, then tell.

mod asks;
mod assets;
mod attestations;
mod attestors;
mod attributes;
mod classes;
mod data_centers;
mod providers;
mod servers;

use frame_support::pallet_prelude::DispatchResult;
use sp_runtime::ArithmeticError;

/// Whether the bytes are a name that one can show: UTF-8, not blank, no control characters.
pub(crate) fn is_label(bytes: &[u8]) -> bool {
	core::str::from_utf8(bytes)
		.is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

fn increase(count: &mut u32) -> DispatchResult {
	*count = count.checked_add(1).ok_or(ArithmeticError::Overflow)?;
	Ok(())
}

fn decrease(count: &mut u32) -> DispatchResult {
	*count = count.checked_sub(1).ok_or(ArithmeticError::Underflow)?;
	Ok(())
}
