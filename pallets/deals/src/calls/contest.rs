//! What a developer does not believe.

use crate::{
	calls::Missing, due::with_due, types::DealOf, Allocation, Allocations, Config, Deals, Error,
	Event, Pallet, Requests, WeightInfo,
};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, ensure, storage::with_storage_layer, traits::Get,
};
use marketplace_primitives::{
	math, Balance, DealId, Epoch, Escrow, EscrowId, ServerId, UnitLedger, Units,
};
use sp_runtime::{traits::Convert, ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_contest(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		units: Units,
		epoch: Epoch,
	) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		Self::ensure_may_contest(who, id, &deal)?;
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		ensure!(!units.is_empty(), Error::<T>::NoUnits);

		let due = T::Units::contest(server, id, units, epoch)?;
		let amount = Self::forfeit(id, &mut allocation, units)?;
		Allocations::<T>::insert(id, server, &allocation);
		Self::deposit_event(Event::Contested { deal: id, server, units, epoch, amount });
		let servers = deal.allocations;
		let dropped =
			with_storage_layer(|| Self::drop_contested(id, deal, (server, allocation), units));
		if let Err(error) = dropped {
			Self::deposit_event(Event::ReplaceFailed { deal: id, server, error });
		}
		Ok(Some(with_due(T::WeightInfo::contest(servers), due)).into())
	}

	/// Whether `who` is the developer of the deal, or signs for its gateway.
	fn ensure_may_contest(
		who: &T::AccountId,
		id: DealId,
		deal: &DealOf<T>,
	) -> Result<(), Error<T>> {
		let is_gateway = || {
			let key = Requests::<T>::get(id).key;
			key.is_some_and(|key| T::GatewayAccount::convert(key) == *who)
		};
		ensure!(*who == deal.developer || is_gateway(), Error::<T>::NotContestant);
		Ok(())
	}

	/// Takes the price of a contested epoch of `units` from both sides: neither the provider gets it, nor does
	/// the developer keep it. No protocol fee and no delegators' part come off it. The caller stores the allocation.
	fn forfeit(
		id: DealId,
		allocation: &mut Allocation<T::AccountId>,
		units: Units,
	) -> Result<Balance, DispatchError> {
		let unit_epochs = u64::from(units.count());
		// funded it was, as it was served, and nothing is paid before it can be contested no more
		allocation.contest(unit_epochs).ok_or(ArithmeticError::Underflow)?;
		let amount = math::payable(unit_epochs, allocation.price)?;
		if amount > 0 {
			T::Escrow::pay(EscrowId::Deal(id), &T::FeeTo::get(), amount)?;
		}
		Ok(amount)
	}

	/// Lets those of `units` leave that the deal still holds, and seeks as many, if there is an epoch for them. Where
	/// they cannot be sought they leave all the same.
	fn drop_contested(
		id: DealId,
		mut deal: DealOf<T>,
		(server, mut allocation): (ServerId, Allocation<T::AccountId>),
		units: Units,
	) -> DispatchResult {
		let contested = units.and(allocation.units).and(T::Units::held(server, id));
		let goes_on = !deal.terminated && Self::next_epoch()? < deal.end;
		if contested.is_empty() || !goes_on {
			return Ok(());
		}
		let missing = Missing { contested, ..Default::default() };
		Self::drop_units(id, &mut deal, (server, &mut allocation), missing)?;
		Allocations::<T>::insert(id, server, allocation);
		Deals::<T>::insert(id, &deal);
		let seek = || {
			Self::heed_offer(id, &mut deal);
			Self::seek(id, deal, contested.count())
		};
		if let Err(error) = with_storage_layer(seek) {
			Self::deposit_event(Event::ReplaceFailed { deal: id, server, error });
		}
		Ok(())
	}
}
