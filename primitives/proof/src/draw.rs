//! What randomness selects, once reports are closed.

use crate::{blake2, Hash};
use alloc::vec::Vec;

const SLOT_DOMAIN: &[u8] = b"marketplace/slots/1";
const BLOCK_DOMAIN: &[u8] = b"marketplace/block/1";
const REPORT_DOMAIN: &[u8] = b"marketplace/report/1";

/// Lots are numbers below this.
pub const LOTS: u64 = 1_000_000_000_000_000_000;

/// What decides whether a report is drawn, and which of its units: a lot below [`LOTS`], and a number to be
/// reduced to the number of units.
///
/// 128 bits are reduced to a lot, 64 to a unit: the bias is below 2^-57.
pub fn report_lot(randomness: &Hash, server: u32, epoch: u32) -> (u64, u64) {
	let hash = blake2(&[REPORT_DOMAIN, randomness, &server.to_le_bytes(), &epoch.to_le_bytes()]);
	let words = hash.first_chunk::<24>().map_or((0, 0), |bytes| {
		let (low, high) = bytes.split_at(16);
		let wide = <[u8; 16]>::try_from(low).map_or(0, u128::from_le_bytes);
		let place = <[u8; 8]>::try_from(high).map_or(0, u64::from_le_bytes);
		(wide, place)
	});
	let lot = words.0.checked_rem(u128::from(LOTS)).unwrap_or(0);
	(u64::try_from(lot).unwrap_or(0), words.1)
}

/// A number below `bound` (which is not zero) that `randomness` gives to one unit's audit.
///
/// 64 bits are reduced to 32 or fewer: the bias is below 2^-32.
fn number(
	domain: &[u8],
	randomness: &Hash,
	(server, epoch, unit): (u32, u32, u8),
	round: u16,
	bound: u32,
) -> u32 {
	let hash = blake2(&[
		domain,
		randomness,
		&server.to_le_bytes(),
		&epoch.to_le_bytes(),
		&[unit],
		&round.to_le_bytes(),
	]);
	let word = hash.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
	let rest = word.checked_rem(u64::from(bound)).unwrap_or(0);
	u32::try_from(rest).unwrap_or(0)
}

/// The slots of a unit that must be shown: `count` of its `slots`, or all where there are fewer,
/// distinct and in rising order. Each subset is as likely as any other.
pub fn drawn_slots(
	randomness: &Hash,
	server: u32,
	epoch: u32,
	unit: u8,
	slots: u16,
	count: u8,
) -> Vec<u16> {
	// Floyd's sampling: one number per slot drawn, whatever `slots` is.
	let first = slots.saturating_sub(u16::from(count));
	let mut drawn = Vec::new();
	for last in first..slots {
		let bound = u32::from(last).saturating_add(1);
		let candidate = number(SLOT_DOMAIN, randomness, (server, epoch, unit), last, bound);
		let candidate = u16::try_from(candidate).unwrap_or(last);
		match drawn.binary_search(&candidate) {
			Err(place) => drawn.insert(place, candidate),
			// `last` is larger than all that was drawn before.
			Ok(_) => drawn.push(last),
		}
	}
	drawn
}

/// How many blocks after the draw a unit may be shown at the earliest: a number below `spread` (zero
/// where that is zero), so that audits do not all wait for the same block.
pub fn earliest_block_offset(
	randomness: &Hash,
	server: u32,
	epoch: u32,
	unit: u8,
	spread: u32,
) -> u32 {
	number(BLOCK_DOMAIN, randomness, (server, epoch, unit), 0, spread)
}
