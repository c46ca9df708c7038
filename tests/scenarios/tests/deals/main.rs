//! What becomes of a running deal: it is extended, renewed, enlarged, made smaller, terminated, and gets other
//! units for those that it loses. Every balance is reckoned apart from the chain and compared to the last plank.

mod agreements;
mod changes;
mod closing;
mod contests;
mod losses;
mod requests;
mod subnet;
mod terms;
mod together;

use marketplace_primitives::{Balance, CommitmentId, DealId, Price, Units, CONTEST_EPOCHS};
use marketplace_runtime::{
	constants::{FLT, USDC},
	Capacity, Deals, Runtime, RuntimeEvent, System,
};
use marketplace_scenarios::{
	actors::{account, act, refused, signed, Key, DELEGATOR, DEVELOPER, NORTH, SOUTH, STRANGER},
	acts::{ask, commit, commit_call, register, settle_down, stake, workers_call, Machine, Wanted},
	chain, client, invariants,
	ledger::{Coin, Ledger},
	proving::{answer_all, report_serving, Proofs},
};
use pallet_capacity::{Error as CapacityError, MarketParameters, MissRules};
use pallet_deals::{Call, Error, Event};
use sp_runtime::Perbill;

type Refused = Error<Runtime>;

/// It serves from epoch 3 on.
const DEAL: DealId = DealId(0);
/// What North asks per unit and epoch.
const CHEAP: Price = USDC;
/// What South asks.
const FAIR: Price = 1_503_000;
/// The most that the developer pays.
const LIMIT: Price = 2 * USDC;
const FIRST: Units = Units(0b01);
const SECOND: Units = Units(0b10);
const BOTH: Units = Units(0b11);

/// What is not proven is forgiven: these stories are about deals.
fn forgiving(parameters: &mut MarketParameters) {
	parameters.misses = MissRules { budget: 100, period: 10 };
}

/// A deal of North's units, with South's in reserve.
struct Story {
	ledger: Ledger,
	north: Machine,
	south: Machine,
	/// What North proved in epoch 2.
	proofs: Vec<Proofs>,
}

impl Story {
	/// Epoch 2: North proves `units` of its two, and sells them for `term` epochs from the next one on.
	fn begin(units: Units, term: u32) -> Self {
		Self::begin_with(units, term, Perbill::zero())
	}

	/// The same, where such a part of North's deals is for the delegator behind nine tenths of its stake.
	fn begin_with(units: Units, term: u32, deal_share: Perbill) -> Self {
		let north = register(settle_down(NORTH), NORTH, NORTH, 1, 2);
		let south = register(settle_down(SOUTH), SOUTH, SOUTH, 2, 2);
		act(NORTH, commit_call(north.id, BOTH, 30, Perbill::zero(), deal_share));
		stake(NORTH, CommitmentId(0), 20 * FLT);
		stake(DELEGATOR, CommitmentId(0), 180 * FLT);
		commit(south, BOTH, 30, Perbill::zero(), 200 * FLT, DELEGATOR);
		ask(north, BOTH, CHEAP);
		ask(south, BOTH, FAIR);
		chain::run_to_epoch(2);
		let proofs = vec![Proofs::work(north, units).report()];
		let stakes = [0u64, 1].map(|id| Capacity::stake_account(CommitmentId(id)));
		let incomes = [Capacity::income_account(CommitmentId(0))];
		let ledger = Ledger::now(&[&stakes[..], &incomes].concat());
		let mut story = Self { ledger, north, south, proofs };
		Wanted::new(units.count(), LIMIT, term).post(DEVELOPER);
		story.hold(Balance::from(units.count()) * LIMIT * Balance::from(term));
		assert_eq!(client::parts(DEAL), [(north.id, units, CHEAP)]);
		story
	}

	/// The same, and North sets the workers at once.
	fn accepted(units: Units, term: u32) -> Self {
		let story = Self::begin(units, term);
		act(NORTH, workers_call(DEAL, story.north.id, units));
		story
	}

	/// The developer's money is held.
	fn hold(&mut self, amount: Balance) {
		self.ledger.hold(&account(DEVELOPER), Coin::Usdc, amount);
		self.check();
	}

	/// The developer has it back.
	fn release(&mut self, amount: Balance) {
		self.ledger.release(&account(DEVELOPER), Coin::Usdc, amount);
		self.check();
	}

	/// Goes on to `epoch`, in which North serves with `units`; what was proven before is answered for.
	fn serve(&mut self, epoch: u32, units: Units) {
		chain::run_to_block(chain::first_block(epoch));
		report_serving(self.north, epoch, units);
		self.answer();
	}

	/// What was proven in the epoch before is answered for.
	fn answer(&mut self) {
		let proofs = std::mem::take(&mut self.proofs);
		if !proofs.is_empty() {
			answer_all(&proofs.iter().collect::<Vec<_>>());
		}
		self.check();
	}

	/// South proves `units` in the current epoch: they are for sale.
	fn let_south_prove(&mut self, units: Units) {
		self.proofs.push(Proofs::work(self.south, units).report());
	}

	/// Anybody settles: the server is paid for so many unit-epochs, and nothing the second time.
	fn settle(&mut self, machine: Machine, unit_epochs: Balance, price: Price) {
		let (deal, server) = (DEAL, machine.id);
		assert_eq!(Deals::claimable(deal, server), unit_epochs * price);
		act(STRANGER, Call::settle { deal, server });
		self.paid(machine.provider, unit_epochs * price);
		act(STRANGER, Call::settle { deal, server });
		self.check();
	}

	/// A provider was paid.
	fn paid(&mut self, provider: Key, amount: Balance) {
		let (from, to) = (account(DEVELOPER), account(provider));
		self.ledger.pay(&from, &to, Coin::Usdc, amount);
	}

	/// The deal ends with epoch `end`, and once nothing of it can be contested the chain closes it: the providers
	/// were paid so much more, and all that is held is the developer's again.
	fn end(&mut self, end: u32, paid: &[(Key, Balance)]) {
		assert_eq!(client::deal(DEAL).end, end);
		chain::run_to_epoch(end + CONTEST_EPOCHS);
		chain::let_idle();
		assert_eq!(Deals::deal(DEAL), None);
		for (provider, amount) in paid {
			self.paid(*provider, *amount);
		}
		let rest = self.ledger.purse(&account(DEVELOPER), Coin::Usdc).held;
		self.release(rest);
	}

	fn check(&self) {
		self.ledger.check();
		assert_eq!(invariants::check(), Ok(()), "block {}", System::block_number());
	}
}

/// The events of deals since events were taken last.
fn events() -> Vec<Event<Runtime>> {
	let ours = |event| match event {
		RuntimeEvent::Deals(event) => Some(event),
		_ => None,
	};
	chain::take_events().into_iter().filter_map(ours).collect()
}

/// Plays a story.
fn play(story: impl FnOnce()) {
	chain::cheap_with(forgiving).execute_with(story);
}
