use super::state;
use frame_support::weights::Weight;
use marketplace_primitives::{DealId, DealWatch, ServerId};

/// Writes down which deals miss units of which servers.
pub struct MockWatch;

state!(MockWatch, Vec<(ServerId, Vec<DealId>)>, WATCH);

impl MockWatch {
	/// What it was told since the last time, in order.
	pub fn take() -> Vec<(ServerId, Vec<DealId>)> {
		Self::with(std::mem::take)
	}
}

impl DealWatch for MockWatch {
	fn units_missing(server: ServerId, deals: Vec<DealId>) {
		Self::with(|told| told.push((server, deals)));
	}

	fn watch_weight() -> Weight {
		Weight::from_parts(1_000, 0)
	}
}
