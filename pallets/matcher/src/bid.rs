//! A bid as a visit finds it: read once, before anything is looked at.

use crate::{
	index::segment::{OpenSegment, OpenSegments},
	types::{BookState, Generation, Place, Progress, Turn},
	Config, Pallet, Progresses, Segments,
};
use marketplace_primitives::{BidTerms, EpochClock, OfferBook};

/// A bid with all that its visit reads of it.
pub(crate) struct Bid<T: Config> {
	/// Which it is, and how its turn came.
	pub turn: Turn,
	/// What the developer offered; none where the offer is closed.
	pub terms: Option<BidTerms<T::AccountId>>,
	/// The segments of its asset that have asks.
	pub open: OpenSegments,
	/// How far it has come.
	pub progress: Progress<T>,
}

impl<T: Config> Bid<T> {
	/// A bid that nobody has visited yet. Supply that changed after `fresh` waits for a later pass.
	pub fn new(turn: Turn, terms: Option<BidTerms<T::AccountId>>, fresh: Generation) -> Self {
		let progress = Progress::begin(fresh, T::Clock::current());
		let open = Segments::<T>::get(turn.place.asset());
		Self { turn, terms, open, progress }
	}

	/// A bid of the book, with what its visits have kept.
	pub fn read(turn: Turn, state: &BookState, fresh: Generation) -> Self {
		let terms = T::Offers::terms(turn.offer);
		let kept = Progresses::<T>::get(turn.offer);
		let new = Self::new(turn, terms, fresh);
		match kept {
			Some(kept) => {
				let progress = Self::resume(kept, state, &new.turn.place, fresh);
				Self { progress, ..new }
			},
			None => new,
		}
	}

	/// An unfinished scan as it is gone on with. It begins again where it is of an older epoch, or saw less supply than
	/// the pass offers, unless the bid stepped aside: who needs many passes would never come to an end.
	fn resume(
		kept: Progress<T>,
		state: &BookState,
		place: &Place,
		fresh: Generation,
	) -> Progress<T> {
		let now = T::Clock::current();
		let kept = Self::as_open_now(kept, state, place, fresh);
		if kept.aside {
			return kept.up_to(fresh, now);
		}
		let is_older = kept.limit < state.mark || kept.epoch < state.epoch;
		match kept {
			// a pass began since
			kept if is_older => Progress { looked: 0, ..kept.again(fresh, now) },
			kept if kept.epoch != now => kept.again(fresh, now),
			kept => kept,
		}
	}

	/// A scan may have begun with more supply than the pass offers, as that of the best bid. Where better bids came since,
	/// it goes on with what they have seen.
	fn as_open_now(
		kept: Progress<T>,
		state: &BookState,
		place: &Place,
		fresh: Generation,
	) -> Progress<T> {
		if kept.limit <= fresh {
			return kept;
		}
		let open = Pallet::<T>::open_to(state, place);
		kept.within(open.unwrap_or(state.mark))
	}

	/// The bid whose turn it is.
	pub fn of_turn(turn: Turn, state: &BookState) -> Self {
		let fresh = if turn.in_pass { None } else { Pallet::<T>::limit_for(&turn.place) };
		Self::read(turn, state, fresh.unwrap_or(state.mark))
	}

	/// How many segments it looks into at most.
	pub fn lanes(&self) -> u32 {
		let Some(terms) = &self.terms else { return 0 };
		let suits = |open: &&OpenSegment| open.segment.may_suit(&terms.placement, 0);
		let lanes = self.open.iter().filter(suits).count();
		lanes.try_into().unwrap_or(u32::MAX)
	}
}
