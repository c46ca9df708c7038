use super::*;

fn try_propose(who: AccountId32, epochs: Epoch) -> Result<(), DispatchError> {
	Capacity::propose_extension(signed(who), FIRST, epochs)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

fn try_accept(who: AccountId32) -> Result<(), DispatchError> {
	Capacity::accept_extension(signed(who), FIRST).map(|_| ()).map_err(|refused| refused.error)
}

/// A commitment of epochs 2 to 4 with two delegators.
fn start_with_two() {
	let id = commit(ALL, 3);
	assert_ok!(Capacity::delegate(signed(provider()), id, 160 * FLT));
	assert_ok!(Capacity::delegate(signed(delegator()), id, 600 * FLT));
	assert_ok!(Capacity::delegate(signed(stranger()), id, 40 * FLT));
	run_to_epoch(2);
	events();
}

#[test]
fn a_term_grows_when_every_delegator_agrees() {
	run(|| {
		start_with_two();
		assert_ok!(try_propose(provider(), 5));
		assert_eq!(events(), [Event::ExtensionProposed { commitment: FIRST, end: 10 }]);
		assert_ok!(try_accept(delegator()));
		let accepted = |delegator| Event::ExtensionAccepted { commitment: FIRST, delegator };
		assert_eq!(events(), [accepted(delegator())]);
		assert_noop!(try_accept(delegator()), Error::<Test>::AlreadyAccepted);
		assert_eq!(record().commitments[0].end, 5);
		assert_ok!(try_accept(stranger()));
		let extended = Event::CommitmentExtended { commitment: FIRST, end: 10 };
		assert_eq!(events(), [accepted(stranger()), extended]);
		assert_eq!(record().commitments[0].end, 10);
		assert_eq!(MockBook::take().last(), Some(&mocks::BookCall::SupplyChanged(SERVER)));
		run_to_epoch(9);
		assert_eq!(Capacity::commitment(FIRST).unwrap().1, CommitmentState::Active);
		assert_eq!(Capacity::units_info(SERVER).unwrap().proving, ALL);
		assert_noop!(try_accept(stranger()), Error::<Test>::NoProposal);
	});
}

#[test]
fn a_delegator_who_does_not_agree_leaves_when_the_term_ends() {
	run(|| {
		start_with_two();
		assert_ok!(try_propose(provider(), 5));
		assert_ok!(try_accept(delegator()));
		run_to_epoch(5);
		assert_noop!(try_accept(stranger()), Error::<Test>::NotRunning);
		run_to_epoch(7);
		for who in [stranger(), delegator(), provider()] {
			assert_ok!(Capacity::withdraw_stake(signed(who), FIRST));
		}
		assert_eq!(Commitments::<Test>::get(FIRST), None);
	});
}

#[test]
fn a_new_proposal_needs_new_consent() {
	run(|| {
		start_with_two();
		assert_ok!(try_propose(provider(), 5));
		assert_ok!(try_accept(delegator()));
		assert_ok!(try_propose(provider(), 50));
		assert_ok!(try_accept(stranger()));
		assert_eq!(record().commitments[0].end, 5);
		assert_ok!(try_accept(delegator()));
		assert_eq!(record().commitments[0].end, 55);
	});
}

#[test]
fn a_provider_alone_extends_at_once() {
	run(|| {
		let id = commit(ALL, 3);
		assert_ok!(Capacity::delegate(signed(provider()), id, 800 * FLT));
		assert_ok!(try_propose(provider(), 2));
		assert_eq!(record().commitments[0].end, 7);
	});
}

#[test]
fn extensions_are_of_running_commitments_within_bounds() {
	run(|| {
		assert_noop!(try_propose(provider(), 2), Error::<Test>::UnknownCommitment);
		assert_noop!(try_accept(delegator()), Error::<Test>::UnknownCommitment);
		commit(ALL, 3);
		assert_noop!(try_propose(provider(), 2), Error::<Test>::NotRunning);
		cover(FIRST);
		run_to_epoch(2);
		assert_noop!(try_propose(delegator(), 2), Error::<Test>::NotProvider);
		for epochs in [0, 98, Epoch::MAX - 5] {
			assert_noop!(try_propose(provider(), epochs), Error::<Test>::InvalidDuration);
		}
		assert_noop!(try_accept(delegator()), Error::<Test>::NoProposal);
		assert_ok!(try_propose(provider(), 97));
		assert_noop!(try_accept(stranger()), Error::<Test>::NotStaker);
		let none = RuntimeOrigin::none;
		let call = Capacity::propose_extension(none(), FIRST, 2);
		assert_noop!(call, DispatchError::BadOrigin);
		let call = Capacity::accept_extension(none(), FIRST);
		assert_noop!(call, DispatchError::BadOrigin);
		run_to_epoch(5);
		assert_noop!(try_propose(provider(), 2), Error::<Test>::NotRunning);
	});
}
