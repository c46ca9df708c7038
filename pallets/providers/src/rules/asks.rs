//! Asks.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Consideration};
use marketplace_primitives::{Ask, AskId, OrderBook, PriceLevel, ServerId, Units};
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_ask(who: T::AccountId, ask: Ask) -> DispatchResult {
		let server = Self::owned_server(&who, ask.server)?;
		ensure!(!ask.units.is_empty(), Error::<T>::NoUnits);
		ensure!(ask.units.is_subset_of(Units::first(server.units)), Error::<T>::ForeignUnits);
		ensure!(ask.price > 0, Error::<T>::ZeroPrice);
		ensure!(PriceLevel::of(ask.price).is_some(), Error::<T>::PriceOffTick);
		ensure!(ask.tariff != Some(0), Error::<T>::ZeroTariff);
		ensure!((1..=ask.max_term).contains(&ask.min_term), Error::<T>::InvalidTerm);
		ensure!(AdmittedAssets::<T>::get().contains(&ask.asset), Error::<T>::AssetNotAdmitted);
		Self::ensure_known(&ask.attributes, &server.attributes)?;

		let replaced = Self::replaced_by(&ask)?;
		let attributes = server.attributes.or(&ask.attributes);
		Self::create_ask(&who, Ask { attributes, ..ask }, replaced).map(|_| ())
	}

	/// The standing ask for exactly the units of `ask`, if there is one.
	///
	/// # Errors
	/// Where the units overlap with another ask's without being the same.
	fn replaced_by(ask: &Ask) -> Result<Option<(AskId, Ask)>, DispatchError> {
		for id in AsksOf::<T>::get(ask.server) {
			let Some(standing) = Asks::<T>::get(id) else { continue };
			if standing.units == ask.units {
				return Ok(Some((id, standing)));
			}
			ensure!(!standing.units.overlaps(ask.units), Error::<T>::UnitsAlreadyAsked);
		}
		Ok(None)
	}

	/// Puts an ask whose terms are checked, in place of `replaced`.
	pub(crate) fn create_ask(
		who: &T::AccountId,
		ask: Ask,
		replaced: Option<(AskId, Ask)>,
	) -> Result<AskId, DispatchError> {
		let id = NextAskId::<T>::get();
		NextAskId::<T>::put(id.next().ok_or(ArithmeticError::Overflow)?);
		let old = replaced.as_ref().map(|(old, _)| *old);
		AsksOf::<T>::try_mutate(ask.server, |ids| {
			ids.retain(|standing| Some(*standing) != old);
			ids.try_push(id).map_err(|_| Error::<T>::TooManyAsks)
		})?;
		let ticket = match old.and_then(AskTickets::<T>::take) {
			Some(ticket) => ticket,
			None => T::Consideration::new(who, Self::ask_footprint())?,
		};
		if let Some((old, standing)) = replaced {
			Asks::<T>::remove(old);
			T::Book::ask_withdrawn(old, &standing);
		}
		AskTickets::<T>::insert(id, ticket);
		Asks::<T>::insert(id, &ask);
		T::Book::ask_set(id, &ask);

		Self::deposit_event(Event::AskSet { ask_id: id, ask, replaced: old });
		Ok(id)
	}

	pub(crate) fn do_withdraw_ask(who: T::AccountId, id: AskId) -> DispatchResult {
		let ask = Asks::<T>::get(id).ok_or(Error::<T>::UnknownAsk)?;
		Self::owned_server(&who, ask.server)?;

		Asks::<T>::remove(id);
		AsksOf::<T>::mutate_exists(ask.server, |maybe| {
			if let Some(ids) = maybe {
				ids.retain(|standing| *standing != id);
			}
			*maybe = maybe.take().filter(|ids| !ids.is_empty());
		});
		if let Some(ticket) = AskTickets::<T>::take(id) {
			ticket.drop(&who)?;
		}
		T::Book::ask_withdrawn(id, &ask);

		Self::deposit_event(Event::AskWithdrawn { ask_id: id, server: ask.server });
		Ok(())
	}

	/// Checks that nothing is offered of the server: the book relies on what asks stand on.
	pub(super) fn ensure_no_asks(server: ServerId) -> DispatchResult {
		ensure!(AsksOf::<T>::get(server).is_empty(), Error::<T>::HasAsks);
		Ok(())
	}
}
