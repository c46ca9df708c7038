//! Matches that somebody found for bids that the rule left.

use crate::{
	scan::{Basket, Refusal, Wish},
	types::{Generation, Place, Progress},
	AskPlaces, BidPlaces, Config, Error, Event, Pallet, WeightInfo,
};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, Pays, PostDispatchInfo, WithPostDispatchInfo},
	ensure,
	traits::Get,
	weights::Weight,
};
use marketplace_primitives::{
	math, AskId, Balance, BidTerms, DealId, Deals, EpochClock, Filled, OfferId, Units,
};
use sp_runtime::ArithmeticError;

/// A bid that the rule left, wholly or in part.
pub(crate) struct Left<AccountId> {
	/// Where it stands.
	pub place: Place,
	/// Supply that changed later is for a visit first.
	pub limit: Generation,
	/// What the developer offered.
	pub terms: BidTerms<AccountId>,
}

impl<T: Config> Pallet<T> {
	/// What a solution with so many picks costs at most.
	pub(crate) fn solve_weight(picks: usize) -> Weight {
		let picks = u32::try_from(picks).unwrap_or(u32::MAX);
		T::WeightInfo::solve(picks)
			.saturating_add(Self::most_fills(picks, false))
			.saturating_add(T::Deals::reward_weight())
	}

	/// Makes the match that `picks` are, by the rules of a visit but for how much is taken of each ask, and
	/// pays its finder.
	///
	/// Where it succeeds it costs its sender nothing. Nobody has that over and over: an offer opens its deal once,
	/// and what is left of it is for the rule first. To have it again takes another offer, which costs a fee to post and
	/// an escrow, and other units, since those that were picked are bound for the term.
	pub(crate) fn do_solve(
		solver: T::AccountId,
		offer: OfferId,
		picks: &[(AskId, Units)],
	) -> DispatchResultWithPostInfo {
		let count = u32::try_from(picks.len()).unwrap_or(u32::MAX);
		let looked = |error: Error<T>| error.with_weight(T::WeightInfo::solve(count));
		let left = Self::left_of(offer).map_err(looked)?;
		let (wish, basket) = Self::judge(&left, picks).map_err(looked)?;
		let due = Self::fee_of(&wish, &basket)?;

		let Filled { deal, weight } = T::Deals::fill(offer, &left.terms, &basket.fills)?;
		Self::note_solved(offer, deal, &left, &wish, &basket);
		let mut spent = T::WeightInfo::solve(count)
			.saturating_add(weight)
			.saturating_add(T::WeightInfo::matched());
		let mut fee = 0;
		if due > 0 {
			fee = T::Deals::reward(deal, &solver, due)?;
			spent = spent.saturating_add(T::Deals::reward_weight());
		}
		Self::deposit_event(Event::Solved { offer, deal, solver, fee });
		Ok(PostDispatchInfo { actual_weight: Some(spent), pays_fee: Pays::No })
	}

	/// The bid of an offer, if it was left.
	pub(crate) fn left_of(offer: OfferId) -> Result<Left<T::AccountId>, Error<T>> {
		let place = BidPlaces::<T>::get(offer).ok_or(Error::<T>::UnknownOffer)?;
		let limit = Self::seen_by(&place).ok_or(Error::<T>::NotVisited)?;
		let terms = Self::terms_of(offer).ok_or(Error::<T>::UnknownOffer)?;
		// a visit closes what has expired; those that no ask is cheap enough for get none
		ensure!(terms.expiry >= T::Clock::current(), Error::<T>::Expired);
		Ok(Left { place, limit, terms })
	}

	/// The bid with the fills that are picked for it, if they make a match.
	pub(crate) fn judge<'a>(
		left: &'a Left<T::AccountId>,
		picks: &[(AskId, Units)],
	) -> Result<(Wish<'a, T::AccountId>, Basket<T::AccountId>), Error<T>> {
		let stood = left.place.key.sequence();
		let wish = Self::wish(&left.terms, stood).ok_or(Error::<T>::Expired)?;
		let progress = Progress::begin(left.limit, T::Clock::current());
		let mut basket = Basket::new(&wish);
		for (id, units) in picks {
			let place = AskPlaces::<T>::get(id).filter(|place| place.asset() == left.place.asset());
			let stood = place.ok_or(Error::<T>::UnknownAsk)?.key.sequence();
			basket.put(Self::consider(&wish, &progress, &basket, *id, stood, Some(*units))?);
		}
		ensure!(basket.units() >= wish.needed(), Error::<T>::TooFewUnits);
		ensure!(basket.has_groups(&wish), Error::<T>::TooFewGroups);
		Ok((wish, basket))
	}

	/// The solver's part of what the developer saves in an epoch, against the highest price of the offer.
	fn fee_of(
		wish: &Wish<'_, T::AccountId>,
		basket: &Basket<T::AccountId>,
	) -> Result<Balance, ArithmeticError> {
		let surplus = basket.fills.iter().try_fold(Balance::default(), |sum, fill| {
			let saved = wish.terms.max_price.saturating_sub(fill.price);
			let saved = math::payable(u64::from(fill.units.count()), saved)?;
			sum.checked_add(saved).ok_or(ArithmeticError::Overflow)
		})?;
		Ok(T::SolverShare::get().mul_floor(surplus))
	}

	/// Says that the match was made. What the offer still wants it may now get by the rule, since any units will
	/// do for a deal that runs: it waits for a visit.
	fn note_solved(
		offer: OfferId,
		deal: DealId,
		left: &Left<T::AccountId>,
		wish: &Wish<'_, T::AccountId>,
		basket: &Basket<T::AccountId>,
	) {
		let mut progress = Progress::begin(left.limit, T::Clock::current());
		Self::matched(offer, deal, wish, &mut progress, basket);
		match Self::terms_of(offer) {
			Some(_) => {
				// of a bid that stepped aside, which what it has kept no longer suits
				Self::forget_progress(offer, &left.place);
				Self::queue(offer, &left.place);
			},
			None => Self::remove_bid(offer),
		}
		if progress.exposed {
			Self::rewind(left.place.asset());
		}
	}
}

impl<T: Config> From<Refusal> for Error<T> {
	fn from(refusal: Refusal) -> Self {
		match refusal {
			Refusal::Unknown => Self::UnknownAsk,
			Refusal::Server => Self::PickTwice,
			Refusal::Terms => Self::PickExcluded,
			Refusal::Units => Self::PickUnavailable,
			Refusal::Room => Self::CapExceeded,
		}
	}
}
