//! A set of small numbers as a bit map.

use codec::{Decode, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Bits of one word.
const WORD: u32 = u64::BITS;

/// A set of numbers below [`SIZE`](Self::SIZE), in one storage value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bits([u64; 16]);

impl Bits {
	/// How many numbers there are.
	pub const SIZE: u32 = 16 * WORD;

	/// Whether no number is in the set.
	pub fn is_empty(&self) -> bool {
		self.0.iter().all(|word| *word == 0)
	}

	/// Whether `number` is in the set.
	pub fn contains(&self, number: u32) -> bool {
		self.first_from(number) == Some(number)
	}

	/// Puts a number into the set; nothing where it is too large.
	pub fn insert(&mut self, number: u32) {
		self.word(number, |word, bit| *word |= bit);
	}

	/// Takes a number out of the set.
	pub fn remove(&mut self, number: u32) {
		self.word(number, |word, bit| *word &= !bit);
	}

	/// The smallest number of the set that is not below `from`.
	pub fn first_from(&self, from: u32) -> Option<u32> {
		let start = from / WORD;
		let words = (0..).step_by(64).zip(self.0.iter()).skip(usize::try_from(start).ok()?);
		let mut mask = u64::MAX.checked_shl(from % WORD)?;
		for (base, word) in words {
			let rest = word & mask;
			if rest != 0 {
				return Some(base | rest.trailing_zeros());
			}
			mask = u64::MAX;
		}
		None
	}

	fn word(&mut self, number: u32, change: impl FnOnce(&mut u64, u64)) {
		let index = usize::try_from(number / WORD).unwrap_or(usize::MAX);
		if let Some(word) = self.0.get_mut(index) {
			change(word, 1u64 << (number % WORD));
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::{collection::btree_set, prelude::*};

	proptest! {
		#[test]
		fn bits_behave_as_a_set(
			numbers in btree_set(0..Bits::SIZE, 0..40),
			gone in btree_set(0..Bits::SIZE, 0..40),
			from in 0..Bits::SIZE + 2,
		) {
			let mut bits = Bits::default();
			prop_assert!(bits.is_empty());
			numbers.iter().for_each(|number| bits.insert(*number));
			gone.iter().for_each(|number| bits.remove(*number));
			let left = &numbers - &gone;
			prop_assert_eq!(bits.is_empty(), left.is_empty());
			prop_assert_eq!(bits.contains(from), left.contains(&from));
			prop_assert_eq!(bits.first_from(from), left.range(from..).next().copied());
		}
	}

	#[test]
	fn numbers_that_are_too_large_are_in_no_set() {
		let mut bits = Bits::default();
		bits.insert(Bits::SIZE);
		bits.insert(u32::MAX);
		assert!(bits.is_empty());
		assert_eq!(bits.first_from(u32::MAX), None);
	}
}
