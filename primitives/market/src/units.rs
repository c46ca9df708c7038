//! Sets of compute units of one server, as a 64-bit mask.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// The most compute units that one server has.
pub const MAX_UNITS: u8 = 64;

/// The place of a compute unit in its server, `0..64`.
pub type UnitIndex = u8;

/// A set of the units of one server: bit `i` stands for unit `i`.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub struct Units(pub u64);

impl Units {
	/// No unit.
	pub const NONE: Self = Self(0);

	/// Units `0..count`; all 64 where `count` is larger.
	pub const fn first(count: u8) -> Self {
		if count >= MAX_UNITS {
			Self(u64::MAX)
		} else {
			Self((1u64 << count) - 1)
		}
	}

	/// The set of one unit; empty where `index` is no unit.
	pub const fn one(index: UnitIndex) -> Self {
		if index >= MAX_UNITS {
			Self::NONE
		} else {
			Self(1u64 << index)
		}
	}

	/// How many units are in the set.
	pub const fn count(self) -> u32 {
		self.0.count_ones()
	}

	/// Whether the set is empty.
	pub const fn is_empty(self) -> bool {
		self.0 == 0
	}

	/// Whether unit `index` is in the set.
	pub const fn contains(self, index: UnitIndex) -> bool {
		!Self::one(index).and(self).is_empty()
	}

	/// Whether every unit of the set is in `other`.
	pub const fn is_subset_of(self, other: Self) -> bool {
		self.0 & !other.0 == 0
	}

	/// Whether the sets share a unit.
	pub const fn overlaps(self, other: Self) -> bool {
		self.0 & other.0 != 0
	}

	/// Units of both sets.
	pub const fn and(self, other: Self) -> Self {
		Self(self.0 & other.0)
	}

	/// Units of either set.
	pub const fn or(self, other: Self) -> Self {
		Self(self.0 | other.0)
	}

	/// Units of this set that are not in `other`.
	pub const fn without(self, other: Self) -> Self {
		Self(self.0 & !other.0)
	}

	/// The `count` units of lowest index, or all where there are fewer.
	pub fn take(self, count: u32) -> Self {
		if count >= self.count() {
			return self;
		}
		self.iter().take(count as usize).fold(Self::NONE, |set, index| set.or(Self::one(index)))
	}

	/// How many units of the set stand before `index`.
	pub const fn rank(self, index: UnitIndex) -> u32 {
		self.and(Self::first(index)).count()
	}

	/// The units from the lowest index to the highest.
	pub fn iter(self) -> impl Iterator<Item = UnitIndex> {
		(0..MAX_UNITS).filter(move |index| self.contains(*index))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::collections::BTreeSet;
	use proptest::prelude::*;

	fn set(units: Units) -> BTreeSet<u8> {
		units.iter().collect()
	}

	#[test]
	fn bounds_hold() {
		assert_eq!(Units::first(0), Units::NONE);
		assert_eq!(Units::first(64), Units(u64::MAX));
		assert_eq!(Units::first(255), Units(u64::MAX));
		assert_eq!(Units::one(64), Units::NONE);
		assert!(Units::one(63).contains(63));
		assert!(!Units(u64::MAX).contains(64));
	}

	proptest! {
		#[test]
		fn masks_behave_as_sets(a: u64, b: u64, n in 0u32..70, i in 0u8..64) {
			let (a, b) = (Units(a), Units(b));
			prop_assert_eq!(set(a.and(b)), &set(a) & &set(b));
			prop_assert_eq!(set(a.or(b)), &set(a) | &set(b));
			prop_assert_eq!(set(a.without(b)), &set(a) - &set(b));
			prop_assert_eq!(a.is_subset_of(b), set(a).is_subset(&set(b)));
			prop_assert_eq!(a.overlaps(b), !set(a).is_disjoint(&set(b)));
			prop_assert_eq!(a.count() as usize, set(a).len());
			prop_assert_eq!(set(a.take(n)), set(a).into_iter().take(n as usize).collect());
			prop_assert_eq!(a.rank(i) as usize, set(a).range(..i).count());
		}
	}
}
