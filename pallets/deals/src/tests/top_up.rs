use super::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use marketplace_primitives::Units;
use sp_runtime::{DispatchError, TokenError};

fn top_up(deal: DealId, amount: u128) -> DispatchResult {
	Deals::top_up(RuntimeOrigin::signed(stranger()), deal, amount)
}

fn replace(id: DealId, server: ServerId) -> DispatchResultWithInfo<PostDispatchInfo> {
	Deals::replace(RuntimeOrigin::signed(stranger()), id, server)
}

#[test]
fn top_up_adds_to_escrow_what_is_the_developers() {
	execute(|| {
		let id = lasting();
		events();
		assert_ok!(top_up(id, 70));
		assert_ok!(Deals::top_up(RuntimeOrigin::signed(developer()), id, 5));
		let topped_up = |payer, amount| Event::ToppedUp { deal: id, payer, amount };
		assert_eq!(events(), vec![topped_up(stranger(), 70), topped_up(developer(), 5)]);
		assert_eq!((held(id), MockEscrow::total()), (675, 675));
		// at the same limit all of it is surplus
		assert_ok!(Deals::withdraw_surplus(RuntimeOrigin::signed(developer()), id, 10));
		assert_eq!(events(), vec![Event::SurplusWithdrawn { deal: id, max_price: 10, amount: 75 }]);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 75);
	});
}

#[test]
fn top_up_changes_nothing_of_what_is_paid() {
	execute(|| {
		let id = two_servers();
		assert_ok!(top_up(id, 70));
		assert_eq!(Deals::funded_until(id), Some(4));
		MockUnits::serve(FIRST, id, 12);
		contested_until(5);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 180 + 70 - 60);
		assert_eq!(MockEscrow::total(), 180 + 70);
	});
}

#[test]
fn top_up_funds_replacement_after_the_limit_was_raised() {
	execute(|| {
		let id = raised();
		MockUnits::fail(FIRST, Units::first(2));
		assert_noop!(replace(id, FIRST), Error::<Test>::NotFunded);
		assert_ok!(top_up(id, 39));
		assert_noop!(replace(id, FIRST), Error::<Test>::NotFunded);
		assert_ok!(top_up(id, 1));
		events();
		assert_ok!(replace(id, FIRST));
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.max_price, escrow), (2, 12, 2 * 12 * 10));
		let sought = Event::UnitsSought { deal: id, offer, units: 2, max_price: 12, escrow };
		assert_eq!(events().last(), Some(&sought));
		// what the other two cost, to the plank
		assert_eq!((held(id), MockEscrow::total()), (240, 440 + 40));
	});
}

#[test]
fn top_up_funds_replacement_after_a_solver_was_paid() {
	execute(|| {
		post(1, 4, 10, 10);
		let id = fill(1, &[fill_of(10, provider(), 4, 8)]).unwrap();
		let solver = other_provider();
		let paid =
			<Deals as marketplace_primitives::Deals<AccountId32>>::reward(id, &solver, 1_000);
		assert_eq!((paid, held(id)), (Ok(80), 320));
		MockUnits::fail(FIRST, Units::first(4));
		assert_noop!(replace(id, FIRST), Error::<Test>::NotFunded);
		assert_ok!(top_up(id, 80));
		assert_ok!(replace(id, FIRST));
		assert_eq!(
			open_offer().map(|(_, terms, escrow)| (terms.units.target, escrow)),
			Some((4, 400))
		);
		assert_eq!((held(id), MockEscrow::total()), (0, 400 + 80));
	});
}

#[test]
fn top_up_works_until_the_end() {
	execute(|| {
		let id = lasting();
		end_at(11);
		assert_ok!(top_up(id, 1));
		for epoch in [12, 13] {
			end_at(epoch);
			assert_noop!(top_up(id, 1), Error::<Test>::DealEnded);
		}
	});
}

#[test]
fn top_up_is_refused_once_notice_was_given() {
	execute(|| {
		let id = lasting();
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_noop!(top_up(id, 1), Error::<Test>::Terminated);
	});
}

#[test]
fn top_up_is_refused_without_the_money() {
	execute(|| {
		let id = lasting();
		assert_noop!(top_up(id, 0), Error::<Test>::NoAmount);
		MockEscrow::make_poor(stranger());
		assert_noop!(top_up(id, 1), DispatchError::Token(TokenError::FundsUnavailable));
		assert_eq!(held(id), 600);
	});
}

#[test]
fn top_up_is_refused_to_no_signer_and_for_no_deal() {
	execute(|| {
		let id = lasting();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::top_up(origin, id, 1), DispatchError::BadOrigin);
		}
		assert_noop!(top_up(DealId(9), 1), Error::<Test>::UnknownDeal);
	});
}
