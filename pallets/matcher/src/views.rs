//! What clients read.

use crate::{
	index::{
		merge::{Merge, Position},
		queue::Queue,
		Index,
	},
	types::OrderKey,
	AskPlaces, BidPlaces, Book, Config, Pallet, Segments, PAGE,
};
use alloc::vec::Vec;
use frame_support::BoundedVec;
use marketplace_primitives::{
	api::{BookAsk, BookBid, BookPage, QuoteFill},
	AskId, BidTerms, Deals, EpochClock, OfferBook, OfferId, PaymentAsset, Price, Registry,
	UnitLedger,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_best_ask(asset: &PaymentAsset) -> Option<(AskId, Price)> {
		Self::asks_from(asset, None).next().map(|(key, ask)| (ask, key.ask_price()))
	}

	pub(crate) fn view_best_bid(asset: &PaymentAsset) -> Option<(OfferId, Price)> {
		Self::bids_from(asset, None).next().map(|(key, bid)| (bid, key.bid_price()))
	}

	/// What [`quote`](Self::quote) gives, with where it stands.
	pub fn quote_fills(terms: &BidTerms<T::AccountId>) -> Vec<QuoteFill<T::AccountId>> {
		let fills = Self::quote(terms).into_iter();
		let shown = fills.filter_map(|fill| {
			let tier = T::Registry::server(fill.server)?.tier;
			Some(QuoteFill {
				server: fill.server,
				provider: fill.provider,
				data_center: fill.data_center,
				country: fill.country,
				tier,
				units: fill.units,
				price: fill.price,
				tariff: fill.tariff,
			})
		});
		shown.collect()
	}

	/// A page of the book, from behind the given orders on; from the best one on where they do not stand.
	pub fn page(
		asset: &PaymentAsset,
		after_ask: Option<AskId>,
		after_bid: Option<OfferId>,
	) -> BookPage {
		let asks = Self::asks_from(asset, after_ask).take(PAGE);
		let bids = Self::bids_from(asset, after_bid).take(PAGE);
		BookPage {
			asks: asks.filter_map(|(key, id)| Self::show_ask(key, id)).collect(),
			bids: bids.filter_map(|(key, id)| Self::show_bid(key, id)).collect(),
		}
	}

	/// The asks of an asset, best first, from behind `after` on.
	pub(crate) fn asks_from(
		asset: &PaymentAsset,
		after: Option<AskId>,
	) -> impl Iterator<Item = (OrderKey, AskId)> {
		let place = after.and_then(AskPlaces::<T>::get).filter(|place| place.asset() == asset);
		let from = place.map(|place| Position { key: place.key, marks: BoundedVec::new() });
		Merge::<T>::new(asset, Segments::<T>::get(asset), u32::MAX - 1, from, u32::MAX)
	}

	/// The bids of an asset, best first, from behind `after` on.
	pub(crate) fn bids_from(
		asset: &PaymentAsset,
		after: Option<OfferId>,
	) -> impl Iterator<Item = (OrderKey, OfferId)> {
		let queue = Queue::Bids(asset.clone());
		let place = after.and_then(BidPlaces::<T>::get).filter(|place| place.queue == queue);
		let mut at = place.map_or((OrderKey::FIRST, None), |place| (place.key, Some(place.page)));
		core::iter::from_fn(move || {
			let (key, page, id) = Index::<T>::after(&queue, at.0, at.1)?;
			at = (key, Some(page));
			Some((key, OfferId(id)))
		})
	}

	fn show_ask(key: OrderKey, id: AskId) -> Option<BookAsk> {
		let ask = T::Registry::ask(id)?;
		// A deal made now serves from the next epoch on.
		let end = T::Clock::current().saturating_add(1).saturating_add(ask.min_term);
		Some(BookAsk {
			ask: id,
			server: ask.server,
			units: T::Units::available(ask.server, ask.units, end).units,
			price: ask.price,
			min_term: ask.min_term,
			max_term: ask.max_term,
			tariff: ask.tariff,
			sequence: key.sequence(),
		})
	}

	fn show_bid(key: OrderKey, id: OfferId) -> Option<BookBid> {
		let terms = T::Offers::terms(id)?;
		let first = T::Clock::current().saturating_add(1);
		let end = terms.deal.and_then(T::Deals::end);
		Some(BookBid {
			offer: id,
			units: terms.units.target.saturating_sub(terms.filled),
			min: if terms.deal.is_some() { 1 } else { terms.units.min },
			price: terms.max_price,
			term: end.map_or(terms.term, |end| end.saturating_sub(first)),
			sequence: key.sequence(),
		})
	}

	pub(crate) fn view_is_quiet() -> bool {
		Book::<T>::get().is_quiet(T::Clock::current())
	}
}
