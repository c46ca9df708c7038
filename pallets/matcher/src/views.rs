//! What clients read.

use crate::{types::OrderKey, Asks, Bids, Book, Config, Pallet, PAGE};
use alloc::vec::Vec;
use marketplace_primitives::{AskId, EpochClock, OfferId, PaymentAsset, Price};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_best_ask(asset: &PaymentAsset) -> Option<(AskId, Price)> {
		Asks::<T>::iter_prefix(asset).next().map(|(key, ask)| (ask, key.ask_price()))
	}

	pub(crate) fn view_best_bid(asset: &PaymentAsset) -> Option<(OfferId, Price)> {
		Bids::<T>::iter_prefix(asset).next().map(|(key, bid)| (bid, key.bid_price()))
	}

	pub(crate) fn view_asks(
		asset: &PaymentAsset,
		after: Option<OrderKey>,
	) -> Vec<(OrderKey, AskId)> {
		let asks = match after {
			Some(key) => Asks::<T>::iter_prefix_from(asset, Asks::<T>::hashed_key_for(asset, key)),
			None => Asks::<T>::iter_prefix(asset),
		};
		asks.take(PAGE).collect()
	}

	pub(crate) fn view_bids(
		asset: &PaymentAsset,
		after: Option<OrderKey>,
	) -> Vec<(OrderKey, OfferId)> {
		let bids = match after {
			Some(key) => Bids::<T>::iter_prefix_from(asset, Bids::<T>::hashed_key_for(asset, key)),
			None => Bids::<T>::iter_prefix(asset),
		};
		bids.take(PAGE).collect()
	}

	pub(crate) fn view_is_quiet() -> bool {
		Book::<T>::get().is_quiet(T::Clock::current())
	}
}
