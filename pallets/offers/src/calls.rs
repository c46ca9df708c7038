//! What the calls do: check, write, tell.

use crate::{
	pallet::{NextOffer, OfferOf, Offers},
	Config, Error, Event, Pallet,
};
use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	math, AccessList, Balance, EpochClock, EscrowId, OfferId, OrderBook, Placement, Price,
	Registry, UnitsWanted,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Posts the offer and hands it to the book.
	pub(crate) fn do_post_offer(offer: OfferOf<T>) -> DispatchResult {
		Self::check_terms(&offer)?;
		Self::check_units(&offer.units)?;
		Self::check_placement(&offer.placement, offer.units.min)?;
		let id = Self::store_offer(offer)?;
		T::Book::bid_posted(id);
		Ok(())
	}

	/// Holds the offer's money and stores it.
	pub(crate) fn store_offer(offer: OfferOf<T>) -> Result<OfferId, DispatchError> {
		let amount = math::cost(offer.units.target, offer.max_price, offer.term)?;
		let id = NextOffer::<T>::get();
		let next = id.next().ok_or(ArithmeticError::Overflow)?;

		Self::deposit(EscrowId::Offer(id), &offer.developer, &offer.asset, amount)?;
		NextOffer::<T>::put(next);
		Offers::<T>::insert(id, &offer);
		Self::deposit_event(Event::OfferPosted {
			offer: id,
			developer: offer.developer,
			app_cid: offer.app_cid,
			plan_hash: offer.plan_hash,
			asset: offer.asset,
			max_price: offer.max_price,
			units: offer.units,
			term: offer.term,
			placement: offer.placement,
			attributes: offer.attributes,
			expiry: offer.expiry,
		});
		Ok(id)
	}

	/// Withdraws the offer; what its escrow holds goes back.
	pub(crate) fn do_cancel_offer(who: T::AccountId, id: OfferId) -> DispatchResult {
		let offer = Self::offer_of(&who, id)?;
		let refunded = Self::remove_offer(id)?;
		Self::deposit_event(Event::OfferCancelled { offer: id, refunded });
		T::Book::bid_removed(id, &offer.asset, offer.max_price);
		Ok(())
	}

	/// Raises the price and holds the difference for the units that are still wanted.
	pub(crate) fn do_raise_price(who: T::AccountId, id: OfferId, new: Price) -> DispatchResult {
		let mut offer = Self::offer_of(&who, id)?;
		ensure!(offer.is_live(T::Clock::current()), Error::<T>::ExpiryPassed);
		ensure!(T::Registry::asset_admitted(&offer.asset), Error::<T>::AssetNotAdmitted);
		ensure!(new > offer.max_price, Error::<T>::PriceNotHigher);
		let old = core::mem::replace(&mut offer.max_price, new);
		let more = new.checked_sub(old).ok_or(ArithmeticError::Underflow)?;
		let amount = math::cost(offer.unfilled(), more, offer.term)?;

		Self::deposit(EscrowId::Offer(id), &who, &offer.asset, amount)?;
		Offers::<T>::insert(id, &offer);
		Self::deposit_event(Event::PriceRaised { offer: id, old_price: old, max_price: new });
		T::Book::bid_repriced(id, &offer.asset, old);
		Ok(())
	}

	/// Pays what the record owes to `payee`.
	pub(crate) fn do_claim_payout(id: EscrowId, payee: T::AccountId) -> DispatchResult {
		let amount = Self::claim(id, &payee)?;
		Self::deposit_event(Event::PayoutClaimed { escrow: id, payee, amount });
		Ok(())
	}

	/// Closes an offer whose expiry has passed and takes it out of the book.
	pub(crate) fn do_expire_offer(id: OfferId) -> DispatchResult {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::UnknownOffer)?;
		Self::expire_unlisted(id, &offer)?;
		T::Book::bid_removed(id, &offer.asset, offer.max_price);
		Ok(())
	}

	/// Closes an offer whose expiry has passed and that the book does not know any more.
	pub(crate) fn expire_unlisted(id: OfferId, offer: &OfferOf<T>) -> DispatchResult {
		ensure!(!offer.is_live(T::Clock::current()), Error::<T>::NotExpired);
		let refunded = Self::remove_offer(id)?;
		Self::deposit_event(Event::OfferExpired { offer: id, refunded });
		Ok(())
	}

	/// Forgets an offer and closes its escrow. Returns what the escrow still held.
	pub(crate) fn remove_offer(id: OfferId) -> Result<Balance, DispatchError> {
		let refunded = Self::close_escrow(EscrowId::Offer(id))?;
		Offers::<T>::remove(id);
		Ok(refunded)
	}

	/// The offer, where it is `who`'s.
	fn offer_of(who: &T::AccountId, id: OfferId) -> Result<OfferOf<T>, DispatchError> {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::UnknownOffer)?;
		ensure!(offer.developer == *who, Error::<T>::NotDeveloper);
		Ok(offer)
	}

	fn check_terms(offer: &OfferOf<T>) -> DispatchResult {
		let now = T::Clock::current();
		ensure!(!offer.app_cid.is_empty(), Error::<T>::EmptyCid);
		ensure!(T::Registry::asset_admitted(&offer.asset), Error::<T>::AssetNotAdmitted);
		ensure!(offer.max_price > 0, Error::<T>::ZeroPrice);
		ensure!(offer.term > 0, Error::<T>::TermTooShort);
		ensure!(offer.term <= T::MaxTerm::get(), Error::<T>::TermTooLong);
		ensure!(offer.is_live(now), Error::<T>::ExpiryPassed);
		let lifetime = offer.expiry.saturating_sub(now);
		ensure!(lifetime <= T::MaxLifetime::get(), Error::<T>::ExpiryTooFar);
		Ok(())
	}

	fn check_units(units: &UnitsWanted) -> DispatchResult {
		ensure!(units.min > 0 && units.target > 0, Error::<T>::ZeroUnits);
		ensure!(units.min <= units.target, Error::<T>::MinAboveTarget);
		ensure!(units.target <= T::MaxUnits::get(), Error::<T>::TooManyUnits);
		Ok(())
	}

	/// Refuses what no supply could ever meet.
	fn check_placement(placement: &Placement<T::AccountId>, min: u32) -> DispatchResult {
		ensure!(placement.max_per_provider != Some(0), Error::<T>::CapBelowMin);
		let AccessList::Allow(listed) = &placement.providers else { return Ok(()) };
		ensure!(!listed.is_empty(), Error::<T>::EmptyAllowList);
		if let Some(cap) = placement.max_per_provider {
			let distinct = listed.iter().collect::<BTreeSet<_>>().len();
			let distinct = u32::try_from(distinct).map_err(|_| ArithmeticError::Overflow)?;
			ensure!(cap.saturating_mul(distinct) >= min, Error::<T>::CapBelowMin);
		}
		Ok(())
	}
}
