//! Units that owe proofs and are not reported: forgiven at first, then slashed, until the commitment fails and
//! the developer whose deal it breaks is compensated.

use frame_support::hypothetically;
use marketplace_primitives::{Balance, CommitmentId, DealId, Units};
use marketplace_runtime::{
	configs::TreasuryAccount,
	constants::{FLT, USDC},
	Capacity, Deals, Runtime, RuntimeEvent,
};
use marketplace_scenarios::{
	actors::{account, act, refused, signed, DELEGATOR, DEVELOPER, NORTH, STRANGER},
	acts::{ask, commit, register, settle_down, workers_call, Machine, Wanted},
	chain, invariants,
	ledger::{Coin, Ledger},
	proving::{answer_all, report_call, report_serving, Proofs},
};
use pallet_capacity::{Call, CommitmentState, Error, Event, MarketParameters, MissRules};
use sp_runtime::Perbill;

type Refused = Error<Runtime>;

const BOTH: Units = Units(0b11);
/// In a deal, and serves.
const SERVING: Units = Units(0b01);
const COMMITMENT: CommitmentId = CommitmentId(0);
const DEAL: DealId = DealId(0);
/// USDC per unit and epoch: 50.05 cents of FLT.
const PER_EPOCH: Balance = 1_001_000;

/// Four misses are forgiven at first and one more for every five epochs of two units; then each costs a twentieth
/// of a unit's stake, and the commitment fails with a fifth of its own.
fn strict(parameters: &mut MarketParameters) {
	parameters.misses = MissRules { budget: 2, period: 10 };
	parameters.miss_slash = Perbill::from_percent(5);
	parameters.fail_at = Perbill::from_percent(20);
	parameters.margin = 2;
}

/// A server with two units: both prove epoch 2, then one is sold for epochs 3 to 22.
fn sold() -> Machine {
	let machine = register(settle_down(NORTH), NORTH, NORTH, 1, 2);
	commit(machine, BOTH, 30, Perbill::zero(), 30 * FLT, DELEGATOR);
	ask(machine, SERVING, PER_EPOCH);
	chain::run_to_epoch(2);
	let proofs = Proofs::work(machine, BOTH).report();
	Wanted::new(1, 2 * USDC, 20).post(DEVELOPER);
	act(NORTH, workers_call(DEAL, machine.id, SERVING));
	chain::run_to_epoch(3);
	report_serving(machine, 3, SERVING);
	answer_all(&[&proofs]);
	machine
}

/// The slashes that settling the server tells of: epoch, the provider's part, the delegator's.
fn slashes(machine: Machine) -> Vec<(u32, Balance, Balance)> {
	chain::take_events();
	act(STRANGER, Call::settle_server { server: machine.id });
	let slashed = |event| match event {
		RuntimeEvent::Capacity(Event::Slashed { epoch, own, delegated, .. }) => {
			Some((epoch, own, delegated))
		},
		_ => None,
	};
	chain::take_events().into_iter().filter_map(slashed).collect()
}

/// Serves until the commitment fails for the unit that does not prove.
fn miss_until_failure(machine: Machine) {
	let mut lost = Vec::new();
	for epoch in 4..=17 {
		chain::run_to_epoch(epoch);
		lost.extend(slashes(machine));
		report_serving(machine, epoch, SERVING);
	}
	chain::run_to_epoch(18);
	lost.extend(slashes(machine));
	// Epochs 3 to 6 are forgiven, and 8 and 13, for which enough is saved up again.
	let (part, own) = (5 * FLT, [7, 9, 10, 11, 12, 14]);
	let own = own.map(|epoch| (epoch, part, 0)).into_iter();
	let expected: Vec<_> = own.chain([15, 16].map(|epoch| (epoch, 0, part))).collect();
	assert_eq!(lost, expected);
}

#[test]
fn misses_beyond_the_budget_fail_the_commitment_and_compensate_the_developer() {
	chain::cheap_with(strict).execute_with(|| {
		let machine = sold();
		miss_until_failure(machine);
		let (_, state) = Capacity::commitment(COMMITMENT).expect("stake is left");
		assert_eq!(state, CommitmentState::Failed);
		let server = machine.id;
		let serve = report_call(server, 18, [0; 32], Units::NONE, SERVING);
		refused(signed(NORTH), serve, Refused::NotServing);

		// Five epochs of the term are lost, from the provider's own stake, at the price of the deal: a dollar
		// is half an FLT.
		let worth = 5 * (PER_EPOCH * FLT / USDC / 2);
		let pot = Capacity::stake_account(COMMITMENT);
		let mut ledger = Ledger::now(std::slice::from_ref(&pot));
		ledger.check();
		act(STRANGER, pallet_deals::Call::compensate { deal: DEAL, server });
		ledger.transfer(&pot, &account(DEVELOPER), Coin::Flt, worth);
		ledger.check();
		let again = pallet_deals::Call::compensate { deal: DEAL, server };
		let nothing = pallet_deals::Error::<Runtime>::NothingLost;
		refused(signed(DEVELOPER), again, nothing);

		// Of the provider's stake nothing is left but what is kept. The last epoch of the commitment is missed as
		// well: fifteen of the delegator's are with the treasury.
		chain::run_to_epoch(19);
		let commitment = COMMITMENT;
		act(DELEGATOR, Call::withdraw_stake { commitment });
		ledger.transfer(&pot, &TreasuryAccount::get(), Coin::Flt, 5 * FLT);
		ledger.transfer(&pot, &account(DELEGATOR), Coin::Flt, 155 * FLT);
		// No developer needs the rest.
		ledger.transfer(&pot, &TreasuryAccount::get(), Coin::Flt, 30 * FLT - worth);
		ledger.check();

		// The deal pays the fifteen epochs that were served and gives back the rest.
		chain::run_to_epoch(25);
		chain::let_idle();
		assert_eq!(Deals::deal(DEAL), None);
		let paid = 15 * PER_EPOCH;
		ledger.pay(&account(DEVELOPER), &account(NORTH), Coin::Usdc, paid);
		ledger.release(&account(DEVELOPER), Coin::Usdc, 20 * 2 * USDC - paid);
		ledger.check();
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn when_somebody_looks_changes_nothing_of_what_misses_cost() {
	chain::development().execute_with(|| {
		let machine = register(settle_down(NORTH), NORTH, NORTH, 1, 2);
		commit(machine, BOTH, 100, Perbill::zero(), 30 * FLT, DELEGATOR);
		let end = 70;
		let watched = hypothetically!({
			for epoch in 2..=end {
				chain::run_to_epoch(epoch);
				act(STRANGER, Call::settle_server { server: machine.id });
			}
			Capacity::commitment(COMMITMENT).expect("stake is left")
		});
		chain::run_to_epoch(end);
		let seen = Capacity::commitment(COMMITMENT).expect("stake is left");
		assert_eq!(seen, watched);
		act(STRANGER, Call::settle_server { server: machine.id });
		assert_eq!(Capacity::commitment(COMMITMENT).expect("stake is left"), watched);
		let (commitment, state) = watched;
		assert_eq!(state, CommitmentState::Failed);
		// Of the 122 misses of 61 epochs 20 are forgiven: the others cost half of the stake and a little more.
		assert_eq!(commitment.slashed, 102 * FLT);
		assert_eq!((commitment.own_left, commitment.kept), (0, 30 * FLT));
		assert_eq!(commitment.delegated_left, 98 * FLT);
		assert_eq!(invariants::check(), Ok(()));
	});
}
