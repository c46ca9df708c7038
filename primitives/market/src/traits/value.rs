//! What things are worth.

use crate::types::{Balance, PaymentAsset, Usd};

/// What FLT is worth. Given by the runtime's oracle.
pub trait PriceFeed {
	/// USD per FLT, or `None` while no fresh price is known.
	fn flt_price() -> Option<Usd>;

	/// Feeds a fresh price, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(price: Usd);
}

/// What payment assets are worth. Given by the runtime.
pub trait FltValue {
	/// `amount` of `asset` in planks of FLT, rounded down, or `None` where its value is not known.
	fn in_flt(asset: &PaymentAsset, amount: Balance) -> Option<Balance>;
}
