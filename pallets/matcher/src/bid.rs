//! A bid as a visit finds it: read once, before anything is looked at.

use crate::{
	index::segment::{OpenSegment, OpenSegments},
	types::{Generation, Place, Progress, Turn},
	Config, Pallet, Progresses, Segments,
};
use marketplace_primitives::{BidTerms, EpochClock, OfferBook, OfferId};

/// A bid with all that its visit reads of it.
pub(crate) struct Bid<T: Config> {
	/// Which it is.
	pub offer: OfferId,
	/// Where it stands.
	pub place: Place,
	/// What the developer offered; none where the offer is closed.
	pub terms: Option<BidTerms<T::AccountId>>,
	/// The segments of its asset that have asks.
	pub open: OpenSegments,
	/// How far it has come.
	pub progress: Progress<T>,
}

impl<T: Config> Bid<T> {
	/// A bid that nobody has visited yet. Supply that changed after `fresh` waits for a later pass.
	pub fn new(
		offer: OfferId,
		place: Place,
		terms: Option<BidTerms<T::AccountId>>,
		fresh: Generation,
	) -> Self {
		let progress = Progress::begin(fresh, T::Clock::current());
		let open = Segments::<T>::get(place.asset());
		Self { offer, place, terms, open, progress }
	}

	/// A bid of the book. An unfinished scan is gone on with if it is of this epoch and saw supply up to
	/// `least`.
	pub fn read(offer: OfferId, place: Place, least: Generation, fresh: Generation) -> Self {
		let new = Self::new(offer, place, T::Offers::terms(offer), fresh);
		let unfinished = Progresses::<T>::get(offer)
			.filter(|scan| scan.epoch == new.progress.epoch && scan.limit >= least);
		Self { progress: unfinished.unwrap_or(new.progress), ..new }
	}

	/// The bid whose turn it is, where supply up to `mark` is on offer.
	pub fn of_turn(turn: Turn, mark: Generation) -> Self {
		let fresh = if turn.in_pass { None } else { Pallet::<T>::limit_for(&turn.place) };
		Self::read(turn.offer, turn.place, mark, fresh.unwrap_or(mark))
	}

	/// How many segments it looks into at most.
	pub fn lanes(&self) -> u32 {
		let Some(terms) = &self.terms else { return 0 };
		let suits = |open: &&OpenSegment| open.segment.may_suit(&terms.placement, 0);
		let lanes = self.open.iter().filter(suits).count();
		lanes.try_into().unwrap_or(u32::MAX)
	}
}
