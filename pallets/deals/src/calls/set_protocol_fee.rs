//! The protocol's part of what deals pay.

use crate::{Config, Error, Event, Pallet, ProtocolFee};
use frame_support::{ensure, traits::Get};
use sp_runtime::{DispatchResult, Perbill};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_protocol_fee(fee: Perbill) -> DispatchResult {
		ensure!(fee <= T::MaxProtocolFee::get(), Error::<T>::FeeTooHigh);
		ProtocolFee::<T>::put(fee);
		Self::deposit_event(Event::ProtocolFeeSet { fee });
		Ok(())
	}
}
