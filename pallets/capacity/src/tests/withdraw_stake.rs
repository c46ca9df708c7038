use super::*;

fn try_withdraw(who: AccountId32) -> Result<(), DispatchError> {
	Capacity::withdraw_stake(signed(who), FIRST).map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn stake_leaves_after_the_term_and_the_unbonding_time() {
	run(|| {
		// Epochs 2 to 4; free in 7.
		start_all(3);
		run_to(parameters().first_block(7) - 1);
		for who in [provider(), delegator()] {
			assert_noop!(try_withdraw(who), Error::<Test>::StillBonded);
		}
		run_to_epoch(7);
		assert_ok!(try_withdraw(delegator()));
		let withdrawn =
			|staker, amount| Event::StakeWithdrawn { commitment: FIRST, staker, amount };
		assert_eq!(events().last(), Some(&withdrawn(delegator(), 640 * FLT)));
		assert_noop!(try_withdraw(delegator()), Error::<Test>::NotStaker);
		assert_ok!(try_withdraw(provider()));
		assert_eq!(
			events(),
			[withdrawn(provider(), 160 * FLT), Event::CommitmentClosed { commitment: FIRST }]
		);
		assert_eq!(Commitments::<Test>::get(FIRST), None);
		assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 0);
		for who in [provider(), delegator()] {
			assert_eq!(Balances::balance(&who), 100_000 * FLT);
		}
		assert_noop!(try_withdraw(provider()), Error::<Test>::UnknownCommitment);
	});
}

#[test]
fn stake_leaves_at_once_while_the_commitment_waits() {
	run(|| {
		commit(ALL, 3);
		assert_ok!(Capacity::delegate(signed(delegator()), FIRST, 30 * FLT));
		assert_ok!(Capacity::delegate(signed(provider()), FIRST, 20 * FLT));
		assert_noop!(try_withdraw(stranger()), Error::<Test>::NotStaker);
		assert_noop!(
			Capacity::withdraw_stake(RuntimeOrigin::none(), FIRST),
			DispatchError::BadOrigin
		);
		assert_ok!(try_withdraw(delegator()));
		assert_ok!(try_withdraw(provider()));
		assert_noop!(try_withdraw(provider()), Error::<Test>::NotStaker);
		for who in [provider(), delegator()] {
			assert_eq!(Balances::balance(&who), 100_000 * FLT);
		}
		// It still waits, and can be covered.
		cover(FIRST);
		assert_eq!(Capacity::commitment(FIRST).unwrap().1, CommitmentState::Starting);
	});
}

#[test]
fn slashes_are_shared_by_stake_after_the_providers_part() {
	run(|| {
		let id = commit(ALL, 4);
		assert_ok!(Capacity::delegate(signed(provider()), id, 160 * FLT));
		assert_ok!(Capacity::delegate(signed(delegator()), id, 480 * FLT));
		assert_ok!(Capacity::delegate(signed(stranger()), id, 160 * FLT));
		for epoch in 2..=4 {
			run_to_epoch(epoch);
			Proofs::compute(SERVER, epoch, ALL).report();
			settle_epoch(epoch);
		}
		// Three slashes of 80: the provider's 160, and 80 of the delegators' 640. It ends with epoch 5.
		assert_eq!(Capacity::stake_of(id, delegator()), 420 * FLT);
		assert_eq!(Capacity::stake_of(id, stranger()), 140 * FLT);
		run_to_epoch(8);
		assert_ok!(try_withdraw(stranger()));
		assert_noop!(try_withdraw(provider()), Error::<Test>::NothingToWithdraw);
		assert_ok!(try_withdraw(delegator()));
		assert_eq!(Balances::balance(&stranger()), 99_980 * FLT);
		assert_eq!(Balances::balance(&provider()), 99_840 * FLT);
		assert_eq!(Balances::balance(&delegator()), 99_940 * FLT);
		assert_eq!(Balances::balance(&treasury()), 100_240 * FLT);
	});
}

#[test]
fn stake_leaves_before_the_rewards() {
	run(|| {
		start_all(3);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		run_to_epoch(7);
		assert_ok!(try_withdraw(provider()));
		assert_ok!(try_withdraw(delegator()));
		for who in [provider(), delegator()] {
			assert_noop!(try_withdraw(who.clone()), Error::<Test>::NothingToWithdraw);
			assert_ok!(Capacity::claim_rewards(signed(who), FIRST));
		}
		assert_eq!(Balances::balance(&provider()), 100_000 * FLT + 448 * FLT / 100);
		assert_eq!(Balances::balance(&delegator()), 100_000 * FLT + 1_152 * FLT / 100);
		assert_eq!(Commitments::<Test>::get(FIRST), None);
		assert_eq!(Delegations::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_rest_below_the_least_balance_is_dust() {
	run(|| {
		let id = commit(Units(1), 2);
		assert_ok!(Capacity::delegate(signed(provider()), id, 20 * FLT));
		assert_ok!(Capacity::delegate(signed(delegator()), id, 79 * FLT + FLT / 2));
		assert_ok!(Capacity::delegate(signed(stranger()), id, FLT / 2));
		run_to_epoch(6);
		assert_ok!(try_withdraw(provider()));
		let issued = Balances::total_issuance();
		assert_ok!(try_withdraw(delegator()));
		assert_eq!(issued - Balances::total_issuance(), FLT / 2);
		assert_eq!(Capacity::stake_of(id, stranger()), 0);
		assert_ok!(try_withdraw(stranger()));
		assert_eq!(Commitments::<Test>::get(id), None);
	});
}

#[test]
fn gifts_to_a_stake_account_go_where_slashes_go() {
	run(|| {
		start_all(2);
		let gift = Balances::transfer_allow_death(
			signed(stranger()),
			Capacity::stake_account(FIRST),
			5 * FLT,
		);
		assert_ok!(gift);
		run_to_epoch(6);
		assert_ok!(try_withdraw(provider()));
		assert_ok!(try_withdraw(delegator()));
		assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 0);
		assert_eq!(Balances::balance(&treasury()), 100_005 * FLT);
	});
}

#[test]
fn stake_leaves_when_the_server_is_gone() {
	run(|| {
		start_all(2);
		run_to_epoch(5);
		assert_ok!(Capacity::close(SERVER));
		run_to_epoch(6);
		assert_ok!(try_withdraw(delegator()));
		assert_ok!(try_withdraw(provider()));
	});
}
