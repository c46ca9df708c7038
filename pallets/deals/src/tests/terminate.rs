use super::*;
use crate::{Ending, Error, Event, Renewals, WeightInfo};
use frame_support::{assert_ok, weights::Weight};
use marketplace_primitives::{api::Renewal, Units};
use marketplace_testkit::{developer, stranger};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn terminate(id: DealId) -> DispatchResultWithInfo<Post> {
	Deals::terminate(RuntimeOrigin::signed(developer()), id)
}

#[test]
fn terminate_ends_the_deal_after_the_notice() {
	execute(|| {
		let id = lasting();
		MockUnits::set_epoch(3);
		events();
		let post = terminate(id).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::terminate(2)));
		// epochs 4 and 5 are the notice
		let deal = record(id);
		assert_eq!((deal.end, deal.due, deal.terminated), (6, 6, true));
		assert!(!Ending::<Test>::contains_key(12u32.to_be_bytes(), id));
		assert!(Ending::<Test>::contains_key(6u32.to_be_bytes(), id));
		for (server, funded) in [(FIRST, 4 * 4), (SECOND, 2 * 4)] {
			assert_eq!((part(id, server).funded, part(id, server).until), (funded, 6));
			assert_eq!(MockUnits::reservation(server, id).unwrap().end, 6);
		}
		assert_eq!(events(), vec![Event::DealTerminated { deal: id, end: 6 }]);
	});
}

#[test]
fn terminate_pays_what_is_served_in_the_notice() {
	execute(|| {
		let id = lasting();
		MockUnits::serve(FIRST, id, 4);
		MockUnits::set_epoch(3);
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(who, id, 1));
		assert_ok!(terminate(id));
		MockUnits::serve(FIRST, id, 12);
		MockUnits::serve(SECOND, id, 8);
		contested_until(6);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&provider()), 16 * 5);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 8 * 7);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 600 - 80 - 56);
	});
}

#[test]
fn terminate_takes_the_open_offer_back() {
	execute(|| {
		let id = wanting();
		assert_ok!(terminate(id));
		assert_eq!(open_offer(), None);
		assert_eq!(held(id), 800);
	});
}

#[test]
fn terminate_does_not_prolong_a_deal() {
	execute(|| {
		let id = two_servers();
		MockUnits::set_epoch(3);
		assert_ok!(terminate(id));
		assert_eq!((record(id).end, record(id).terminated), (5, true));
		assert_eq!(part(id, FIRST).funded, 12);
		assert!(Ending::<Test>::contains_key(5u32.to_be_bytes(), id));
	});
}

#[test]
fn terminate_ends_what_failed_and_was_extended() {
	execute(|| {
		let id = lasting();
		MockUnits::fail(FIRST, Units::first(4));
		assert_ok!(Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 5, u128::MAX));
		// the first server's units are still reserved until epoch 12, the second's until 17
		end_at(11);
		assert_ok!(terminate(id));
		assert_eq!((record(id).end, part(id, FIRST).until), (14, 12));
		assert_eq!((part(id, FIRST).funded, part(id, SECOND).funded), (4 * 12, 2 * 12));
		contested_until(14);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn terminate_leaves_units_that_leave_earlier() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::one(0)));
		end_at(3);
		assert_ok!(terminate(id));
		// one unit served epochs 2 and 3, three go on until the end with epoch 6
		assert_eq!(part(id, FIRST).funded, 2 + 3 * 4);
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(4, Units::one(0))]);
	});
}

#[test]
fn terminate_is_the_end_of_changes() {
	execute(|| {
		let id = lasting();
		let who = || RuntimeOrigin::signed(developer());
		let renewal = Some(Renewal { epochs: 1, allowance: 1_000 });
		assert_ok!(Deals::set_renewal(who(), id, renewal));
		assert_ok!(terminate(id));
		assert!(!Renewals::<Test>::contains_key(id));
		MockUnits::fail(FIRST, Units::first(4));
		let error = Error::<Test>::Terminated;
		assert_refused!(terminate(id), error);
		let error = Error::<Test>::Terminated;
		assert_refused!(Deals::extend_deal(who(), id, 1, u128::MAX), error);
		let error = Error::<Test>::Terminated;
		assert_refused!(Deals::enlarge(who(), id, 1), error);
		let error = Error::<Test>::Terminated;
		assert_refused!(Deals::replace(who(), id, FIRST), error);
		let error = Error::<Test>::Terminated;
		assert_refused!(Deals::set_renewal(who(), id, renewal), error);
		let error = Error::<Test>::Terminated;
		assert_refused!(Deals::renew(who(), id), error);
		// fewer units are no addition
		assert_ok!(Deals::release_units(who(), id, SECOND, Units::one(0)));
	});
}

#[test]
fn terminate_is_refused_when_the_deal_ended() {
	execute(|| {
		let id = two_servers();
		end_at(5);
		assert_refused!(terminate(id), Error::<Test>::DealEnded);
		assert_refused!(terminate(DealId(9)), Error::<Test>::UnknownDeal);
	});
}

#[test]
fn terminate_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_refused!(Deals::terminate(who, id), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_refused!(Deals::terminate(origin, id), DispatchError::BadOrigin);
		}
	});
}
