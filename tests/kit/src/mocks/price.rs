use super::state;
use marketplace_primitives::{Balance, FltValue, PaymentAsset, PriceFeed, Usd};

/// A price of FLT and the values of assets in memory. Nothing is known at first.
pub struct MockPrice;

/// Its state.
#[derive(Default)]
pub struct PriceState {
	price: Option<Usd>,
	rates: Vec<(PaymentAsset, Balance)>,
}

state!(MockPrice, PriceState, PRICE);

impl MockPrice {
	/// FLT costs `price`, or nobody knows.
	pub fn set_price(price: Option<Usd>) {
		Self::with(|state| state.price = price);
	}

	/// A plank of `asset` is worth `rate` planks of FLT, or nobody knows.
	pub fn set_rate(asset: PaymentAsset, rate: Option<Balance>) {
		Self::with(|state| {
			state.rates.retain(|(other, _)| *other != asset);
			state.rates.extend(rate.map(|rate| (asset, rate)));
		});
	}
}

impl PriceFeed for MockPrice {
	fn flt_price() -> Option<Usd> {
		Self::with(|state| state.price)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(price: Usd) {
		Self::set_price(Some(price));
	}
}

impl FltValue for MockPrice {
	fn in_flt(asset: &PaymentAsset, amount: Balance) -> Option<Balance> {
		let rate = |(other, rate): &(_, _)| (other == asset).then_some(*rate);
		Self::with(|state| state.rates.iter().find_map(rate)?.checked_mul(amount))
	}
}
