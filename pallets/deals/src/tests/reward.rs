use super::*;
use crate::{Error, Event, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::Deals as _;
use marketplace_testkit::{developer, stranger};

fn reward(deal: DealId, amount: u128) -> Result<u128, sp_runtime::DispatchError> {
	<Deals as marketplace_primitives::Deals<AccountId32>>::reward(deal, &stranger(), amount)
}

/// What all servers of a deal may still earn, with [`two_servers`]' prices.
const WAGES: u128 = 3 * (4 * 5 + 2 * 7);

#[test]
fn reward_is_paid_out_of_the_surplus() {
	execute(|| {
		let id = two_servers();
		let total = MockEscrow::total();
		events();
		assert_eq!(reward(id, 13), Ok(13));
		assert_eq!(
			events(),
			vec![Event::SolverRewarded { deal: id, solver: stranger(), amount: 13 }]
		);
		assert_eq!((held(id), MockEscrow::paid_to(&stranger())), (180 - 13, 13));
		assert_eq!(MockEscrow::total(), total);
	});
}

#[test]
fn reward_never_touches_what_servers_may_earn() {
	execute(|| {
		let id = two_servers();
		assert_eq!(reward(id, u128::MAX), Ok(180 - WAGES));
		assert_eq!(held(id), WAGES);
		// everybody is paid to the last plank all the same
		MockUnits::serve(FIRST, id, 12);
		MockUnits::serve(SECOND, id, 6);
		end_at(7);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 0);
	});
}

#[test]
fn reward_leaves_budgets_for_requests_alone() {
	execute(|| {
		let id = with_requests();
		// 10 epochs at 34 and a budget of 100 are spoken for
		assert_eq!(reward(id, u128::MAX), Ok(700 - 340 - 100));
		assert_eq!(budget(id), (100, 0));
		assert_ok!(redeem(id, 100));
		assert_eq!(budget(id), (0, 100));
	});
}

#[test]
fn nothing_is_paid_and_nothing_told_where_there_is_no_surplus() {
	execute(|| {
		let id = two_servers();
		assert_eq!(reward(id, u128::MAX), Ok(180 - WAGES));
		events();
		assert_eq!(reward(id, 1), Ok(0));
		assert_eq!(reward(id, 0), Ok(0));
		assert_eq!(events(), vec![]);
		assert_eq!(held(id), WAGES);
	});
}

#[test]
fn reward_that_the_asset_refuses_is_owed() {
	execute(|| {
		let id = two_servers();
		MockEscrow::refuse(stranger());
		assert_eq!(reward(id, 7), Ok(7));
		assert_eq!((held(id), MockEscrow::owed_to(&stranger())), (173, 7));
	});
}

#[test]
fn rest_of_the_surplus_stays_the_developers() {
	execute(|| {
		let id = two_servers();
		assert_eq!(reward(id, 8), Ok(8));
		let developer = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(developer, id, 1));
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 180 - 8 - WAGES);
		assert_eq!(Deals::end(id), Some(5));
	});
}

#[test]
fn reward_is_refused_when_there_is_no_such_deal() {
	execute(|| {
		assert_noop!(reward(DealId(9), 1), Error::<Test>::UnknownDeal);
		assert_eq!(Deals::reward_weight(), <() as WeightInfo>::reward());
	});
}
