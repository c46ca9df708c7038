use super::*;
use crate::{Error, Event, Spreads, Workers};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{UnitLedger, Units};
use marketplace_testkit::{developer, operator, stranger};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn release(id: DealId, server: ServerId, units: Units) -> DispatchResultWithInfo<Post> {
	Deals::release_units(RuntimeOrigin::signed(developer()), id, server, units)
}

fn placed(id: DealId) -> Vec<(ServerId, u32)> {
	Spreads::<Test>::get(id).iter().map(|placed| (placed.server, placed.units)).collect()
}

#[test]
fn release_units_lets_units_leave_after_the_notice() {
	execute(|| {
		let id = lasting();
		MockUnits::set_epoch(2);
		events();
		let units = Units::one(1).or(Units::one(3));
		assert_ok!(release(id, FIRST, units));
		let allocation = part(id, FIRST);
		assert_eq!(allocation.units, Units::one(0).or(Units::one(2)));
		assert_eq!(allocation.leaving.to_vec(), vec![(5, units)]);
		// two units for epochs 2 to 4, two for 2 to 11
		assert_eq!(allocation.funded, 2 * 3 + 2 * 10);
		let deal = record(id);
		assert_eq!((deal.units, deal.rate, deal.allocations), (4, 2 * 5 + 2 * 7, 2));
		assert_eq!(placed(id), vec![(FIRST, 2), (SECOND, 2)]);
		assert_eq!(MockUnits::held(FIRST, id), allocation.units);
		assert_eq!(
			events(),
			vec![Event::UnitsReleased { deal: id, server: FIRST, units, from: 5 }]
		);
	});
}

#[test]
fn release_units_pays_what_they_serve_and_frees_the_rest() {
	execute(|| {
		let id = lasting();
		assert_ok!(release(id, FIRST, Units::first(3)));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(who, id, 1));
		assert_eq!(held(id), (3 * 2 + 10) * 5 + 20 * 7);
		MockUnits::serve(FIRST, id, 3 * 2 + 10);
		MockUnits::serve(SECOND, id, 20);
		contested_until(12);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(MockEscrow::paid_to(&provider()), 16 * 5);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 20 * 7);
	});
}

#[test]
fn release_units_never_lasts_longer_than_the_deal() {
	execute(|| {
		let id = two_servers();
		MockUnits::set_epoch(3);
		assert_ok!(release(id, FIRST, Units::one(0)));
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(5, Units::one(0))]);
		assert_eq!(part(id, FIRST).funded, 12);
	});
}

#[test]
fn release_units_leaves_a_server_that_is_not_taken_again() {
	execute(|| {
		let id = wanting();
		assert_ok!(release(id, SECOND, Units::first(2)));
		assert_eq!(placed(id), vec![(FIRST, 4), (SECOND, 0)]);
		assert_eq!(record(id).allocations, 2);
		let again = fill_of(20, other_provider(), 2, 7);
		assert_noop!(fill(1, &[again]), Error::<Test>::ServerTwice);
	});
}

#[test]
fn release_units_forgets_workers_once_they_are_past() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::set_workers(who, id, FIRST, workers(&[0, 1, 2, 3], 1)));
		assert_ok!(release(id, FIRST, Units::one(0)));
		assert_ok!(release(id, FIRST, Units::one(1)));
		let both = Units::first(2);
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(4, both)]);
		assert_eq!(Workers::<Test>::get(id, FIRST), workers(&[0, 1, 2, 3], 1));
		end_at(4);
		MockUnits::hold_final(Some(3));
		assert_ok!(release(id, FIRST, Units::one(2)));
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(4, both), (7, Units::one(2))]);
		MockUnits::hold_final(None);
		// what they served in epoch 3 can be contested until then
		end_at(6);
		assert_eq!(Workers::<Test>::get(id, FIRST).len(), 4);
		assert_ok!(release(id, FIRST, Units::one(3)));
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(7, Units::one(2)), (9, Units::one(3))]);
		assert_eq!(Workers::<Test>::get(id, FIRST), workers(&[2, 3], 1));
	});
}

#[test]
fn release_units_is_refused_for_the_wrong_units() {
	execute(|| {
		let id = two_servers();
		assert_noop!(release(id, FIRST, Units::NONE), Error::<Test>::NoUnits);
		assert_noop!(release(id, FIRST, Units::one(4)), Error::<Test>::ForeignUnit);
		assert_ok!(release(id, FIRST, Units::one(0)));
		assert_noop!(release(id, FIRST, Units::one(0)), Error::<Test>::ForeignUnit);
		MockUnits::fail(FIRST, Units::one(1));
		assert_noop!(release(id, FIRST, Units::one(1)), Error::<Test>::UnitLost);
	});
}

#[test]
fn release_units_is_refused_for_the_last_units() {
	execute(|| {
		let id = two_servers();
		assert_ok!(release(id, FIRST, Units::first(4)));
		assert_noop!(release(id, SECOND, Units::first(2)), Error::<Test>::LastUnits);
		assert_ok!(release(id, SECOND, Units::one(1)));
		assert_noop!(release(id, SECOND, Units::one(0)), Error::<Test>::LastUnits);
	});
}

#[test]
fn release_units_is_refused_when_too_many_groups_leave() {
	execute(|| {
		post(1, 20, 10, 50);
		let id = fill(1, &[fill_of(10, provider(), 20, 5)]).unwrap();
		MockUnits::hold_final(Some(1));
		for unit in 0..8 {
			MockUnits::set_epoch(2 + u32::from(unit));
			assert_ok!(release(id, FIRST, Units::one(unit)));
		}
		MockUnits::set_epoch(10);
		assert_noop!(release(id, FIRST, Units::one(8)), Error::<Test>::TooManyLeaving);
		MockUnits::hold_final(None);
		assert_ok!(release(id, FIRST, Units::one(8)));
	});
}

#[test]
fn release_units_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = two_servers();
		assert_noop!(release(DealId(9), FIRST, Units::one(0)), Error::<Test>::UnknownDeal);
		assert_noop!(release(id, ServerId(9), Units::one(0)), Error::<Test>::UnknownAllocation);
		end_at(5);
		assert_noop!(release(id, FIRST, Units::one(0)), Error::<Test>::DealEnded);
	});
}

#[test]
fn release_units_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		let units = Units::one(0);
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_noop!(Deals::release_units(who, id, FIRST, units), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::release_units(origin, id, FIRST, units), DispatchError::BadOrigin);
		}
	});
}
