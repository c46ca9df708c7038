//! What the calls do: check, write, tell.

use crate::{
	pallet::{NextOffer, OfferOf, Offers},
	Config, Error, EscrowRecord, Event, Offer, Pallet, WeightInfo,
};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, Pays, WithPostDispatchInfo},
	ensure,
};
use marketplace_primitives::{
	math, traits::DealOrigin, Balance, BidTerms, EpochClock, EscrowId, OfferId, OrderBook, Price,
	Registry,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Posts an offer of these terms and hands it to the book.
	pub(crate) fn do_post_offer(
		terms: BidTerms<T::AccountId>,
		origin: DealOrigin,
	) -> DispatchResultWithPostInfo {
		let weight = T::WeightInfo::post_offer(terms.placement.providers.count());
		// what is refused is not matched
		let opened = Self::open_offer(terms, origin);
		let id = opened.map_err(|error| error.with_weight(weight))?;
		Ok(Some(weight.saturating_add(T::Book::bid_posted(id))).into())
	}

	/// Checks the terms, holds the money for them and stores the offer; the book does not know of it yet.
	pub(crate) fn open_offer(
		terms: BidTerms<T::AccountId>,
		origin: DealOrigin,
	) -> Result<OfferId, DispatchError> {
		ensure!(!origin.app_cid.is_empty(), Error::<T>::EmptyCid);
		Self::check(&terms)?;
		Self::store_offer(Offer::new(terms, origin))
	}

	/// Holds the offer's money and stores it.
	pub(crate) fn store_offer(offer: OfferOf<T>) -> Result<OfferId, DispatchError> {
		Self::insert_offer(offer, |id, offer, amount| {
			let record = EscrowRecord::new(offer.developer.clone(), offer.asset.clone());
			Self::deposit(id, record, &offer.developer, amount)
		})
	}

	/// Gives the offer a number and stores it, once `fund` has put the sum into its escrow.
	pub(crate) fn insert_offer(
		offer: OfferOf<T>,
		fund: impl FnOnce(EscrowId, &OfferOf<T>, Balance) -> DispatchResult,
	) -> Result<OfferId, DispatchError> {
		let amount = math::cost(offer.units.target, offer.max_price, offer.term)?;
		let id = NextOffer::<T>::get();
		let next = id.next().ok_or(ArithmeticError::Overflow)?;

		fund(EscrowId::Offer(id), &offer, amount)?;
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
			deal: offer.deal,
			tariff: offer.tariff,
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
		Self::check_price(new)?;
		let old = core::mem::replace(&mut offer.max_price, new);
		let more = new.checked_sub(old).ok_or(ArithmeticError::Underflow)?;
		let amount = math::cost(offer.unfilled(), more, offer.term)?;

		let escrow = EscrowId::Offer(id);
		Self::deposit(escrow, Self::open_record(escrow)?, &who, amount)?;
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
	///
	/// Costs its sender nothing: an offer is closed once, so there is no more such work than there were postings,
	/// and each of those paid a fee.
	pub(crate) fn do_expire_offer(id: OfferId) -> DispatchResultWithPostInfo {
		let offer = Offers::<T>::get(id).ok_or(Error::<T>::UnknownOffer)?;
		Self::expire_unlisted(id, &offer)?;
		T::Book::bid_removed(id, &offer.asset, offer.max_price);
		Ok(Pays::No.into())
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
}
