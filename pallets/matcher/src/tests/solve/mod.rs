//! Matches that somebody found: what is made, what is refused, and random markets with all the picks there are.

mod found;
mod property;
mod refused;

use super::{reward::rewarded, world::*};
use crate::{mock::*, Call};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, traits::UnfilteredDispatchable, BoundedVec,
};
use marketplace_primitives::{
	Ask, AskId, Balance, DataCenterId, OfferId, Placement, ServerId, Units,
};
use marketplace_testkit::{other_provider, provider, stranger, MockRegistry};
use sp_runtime::AccountId32;

/// Units picked of asks.
type Picks<'a> = &'a [(u64, Units)];

fn dispatch(origin: RuntimeOrigin, offer: u64, picks: Picks) -> DispatchResultWithPostInfo {
	let picks = picks.iter().map(|(ask, units)| (AskId(*ask), *units)).collect::<Vec<_>>();
	let picks = BoundedVec::try_from(picks).expect("few picks");
	Call::<Test>::solve { offer: OfferId(offer), picks }.dispatch_bypass_filter(origin)
}

fn solve(offer: u64, picks: Picks) -> DispatchResultWithPostInfo {
	dispatch(RuntimeOrigin::signed(stranger()), offer, picks)
}

fn fee() -> Balance {
	rewarded(1, stranger())
}

/// A server of `owner` with `units` units in data centre `site` of `country`, all of them under one ask.
fn at(id: u32, owner: AccountId32, units: u8, site: u32, country: &[u8; 2], price: u128) {
	server(id, owner, units);
	MockRegistry::change_server(ServerId(id), |server| {
		server.data_center = DataCenterId(site);
		server.location.country = *country;
	});
	ask(id.into(), id, price);
}

fn units(range: std::ops::Range<u8>) -> Units {
	range.fold(Units::NONE, |set, unit| set.or(Units::one(unit)))
}

const ONE: Units = Units(1);

/// A unit of two providers and countries is wanted. The cheapest server is of the first of both, so that the
/// rule takes it, and needs one of the second of both then, which there is not.
fn two_groups() {
	at(1, provider(), 4, 1, b"CH", 4);
	at(2, other_provider(), 4, 2, b"CH", 5);
	at(3, provider(), 4, 3, b"DE", 6);
	let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
	post(1, Terms { placement, ..bid(9, 2, 2) });
	settle();
	assert_eq!(got(1), []);
	events();
}

/// The picks that solve it.
const APART: Picks = &[(2, ONE), (3, ONE)];

/// Four units in three data centres are wanted, two of a provider at most. The rule takes both that the cap
/// leaves to the first in one data centre.
fn capped() {
	at(1, provider(), 2, 1, b"CH", 4);
	at(2, provider(), 2, 2, b"CH", 5);
	at(3, other_provider(), 2, 3, b"CH", 6);
	let placement =
		Placement { max_per_provider: Some(2), min_data_centers: 3, ..Default::default() };
	post(1, Terms { placement, ..bid(9, 4, 4) });
	settle();
	assert_eq!(got(1), []);
}

/// Four units are wanted. The rule takes the one of a server's cheapest ask, and a server once.
fn hidden() {
	server(1, provider(), 8);
	set_ask(1, Ask { units: units(0..1), ..ask_of(1, 4) });
	set_ask(2, Ask { units: units(1..8), ..ask_of(1, 5) });
	at(3, other_provider(), 1, 2, b"DE", 6);
	post(1, bid(9, 4, 9));
	settle();
	assert_eq!(got(1), []);
}
