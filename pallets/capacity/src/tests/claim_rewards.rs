use super::*;

fn try_claim(who: AccountId32) -> Result<(), DispatchError> {
	Capacity::claim_rewards(signed(who), FIRST).map(|_| ()).map_err(|refused| refused.error)
}

#[test]
fn rewards_are_commission_and_shares_by_stake() {
	run(|| {
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		let issued = Balances::total_issuance();
		// Nothing before the audit is over.
		assert_noop!(try_claim(provider()), Error::<Test>::NothingToClaim);
		settle_epoch(2);
		events();
		// 16 FLT: 1.6 of commission; of 14.4 a fifth is the provider's.
		assert_eq!(Capacity::claimable_rewards(FIRST, provider()), 448 * FLT / 100);
		assert_ok!(try_claim(provider()));
		let (commitment, staker) = (FIRST, provider());
		let claimed = Event::RewardsClaimed { commitment, staker, amount: 448 * FLT / 100 };
		assert_eq!(events(), [claimed]);
		assert_ok!(try_claim(delegator()));
		assert_eq!(Balances::total_issuance() - issued, 16 * FLT);
		assert_eq!(Balances::balance(&delegator()), (100_000 - 640) * FLT + 1_152 * FLT / 100);
		for who in [provider(), delegator()] {
			assert_eq!(Capacity::claimable_rewards(FIRST, who.clone()), 0);
			assert_noop!(try_claim(who), Error::<Test>::NothingToClaim);
		}
	});
}

#[test]
fn rewards_divide_the_pool_by_the_units_of_the_epoch() {
	run(|| {
		start_all(10);
		// Three of 31 units.
		Epochs::<Test>::mutate_extant(2, |record| record.proven = 28);
		Proofs::compute(SERVER, 2, Units(0b111)).report().answer_all();
		settle_epoch(2);
		let amount = 16 * FLT / 31 * 3;
		let rewarded = Event::Rewarded { commitment: FIRST, epoch: 2, units: 3, amount };
		assert!(events().contains(&rewarded));
		let (commission, shared) = (amount / 10, amount - amount / 10);
		let own = commission + shared / 5;
		assert_eq!(Capacity::claimable_rewards(FIRST, provider()), own);
		assert_eq!(
			Capacity::claimable_rewards(FIRST, delegator()),
			shared / 5 * 4 + shared % 5 * 4 / 5
		);
	});
}

#[test]
fn rewards_go_to_the_commitments_of_the_units() {
	run(|| {
		let (first, second) = (commit(Units(0x0f), 10), commit(Units(0xf0), 10));
		cover(first);
		cover(second);
		run_to_epoch(2);
		events();
		Proofs::compute(SERVER, 2, Units(0b0111_1111)).report().answer_all();
		settle_epoch(2);
		let rewarded = |commitment, units: u32| {
			let amount = 16 * FLT / 7 * Balance::from(units);
			Event::Rewarded { commitment, epoch: 2, units, amount }
		};
		let earned: Vec<_> =
			events().into_iter().filter(|event| matches!(event, Event::Rewarded { .. })).collect();
		assert_eq!(earned, [rewarded(first, 4), rewarded(second, 3)]);
	});
}

#[test]
fn rewards_are_for_stakers() {
	run(|| {
		assert_noop!(try_claim(provider()), Error::<Test>::UnknownCommitment);
		start_all(10);
		assert_noop!(try_claim(stranger()), Error::<Test>::NotStaker);
		assert_noop!(try_claim(delegator()), Error::<Test>::NothingToClaim);
		let call = Capacity::claim_rewards(RuntimeOrigin::none(), FIRST);
		assert_noop!(call, DispatchError::BadOrigin);
	});
}

#[test]
fn the_last_claim_closes_a_commitment_without_own_stake() {
	run(|| {
		Parameters::<Test>::put(MarketParameters { own_stake: Perbill::zero(), ..parameters() });
		let id = commit(ALL, 2);
		assert_ok!(Capacity::delegate(signed(delegator()), id, 800 * FLT));
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		run_to_epoch(6);
		assert_ok!(Capacity::withdraw_stake(signed(delegator()), id));
		assert_ok!(try_claim(delegator()));
		assert!(Commitments::<Test>::get(id).is_some());
		events();
		assert_ok!(try_claim(provider()));
		assert_eq!(events().last(), Some(&Event::CommitmentClosed { commitment: id }));
		assert_eq!(Commitments::<Test>::get(id), None);
	});
}
