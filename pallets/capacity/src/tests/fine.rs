//! Fines for units that did not serve: `Compensation::fine`.

use super::*;
use frame_support::traits::fungible::Mutate;
use marketplace_primitives::Compensation;

fn fine(units: u64, reward_to: Option<AccountId32>) -> Result<Balance, DispatchError> {
	<Capacity as Compensation<_>>::fine(SERVER, DEAL, Units(units), reward_to.as_ref())
}

fn fined(units: u64, amount: Balance, rewarded: Balance) -> Event<Test> {
	let (server, deal, commitment) = (SERVER, DEAL, FIRST);
	Event::Fined { server, deal, commitment, units: Units(units), amount, rewarded }
}

fn first() -> CommitmentOf<Test> {
	Commitments::<Test>::get(FIRST).unwrap()
}

/// Lets a miss cost `percent` of a unit's 100 FLT of stake.
fn miss_costs(percent: u32) {
	Parameters::<Test>::mutate(|params| {
		(params.margin, params.slashes) = (2, [Perbill::from_percent(25); 3]);
		params.miss_slash = Perbill::from_percent(percent);
	});
}

/// Leaves the first commitment `own` and `delegated` stake, and its account as much.
fn leave(own: Balance, delegated: Balance) {
	Commitments::<Test>::mutate_extant(FIRST, |commitment| {
		(commitment.own_left, commitment.delegated_left) = (own, delegated);
	});
	Balances::set_balance(&Capacity::stake_account(FIRST), own + delegated);
}

/// What an account has more than at first.
fn more(who: &AccountId32) -> Balance {
	Balances::balance(who) - 100_000 * FLT
}

#[test]
fn a_fine_is_what_a_miss_costs_and_half_of_it_rewards() {
	run(|| {
		// A unit is covered by 100 FLT, of which a miss costs 1.
		serve_deal(20, Units(0b111), 10);
		let issued = Balances::total_issuance();
		assert_eq!(fine(0b11, Some(stranger())), Ok(2 * FLT));
		assert_eq!(events(), [fined(0b11, 2 * FLT, FLT)]);
		assert_eq!((more(&stranger()), more(&treasury())), (FLT, FLT));
		assert_eq!(first().own_left, 158 * FLT);
		assert_eq!(fine(0b100, None), Ok(FLT));
		assert_eq!(events(), [fined(0b100, FLT, 0)]);
		assert_eq!((more(&stranger()), more(&treasury())), (FLT, 2 * FLT));
		assert_eq!(Balances::total_issuance(), issued);
		assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 797 * FLT);
	});
}

#[test]
fn a_fine_is_rounded_up_and_its_reward_down() {
	run(|| {
		serve_deal(20, Units(0b111), 10);
		// A part of a third of a plank, and an odd rest of stake.
		Parameters::<Test>::mutate(|params| params.miss_slash = Perbill::from_parts(1));
		Servers::<Test>::mutate_extant(SERVER, |record| record.commitments[0].least_stake = 3);
		assert_eq!(fine(0b111, Some(stranger())), Ok(3));
		assert_eq!(events(), [fined(0b111, 3, 1)]);
		assert_eq!((more(&stranger()), more(&treasury())), (1, 2));
	});
}

#[test]
fn a_fine_is_no_slash_and_lets_no_commitment_fail() {
	run(|| {
		serve_deal(20, ALL, 10);
		miss_costs(10);
		Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
		let cover = record().commitments[0];
		// A tenth of all stake at once, which as a slash would be too much.
		assert_eq!(fine(0xff, None), Ok(80 * FLT));
		let (commitment, state) = Capacity::commitment(FIRST).unwrap();
		assert_eq!((commitment.slashed, commitment.kept), (0, 0));
		assert_eq!(state, CommitmentState::Active);
		assert_eq!(record().commitments[0], cover);
	});
}

#[test]
fn a_fine_takes_no_more_than_own_stake_and_nothing_of_delegators() {
	run(|| {
		serve_deal(20, ALL, 10);
		miss_costs(12);
		assert_eq!(fine(0xff, Some(stranger())), Ok(96 * FLT));
		assert_eq!(fine(0xff, Some(stranger())), Ok(64 * FLT));
		assert_eq!(events(), [fined(0xff, 96 * FLT, 48 * FLT), fined(0xff, 64 * FLT, 32 * FLT)]);
		assert_eq!((first().own_left, first().delegated_left), (0, 640 * FLT));
		assert_eq!(fine(0xff, Some(stranger())), Ok(0));
		assert_eq!(events(), []);
		assert_eq!(Capacity::stake_of(FIRST, provider()), 0);
		assert_eq!(Capacity::stake_of(FIRST, delegator()), 640 * FLT);
	});
}

#[test]
fn a_reward_that_makes_no_account_goes_where_slashes_go() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		let nobody = AccountId32::new([77; 32]);
		// Half an FLT is below the least balance, an FLT is not.
		assert_eq!(fine(0b1, Some(nobody.clone())), Ok(FLT));
		assert_eq!(events(), [fined(0b1, FLT, 0)]);
		assert_eq!((Balances::balance(&nobody), more(&treasury())), (0, FLT));
		assert_eq!(fine(0b11, Some(nobody.clone())), Ok(2 * FLT));
		assert_eq!(events(), [fined(0b11, 2 * FLT, FLT)]);
		assert_eq!((Balances::balance(&nobody), more(&treasury())), (FLT, 2 * FLT));
	});
}

#[test]
fn a_fine_of_all_that_is_left_closes_the_account_and_loses_nothing() {
	for (left, rewarded) in [(10 * FLT, 5 * FLT), (2 * FLT, FLT), (FLT + 1, 0)] {
		run(|| {
			serve_deal(20, ALL, 10);
			miss_costs(12);
			leave(left, 0);
			let issued = Balances::total_issuance();
			// Where the half that remains makes no account, all of it goes where slashes go.
			assert_eq!(fine(0xff, Some(stranger())), Ok(left));
			assert_eq!(events(), [fined(0xff, left, rewarded)]);
			assert_eq!((more(&stranger()), more(&treasury())), (rewarded, left - rewarded));
			assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 0);
			assert_eq!((Balances::total_issuance(), first().pool()), (issued, 0));
		});
	}
}

#[test]
fn a_rest_that_no_account_can_hold_is_lost_with_it() {
	run(|| {
		serve_deal(20, Units(0b1), 10);
		leave(FLT + FLT / 4, FLT / 4);
		let issued = Balances::total_issuance();
		assert_eq!(fine(0b1, Some(stranger())), Ok(FLT));
		// Half of it would stay with the rest, and make an account; then it goes as well.
		assert_eq!(events(), [fined(0b1, FLT, FLT / 2)]);
		assert_eq!((more(&stranger()), more(&treasury())), (FLT / 2, FLT / 2));
		assert_eq!((first().pool(), issued - Balances::total_issuance()), (0, FLT / 2));
	});
}

#[test]
fn each_commitment_pays_for_its_own_units() {
	run(|| {
		for units in [Units(0x0f), Units(0xf0)] {
			cover(commit(units, 30));
		}
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0x3c), 10));
		events();
		Commitments::<Test>::mutate_extant(FIRST, |commitment| commitment.own_left = FLT);
		assert_eq!(fine(0x1c, Some(stranger())), Ok(2 * FLT));
		let (server, deal, commitment) = (SERVER, DEAL, CommitmentId(1));
		let (units, amount, rewarded) = (Units(0x10), FLT, FLT / 2);
		let second = Event::Fined { server, deal, commitment, units, amount, rewarded };
		assert_eq!(events(), [fined(0x0c, FLT, FLT / 2), second]);
	});
}

#[test]
fn it_does_not_matter_who_settled_before_a_fine() {
	let outcome = |settles: bool| {
		let mut outcome = None;
		run(|| {
			serve_deal(20, Units(0b1), 10);
			forgive_nothing();
			miss_costs(12);
			run_to_finish(3);
			if settles {
				settle();
			}
			// Seven misses cost 84 of the provider's 160 FLT, before the fines.
			let paid: Vec<_> = (0..8).map(|_| fine(0b1, Some(stranger()))).collect();
			assert_eq!(paid, [12, 12, 12, 12, 12, 12, 4, 0].map(|flt| Ok(flt * FLT)));
			outcome = Some((first(), more(&treasury()), more(&stranger())));
		});
		outcome
	};
	assert_eq!(outcome(true), outcome(false));
}

#[test]
fn compensation_is_what_a_fine_left() {
	run(|| {
		// Without the fine the provider loses 160 FLT for misses, which are kept for developers.
		compensate::fail_by_misses_after(|| {
			assert_eq!(fine(0b111, None), Ok(30 * FLT));
		});
		let commitment = first();
		assert_eq!((commitment.slashed, commitment.kept), (200 * FLT, 130 * FLT));
		assert_eq!((commitment.own_left, commitment.delegated_left), (0, 570 * FLT));
		let compensate =
			|worth| <Capacity as Compensation<_>>::compensate(SERVER, DEAL, worth, &stranger());
		assert_eq!(compensate(1_000 * FLT), Ok(130 * FLT));
		assert_noop!(fine(0b1, None), Error::<Test>::UnitsNotHeld);
	});
}

#[test]
fn fine_refuses_units_that_the_deal_does_not_hold() {
	run(|| {
		serve_deal(20, Units(0b11), 5);
		let fine_of = |server, deal| {
			<Capacity as Compensation<AccountId32>>::fine(server, deal, Units(0b1), None)
		};
		assert_noop!(fine_of(ServerId(9), DEAL), Error::<Test>::UnknownServer);
		assert_noop!(fine_of(SERVER, DealId(9)), Error::<Test>::UnknownReservation);
		assert_noop!(fine(0b110, None), Error::<Test>::UnitsNotHeld);
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b1), 4));
		assert_noop!(fine(0b1, None), Error::<Test>::UnitsNotHeld);
		events();
		assert_eq!(fine(0, Some(stranger())), Ok(0));
		assert_eq!(events(), []);
		run_to_epoch(5);
		assert_noop!(fine(0b10, None), Error::<Test>::ReservationOver);
	});
}
