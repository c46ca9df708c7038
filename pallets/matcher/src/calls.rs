//! What the calls do.

use crate::{
	bid::Bid,
	types::{BookState, Place, Turn},
	visit::{End, Visit},
	Aside, BidPlaces, Book, Config, Error, Pallet, Pending, WeightInfo,
};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, Pays, PostDispatchInfo},
	traits::Get,
	weights::Weight,
};
use marketplace_primitives::{EpochClock, OfferId};

impl<T: Config> Pallet<T> {
	/// What a poke costs at most.
	pub(crate) fn poke_weight() -> Weight {
		T::WeightInfo::poke().saturating_add(Self::worst_visit())
	}

	/// One visit, of `offer` or of the bid whose turn comes first. It costs its sender nothing where it made a
	/// match or dropped an expired bid.
	///
	/// So there is no endless work for nothing: what makes a poke free was paid for before, and is used up by it. A
	/// bid is dropped once; its posting cost a fee. A match takes units of a server that was not in the deal,
	/// so an offer makes no more of them than a deal takes servers, each with escrow of the offer that is bound in
	/// the deal, and with staked units that are bound to it; who wants them free again pays for a call and waits for the
	/// end of an epoch. Of many who poke for the same match one is free, the others pay; a poke that only looked pays,
	/// whatever it looked at. The weight of a free poke counts for the block as any other's.
	pub(crate) fn do_poke(offer: OfferId) -> DispatchResultWithPostInfo {
		let place = BidPlaces::<T>::get(offer).ok_or(Error::<T>::UnknownOffer)?;
		Self::keep_up();
		let (mut weight, mut fruitful) = (T::WeightInfo::poke(), false);
		if let Some(visit) = Self::poke_at(offer, place) {
			weight = weight.saturating_add(visit.weight);
			fruitful = visit.fruitful;
		}
		let pays_fee = if fruitful { Pays::No } else { Pays::Yes };
		Ok(PostDispatchInfo { actual_weight: Some(weight), pays_fee })
	}

	/// The visit of a poke: of the bid at `place` where that is due and may be now, else of the bid whose turn it is.
	/// Where it is nobody's turn, the bid at `place` takes a look.
	fn poke_at(offer: OfferId, place: Place) -> Option<Visit> {
		let candidates = T::MaxCandidates::get();
		let state = Book::<T>::get();
		let next = Self::next_turn(&state);
		let is_own = match &next {
			None => true,
			Some(turn) => turn.offer != offer && Self::is_due(&state, &place),
		};
		match (Self::limit_for(&place).filter(|_| is_own), next) {
			(Some(fresh), next) => {
				let bid = Bid::read(Turn::beside(offer, place), &state, fresh);
				Some(if next.is_none() {
					Self::look(bid)
				} else {
					Self::visit_now(bid, candidates)
				})
			},
			(None, Some(turn)) => Some(Self::take_turn(Bid::of_turn(turn, &state), candidates)),
			(None, None) => None,
		}
	}

	/// Whether the bid at `place` has something to see: it waits for a visit, stepped aside, or stands where the pass has
	/// not been. All others saw what the pass offers, and a visit of them would only keep it waiting.
	fn is_due(state: &BookState, place: &Place) -> bool {
		let (asset, key) = (place.asset(), place.key);
		!Self::was_passed(&state.pass, asset, key)
			|| Pending::<T>::contains_key(asset, key)
			|| Aside::<T>::contains_key(asset, key)
	}

	/// A visit of a bid that has seen all that the book knows of, for what the book was not told. It is one visit, unless
	/// it makes a match: what else it found is not kept, and nobody waits for more.
	fn look(bid: Bid<T>) -> Visit {
		let turn = Turn::beside(bid.turn.offer, bid.turn.place.clone());
		let visit = Self::visit_now(bid, T::MaxCandidates::get());
		if !visit.fruitful && matches!(visit.end, End::Unfinished | End::Aside) {
			Self::complete(&turn);
		}
		visit
	}

	/// Begins a pass that is due, and ends one that no bid is left for: what waits for its end need not wait for
	/// an idle block.
	fn keep_up() {
		let now = T::Clock::current();
		let state = Book::<T>::mutate(|book| {
			book.refresh(now);
			book.clone()
		});
		if state.is_running() && Self::next_turn(&state).is_none() {
			Book::<T>::mutate(|book| book.end_pass(now));
		}
	}
}
