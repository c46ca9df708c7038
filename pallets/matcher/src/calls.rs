//! What the calls do.

use crate::{BidPlaces, Book, Config, Error, Pallet, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure, traits::Get, weights::Weight};
use marketplace_primitives::{EpochClock, OfferId};

impl<T: Config> Pallet<T> {
	/// What a poke costs at most.
	pub(crate) fn poke_weight() -> Weight {
		T::WeightInfo::poke().saturating_add(Self::worst_visit())
	}

	/// One visit, of `offer` or of the bid whose turn comes first.
	pub(crate) fn do_poke(offer: OfferId) -> DispatchResultWithPostInfo {
		ensure!(BidPlaces::<T>::contains_key(offer), Error::<T>::UnknownOffer);
		let candidates = T::MaxCandidates::get();
		Book::<T>::mutate(|book| book.refresh(T::Clock::current()));
		let visit = Self::visit_now(offer, candidates).or_else(|| {
			let state = Book::<T>::get();
			let turn = Self::next_turn(&state)?;
			let progress = Self::progress_of_turn(&turn, state.mark);
			Some(Self::take_turn(turn, progress, candidates))
		});
		let spent = visit.map_or(Weight::zero(), |visit| visit.weight);
		Ok(Some(T::WeightInfo::poke().saturating_add(spent)).into())
	}
}
