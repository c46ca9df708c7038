//! Money and time as pure functions. Everything is checked; payouts round down, charges up.

use crate::types::{Balance, Epoch, Price};
use sp_runtime::{ArithmeticError, Perbill};

/// What `units` units cost at `price` for `epochs` epochs.
///
/// # Errors
/// [`ArithmeticError::Overflow`] where the product exceeds 128 bits.
pub fn cost(units: u32, price: Price, epochs: Epoch) -> Result<Balance, ArithmeticError> {
	payable(u64::from(units), price)?
		.checked_mul(Balance::from(epochs))
		.ok_or(ArithmeticError::Overflow)
}

/// What `unit_epochs` unit-epochs earn at `price`.
///
/// # Errors
/// [`ArithmeticError::Overflow`] where the product exceeds 128 bits.
pub fn payable(unit_epochs: u64, price: Price) -> Result<Balance, ArithmeticError> {
	price.checked_mul(Balance::from(unit_epochs)).ok_or(ArithmeticError::Overflow)
}

/// `amount * part / whole`, rounded down, without overflow in between. Zero where `whole` is zero.
pub fn share_of(amount: Balance, part: Balance, whole: Balance) -> Balance {
	use sp_runtime::{helpers_128bit::multiply_by_rational_with_rounding, Rounding};
	if whole == 0 {
		return 0;
	}
	multiply_by_rational_with_rounding(amount, part, whole, Rounding::Down).unwrap_or(0)
}

/// Splits `amount` into a share for one side, rounded down, and the rest.
pub fn split(amount: Balance, share: Perbill) -> (Balance, Balance) {
	let part = share.mul_floor(amount);
	(part, amount.saturating_sub(part))
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn overflow_is_an_error() {
		assert_eq!(cost(2, u128::MAX, 1), Err(ArithmeticError::Overflow));
		assert_eq!(cost(1, u128::MAX, 2), Err(ArithmeticError::Overflow));
		assert_eq!(cost(0, u128::MAX, 2), Ok(0));
		assert_eq!(cost(3, 5, 7), Ok(105));
	}

	#[test]
	fn a_share_of_nothing_is_nothing() {
		assert_eq!(share_of(10, 1, 0), 0);
		assert_eq!(share_of(u128::MAX, 1, 2), u128::MAX / 2);
		assert_eq!(share_of(10, 1, 3), 3);
	}

	proptest! {
		#[test]
		fn shares_never_exceed_the_whole(amount: u128, a in 0u128..1 << 100, b in 0u128..1 << 100) {
			let whole = a + b;
			let (left, right) = (share_of(amount, a, whole), share_of(amount, b, whole));
			prop_assert!(left.checked_add(right).is_some_and(|sum| sum <= amount));
		}

		#[test]
		fn a_split_is_exact(amount: u128, parts in 0u32..=1_000_000_000) {
			let (part, rest) = split(amount, Perbill::from_parts(parts));
			prop_assert_eq!(part + rest, amount);
		}
	}
}
