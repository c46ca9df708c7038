//! A file per call, and one each for matches, the wheel, the views and the invariants.

mod close_deal;
mod fill;
mod invariants;
mod set_workers;
mod settle;
mod views;
mod wheel;

use crate::mock::*;
use marketplace_primitives::{DealId, ServerId};
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
