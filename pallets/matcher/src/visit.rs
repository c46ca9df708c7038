//! One visit of a bid: look at a few asks, fill what they make, keep the rest for the next visit.

use crate::{
	index::segment::MAX_SEGMENTS,
	scan::{Basket, Scan, Wish},
	types::{Generation, Pass, Place, Planned, Point, Progress, Turn},
	BidPlaces, Book, Config, Event, Pallet, Progresses, Supplies, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{storage::with_storage_layer, traits::Get, weights::Weight, BoundedVec};
use marketplace_primitives::{
	AskId, BidTerms, DealId, Deals, EpochClock, Fill, OfferBook, OfferId, Registry, UnitLedger,
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
	/// There is more to look at.
	Unfinished,
}

impl End {
	/// How the last visit of a bid ends.
	fn of<T: Config>(progress: &Progress<T>) -> Self {
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
}

impl<T: Config> Pallet<T> {
	/// What a visit costs at most that looks at `candidates` further asks of `lanes` segments.
	pub(crate) fn visit_weight(progress: &Progress<T>, candidates: u32, lanes: u32) -> Weight {
		let asks = progress.planned().saturating_add(candidates);
		Self::spent(asks, lanes, asks.min(T::MaxPlan::get()), progress.single)
			.max(T::WeightInfo::drop_expired())
	}

	/// What a visit cost that looked at `seen` asks of `lanes` segments and tried to fill `servers` of them.
	fn spent(seen: u32, lanes: u32, servers: u32, single: bool) -> Weight {
		let fills = match (servers, single) {
			(0, _) => Weight::zero(),
			(_, true) => T::Deals::fill_weight(1).saturating_mul(servers.into()),
			(_, false) => T::Deals::fill_weight(servers),
		};
		T::WeightInfo::visit(seen, lanes).saturating_add(fills)
	}

	/// The unfinished scan of a bid, or a new one. Supply that changed after `fresh` waits for a later
	/// pass; an unfinished scan is gone on with if it is of this epoch and saw supply up to `least`.
	pub(crate) fn progress_of(offer: OfferId, least: Generation, fresh: Generation) -> Progress<T> {
		let now = T::Clock::current();
		Progresses::<T>::get(offer)
			.filter(|progress| progress.epoch == now && progress.limit >= least)
			.unwrap_or_else(|| Progress::begin(fresh, now))
	}

	/// Visits the bid at `place` and notes whether it needs another visit.
	pub(crate) fn visit(
		place: &Place,
		offer: OfferId,
		progress: Progress<T>,
		candidates: u32,
	) -> Visit {
		let Some(terms) = Self::terms_of(offer) else {
			Self::remove_bid(offer);
			return Visit { end: End::of(&progress), weight: T::WeightInfo::visit(0, 0) };
		};
		if terms.expiry < T::Clock::current() {
			T::Offers::expire(offer);
			Self::remove_bid(offer);
			return Visit { end: End::of(&progress), weight: T::WeightInfo::drop_expired() };
		}
		Self::look(place, offer, &terms, progress, candidates)
	}

	/// Looks at further asks for a bid with these terms.
	pub(crate) fn look(
		place: &Place,
		offer: OfferId,
		terms: &BidTerms<T::AccountId>,
		progress: Progress<T>,
		candidates: u32,
	) -> Visit {
		let Some(wish) = Self::wish(terms, place.key.sequence()) else {
			return Self::complete(place, offer, End::of(&progress), T::WeightInfo::visit(0, 0));
		};
		let scan = Self::scan(&wish, &progress, candidates);
		Self::conclude(place, offer, &wish, progress, scan)
	}

	/// Fills what a scan found and keeps the rest of the way.
	fn conclude(
		place: &Place,
		offer: OfferId,
		wish: &Wish<'_, T::AccountId>,
		mut progress: Progress<T>,
		scan: Scan<T>,
	) -> Visit {
		let (single, lanes) = (progress.single, Self::lanes_of(wish.terms));
		if !scan.basket.is_match(wish) {
			let weight = Self::spent(scan.seen, lanes, 0, single);
			if scan.exhausted {
				let end = match End::of(&progress) {
					End::Complete if scan.barren => End::Barren,
					end => end,
				};
				return Self::complete(place, offer, end, weight);
			}
			let plan = scan.basket.fills.iter();
			let plan = plan.map(|fill| Planned { ask: fill.ask, units: fill.units });
			progress.plan = BoundedVec::truncate_from(plan.collect());
			progress.cursor = scan.cursor;
			return Self::unfinished(place, offer, progress, weight);
		}
		let weight = Self::spent(scan.seen, lanes, scan.basket.count(), single);
		let again = Self::fill(offer, wish, &mut progress, &scan.basket);
		let end = End::of(&progress);
		let Some(terms) = Self::terms_of(offer) else {
			Self::remove_bid(offer);
			return Visit { end, weight };
		};
		let full = terms.filled >= terms.units.target;
		if full || progress.is_out_of_skips() || (scan.exhausted && !again) {
			return Self::complete(place, offer, end, weight);
		}
		if !again {
			progress.cursor = scan.cursor;
			progress.plan = Default::default();
		}
		Self::unfinished(place, offer, progress, weight)
	}

	/// The bid needs no further visit until something changes.
	fn complete(place: &Place, offer: OfferId, end: End, weight: Weight) -> Visit {
		Progresses::<T>::remove(offer);
		Self::unqueue(place);
		Visit { end, weight }
	}

	/// The bid needs another visit. While the pass stands at it, that comes by itself.
	fn unfinished(place: &Place, offer: OfferId, progress: Progress<T>, weight: Weight) -> Visit {
		Progresses::<T>::insert(offer, progress);
		Self::queue(offer, place);
		Visit { end: End::Unfinished, weight }
	}

	/// Makes the fills, all together or, if that was refused before, one by one. Returns whether the
	/// bid must look again at asks that it has seen, since a refusal left room.
	fn fill(
		offer: OfferId,
		wish: &Wish<'_, T::AccountId>,
		progress: &mut Progress<T>,
		basket: &Basket<T::AccountId>,
	) -> bool {
		if progress.single {
			return Self::fill_singly(offer, wish, progress, basket);
		}
		match with_storage_layer(|| T::Deals::fill(offer, wish.terms, &basket.fills)) {
			Ok(deal) => {
				Self::matched(offer, deal, wish, progress, basket);
				false
			},
			Err(error) => {
				log::debug!(target: crate::LOG_TARGET, "fill of {offer:?} refused: {error:?}");
				progress.single = true;
				true
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
	) -> bool {
		progress.single = false;
		let mut refused = Vec::new();
		let made = with_storage_layer(|| {
			let made = Self::try_each(offer, wish.terms.clone(), &basket.fills, &mut refused);
			refused.first().map_or(Ok(made), |(_, reason)| Err(*reason))
		});
		match made {
			Ok(Some(deal)) => Self::matched(offer, deal, wish, progress, basket),
			Ok(None) => (),
			Err(reason) => {
				log::debug!(target: crate::LOG_TARGET, "fills of {offer:?} undone: {reason:?}");
			},
		}
		let again = !refused.is_empty();
		for (ask, reason) in refused {
			if progress.skipped.try_push(ask).is_ok() {
				Self::deposit_event(Event::CandidateSkipped { offer, ask, reason });
			}
		}
		if again {
			progress.cursor = None;
			progress.plan = Default::default();
		}
		again
	}

	/// Makes what can be made of the fills, one by one, and notes what is refused.
	fn try_each(
		offer: OfferId,
		mut terms: BidTerms<T::AccountId>,
		fills: &[Fill<T::AccountId>],
		refused: &mut Vec<(AskId, DispatchError)>,
	) -> Option<DealId> {
		let mut made = None;
		for fill in fills {
			let one = core::slice::from_ref(fill);
			match with_storage_layer(|| T::Deals::fill(offer, &terms, one)) {
				Ok(deal) => made = Some(deal),
				Err(reason) => refused.push((fill.ask, reason)),
			}
			match Self::terms_of(offer) {
				Some(open) => terms = open,
				None => break,
			}
		}
		made
	}

	/// Says that fills were made, and notes whether one of them left an ask empty whose server has
	/// others. A deal takes a server once, at its best ask; so a bid may want the others when the best
	/// is empty, and only then.
	fn matched(
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
		progress.exposed |= basket.fills.iter().any(|fill| {
			Supplies::<T>::get(fill.server).is_some_and(|supply| supply.asks > 1)
				&& T::Registry::ask(fill.ask).is_some_and(|ask| {
					!T::Units::available(fill.server, wish.end).overlaps(ask.units)
				})
		});
	}

	/// A visit of the bid whose turn it is.
	pub(crate) fn take_turn(turn: Turn, progress: Progress<T>, candidates: u32) -> Visit {
		let Turn { place, offer, in_pass } = turn;
		// The bid may leave the book while it is visited: the pass stands behind it first, and is sent on with
		// its page.
		let before = Book::<T>::mutate(|book| match in_pass {
			true => core::mem::replace(&mut book.pass, Pass::After(Point::behind(&place))),
			false => book.pass.clone(),
		});
		let visit = Self::visit(&place, offer, progress, candidates);
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

	/// How far the bid whose turn it is has come.
	pub(crate) fn progress_of_turn(turn: &Turn, mark: Generation) -> Progress<T> {
		let fresh = if turn.in_pass { None } else { Self::limit_for(&turn.place) };
		Self::progress_of(turn.offer, mark, fresh.unwrap_or(mark))
	}

	/// A visit out of turn, in the transaction that posts or pokes the bid, if price-time priority
	/// allows it: the bids that stand before it have seen the supply that is open to it.
	pub(crate) fn visit_now(offer: OfferId, candidates: u32) -> Option<Visit> {
		let place = BidPlaces::<T>::get(offer)?;
		let fresh = Self::limit_for(&place)?;
		let progress = Self::progress_of(offer, Book::<T>::get().mark, fresh);
		let visit = Self::visit(&place, offer, progress, candidates);
		if visit.end == End::Exposed {
			Self::rewind(place.asset());
		}
		Some(visit)
	}

	/// What a visit costs at most, whatever came before.
	pub(crate) fn worst_visit() -> Weight {
		let plan = T::MaxPlan::get();
		let asks = plan.saturating_add(T::MaxCandidates::get());
		Self::spent(asks, MAX_SEGMENTS, plan, true)
			.max(Self::spent(asks, MAX_SEGMENTS, plan, false))
			.max(T::WeightInfo::drop_expired())
	}

	/// What the visit of a bid costs at most that was posted just now.
	pub(crate) fn first_visit() -> Weight {
		let asks = T::MaxImmediate::get();
		Self::spent(asks, MAX_SEGMENTS, asks, false)
	}
}
