//! Random histories of the whole market on the real runtime: two providers with four servers, a delegator, two
//! developers, strangers and governance do what they like, most of it sensible and some of it not. After every step
//! the invariants hold, and no plank is lost or made; in the end the market has given everything back.

mod checks;
mod demand;
mod dice;
mod running;
mod supply;

use checks::Planks;
use dice::{Deed, Dice, Step, DEEDS};
use frame_support::dispatch::GetDispatchInfo;
use marketplace_primitives::{Balance, Epoch, ServerId, Units};
use marketplace_runtime::{
	constants::FLT, AccountId, Capacity, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use marketplace_scenarios::{
	actors::{
		signed, Key, DELEGATOR, DEVELOPER, GOVERNOR, NORTH, OTHER_DEVELOPER, SOUTH, STRANGER,
	},
	acts::{open_site, register, settle_down, Machine},
	chain,
};
use pallet_capacity::{MarketParameters, MissRules};
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config, TestError, TestRunner},
};
use sp_runtime::{traits::Dispatchable, Perbill};
use std::{
	cell::{Cell, RefCell},
	collections::BTreeMap,
};

/// Signs vouchers for both developers.
const GATEWAY: Key = Key::EveStash;
/// How many histories are played, where the environment does not name another number.
const HISTORIES: u32 = 70;
/// How many units the servers have.
const SIZES: [u8; 4] = [8, 4, 6, 8];

/// How often each call was made, and refused for which reason, over all histories.
type Tally = BTreeMap<String, (u32, BTreeMap<&'static str, u32>)>;

/// A market, and what must be true of it.
struct Market {
	machines: Vec<Machine>,
	/// All money of the chain, when it was looked at last.
	planks: Planks,
	/// Planks of FLT that rewards made, and those that were lost as dust.
	minted: Balance,
	lost: Balance,
	/// What the vouchers of the market are worth so far, all with the same sum.
	vouchers: Balance,
	/// How many steps were played.
	steps: u32,
}

thread_local! {
	static TALLY: RefCell<Tally> = RefCell::default();
	/// Whether every call is told.
	static TELLS: Cell<bool> = const { Cell::new(false) };
	static EVENTS: RefCell<BTreeMap<String, u32>> = RefCell::default();
}

impl Market {
	/// Epoch 1: both providers come with two servers each, and commit and ask at random.
	fn begin(dice: &mut Dice) -> Self {
		let tromso = settle_down(NORTH);
		let berlin = open_site(NORTH, b"DE", "Berlin", 2);
		let oslo = settle_down(SOUTH);
		let paris = open_site(SOUTH, b"FR", "Paris", 4);
		let machines = vec![
			register(tromso, NORTH, Key::BobStash, 1, SIZES[0]),
			register(berlin, NORTH, NORTH, 2, SIZES[1]),
			register(oslo, SOUTH, Key::CharlieStash, 3, SIZES[2]),
			register(paris, SOUTH, SOUTH, 4, SIZES[3]),
		];
		let planks = Planks::now();
		let mut market = Self { machines, planks, minted: 0, lost: 0, vouchers: 0, steps: 0 };
		chain::take_events();
		for (machine, units) in market.machines.clone().into_iter().zip(SIZES) {
			for half in [Units(0b0000_1111), Units(0b1111_0000)] {
				let own = half.and(Units::first(units));
				if !own.is_empty() {
					market.commit(machine, own, dice);
					market.ask(machine, own, dice);
				}
			}
		}
		market.check();
		market
	}

	fn epoch(&self) -> Epoch {
		Capacity::epoch_info().epoch
	}

	fn machine(&self, server: ServerId) -> Machine {
		let mut machines = self.machines.iter();
		*machines.find(|machine| machine.id == server).expect("there are no others")
	}

	fn play(&mut self, (deed, bytes): &Step) {
		let mut dice = Dice::new(bytes);
		self.steps += 1;
		match deed {
			Deed::Block => self.next_block(false),
			Deed::FullBlock => self.next_block(true),
			Deed::Epoch => self.next_epoch(&mut dice),
			Deed::Supply => self.play_supply(&mut dice),
			Deed::Report => self.report_anything(&mut dice),
			Deed::SetWorkers => self.set_workers(&mut dice),
			Deed::Stake => self.play_stake(&mut dice),
			Deed::Offer => self.post(&mut dice),
			Deed::OpenOffer => self.play_offer(&mut dice),
			Deed::Solve => self.solve(&mut dice),
			Deed::Change => self.play_deal(&mut dice),
			Deed::Loss => self.play_loss(&mut dice),
			Deed::Request => self.play_requests(&mut dice),
			Deed::Rollout => self.play_rollout(&mut dice),
			Deed::Govern => self.govern(&mut dice),
		}
		self.check();
	}

	fn next_block(&mut self, is_full: bool) {
		if is_full {
			chain::next_full_block();
		} else {
			chain::next_block();
		}
		self.check();
	}

	/// `who` signs a call.
	fn sign(&mut self, who: Key, call: impl Into<RuntimeCall>) -> bool {
		self.dispatch(signed(who), call.into())
	}

	/// Makes a call. One that is refused changes nothing; no call weighs more than it says.
	fn dispatch(&mut self, origin: RuntimeOrigin, call: RuntimeCall) -> bool {
		let name = dice::name_of(&call);
		let declared = call.get_dispatch_info().call_weight;
		let before = sp_io::storage::root(Default::default());
		let told = format!("block {}: {origin:?}: {call:?}", System::block_number());
		if TELLS.get() {
			println!("{told}");
		}
		let done = call.dispatch(origin);
		match &done {
			Ok(info) => {
				let weight = info.actual_weight.unwrap_or(declared);
				assert!(weight.all_lte(declared), "{told}: {weight:?} above {declared:?}");
			},
			Err(_) => {
				assert_eq!(sp_io::storage::root(Default::default()), before, "{told}: refused");
			},
		}
		let reason = done.err().map(|refused| <&str>::from(refused.error));
		TALLY.with_borrow_mut(|tally| {
			let (made, refused) = tally.entry(name).or_default();
			match reason {
				Some(reason) => *refused.entry(reason).or_default() += 1,
				None => *made += 1,
			}
		});
		reason.is_none()
	}
}

/// Short epochs. Randomness comes in time for all draws, or only for some: the other epochs are void. Rewards are
/// small, so that few reports are audited: most roots are made up, and what is drawn costs stake.
fn settings(parameters: &mut MarketParameters, dice: &mut Dice) {
	parameters.epoch_length = 14;
	(parameters.grace, parameters.answer_window) = (2, 5);
	parameters.draw_delay = if dice.rarely(3) { 4 } else { 7 };
	parameters.first_pool = FLT;
	parameters.pool.min = FLT / 100;
	parameters.pool.unit_usd /= u128::from(dice.within(1, 20));
	if dice.rarely(2) {
		parameters.misses = MissRules { budget: 2, period: 10 };
		parameters.miss_slash = Perbill::from_percent(3);
		parameters.fail_at = Perbill::from_percent(20);
	}
}

/// Plays a history. What a step changed is written to the state after it, or each root would be reckoned over all
/// changes since the start.
fn play(first: &[u8; 16], steps: &[Step]) {
	let mut dice = Dice::new(first);
	let mut state = chain::development_with(|parameters| settings(parameters, &mut dice));
	let mut market = state.execute_with(|| Market::begin(&mut dice));
	for step in steps {
		state.execute_with(|| market.play(step));
		state.commit_all().expect("no transaction is open");
	}
	let last = state.execute_with(|| market.rest());
	while !state.execute_with(|| market.is_over(last)) {
		state.execute_with(|| market.next_block(false));
		state.commit_all().expect("no transaction is open");
	}
	state.execute_with(|| market.end());
}

#[test]
fn no_history_loses_money_or_makes_some() {
	let deed = prop::strategy::Union::new_weighted(
		DEEDS.iter().map(|(weight, deed)| (*weight, Just(*deed))).collect(),
	);
	let histories = (any::<[u8; 16]>(), vec((deed, any::<[u8; 16]>()), 50..150));
	let cases = std::env::var("HISTORIES").ok().and_then(|number| number.parse().ok());
	let config = Config {
		failure_persistence: None,
		max_shrink_iters: 200,
		max_shrink_time: 60_000,
		..Config::with_cases(cases.unwrap_or(HISTORIES))
	};
	let run = TestRunner::new(config).run(&histories, |(first, steps)| {
		play(&first, &steps);
		Ok(())
	});
	for (event, times) in EVENTS.take() {
		println!("{times:6} {event}");
	}
	let tally = TALLY.take();
	for (call, (made, refused)) in &tally {
		println!("{made:6} {call}, refused: {refused:?}");
	}
	if let Err(TestError::Fail(_, (first, steps))) = &run {
		println!("{steps:?}");
		TELLS.set(true);
		play(first, steps);
	}
	run.expect("all histories hold");
	let never: Vec<_> = tally.iter().filter(|(_, (made, _))| *made == 0).collect();
	assert!(never.len() <= 3, "too much never succeeds: {never:?}");
}
