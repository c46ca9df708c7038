//! What the pallet's calls and the steps of its hook cost.

use frame_support::weights::Weight;

/// What calls and steps of hooks cost.
pub trait WeightInfo {
	/// `set_workers` with `w` workers.
	fn set_workers(w: u32) -> Weight;
	/// `settle` with something due, of which four commitments have parts.
	fn settle() -> Weight;
	/// `settle` with nothing due.
	fn settle_nothing() -> Weight;
	/// `close_deal` that closes `n` allocations, as in [`close_allocation`](Self::close_allocation), and the deal.
	fn close_deal(n: u32) -> Weight;
	/// `compensate` for four failed commitments.
	fn compensate() -> Weight;
	/// `fill` of `n` servers, opening the deal.
	fn fill(n: u32) -> Weight;
	/// The hook finds out that no deal has ended.
	fn visit_wheel() -> Weight;
	/// The hook takes up a deal and lays it down unfinished.
	fn visit_deal() -> Weight;
	/// The hook closes one allocation with something due, of which four commitments have parts, all of which
	/// failed.
	fn close_allocation() -> Weight;
	/// The hook closes a deal without allocations.
	fn finish_deal() -> Weight;
}

// placeholder until generated
impl WeightInfo for () {
	fn set_workers(w: u32) -> Weight {
		Weight::from_parts(30_000_000, 8_000)
			.saturating_add(Weight::from_parts(100_000, 0).saturating_mul(w.into()))
	}

	fn settle() -> Weight {
		Weight::from_parts(260_000_000, 42_000)
	}

	fn settle_nothing() -> Weight {
		Weight::from_parts(25_000_000, 8_000)
	}

	fn close_deal(n: u32) -> Weight {
		Weight::from_parts(60_000_000, 10_000)
			.saturating_add(Self::close_allocation().saturating_mul(n.into()))
	}

	fn compensate() -> Weight {
		Weight::from_parts(260_000_000, 32_000)
	}

	fn fill(n: u32) -> Weight {
		Weight::from_parts(70_000_000, 10_000)
			.saturating_add(Weight::from_parts(50_000_000, 8_000).saturating_mul(n.into()))
	}

	fn visit_wheel() -> Weight {
		Weight::from_parts(5_000_000, 3_000)
	}

	fn visit_deal() -> Weight {
		Weight::from_parts(20_000_000, 5_000)
	}

	fn close_allocation() -> Weight {
		Weight::from_parts(500_000_000, 64_000)
	}

	fn finish_deal() -> Weight {
		Weight::from_parts(40_000_000, 8_000)
	}
}
