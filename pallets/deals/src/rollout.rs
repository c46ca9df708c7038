//! A staged change of a deal's application: a part of its units more with each epoch.

use crate::{types::DealOf, Allocations, Config, Deals, Pallet, Rollouts, Spreads};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::BoundedVec;
use marketplace_primitives::{
	api::{Application, RolloutInfo, RolloutServer},
	DealId, Epoch, EpochClock, ServerId, Units,
};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, Percent};

/// A server's part of a rollout.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Staged {
	/// The server.
	pub server: ServerId,
	/// Its units in the deal when the change was staged.
	pub units: Units,
	/// Units that run the new application, by its operator's word.
	pub acknowledged: Units,
}

/// A change of application that is under way. Which units run the new one is a matter of the clock alone.
///
/// The units are those that the deal had when it was staged. So the turn of each is fixed: whoever leaves or
/// joins the deal, no unit ever goes back to the application before.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Rollout<Servers> {
	/// Grows with each change of the deal's application.
	pub version: u32,
	/// The first epoch in which units run the new application.
	pub from: Epoch,
	/// How many units more do so with each epoch, of all.
	pub step: Percent,
	/// What units run before their turn.
	pub before: Application,
	/// The servers, in the order in which they joined the deal, which is that of their turns.
	pub servers: Servers,
}

/// A rollout of this runtime.
pub type RolloutOf<T> = Rollout<BoundedVec<Staged, <T as Config>::MaxServers>>;

impl<Servers: AsRef<[Staged]>> Rollout<Servers> {
	/// Which part of the units run the new application in epoch `now`, in percent.
	fn percent(&self, now: Epoch) -> u64 {
		let epochs = u64::from(now).saturating_add(1).saturating_sub(self.from.into());
		u64::from(self.step.deconstruct()).saturating_mul(epochs).min(100)
	}

	/// How many units take part.
	fn count(&self) -> u64 {
		self.servers.as_ref().iter().map(|staged| u64::from(staged.units.count())).sum()
	}

	/// How many of them have had their turn by epoch `now`: rounded up, so that the first has it in the first epoch.
	fn due(&self, now: Epoch) -> u64 {
		self.count().saturating_mul(self.percent(now)).div_ceil(100)
	}

	/// Whether the turn of all units has come by epoch `now`.
	pub fn is_over(&self, now: Epoch) -> bool {
		self.due(now) == self.count()
	}

	/// Each server with those of its units whose turn has come by epoch `now`: in the order of the servers, and of
	/// a server's units the lowest first.
	pub fn turns(&self, now: Epoch) -> impl Iterator<Item = (&Staged, Units)> {
		let mut left = u32::try_from(self.due(now)).unwrap_or(u32::MAX);
		self.servers.as_ref().iter().map(move |staged| {
			let units = staged.units.take(left);
			left = left.saturating_sub(units.count());
			(staged, units)
		})
	}
}

impl<T: Config> Pallet<T> {
	/// Gives the record of a deal another application and returns its version, which grows. The caller stores it.
	pub(crate) fn set_application(
		deal: &mut DealOf<T>,
		application: Application,
	) -> Result<u32, ArithmeticError> {
		let version = deal.app_version.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		(deal.app_cid, deal.plan_hash) = (application.app_cid, application.plan_hash);
		deal.app_version = version;
		Ok(version)
	}

	/// All servers of a deal with the units that it has in epoch `from`, in the order in which they joined. Tells as
	/// well how many servers it had to look at: all that the deal ever had.
	pub(crate) fn staged_servers(
		id: DealId,
		from: Epoch,
	) -> (BoundedVec<Staged, T::MaxServers>, u32) {
		let spread = Spreads::<T>::get(id);
		let looked_at = u32::try_from(spread.len()).unwrap_or(u32::MAX);
		let staged = spread.into_iter().map(|placed| {
			let units = Self::present_units(id, placed.server, from);
			Staged { server: placed.server, units, acknowledged: Units::NONE }
		});
		// no longer than the spread, so never cut short
		let staged = staged.filter(|staged| !staged.units.is_empty()).collect();
		(BoundedVec::truncate_from(staged), looked_at)
	}

	fn present_units(id: DealId, server: ServerId, epoch: Epoch) -> Units {
		Allocations::<T>::get(id, server).map_or(Units::NONE, |part| part.present(epoch))
	}

	/// Whether every unit of a rollout that is in the deal runs the new application, by the operators' word. Tells as
	/// well how many servers it had to look at.
	pub(crate) fn is_acknowledged(id: DealId, rollout: &RolloutOf<T>) -> (bool, u32) {
		let (now, mut looked_at) = (T::Clock::current(), 0u32);
		let is_done = rollout.servers.iter().all(|staged| {
			let rest = staged.units.without(staged.acknowledged);
			if rest.is_empty() {
				return true;
			}
			looked_at = looked_at.saturating_add(1);
			!Self::present_units(id, staged.server, now).overlaps(rest)
		});
		(is_done, looked_at)
	}

	pub(crate) fn view_rollout(id: DealId) -> Option<RolloutInfo> {
		let deal = Deals::<T>::get(id)?;
		let rollout = Rollouts::<T>::get(id)?;
		let now = T::Clock::current();
		let servers: Vec<_> = rollout
			.turns(now)
			.map(|(staged, turned)| {
				let units = turned.and(Self::present_units(id, staged.server, now));
				let acknowledged = !units.is_empty() && units.is_subset_of(staged.acknowledged);
				RolloutServer { server: staged.server, units, acknowledged }
			})
			.collect();
		Some(RolloutInfo {
			version: rollout.version,
			from: rollout.from,
			step: rollout.step,
			before: rollout.before,
			after: Application { app_cid: deal.app_cid, plan_hash: deal.plan_hash },
			servers,
		})
	}
}
