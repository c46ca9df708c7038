use super::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn reclaim_requests_gives_back_what_no_voucher_took_in_time() {
	execute(|| {
		let id = with_requests();
		events();
		assert_ok!(reclaim(id));
		// the rest of epoch 1, and two whole epochs
		let started = Event::ReclaimStarted { deal: id, server: FIRST, until: 4 };
		assert_eq!(events(), vec![started]);
		assert_noop!(reclaim(id), Error::<Test>::ChallengeRuns);
		MockUnits::set_epoch(3);
		assert_ok!(redeem(id, 40));
		assert_noop!(reclaim(id), Error::<Test>::ChallengeRuns);
		MockUnits::set_epoch(4);
		// whoever comes first, what is left is the developer's
		assert_noop!(redeem(id, 41), Error::<Test>::Reclaimed);
		events();
		let who = RuntimeOrigin::signed(stranger());
		assert_ok!(Deals::reclaim_requests(who, id, FIRST));
		let back = Event::RequestsReclaimed { deal: id, server: FIRST, amount: 60 };
		assert_eq!(events(), vec![back]);
		assert_eq!(budget(id), (0, 40));
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 60);
		assert_eq!((held(id), MockEscrow::total()), (600, 700));
		assert_noop!(reclaim(id), Error::<Test>::NoBudget);
	});
}

#[test]
fn a_budget_can_be_raised_after_it_was_reclaimed() {
	execute(|| {
		let id = with_requests();
		assert_ok!(redeem(id, 10));
		assert_ok!(reclaim(id));
		MockUnits::set_epoch(4);
		assert_ok!(reclaim(id));
		assert_ok!(fund(id, FIRST, 5));
		// what was redeemed is not forgotten
		assert_noop!(redeem(id, 10), Error::<Test>::AlreadyRedeemed);
		assert_ok!(redeem(id, 12));
		assert_eq!(budget(id), (3, 12));
	});
}

#[test]
fn reclaim_requests_is_refused_when_it_makes_no_sense() {
	execute(|| {
		let id = with_requests();
		let reclaim_of = |deal, server| {
			Deals::reclaim_requests(RuntimeOrigin::signed(developer()), deal, server)
		};
		assert_noop!(reclaim_of(DealId(9), FIRST), Error::<Test>::UnknownDeal);
		assert_noop!(reclaim_of(id, SECOND), Error::<Test>::NoBudget);
		assert_ok!(redeem(id, 100));
		assert_noop!(reclaim_of(id, FIRST), Error::<Test>::NoBudget);
	});
}

#[test]
fn reclaim_requests_is_refused_to_others() {
	execute(|| {
		let id = with_requests();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_noop!(Deals::reclaim_requests(who, id, FIRST), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::reclaim_requests(origin, id, FIRST), DispatchError::BadOrigin);
		}
	});
}
