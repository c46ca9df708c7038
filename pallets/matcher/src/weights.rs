//! Weights of the pallet's calls and steps.

use frame_support::weights::Weight;

/// What the calls and steps of this pallet cost. What others do in them (making deals) is added from
/// what they declare.
pub trait WeightInfo {
	/// Looking up a bid and who comes first, without the visit.
	fn poke() -> Weight;
	/// An ask takes its place.
	fn ask_set() -> Weight;
	/// What is known of a server with four asks changed.
	fn server_changed() -> Weight;
	/// A bid takes its place, on a new page (`l` is 1) or not (0), and finds no ask. It asks for groups, or is the first of
	/// its asset (`g` is 1), or neither (0).
	fn bid_posted(l: u32, g: u32) -> Weight;
	/// A bid waits for a visit.
	fn bid_waits() -> Weight;
	/// A visit that looks at `c` asks of one segment, one at least, without making the deal.
	fn visit(c: u32) -> Weight;
	/// A visit that looks at one ask, for which it opens `l` segments, one at least.
	fn visit_segments(l: u32) -> Weight;
	/// A visit that finds no ask in `l` segments.
	fn visit_none(l: u32) -> Weight;
	/// Noting a match that fills a bid, once the deal is made.
	fn matched() -> Weight;
	/// Judging `p` picks for a bid that was left, without making the match.
	fn solve(p: u32) -> Weight;
	/// A visit that finds the bid expired.
	fn drop_expired() -> Weight;
	/// The part of `on_idle` that every block has.
	fn on_idle_base() -> Weight;
}

/// For mocks.
// placeholder until generated
impl WeightInfo for () {
	fn poke() -> Weight {
		Weight::from_parts(30_000_000, 8_000)
	}

	fn ask_set() -> Weight {
		Weight::from_parts(60_000_000, 8_000)
	}

	fn server_changed() -> Weight {
		Weight::from_parts(60_000_000, 12_000)
	}

	fn bid_waits() -> Weight {
		Weight::from_parts(10_000_000, 3_000)
	}

	fn bid_posted(l: u32, g: u32) -> Weight {
		Weight::from_parts(60_000_000, 8_000)
			.saturating_add(Weight::from_parts(20_000_000, 3_000).saturating_mul(l.into()))
			.saturating_add(Weight::from_parts(10_000_000, 3_000).saturating_mul(g.into()))
	}

	fn visit(c: u32) -> Weight {
		Weight::from_parts(80_000_000, 22_000)
			.saturating_add(Weight::from_parts(40_000_000, 12_000).saturating_mul(c.into()))
	}

	fn visit_segments(l: u32) -> Weight {
		Weight::from_parts(100_000_000, 22_000)
			.saturating_add(Weight::from_parts(20_000_000, 12_000).saturating_mul(l.into()))
	}

	fn solve(p: u32) -> Weight {
		Weight::from_parts(100_000_000, 30_000)
			.saturating_add(Weight::from_parts(50_000_000, 15_000).saturating_mul(p.into()))
	}

	fn visit_none(l: u32) -> Weight {
		Weight::from_parts(60_000_000, 10_000)
			.saturating_add(Weight::from_parts(20_000_000, 12_000).saturating_mul(l.into()))
	}

	fn matched() -> Weight {
		Weight::from_parts(80_000_000, 10_000)
	}

	fn drop_expired() -> Weight {
		Weight::from_parts(150_000_000, 15_000)
	}

	fn on_idle_base() -> Weight {
		Weight::from_parts(10_000_000, 3_000)
	}
}
