use super::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::Units;
use marketplace_testkit::account;
use sp_runtime::{DispatchError, TokenError};

#[test]
fn fund_requests_adds_to_the_budget_of_one_server() {
	execute(|| {
		let id = lasting();
		events();
		for (server, amount) in [(FIRST, 100), (FIRST, 11), (SECOND, 7)] {
			assert_ok!(fund(id, server, amount));
			let payer = stranger();
			assert_eq!(events(), vec![Event::RequestsFunded { deal: id, server, payer, amount }]);
		}
		assert_eq!(budget(id), (111, 0));
		assert_eq!(Deals::request_budget(id, SECOND).map(|budget| budget.left), Some(7));
		assert_eq!(Deals::requests(id).unspent, 118);
		assert_eq!(held(id), 718);
	});
}

#[test]
fn budgets_are_no_surplus_and_pay_no_epochs() {
	execute(|| {
		let id = lasting();
		assert_eq!(Deals::funded_until(id), Some(11));
		assert_ok!(fund(id, FIRST, 100));
		let limit = record(id).max_price;
		let who = || RuntimeOrigin::signed(developer());
		let before = held(id);
		assert_ok!(Deals::withdraw_surplus(who(), id, limit));
		assert_eq!(held(id), before);
		// at the lowest limit only wages are left, 34 for each of 10 epochs
		assert_ok!(Deals::withdraw_surplus(who(), id, 1));
		assert_eq!(held(id), 340 + 100);
		assert_eq!(Deals::funded_until(id), Some(11));
		assert_eq!(budget(id), (100, 0));
	});
}

#[test]
fn budgets_pay_for_no_replacement() {
	execute(|| {
		let id = lasting();
		assert_ok!(fund(id, FIRST, 1_000));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(who, id, 1));
		// nobody set a worker in time, and the limit was raised since
		crate::Deals::<Test>::mutate_extant(id, |deal| deal.max_price = 1_000);
		MockUnits::set_epoch(4);
		let replaced = Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST);
		assert_eq!(replaced.map_err(|error| error.error), Err(Error::<Test>::NotFunded.into()));
	});
}

#[test]
fn fund_requests_gives_back_first_what_was_reclaimed() {
	execute(|| {
		let id = with_requests();
		assert_ok!(reclaim(id));
		assert_ok!(fund(id, FIRST, 20));
		assert_eq!(budget(id), (120, 0));
		MockUnits::set_epoch(4);
		events();
		assert_ok!(fund(id, FIRST, 5));
		let (payer, amount) = (stranger(), 5);
		let back = Event::RequestsReclaimed { deal: id, server: FIRST, amount: 120 };
		let funded = Event::RequestsFunded { deal: id, server: FIRST, payer, amount };
		assert_eq!(events(), vec![back, funded]);
		assert_eq!(budget(id), (5, 0));
		assert_ok!(redeem(id, 3));
		assert_eq!(budget(id), (2, 3));
	});
}

#[test]
fn fund_requests_is_refused_when_it_makes_no_sense() {
	execute(|| {
		let id = lasting();
		assert_noop!(fund(id, FIRST, 0), Error::<Test>::NoAmount);
		assert_noop!(fund(DealId(9), FIRST, 1), Error::<Test>::UnknownDeal);
		assert_noop!(fund(id, ServerId(9), 1), Error::<Test>::UnknownAllocation);
		MockEscrow::make_poor(account(50));
		let poor = RuntimeOrigin::signed(account(50));
		assert_noop!(
			Deals::fund_requests(poor, id, FIRST, 1),
			DispatchError::Token(TokenError::FundsUnavailable)
		);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::fund_requests(origin, id, FIRST, 1), DispatchError::BadOrigin);
		}
		// the last unit of the server leaves with epoch 4
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::first(4)));
		MockUnits::set_epoch(3);
		assert_ok!(fund(id, FIRST, 1));
		MockUnits::set_epoch(4);
		assert_noop!(fund(id, FIRST, 1), Error::<Test>::NoUnits);
		end_at(12);
		assert_noop!(fund(id, FIRST, 1), Error::<Test>::DealEnded);
	});
}
