//! What developers get where a commitment fails under their deals.

use super::*;
use marketplace_primitives::Compensation;

fn compensate(worth: Balance) -> Result<Balance, DispatchError> {
	<Capacity as Compensation<_>>::compensate(SERVER, DEAL, worth, &stranger())
}

/// A commitment of epochs 2 to 21 that fails when a quarter of its 800 FLT is gone, at 10 FLT a miss and none
/// forgiven; three of its units in a deal until 20.
fn fail_by_misses() {
	fail_by_misses_after(|| ());
}

/// The same, where something happens as soon as the deal is made.
pub fn fail_by_misses_after(happens: impl FnOnce()) {
	Parameters::<Test>::put(MarketParameters {
		margin: 2,
		slashes: [Perbill::from_percent(25); 3],
		miss_slash: Perbill::from_percent(10),
		misses: MissRules { budget: 2, period: u32::MAX },
		..parameters()
	});
	start_all(20);
	Servers::<Test>::mutate_extant(SERVER, |record| record.commitments[0].allowance = 0);
	Proofs::compute(SERVER, 2, ALL).report().answer_all();
	assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b111), 20));
	happens();
	// Five units miss five times: the twentieth miss is that of epoch 6, finished in 7.
	run_to_epoch(8);
	settle();
}

#[test]
fn a_commitment_fails_by_misses() {
	run(|| {
		fail_by_misses();
		let told = events();
		let missed = Event::UnitsMissed { commitment: FIRST, epoch: 6, misses: 15, excess: 15 };
		assert!(told.contains(&missed), "{told:?}");
		assert!(told.contains(&Event::CommitmentFailed { commitment: FIRST, end: 8 }));
		let (commitment, state) = Capacity::commitment(FIRST).unwrap();
		assert_eq!(state, CommitmentState::Failed);
		// 200 FLT until the failure, the provider's 160 first; none in epoch 7, which is not finished.
		assert_eq!(commitment.slashed, 200 * FLT);
		assert_eq!((commitment.own_left, commitment.kept), (0, 160 * FLT));
		assert_eq!(Balances::balance(&treasury()), 100_040 * FLT);
	});
}

#[test]
fn developers_are_compensated_from_the_providers_stake() {
	run(|| {
		fail_by_misses();
		events();
		// Three units from epoch 8 to 19.
		assert_eq!(lost(), 36);
		assert_eq!(compensate(FLT), Ok(36 * FLT));
		let (commitment, deal, developer) = (FIRST, DEAL, stranger());
		let paid = Event::Compensated { commitment, deal, developer, amount: 36 * FLT };
		assert_eq!(events(), [paid]);
		assert_eq!(Balances::balance(&stranger()), 100_036 * FLT);
		assert_eq!(lost(), 0);
		assert_noop!(compensate(FLT), Error::<Test>::NothingLost);
		assert_eq!(Capacity::commitment(FIRST).unwrap().0.kept, 124 * FLT);
	});
}

#[test]
fn compensation_takes_no_more_than_the_provider_lost_or_has() {
	run(|| {
		fail_by_misses();
		assert_eq!(compensate(1_000 * FLT), Ok(160 * FLT));
		let commitment = Capacity::commitment(FIRST).unwrap().0;
		assert_eq!((commitment.kept, commitment.own_left), (0, 0));
		// Delegators' stake is none of the developer's.
		assert_eq!(commitment.delegated_left, 600 * FLT);
	});
}

#[test]
fn what_no_developer_needs_goes_where_slashes_go() {
	run(|| {
		fail_by_misses();
		assert_eq!(compensate(FLT), Ok(36 * FLT));
		run_to_epoch(10);
		events();
		assert_ok!(Capacity::withdraw_stake(signed(delegator()), FIRST));
		let forfeited = Event::Forfeited { commitment: FIRST, amount: 124 * FLT };
		assert!(events().contains(&forfeited));
	});
}

/// Lets the commitment of all units fail under [`DEAL`] with the next epoch, and makes another.
fn fail_and_begin_again() {
	Servers::<Test>::mutate_extant(SERVER, |record| {
		let cover = record.commitments.last_mut().unwrap();
		cover.end = Capacity::current() + 1;
		Commitments::<Test>::mutate_extant(cover.id, |commitment| commitment.fail(cover.end));
	});
	run_to_epoch(Capacity::current() + 1);
	cover(commit(ALL, 90));
	let epoch = Capacity::current() + 1;
	run_to_epoch(epoch);
	Proofs::compute(SERVER, epoch, ALL).report().answer_all();
}

#[test]
fn no_loss_is_forgotten_however_many_commitments_fail() {
	run(|| {
		let end = 80;
		cover(commit(ALL, 90));
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		let mut expected = 0;
		for _ in 0..4 {
			assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), end));
			expected += 2 * u64::from(end - Capacity::current() - 1);
			fail_and_begin_again();
			assert_eq!(lost(), expected);
		}
		let again = || Capacity::reserve(SERVER, DEAL, Units(0b11), end);
		assert_noop!(again(), Error::<Test>::TooManyLosses);
		// Others may have them.
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b100), end));
		assert_ok!(compensate(1));
		assert_ok!(again());
	});
}

#[test]
fn nothing_is_lost_without_failure() {
	run(|| {
		start_all(20);
		assert_eq!(lost(), 0);
		assert_noop!(compensate(FLT), Error::<Test>::UnknownReservation);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b111), 20));
		assert_noop!(compensate(FLT), Error::<Test>::NothingLost);
	});
}
