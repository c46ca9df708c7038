use super::*;

fn try_cancel(who: AccountId32) -> Result<(), DispatchError> {
	Capacity::cancel_commitment(signed(who), FIRST).map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn cancel_frees_the_units_and_the_stake() {
	run(|| {
		commit(ALL, 5);
		assert_ok!(Capacity::delegate(signed(delegator()), FIRST, 30 * FLT));
		events();
		assert_ok!(try_cancel(provider()));
		assert_eq!(events(), [Event::CommitmentCancelled { commitment: FIRST }]);
		assert_eq!(Capacity::commitment(FIRST).unwrap().1, CommitmentState::Cancelled);
		assert!(record().commitments.is_empty());
		let call = Capacity::delegate(signed(delegator()), FIRST, FLT);
		assert_noop!(call, Error::<Test>::NotWaiting);
		assert_ok!(Capacity::withdraw_stake(signed(delegator()), FIRST));
		assert_eq!(Balances::balance(&delegator()), 100_000 * FLT);
		assert_eq!(Commitments::<Test>::get(FIRST), None);
	});
}

#[test]
fn cancel_closes_a_commitment_without_stake() {
	run(|| {
		commit(ALL, 5);
		events();
		assert_ok!(try_cancel(provider()));
		assert_eq!(
			events(),
			[
				Event::CommitmentCancelled { commitment: FIRST },
				Event::CommitmentClosed { commitment: FIRST }
			]
		);
		assert_eq!(Commitments::<Test>::get(FIRST), None);
	});
}

#[test]
fn cancel_is_for_the_provider_while_it_waits() {
	run(|| {
		assert_noop!(try_cancel(provider()), Error::<Test>::UnknownCommitment);
		commit(ALL, 5);
		assert_noop!(try_cancel(operator()), Error::<Test>::NotProvider);
		assert_noop!(
			Capacity::cancel_commitment(RuntimeOrigin::none(), FIRST),
			DispatchError::BadOrigin
		);
		cover(FIRST);
		assert_noop!(try_cancel(provider()), Error::<Test>::NotWaiting);
	});
}
