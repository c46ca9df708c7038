use super::*;
use crate::{Error, Event, ProtocolFee};
use frame_support::{assert_noop, assert_ok};
use marketplace_testkit::{stranger, treasury, MockIncome};
use sp_runtime::{DispatchError, Perbill};

fn set(percent: u32) {
	let fee = Perbill::from_percent(percent);
	assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), fee));
}

fn settle(id: DealId) {
	assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
}

fn fee_paid(deal: DealId, amount: u128) -> Event<Test> {
	Event::FeePaid { deal, server: FIRST, to: treasury(), amount }
}

fn settled(deal: DealId, unit_epochs: u64, amount: u128, to_provider: u128) -> Event<Test> {
	let (server, provider) = (FIRST, provider());
	Event::Settled { deal, server, provider, unit_epochs, amount, to_provider }
}

#[test]
fn set_protocol_fee_sets_up_to_the_highest() {
	execute(|| {
		assert_eq!(ProtocolFee::<Test>::get(), Perbill::zero());
		let highest = Perbill::from_percent(20);
		for fee in [highest, Perbill::from_parts(1), Perbill::zero()] {
			assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), fee));
			assert_eq!(ProtocolFee::<Test>::get(), fee);
			assert_eq!(events(), vec![Event::ProtocolFeeSet { fee }]);
		}
		let above = highest + Perbill::from_parts(1);
		assert_noop!(
			Deals::set_protocol_fee(RuntimeOrigin::root(), above),
			Error::<Test>::FeeTooHigh
		);
	});
}

#[test]
fn set_protocol_fee_is_refused_to_others() {
	execute(|| {
		for origin in [RuntimeOrigin::signed(stranger()), RuntimeOrigin::none()] {
			let fee = Perbill::from_percent(1);
			assert_noop!(Deals::set_protocol_fee(origin, fee), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn the_fee_comes_off_before_the_rest_is_shared() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, Perbill::from_percent(50));
		set(10);
		MockUnits::serve(FIRST, id, 11);
		events();
		settle(id);
		// of 55: 5.5 to the protocol, of the other 50 one half to delegators, each rounded down
		let shared = Event::IncomeShared {
			deal: id,
			server: FIRST,
			commitment: marketplace_primitives::CommitmentId(1),
			account: MockIncome::account(1),
			amount: 25,
		};
		assert_eq!(events(), vec![fee_paid(id, 5), shared, settled(id, 11, 55, 25)]);
		assert_eq!(MockEscrow::paid_to(&treasury()), 5);
		assert_eq!(part(id, FIRST).paid, 55);
		assert_eq!(MockEscrow::total(), 180);
	});
}

#[test]
fn the_fee_of_the_moment_of_settling_counts() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 4);
		settle(id);
		MockUnits::serve(FIRST, id, 4);
		set(20);
		settle(id);
		assert_eq!(MockEscrow::paid_to(&treasury()), 4);
		set(5);
		MockUnits::serve(FIRST, id, 4);
		contested_until(5);
		events();
		// closing pays it as well
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(events().contains(&fee_paid(id, 1)));
		assert_eq!(MockEscrow::paid_to(&provider()), 60 - 5);
		assert_eq!(MockEscrow::total(), 180);
	});
}

#[test]
fn a_fee_of_less_than_a_plank_is_none() {
	execute(|| {
		let id = two_servers();
		set(19);
		MockUnits::serve(FIRST, id, 1);
		events();
		settle(id);
		assert_eq!(events(), vec![settled(id, 1, 5, 5)]);
	});
}

#[test]
fn a_refused_fee_is_owed_and_holds_up_nobody() {
	execute(|| {
		let id = two_servers();
		MockEscrow::refuse(treasury());
		set(20);
		MockUnits::serve(FIRST, id, 4);
		settle(id);
		assert_eq!(MockEscrow::owed_to(&treasury()), 4);
		assert_eq!(MockEscrow::paid_to(&provider()), 16);
		assert_eq!(MockEscrow::total(), 180);
	});
}
