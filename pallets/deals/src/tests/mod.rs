//! A file per call, and one each for matches, income, the wheel, the views and the invariants.

mod close_deal;
mod compensate;
mod fill;
mod income;
mod invariants;
mod set_workers;
mod settle;
mod views;
mod wheel;

use crate::mock::*;
use marketplace_primitives::{DealId, Deals as _, ServerId};
use marketplace_testkit::{other_provider, provider, MockUnits};

/// Deal 0 of offer 1, made in epoch 1: server 10 of the first provider with 4 units at 5, server 20 of
/// the other with 2 units at 7, term 3 (epochs 2, 3 and 4), at a highest price of 10.
fn two_servers() -> DealId {
	post(1, 6, 10, 3);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

const FIRST: ServerId = ServerId(10);
const SECOND: ServerId = ServerId(20);

/// Goes to the start of epoch `end`, with everything before it final.
fn end_at(end: u32) {
	MockUnits::set_epoch(end);
}

/// The events of this pallet since the last time.
fn events() -> Vec<crate::Event<Test>> {
	let events = System::read_events_for_pallet::<crate::Event<Test>>();
	System::reset_events();
	events
}

/// Whether a deal left nothing in storage.
fn gone(deal: DealId, servers: &[ServerId]) -> bool {
	!crate::Deals::<Test>::contains_key(deal)
		&& crate::Ending::<Test>::iter_keys().all(|(_, id)| id != deal)
		&& crate::Allocations::<Test>::iter_prefix(deal).next().is_none()
		&& crate::ProviderUnits::<Test>::iter_prefix(deal).next().is_none()
		&& crate::Workers::<Test>::iter_prefix(deal).next().is_none()
		&& servers.iter().all(|server| !Deals::has_server(deal, *server))
}
