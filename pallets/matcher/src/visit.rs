//! One visit of a bid: look at a few asks, fill what they make, keep the rest for the next visit.

use crate::{
	bid::Bid,
	index::segment::MAX_SEGMENTS,
	scan::{Basket, Scan, Wish},
	types::{Pass, Planned, Point, Progress, Turn},
	Book, Config, Event, Pallet, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{storage::with_storage_layer, traits::Get, weights::Weight, BoundedVec};
use marketplace_primitives::{
	types::units_of, AskId, BidTerms, DealId, Deals, EpochClock, Fill, Filled, OfferBook, OfferId,
};
use sp_runtime::DispatchError;

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
	/// The bid has seen every ask that is open to it, or is gone.
	Complete,
	/// As above, and no ask of its asset is cheap enough for it, nor for the bids behind it.
	Barren,
	/// As the first, and bids that stand before it may find more than they did.
	Exposed,
	/// There is more to look at, and the bid goes on.
	Unfinished,
	/// There is more to look at, and others go on first.
	Aside,
}

impl End {
	/// How the last visit of a bid ends.
	pub fn of<T: Config>(progress: &Progress<T>) -> Self {
		if progress.exposed {
			Self::Exposed
		} else {
			Self::Complete
		}
	}
}

/// How a visit ended and what it cost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Visit {
	pub end: End,
	pub weight: Weight,
	/// How many asks it looked at.
	pub seen: u32,
	/// Whether it made a match or dropped an expired bid.
	pub fruitful: bool,
}

impl Visit {
	/// A visit that found nothing.
	fn fruitless(end: End, weight: Weight) -> Self {
		Self { end, weight, seen: 0, fruitful: false }
	}

	/// A visit that changed the market.
	fn fruitful(end: End, weight: Weight) -> Self {
		Self { end, weight, seen: 0, fruitful: true }
	}
}

impl<T: Config> Pallet<T> {
	/// What a visit of a bid costs at most that looks at `candidates` further asks.
	pub(crate) fn visit_weight(bid: &Bid<T>, candidates: u32) -> Weight {
		let asks = bid.progress.planned().saturating_add(candidates);
		let servers = asks.min(T::MaxPlan::get());
		let looks = Self::looks(asks, bid.lanes());
		looks
			.saturating_add(Self::most_fills(servers, bid.progress.single))
			.max(T::WeightInfo::drop_expired())
	}

	/// What it costs to look at `seen` asks of `lanes` segments.
	fn looks(seen: u32, lanes: u32) -> Weight {
		if seen == 0 {
			return T::WeightInfo::visit_none(lanes);
		}
		let one = T::WeightInfo::visit_segments(1);
		let others = T::WeightInfo::visit_segments(lanes).saturating_sub(one);
		T::WeightInfo::visit(seen).saturating_add(others)
	}

	/// What it costs at most to fill `servers` asks, together or one by one, and to note it.
	pub(crate) fn most_fills(servers: u32, single: bool) -> Weight {
		let fills = match (servers, single) {
			(0, _) => return Weight::zero(),
			(_, true) => T::Deals::fill_weight(1).saturating_mul(servers.into()),
			(_, false) => T::Deals::fill_weight(servers),
		};
		fills.saturating_add(T::WeightInfo::matched())
	}

	/// Visits a bid and notes whether it needs another visit.
	pub(crate) fn visit(bid: Bid<T>, candidates: u32) -> Visit {
		let Bid { turn, terms, open, mut progress } = bid;
		let (offer, place) = (turn.offer, &turn.place);
		let end = End::of(&progress);
		let Some(terms) = terms else {
			Self::remove_bid(offer);
			return Visit::fruitless(end, T::WeightInfo::drop_expired());
		};
		if terms.expiry < T::Clock::current() {
			T::Offers::expire(offer);
			Self::remove_bid(offer);
			return Visit::fruitful(end, T::WeightInfo::drop_expired());
		}
		let Some(wish) = Self::wish(&terms, place.key.sequence()) else {
			Self::complete(&turn);
			return Visit::fruitless(end, T::WeightInfo::visit_none(0));
		};
		let scan = Self::scan(&wish, &open, &progress, candidates);
		progress.whole &= scan.whole;
		// Visits beside the pass are not at the cost of those that stand behind a bid that is aside.
		if turn.in_pass || !progress.aside {
			progress.looked = progress.looked.saturating_add(scan.seen);
		}
		let seen = scan.seen;
		let visit = if scan.basket.is_match(&wish) {
			Self::make_match(&turn, &wish, progress, scan)
		} else {
			Self::go_on(&turn, progress, scan)
		};
		Visit { seen, ..visit }
	}

	/// Keeps what a scan found that is no match yet, or ends the visits of the bid where there is no more to
	/// look at.
	fn go_on(turn: &Turn, mut progress: Progress<T>, scan: Scan<T>) -> Visit {
		let weight = Self::looks(scan.seen, scan.lanes);
		if scan.exhausted {
			let end = match Self::finish(turn, progress) {
				End::Complete if scan.barren => End::Barren,
				end => end,
			};
			return Visit::fruitless(end, weight);
		}
		let plan = scan.basket.fills.iter();
		let plan = plan.map(|fill| Planned { ask: fill.ask, units: fill.units });
		progress.plan = BoundedVec::truncate_from(plan.collect());
		progress.cursor = scan.cursor;
		Visit::fruitless(Self::unfinished(turn, progress), weight)
	}

	/// Makes the match that a scan found. Where that is refused, the bid looks again.
	fn make_match(
		turn: &Turn,
		wish: &Wish<'_, T::AccountId>,
		mut progress: Progress<T>,
		scan: Scan<T>,
	) -> Visit {
		let offer = turn.offer;
		let most = Self::most_fills(scan.basket.count(), progress.single);
		let filled = Self::fill(offer, wish, &mut progress, &scan.basket);
		let made = filled.is_some();
		let fills = filled.map_or(most, |filled| filled.saturating_add(T::WeightInfo::matched()));
		let weight = Self::looks(scan.seen, scan.lanes).saturating_add(fills);
		if made && scan.basket.units() >= wish.wanted() {
			Self::remove_bid(offer);
			return Visit::fruitful(End::of(&progress), weight);
		}
		// The room that it kept for groups is there for others now: it looks again at what it passed over.
		let kept_room = made && wish.lacks_groups();
		if made {
			progress.cursor = scan.cursor.filter(|_| !kept_room);
			progress.plan = Default::default();
		}
		let end = if progress.is_out_of_skips() || (made && scan.exhausted && !kept_room) {
			Self::finish(turn, progress)
		} else {
			Self::unfinished(turn, progress)
		};
		Visit { end, weight, seen: 0, fruitful: made }
	}

	/// Makes the fills, all together or, if that was refused before, one by one. Returns what that cost if they were
	/// made; if not, the bid must look again at asks that it has seen, since a refusal left room.
	fn fill(
		offer: OfferId,
		wish: &Wish<'_, T::AccountId>,
		progress: &mut Progress<T>,
		basket: &Basket<T::AccountId>,
	) -> Option<Weight> {
		if progress.single {
			return Self::fill_singly(offer, wish, progress, basket);
		}
		match with_storage_layer(|| T::Deals::fill(offer, wish.terms, &basket.fills)) {
			Ok(Filled { deal, weight }) => {
				Self::matched(offer, deal, wish, progress, basket);
				Some(weight)
			},
			Err(error) => {
				log::debug!(target: crate::LOG_TARGET, "fill of {offer:?} refused: {error:?}");
				progress.single = true;
				None
			},
		}
	}

	/// Makes the fills one by one. Where one is refused all are taken back, and the bid looks again
	/// without those that were refused, since they took room from others.
	fn fill_singly(
		offer: OfferId,
		wish: &Wish<'_, T::AccountId>,
		progress: &mut Progress<T>,
		basket: &Basket<T::AccountId>,
	) -> Option<Weight> {
		progress.single = false;
		let mut refused = Vec::new();
		let made = with_storage_layer(|| {
			let made = Self::try_each(offer, wish.terms.clone(), &basket.fills, &mut refused);
			match refused.first() {
				Some((_, reason)) => Err(*reason),
				None => made.ok_or(DispatchError::Unavailable),
			}
		});
		match made {
			Ok(Filled { deal, weight }) => {
				Self::matched(offer, deal, wish, progress, basket);
				return Some(weight);
			},
			Err(reason) => {
				log::debug!(target: crate::LOG_TARGET, "fills of {offer:?} undone: {reason:?}");
			},
		}
		for (ask, reason) in refused {
			if progress.skipped.try_push(ask).is_ok() {
				Self::deposit_event(Event::CandidateSkipped { offer, ask, reason });
			}
		}
		progress.cursor = None;
		progress.plan = Default::default();
		None
	}

	/// Makes what can be made of the fills, one by one, and notes what is refused. Returns the deal, with what
	/// all that were made cost.
	fn try_each(
		offer: OfferId,
		mut terms: BidTerms<T::AccountId>,
		fills: &[Fill<T::AccountId>],
		refused: &mut Vec<(AskId, DispatchError)>,
	) -> Option<Filled> {
		let mut spent = Weight::zero();
		for fill in fills {
			let one = core::slice::from_ref(fill);
			match with_storage_layer(|| T::Deals::fill(offer, &terms, one)) {
				Ok(Filled { deal, weight }) => {
					spent.saturating_accrue(weight);
					// as the offer is now
					terms.deal = Some(deal);
					terms.filled = terms.filled.saturating_add(units_of(one));
				},
				Err(reason) => refused.push((fill.ask, reason)),
			}
		}
		terms.deal.map(|deal| Filled { deal, weight: spent })
	}

	/// Says that fills were made, and notes whether one of them left an ask empty whose server has
	/// others. A deal takes a server once, at its best ask; so a bid may want the others when the best
	/// is empty, and only then.
	pub(crate) fn matched(
		offer: OfferId,
		deal: DealId,
		wish: &Wish<'_, T::AccountId>,
		progress: &mut Progress<T>,
		basket: &Basket<T::AccountId>,
	) {
		let (units, servers) = (basket.units(), basket.count());
		Self::deposit_event(Event::Matched { offer, deal, units, servers });
		Self::no_longer_picky(offer, &wish.terms.asset);
		Self::note_loss(&wish.terms.asset);
		progress.exposed |= basket.exposes;
	}

	/// A visit of the bid whose turn it is.
	pub(crate) fn take_turn(bid: Bid<T>, candidates: u32) -> Visit {
		let (place, in_pass) = (bid.turn.place.clone(), bid.turn.in_pass);
		// The bid may leave the book while it is visited: the pass stands behind it first, and is sent on with
		// its page.
		let before = Book::<T>::mutate(|book| match in_pass {
			true => core::mem::replace(&mut book.pass, Pass::After(Point::behind(&place))),
			false => book.pass.clone(),
		});
		let visit = Self::visit(bid, candidates);
		match visit.end {
			End::Unfinished if in_pass => Book::<T>::mutate(|book| {
				// unless it was taken back meanwhile
				if book.pass == Pass::After(Point::behind(&place)) {
					book.pass = before;
				}
			}),
			End::Exposed => Self::rewind(place.asset()),
			End::Barren if in_pass => {
				let end = Pass::After(Point::last(place.asset()));
				Book::<T>::mutate(|book| book.pass = end);
			},
			_ => (),
		}
		visit
	}

	/// A visit out of turn, in the transaction that posts or pokes the bid. Price-time priority must allow it:
	/// the bids that stand before it have seen the supply that is [open](Self::limit_for) to it.
	pub(crate) fn visit_now(bid: Bid<T>, candidates: u32) -> Visit {
		let asset = bid.turn.place.asset().clone();
		let visit = Self::visit(bid, candidates);
		if visit.end == End::Exposed {
			Self::rewind(&asset);
		}
		visit
	}

	/// What a visit costs at most, whatever came before.
	pub(crate) fn worst_visit() -> Weight {
		let plan = T::MaxPlan::get();
		let asks = plan.saturating_add(T::MaxCandidates::get());
		let fills = Self::most_fills(plan, true).max(Self::most_fills(plan, false));
		Self::looks(asks, MAX_SEGMENTS).saturating_add(fills).max(T::WeightInfo::drop_expired())
	}

	/// What the visit of a bid costs at most that was posted just now.
	pub(crate) fn first_visit() -> Weight {
		let asks = T::MaxImmediate::get();
		Self::looks(asks, MAX_SEGMENTS).saturating_add(Self::most_fills(asks, false))
	}
}
