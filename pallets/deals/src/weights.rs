//! What the pallet's calls and the steps of its hook cost where nothing is due of the servers that they change.

use frame_support::weights::Weight;

/// What calls and steps of hooks cost where nothing is due of the servers that they change; what is due comes on top.
pub trait WeightInfo {
	/// `set_workers` with `w` workers.
	fn set_workers(w: u32) -> Weight;
	/// `settle` with something due, of which the protocol and `s` commitments have parts.
	fn settle(s: u32) -> Weight;
	/// `settle` with nothing due.
	fn settle_nothing() -> Weight;
	/// `close_deal` that closes `n` allocations, as in [`close_allocation`](Self::close_allocation), and the deal.
	fn close_deal(n: u32) -> Weight;
	/// `compensate` for four failed commitments.
	fn compensate() -> Weight;
	/// `extend_deal` of a deal of `n` servers with an open offer, paid by somebody else than the developer.
	fn extend_deal(n: u32) -> Weight;
	/// `withdraw_surplus` of a deal of `n` servers with an open offer that paid more.
	fn withdraw_surplus(n: u32) -> Weight;
	/// `terminate` of a deal of `n` servers with an open offer.
	fn terminate(n: u32) -> Weight;
	/// `release_units` in a deal of the most servers, where a unit that left before is forgotten.
	fn release_units() -> Weight;
	/// `enlarge` of a deal of `n` servers with an open offer.
	fn enlarge(n: u32) -> Weight;
	/// `replace` of all units of a server, where one that left before is forgotten, in a deal of `n` servers with an open
	/// offer.
	fn replace(n: u32) -> Weight;
	/// `set_renewal`.
	fn set_renewal() -> Weight;
	/// `renew` of a deal of `n` servers with an open offer.
	fn renew(n: u32) -> Weight;
	/// `set_protocol_fee`.
	fn set_protocol_fee() -> Weight;
	/// `set_gateway` in the place of another.
	fn set_gateway() -> Weight;
	/// `fund_requests` by somebody else than the developer that first gives back what was reclaimed.
	fn fund_requests() -> Weight;
	/// `redeem` of a voucher signed by an sr25519 key, the protocol and `s` commitments having parts.
	fn redeem(s: u32) -> Weight;
	/// `reclaim_requests` that gives money back.
	fn reclaim_requests() -> Weight;
	/// `set_subnet` with parameters of the largest size, in the place of such.
	fn set_subnet() -> Weight;
	/// `set_addresses` with the most and longest addresses, in the place of such.
	fn set_addresses() -> Weight;
	/// `contest` of all units of a server, where one that left before is forgotten, in a deal of `n` servers with an open
	/// offer.
	fn contest(n: u32) -> Weight;
	/// The hook finds that a server's part of a deal misses nothing.
	fn replace_nothing() -> Weight;
	/// The hook finds that no server is queued for replacement.
	fn visit_missing() -> Weight;
	/// The hook takes up a server that is queued, and is done with it; what it replaces not included.
	fn take_missing() -> Weight;
	/// A report puts a server with the most deals into the queue.
	fn push_missing() -> Weight;
	/// `stage_application` in a deal of `n` servers with an open offer.
	fn stage_application(n: u32) -> Weight;
	/// `acknowledge` that looks at the units of `n` servers to find out whether the rollout is complete.
	fn acknowledge(n: u32) -> Weight;
	/// `roll_back` in a deal of `n` servers with an open offer.
	fn roll_back(n: u32) -> Weight;
	/// `propose_price` in the place of another.
	fn propose_price() -> Weight;
	/// `accept_price` by the developer, who pays for it, in a deal of `n` servers, with something due of which the
	/// protocol and four commitments have parts.
	fn accept_price(n: u32) -> Weight;
	/// `top_up` by somebody else than the developer.
	fn top_up() -> Weight;
	/// `fill` of `n` servers, opening the deal.
	fn fill(n: u32) -> Weight;
	/// Paying for a match of a deal with as many servers as it may have.
	fn reward() -> Weight;
	/// The hook finds out that no deal has ended.
	fn visit_wheel() -> Weight;
	/// The hook takes up a deal and lays it down unfinished.
	fn visit_deal() -> Weight;
	/// The hook closes one allocation with something due, of which the protocol and four commitments have
	/// parts, and all commitments failed.
	fn close_allocation() -> Weight;
	/// `close_allocation`, or the hook closes a server's part of a deal that goes on: as the step of the hook that closes
	/// one of a deal that ended, and a budget is given back.
	fn close_early() -> Weight;
	/// The hook closes a deal without allocations.
	fn finish_deal() -> Weight;
}

// placeholder until generated
impl WeightInfo for () {
	fn set_workers(w: u32) -> Weight {
		Weight::from_parts(30_000_000, 8_000)
			.saturating_add(Weight::from_parts(100_000, 0).saturating_mul(w.into()))
	}

	fn settle(s: u32) -> Weight {
		Weight::from_parts(100_000_000, 19_000)
			.saturating_add(Weight::from_parts(50_000_000, 7_000).saturating_mul(s.into()))
	}

	fn settle_nothing() -> Weight {
		Weight::from_parts(25_000_000, 8_000)
	}

	fn close_deal(n: u32) -> Weight {
		Weight::from_parts(150_000_000, 29_000)
			.saturating_add(Self::close_allocation().saturating_mul(n.into()))
	}

	fn compensate() -> Weight {
		Weight::from_parts(260_000_000, 32_000)
	}

	fn extend_deal(n: u32) -> Weight {
		Weight::from_parts(260_000_000, 35_000)
			.saturating_add(Weight::from_parts(50_000_000, 8_000).saturating_mul(n.into()))
	}

	fn withdraw_surplus(n: u32) -> Weight {
		Weight::from_parts(260_000_000, 35_000)
			.saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(n.into()))
	}

	fn terminate(n: u32) -> Weight {
		Weight::from_parts(180_000_000, 25_000)
			.saturating_add(Weight::from_parts(50_000_000, 8_000).saturating_mul(n.into()))
	}

	fn release_units() -> Weight {
		Weight::from_parts(70_000_000, 20_000)
	}

	fn enlarge(n: u32) -> Weight {
		Weight::from_parts(260_000_000, 35_000)
			.saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(n.into()))
	}

	fn replace(n: u32) -> Weight {
		Weight::from_parts(300_000_000, 45_000)
			.saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(n.into()))
	}

	fn set_renewal() -> Weight {
		Weight::from_parts(20_000_000, 6_000)
	}

	fn renew(n: u32) -> Weight {
		Weight::from_parts(270_000_000, 38_000)
			.saturating_add(Weight::from_parts(50_000_000, 8_000).saturating_mul(n.into()))
	}

	fn set_protocol_fee() -> Weight {
		Weight::from_parts(10_000_000, 0)
	}

	fn set_gateway() -> Weight {
		Weight::from_parts(25_000_000, 8_000)
	}

	fn fund_requests() -> Weight {
		Weight::from_parts(160_000_000, 25_000)
	}

	fn redeem(s: u32) -> Weight {
		Weight::from_parts(180_000_000, 24_000)
			.saturating_add(Weight::from_parts(50_000_000, 7_000).saturating_mul(s.into()))
	}

	fn reclaim_requests() -> Weight {
		Weight::from_parts(100_000_000, 20_000)
	}

	fn set_subnet() -> Weight {
		Weight::from_parts(25_000_000, 8_000)
	}

	fn set_addresses() -> Weight {
		Weight::from_parts(30_000_000, 12_000)
	}

	fn contest(n: u32) -> Weight {
		Weight::from_parts(420_000_000, 60_000)
			.saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(n.into()))
	}

	fn replace_nothing() -> Weight {
		Weight::from_parts(40_000_000, 18_000)
	}

	fn visit_missing() -> Weight {
		Weight::from_parts(4_000_000, 2_000)
	}

	fn take_missing() -> Weight {
		Weight::from_parts(40_000_000, 9_000)
	}

	fn push_missing() -> Weight {
		Weight::from_parts(25_000_000, 6_000)
	}

	fn stage_application(n: u32) -> Weight {
		Weight::from_parts(250_000_000, 40_000)
			.saturating_add(Weight::from_parts(12_000_000, 3_000).saturating_mul(n.into()))
	}

	fn acknowledge(n: u32) -> Weight {
		Weight::from_parts(45_000_000, 14_000)
			.saturating_add(Weight::from_parts(6_000_000, 3_000).saturating_mul(n.into()))
	}

	fn roll_back(n: u32) -> Weight {
		Weight::from_parts(250_000_000, 40_000)
			.saturating_add(Weight::from_parts(8_000_000, 3_000).saturating_mul(n.into()))
	}

	fn propose_price() -> Weight {
		Weight::from_parts(30_000_000, 12_000)
	}

	fn accept_price(n: u32) -> Weight {
		Weight::from_parts(450_000_000, 65_000)
			.saturating_add(Weight::from_parts(20_000_000, 3_000).saturating_mul(n.into()))
	}

	fn top_up() -> Weight {
		Weight::from_parts(120_000_000, 16_000)
	}

	fn fill(n: u32) -> Weight {
		Weight::from_parts(90_000_000, 20_000)
			.saturating_add(Weight::from_parts(50_000_000, 8_000).saturating_mul(n.into()))
	}

	fn reward() -> Weight {
		Weight::from_parts(400_000_000, 180_000)
	}

	fn visit_wheel() -> Weight {
		Weight::from_parts(5_000_000, 3_000)
	}

	fn visit_deal() -> Weight {
		Weight::from_parts(23_000_000, 8_000)
	}

	fn close_allocation() -> Weight {
		Weight::from_parts(565_000_000, 79_000)
	}

	fn close_early() -> Weight {
		Weight::from_parts(700_000_000, 95_000)
	}

	fn finish_deal() -> Weight {
		Weight::from_parts(130_000_000, 27_000)
	}
}
