//! The segments of the book of an asset: asks that a bid looks at together, or not at all.

use super::queue::{Queue, Rank};
use super::Index;
use crate::{Config, Segments};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{
	Ask, Epoch, HardwareClass, PaymentAsset, Placement, MAX_HARDWARE_CLASSES,
};
use scale_info::TypeInfo;

/// How many classes of terms there are.
pub const TERM_CLASSES: u8 = 4;

/// How many segments the book of an asset has at most.
pub const MAX_SEGMENTS: u32 = MAX_HARDWARE_CLASSES as u32 * TERM_CLASSES as u32;

/// Asks of servers of one hardware class whose longest terms are of one order.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Segment {
	/// The hardware class of the servers.
	pub hardware: HardwareClass,
	/// The class of the longest terms, `0..4`: below 8 epochs, below 64, below 512, or more.
	pub term: u8,
}

impl Segment {
	/// The segment of an ask for a server of class `hardware`.
	pub fn of(hardware: HardwareClass, ask: &Ask) -> Self {
		Self { hardware, term: term_class(ask.max_term) }
	}

	/// Whether asks of the segment may suit a bid with this placement for `epochs` epochs.
	pub fn may_suit<AccountId>(&self, placement: &Placement<AccountId>, epochs: Epoch) -> bool {
		placement.hardware.is_none_or(|class| class == self.hardware)
			&& self.term >= term_class(epochs)
	}
}

/// The class of a longest term. An ask never suits a bid of a higher class.
fn term_class(epochs: Epoch) -> u8 {
	match epochs {
		0..8 => 0,
		8..64 => 1,
		64..512 => 2,
		_ => 3,
	}
}

/// A segment with asks in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct OpenSegment {
	/// Which.
	pub segment: Segment,
	/// The level of its cheapest asks.
	pub best: Rank,
}

/// The segments of an asset that have asks.
pub type OpenSegments = BoundedVec<OpenSegment, ConstU32<MAX_SEGMENTS>>;

impl<T: Config> Index<T> {
	/// Notes that a level was opened in a segment.
	pub fn note_opened(asset: &PaymentAsset, segment: Segment, rank: Rank) {
		Segments::<T>::mutate(asset, |open| {
			match open.iter_mut().find(|known| known.segment == segment) {
				Some(known) => known.best = known.best.min(rank),
				// there are no more segments than there is room
				None => drop(open.try_push(OpenSegment { segment, best: rank })),
			}
		});
	}

	/// Notes that a level of a segment is gone. Where it was the last, the segment closes.
	pub fn note_gone(asset: &PaymentAsset, segment: Segment, rank: Rank) {
		Segments::<T>::mutate_exists(asset, |slot| {
			let Some(open) = slot else { return };
			let Some(known) = open.iter_mut().find(|known| known.segment == segment) else {
				return;
			};
			if known.best != rank {
				return;
			}
			match Self::first_level(&Queue::Asks(asset.clone(), segment)) {
				Some(best) => known.best = best,
				None => open.retain(|known| known.segment != segment),
			}
			if open.is_empty() {
				*slot = None;
			}
		});
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	proptest! {
		#[test]
		fn a_term_that_suits_is_of_a_class_that_may(longest: Epoch, epochs: Epoch) {
			if epochs <= longest {
				prop_assert!(term_class(epochs) <= term_class(longest));
			}
			prop_assert!(term_class(longest) < TERM_CLASSES);
		}
	}
}
