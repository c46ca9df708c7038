use super::*;
use crate::{Error, Event, Workers, WorkersOf};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::Units;
use marketplace_testkit::{developer, operator, stranger, MockUnits};
use sp_runtime::{AccountId32, DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn set(
	who: AccountId32,
	deal: DealId,
	server: ServerId,
	list: WorkersOf,
) -> DispatchResultWithInfo<Post> {
	Deals::set_workers(RuntimeOrigin::signed(who), deal, server, list)
}

fn ready(deal: DealId) -> Units {
	MockUnits::reservation(FIRST, deal).unwrap().ready
}

#[test]
fn set_workers_makes_units_ready() {
	execute(|| {
		let id = two_servers();
		events();
		let list = workers(&[3, 0], 1);
		assert_ok!(set(operator(), id, FIRST, list.clone()));
		assert_eq!(ready(id), Units::one(0).or(Units::one(3)));
		assert_eq!(Workers::<Test>::get(id, FIRST), workers(&[0, 3], 1));
		assert_eq!(events(), vec![Event::WorkersSet { deal: id, server: FIRST, workers: list }]);
	});
}

#[test]
fn set_workers_adds_and_replaces() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, workers(&[0, 1], 1)));
		assert_ok!(set(provider(), id, FIRST, workers(&[1, 2], 9)));
		assert_eq!(
			Workers::<Test>::get(id, FIRST).into_inner(),
			vec![(0, [1; 32]), (1, [10; 32]), (2, [11; 32])]
		);
		assert_eq!(ready(id), Units::first(3));
	});
}

#[test]
fn set_workers_does_not_interrupt_when_it_only_replaces() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 1)));
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 2)));
		assert_ok!(set(operator(), id, FIRST, workers(&[0, 1], 2)));
		assert_eq!(MockUnits::readied(), vec![Units::one(0), Units::one(1)]);
	});
}

#[test]
fn set_workers_is_refused_for_a_first_worker_when_the_time_is_over() {
	execute(|| {
		let id = lasting();
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 1)));
		MockUnits::set_epoch(3);
		assert_ok!(set(operator(), id, FIRST, workers(&[1], 1)));
		// the time to accept is over with epoch 4, though nobody replaced anything
		for epoch in [4, 6, 11] {
			MockUnits::set_epoch(epoch);
			for list in [workers(&[2], 1), workers(&[0, 2], 1)] {
				assert_noop!(set(operator(), id, FIRST, list), Error::<Test>::AcceptanceOver);
			}
			assert_ok!(set(operator(), id, FIRST, workers(&[0, 1], 2)));
		}
		assert_eq!(MockUnits::readied(), vec![Units::one(0), Units::one(1)]);
	});
}

#[test]
fn set_workers_is_refused_with_the_epoch_in_which_units_can_be_replaced() {
	execute(|| {
		let id = wanting();
		MockUnits::set_epoch(5);
		let late = ServerId(30);
		assert_ok!(fill(1, &[fill_of(late.0, provider(), 2, 5)]));
		let who = || RuntimeOrigin::signed(stranger());
		// it might have served with epoch 6
		MockUnits::set_epoch(7);
		assert_noop!(Deals::replace(who(), id, late), Error::<Test>::NothingMissing);
		assert_ok!(set(operator(), id, late, workers(&[0], 1)));
		MockUnits::set_epoch(8);
		let refused = Error::<Test>::AcceptanceOver;
		assert_noop!(set(operator(), id, late, workers(&[1], 1)), refused);
		assert_ok!(Deals::replace(who(), id, late));
		assert_eq!(part(id, late).units, Units::one(0));
		// once it is replaced it is not the deal's
		let refused = Error::<Test>::ForeignUnit;
		assert_noop!(set(operator(), id, late, workers(&[1], 1)), refused);
		assert_ok!(set(operator(), id, late, workers(&[0], 2)));
	});
}

#[test]
fn set_workers_is_refused_late_where_nothing_is_replaced_any_more() {
	execute(|| {
		// in the last epoch
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 1)));
		end_at(4);
		let replaced = Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST);
		assert_noop!(replaced, Error::<Test>::DealEnded);
		let refused = Error::<Test>::AcceptanceOver;
		assert_noop!(set(operator(), id, FIRST, workers(&[1], 1)), refused);
		// they are the deal's to the end, and served nothing
		assert_eq!(part(id, FIRST).units, Units::first(4));
		MockUnits::serve(FIRST, id, 3);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(MockEscrow::paid_to(&provider()), 15);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 180 - 15);
	});
	execute(|| {
		// in notice
		let id = lasting();
		MockUnits::set_epoch(3);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 1)));
		MockUnits::set_epoch(4);
		let replaced = Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST);
		assert_noop!(replaced, Error::<Test>::Terminated);
		let refused = Error::<Test>::AcceptanceOver;
		assert_noop!(set(operator(), id, FIRST, workers(&[1], 1)), refused);
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 2)));
	});
}

#[test]
fn set_workers_is_refused_for_units_that_are_lost() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, workers(&[0, 1], 1)));
		MockUnits::fail(FIRST, Units::one(1).or(Units::one(2)));
		for unit in [1, 2] {
			assert_noop!(set(operator(), id, FIRST, workers(&[unit], 2)), Error::<Test>::UnitLost);
		}
		assert_ok!(set(operator(), id, FIRST, workers(&[0, 3], 2)));
	});
}

#[test]
fn set_workers_is_refused_for_units_that_leave() {
	execute(|| {
		let id = lasting();
		assert_ok!(set(operator(), id, FIRST, workers(&[0, 1], 1)));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::one(1)));
		assert_noop!(set(operator(), id, FIRST, workers(&[1], 2)), Error::<Test>::ForeignUnit);
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 2)));
		assert_eq!(Workers::<Test>::get(id, FIRST).len(), 2);
	});
}

#[test]
fn set_workers_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		for who in [stranger(), other_provider()] {
			assert_noop!(set(who, id, FIRST, workers(&[0], 1)), Error::<Test>::NotOperator);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(
				Deals::set_workers(origin, id, FIRST, workers(&[0], 1)),
				DispatchError::BadOrigin
			);
		}
	});
}

#[test]
fn set_workers_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = two_servers();
		let list = workers(&[0], 1);
		assert_noop!(set(operator(), DealId(9), FIRST, list.clone()), Error::<Test>::UnknownDeal);
		assert_noop!(set(operator(), id, ServerId(9), list), Error::<Test>::UnknownAllocation);
	});
}

#[test]
fn set_workers_is_refused_when_the_list_is_wrong() {
	execute(|| {
		let id = two_servers();
		for (list, error) in [
			(workers(&[], 1), Error::<Test>::NoWorkers),
			(workers(&[4], 1), Error::<Test>::ForeignUnit),
			(workers(&[64], 1), Error::<Test>::ForeignUnit),
			(workers(&[0, 255], 1), Error::<Test>::ForeignUnit),
			(workers(&[1, 1], 1), Error::<Test>::DuplicateUnit),
		] {
			assert_noop!(set(operator(), id, FIRST, list), error);
		}
		assert_eq!(ready(id), Units::NONE);
	});
}

#[test]
fn set_workers_is_refused_when_the_deal_ended() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 1)));
		end_at(4);
		assert_ok!(set(operator(), id, FIRST, workers(&[0], 2)));
		end_at(5);
		assert_noop!(set(operator(), id, FIRST, workers(&[0], 1)), Error::<Test>::DealEnded);
	});
}
