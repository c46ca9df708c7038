//! Delegators' part of deal income.

use super::*;
use marketplace_primitives::{DealIncome, IncomeShare, PaymentAsset};

const DOLLARS: u32 = 1;

fn asset() -> PaymentAsset {
	PaymentAsset::WithId(DOLLARS)
}

/// A commitment of all units whose delegators get a tenth: 640 FLT of `delegator()`, 40 of `stranger()`, beside 120
/// of the provider; and a deal of three units.
fn share_a_tenth() {
	assert_ok!(Assets::force_create(RuntimeOrigin::root(), DOLLARS, treasury(), true, 1));
	let (commission, share) = (Perbill::from_percent(10), Perbill::from_percent(10));
	let call = Capacity::commit(signed(provider()), SERVER, ALL, 10, commission, share);
	assert_ok!(call);
	assert_ok!(Capacity::delegate(signed(delegator()), FIRST, 600 * FLT));
	assert_ok!(Capacity::delegate(signed(stranger()), FIRST, 40 * FLT));
	assert_ok!(Capacity::delegate(signed(provider()), FIRST, 160 * FLT));
	run_to_epoch(2);
	Proofs::compute(SERVER, 2, ALL).report();
	assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b111), 6));
	events();
}

/// A deal pays `amount` to the delegators.
fn pay(amount: Balance) {
	let account = Capacity::income_account(FIRST);
	assert_ok!(Assets::mint(signed(treasury()), DOLLARS, account, amount));
	assert_ok!(<Capacity as DealIncome<_>>::note(FIRST, &asset(), amount));
}

fn try_claim(who: AccountId32) -> Result<(), DispatchError> {
	Capacity::claim_income(signed(who), FIRST, asset())
}

#[test]
fn shares_are_those_of_the_units_in_the_deal() {
	run(|| {
		share_a_tenth();
		let account = Capacity::income_account(FIRST);
		let part = Perbill::from_percent(10);
		let share = IncomeShare { commitment: FIRST, account, part };
		assert_eq!(<Capacity as DealIncome<_>>::shares(SERVER, DEAL), [share]);
		assert_eq!(<Capacity as DealIncome<_>>::shares(SERVER, DealId(9)), []);
		assert_eq!(<Capacity as DealIncome<_>>::shares(ServerId(9), DEAL), []);
		assert_ne!(Capacity::income_account(FIRST), Capacity::stake_account(FIRST));
	});
}

#[test]
fn shares_of_two_commitments_are_weighed_by_their_units() {
	run(|| {
		let commission = Perbill::zero();
		for (units, percent) in [(0b0011u64, 10), (0b1100, 20)] {
			let (units, share) = (Units(units), Perbill::from_percent(percent));
			let call = Capacity::commit(signed(provider()), SERVER, units, 10, commission, share);
			assert_ok!(call);
		}
		cover(FIRST);
		cover(CommitmentId(1));
		run_to_epoch(2);
		let units = Units(0b1111);
		Proofs::compute(SERVER, 2, units).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b0111), 6));
		let parts: Vec<_> = <Capacity as DealIncome<_>>::shares(SERVER, DEAL)
			.into_iter()
			.map(|share| share.part)
			.collect();
		let third = Perbill::from_rational(1u32, 3);
		let two_thirds = Perbill::from_rational(2u32, 3);
		assert_eq!(
			parts,
			[two_thirds * Perbill::from_percent(10), third * Perbill::from_percent(20)]
		);
	});
}

#[test]
fn shares_are_read_from_the_record_of_the_server_alone() {
	run(|| {
		share_a_tenth();
		assert_eq!(record().commitments[0].deal_share, Perbill::from_percent(10));
		let commitment = Commitments::<Test>::take(FIRST).unwrap();
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b1000), 6));
		Commitments::<Test>::insert(FIRST, commitment);
		assert_eq!(<Capacity as DealIncome<_>>::shares(SERVER, DealId(8)).len(), 1);
	});
}

#[test]
fn a_commitment_without_delegators_shares_nothing() {
	run(|| {
		let (commission, share) = (Perbill::zero(), Perbill::from_percent(10));
		let call = Capacity::commit(signed(provider()), SERVER, ALL, 10, commission, share);
		assert_ok!(call);
		assert_ok!(Capacity::delegate(signed(provider()), FIRST, 800 * FLT));
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b111), 6));
		assert_eq!(<Capacity as DealIncome<_>>::shares(SERVER, DEAL), []);
	});
}

#[test]
fn income_is_shared_by_stake() {
	run(|| {
		share_a_tenth();
		pay(1_000_001);
		let noted = Event::IncomeNoted { commitment: FIRST, asset: asset(), amount: 1_000_001 };
		assert_eq!(events(), [noted]);
		let due = |who| Capacity::claimable_income(FIRST, who, asset());
		assert_eq!((due(delegator()), due(stranger())), (937_500, 62_500));
		assert_ok!(try_claim(delegator()));
		let (commitment, staker) = (FIRST, delegator());
		let claimed = Event::IncomeClaimed { commitment, staker, asset: asset(), amount: 937_500 };
		assert_eq!(events(), [claimed]);
		assert_eq!(Assets::balance(DOLLARS, delegator()), 937_500);
		assert_noop!(try_claim(delegator()), Error::<Test>::NothingToClaim);
		pay(15);
		assert_ok!(try_claim(delegator()));
		assert_ok!(try_claim(stranger()));
		assert_eq!(Assets::balance(DOLLARS, delegator()), 937_515);
		assert_eq!(Assets::balance(DOLLARS, stranger()), 62_501);
		assert_eq!(Assets::balance(DOLLARS, Capacity::income_account(FIRST)), 0);
	});
}

#[test]
fn income_is_for_delegators() {
	run(|| {
		assert_noop!(try_claim(delegator()), Error::<Test>::UnknownCommitment);
		share_a_tenth();
		assert_noop!(try_claim(provider()), Error::<Test>::NotStaker);
		assert_noop!(try_claim(delegator()), Error::<Test>::NothingToClaim);
		let call = Capacity::claim_income(RuntimeOrigin::none(), FIRST, asset());
		assert_noop!(call, DispatchError::BadOrigin);
		let unknown = <Capacity as DealIncome<_>>::note(CommitmentId(9), &asset(), 1);
		assert_noop!(unknown, Error::<Test>::UnknownCommitment);
	});
}

#[test]
fn a_delegator_who_left_keeps_its_claim_while_a_deal_is_not_released() {
	run(|| {
		share_a_tenth();
		// The commitment ends with 12, the deal with 6 and is not released.
		run_to_epoch(14);
		for who in [delegator(), stranger()] {
			assert_ok!(Capacity::withdraw_stake(signed(who), FIRST));
		}
		pay(16);
		assert_ok!(try_claim(delegator()));
		assert_eq!(Delegations::<Test>::iter().count(), 2);
		assert_ok!(Capacity::release(SERVER, DEAL));
		assert_ok!(try_claim(stranger()));
		assert_eq!(Assets::balance(DOLLARS, delegator()), 15);
		assert_eq!(Assets::balance(DOLLARS, stranger()), 1);
		assert_eq!(Delegations::<Test>::iter().count(), 1);
	});
}
