//! A whole market on the real runtime, with real proofs: two providers with four servers and six units,
//! a delegator, two developers. Every balance is reckoned apart from the chain and compared to the last
//! plank.

mod rewards;
mod sale;

use marketplace_primitives::{
	AccessList, AskId, Balance, CommitmentId, DealId, OfferId, Placement, Units,
};
use marketplace_runtime::{
	configs::TreasuryAccount,
	constants::{FLT, MICRO_FLT, MILLI_FLT, USDC},
	Capacity, Deals, Matcher, Offers, Providers, Runtime, RuntimeEvent, System,
};
use marketplace_scenarios::{
	actors::{
		account, act, refused, signed, Key, DELEGATOR, DEVELOPER, NORTH, NORTH_OPERATOR,
		OTHER_DEVELOPER, SOUTH, SOUTH_OPERATOR, STRANGER,
	},
	acts::{ask, commit, register, settle_down, workers_call, Machine, Wanted, DOLLARS},
	chain, invariants,
	ledger::{Coin, Ledger},
	proving::{answer_all, report_call, report_serving, run_to_draw, run_to_finish, Proofs},
};
use pallet_capacity::CommitmentState;
use rewards::{second_epoch, Rewards};
use sale::matches;
use sp_runtime::Perbill;

const BOTH: Units = Units(0b11);
const FIRST: Units = Units(0b01);

fn percent(part: u32) -> Perbill {
	Perbill::from_percent(part)
}

/// Deposits, reckoned by hand: 20 milliFLT per record and 100 microFLT per byte of the largest record.
mod deposits {
	use super::*;
	pub const PROVIDER: Balance = 20 * MILLI_FLT + 122 * 100 * MICRO_FLT;
	pub const SITE: Balance = 20 * MILLI_FLT + 92 * 100 * MICRO_FLT;
	pub const SERVER: Balance = 20 * MILLI_FLT + 258 * 100 * MICRO_FLT;
	pub const ASK: Balance = 20 * MILLI_FLT + 130 * 100 * MICRO_FLT;
}

/// Prices per unit and epoch, chosen so that rounding would show.
mod prices {
	use super::*;
	pub const CHEAP: Balance = USDC;
	pub const FAIR: Balance = 1_201_000;
	pub const DEAR: Balance = 2_003_000;
}

/// The chain and what must be true of it.
struct Story {
	ledger: Ledger,
	/// North's, with two units: cheap.
	large: Machine,
	/// North's, with one unit: dear.
	small: Machine,
	/// South's, with two units.
	southern: Machine,
	/// South's, with one unit: its operator forges.
	forger: Machine,
}

const LARGE: CommitmentId = CommitmentId(0);
const SMALL: CommitmentId = CommitmentId(1);
const SOUTHERN: CommitmentId = CommitmentId(2);
const FORGERS: CommitmentId = CommitmentId(3);

impl Story {
	/// Ends an epoch: whatever happened in it, the books agree and the invariants hold.
	fn to_epoch(&self, epoch: u32) {
		self.check();
		chain::run_to_epoch(epoch);
		self.check();
	}

	fn check(&self) {
		self.ledger.check();
		assert_eq!(invariants::check(), Ok(()), "block {}", System::block_number());
	}

	/// Epoch 1: everybody comes.
	fn begin() -> Self {
		let north = settle_down(NORTH);
		let south = settle_down(SOUTH);
		let mut story = Self {
			ledger: Ledger::default(),
			large: register(north, NORTH, NORTH_OPERATOR, 1, 2),
			small: register(north, NORTH, NORTH, 2, 1),
			southern: register(south, SOUTH, SOUTH, 3, 2),
			forger: register(south, SOUTH, SOUTH_OPERATOR, 4, 1),
		};
		for who in [NORTH, SOUTH] {
			let records = deposits::PROVIDER + deposits::SITE + 2 * deposits::SERVER;
			story.ledger.hold(&account(who), Coin::Flt, records);
		}
		story.ask();
		story.commit();
		story
	}

	fn ask(&mut self) {
		for (machine, units, price) in [
			(self.large, BOTH, prices::CHEAP),
			(self.southern, BOTH, prices::FAIR),
			(self.small, FIRST, prices::DEAR),
		] {
			ask(machine, units, price);
			self.ledger.hold(&account(machine.provider), Coin::Flt, deposits::ASK);
		}
	}

	fn commit(&mut self) {
		for (id, machine, units, duration, commission, own, lent) in [
			(LARGE, self.large, BOTH, 4, percent(10), 20, 180),
			(SMALL, self.small, FIRST, 5, percent(0), 100, 0),
			(SOUTHERN, self.southern, BOTH, 4, percent(5), 50, 150),
			(FORGERS, self.forger, FIRST, 8, percent(0), 10, 90),
		] {
			let made = commit(machine, units, duration, commission, own * FLT, DELEGATOR);
			assert_eq!(made, id);
			let (provider, delegator) = (account(machine.provider), account(DELEGATOR));
			let stake = Capacity::stake_account(id);
			self.ledger.transfer(&provider, &stake, Coin::Flt, own * FLT);
			self.ledger.transfer(&delegator, &stake, Coin::Flt, lent * FLT);
			let (_, state) = Capacity::commitment(id).unwrap();
			assert_eq!(state, CommitmentState::Starting);
		}
	}
}

/// The four units of a deal across both providers.
const WIDE: DealId = DealId(0);
/// The deal that waited for a better price.
const NARROW: DealId = DealId(1);

impl Story {
	/// Epoch 2: all but the forger prove; a developer finds four units with two providers, another finds
	/// its offer too low, and one offer is cancelled.
	fn prove_and_sell(&mut self) -> Vec<Proofs> {
		self.to_epoch(2);
		for machine in [self.large, self.southern, self.small] {
			assert_eq!(Capacity::units_info(machine.id).unwrap().available, Units::NONE);
		}
		let proofs = vec![
			Proofs::work(self.large, BOTH).report(),
			Proofs::work(self.southern, BOTH).report(),
			Proofs::work(self.small, FIRST).report(),
		];
		assert_eq!(Capacity::units_info(self.large.id).unwrap().available, BOTH);

		self.sell_widely();
		let low = Wanted::new(1, 1_900_000, 2).post(OTHER_DEVELOPER);
		assert_eq!(low, OfferId(1));
		self.ledger.hold(&account(OTHER_DEVELOPER), Coin::Usdc, 2 * 1_900_000);
		let vain = Wanted::new(3, USDC / 2, 7).post(DEVELOPER);
		self.ledger.hold(&account(DEVELOPER), Coin::Usdc, 3 * 7 * USDC / 2);
		self.check();
		chain::let_idle();
		assert!(matches().is_empty());
		act(DEVELOPER, pallet_offers::Call::cancel_offer { offer: vain });
		self.ledger.release(&account(DEVELOPER), Coin::Usdc, 3 * 7 * USDC / 2);
		self.check();

		act(NORTH_OPERATOR, workers_call(WIDE, self.large.id, BOTH));
		act(SOUTH, workers_call(WIDE, self.southern.id, BOTH));
		proofs
	}

	/// Epoch 3: the audits of epoch 2; the deal is served; the low offer is raised and matched; a proof is
	/// forged.
	fn serve_and_forge(&mut self, proven: Vec<Proofs>) -> (Proofs, Proofs) {
		self.to_epoch(3);
		assert_eq!(Capacity::units_info(self.large.id).unwrap().serving, BOTH);
		report_serving(self.large, 3, BOTH);
		report_serving(self.southern, 3, BOTH);
		let forged = Proofs::pretend(self.forger, FIRST).report();

		chain::take_events();
		let offer = OfferId(1);
		act(OTHER_DEVELOPER, pallet_offers::Call::raise_price { offer, new_price: 2_100_000 });
		self.ledger.hold(&account(OTHER_DEVELOPER), Coin::Usdc, 2 * 200_000);
		chain::let_idle();
		assert_eq!(matches(), [(offer, NARROW, 1, 1)]);
		let deal = Deals::deal_info(NARROW).unwrap();
		assert_eq!((deal.start, deal.end), (4, 6));
		assert_eq!(deal.allocations[0].price, prices::DEAR, "the ask stood there first");
		act(NORTH, workers_call(NARROW, self.small.id, FIRST));

		// Reserved in this epoch: the unit may still prove it.
		let honest = Proofs::work(self.small, FIRST).report();
		answer_all(&proven.iter().collect::<Vec<_>>());
		run_to_finish(2);
		for (id, units) in [(LARGE, 2), (SMALL, 1), (SOUTHERN, 2), (FORGERS, 0)] {
			let (commitment, _) = Capacity::commitment(id).unwrap();
			let sums = [commitment.fees, commitment.shared];
			let earned: Balance = sums.iter().map(|sum| sum.unlocked + sum.locked()).sum();
			assert_eq!(earned, second_epoch(units));
		}
		(honest, forged)
	}

	/// Epoch 4: the forger is found out, and reports what it will not answer for; one unit of a deal does
	/// not serve; what was served so far can still be contested, so that nothing is paid.
	fn catch_and_settle(&mut self, honest: Proofs, forged: Proofs) {
		self.to_epoch(4);
		report_serving(self.large, 4, BOTH);
		report_serving(self.southern, 4, FIRST);
		report_serving(self.small, 4, FIRST);
		act(SOUTH_OPERATOR, report_call(self.forger.id, 4, [9; 32], FIRST, Units::NONE));
		answer_all(&[&honest, &forged]);
		let (commitment, state) = Capacity::commitment(FORGERS).unwrap();
		assert_eq!(state, CommitmentState::Active);
		assert_eq!((commitment.own_left, commitment.delegated_left), (0, 90 * FLT));
		self.slashed(10 * FLT);

		let (deal, server) = (WIDE, self.large.id);
		assert_eq!(Deals::claimable(deal, server), 0);
		act(STRANGER, pallet_deals::Call::settle { deal, server });
		self.check();
	}

	fn slashed(&mut self, amount: Balance) {
		let stake = Capacity::stake_account(FORGERS);
		self.ledger.transfer(&stake, &TreasuryAccount::get(), Coin::Flt, amount);
	}

	fn paid(&mut self, developer: Key, provider: Key, amount: Balance) {
		self.ledger.pay(&account(developer), &account(provider), Coin::Usdc, amount);
	}

	/// Epoch 5: the first deal is over; its units prove again, one of them not; the forger's silence costs its
	/// delegator.
	fn end_and_prove(&mut self) -> Vec<Proofs> {
		self.to_epoch(5);
		report_serving(self.small, 5, FIRST);
		let proofs = vec![
			Proofs::work(self.large, BOTH).report(),
			Proofs::work(self.southern, FIRST).report(),
		];
		run_to_draw(4);
		chain::run_to_block(System::block_number() + Capacity::parameters().answer_window);
		act(STRANGER, pallet_capacity::Call::settle_server { server: self.forger.id });
		// The second wrong report costs half of the stake, and with it the commitment.
		self.slashed(50 * FLT);
		assert_eq!(Capacity::stake_of(FORGERS, account(DELEGATOR)), 40 * FLT);
		proofs
	}

	/// Epoch 6: what was served in epoch 3 is settled, once; the second deal is over; a provider claims rewards; the
	/// last unit proves again.
	fn settle_and_claim(&mut self, proven: Vec<Proofs>) -> Proofs {
		self.to_epoch(6);
		let (_, state) = Capacity::commitment(FORGERS).unwrap();
		assert_eq!(state, CommitmentState::Failed);
		let again = Proofs::work(self.small, FIRST).report();
		let (deal, server) = (WIDE, self.large.id);
		assert_eq!(Deals::claimable(deal, server), 2 * prices::CHEAP);
		act(STRANGER, pallet_deals::Call::settle { deal, server });
		self.paid(DEVELOPER, NORTH, 2 * prices::CHEAP);
		act(STRANGER, pallet_deals::Call::settle { deal, server });
		self.check();

		answer_all(&proven.iter().collect::<Vec<_>>());
		run_to_finish(5);
		self.claim(NORTH, LARGE, Rewards::reckon().north_of_large_early);
		self.check();
		again
	}

	/// Epoch 7: the chain itself closes the first deal, now that nothing of it can be contested.
	fn let_close(&mut self) {
		self.to_epoch(7);
		assert!(Deals::deal(WIDE).is_some());
		chain::let_idle();
		assert_eq!(Deals::deal(WIDE), None);
		self.paid(DEVELOPER, NORTH, 2 * prices::CHEAP);
		self.paid(DEVELOPER, SOUTH, 3 * prices::FAIR);
		let rest = 4 * 1_500_000 * 2 - 4 * prices::CHEAP - 3 * prices::FAIR;
		self.ledger.release(&account(DEVELOPER), Coin::Usdc, rest);
		self.check();
	}

	/// Epoch 8: somebody closes the second.
	fn close_by_hand(&mut self) {
		self.to_epoch(8);
		act(STRANGER, pallet_deals::Call::close_deal { deal: NARROW });
		assert_eq!(Deals::deal(NARROW), None);
		self.paid(OTHER_DEVELOPER, NORTH, 2 * prices::DEAR);
		let rest = 2 * 2_100_000 - 2 * prices::DEAR;
		self.ledger.release(&account(OTHER_DEVELOPER), Coin::Usdc, rest);
		self.check();
	}

	/// Epochs 7 and 8: stake, rewards and deposits go back to whom they belong.
	fn leave(&mut self, again: Proofs) {
		self.let_close();
		answer_all(&[&again]);
		let rewards = Rewards::reckon();
		self.claim(DELEGATOR, LARGE, rewards.delegator_of_large);
		self.withdraw(DELEGATOR, LARGE, 180 * FLT);
		self.withdraw(NORTH, LARGE, 20 * FLT);
		self.claim(NORTH, LARGE, rewards.north_of_large - rewards.north_of_large_early);
		self.withdraw(SOUTH, SOUTHERN, 50 * FLT);
		self.claim(SOUTH, SOUTHERN, rewards.south);
		self.withdraw(DELEGATOR, SOUTHERN, 150 * FLT);
		self.claim(DELEGATOR, SOUTHERN, rewards.delegator_of_southern);
		let (commitment, gone) = (FORGERS, pallet_capacity::Error::<Runtime>::NothingToWithdraw);
		refused(signed(SOUTH), pallet_capacity::Call::withdraw_stake { commitment }, gone);
		self.withdraw(DELEGATOR, FORGERS, 40 * FLT);
		self.close_by_hand();
		self.claim(NORTH, SMALL, rewards.north_of_small);
		self.withdraw(NORTH, SMALL, 100 * FLT);
		self.check();
		self.tear_down();
	}

	fn claim(&mut self, who: Key, commitment: CommitmentId, amount: Balance) {
		act(who, pallet_capacity::Call::claim_rewards { commitment });
		self.ledger.mint(&account(who), amount);
		self.ledger.check();
	}

	fn withdraw(&mut self, who: Key, commitment: CommitmentId, stake: Balance) {
		act(who, pallet_capacity::Call::withdraw_stake { commitment });
		let pot = Capacity::stake_account(commitment);
		self.ledger.transfer(&pot, &account(who), Coin::Flt, stake);
		self.ledger.check();
	}

	fn tear_down(&mut self) {
		for (who, ask) in [(NORTH, 0), (SOUTH, 1), (NORTH, 2)] {
			act(who, pallet_providers::Call::withdraw_ask { ask: AskId(ask) });
		}
		for machine in [self.large, self.small, self.southern, self.forger] {
			let server = machine.id;
			act(machine.provider, pallet_providers::Call::deregister_server { server });
		}
		for (who, site) in [(NORTH, 0u32), (SOUTH, 1)] {
			let data_center = site.into();
			act(who, pallet_providers::Call::remove_data_center { data_center });
			act(who, pallet_providers::Call::deregister_provider {});
			let held = self.ledger.purse(&account(who), Coin::Flt).held;
			self.ledger.release(&account(who), Coin::Flt, held);
		}
		self.check();
	}
}

#[test]
fn everybody_has_what_is_theirs_in_the_end() {
	chain::development_with(rewards::settings).execute_with(|| {
		let mut story = Story::begin();
		let proofs = story.prove_and_sell();
		let (honest, forged) = story.serve_and_forge(proofs);
		story.catch_and_settle(honest, forged);
		let proofs = story.end_and_prove();
		let again = story.settle_and_claim(proofs);
		story.leave(again);

		// Nothing is left of the market but its history.
		for who in [NORTH, SOUTH] {
			assert!(Providers::provider(account(who)).is_none());
			assert_eq!(story.ledger.purse(&account(who), Coin::Flt).held, 0);
		}
		for id in [LARGE, SMALL, SOUTHERN, FORGERS] {
			assert!(Capacity::commitment(id).is_none());
		}
		assert!(Offers::offer(OfferId(1)).is_none());
		assert!(pallet_offers::Escrows::<Runtime>::iter().next().is_none());
		assert_eq!(Matcher::best_ask(DOLLARS), None);
		chain::let_idle();
		assert!(Matcher::is_quiet());
		story.check();
	});
}

#[test]
fn a_chain_begins_with_what_the_presets_give() {
	chain::development().execute_with(|| {
		Ledger::default().check();
		assert_eq!(invariants::check(), Ok(()));
	});
}
