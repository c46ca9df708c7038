//! What the pallet gives to the others.
//!
//! The matcher keeps the book itself: neither `filled` nor `expire` calls back into it. Deals do not:
//! `seek` and `recall` tell it. Terms of an offer past its expiry are still told, so that its bid can be found and
//! dropped; `filled` refuses it.

use crate::{
	pallet::{Escrows, Offers},
	Config, Error, Event, Pallet,
};
use frame_support::{ensure, storage::with_storage_layer};
use marketplace_primitives::{
	traits::DealOrigin, Balance, BidTerms, DealId, EpochClock, Escrow, EscrowId, OfferBook, OfferId,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> OfferBook<T::AccountId> for Pallet<T> {
	fn terms(offer: OfferId) -> Option<BidTerms<T::AccountId>> {
		Offers::<T>::get(offer).map(|offer| offer.into_terms())
	}

	fn filled(id: OfferId, deal: DealId, units: u32) -> DispatchResult {
		let mut offer = Offers::<T>::get(id).ok_or(Error::<T>::UnknownOffer)?;
		ensure!(offer.is_live(T::Clock::current()), Error::<T>::ExpiryPassed);
		ensure!(offer.deal.is_none_or(|known| known == deal), Error::<T>::OtherDeal);
		let filled = offer.filled.checked_add(units).ok_or(ArithmeticError::Overflow)?;
		ensure!(filled <= offer.units.target, Error::<T>::Overfilled);
		offer.filled = filled;
		offer.deal = Some(deal);
		let complete = offer.unfilled() == 0;

		with_storage_layer(|| {
			Offers::<T>::insert(id, offer);
			Self::deposit_event(Event::OfferFilled { offer: id, deal, units, filled });
			if complete {
				let refunded = Self::remove_offer(id)?;
				Self::deposit_event(Event::OfferCompleted { offer: id, deal, refunded });
			}
			Ok(())
		})
	}

	fn expire(id: OfferId) {
		let Some(offer) = Offers::<T>::get(id) else { return };
		if offer.is_live(T::Clock::current()) {
			return;
		}
		if let Err(error) = with_storage_layer(|| Self::expire_unlisted(id, &offer)) {
			log::error!(target: crate::LOG_TARGET, "offer {id:?} does not expire: {error:?}");
		}
	}

	fn origin(offer: OfferId) -> Option<DealOrigin> {
		Offers::<T>::get(offer).map(|offer| offer.into_origin())
	}

	fn seek(terms: BidTerms<T::AccountId>, origin: DealOrigin) -> Result<OfferId, DispatchError> {
		Self::do_seek(terms, origin)
	}

	fn recall(offer: OfferId, deal: DealId) -> Result<u32, DispatchError> {
		Self::do_recall(offer, deal)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_offer(
		developer: &T::AccountId,
		target: u32,
		max_price: marketplace_primitives::Price,
		term: marketplace_primitives::Epoch,
	) -> OfferId {
		crate::benchmarking::unlisted_offer::<T>(developer, target, max_price, term)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_visited(offer: OfferId) {
		<T::Book as marketplace_primitives::OrderBook<_>>::benchmark_bid(offer);
	}
}

impl<T: Config> Escrow<T::AccountId> for Pallet<T> {
	fn split(from: EscrowId, to: EscrowId, amount: Balance) -> DispatchResult {
		Self::move_escrow(from, to, amount)
	}

	fn top_up(to: EscrowId, payer: &T::AccountId, amount: Balance) -> DispatchResult {
		Self::add_funds(to, payer, amount)
	}

	fn pay(from: EscrowId, payee: &T::AccountId, amount: Balance) -> DispatchResult {
		Self::pay_out(from, payee, amount)
	}

	fn refund(from: EscrowId, amount: Balance) -> DispatchResult {
		Self::give_back(from, amount)
	}

	fn close(id: EscrowId) -> Result<Balance, DispatchError> {
		Self::close_escrow(id)
	}

	fn held(id: EscrowId) -> Balance {
		Escrows::<T>::get(id).map_or(0, |record| record.held)
	}
}
