//! The units of the market around the matcher, and what is due of their servers.

use super::{
	cover,
	world::{self, World},
};
use frame_support::{ensure, storage_alias, weights::Weight, Twox64Concat};
use marketplace_primitives::{
	Available, DealId, Due, Epoch, EpochClock, ServerId, UnitLedger, Units,
};
use marketplace_testkit::MockUnits;
use sp_runtime::{DispatchError, DispatchError::Other, DispatchResult};

#[storage_alias]
type Proven = StorageMap<LedgerPrefix, Twox64Concat, ServerId, (Units, Epoch)>;
#[storage_alias]
type Refused = StorageMap<LedgerPrefix, Twox64Concat, ServerId, ()>;
#[storage_alias]
type Owed = StorageMap<LedgerPrefix, Twox64Concat, ServerId, Weight>;

/// Makes `units` of `server` proven until the start of epoch `until`.
pub fn prove(server: ServerId, units: Units, until: Epoch) {
	Proven::insert(server, (units, until));
}

/// Whether every fill of a server is refused, though its units seem available.
pub fn refuse(server: ServerId, refuses: bool) {
	Refused::set(server, refuses.then_some(()));
}

/// What is due of the server weighs so much, until it is settled.
pub fn owe(server: ServerId, weight: Weight) {
	Owed::insert(server, weight);
}

/// Units of a server in deals that run.
fn reserved(server: ServerId) -> Units {
	let now = MockUnits::current();
	let running = world::deals().into_iter().filter(|(_, (end, _))| *end > now);
	let fills = running.flat_map(|(_, (_, fills))| fills);
	fills.filter(|fill| fill.server == server).fold(Units::NONE, |all, fill| all.or(fill.units))
}

impl UnitLedger for World {
	fn open(_: ServerId, _: u8) -> DispatchResult {
		Ok(())
	}

	fn close(server: ServerId) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn settle(server: ServerId) -> Due {
		Due(Owed::take(server).unwrap_or_default())
	}

	fn most_due() -> Weight {
		Weight::from_parts(40_000_000, 400)
	}

	fn longest_term() -> Epoch {
		Epoch::MAX
	}

	fn available(server: ServerId, units: Units, end: Epoch) -> Available {
		let (proven, until) = Proven::get(server).unwrap_or_default();
		if end > until {
			return Available::default();
		}
		let free = cover::covered(server, proven, end).without(reserved(server)).and(units);
		Available { units: free, lasting: cover::lasting(server, free) }
	}

	fn held(_: ServerId, _: DealId) -> Units {
		Units::NONE
	}

	fn extend(server: ServerId, _: DealId, _: Epoch) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn shorten(server: ServerId, _: DealId, _: Epoch) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn withdraw(server: ServerId, _: DealId, _: Units, _: Epoch) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn reserve(
		server: ServerId,
		_: DealId,
		units: Units,
		end: Epoch,
	) -> Result<Due, DispatchError> {
		ensure!(!Refused::contains_key(server), DispatchError::Unavailable);
		let fit = !units.is_empty() && Self::available(server, units, end).units == units;
		ensure!(fit, Other("unit not available"));
		Ok(Self::settle(server))
	}

	fn set_ready(server: ServerId, _: DealId, _: Units) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn served(_: ServerId, _: DealId) -> u64 {
		0
	}

	fn served_lately(_: ServerId, _: DealId) -> u64 {
		0
	}

	fn contest(server: ServerId, _: DealId, _: Units, _: Epoch) -> Result<Due, DispatchError> {
		Ok(Self::settle(server))
	}

	fn silent(_: ServerId, _: DealId) -> Units {
		Units::NONE
	}

	fn release(server: ServerId, _: DealId) -> Result<(u64, Due), DispatchError> {
		Ok((0, Self::settle(server)))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_prove(server: ServerId) {
		prove(server, Units(u64::MAX), Epoch::MAX);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_crowd(server: ServerId) {
		prove(server, Units::one(63), Epoch::MAX);
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fill_up(_: ServerId) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(_: ServerId, _: DealId, _: Epoch) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(_: ServerId, _: DealId) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_due(server: ServerId) {
		owe(server, Self::most_due());
	}
}
