//! Which asks suit a bid. Nothing here writes.

use crate::{
	types::{Generation, OrderKey, Progress},
	AskPlaces, Asks, Config, Pallet, Supplies,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use marketplace_primitives::{
	types::units_of, Ask, AskId, BidTerms, Deals, Epoch, EpochClock, Fill, OfferBook, OfferId,
	Registry, ServerId, UnitLedger,
};

/// A bid as the scan looks at it.
pub(crate) struct Wish<'a, AccountId> {
	/// What the developer offered.
	pub terms: &'a BidTerms<AccountId>,
	/// When the bid took its place.
	pub sequence: u64,
	/// The epoch with whose start the deal ends.
	pub end: Epoch,
	/// How many epochs a unit that is matched now serves at most.
	pub epochs: Epoch,
}

impl<'a, AccountId> Wish<'a, AccountId> {
	/// Units that are still wanted.
	pub fn wanted(&self) -> u32 {
		self.terms.units.target.saturating_sub(self.terms.filled)
	}

	/// The least number of units that the next fill must have.
	pub fn needed(&self) -> u32 {
		match self.terms.deal {
			Some(_) => 1,
			None => self.terms.units.min.max(1),
		}
	}
}

/// The fills that a scan has collected.
pub(crate) struct Basket<AccountId> {
	pub fills: Vec<Fill<AccountId>>,
}

impl<AccountId> Default for Basket<AccountId> {
	fn default() -> Self {
		Self { fills: Vec::new() }
	}
}

impl<AccountId: PartialEq> Basket<AccountId> {
	pub fn units(&self) -> u32 {
		units_of(&self.fills)
	}

	pub fn count(&self) -> u32 {
		self.fills.len().try_into().unwrap_or(u32::MAX)
	}

	fn has_server(&self, server: ServerId) -> bool {
		self.fills.iter().any(|fill| fill.server == server)
	}

	fn units_of_provider(&self, provider: &AccountId) -> u32 {
		self.fills
			.iter()
			.filter(|fill| fill.provider == *provider)
			.map(|fill| fill.units.count())
			.sum()
	}
}

/// What a scan found.
pub(crate) struct Scan<T: Config> {
	/// The fills, in the order of the asks.
	pub basket: Basket<T::AccountId>,
	/// Where to go on.
	pub cursor: Option<OrderKey>,
	/// How many asks were looked at, those of the plan included.
	pub seen: u32,
	/// Whether there is no further ask within the bid's price, or no room for one.
	pub exhausted: bool,
	/// Whether the book has no ask at all within the bid's price.
	pub barren: bool,
}

impl<T: Config> Pallet<T> {
	/// A bid with the deal's end and the epochs that remain; `None` where no epoch remains, the
	/// deal no longer runs, or nothing more is wanted.
	pub(crate) fn wish(
		terms: &BidTerms<T::AccountId>,
		sequence: u64,
	) -> Option<Wish<'_, T::AccountId>> {
		let first = T::Clock::current().saturating_add(1);
		let end = match terms.deal {
			Some(deal) => T::Deals::end(deal)?,
			None => first.checked_add(terms.term)?,
		};
		let epochs = end.checked_sub(first).filter(|epochs| *epochs > 0)?;
		let wish = Wish { terms, sequence, end, epochs };
		(wish.wanted() > 0).then_some(wish)
	}

	/// Goes on with a scan for at most `budget` further asks.
	pub(crate) fn scan(
		wish: &Wish<'_, T::AccountId>,
		progress: &Progress<T>,
		budget: u32,
	) -> Scan<T> {
		let (basket, seen) = Self::review(wish, progress);
		// What the plan lost left room for asks that were passed over: the scan begins again.
		let cursor = basket.as_ref().and(progress.cursor);
		let basket = basket.unwrap_or_default();
		let asset = &wish.terms.asset;
		let asks = match cursor {
			Some(key) => Asks::<T>::iter_prefix_from(asset, Asks::<T>::hashed_key_for(asset, key)),
			None => Asks::<T>::iter_prefix(asset),
		};
		let barren = cursor.is_none();
		let mut scan = Scan { basket, cursor, seen, exhausted: true, barren };
		let most = seen.saturating_add(budget);
		for (key, ask) in asks {
			if key.ask_price() > wish.terms.max_price {
				break;
			}
			scan.barren = false;
			if scan.basket.units() >= wish.wanted() || scan.seen >= most {
				scan.exhausted = false;
				break;
			}
			if scan.basket.count() >= T::MaxPlan::get() {
				scan.exhausted = scan.basket.units() < wish.needed();
				break;
			}
			scan.seen = scan.seen.saturating_add(1);
			scan.cursor = Some(key);
			let fill = Self::consider(wish, progress, &scan.basket, ask, key.sequence());
			scan.basket.fills.extend(fill);
		}
		scan
	}

	/// The fills that a scan has found before, and how many asks that took to see; none where one of
	/// them is no longer what it was.
	fn review(
		wish: &Wish<'_, T::AccountId>,
		progress: &Progress<T>,
	) -> (Option<Basket<T::AccountId>>, u32) {
		let mut basket = Basket::default();
		let mut seen = 0u32;
		for planned in &progress.plan {
			seen = seen.saturating_add(1);
			let fill = AskPlaces::<T>::get(planned.ask).and_then(|place| {
				Self::consider(wish, progress, &basket, planned.ask, place.key.sequence())
			});
			match fill {
				Some(fill) if fill.units == planned.units => basket.fills.push(fill),
				_ => return (None, seen),
			}
		}
		(Some(basket), seen)
	}

	/// What the bid takes of one ask, if anything. The cheap conditions come first.
	fn consider(
		wish: &Wish<'_, T::AccountId>,
		progress: &Progress<T>,
		basket: &Basket<T::AccountId>,
		id: AskId,
		stood: u64,
	) -> Option<Fill<T::AccountId>> {
		if progress.skipped.contains(&id) {
			return None;
		}
		let terms = wish.terms;
		let ask = T::Registry::ask(id)?;
		if !Self::suits(wish, &ask)
			|| basket.has_server(ask.server)
			|| !Self::is_visible(ask.server, progress.limit)
		{
			return None;
		}
		let provider = T::Registry::server(ask.server)?.provider;
		if !terms.placement.providers.admits(&provider)
			|| terms.deal.is_some_and(|deal| T::Deals::has_server(deal, ask.server))
		{
			return None;
		}
		let room = wish
			.wanted()
			.saturating_sub(basket.units())
			.min(Self::room_of(terms, basket, &provider));
		let units = T::Units::available(ask.server, wish.end).and(ask.units).take(room);
		if units.is_empty() {
			return None;
		}
		let price = if stood < wish.sequence { ask.price } else { terms.max_price };
		Some(Fill { ask: id, server: ask.server, provider, units, price })
	}

	fn suits(wish: &Wish<'_, T::AccountId>, ask: &Ask) -> bool {
		let terms = wish.terms;
		ask.asset == terms.asset
			&& ask.price <= terms.max_price
			&& (ask.min_term..=ask.max_term).contains(&wish.epochs)
			&& terms.attributes.is_subset_of(&ask.attributes)
	}

	fn is_visible(server: ServerId, limit: Generation) -> bool {
		Supplies::<T>::get(server).is_some_and(|supply| supply.changed <= limit)
	}

	/// How many further units of `provider` the bid's cap allows.
	fn room_of(
		terms: &BidTerms<T::AccountId>,
		basket: &Basket<T::AccountId>,
		provider: &T::AccountId,
	) -> u32 {
		let Some(cap) = terms.placement.max_per_provider else { return u32::MAX };
		let held = terms.deal.map_or(0, |deal| T::Deals::units_of_provider(deal, provider));
		cap.saturating_sub(held).saturating_sub(basket.units_of_provider(provider))
	}

	/// What an offer with these terms would get if it were posted now; empty where that is less than
	/// its minimum. Looks at [`Config::MaxQuoted`] asks at most, so that the answer is bounded: an
	/// offer may get more than its quote, never less while nothing else changes.
	pub fn quote(terms: &BidTerms<T::AccountId>) -> Vec<Fill<T::AccountId>> {
		let Some(wish) = Self::wish(terms, u64::MAX) else { return Vec::new() };
		let all = Progress::begin(Generation::MAX, T::Clock::current());
		let fills = Self::scan(&wish, &all, T::MaxQuoted::get()).basket.fills;
		if units_of(&fills) < wish.needed() {
			return Vec::new();
		}
		fills
	}

	/// The terms of an offer that is still open.
	pub(crate) fn terms_of(offer: OfferId) -> Option<BidTerms<T::AccountId>> {
		T::Offers::terms(offer)
	}
}
