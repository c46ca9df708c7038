//! The offer that seeks units for a deal: one at a time, put into the book again with each change.

use crate::{types::DealOf, Config, Deals, Error, Event, Pallet, Spreads, Wishes};
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	math, traits::DealOrigin, BidTerms, DealId, Epoch, EpochClock, Escrow, EscrowId, OfferBook,
	Price, UnitsWanted,
};
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	/// The next epoch: the first that a change of now can be in time for.
	pub(crate) fn next_epoch() -> Result<Epoch, ArithmeticError> {
		T::Clock::current().checked_add(1).ok_or(ArithmeticError::Overflow)
	}

	/// Whether a deal has had as many servers as a deal may have: no offer finds units for it any more, and those that
	/// leave it are not replaced.
	pub(crate) fn is_full(id: DealId) -> bool {
		let servers = Spreads::<T>::decode_len(id).unwrap_or_default();
		u32::try_from(servers).unwrap_or(u32::MAX) >= T::MaxServers::get()
	}

	/// Whole epochs that a deal still has for units that replace others: none once notice was given, or it is full.
	pub(crate) fn replaceable_epochs(
		id: DealId,
		deal: &DealOf<T>,
	) -> Result<Epoch, ArithmeticError> {
		let left = deal.end.saturating_sub(Self::next_epoch()?);
		Ok(if deal.terminated || Self::is_full(id) { 0 } else { left })
	}

	/// What the open offer of a deal may still find, and at what price: no unit where none is open, or the deal is full.
	pub(crate) fn open_offer(id: DealId, deal: &DealOf<T>) -> (u32, Price) {
		if Self::is_full(id) {
			return (0, 0);
		}
		Self::live_offer(id, deal)
	}

	/// What the open offer of a deal asks for, full or not. One whose expiry has passed asks for nothing any more.
	fn live_offer(id: DealId, deal: &DealOf<T>) -> (u32, Price) {
		let now = T::Clock::current();
		T::Offers::terms(deal.offer)
			.filter(|terms| terms.deal == Some(id) && terms.expiry >= now)
			.map_or((0, 0), |terms| {
				(terms.units.target.saturating_sub(terms.filled), terms.max_price)
			})
	}

	/// Raises a deal's limit to what its open offer pays, where the developer raised that, and returns the units
	/// that the offer still wants.
	pub(crate) fn heed_offer(id: DealId, deal: &mut DealOf<T>) -> u32 {
		let (wanted, price) = Self::open_offer(id, deal);
		deal.max_price = deal.max_price.max(price);
		wanted
	}

	/// Writes `deal`, takes back its open offer, and seeks what that still wanted and `more` units at the deal's
	/// limit for the rest of its term; nothing more where the deal is terminated or has no whole epoch left. Where it is
	/// full, which an event tells, what was for them stays with the deal.
	///
	/// Seeking only queues the offer, so no match comes in between. The record is written before, and read
	/// again after, all the same.
	pub(crate) fn seek(id: DealId, deal: DealOf<T>, more: u32) -> DispatchResult {
		Deals::<T>::insert(id, &deal);
		let (open, _) = Self::live_offer(id, &deal);
		// even one whose expiry has passed, so that no deal ever has two
		let recalled = T::Offers::recall(deal.offer, id)?;
		let units = recalled.min(open).checked_add(more).ok_or(ArithmeticError::Overflow)?;
		let term = deal.end.saturating_sub(Self::next_epoch()?);
		if units == 0 || term == 0 || deal.terminated {
			return Ok(());
		}
		if Self::is_full(id) {
			Self::deposit_event(Event::UnitsNotSought { deal: id, units });
			return Ok(());
		}
		let max_price = deal.max_price;
		let escrow = math::cost(units, max_price, term)?;
		let free = T::Escrow::held(EscrowId::Deal(id)).checked_sub(Self::reserved(id, 0, 0)?);
		ensure!(free.is_some_and(|free| free >= escrow), Error::<T>::NotFunded);
		let wish = Wishes::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let terms = BidTerms {
			developer: deal.developer,
			asset: deal.asset,
			max_price,
			units: UnitsWanted { min: 1, target: units },
			filled: 0,
			term,
			placement: wish.placement,
			attributes: wish.attributes,
			// a match of the last epoch but one may still serve one epoch
			expiry: deal.end.saturating_sub(2),
			deal: Some(id),
			tariff: wish.tariff,
		};
		let origin = DealOrigin { app_cid: deal.app_cid, plan_hash: deal.plan_hash };
		let offer = T::Offers::seek(terms, origin)?;
		Deals::<T>::mutate_extant(id, |deal| deal.offer = offer);
		Self::deposit_event(Event::UnitsSought { deal: id, offer, units, max_price, escrow });
		Ok(())
	}
}
