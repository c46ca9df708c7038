//! The wheel: ended deals are closed where blocks have room, in the order in which they ended.

use crate::{calls::Step, Config, Deals, Ending, Pallet, WeightInfo};
use frame_support::weights::WeightMeter;
use marketplace_primitives::Epoch;

impl<T: Config> Pallet<T> {
	/// Closes ended deals until the meter is spent or none is left. What does not fit is found again
	/// by the next block, since a deal leaves the wheel only when it is closed or put off.
	pub(crate) fn close_ended(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::visit_wheel()).is_err() {
			return;
		}
		// Entries that are put off go behind all that are over, so the pass never comes to them.
		for (due, id) in Ending::<T>::iter_keys() {
			if !Self::is_over(Epoch::from_be_bytes(due)) {
				return;
			}
			if meter.try_consume(T::WeightInfo::visit_deal()).is_err() {
				return;
			}
			let Some(deal) = Deals::<T>::get(id) else {
				Ending::<T>::remove(due, id);
				continue;
			};
			let closed = Self::close_by_steps(id, deal, |step| match step {
				Step::Allocation(server) => {
					let cost = T::WeightInfo::close_allocation();
					Self::settle_within(server, cost, meter) && meter.try_consume(cost).is_ok()
				},
				Step::Finish => meter.try_consume(T::WeightInfo::finish_deal()).is_ok(),
			});
			if !closed {
				return;
			}
		}
	}
}
