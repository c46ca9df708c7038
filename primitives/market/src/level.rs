//! Price levels: the ticks of the order book.
//!
//! A price has at most four significant digits, as 0.0625 or 1,204 has, so that the book has a bounded number of
//! levels: 9,000 for each power of ten. One tick is between 0.01 % and 0.1 % of the price.

use crate::Price;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The least number of four digits.
const FIRST: Price = 1_000;

/// How many numbers of four digits there are.
const PER_DECADE: u32 = 9_000;

/// A price as its place among all prices that the book knows: levels are in order as prices are.
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
pub struct PriceLevel(u32);

impl PriceLevel {
	/// How many levels there are: 39 powers of ten fit into 128 bits.
	pub const COUNT: u32 = 39 * PER_DECADE;

	/// The level of a price; `None` for zero and where the price has more than four significant digits.
	pub fn of(price: Price) -> Option<Self> {
		let decade = price.checked_ilog10()?;
		let digits = match decade.checked_sub(3) {
			Some(surplus) => {
				let unit = 10u128.checked_pow(surplus)?;
				price.is_multiple_of(unit).then_some(price / unit)?
			},
			None => price.checked_mul(10u128.checked_pow(3u32.checked_sub(decade)?)?)?,
		};
		let place = u32::try_from(digits.checked_sub(FIRST)?).ok()?;
		Some(Self(decade.checked_mul(PER_DECADE)?.checked_add(place)?))
	}

	/// The highest level whose price is not above `price`; `None` for zero.
	pub fn at_most(price: Price) -> Option<Self> {
		let surplus = price.checked_ilog10()?.saturating_sub(3);
		let unit = 10u128.checked_pow(surplus)?;
		Self::of(price.checked_sub(price % unit)?)
	}

	/// The price of the level, rounded up where it has no whole one; the highest of all where there is no such
	/// level.
	pub fn price(self) -> Price {
		let decade = self.0 / PER_DECADE;
		let digits = FIRST.saturating_add(Price::from(self.0 % PER_DECADE));
		let price = match decade.checked_sub(3) {
			Some(zeros) => 10u128.checked_pow(zeros).and_then(|unit| digits.checked_mul(unit)),
			None => {
				let unit = 10u128.checked_pow(3u32.saturating_sub(decade));
				unit.map(|unit| digits.div_ceil(unit))
			},
		};
		price.unwrap_or(Price::MAX)
	}

	/// The level of a number, which is less than [`COUNT`](Self::COUNT).
	pub const fn from_index(index: u32) -> Self {
		Self(index)
	}

	/// The number of the level, less than [`COUNT`](Self::COUNT).
	pub const fn index(self) -> u32 {
		self.0
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn small_prices_all_have_a_level() {
		assert_eq!(PriceLevel::of(0), None);
		let levels = (1..10_000).map(|price| PriceLevel::of(price).expect("four digits"));
		assert!(levels.is_sorted_by(|a, b| a < b));
	}

	#[test]
	fn the_last_level_is_the_last_of_128_bits() {
		let last = 340_200_000_000_000_000_000_000_000_000_000_000_000u128;
		assert_eq!(PriceLevel::of(last), Some(PriceLevel(38 * 9_000 + 2_402)));
		assert_eq!(PriceLevel::at_most(u128::MAX), PriceLevel::of(last));
		assert!(PriceLevel::at_most(u128::MAX).expect("above zero").index() < PriceLevel::COUNT);
	}

	#[test]
	fn five_digits_are_too_many() {
		for price in [10_001, 123_450, 1_000_010] {
			assert_eq!(PriceLevel::of(price), None);
		}
		assert_eq!(PriceLevel::at_most(10_001), PriceLevel::of(10_000));
	}

	/// Prices that have a level.
	fn on_tick() -> impl Strategy<Value = Price> {
		(1u128..10_000, 0u32..35).prop_map(|(digits, zeros)| digits * 10u128.pow(zeros))
	}

	proptest! {
		#[test]
		fn levels_are_in_order_as_prices_are(a in on_tick(), b in on_tick()) {
			let (left, right) = (PriceLevel::of(a), PriceLevel::of(b));
			prop_assert!(left.is_some() && right.is_some());
			prop_assert_eq!(a.cmp(&b), left.cmp(&right));
			prop_assert_eq!(left.map(PriceLevel::price), Some(a));
			let index = left.map_or(0, PriceLevel::index);
			prop_assert_eq!(left, Some(PriceLevel::from_index(index)));
		}

		#[test]
		fn the_level_below_is_the_next(price in 1u128.., tick in on_tick()) {
			let level = PriceLevel::at_most(price).expect("above zero");
			prop_assert_eq!(PriceLevel::of(tick) <= Some(level), tick <= price);
		}
	}
}
