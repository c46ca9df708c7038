//! What the hook replaces after reports.

use super::*;
use crate::{Error, Event, Missing, MissingQueue, Queued, WeightInfo};
use codec::Encode;
use frame_support::{
	assert_ok, assert_storage_noop,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::{DealWatch, Units};
use marketplace_testkit::{developer, mocks::FINE, operator, MockIncome};
use sp_runtime::DispatchError;

/// A report of a server shows that these deals miss units.
pub fn report(server: ServerId, deals: &[DealId]) {
	Deals::units_missing(server, deals.to_vec());
	assert_eq!(Deals::do_try_state(), Ok(()));
}

/// `n` deals of 2 units of the first server each, of epochs 2 to 11, whose units nobody accepted, in epoch 4.
pub fn deals_of_one_server(n: u8) -> Vec<DealId> {
	let mut whole = fill_of(10, provider(), 2 * n, 5);
	let deals = (0..n).map(|deal| {
		post(deal.into(), 2, 10, 10);
		whole.units = Units::one(2 * deal).or(Units::one(2 * deal + 1));
		fill(deal.into(), core::slice::from_ref(&whole)).expect("it fits")
	});
	let deals = deals.collect();
	MockUnits::set_epoch(4);
	events();
	deals
}

fn is_replaced(id: DealId) -> bool {
	part(id, FIRST).units.is_empty()
}

fn failed(deal: DealId, server: ServerId, error: impl Into<DispatchError>) -> Event<Test> {
	Event::ReplaceFailed { deal, server, error: error.into() }
}

type W = ();

/// What the hook uses for `entries` servers with `replaced` deals of one server, and `whole` deals that miss nothing.
pub fn cost(entries: u64, replaced: u64, whole: u64) -> Weight {
	W::visit_missing()
		.saturating_add(W::take_missing().saturating_mul(entries))
		.saturating_add(W::replace(1).saturating_mul(replaced))
		.saturating_add(W::replace_nothing().saturating_mul(whole))
}

/// Room for that, and for the most that may be due of the server when the last deal's turn comes.
pub fn room_for(entries: u64, replaced: u64, whole: u64) -> Weight {
	cost(entries, replaced, whole).saturating_add(MockUnits::MOST_DUE)
}

pub fn run(room: Weight) -> Weight {
	let mut meter = WeightMeter::with_limit(room);
	Deals::replace_queued(&mut meter);
	assert_eq!(Deals::do_try_state(), Ok(()));
	meter.consumed()
}

#[test]
fn the_hook_replaces_what_a_report_shows_to_be_missing() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::set_workers(who, id, FIRST, workers(&[0], 1)));
		MockIncome::set_own_stake(FIRST, 1_000);
		MockUnits::set_epoch(4);
		events();
		report(FIRST, &[id]);
		assert_eq!(part(id, FIRST).units, Units::first(4));
		idle(Weight::MAX);
		let unaccepted = Units::first(4).without(Units::one(0));
		assert_eq!(part(id, FIRST).units, Units::one(0));
		assert_eq!(open_offer().map(|(_, terms, _)| terms.units.target), Some(3));
		let events = events();
		assert!(matches!(
			events[..],
			[
				Event::UnitsDropped { deal, server: FIRST, unaccepted: units, from: 5, .. },
				Event::UnitsSought { units: 3, .. }
			] if deal == id && units == unaccepted
		));
		// all of the fine goes to the treasury
		assert_eq!(MockIncome::fined(), vec![(FIRST, unaccepted, 3 * FINE, None)]);
		assert!(Missing::<Test>::iter().next().is_none());
		assert!(!Queued::<Test>::contains_key(FIRST));
	});
}

#[test]
fn a_server_stands_in_the_queue_once() {
	execute(|| {
		let ids = deals_of_one_server(2);
		report(FIRST, &ids[..1]);
		let before = MissingQueue::<Test>::get();
		assert_storage_noop!(report(FIRST, &ids));
		report(SECOND, &ids);
		assert_eq!(MissingQueue::<Test>::get(), (before.0, before.1 + 1));
		run(Weight::MAX);
		assert!(is_replaced(ids[0]) && !is_replaced(ids[1]));
		// the next report tells again
		report(FIRST, &ids);
		run(Weight::MAX);
		assert!(is_replaced(ids[1]));
	});
}

#[test]
fn a_report_that_misses_nothing_is_not_queued() {
	execute(|| {
		assert_storage_noop!(report(FIRST, &[]));
	});
}

#[test]
fn an_entry_keeps_what_a_block_has_no_room_for() {
	execute(|| {
		let ids = deals_of_one_server(5);
		report(FIRST, &ids);
		for done in [2, 4, 5] {
			let used = run(room_for(1, 2, 0));
			assert!(used.all_lte(cost(1, 2, 0)));
			assert_eq!(ids.iter().filter(|id| is_replaced(**id)).count(), done);
			// the first first
			assert!(ids[..done].iter().all(|id| is_replaced(*id)));
			assert_eq!(Queued::<Test>::contains_key(FIRST), done < 5);
		}
		assert_eq!(run(Weight::MAX), W::visit_missing());
	});
}

#[test]
fn the_first_report_is_seen_to_first() {
	execute(|| {
		let first = deals_of_one_server(1)[0];
		post(7, 1, 10, 10);
		let other = fill(7, &[fill_of(20, other_provider(), 1, 5)]).unwrap();
		MockUnits::set_epoch(8);
		report(SECOND, &[other]);
		report(FIRST, &[first]);
		run(room_for(1, 1, 0));
		assert!(part(other, SECOND).units.is_empty() && !is_replaced(first));
		run(room_for(1, 1, 0));
		assert!(is_replaced(first));
	});
}

#[test]
fn what_is_not_used_is_given_back() {
	execute(|| {
		let ids = deals_of_one_server(3);
		report(FIRST, &ids);
		assert_eq!(run(Weight::MAX), cost(1, 3, 0));
		events();
		// nothing is missing any more: no event tells, and it costs little
		report(FIRST, &ids);
		assert_eq!(run(Weight::MAX), cost(1, 0, 3));
		assert!(events().is_empty());
	});
}

#[test]
fn a_refusal_holds_up_nobody() {
	execute(|| {
		let ids = deals_of_one_server(3);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), ids[1]));
		events();
		report(FIRST, &[DealId(99), ids[0], ids[1], ids[2]]);
		run(Weight::MAX);
		assert!(is_replaced(ids[0]) && !is_replaced(ids[1]) && is_replaced(ids[2]));
		let mut told = events();
		told.retain(|event| matches!(event, Event::ReplaceFailed { .. }));
		let expected = vec![failed(DealId(99), FIRST, Error::<Test>::UnknownDeal)];
		// events keep no text of errors
		assert_eq!(told.encode(), expected.encode());
	});
}

#[test]
fn nothing_is_told_of_deals_that_are_about_to_end() {
	execute(|| {
		let ids = deals_of_one_server(2);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), ids[0]));
		// no whole epoch is left of the other, or none at all
		for epoch in [11, 12] {
			MockUnits::set_epoch(epoch);
			events();
			report(FIRST, &ids);
			assert_eq!(run(Weight::MAX), cost(1, 0, 2));
			assert!(events().is_empty() && !ids.iter().any(|id| is_replaced(*id)));
		}
	});
}

#[test]
fn replacing_comes_before_closing() {
	execute(|| {
		let ended = two_servers();
		post(2, 1, 10, 10);
		let id = fill(2, &[fill_of(30, provider(), 1, 5)]).unwrap();
		contested_until(5);
		report(ServerId(30), &[id]);
		idle(room_for(1, 1, 0));
		assert!(part(id, ServerId(30)).units.is_empty());
		assert!(crate::Deals::<Test>::contains_key(ended));
		idle(Weight::MAX);
		assert!(gone(ended, &[FIRST, SECOND]));
	});
}

#[test]
fn the_queue_does_nothing_without_room() {
	execute(|| {
		let ids = deals_of_one_server(1);
		report(FIRST, &ids);
		for room in [Weight::zero(), W::visit_missing(), cost(1, 0, 0)] {
			assert_storage_noop!(assert_eq!(run(room), room));
		}
	});
}

#[test]
fn the_queue_goes_round() {
	execute(|| {
		let ids = deals_of_one_server(2);
		MissingQueue::<Test>::put((u32::MAX, u32::MAX));
		report(FIRST, &ids[..1]);
		report(SECOND, &ids[1..]);
		assert_eq!(MissingQueue::<Test>::get(), (u32::MAX, 1));
		run(Weight::MAX);
		assert_eq!(MissingQueue::<Test>::get(), (1, 1));
		assert!(is_replaced(ids[0]));
	});
}

#[test]
fn a_report_pays_for_the_queue() {
	assert_eq!(<Deals as DealWatch>::watch_weight(), W::push_missing());
}
