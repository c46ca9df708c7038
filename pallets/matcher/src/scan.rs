//! Which asks suit a bid. Nothing here writes.

use crate::{
	explain::Constraint,
	index::{
		merge::{Merge, Position},
		queue::Rank,
		segment::{OpenSegments, Segment},
	},
	placement::Spread,
	types::{Generation, OrderKey, Progress},
	AskPlaces, Config, Pallet, Segments, Supplies,
};
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	types::units_of, Ask, AskId, BidTerms, Deals, Epoch, EpochClock, Fill, OfferBook, OfferId,
	Placed, Price, Registry, ServerRef, UnitLedger, Units,
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
	/// What the deal has already.
	pub placed: Vec<Placed<AccountId>>,
	/// How many servers may still join it.
	pub servers: u32,
	/// What is not asked for, to see what would be without it.
	pub ignored: Option<Constraint>,
}

impl<AccountId> Wish<'_, AccountId> {
	/// Units that are still wanted.
	pub fn wanted(&self) -> u32 {
		self.terms.units.target.saturating_sub(self.terms.filled)
	}

	/// The least number of units that the next fill must have.
	pub fn needed(&self) -> u32 {
		match self.terms.deal {
			None if !self.ignores(Constraint::Min) => self.terms.units.min.max(1),
			_ => 1,
		}
	}

	/// Whether its time is over in epoch `now`.
	pub fn is_expired(&self, now: Epoch) -> bool {
		self.terms.expiry < now && !self.ignores(Constraint::Expiry)
	}

	/// Whether the constraint is not asked for.
	pub fn ignores(&self, constraint: Constraint) -> bool {
		self.ignored == Some(constraint)
	}

	/// The level of the dearest asks that it may take.
	pub fn last(&self) -> Rank {
		if self.ignores(Constraint::Price) {
			return Rank::MAX.saturating_sub(1);
		}
		OrderKey::last_ask(self.terms.max_price)
	}

	/// Whether the deal, or the one that is to be, lacks groups that are asked for.
	pub fn lacks_groups(&self) -> bool
	where
		AccountId: PartialEq + Clone,
	{
		let spread = Spread::new(self.placed.clone());
		spread.missing(&self.terms.placement, self.ignored, None).most() > 0
	}

	/// Whether asks of the segment may suit.
	pub fn may_suit(&self, segment: &Segment) -> bool {
		let ignored = [Constraint::Hardware, Constraint::Term].iter().any(|c| self.ignores(*c));
		ignored || segment.may_suit(&self.terms.placement, self.epochs)
	}
}

/// What a bid takes of an ask.
pub(crate) struct Taken<AccountId> {
	pub fill: Fill<AccountId>,
	/// Whether it leaves nothing of the ask, for some deals at least, and the server has others.
	pub exposes: bool,
}

/// The fills that a scan has collected, with what the deal has.
pub(crate) struct Basket<AccountId> {
	pub fills: Vec<Fill<AccountId>>,
	/// Whether one of them leaves an ask empty whose server has others.
	pub exposes: bool,
	spread: Spread<AccountId>,
}

impl<AccountId: PartialEq + Clone> Basket<AccountId> {
	pub fn new(wish: &Wish<'_, AccountId>) -> Self {
		Self { fills: Vec::new(), exposes: false, spread: Spread::new(wish.placed.clone()) }
	}

	pub fn put(&mut self, taken: Taken<AccountId>) {
		self.spread.add(&taken.fill);
		self.exposes |= taken.exposes;
		self.fills.push(taken.fill);
	}

	pub fn units(&self) -> u32 {
		units_of(&self.fills)
	}

	pub fn count(&self) -> u32 {
		self.fills.len().try_into().unwrap_or(u32::MAX)
	}

	/// Whether the fills make a match: units enough and groups enough.
	pub fn is_match(&self, wish: &Wish<'_, AccountId>) -> bool {
		self.units() >= wish.needed() && self.has_groups(wish)
	}

	/// Whether a new deal has all its groups; of a running one, whether what it still wants may bring
	/// those that it lacks.
	pub fn has_groups(&self, wish: &Wish<'_, AccountId>) -> bool {
		let later = wish.terms.deal.map_or(0, |_| wish.wanted().saturating_sub(self.units()));
		self.spread.missing(&wish.terms.placement, wish.ignored, None).most() <= later
	}
}

/// Why a bid takes nothing of an ask, or not what was picked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
	/// There is no such ask.
	Unknown,
	/// Its server is part of the deal or of the match, or was.
	Server,
	/// Its terms do not suit, or its server.
	Terms,
	/// Its units are not free, or bids that stand before have not seen them.
	Units,
	/// The caps and the target leave no room, or less.
	Room,
}

/// What a scan found.
pub(crate) struct Scan<T: Config> {
	/// The fills, in the order of the asks.
	pub basket: Basket<T::AccountId>,
	/// Where to go on.
	pub cursor: Option<Position>,
	/// How many asks were looked at, those of the plan included, and pages passed over.
	pub seen: u32,
	/// How many segments it looked into.
	pub lanes: u32,
	/// Whether nothing is lost of what was found before, or the scan began again without it.
	pub whole: bool,
	/// Whether there is no further ask within the bid's price, or no room for one.
	pub exhausted: bool,
	/// Whether the book has no ask at all within the bid's price.
	pub barren: bool,
}

/// What is left of the plan of an unfinished scan.
struct Review<AccountId> {
	/// The fills.
	basket: Basket<AccountId>,
	/// How many asks it took to see that.
	seen: u32,
	/// Whether all of them are what they were.
	kept: bool,
}

impl<T: Config> Pallet<T> {
	/// A bid with the deal's end and the epochs that remain; `None` where no epoch remains, the
	/// deal no longer runs or has had all the servers that it may, or nothing more is wanted.
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
		let placed = terms.deal.map(T::Deals::placed).unwrap_or_default();
		let had = placed.len().try_into().unwrap_or(u32::MAX);
		let servers = T::Deals::most_servers().saturating_sub(had);
		let wish = Wish { terms, sequence, end, epochs, placed, servers, ignored: None };
		(wish.wanted() > 0 && servers > 0).then_some(wish)
	}

	/// Goes on with a scan of the segments that are open, for at most `budget` further asks.
	pub(crate) fn scan(
		wish: &Wish<'_, T::AccountId>,
		open: &OpenSegments,
		progress: &Progress<T>,
		budget: u32,
	) -> Scan<T> {
		let Review { basket, seen, kept } = Self::review(wish, progress);
		// What the plan lost left room for asks that were passed over: the scan begins again. That of a bid that
		// stepped aside comes to its end first.
		let goes_on = kept || progress.aside;
		let cursor = progress.cursor.clone().filter(|_| goes_on);
		let basket = if goes_on { basket } else { Basket::new(wish) };
		let whole = kept || !goes_on;
		let asset = &wish.terms.asset;
		let last = wish.last();
		let barren = open.iter().all(|known| known.best > last);
		let suiting = open.iter().filter(|known| wish.may_suit(&known.segment)).copied();
		let lanes = suiting.clone().count().try_into().unwrap_or(u32::MAX);
		let most = seen.saturating_add(budget);
		let mut asks = Merge::<T>::new(asset, suiting, last, cursor, budget);
		let mut scan = Scan { basket, cursor: None, seen, lanes, whole, exhausted: false, barren };
		loop {
			if !asks.has_next() {
				scan.exhausted = !asks.is_paused();
				break;
			}
			let full = scan.basket.units() >= wish.wanted();
			if full || scan.seen.saturating_add(asks.passed()) >= most {
				break;
			}
			if scan.basket.count() >= wish.servers {
				scan.exhausted = true;
				break;
			}
			if scan.basket.count() >= T::MaxPlan::get() {
				scan.exhausted = !scan.basket.is_match(wish);
				break;
			}
			let Some((key, ask)) = asks.next() else { break };
			scan.seen = scan.seen.saturating_add(1);
			let basket = &scan.basket;
			if let Ok(taken) = Self::consider(wish, progress, basket, ask, key.sequence(), None) {
				scan.basket.put(taken);
			}
		}
		scan.seen = scan.seen.saturating_add(asks.passed());
		scan.cursor = asks.position();
		scan
	}

	/// Looks again at what a scan has found before. It takes what is left, and stops where something is lost unless the
	/// bid is aside.
	fn review(wish: &Wish<'_, T::AccountId>, progress: &Progress<T>) -> Review<T::AccountId> {
		let mut review = Review { basket: Basket::new(wish), seen: 0, kept: true };
		for planned in &progress.plan {
			review.seen = review.seen.saturating_add(1);
			let taken = AskPlaces::<T>::get(planned.ask).and_then(|place| {
				let stood = place.key.sequence();
				Self::consider(wish, progress, &review.basket, planned.ask, stood, None).ok()
			});
			match taken {
				Some(taken) if taken.fill.units == planned.units => review.basket.put(taken),
				_ => review.kept = false,
			}
			if !review.kept && !progress.aside {
				break;
			}
		}
		review
	}

	/// What the bid takes of one ask: the units that somebody `picked`, within the caps, or as many as the
	/// rule gives it. The cheap conditions come first.
	pub(crate) fn consider(
		wish: &Wish<'_, T::AccountId>,
		progress: &Progress<T>,
		basket: &Basket<T::AccountId>,
		id: AskId,
		stood: u64,
		picked: Option<Units>,
	) -> Result<Taken<T::AccountId>, Refusal> {
		ensure!(!progress.skipped.contains(&id), Refusal::Units);
		let ask = T::Registry::ask(id).ok_or(Refusal::Unknown)?;
		ensure!(!basket.spread.has(ask.server), Refusal::Server);
		ensure!(Self::objects_to_ask(wish, &ask).next().is_none(), Refusal::Terms);
		let supply = Supplies::<T>::get(ask.server);
		let supply = supply.filter(|supply| supply.changed <= progress.limit);
		let supply = supply.ok_or(Refusal::Units)?;
		let server = T::Registry::server(ask.server).ok_or(Refusal::Unknown)?;
		ensure!(Self::objects_to_server(wish, &server).next().is_none(), Refusal::Terms);
		let left = wish.wanted().saturating_sub(basket.units());
		let (spread, placement) = (&basket.spread, &wish.terms.placement);
		let room = match picked {
			Some(_) => spread.cap(placement, wish.ignored, &server).min(left),
			None => spread.room(placement, wish.ignored, &server, left),
		};
		ensure!(room > 0, Refusal::Room);
		let free = T::Units::available(ask.server, ask.units, wish.end);
		let units = picked.unwrap_or_else(|| free.units.take(room));
		ensure!(!units.is_empty() && units.is_subset_of(free.units), Refusal::Units);
		ensure!(units.count() <= room, Refusal::Room);
		let price = if stood < wish.sequence { ask.price } else { wish.terms.max_price };
		// Nothing for the longest deals, if not nothing at all.
		let exposes = supply.asks > 1 && free.lasting.is_subset_of(units);
		let fill = Fill {
			ask: id,
			server: ask.server,
			provider: server.provider,
			data_center: server.data_center,
			country: server.location.country,
			units,
			price,
			max_term: ask.max_term,
			tariff: ask.tariff,
		};
		Ok(Taken { fill, exposes })
	}

	/// Why the ask does not suit, as far as its own terms tell.
	pub(crate) fn objects_to_ask<'w>(
		wish: &'w Wish<'_, T::AccountId>,
		ask: &'w Ask,
	) -> impl Iterator<Item = Constraint> + 'w {
		let terms = wish.terms;
		let objections = [
			(Constraint::Price, ask.price > terms.max_price),
			(Constraint::Term, !(ask.min_term..=ask.max_term).contains(&wish.epochs)),
			(Constraint::Tariff, !within(ask.tariff, terms.tariff)),
			(Constraint::Attributes, !terms.attributes.is_subset_of(&ask.attributes)),
		];
		Self::standing(wish, objections)
	}

	/// Why the server does not suit, whatever its ask.
	pub(crate) fn objects_to_server<'w>(
		wish: &'w Wish<'_, T::AccountId>,
		server: &'w ServerRef<T::AccountId>,
	) -> impl Iterator<Item = Constraint> + 'w {
		let placement = &wish.terms.placement;
		let objections = [
			(Constraint::Providers, !placement.providers.admits(&server.provider)),
			(Constraint::Sites, !placement.sites.admit(&server.location, server.tier)),
			(
				Constraint::Hardware,
				placement.hardware.is_some_and(|class| class != server.hardware),
			),
			(Constraint::Attested, !placement.attested.is_subset_of(&server.attested)),
		];
		Self::standing(wish, objections)
	}

	fn standing<'w, const N: usize>(
		wish: &'w Wish<'_, T::AccountId>,
		objections: [(Constraint, bool); N],
	) -> impl Iterator<Item = Constraint> + 'w {
		let objections = objections.into_iter().filter(|(_, objects)| *objects);
		objections.map(|(why, _)| why).filter(|why| !wish.ignores(*why))
	}

	/// What an offer with these terms would get if all supply of the book were open to it; empty where that is less than
	/// its minimum, or its time is over. Looks at [`Config::MaxQuoted`] asks at most, so that the answer is bounded: an
	/// offer may get more than its quote.
	///
	/// In a book at rest it gets no less, if it is posted before anything changes and no fill is refused. In one that is
	/// not, it may get less, or nothing: the quote sees supply that better bids have not seen yet and will take first.
	pub fn quote(terms: &BidTerms<T::AccountId>) -> Vec<Fill<T::AccountId>> {
		Self::quote_without(terms, None)
	}

	/// The same, as if one of the constraints were not asked for.
	pub(crate) fn quote_without(
		terms: &BidTerms<T::AccountId>,
		ignored: Option<Constraint>,
	) -> Vec<Fill<T::AccountId>> {
		let Some(wish) = Self::wish(terms, u64::MAX) else { return Vec::new() };
		let (wish, now) = (Wish { ignored, ..wish }, T::Clock::current());
		if wish.is_expired(now) {
			return Vec::new();
		}
		let all = Progress::begin(Generation::MAX, now);
		let basket =
			Self::scan(&wish, &Segments::<T>::get(&terms.asset), &all, T::MaxQuoted::get()).basket;
		if basket.is_match(&wish) {
			basket.fills
		} else {
			Vec::new()
		}
	}

	/// The terms of an offer that is still open.
	pub(crate) fn terms_of(offer: OfferId) -> Option<BidTerms<T::AccountId>> {
		T::Offers::terms(offer)
	}
}

/// Whether an ask with this tariff may suit a bid with that: who pays for no request takes any.
fn within(tariff: Option<Price>, highest: Option<Price>) -> bool {
	highest.is_none_or(|highest| tariff.is_some_and(|tariff| tariff <= highest))
}
