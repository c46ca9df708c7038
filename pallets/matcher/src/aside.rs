//! What a visit leaves behind: bids that have seen all, that go on at once, and that step aside.

use crate::{
	types::{Place, Progress, Turn},
	visit::End,
	Aside, Book, Config, Pallet, Progresses,
};
use frame_support::traits::Get;
use marketplace_primitives::{EpochClock, OfferId};

impl<T: Config> Pallet<T> {
	/// The bid has seen every ask that is open to it. It begins again where the book has changed since it began:
	/// behind others, since it stepped aside.
	pub(crate) fn finish(turn: &Turn, progress: Progress<T>) -> End {
		let now = T::Clock::current();
		if progress.is_whole(now) {
			Self::complete(turn);
			return End::of(&progress);
		}
		let limit = progress.limit;
		Self::step_aside(turn, progress.again(limit, now))
	}

	/// The bid needs no further visit until something changes.
	pub(crate) fn complete(turn: &Turn) {
		Self::forget_progress(turn.offer, &turn.place);
		Self::unqueue(&turn.place);
	}

	/// The bid needs another visit. While the pass stands at it, that comes by itself. It steps aside where it has
	/// looked at as many asks as others bear to wait for.
	pub(crate) fn unfinished(turn: &Turn, progress: Progress<T>) -> End {
		let lasts = progress.looked < T::Patience::get();
		match progress.aside {
			false if lasts => {
				if progress.exposed {
					Book::<T>::mutate(|book| book.exposing = Some(turn.offer));
				}
				Progresses::<T>::insert(turn.offer, progress);
				Self::queue(turn.offer, &turn.place);
				End::Unfinished
			},
			true if lasts && turn.in_pass && !progress.exposed => {
				Progresses::<T>::insert(turn.offer, progress);
				End::Unfinished
			},
			_ => Self::step_aside(turn, progress),
		}
	}

	/// The bid keeps what it has, and lets the others go on. Nobody waits for it any longer, and those look again that
	/// may find more because of it.
	fn step_aside(turn: &Turn, mut progress: Progress<T>) -> End {
		let Turn { offer, place, in_pass } = turn;
		let end = if core::mem::take(&mut progress.exposed) { End::Exposed } else { End::Aside };
		if *in_pass || !progress.aside {
			progress.looked = 0;
		}
		if !progress.aside {
			progress.aside = true;
			Self::unqueue(place);
			Aside::<T>::insert(place.asset(), place.key, offer);
			Book::<T>::mutate(|book| {
				book.exposing = book.exposing.filter(|other| other != offer);
				Self::join(&mut book.aside, &mut book.aside_from, place.asset(), place.key);
			});
		}
		Progresses::<T>::insert(offer, progress);
		end
	}

	/// The bid at `place` is aside no longer.
	pub(crate) fn step_back(place: &Place) {
		Aside::<T>::remove(place.asset(), place.key);
		Book::<T>::mutate(|book| Self::leave(&mut book.aside, &mut book.aside_from));
	}

	/// Forgets what the visits of a bid have kept. Returns whether they left an ask empty whose server has others.
	pub(crate) fn forget_progress(offer: OfferId, place: &Place) -> bool {
		let Some(progress) = Progresses::<T>::take(offer) else { return false };
		if progress.aside {
			Self::step_back(place);
		}
		if progress.exposed {
			Book::<T>::mutate(|book| book.exposing = book.exposing.filter(|other| *other != offer));
		}
		progress.exposed
	}
}
