//! Parts of deals that have no unit any more are closed, and the deals go on.

use super::*;
use crate::{
	Addresses, Allocations, Budgets, Error, Event, Proposals, Spreads, WeightInfo, Workers,
};
use frame_support::{assert_ok, dispatch::Pays, weights::Weight, BoundedVec};
use marketplace_primitives::{UnitLedger, Units};
use marketplace_testkit::{operator, MockIncome, MockPrice};
use sp_runtime::DispatchError;

type W = ();

pub fn close(deal: DealId, server: ServerId) -> DispatchResultWithInfo<PostDispatchInfo> {
	Deals::close_allocation(RuntimeOrigin::signed(stranger()), deal, server)
}

/// As [`lasting`], in epoch 6: the first server gave its units up in epoch 1, which left with epoch 4. They served in
/// epochs 2 and 3, which can be contested no more: 40 is due.
pub fn vacant() -> DealId {
	let id = lasting();
	leave(id, FIRST, 4);
	MockUnits::set_epoch(6);
	events();
	id
}

/// The first `units` of a server leave with epoch 4; all of them served in epochs 2 and 3.
pub fn leave(id: DealId, server: ServerId, units: u8) {
	let who = RuntimeOrigin::signed(developer());
	assert_ok!(Deals::release_units(who, id, server, Units::first(units)));
	for epoch in [2, 3] {
		MockUnits::report(server, id, Units::first(units), epoch);
	}
}

pub fn settled(deal: DealId) -> Event<Test> {
	let (server, provider, unit_epochs, amount) = (FIRST, provider(), 8, 40);
	Event::Settled { deal, server, provider, unit_epochs, amount, to_provider: amount }
}

pub fn closed(deal: DealId) -> Event<Test> {
	let (server, provider, units, unit_epochs) = (FIRST, provider(), Units::NONE, 8);
	Event::AllocationClosed { deal, server, provider, units, unit_epochs, paid: 40 }
}

/// Whether nothing is left of the first server's part, and all else of the deal is as it was with it.
pub fn is_closed(id: DealId) -> bool {
	let placed = Spreads::<Test>::get(id);
	let has_place = placed.iter().any(|placed| placed.server == FIRST && placed.units == 0);
	let deal = record(id);
	assert_eq!((deal.allocations, deal.units, deal.rate), (1, 2, 14));
	assert!(has_place, "the server is forgotten");
	!Allocations::<Test>::contains_key(id, FIRST)
		&& !Workers::<Test>::contains_key(id, FIRST)
		&& !Addresses::<Test>::contains_key(id, FIRST)
		&& !Proposals::<Test>::contains_key(id, FIRST)
		&& !Budgets::<Test>::contains_key(id, FIRST)
		&& MockUnits::reservation(FIRST, id).is_none()
}

#[test]
fn close_allocation_pays_and_forgets_a_part_without_units() {
	execute(|| {
		let id = lasting();
		let by = |who| RuntimeOrigin::signed(who);
		assert_ok!(Deals::set_workers(by(operator()), id, FIRST, workers(&[0, 1], 1)));
		let address = BoundedVec::truncate_from(vec![7]);
		let addresses = BoundedVec::truncate_from(vec![address]);
		assert_ok!(Deals::set_addresses(by(operator()), id, FIRST, addresses));
		assert_ok!(Deals::propose_price(by(provider()), id, FIRST, Some(6)));
		leave(id, FIRST, 4);
		MockUnits::set_epoch(6);
		events();
		let done = close(id, FIRST).unwrap();
		assert_eq!((done.actual_weight, done.pays_fee), (Some(W::close_early()), Pays::No));
		assert_eq!(events(), vec![settled(id), closed(id)]);
		assert!(is_closed(id));
		assert_eq!((MockEscrow::paid_to(&provider()), held(id)), (40, 560));
		assert_eq!(MockEscrow::total(), 600);
		assert_refused!(close(id, FIRST), Error::<Test>::UnknownAllocation);

		// it goes on with the other, and closes without the first
		assert_eq!(Deals::funded_until(id), Some(11));
		MockUnits::serve(SECOND, id, 20);
		contested_until(12);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&other_provider()), 140);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 420);
	});
}

#[test]
fn close_allocation_is_refused_to_no_signer_and_of_what_is_unknown() {
	execute(|| {
		let id = vacant();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Deals::close_allocation(origin, id, FIRST);
			assert_refused!(refused, DispatchError::BadOrigin);
		}
		assert_refused!(close(DealId(9), FIRST), Error::<Test>::UnknownDeal);
		assert_refused!(close(id, ServerId(9)), Error::<Test>::UnknownAllocation);
	});
}

#[test]
fn close_allocation_is_refused_while_a_unit_is_there() {
	execute(|| {
		let id = lasting();
		let refused = || {
			assert_refused!(close(id, FIRST), Error::<Test>::UnitsHeld);
		};
		refused();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::first(3)));
		MockUnits::set_epoch(6);
		refused();
		// what a deal lost is its own until it is replaced
		MockUnits::fail(FIRST, Units::one(3));
		refused();
		assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST));
		refused();
		MockUnits::set_epoch(8);
		assert_refused!(close(id, FIRST), Error::<Test>::ContestOpen);
		MockUnits::set_epoch(9);
		assert_ok!(close(id, FIRST));
	});
	execute(|| {
		// to the end of the deal, and after it
		let id = two_servers();
		contested_until(5);
		assert_refused!(close(id, FIRST), Error::<Test>::UnitsHeld);
	});
}

#[test]
fn close_allocation_waits_until_nothing_can_be_contested() {
	execute(|| {
		let id = lasting();
		leave(id, FIRST, 4);
		MockUnits::set_epoch(3);
		assert_refused!(close(id, FIRST), Error::<Test>::UnitsHeld);
		for epoch in [4, 5] {
			MockUnits::set_epoch(epoch);
			assert_refused!(close(id, FIRST), Error::<Test>::ContestOpen);
		}
		MockUnits::set_epoch(6);
		// full blocks hold reports up
		MockUnits::hold_final(Some(3));
		assert_refused!(close(id, FIRST), Error::<Test>::ContestOpen);
		MockUnits::hold_final(None);
		assert_ok!(close(id, FIRST));
	});
}

#[test]
fn close_allocation_is_refused_where_the_ledger_does_not_let_go() {
	execute(|| {
		let id = vacant();
		assert_ok!(MockUnits::release(FIRST, id));
		assert_refused!(close(id, FIRST), DispatchError::Other("no reservation"));
	});
}

#[test]
fn close_allocation_compensates_before_it_forgets_what_was_lost() {
	execute(|| {
		let id = vacant();
		MockIncome::lose(FIRST, id, 8);
		MockIncome::set_own_stake(FIRST, 1_000);
		// at the end of the deal it would go unpaid
		assert_refused!(close(id, FIRST), Error::<Test>::ValueUnknown);
		MockPrice::set_rate(ASSET, Some(3));
		assert_ok!(close(id, FIRST));
		let (server, developer) = (FIRST, developer());
		let (unit_epochs, worth, amount) = (8, 15, 120);
		let compensated =
			Event::Compensated { deal: id, server, developer, unit_epochs, worth, amount };
		assert_eq!(events(), vec![compensated, settled(id), closed(id)]);
		assert!(is_closed(id));
	});
}

/// As [`vacant`], with a gateway and a budget of 100, in `epoch`.
pub fn with_budget(epoch: u32) -> DealId {
	let id = with_requests();
	leave(id, FIRST, 4);
	MockUnits::set_epoch(epoch);
	events();
	id
}

pub fn back(deal: DealId, amount: u128) -> Event<Test> {
	Event::RequestsReclaimed { deal, server: FIRST, amount }
}

#[test]
fn close_allocation_begins_to_reclaim_a_budget_that_nobody_did() {
	execute(|| {
		let id = with_budget(4);
		let done = close(id, FIRST).unwrap();
		assert_eq!((done.actual_weight, done.pays_fee), (Some(W::close_early()), Pays::No));
		let started = Event::ReclaimStarted { deal: id, server: FIRST, until: 7 };
		assert_eq!(events(), vec![started]);
		assert_refused!(close(id, FIRST), Error::<Test>::BudgetOpen);
		MockUnits::set_epoch(6);
		// vouchers have their time
		assert_ok!(redeem(id, 30));
		assert_refused!(close(id, FIRST), Error::<Test>::BudgetOpen);
		events();
		MockUnits::set_epoch(7);
		assert_ok!(close(id, FIRST));
		assert_eq!(events(), vec![back(id, 70), settled(id), closed(id)]);
		assert!(is_closed(id));
		assert_eq!((MockEscrow::paid_to(&provider()), held(id)), (70, 560));
		let record = MockEscrow::record(EscrowId::Deal(id)).unwrap();
		assert_eq!((record.refunded, MockEscrow::total()), (70, 700));
		assert_eq!(Deals::requests(id).unspent, 0);
		assert_refused!(redeem(id, 31), Error::<Test>::UnknownAllocation);
	});
}

#[test]
fn close_allocation_does_not_begin_while_a_unit_is_there() {
	execute(|| {
		let id = with_budget(3);
		assert_refused!(close(id, FIRST), Error::<Test>::UnitsHeld);
	});
}

#[test]
fn close_allocation_goes_on_where_the_developer_began_to_reclaim() {
	execute(|| {
		let id = with_budget(4);
		assert_ok!(reclaim(id));
		assert_refused!(close(id, FIRST), Error::<Test>::BudgetOpen);
		MockUnits::set_epoch(7);
		assert_ok!(reclaim(id));
		events();
		assert_ok!(close(id, FIRST));
		assert_eq!(events(), vec![settled(id), closed(id)]);
	});
}

#[test]
fn close_allocation_asks_nothing_of_a_budget_that_is_spent() {
	execute(|| {
		let id = with_budget(6);
		assert_ok!(redeem(id, 100));
		assert_ok!(close(id, FIRST));
		assert!(is_closed(id));
	});
}

#[test]
fn a_budget_that_is_over_stays_where_something_can_be_contested() {
	execute(|| {
		let id = with_requests();
		assert_ok!(reclaim(id));
		leave(id, FIRST, 4);
		MockUnits::set_epoch(5);
		assert_refused!(close(id, FIRST), Error::<Test>::ContestOpen);
		assert_eq!(budget(id), (100, 0));
	});
}

#[test]
fn in_a_deal_that_ended_vouchers_count_until_its_last_redemption() {
	execute(|| {
		let id = with_budget(13);
		assert_ok!(close(id, FIRST));
		assert!(matches!(events()[..], [Event::ReclaimStarted { until: 16, .. }]));
		assert_refused!(close(id, FIRST), Error::<Test>::BudgetOpen);
		contested_until(12);
		assert_refused!(redeem(id, 30), Error::<Test>::DealEnded);
		assert_ok!(close(id, FIRST));
		assert_eq!(events(), vec![back(id, 100), settled(id), closed(id)]);
		assert_eq!(held(id), 560);
	});
}

#[test]
fn a_part_can_be_closed_while_its_deal_is_being_closed() {
	execute(|| {
		post(1, 100, 10, 10);
		let fills: Vec<_> = (0..6).map(|server| fill_of(server, provider(), 2, 5)).collect();
		let id = fill(1, &fills).unwrap();
		for server in (0..6).map(ServerId) {
			if server.0 % 2 == 0 {
				leave(id, server, 2);
			}
			MockUnits::serve(server, id, 1);
		}
		contested_until(12);
		// two of them are closed by the deal's end, in whichever order they are stored
		ClosesPerCall::set(2);
		let anyone = || RuntimeOrigin::signed(stranger());
		assert_ok!(Deals::close_deal(anyone(), id));
		assert!(record(id).cursor.is_some());
		let mut left = 4;
		for server in (0..6).map(ServerId) {
			if close(id, server).is_ok() {
				left -= 1;
			}
			assert_eq!(record(id).allocations, left);
			assert_eq!(Deals::do_try_state(), Ok(()));
		}
		assert!((1..4).contains(&left), "{left}");
		while Deals::close_deal(anyone(), id).is_ok() {}
		assert!(gone(id, &[]));
		// no more than was funded
		assert_eq!(MockEscrow::paid_to(&provider()), 5 * (3 + 3 * 4));
		ClosesPerCall::set(4);
	});
}

#[test]
fn who_closes_a_part_and_when_changes_no_amount() {
	let outcome = |close_in: Option<u32>| {
		let mut outcome = None;
		execute(|| {
			let id = with_budget(4);
			assert_ok!(reclaim(id));
			MockUnits::serve(SECOND, id, 20);
			if let Some(epoch) = close_in {
				MockUnits::set_epoch(epoch);
				assert_ok!(close(id, FIRST));
			}
			contested_until(20);
			idle(Weight::MAX);
			assert!(gone(id, &[FIRST, SECOND]));
			let rest = MockEscrow::record(EscrowId::Deal(id)).unwrap();
			let paid = [provider(), other_provider()].map(|who| MockEscrow::paid_to(&who));
			outcome = Some((paid, rest.held, rest.refunded));
		});
		outcome
	};
	let at_the_end = outcome(None);
	assert_eq!(at_the_end, Some(([40, 140], 0, 520)));
	for epoch in [7, 9, 13, 20] {
		assert_eq!(outcome(Some(epoch)), at_the_end, "closed in epoch {epoch}");
	}
}
