use super::{
	stage_application::{application, runs, stage},
	*,
};
use crate::{Error, Event, Rollouts, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::Units;
use marketplace_testkit::operator;
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn acknowledge(id: DealId, server: ServerId, version: u32) -> DispatchResultWithInfo<Post> {
	Deals::acknowledge(RuntimeOrigin::signed(operator()), id, server, version)
}

fn acknowledged(deal: DealId, server: ServerId, units: Units) -> Event<Test> {
	Event::Acknowledged { deal, server, version: 1, units }
}

/// Whether each server that takes part is acknowledged.
fn told(id: DealId) -> Vec<bool> {
	let rollout = Deals::rollout(id).expect("a change is under way");
	rollout.servers.into_iter().map(|of| of.acknowledged).collect()
}

#[test]
fn acknowledge_completes_the_change_with_the_last_unit() {
	execute(|| {
		let id = lasting();
		// of 6 units 2 with epoch 2, 4 with epoch 3, all with epoch 4
		assert_ok!(stage(id, 7, 30));
		events();
		MockUnits::set_epoch(2);
		assert_eq!(told(id), vec![false, false]);
		let post = acknowledge(id, FIRST, 1).unwrap();
		// the first server that has units left tells that it is not complete
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::acknowledge(1)));
		assert_eq!(told(id), vec![true, false]);
		MockUnits::set_epoch(3);
		assert_eq!(told(id), vec![false, false]);
		assert_ok!(Deals::acknowledge(RuntimeOrigin::signed(provider()), id, FIRST, 1));
		MockUnits::set_epoch(5);
		assert_eq!(told(id), vec![true, false]);
		let post = acknowledge(id, SECOND, 1).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::acknowledge(0)));
		assert_eq!(
			events(),
			vec![
				acknowledged(id, FIRST, Units::first(2)),
				acknowledged(id, FIRST, Units::first(4)),
				acknowledged(id, SECOND, Units::first(2)),
				Event::RolloutCompleted { deal: id, version: 1 },
			]
		);
		assert_eq!((Deals::rollout(id), runs(id)), (None, application(7)));
		assert!(!Rollouts::<Test>::contains_key(id));
		// versions are never given again
		assert_ok!(stage(id, 8, 30));
		assert_eq!(record(id).app_version, 2);
	});
}

#[test]
fn acknowledge_asks_nothing_of_units_that_left() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 60));
		let who = || RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who(), id, FIRST, Units::first(3)));
		assert_ok!(Deals::release_units(who(), id, SECOND, Units::one(1)));
		// they leave with epoch 4
		MockUnits::set_epoch(4);
		events();
		assert_ok!(acknowledge(id, FIRST, 1));
		assert_ok!(acknowledge(id, SECOND, 1));
		assert_eq!(
			events(),
			vec![
				acknowledged(id, FIRST, Units::one(3)),
				acknowledged(id, SECOND, Units::one(0)),
				Event::RolloutCompleted { deal: id, version: 1 },
			]
		);
	});
}

#[test]
fn acknowledge_is_refused_before_the_turn() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 30));
		assert_noop!(acknowledge(id, FIRST, 1), Error::<Test>::NoTurn);
		MockUnits::set_epoch(3);
		assert_noop!(acknowledge(id, SECOND, 1), Error::<Test>::NoTurn);
		assert_ok!(acknowledge(id, FIRST, 1));
		assert_noop!(acknowledge(id, FIRST, 1), Error::<Test>::AlreadyAcknowledged);
		// nothing new for it in epoch 4
		MockUnits::set_epoch(4);
		assert_noop!(acknowledge(id, FIRST, 1), Error::<Test>::AlreadyAcknowledged);
	});
}

#[test]
fn acknowledge_is_refused_for_another_change() {
	execute(|| {
		let id = lasting();
		assert_noop!(acknowledge(id, FIRST, 0), Error::<Test>::NoRollout);
		assert_ok!(stage(id, 7, 100));
		MockUnits::set_epoch(2);
		assert_ok!(stage(id, 8, 100));
		MockUnits::set_epoch(3);
		for version in [0, 1, 3] {
			assert_noop!(acknowledge(id, FIRST, version), Error::<Test>::OtherRollout);
		}
		assert_ok!(acknowledge(id, FIRST, 2));
		assert_ok!(Deals::roll_back(RuntimeOrigin::signed(developer()), id));
		assert_noop!(acknowledge(id, SECOND, 3), Error::<Test>::NoRollout);
	});
}

#[test]
fn acknowledge_is_refused_to_servers_that_joined_later() {
	execute(|| {
		let id = wanting();
		assert_ok!(stage(id, 7, 100));
		let (offer, ..) = open_offer().unwrap();
		assert_ok!(fill(offer.0, &[fill_of(30, provider(), 1, 10)]));
		MockUnits::set_epoch(2);
		assert_noop!(acknowledge(id, ServerId(30), 1), Error::<Test>::NotStaged);
	});
}

#[test]
fn acknowledge_is_refused_after_the_end() {
	execute(|| {
		let id = two_servers();
		assert_ok!(stage(id, 7, 100));
		MockUnits::set_epoch(5);
		assert_noop!(acknowledge(id, FIRST, 1), Error::<Test>::DealEnded);
		MockUnits::set_epoch(4);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_ok!(acknowledge(id, FIRST, 1));
	});
}

#[test]
fn acknowledge_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 100));
		MockUnits::set_epoch(2);
		assert_noop!(acknowledge(DealId(9), FIRST, 1), Error::<Test>::UnknownDeal);
		assert_noop!(acknowledge(id, ServerId(9), 1), Error::<Test>::UnknownAllocation);
		for who in [stranger(), developer(), other_provider()] {
			let refused = Deals::acknowledge(RuntimeOrigin::signed(who), id, FIRST, 1);
			assert_noop!(refused, Error::<Test>::NotOperator);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Deals::acknowledge(origin, id, FIRST, 1);
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}
