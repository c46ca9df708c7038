//! The parameters of a deal's subnet.

use crate::{subnet::SubnetParameters, Config, Event, Pallet, Subnets};
use marketplace_primitives::DealId;
use sp_runtime::{ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_subnet(
		who: &T::AccountId,
		id: DealId,
		parameters: SubnetParameters,
	) -> DispatchResult {
		let deal = Self::deal_of(who, id)?;
		Self::ensure_runs(&deal)?;
		let version = Subnets::<T>::try_mutate(id, |subnet| {
			subnet.version = subnet.version.checked_add(1).ok_or(ArithmeticError::Overflow)?;
			subnet.parameters = parameters.clone();
			Ok::<_, ArithmeticError>(subnet.version)
		})?;
		Self::deposit_event(Event::SubnetSet { deal: id, version, parameters });
		Ok(())
	}
}
