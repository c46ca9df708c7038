use super::*;
use crate::{Error, Event, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{Price, Units};
use marketplace_testkit::{developer, stranger};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn withdraw(id: DealId, limit: Price) -> DispatchResultWithInfo<Post> {
	Deals::withdraw_surplus(RuntimeOrigin::signed(developer()), id, limit)
}

fn refunded(id: DealId) -> u128 {
	MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded
}

fn withdrawn(deal: DealId, max_price: Price, amount: u128) -> Event<Test> {
	Event::SurplusWithdrawn { deal, max_price, amount }
}

#[test]
fn withdraw_surplus_keeps_what_servers_and_their_replacement_cost() {
	execute(|| {
		let id = two_servers();
		events();
		// at the same limit nothing is surplus: 3 epochs of 6 units at 10
		let post = withdraw(id, 10).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::withdraw_surplus(2)));
		assert_ok!(withdraw(id, 7));
		assert_eq!((record(id).max_price, held(id)), (7, 3 * 6 * 7));
		// below every price wages alone are kept
		assert_ok!(withdraw(id, 1));
		assert_eq!((record(id).max_price, held(id)), (1, 3 * (4 * 5 + 2 * 7)));
		assert_eq!(refunded(id), 180 - 102);
		assert_eq!(
			events(),
			vec![withdrawn(id, 10, 0), withdrawn(id, 7, 54), withdrawn(id, 1, 24)]
		);
	});
}

#[test]
fn withdraw_surplus_takes_what_epochs_behind_did_not_need() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 8);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		end_at(3);
		// epoch 4 is ahead; the first server may earn 4 unit-epochs more, the second 6
		assert_ok!(withdraw(id, 10));
		let kept = 4 * 5 + 6 * 7 + 4 * 5 + 2 * 3;
		assert_eq!((held(id), refunded(id)), (kept, 180 - 40 - kept));
		MockUnits::serve(FIRST, id, 4);
		MockUnits::serve(SECOND, id, 6);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
	});
}

#[test]
fn withdraw_surplus_leaves_replacement_funded() {
	execute(|| {
		let id = lasting();
		end_at(3);
		assert_ok!(withdraw(id, 8));
		for (server, units) in [(FIRST, 3), (SECOND, 2)] {
			MockUnits::fail(server, Units::first(units));
			assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
		}
		let (_, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.max_price, terms.units.target, escrow), (8, 5, 5 * 8 * 8));
	});
}

#[test]
fn withdraw_surplus_lowers_the_open_offer() {
	execute(|| {
		let id = wanting();
		events();
		assert_ok!(withdraw(id, 10));
		assert_eq!(open_offer().map(|(offer, ..)| offer), Some(OfferId(1)));
		assert_ok!(withdraw(id, 6));
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.max_price, terms.units.target, escrow), (6, 2, 2 * 6 * 10));
		assert_eq!(held(id), 10 * (4 * 6 + 2 * 7));
		assert_eq!(
			events(),
			vec![
				withdrawn(id, 10, 0),
				Event::UnitsSought { deal: id, offer, units: 2, max_price: 6, escrow: 120 },
				withdrawn(id, 6, 800 - 120 - 380),
			]
		);
	});
}

#[test]
fn withdraw_surplus_keeps_no_replacement_once_notice_was_given() {
	execute(|| {
		let id = wanting();
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_ok!(withdraw(id, 10));
		// epochs 2 and 3 of the notice
		assert_eq!(held(id), 2 * 34);
	});
}

#[test]
fn withdraw_surplus_works_after_the_end() {
	execute(|| {
		let id = two_servers();
		end_at(7);
		MockUnits::hold_final(Some(4));
		assert_ok!(withdraw(id, 10));
		assert_eq!(held(id), 102);
	});
}

#[test]
fn withdraw_surplus_is_refused_for_a_wrong_limit() {
	execute(|| {
		let id = two_servers();
		for limit in [0, 10_001] {
			assert_noop!(withdraw(id, limit), Error::<Test>::InvalidLimit);
		}
		assert_noop!(withdraw(id, 11), Error::<Test>::LimitTooHigh);
		assert_ok!(withdraw(id, 9));
		assert_noop!(withdraw(id, 10), Error::<Test>::LimitTooHigh);
	});
}

#[test]
fn withdraw_surplus_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_noop!(Deals::withdraw_surplus(who, id, 5), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::withdraw_surplus(origin, id, 5), DispatchError::BadOrigin);
		}
		assert_noop!(withdraw(DealId(9), 5), Error::<Test>::UnknownDeal);
	});
}
