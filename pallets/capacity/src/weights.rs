//! What each call and each step of the hooks costs.

use frame_support::weights::Weight;

/// Weights of the pallet. Calls of which a part depends on due audits add
/// [`settle_step`](Self::settle_step) for each step, and [`settle_most`](Self::settle_most) at most.
pub trait WeightInfo {
	/// The call, nothing due.
	fn commit() -> Weight;
	/// The call with the last plank, nothing due.
	fn delegate() -> Weight;
	/// The call for a server of 64 units in 64 deals that miss units, nothing due. What telling of them costs is
	/// not in it, though what was measured may hold it.
	fn submit_report() -> Weight;
	/// The call with `l` leaves that RandomX decides about.
	fn answer_audit(l: u32) -> Weight;
	/// The call where the last of the cheap checks refuses it.
	fn answer_audit_refused() -> Weight;
	/// The call by the last staker, nothing due.
	fn withdraw_stake() -> Weight;
	/// The call.
	fn claim_rewards() -> Weight;
	/// The call, nothing due.
	fn cancel_commitment() -> Weight;
	/// The call, nothing due.
	fn settle_server() -> Weight;
	/// The call, nothing due.
	fn set_commission() -> Weight;
	/// The call where no delegator needs to agree, nothing due.
	fn propose_extension() -> Weight;
	/// The call with the last consent, nothing due.
	fn accept_extension() -> Weight;
	/// The call.
	fn set_difficulty() -> Weight;
	/// The call by the last delegator, with income in all assets.
	fn claim_income() -> Weight;
	/// Settling one report, or the misses of one commitment.
	fn settle_step() -> Weight;
	/// Settling three reports of four commitments that all fail, and a long gap without reports that 64 deals cut
	/// into pieces.
	fn settle_most() -> Weight;
	/// A block in which nothing happens, with what `on_finalize` does.
	fn idle_block() -> Weight;
	/// The first block of an epoch, beside [`idle_block`](Self::idle_block).
	fn start_epoch() -> Weight;
	/// The block that closes reports, beside [`idle_block`](Self::idle_block).
	fn close_reports() -> Weight;
	/// A block in which a draw waits, and is made, beside [`idle_block`](Self::idle_block).
	fn draw_audits() -> Weight;
	/// The block with which an epoch is finished, beside [`idle_block`](Self::idle_block).
	fn finish_epoch() -> Weight;
	/// The transaction extension.
	fn limit_checks() -> Weight;
}

// placeholder until generated
impl WeightInfo for () {
	fn commit() -> Weight {
		Weight::from_parts(40_000_000, 0)
	}
	fn delegate() -> Weight {
		Weight::from_parts(90_000_000, 0)
	}
	fn submit_report() -> Weight {
		Weight::from_parts(60_000_000, 0)
	}
	fn answer_audit(l: u32) -> Weight {
		Weight::from_parts(560_000_000_000, 0)
			.saturating_add(Weight::from_parts(55_000_000_000, 0).saturating_mul(l.into()))
	}
	fn answer_audit_refused() -> Weight {
		Weight::from_parts(60_000_000, 0)
	}
	fn withdraw_stake() -> Weight {
		Weight::from_parts(120_000_000, 0)
	}
	fn claim_rewards() -> Weight {
		Weight::from_parts(60_000_000, 0)
	}
	fn cancel_commitment() -> Weight {
		Weight::from_parts(40_000_000, 0)
	}
	fn settle_server() -> Weight {
		Weight::from_parts(40_000_000, 0)
	}
	fn set_commission() -> Weight {
		Weight::from_parts(40_000_000, 0)
	}
	fn propose_extension() -> Weight {
		Weight::from_parts(60_000_000, 0)
	}
	fn accept_extension() -> Weight {
		Weight::from_parts(60_000_000, 0)
	}
	fn set_difficulty() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}
	fn claim_income() -> Weight {
		Weight::from_parts(90_000_000, 0)
	}
	fn settle_step() -> Weight {
		Weight::from_parts(100_000_000, 0)
	}
	fn settle_most() -> Weight {
		Weight::from_parts(1_500_000_000, 0)
	}
	fn idle_block() -> Weight {
		Weight::from_parts(5_000_000, 0)
	}
	fn start_epoch() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}
	fn close_reports() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}
	fn draw_audits() -> Weight {
		Weight::from_parts(15_000_000, 0)
	}
	fn finish_epoch() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}
	fn limit_checks() -> Weight {
		Weight::from_parts(2_000_000, 0)
	}
}
