//! Extending a deal as its developer set it to be.

use crate::{
	calls::free, due::with_due, types::DealOf, Config, Deals, Error, Event, Pallet, Renewals,
	WeightInfo,
};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, ensure, storage::with_storage_layer, traits::Get,
};
use marketplace_primitives::{api::Renewal, Balance, DealId, EpochClock};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_renew(id: DealId) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		Self::ensure_goes_on(&deal)?;
		let renewal = Renewals::<T>::get(id).ok_or(Error::<T>::NoRenewal)?;
		// time to try again, and for the book to find others while the deal still runs
		let last = T::AcceptanceEpochs::get().saturating_add(2);
		let opens = deal.end.saturating_sub(last);
		ensure!(T::Clock::current() >= opens, Error::<T>::TooEarly);

		// for good: what is rolled back was weighed all the same
		let due = Self::settle_servers(id);
		let weight = with_due(T::WeightInfo::renew(deal.allocations), due);
		match with_storage_layer(|| Self::extend_by(id, deal, renewal)) {
			Ok((amount, allowance)) => {
				Renewals::<T>::insert(id, Renewal { allowance, ..renewal });
				Self::deposit_event(Event::DealRenewed { deal: id, amount, allowance });
				Ok(free(weight))
			},
			Err(error) => {
				Self::deposit_event(Event::RenewalFailed { deal: id, error });
				Ok(Some(weight).into())
			},
		}
	}

	/// Extends a deal at its developer's cost. What is due of its servers was settled before. Returns the cost, and what
	/// is left of the allowance.
	fn extend_by(
		id: DealId,
		deal: DealOf<T>,
		renewal: Renewal,
	) -> Result<(Balance, Balance), DispatchError> {
		let amount = Self::extension_cost(id, &deal, renewal.epochs)?;
		let rest = renewal.allowance.checked_sub(amount).ok_or(Error::<T>::AllowanceTooLow)?;
		let developer = deal.developer.clone();
		let _nothing_due = Self::extend(&developer, id, deal, renewal.epochs, amount)?;
		Ok((amount, rest))
	}
}
