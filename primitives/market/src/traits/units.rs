//! Which units there are, and what time it is.

use crate::{
	types::{Epoch, CONTEST_EPOCHS},
	DealId, ServerId, Units,
};
use core::ops::AddAssign;
use frame_support::weights::Weight;
use sp_runtime::{DispatchError, DispatchResult};

/// What time it is in the market. Given by `capacity`.
pub trait EpochClock {
	/// The epoch of the block being executed, 1 or more.
	fn current() -> Epoch;

	/// Whether no report for `epoch` can be accepted any more, so that what was reported of it is final.
	fn is_final(epoch: Epoch) -> bool;

	/// Whether what was served in `epoch` is final and can be contested no more, so that it is to be paid:
	/// [`CONTEST_EPOCHS`] whole epochs came after it.
	fn is_undisputed(epoch: Epoch) -> bool {
		Self::is_final(epoch) && Self::current().saturating_sub(epoch) > CONTEST_EPOCHS
	}

	/// Moves the clock to the first block of `epoch`, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(epoch: Epoch);
}

/// What it weighed to settle what was due of a server, beside what a call weighs that finds nothing due.
#[must_use = "what was settled by the way is part of what a call weighed"]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due(pub Weight);

impl AddAssign for Due {
	fn add_assign(&mut self, other: Self) {
		self.0 = self.0.saturating_add(other.0);
	}
}

/// Units of a server that may be sold now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Available {
	/// All of them.
	pub units: Units,
	/// Those that may be sold into the deals that end last; all of them where all are covered equally long.
	pub lasting: Units,
}

/// Which units are staked, proven, reserved and serving. Given by `capacity`.
///
/// Of a server whose epochs passed something may be due: rewards, misses, audits that nobody answered. Whatever
/// changes it settles that first, and says what it weighed: [`most_due`](Self::most_due) at most, and nothing where
/// nothing was due. Who looks first and changes then [settles](Self::settle) first, so that all the rest finds nothing
/// due. Who only looks writes nothing, and pays for a look at a server of which as much is due as may be.
///
/// A unit-epoch belongs to one side, fixed at its start. A unit reserved in epoch `e` serves from
/// the first epoch that begins after its worker is set, and goes back to proving with epoch `end`,
/// whether or not anybody calls.
pub trait UnitLedger {
	/// Opens the record of a new server with `count` units, none committed.
	fn open(server: ServerId, count: u8) -> DispatchResult;

	/// Forgets a server; fails while units are committed, reserved, or under audit.
	fn close(server: ServerId) -> Result<Due, DispatchError>;

	/// Settles what is due of a server; nothing to do where there is no such server.
	fn settle(server: ServerId) -> Due;

	/// What settling a server weighs at most.
	fn most_due() -> Weight;

	/// The most epochs that a unit may be in a deal: one fewer than the longest commitment has, since it proves first.
	fn longest_term() -> Epoch;

	/// Those of `units` that may be sold now in a deal that ends with the start of epoch `end`: covered by
	/// stake until then, idle, and proven or served in a report at most one epoch old. Only looks.
	fn available(server: ServerId, units: Units, end: Epoch) -> Available;

	/// Puts `units` of `server` into `deal` until the start of epoch `end`. A deal reserves once per
	/// server; a second call for the same pair with the same end adds units, while the server has room for a deal.
	///
	/// # Errors
	/// Where a unit is not [`available`](Self::available) or the server has no room for the record.
	fn reserve(
		server: ServerId,
		deal: DealId,
		units: Units,
		end: Epoch,
	) -> Result<Due, DispatchError>;

	/// The units of `server` that `deal` holds and goes on holding: those reserved, without those of commitments
	/// that failed and those that left or will leave because they were [withdrawn](Self::withdraw). Only looks.
	fn held(server: ServerId, deal: DealId) -> Units;

	/// Prolongs the deal's hold on all units of `server` that it [holds](Self::held) until the start of epoch `end`;
	/// nothing to do where it holds none.
	///
	/// # Errors
	/// Where the end so far has come; where units are held and `end` is earlier, or a commitment does not outlast it;
	/// where too many withdrawals of the deal wait for their epochs and a commitment of its units has failed in this one.
	fn extend(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError>;

	/// Ends the deal's hold on its units of `server` with the start of epoch `end` already.
	///
	/// # Errors
	/// Where `end` is not later than the current epoch, or later than the end so far.
	fn shorten(server: ServerId, deal: DealId, end: Epoch) -> Result<Due, DispatchError>;

	/// Takes `units` out of the deal with the start of epoch `from`: what they serve before still counts, then
	/// they prove again. They stay withdrawn for good; the reservation stays until it is released, even if no
	/// unit is left.
	///
	/// # Errors
	/// Where one of the units is not [`held`](Self::held), `from` is not later than the current epoch, or too
	/// many withdrawals of the deal wait for their epochs.
	fn withdraw(
		server: ServerId,
		deal: DealId,
		units: Units,
		from: Epoch,
	) -> Result<Due, DispatchError>;

	/// Workers of these units are set: they serve from the next epoch.
	fn set_ready(server: ServerId, deal: DealId, units: Units) -> Result<Due, DispatchError>;

	/// Unit-epochs that `server` served for `deal` so far, by accepted reports, in epochs that can be contested
	/// no more: more than [`CONTEST_EPOCHS`] before the current one. Only ever grows.
	fn served(server: ServerId, deal: DealId) -> u64;

	/// Unit-epochs that it served besides, in epochs that can still be contested.
	fn served_lately(server: ServerId, deal: DealId) -> u64;

	/// Takes what `units` served for `deal` in `epoch` out of what counts as served.
	///
	/// # Errors
	/// Where the epoch has not begun or lies more than [`CONTEST_EPOCHS`] back, or one of the units was not
	/// reported as serving for the deal in it, or is contested already.
	fn contest(
		server: ServerId,
		deal: DealId,
		units: Units,
		epoch: Epoch,
	) -> Result<Due, DispatchError>;

	/// Units that the deal [holds](Self::held), that were to serve in both of the last two epochs for which no report is
	/// accepted any more, and that were reported as serving in neither. Only looks.
	fn silent(server: ServerId, deal: DealId) -> Units;

	/// Forgets a reservation and returns its final [`served`](Self::served): one whose end has come, or of which no unit
	/// is left. What the deal lost and was not compensated for is forgotten with it.
	///
	/// # Errors
	/// Before the epoch `end - 1` is [undisputed](EpochClock::is_undisputed), unless the deal holds no unit of the server
	/// any more, and had none that served in an epoch that can be reported or contested still.
	fn release(server: ServerId, deal: DealId) -> Result<(u64, Due), DispatchError>;

	/// Makes all units of the server available (committed, covered, proven), for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_prove(server: ServerId);

	/// The same, and all units but one are in deals, so that the record of the server is as large as it can be, for
	/// the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_crowd(server: ServerId);

	/// Fills the record of the server up with other deals, which hold nothing, and says that its units are proven now, so
	/// that releasing a deal puts units up for sale, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fill_up(server: ServerId);

	/// Lets `epochs` epochs pass for the deal, all served, and moves the clock with them, for the benchmarks of
	/// others. What was served can be contested no more.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(server: ServerId, deal: DealId, epochs: Epoch);

	/// Lets all units of the deal be reported as serving in the current epoch, so that they can be contested, for the
	/// benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(server: ServerId, deal: DealId);

	/// Leaves as much due of the server as may be of one whose units are available, and moves the clock where that
	/// takes more epochs, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_due(server: ServerId);
}
