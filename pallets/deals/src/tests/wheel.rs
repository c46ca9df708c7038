use super::*;
use crate::{Deals as DealRecords, Ending, Event, WeightInfo};
use frame_support::{
	assert_ok, assert_storage_noop,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::{Deals as _, Escrow, EscrowId, UnitLedger};
use marketplace_testkit::{developer, MockEscrow};

/// Room for `n` whole deals of one server.
pub fn room_for(n: u64) -> Weight {
	let one = <() as WeightInfo>::visit_deal()
		.saturating_add(<() as WeightInfo>::close_allocation())
		.saturating_add(<() as WeightInfo>::finish_deal());
	looks().saturating_add(one.saturating_mul(n))
}

/// What a block costs in which there is nothing to do.
pub fn looks() -> Weight {
	<() as WeightInfo>::visit_missing().saturating_add(<() as WeightInfo>::visit_wheel())
}

/// `n` deals of one server each, all of which end with epoch 5.
fn deals(n: u32) -> Vec<DealId> {
	(0..n)
		.map(|k| {
			post(k.into(), 1, 10, 3);
			let id = fill(k.into(), &[fill_of(k, provider(), 1, 5)]).unwrap();
			MockUnits::serve(ServerId(k), id, 3);
			id
		})
		.collect()
}

#[test]
fn the_wheel_closes_ended_deals() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 12);
		MockUnits::serve(SECOND, id, 6);
		contested_until(5);
		let used = idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 180 - 102);
		let cost = room_for(1).saturating_add(<() as WeightInfo>::close_allocation());
		assert_eq!(used, cost);
	});
}

#[test]
fn the_wheel_costs_the_same_however_many_deals_run() {
	let quiet = |n| {
		let mut used = Weight::zero();
		execute(|| {
			deals(n);
			end_at(4);
			assert_storage_noop!(used = idle(Weight::MAX));
		});
		used
	};
	assert_eq!(quiet(0), looks());
	assert_eq!(quiet(1), quiet(0));
	assert_eq!(quiet(200), quiet(0));
}

#[test]
fn the_wheel_waits_until_nothing_can_be_contested() {
	execute(|| {
		let id = two_servers();
		for epoch in [5, 6] {
			end_at(epoch);
			assert_storage_noop!(idle(Weight::MAX));
		}
		contested_until(5);
		MockUnits::hold_final(Some(4));
		assert_storage_noop!(idle(Weight::MAX));
		MockUnits::serve(FIRST, id, 12);
		MockUnits::hold_final(None);
		idle(Weight::MAX);
		assert!(gone(id, &[]));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
	});
}

#[test]
fn the_wheel_carries_over_what_a_block_has_no_room_for() {
	execute(|| {
		let ids = deals(25);
		contested_until(5);
		for block in 1..=3usize {
			let used = idle(room_for(10));
			assert!(used.all_lte(room_for(10)));
			assert_eq!(ids.iter().filter(|id| gone(**id, &[])).count(), 25.min(10 * block));
			assert_eq!(Deals::do_try_state(), Ok(()));
		}
		assert_eq!(MockEscrow::paid_to(&provider()), 25 * 15);
		assert_eq!(MockEscrow::total(), 25 * 30);
		assert!(Ending::<Test>::iter_keys().next().is_none());
	});
}

#[test]
fn the_wheel_closes_the_first_to_end_first() {
	execute(|| {
		post(1, 1, 10, 300);
		let late = fill(1, &[fill_of(1, provider(), 1, 5)]).unwrap();
		post(2, 1, 10, 2);
		let early = fill(2, &[fill_of(2, provider(), 1, 5)]).unwrap();
		contested_until(1_000);
		idle(room_for(1));
		assert!(gone(early, &[]));
		assert!(DealRecords::<Test>::contains_key(late));
	});
}

#[test]
fn the_wheel_closes_a_large_deal_over_many_blocks() {
	execute(|| {
		post(1, 100, 10, 3);
		let fills: Vec<_> = (0..8).map(|server| fill_of(server, provider(), 2, 5)).collect();
		let id = fill(1, &fills).unwrap();
		for server in 0..8 {
			MockUnits::serve(ServerId(server), id, 6);
		}
		contested_until(5);
		let room = looks()
			.saturating_add(<() as WeightInfo>::visit_deal())
			.saturating_add(<() as WeightInfo>::close_allocation())
			.saturating_add(MockUnits::MOST_DUE);
		for left in (0..8).rev() {
			assert!(idle(room).all_lte(room));
			assert_eq!(DealRecords::<Test>::get(id).unwrap().allocations, left);
			assert_eq!(Deals::do_try_state(), Ok(()));
		}
		idle(room);
		assert!(gone(id, &[]));
		assert_eq!(MockEscrow::paid_to(&provider()), 8 * 6 * 5);
	});
}

#[test]
fn the_wheel_does_nothing_without_room() {
	execute(|| {
		let id = two_servers();
		contested_until(5);
		assert_storage_noop!(assert_eq!(idle(Weight::zero()), Weight::zero()));
		let mut meter = WeightMeter::with_limit(<() as WeightInfo>::visit_wheel());
		assert_storage_noop!(Deals::close_ended(&mut meter));
		assert_eq!(Deals::end(id), Some(5));
	});
}

#[test]
fn a_deal_that_cannot_be_closed_holds_up_no_other() {
	execute(|| {
		let ids = deals(3);
		let (stuck, failing) = (ids[0], ServerId(0));
		contested_until(5);
		assert_ok!(MockUnits::release(failing, stuck));
		events();
		idle(Weight::MAX);
		assert!(gone(ids[1], &[]) && gone(ids[2], &[]));
		assert_eq!(DealRecords::<Test>::get(stuck).unwrap().due, 6);
		let failures = |events: Vec<Event<Test>>| {
			events.iter().filter(|event| matches!(event, Event::CloseFailed { .. })).count()
		};
		assert_eq!(failures(events()), 1);
		assert_storage_noop!(idle(Weight::MAX));

		// it is tried once in the next epoch, and closed once the reason is gone
		contested_until(6);
		idle(Weight::MAX);
		assert_eq!(failures(events()), 1);
		MockUnits::serve(failing, stuck, 3);
		contested_until(7);
		idle(Weight::MAX);
		assert!(gone(stuck, &[failing]));
	});
}

#[test]
fn the_wheel_and_the_call_close_alike() {
	let outcome = |by_call: bool| {
		let mut outcome = Default::default();
		execute(|| {
			let id = two_servers();
			MockUnits::serve(FIRST, id, 11);
			MockUnits::serve(SECOND, id, 5);
			contested_until(5);
			if by_call {
				assert_ok!(Deals::close_deal(RuntimeOrigin::signed(developer()), id));
			} else {
				idle(Weight::MAX);
			}
			assert_eq!(MockEscrow::held(EscrowId::Deal(id)), 0);
			outcome = (events(), MockEscrow::record(EscrowId::Deal(id)));
		});
		outcome
	};
	let (called, idled): ((Vec<Event<Test>>, _), _) = (outcome(true), outcome(false));
	assert_eq!(called, idled);
}
