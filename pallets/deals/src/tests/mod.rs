//! A file per call, and one each for matches, income, the wheel, the views and the invariants.

mod close_deal;
mod compensate;
mod enlarge;
mod extend_deal;
mod fill;
mod history;
mod income;
mod invariants;
mod model;
mod release_units;
mod renew;
mod replace;
mod set_protocol_fee;
mod set_renewal;
mod set_workers;
mod settle;
mod terminate;
mod views;
mod wheel;
mod withdraw_surplus;

use crate::mock::*;
use marketplace_primitives::{BidTerms, DealId, Escrow, EscrowId, OfferId, ServerId};
use marketplace_testkit::{other_provider, provider, MockEscrow, MockOffers, MockUnits};
use sp_runtime::AccountId32;

/// Deal 0 of offer 1, made in epoch 1: server 10 of the first provider with 4 units at 5, server 20 of
/// the other with 2 units at 7, term 3 (epochs 2, 3 and 4), at a highest price of 10.
fn two_servers() -> DealId {
	post(1, 6, 10, 3);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// Deal 0 of offer 1, as [`two_servers`], with a term of 10 (epochs 2 to 11): escrow holds 600.
fn lasting() -> DealId {
	post(1, 6, 10, 10);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// As [`lasting`], of an offer that wants 2 units more: escrow of the deal holds 600, of the offer 200.
fn wanting() -> DealId {
	post(1, 8, 10, 10);
	fill(1, &[fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)]).expect("it fits")
}

/// The offer that is open, and what its escrow holds.
fn open_offer() -> Option<(OfferId, BidTerms<AccountId32>, u128)> {
	let mut open = MockOffers::open();
	assert!(open.len() < 2, "more than one open offer");
	open.pop().map(|(id, terms)| (id, terms, MockEscrow::held(EscrowId::Offer(id))))
}

/// The record of a deal.
fn record(deal: DealId) -> crate::DealOf<Test> {
	crate::Deals::<Test>::get(deal).expect("the deal runs")
}

/// A server's part of a deal.
fn part(deal: DealId, server: ServerId) -> crate::Allocation<AccountId32> {
	crate::Allocations::<Test>::get(deal, server).expect("the server is in the deal")
}

/// What escrow of a deal holds.
fn held(deal: DealId) -> u128 {
	MockEscrow::held(EscrowId::Deal(deal))
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
		&& !crate::Spreads::<Test>::contains_key(deal)
		&& !crate::Wishes::<Test>::contains_key(deal)
		&& !crate::Renewals::<Test>::contains_key(deal)
		&& crate::Workers::<Test>::iter_prefix(deal).next().is_none()
		&& servers.iter().all(|server| MockUnits::reservation(*server, deal).is_none())
}
