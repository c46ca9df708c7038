//! The pallet's errors: one per reason.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod errors {
	/// Why a call or a request of another pallet is refused.
	#[pallet::error]
	#[derive(PartialEq)]
	pub enum Error<T> {
		/// The server has no record here, or is not registered.
		UnknownServer,
		/// There is no such commitment.
		UnknownCommitment,
		/// The deal holds no units of the server.
		UnknownReservation,
		/// Only the server's provider, or the commitment's, may do this.
		NotProvider,
		/// Only the server's operator may do this.
		NotOperator,
		/// The account has no stake in the commitment.
		NotStaker,
		/// No unit was named.
		NoUnits,
		/// A unit is not of the server, or not of the deal.
		ForeignUnits,
		/// A server has 1 to 64 units.
		InvalidUnitCount,
		/// The server has a record already.
		AlreadyOpen,
		/// A unit is under another commitment.
		UnitsCommitted,
		/// Units of the server are held by a deal that was not released.
		UnitsReserved,
		/// A report of the server is not audited to the end.
		UnderAudit,
		/// The duration is outside the market's bounds.
		InvalidDuration,
		/// The server has as many commitments as it may have.
		TooManyCommitments,
		/// The commitment does not wait for stake.
		NotWaiting,
		/// The stake is below what is delegated at least, or the least balance of an account.
		StakeTooLow,
		/// The stake is more than the commitment still needs from this account.
		StakeExceeded,
		/// The stake still secures the commitment or its last reports.
		StillBonded,
		/// Nothing is left of the stake: it was withdrawn before, or slashed.
		NothingToWithdraw,
		/// No fresh price of FLT is known, so neither is the stake that a unit needs.
		PriceUnknown,
		/// The commission would exceed what it may rise to.
		CommissionTooHigh,
		/// The last change of the commission is not settled yet.
		CommissionJustSet,
		/// The commitment does not run, or not any more.
		NotRunning,
		/// No longer term is proposed.
		NoProposal,
		/// The account accepted this proposal before.
		AlreadyAccepted,
		/// A difficulty has a target and as many slots as an audit draws, 1024 at most.
		InvalidDifficulty,
		/// The deal lost nothing by a commitment that failed.
		NothingLost,
		/// There is nothing to claim.
		NothingToClaim,
		/// The epoch has not begun.
		EpochNotBegun,
		/// Reports of the epoch are no longer accepted.
		ReportsClosed,
		/// A report of this epoch, or a later one, was accepted.
		AlreadyReported,
		/// A report speaks of at least one unit.
		EmptyReport,
		/// A unit was not bound to prove in the epoch.
		NotProving,
		/// A unit was not bound to serve in the epoch.
		NotServing,
		/// No audit of a report of this epoch is open.
		NoOpenReport,
		/// The audits of the epoch are not drawn yet.
		NotDrawn,
		/// The unit's earliest block has not come.
		TooEarly,
		/// The answer window is over.
		AuditClosed,
		/// The report does not claim the unit.
		UnitNotProven,
		/// The draw did not select the unit.
		UnitNotDrawn,
		/// The unit has answered.
		AlreadyAnswered,
		/// The leaves are not those of the drawn slots, in their order.
		WrongSlots,
		/// A leaf is that of another server.
		LeafOfOtherServer,
		/// A leaf is that of another epoch.
		LeafOfOtherEpoch,
		/// A leaf is that of another unit.
		LeafOfOtherUnit,
		/// A leaf does not stand at its place under the reported root.
		InvalidPath,
		/// The block has no room for another check.
		TooManyChecks,
		/// A unit is not for sale until the end of the deal.
		UnitsUnavailable,
		/// The deal was not compensated for what it lost by commitments that failed, and takes no units of one more.
		TooManyLosses,
		/// The deal holds units of the server with another end.
		EndMismatch,
		/// The deal is over.
		ReservationOver,
		/// The epoch has begun: what units are bound to in it is fixed.
		EpochBegun,
		/// The deal ends later already.
		EndTooEarly,
		/// The deal ends earlier already.
		EndTooLate,
		/// The commitment of a unit ends before the deal would.
		UnitsNotCovered,
		/// The deal does not hold a unit, or will not go on holding it.
		UnitsNotHeld,
		/// Units of the deal leave with as many epochs as they may.
		TooManyWithdrawals,
		/// The deal's last epoch can still be reported, or contested.
		NotFinal,
		/// The epoch lies too far back: what was served in it is paid.
		ContestTooLate,
		/// A unit was not reported as serving for the deal in the epoch, or was contested before.
		UnitsNotCounted,
	}
}
