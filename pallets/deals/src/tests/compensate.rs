use super::*;
use crate::{Allocations, Error, Event};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::EscrowId;
use marketplace_testkit::{developer, stranger, MockEscrow, MockIncome, MockPrice};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

fn compensate(
	deal: DealId,
	server: ServerId,
) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
	Deals::compensate(RuntimeOrigin::signed(stranger()), deal, server)
}

/// Server 10, at 5 an epoch, lost 8 unit-epochs of the deal; a plank of the asset is worth 3 of FLT, and the
/// provider has `own_stake` left.
fn failed(own_stake: u128) -> DealId {
	let id = two_servers();
	MockPrice::set_rate(ASSET, Some(3));
	MockIncome::set_own_stake(FIRST, own_stake);
	MockIncome::lose(FIRST, id, 8);
	events();
	id
}

fn compensated(deal: DealId, amount: u128) -> Event<Test> {
	let (server, developer) = (FIRST, developer());
	Event::Compensated { deal, server, developer, unit_epochs: 8, worth: 15, amount }
}

#[test]
fn compensate_pays_the_developer_the_price_of_what_was_lost() {
	execute(|| {
		let id = failed(1_000);
		assert_ok!(compensate(id, FIRST));
		assert_eq!(events(), vec![compensated(id, 8 * 5 * 3)]);
		assert_eq!(MockIncome::compensated(), vec![(developer(), 120)]);
		assert_eq!(MockIncome::own_stake(FIRST), 880);
		assert_noop!(compensate(id, FIRST), Error::<Test>::NothingLost);
	});
}

#[test]
fn compensate_pays_no_more_than_the_stake_that_is_left() {
	execute(|| {
		let id = failed(100);
		assert_ok!(compensate(id, FIRST));
		assert_eq!(events(), vec![compensated(id, 100)]);
		assert_eq!(MockIncome::own_stake(FIRST), 0);
		assert_noop!(compensate(id, FIRST), Error::<Test>::NothingLost);
		MockIncome::lose(FIRST, id, 8);
		assert_ok!(compensate(id, FIRST));
		assert_eq!(events(), vec![compensated(id, 0)]);
	});
}

#[test]
fn compensate_pays_again_for_what_is_lost_later() {
	execute(|| {
		let id = failed(1_000);
		assert_ok!(compensate(id, FIRST));
		MockIncome::lose(FIRST, id, 8);
		MockPrice::set_rate(ASSET, Some(4));
		assert_ok!(compensate(id, FIRST));
		assert_eq!(MockIncome::compensated(), vec![(developer(), 120), (developer(), 160)]);
	});
}

#[test]
fn compensate_touches_neither_escrow_nor_what_is_due() {
	execute(|| {
		let id = failed(1_000);
		MockUnits::serve(FIRST, id, 4);
		let (escrow, allocation) = (MockEscrow::record(EscrowId::Deal(id)), stored(id));
		assert_ok!(compensate(id, FIRST));
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)), escrow);
		assert_eq!(stored(id), allocation);
		assert_eq!(Deals::claimable(id, FIRST), 20);
	});
}

fn stored(id: DealId) -> Option<crate::Allocation<sp_runtime::AccountId32>> {
	Allocations::<Test>::get(id, FIRST)
}

#[test]
fn compensate_is_refused_while_the_value_is_unknown() {
	execute(|| {
		let id = failed(1_000);
		MockPrice::set_rate(ASSET, None);
		assert_noop!(compensate(id, FIRST), Error::<Test>::ValueUnknown);
		assert_eq!(Deals::lost(id, FIRST), 8);
		MockPrice::set_rate(ASSET, Some(u128::MAX));
		assert_noop!(compensate(id, FIRST), Error::<Test>::ValueUnknown);
		assert!(MockIncome::compensated().is_empty());
	});
}

#[test]
fn compensate_is_refused_when_nothing_is_lost_or_known() {
	execute(|| {
		let id = failed(1_000);
		assert_noop!(compensate(DealId(9), FIRST), Error::<Test>::UnknownDeal);
		assert_noop!(compensate(id, ServerId(9)), Error::<Test>::UnknownAllocation);
		assert_noop!(compensate(id, SECOND), Error::<Test>::NothingLost);
	});
}

#[test]
fn compensate_is_refused_to_no_signer() {
	execute(|| {
		let id = failed(1_000);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::compensate(origin, id, FIRST), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn closing_compensates_first() {
	execute(|| {
		let id = failed(1_000);
		MockUnits::serve(FIRST, id, 4);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockIncome::compensated(), vec![(developer(), 120)]);
		assert_eq!(MockEscrow::paid_to(&provider()), 20);
		let events = events();
		let at = |event: &Event<Test>| events.iter().position(|other| other == event);
		let settled = Event::Settled {
			deal: id,
			server: FIRST,
			provider: provider(),
			unit_epochs: 4,
			amount: 20,
			to_provider: 20,
		};
		assert!(at(&compensated(id, 120)).unwrap() < at(&settled).unwrap());
		assert_noop!(compensate(id, FIRST), Error::<Test>::UnknownDeal);
	});
}

#[test]
fn closing_goes_on_where_compensation_cannot_be_had() {
	execute(|| {
		let id = failed(1_000);
		MockPrice::set_rate(ASSET, None);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
		assert!(MockIncome::compensated().is_empty());
		let error = Error::<Test>::ValueUnknown.into();
		let told = Event::NotCompensated { deal: id, server: FIRST, unit_epochs: 8, error };
		assert!(told_of(&told), "{told:?}");
	});
}

/// Whether an event was told, as far as events keep errors.
fn told_of(event: &Event<Test>) -> bool {
	use codec::Encode;
	events().iter().any(|other| other.encode() == event.encode())
}
