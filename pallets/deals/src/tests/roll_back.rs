use super::{
	stage_application::{application, runs, stage, turned},
	*,
};
use crate::{Error, Event, Rollouts, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{api::Application, Units};
use marketplace_testkit::operator;
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn roll_back(id: DealId) -> DispatchResultWithInfo<Post> {
	Deals::roll_back(RuntimeOrigin::signed(developer()), id)
}

#[test]
fn roll_back_gives_the_application_of_before_to_all() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 100));
		MockUnits::set_epoch(2);
		assert_ok!(stage(id, 8, 30));
		MockUnits::set_epoch(4);
		events();
		let post = roll_back(id).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::roll_back(2)));
		let Application { app_cid, plan_hash } = application(7);
		let back = Event::RolledBack { deal: id, version: 3, app_cid, plan_hash, from: 5 };
		assert_eq!(events(), vec![back]);
		assert_eq!((runs(id), record(id).app_version), (application(7), 3));
		assert!(!Rollouts::<Test>::contains_key(id));
		assert_eq!(Deals::rollout(id), None);
		assert_noop!(roll_back(id), Error::<Test>::NoRollout);
		// the next change begins with none of the units
		assert_ok!(stage(id, 9, 30));
		assert_eq!(record(id).app_version, 4);
		MockUnits::set_epoch(5);
		assert_eq!(turned(id), vec![(FIRST, Units::first(2)), (SECOND, Units::NONE)]);
		assert_eq!(Deals::rollout(id).unwrap().before, application(7));
	});
}

#[test]
fn roll_back_changes_what_is_sought() {
	execute(|| {
		let id = wanting();
		assert_ok!(stage(id, 7, 10));
		MockUnits::set_epoch(3);
		events();
		assert_ok!(roll_back(id));
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow), (2, 8, 2 * 10 * 8));
		assert_eq!((runs(id), held(id)), (application(0), 600 + 2 * 10 * 2));
		let sought = Event::UnitsSought { deal: id, offer, units: 2, max_price: 10, escrow };
		assert_eq!(events().last(), Some(&sought));
	});
}

#[test]
fn roll_back_works_until_all_is_acknowledged() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 100));
		MockUnits::set_epoch(4);
		for server in [FIRST, SECOND] {
			assert!(Deals::rollout(id).is_some());
			let who = RuntimeOrigin::signed(operator());
			assert_ok!(Deals::acknowledge(who, id, server, 1));
		}
		assert_noop!(roll_back(id), Error::<Test>::NoRollout);
		assert_eq!(runs(id), application(7));
	});
}

#[test]
fn roll_back_works_before_the_first_turn() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 10));
		assert_ok!(roll_back(id));
		assert_eq!((runs(id), record(id).app_version), (application(0), 2));
	});
}

#[test]
fn roll_back_works_until_the_end() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 1));
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		// the notice is over with epoch 4
		MockUnits::set_epoch(4);
		assert_noop!(roll_back(id), Error::<Test>::DealEnded);
		MockUnits::set_epoch(3);
		assert_ok!(roll_back(id));
	});
}

#[test]
fn roll_back_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		assert_noop!(roll_back(id), Error::<Test>::NoRollout);
		assert_ok!(stage(id, 7, 1));
		assert_noop!(roll_back(DealId(9)), Error::<Test>::UnknownDeal);
		for who in [stranger(), provider(), operator()] {
			let refused = Deals::roll_back(RuntimeOrigin::signed(who), id);
			assert_noop!(refused, Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::roll_back(origin, id), DispatchError::BadOrigin);
		}
	});
}
