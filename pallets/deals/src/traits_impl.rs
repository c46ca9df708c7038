//! How matches become deals.

use crate::{
	due::with_due,
	funds,
	types::{Allocation, Deal, DealOf, Wish},
	Allocations, Config, Deals as DealRecords, Ending, Error, Event, NextDeal, Pallet, SpreadOf,
	Spreads, WeightInfo, Wishes,
};
use alloc::vec::Vec;
use frame_support::{ensure, storage::with_storage_layer, traits::Get, weights::Weight};
use marketplace_primitives::{
	math, types::units_of, Balance, BidTerms, DealId, Deals, Due, Epoch, EpochClock, Escrow,
	EscrowId, Fill, Filled, OfferBook, OfferId, Placed, UnitLedger,
};
use sp_runtime::{ArithmeticError, DispatchError};

type FillOf<T> = Fill<<T as frame_system::Config>::AccountId>;
type TermsOf<T> = BidTerms<<T as frame_system::Config>::AccountId>;

impl<T: Config> Deals<T::AccountId> for Pallet<T> {
	fn fill(
		offer: OfferId,
		terms: &TermsOf<T>,
		fills: &[FillOf<T>],
	) -> Result<Filled, DispatchError> {
		with_storage_layer(|| Self::do_fill(offer, terms, fills))
	}

	fn reward(
		deal: DealId,
		solver: &T::AccountId,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		with_storage_layer(|| Self::do_reward(deal, solver, amount))
	}

	fn placed(deal: DealId) -> Vec<Placed<T::AccountId>> {
		Spreads::<T>::get(deal).into_inner()
	}

	fn most_servers() -> u32 {
		T::MaxServers::get()
	}

	fn end(deal: DealId) -> Option<Epoch> {
		DealRecords::<T>::get(deal).map(|deal| deal.end)
	}

	fn fill_weight(servers: u32) -> Weight {
		Self::with_most_due(T::WeightInfo::fill(servers), servers)
	}

	fn reward_weight() -> Weight {
		T::WeightInfo::reward()
	}
}

impl<T: Config> Pallet<T> {
	fn do_fill(
		offer: OfferId,
		terms: &TermsOf<T>,
		fills: &[FillOf<T>],
	) -> Result<Filled, DispatchError> {
		let start = T::Clock::current().checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let (id, mut deal) = match terms.deal {
			Some(id) => (id, DealRecords::<T>::get(id).ok_or(Error::<T>::DealEnded)?),
			None => Self::new_deal(offer, terms, start)?,
		};
		ensure!(!deal.terminated, Error::<T>::Terminated);
		let epochs = deal.end.checked_sub(start).filter(|epochs| *epochs > 0);
		let epochs = epochs.ok_or(Error::<T>::DealEnded)?;
		let mut spread = Spreads::<T>::get(id);
		let servers = Self::check_fills(&spread, terms, fills)?;
		let units = units_of(fills);
		let escrow = math::cost(units, terms.max_price, epochs)?;

		T::Escrow::split(EscrowId::Offer(offer), EscrowId::Deal(id), escrow)?;
		deal.max_price = deal.max_price.max(terms.max_price);
		Self::announce(id, &deal, offer, terms, units, escrow);
		let mut due = Due::default();
		for fill in fills {
			due += Self::allocate(id, &mut deal, &mut spread, fill, start)?;
		}
		Spreads::<T>::insert(id, spread);
		DealRecords::<T>::insert(id, deal);
		T::Offers::filled(offer, id, units)?;
		Ok(Filled { deal: id, weight: with_due(T::WeightInfo::fill(servers), due) })
	}

	/// A deal without allocations, in the wheel.
	fn new_deal(
		offer: OfferId,
		terms: &TermsOf<T>,
		start: Epoch,
	) -> Result<(DealId, DealOf<T>), DispatchError> {
		let origin = T::Offers::origin(offer).ok_or(Error::<T>::UnknownOffer)?;
		let end = start.checked_add(terms.term).ok_or(ArithmeticError::Overflow)?;
		let id = NextDeal::<T>::get();
		NextDeal::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		Ending::<T>::insert(end.to_be_bytes(), id, ());
		let (placement, attributes) = (terms.placement.clone(), terms.attributes);
		let tariff = terms.tariff;
		Wishes::<T>::insert(id, Wish { placement, attributes, tariff });
		let deal = Deal {
			offer,
			developer: terms.developer.clone(),
			app_cid: origin.app_cid,
			plan_hash: origin.plan_hash,
			app_version: 0,
			asset: terms.asset.clone(),
			max_price: terms.max_price,
			start,
			end,
			terminated: false,
			units: 0,
			rate: 0,
			allocations: 0,
			due: end,
			cursor: None,
		};
		Ok((id, deal))
	}

	/// Whether the deal may have the fills. Returns how many servers they are of.
	fn check_fills(
		spread: &SpreadOf<T>,
		terms: &TermsOf<T>,
		fills: &[FillOf<T>],
	) -> Result<u32, Error<T>> {
		let some = !fills.is_empty() && fills.iter().all(|fill| !fill.units.is_empty());
		ensure!(some, Error::<T>::NoUnits);
		let affordable = fills.iter().all(|fill| fill.price <= terms.max_price);
		ensure!(affordable, Error::<T>::PriceTooHigh);
		let more = u32::try_from(fills.len()).map_err(|_| Error::<T>::TooManyServers)?;
		// those included whose parts are closed
		let servers = u32::try_from(spread.len()).unwrap_or(u32::MAX).saturating_add(more);
		ensure!(servers <= T::MaxServers::get(), Error::<T>::TooManyServers);
		Ok(more)
	}

	/// Reserves the units of one fill and writes its allocation. Returns what was due of the server.
	fn allocate(
		id: DealId,
		deal: &mut DealOf<T>,
		spread: &mut SpreadOf<T>,
		fill: &FillOf<T>,
		start: Epoch,
	) -> Result<Due, DispatchError> {
		let is_new = spread.iter().all(|placed| placed.server != fill.server);
		ensure!(is_new, Error::<T>::ServerTwice);
		let limit = start.saturating_add(fill.max_term);
		ensure!(deal.end <= limit, Error::<T>::TermTooLong);
		let due = T::Units::reserve(fill.server, id, fill.units, deal.end)?;
		let overflow = ArithmeticError::Overflow;
		let count = fill.units.count();
		let rate = funds::rate_of(fill.units, fill.price)?;
		deal.units = deal.units.checked_add(count).ok_or(overflow)?;
		deal.rate = deal.rate.checked_add(rate).ok_or(overflow)?;
		deal.allocations = deal.allocations.checked_add(1).ok_or(overflow)?;
		spread.try_push(placed(fill)).map_err(|_| Error::<T>::TooManyServers)?;

		let provider = fill.provider.clone();
		let (server, units, price) = (fill.server, fill.units, fill.price);
		let term = deal.end.saturating_sub(start);
		let allocation = Allocation {
			provider: provider.clone(),
			units,
			leaving: Default::default(),
			price,
			tariff: fill.tariff,
			start,
			until: deal.end,
			limit,
			funded: Allocation::<T::AccountId>::unit_epochs(units, term),
			settled: 0,
			paid: 0,
			settled_before: 0,
			paid_before: 0,
			contested: 0,
		};
		Allocations::<T>::insert(id, server, allocation);
		Self::deposit_event(Event::AllocationMade {
			deal: id,
			server,
			provider,
			units,
			price,
			start,
		});
		Ok(due)
	}

	/// Tells that a deal was opened or joined.
	fn announce(
		id: DealId,
		deal: &DealOf<T>,
		offer: OfferId,
		terms: &TermsOf<T>,
		units: u32,
		escrow: Balance,
	) {
		let max_price = deal.max_price;
		Self::deposit_event(match terms.deal {
			Some(_) => Event::DealJoined { deal: id, offer, max_price, units, escrow },
			None => Event::DealOpened {
				deal: id,
				offer,
				developer: deal.developer.clone(),
				app_cid: deal.app_cid.clone(),
				plan_hash: deal.plan_hash,
				asset: deal.asset.clone(),
				max_price,
				start: deal.start,
				end: deal.end,
				units,
				escrow,
			},
		});
	}
}

/// What placement needs to know of a fill.
fn placed<AccountId: Clone>(fill: &Fill<AccountId>) -> Placed<AccountId> {
	Placed {
		server: fill.server,
		provider: fill.provider.clone(),
		data_center: fill.data_center,
		country: fill.country,
		units: fill.units.count(),
	}
}
