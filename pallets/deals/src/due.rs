//! What is due of servers: whatever changes a server settles it first, and whoever asked for the change pays for that.

use crate::{Allocations, Config, Deals, Pallet};
use frame_support::{
	dispatch::PostDispatchInfo,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::{DealId, Due, ServerId, UnitLedger};
use sp_runtime::DispatchErrorWithPostInfo;

/// What was weighed by something that weighs `weight` where nothing is due.
pub(crate) fn with_due(weight: Weight, Due(due): Due) -> Weight {
	weight.saturating_add(due)
}

impl<T: Config> Pallet<T> {
	/// What something weighs at most that may change so many servers, and weighs `weight` where nothing is due of them.
	pub(crate) fn with_most_due(weight: Weight, servers: u32) -> Weight {
		weight.saturating_add(T::Units::most_due().saturating_mul(servers.into()))
	}

	/// A call that was refused weighs no more than for as many servers as the deal has, `most` at most, with all that may
	/// be due of them; and `weight` where nothing is due.
	pub(crate) fn charge_refused(
		mut refused: DispatchErrorWithPostInfo<PostDispatchInfo>,
		id: DealId,
		weight: fn(u32) -> Weight,
		most: u32,
	) -> DispatchErrorWithPostInfo<PostDispatchInfo> {
		let servers = Deals::<T>::get(id).map_or(0, |deal| deal.allocations.min(most));
		let charged = Self::with_most_due(weight(servers), servers);
		refused.post_info.actual_weight = Some(charged);
		refused
	}

	/// Settles what is due of all servers of a deal.
	pub(crate) fn settle_servers(id: DealId) -> Due {
		let mut due = Due::default();
		Allocations::<T>::iter_key_prefix(id).for_each(|server| due += T::Units::settle(server));
		due
	}

	/// Settles what is due of a server, which the meter pays for, where that has room for the most that may be due and
	/// for `cost` afterwards. Returns whether it has.
	pub(crate) fn settle_within(server: ServerId, cost: Weight, meter: &mut WeightMeter) -> bool {
		let has_room = meter.can_consume(Self::with_most_due(cost, 1));
		if has_room {
			meter.consume(T::Units::settle(server).0);
		}
		has_room
	}
}
