//! Who vouches for the requests of a deal.

use crate::{Config, Error, Event, Pallet, Requests};
use frame_support::ensure;
use marketplace_primitives::{DealId, EpochClock, GatewayKey};
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_gateway(
		who: &T::AccountId,
		id: DealId,
		key: Option<GatewayKey>,
	) -> DispatchResult {
		let deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		let mut terms = Requests::<T>::get(id);
		ensure!(key.is_some() || terms.key.is_some(), Error::<T>::NoGateway);
		// else two changes in a row would make what was signed before them worthless at once
		let now = T::Clock::current();
		let is_free = terms.retired.is_none_or(|(_, until)| until <= now);
		ensure!(is_free, Error::<T>::KeyChanging);

		let until = Self::after_challenge()?;
		terms.version = terms.version.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		terms.retired = terms.key.map(|before| (before, until));
		terms.key = key;
		let (version, retires) = (terms.version, terms.retired.map(|(_, until)| until));
		Requests::<T>::insert(id, terms);
		Self::deposit_event(Event::GatewaySet { deal: id, key, version, retires });
		Ok(())
	}
}
