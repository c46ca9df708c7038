use super::*;

fn try_delegate(who: AccountId32, amount: Balance) -> Result<(), DispatchError> {
	Capacity::delegate(signed(who), FIRST, amount).map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn delegate_covers_the_commitment_with_the_last_plank() {
	run(|| {
		commit(Units(0b11), 5);
		events();
		assert_ok!(try_delegate(delegator(), 100 * FLT));
		assert_ok!(try_delegate(delegator(), 50 * FLT));
		assert_ok!(try_delegate(provider(), 50 * FLT - 1));
		assert_eq!(Capacity::commitment(FIRST).unwrap().1, CommitmentState::Waiting);
		// One plank is below the least balance, but all that is missing.
		assert_ok!(try_delegate(stranger(), 1));
		let staked = |staker, amount| Event::Delegated { commitment: FIRST, staker, amount };
		assert_eq!(
			events(),
			[
				staked(delegator(), 100 * FLT),
				staked(delegator(), 50 * FLT),
				staked(provider(), 50 * FLT - 1),
				staked(stranger(), 1),
				Event::CommitmentCovered { commitment: FIRST, start: 2, end: 7 },
			]
		);
		assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 200 * FLT);
		assert_eq!(Balances::balance(&delegator()), 100_000 * FLT - 150 * FLT);
		assert_eq!(Capacity::stake_of(FIRST, delegator()), 150 * FLT);
		assert_eq!(Capacity::stake_of(FIRST, provider()), 50 * FLT - 1);
	});
}

#[test]
fn delegate_makes_the_commitment_active_from_the_next_epoch() {
	run(|| {
		let id = commit(Units(0b11), 2);
		cover(id);
		let state = || Capacity::commitment(id).unwrap().1;
		let committed = || Capacity::units_info(SERVER).unwrap().committed;
		assert_eq!((state(), committed()), (CommitmentState::Starting, Units::NONE));
		run_to_epoch(2);
		assert_eq!((state(), committed()), (CommitmentState::Active, Units(0b11)));
		assert_eq!(Capacity::units_info(SERVER).unwrap().proving, Units(0b11));
		run_to(300);
		assert_eq!((state(), committed()), (CommitmentState::Active, Units(0b11)));
		run_to_epoch(4);
		assert_eq!((state(), committed()), (CommitmentState::Expired, Units::NONE));
	});
}

#[test]
fn delegate_leaves_room_for_the_providers_least_part() {
	run(|| {
		commit(Units(0b11), 5);
		assert_noop!(try_delegate(delegator(), 160 * FLT + 1), Error::<Test>::StakeExceeded);
		assert_ok!(try_delegate(delegator(), 160 * FLT));
		assert_noop!(try_delegate(stranger(), 1), Error::<Test>::StakeExceeded);
		assert_noop!(try_delegate(provider(), 40 * FLT + 1), Error::<Test>::StakeExceeded);
		assert_ok!(try_delegate(provider(), 40 * FLT));
	});
}

#[test]
fn delegate_lets_the_provider_stake_all_of_it() {
	run(|| {
		commit(Units(0b11), 5);
		assert_noop!(try_delegate(provider(), 200 * FLT + 1), Error::<Test>::StakeExceeded);
		assert_noop!(try_delegate(provider(), Balance::MAX), Error::<Test>::StakeExceeded);
		assert_ok!(try_delegate(provider(), 200 * FLT));
		assert_noop!(try_delegate(delegator(), 1), Error::<Test>::NotWaiting);
	});
}

#[test]
fn delegate_refuses_too_little() {
	run(|| {
		commit(Units(0b11), 5);
		for amount in [0, parameters().min_delegation - 1] {
			assert_noop!(try_delegate(delegator(), amount), Error::<Test>::StakeTooLow);
		}
		assert_ok!(try_delegate(delegator(), parameters().min_delegation));
	});
}

#[test]
fn delegate_refuses_when_nothing_waits() {
	run(|| {
		assert_noop!(try_delegate(delegator(), FLT), Error::<Test>::UnknownCommitment);
		let id = commit(Units(0b11), 5);
		cover(id);
		assert_noop!(try_delegate(provider(), 0), Error::<Test>::NotWaiting);
		let call = Capacity::delegate(RuntimeOrigin::none(), id, FLT);
		assert_noop!(call, DispatchError::BadOrigin);
	});
}

#[test]
fn delegate_refuses_what_the_staker_lacks() {
	run(|| {
		commit(Units(0b11), 5);
		let poor = account(99);
		assert_noop!(try_delegate(poor.clone(), FLT), sp_runtime::TokenError::FundsUnavailable);
		// The account must stay alive.
		assert_ok!(Balances::transfer_allow_death(signed(stranger()), poor.clone(), 5 * FLT));
		assert!(try_delegate(poor.clone(), 5 * FLT).is_err());
		assert_eq!(Balances::balance(&poor), 5 * FLT);
		assert_ok!(try_delegate(poor, 4 * FLT));
	});
}
