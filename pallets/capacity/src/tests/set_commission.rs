use super::*;

fn try_set(who: AccountId32, percent: u32) -> Result<(), DispatchError> {
	Capacity::set_commission(signed(who), FIRST, Perbill::from_percent(percent))
		.map(|_| ())
		.map_err(|refused| refused.error)
}

#[test]
fn a_commission_counts_from_the_next_epoch_on() {
	run(|| {
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		run_to_epoch(3);
		events();
		assert_ok!(try_set(provider(), 20));
		let commission = Perbill::from_percent(20);
		let set = Event::CommissionSet { commitment: FIRST, commission, since: 4 };
		assert_eq!(events().last(), Some(&set));
		Proofs::compute(SERVER, 3, ALL).report().answer_all();
		run_to_epoch(4);
		Proofs::compute(SERVER, 4, ALL).report().answer_all();
		settle_epoch(4);
		// Of 16 FLT each: twice a tenth and once a fifth, and a fifth of what is shared.
		let fees = (16 + 16 + 32) * FLT / 10;
		let shared = 48 * FLT - fees;
		assert_eq!(Capacity::claimable_rewards(FIRST, provider()), fees + shared / 5);
		assert_eq!(Capacity::claimable_rewards(FIRST, delegator()), shared / 5 * 4);
	});
}

#[test]
fn a_commission_rises_to_its_ceiling_and_falls_freely() {
	run(|| {
		start_all(20);
		assert_noop!(try_set(provider(), 21), Error::<Test>::CommissionTooHigh);
		assert_ok!(try_set(provider(), 20));
		assert_noop!(try_set(provider(), 0), Error::<Test>::CommissionJustSet);
		run_to_epoch(4);
		assert_ok!(try_set(provider(), 0));
	});
}

#[test]
fn a_commission_is_the_providers() {
	run(|| {
		assert_noop!(try_set(provider(), 5), Error::<Test>::UnknownCommitment);
		commit(ALL, 5);
		for who in [operator(), delegator()] {
			assert_noop!(try_set(who, 5), Error::<Test>::NotProvider);
		}
		let call = Capacity::set_commission(RuntimeOrigin::none(), FIRST, Perbill::zero());
		assert_noop!(call, DispatchError::BadOrigin);
	});
}
