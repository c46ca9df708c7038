//! Offers that running deals make: for units that they lack, with money of their escrow.

use crate::{
	pallet::{EscrowRecordOf, Offers},
	Config, Error, Event, Offer, Pallet,
};
use frame_support::{ensure, storage::with_storage_layer};
use marketplace_primitives::{
	traits::DealOrigin, BidTerms, DealId, EpochClock, EscrowId, OfferId, OrderBook,
};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// Posts an offer whose fills join `terms.deal`, whose escrow pays for it. Nothing of it is filled yet.
	///
	/// Names and lists are not checked again: they are the deal's, and a replacement must not fail because
	/// governance has forgotten a word since. Nor is the spread: what the deal has counts as well.
	pub(crate) fn do_seek(
		terms: BidTerms<T::AccountId>,
		origin: DealOrigin,
	) -> Result<OfferId, DispatchError> {
		let deal = EscrowId::Deal(terms.deal.ok_or(Error::<T>::NoDeal)?);
		Self::check_sought(&terms)?;
		let EscrowRecordOf::<T> { developer, asset, .. } = Self::open_record(deal)?;
		let same = developer == terms.developer && asset == terms.asset;
		ensure!(same, Error::<T>::EscrowMismatch);

		let offer = Offer::new(terms, origin);
		let id = with_storage_layer(|| {
			Self::insert_offer(offer, |id, _, amount| Self::move_escrow(deal, id, amount))
		})?;
		T::Book::bid_queued(id);
		Ok(id)
	}

	fn check_sought(terms: &BidTerms<T::AccountId>) -> DispatchResult {
		Self::check_units(&terms.units)?;
		Self::check_price(terms.max_price)?;
		Self::check_tariff(terms.tariff)?;
		ensure!(terms.term > 0, Error::<T>::TermTooShort);
		ensure!(terms.expiry >= T::Clock::current(), Error::<T>::ExpiryPassed);
		Ok(())
	}

	/// Takes an offer that joins `deal` out of the book and gives the deal what its escrow holds. Returns the
	/// units that it still wanted.
	pub(crate) fn do_recall(id: OfferId, deal: DealId) -> Result<u32, DispatchError> {
		let Some(offer) = Offers::<T>::get(id) else { return Ok(0) };
		ensure!(offer.deal == Some(deal), Error::<T>::OtherDeal);
		let (from, to) = (EscrowId::Offer(id), EscrowId::Deal(deal));
		// The record of a deal that is over must not open again: nobody would close it.
		Self::open_record(to)?;
		let amount = Self::open_record(from)?.held;
		let units = offer.unfilled();

		with_storage_layer(|| {
			Self::move_escrow(from, to, amount)?;
			Self::remove_offer(id)?;
			Self::deposit_event(Event::OfferRecalled { offer: id, deal, units, amount });
			Ok::<_, DispatchError>(())
		})?;
		T::Book::bid_removed(id, &offer.asset, offer.max_price);
		Ok(units)
	}
}
