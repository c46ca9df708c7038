//! Three delegators cover a commitment together: what it earns, what deals pay, and how long it runs.

use marketplace_primitives::{Balance, CommitmentId, DealId, OfferId, Units};
use marketplace_runtime::{
	constants::{FLT, USDC},
	Capacity, Deals, Runtime, RuntimeCall,
};
use marketplace_scenarios::{
	actors::{account, act, refused, signed, Key, DEVELOPER, NORTH, OTHER_DEVELOPER, STRANGER},
	acts::{
		ask, commit, commit_call, register, settle_down, stake, workers_call, Machine, Wanted,
		DOLLARS, MOST_REWARD,
	},
	chain, invariants,
	ledger::{on_chain, Coin},
	proving::{answer_all, report_serving, run_to_finish, Proofs},
};
use pallet_capacity::{Call, CommitmentState, Error};
use sp_core::U256;
use sp_runtime::Perbill;

type Refused = Error<Runtime>;

const POOLED: CommitmentId = CommitmentId(0);
const DEAL: DealId = DealId(0);
/// Everybody's stake in two units, uneven so that rounding would show.
const LENT: [(Key, Balance); 3] =
	[(Key::Dave, 30 * FLT + 1), (Key::DaveStash, 50 * FLT + 6), (Key::EveStash, 100 * FLT - 7)];
const OWN: Balance = 20 * FLT;
/// Per unit and epoch.
const PRICE: Balance = 1_001_000;

fn percent(part: u32) -> Perbill {
	Perbill::from_percent(part)
}

/// Commits `units` at a commission of a tenth and a deal share of 15 %, and lets everybody stake.
fn pool(machine: Machine, units: Units, duration: u32, lent: &[(Key, Balance)], own: Balance) {
	act(NORTH, commit_call(machine.id, units, duration, percent(10), percent(15)));
	stake(NORTH, POOLED, own);
	for (who, amount) in lent {
		stake(*who, POOLED, *amount);
	}
	let (_, state) = Capacity::commitment(POOLED).expect("it was made");
	assert_eq!(state, CommitmentState::Starting);
}

/// What `call` adds to the free balance of `who`.
fn gain(who: Key, coin: Coin, call: impl Into<RuntimeCall>) -> Balance {
	let before = on_chain(&account(who), coin).free;
	act(who, call);
	on_chain(&account(who), coin).free - before
}

fn claim_rewards(who: Key) -> Balance {
	gain(who, Coin::Flt, Call::claim_rewards { commitment: POOLED })
}

fn claim_income(who: Key) -> Balance {
	gain(who, Coin::Usdc, Call::claim_income { commitment: POOLED, asset: DOLLARS })
}

fn withdraw(who: Key) -> Balance {
	gain(who, Coin::Flt, Call::withdraw_stake { commitment: POOLED })
}

/// Two pooled units and one of the provider alone prove epoch 2 and are sold together for epochs 3 and 4.
fn serve_a_deal() {
	let machine = register(settle_down(NORTH), NORTH, NORTH, 1, 3);
	let all = Units(0b111);
	pool(machine, Units(0b011), 3, &LENT, OWN);
	commit(machine, Units(0b100), 3, percent(0), 100 * FLT, STRANGER);
	ask(machine, all, PRICE);
	chain::run_to_epoch(2);
	let proofs = Proofs::work(machine, all).report();
	assert_eq!(Wanted::new(3, 2 * USDC, 2).post(DEVELOPER), OfferId(0));
	act(NORTH, workers_call(DEAL, machine.id, all));
	chain::run_to_epoch(3);
	report_serving(machine, 3, all);
	answer_all(&[&proofs]);
	run_to_finish(2);
	chain::run_to_epoch(4);
	report_serving(machine, 4, all);
	// Each epoch is paid once nobody can contest it any more.
	chain::run_to_epoch(6);
	let paid =
		gain(NORTH, Coin::Usdc, pallet_deals::Call::settle { deal: DEAL, server: machine.id });
	assert_eq!(paid, 3 * PRICE - share());
	let before = on_chain(&account(NORTH), Coin::Usdc).free;
	chain::run_to_epoch(7);
	chain::let_idle();
	assert_eq!(Deals::deal(DEAL), None, "it closed by itself");
	assert_eq!(on_chain(&account(NORTH), Coin::Usdc).free - before, 3 * PRICE - share());
}

/// The delegators' part of what the deal pays for an epoch: 15 % of what two of three units earn, the
/// part rounded down to billionths at each step.
fn share() -> Balance {
	let part = 2_000_000_000 / 3 * 15 / 100;
	3 * PRICE * part / 1_000_000_000
}

/// `amount · stake / all`, rounded down; the product may have more than 128 bits.
fn part(amount: Balance, stake: Balance, all: Balance) -> Balance {
	(U256::from(amount) * U256::from(stake) / U256::from(all)).as_u128()
}

#[test]
fn delegators_share_rewards_deals_and_stake_to_the_last_plank() {
	chain::with_cheap_proofs().execute_with(|| {
		serve_a_deal();
		let (needed, lent) = (200 * FLT, 180 * FLT);
		// The provider takes a tenth of what its units earn.
		let earned = 2 * MOST_REWARD;
		let shared = earned - earned / 10;
		let pot = Capacity::income_account(POOLED);
		let income = on_chain(&pot, Coin::Usdc).free;
		assert_eq!(income, 2 * share());

		let [first, second, third] = LENT;
		let rewards = |stake| part(shared, stake, needed);
		let parts = LENT.map(|(_, stake)| part(income, stake, lent));
		assert_eq!(claim_income(first.0), parts[0]);
		assert_eq!(claim_rewards(first.0), rewards(first.1));
		assert_eq!(withdraw(first.0), first.1);
		assert!(pallet_capacity::Delegations::<Runtime>::get(POOLED, account(first.0)).is_none());
		// Stake first, and all the rest still.
		assert_eq!(withdraw(second.0), second.1);
		assert_eq!(claim_income(second.0), parts[1]);
		assert_eq!(claim_rewards(second.0), rewards(second.1));
		assert_eq!(claim_rewards(third.0), rewards(third.1));
		let again = Call::claim_rewards { commitment: POOLED };
		refused(signed(third.0), again, Refused::NothingToClaim);
		assert_eq!(withdraw(third.0), third.1);
		assert_eq!(claim_income(third.0), parts[2]);

		assert_eq!(claim_rewards(NORTH), earned / 10 + rewards(OWN));
		assert_eq!(withdraw(NORTH), OWN);
		assert!(Capacity::commitment(POOLED).is_none(), "nobody has anything in it");
		// What rounding left belongs to nobody.
		let rest = income - parts.iter().sum::<Balance>();
		assert!(rest < 3);
		assert_eq!(on_chain(&pot, Coin::Usdc).free, rest);
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn provider_has_no_part_of_what_deals_pay_to_delegators() {
	chain::with_cheap_proofs().execute_with(|| {
		serve_a_deal();
		let claim = |commitment| Call::claim_income { commitment, asset: DOLLARS };
		for who in [NORTH, STRANGER] {
			refused(signed(who), claim(POOLED), Refused::NotStaker);
		}
		// The provider's own unit has no delegators.
		assert_eq!(on_chain(&Capacity::income_account(CommitmentId(1)), Coin::Usdc).free, 0);
	});
}

fn propose(epochs: u32) {
	act(NORTH, Call::propose_extension { commitment: POOLED, epochs });
}

fn accept(who: Key) {
	act(who, Call::accept_extension { commitment: POOLED });
}

fn end() -> u32 {
	let (commitment, _) = Capacity::commitment(POOLED).expect("it stands");
	match commitment.phase {
		pallet_capacity::Phase::Running { end, .. } => end,
		other => panic!("it does not run: {other:?}"),
	}
}

#[test]
fn a_term_gets_longer_once_all_delegators_accept_and_not_before() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = register(settle_down(NORTH), NORTH, NORTH, 1, 1);
		let lent = LENT.map(|(who, _)| (who, 30 * FLT));
		pool(machine, Units(1), 4, &lent, 10 * FLT);
		ask(machine, Units(1), PRICE);
		chain::run_to_epoch(2);
		let proofs = Proofs::work(machine, Units(1)).report();
		let [first, second, third] = lent.map(|(who, _)| who);

		// From epoch 3 until 8 begins: longer than the commitment.
		Wanted::new(1, PRICE, 5).post(DEVELOPER);
		assert!(!pallet_deals::Deals::<Runtime>::contains_key(DEAL));
		propose(3);
		accept(first);
		accept(second);
		let again = Call::accept_extension { commitment: POOLED };
		refused(signed(second), again.clone(), Refused::AlreadyAccepted);
		assert_eq!(end(), 6);
		// A new proposal starts from nothing.
		propose(4);
		accept(third);
		assert_eq!(end(), 6);
		accept(first);
		accept(second);
		assert_eq!(end(), 10);
		refused(signed(third), again, Refused::NoProposal);
		Wanted::new(1, PRICE, 5).post(OTHER_DEVELOPER);
		// An offer stands before it that has not looked again.
		chain::let_idle();
		assert!(
			pallet_deals::Deals::<Runtime>::contains_key(DEAL),
			"units are for sale for longer"
		);

		// Whoever says nothing keeps the term that it staked for.
		propose(100);
		accept(first);
		accept(second);
		assert_eq!(end(), 10);
		answer_all(&[&proofs]);
		let leave = Call::withdraw_stake { commitment: POOLED };
		chain::run_to_epoch(10);
		refused(signed(third), leave, Refused::StillBonded);
		chain::run_to_epoch(11);
		assert_eq!(withdraw(third), 30 * FLT);
		let late = Call::accept_extension { commitment: POOLED };
		refused(signed(first), late, Refused::NotRunning);
		assert_eq!(invariants::check(), Ok(()));
	});
}
