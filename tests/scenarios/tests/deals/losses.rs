//! Units that are not accepted in time, and units whose commitment fails: others take their place.

use crate::*;
use marketplace_runtime::configs::TreasuryAccount;
use marketplace_scenarios::proving::report_call;
use pallet_capacity::{Call as CapacityCall, CommitmentState};

impl Story {
	/// North is fined what a miss of a unit costs, a hundredth of its stake: half of it is the stranger's.
	pub fn fined(&mut self) {
		let pot = Capacity::stake_account(CommitmentId(0));
		for to in [account(STRANGER), TreasuryAccount::get()] {
			self.ledger.transfer(&pot, &to, Coin::Flt, FLT / 2);
		}
		self.check();
	}
}

#[test]
fn provider_that_sets_no_worker_is_replaced_from_the_book() {
	play(|| {
		let mut story = Story::begin(BOTH, 8);
		let (north, south) = (story.north.id, story.south.id);
		// One worker of two.
		act(NORTH, workers_call(DEAL, north, FIRST));
		let replace = Call::replace { deal: DEAL, server: north };
		for epoch in [3, 4] {
			story.serve(epoch, FIRST);
			refused(signed(STRANGER), replace.clone(), Refused::NothingMissing);
		}
		story.serve(5, FIRST);
		story.let_south_prove(FIRST);
		events();
		act(STRANGER, replace.clone());
		chain::let_idle();
		let dropped = Event::UnitsDropped {
			deal: DEAL,
			server: north,
			failed: Units::NONE,
			unaccepted: SECOND,
			silent: Units::NONE,
			contested: Units::NONE,
			from: 6,
		};
		assert_eq!(events()[0], dropped);
		// No money of the deal moved: its limit paid for it already.
		story.fined();
		assert_eq!(client::parts(DEAL), [(north, FIRST, CHEAP), (south, FIRST, FAIR)]);
		refused(signed(STRANGER), replace, Refused::NothingMissing);
		act(SOUTH, workers_call(DEAL, south, FIRST));

		for epoch in 6..=10 {
			story.serve(epoch, FIRST);
			report_serving(story.south, epoch, FIRST);
		}
		story.settle(story.south, 2, FAIR);
		story.end(11, &[(NORTH, 8 * CHEAP), (SOUTH, 3 * FAIR)]);
	});
}

#[test]
fn nothing_is_paid_above_the_limit_for_a_replacement() {
	play(|| {
		let mut story = Story::begin(BOTH, 8);
		let north = story.north.id;
		act(NORTH, workers_call(DEAL, north, FIRST));
		for epoch in [3, 4, 5] {
			story.serve(epoch, FIRST);
		}
		let limit = FAIR - 1_000;
		act(DEVELOPER, Call::withdraw_surplus { deal: DEAL, limit });
		// Eight epochs are held at the limit before; of five that lie ahead each unit keeps the rise.
		story.release(2 * (8 * LIMIT - 8 * CHEAP - 5 * (limit - CHEAP)));
		story.let_south_prove(FIRST);
		act(STRANGER, Call::replace { deal: DEAL, server: north });
		chain::let_idle();
		story.fined();
		let deal = client::deal(DEAL);
		assert_eq!((client::parts(DEAL), deal.wanted), (vec![(north, FIRST, CHEAP)], 1));

		// The developer pays more for what is sought: the book has it.
		let call = pallet_offers::Call::raise_price { offer: deal.offer, new_price: LIMIT };
		act(DEVELOPER, call);
		story.hold(5 * (LIMIT - limit));
		chain::let_idle();
		assert_eq!(client::parts(DEAL)[1..], [(story.south.id, FIRST, FAIR)]);
		act(SOUTH, workers_call(DEAL, story.south.id, FIRST));
		for epoch in 6..=10 {
			story.serve(epoch, FIRST);
			report_serving(story.south, epoch, FIRST);
		}
		story.end(11, &[(NORTH, 8 * CHEAP), (SOUTH, 5 * FAIR)]);
	});
}

/// As in the story of misses: after some epochs a commitment fails.
fn strict(parameters: &mut MarketParameters) {
	parameters.misses = MissRules { budget: 2, period: 10 };
	parameters.miss_slash = Perbill::from_percent(5);
	parameters.fail_at = Perbill::from_percent(20);
	parameters.margin = 2;
}

/// North has a unit in the deal that serves and one that neither serves nor proves, until the commitment of
/// both fails.
fn serve_until_failure() -> (Machine, Machine) {
	let north = register(settle_down(NORTH), NORTH, NORTH, 1, 2);
	let site = settle_down(SOUTH);
	commit(north, BOTH, 30, Perbill::zero(), 30 * FLT, DELEGATOR);
	ask(north, FIRST, CHEAP);
	chain::run_to_epoch(2);
	let proofs = Proofs::work(north, BOTH).report();
	Wanted::new(1, LIMIT, 20).post(DEVELOPER);
	act(NORTH, workers_call(DEAL, north.id, FIRST));
	chain::run_to_epoch(3);
	report_serving(north, 3, FIRST);
	answer_all(&[&proofs]);
	for epoch in 4..=17 {
		chain::run_to_epoch(epoch);
		report_serving(north, epoch, FIRST);
	}
	// South comes in time to begin with epoch 18.
	let south = register(site, SOUTH, SOUTH, 2, 1);
	commit(south, FIRST, 30, Perbill::zero(), 100 * FLT, DELEGATOR);
	ask(south, FIRST, FAIR);
	chain::run_to_epoch(18);
	act(STRANGER, CapacityCall::settle_server { server: north.id });
	let (_, state) = Capacity::commitment(CommitmentId(0)).expect("stake is left");
	assert_eq!(state, CommitmentState::Failed);
	(north, south)
}

#[test]
fn failed_commitment_is_compensated_and_replaced() {
	chain::cheap_with(strict).execute_with(|| {
		let (north, south) = serve_until_failure();
		let pots = [0u64, 1].map(|id| Capacity::stake_account(CommitmentId(id)));
		let ledger = Ledger::now(&pots);
		let mut story = Story { ledger, north, south, proofs: Vec::new() };
		story.check();
		let server = north.id;
		assert_eq!(client::deal(DEAL).allocations[0].held, Units::NONE);
		let serve = report_call(server, 18, [0; 32], Units::NONE, FIRST);
		refused(signed(NORTH), serve, CapacityError::<Runtime>::NotServing);

		// Five epochs of the term are lost: a dollar is half an FLT.
		act(STRANGER, Call::compensate { deal: DEAL, server });
		let worth = 5 * FLT / 2;
		story.ledger.transfer(&pots[0], &account(DEVELOPER), Coin::Flt, worth);
		story.check();
		let again = Call::compensate { deal: DEAL, server };
		refused(signed(STRANGER), again, Refused::NothingLost);

		let south_proves = Proofs::work(south, FIRST).report();
		events();
		act(STRANGER, Call::replace { deal: DEAL, server });
		chain::let_idle();
		let dropped = Event::UnitsDropped {
			deal: DEAL,
			server,
			failed: FIRST,
			unaccepted: Units::NONE,
			silent: Units::NONE,
			contested: Units::NONE,
			from: 19,
		};
		assert_eq!(events()[0], dropped);
		assert_eq!(client::parts(DEAL)[1..], [(south.id, FIRST, FAIR)]);
		act(SOUTH, workers_call(DEAL, south.id, FIRST));
		story.check();

		// All but the last two.
		story.settle(north, 13, CHEAP);
		chain::run_to_epoch(19);
		report_serving(south, 19, FIRST);
		answer_all(&[&south_proves]);
		// The last epoch of the commitment that failed was missed as well: a delegator pays for that.
		act(STRANGER, CapacityCall::settle_server { server });
		story.ledger.transfer(&pots[0], &TreasuryAccount::get(), Coin::Flt, 5 * FLT);
		story.check();
		for epoch in 20..=22 {
			chain::run_to_epoch(epoch);
			report_serving(south, epoch, FIRST);
		}
		chain::run_to_epoch(25);
		chain::let_idle();
		assert_eq!(Deals::deal(DEAL), None);
		story.paid(NORTH, 2 * CHEAP);
		story.paid(SOUTH, 4 * FAIR);
		let rest = 20 * LIMIT - 15 * CHEAP - 4 * FAIR;
		story.ledger.release(&account(DEVELOPER), Coin::Usdc, rest);
		let held = story.ledger.purse(&account(DEVELOPER), Coin::Usdc).held;
		assert_eq!(held, 0);
		story.check();
	});
}
