//! The developer's word that a deal may be renewed.

use crate::{Config, Error, Event, Pallet, Renewals};
use frame_support::ensure;
use marketplace_primitives::{api::Renewal, DealId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_renewal(
		who: &T::AccountId,
		id: DealId,
		renewal: Option<Renewal>,
	) -> DispatchResult {
		let deal = Self::deal_of(who, id)?;
		Self::ensure_goes_on(&deal)?;
		ensure!(renewal.is_none_or(|renewal| renewal.epochs > 0), Error::<T>::NoEpochs);
		Renewals::<T>::set(id, renewal);
		Self::deposit_event(Event::RenewalSet { deal: id, renewal });
		Ok(())
	}
}
