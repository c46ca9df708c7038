//! Mistakes that other markets made, as tests: where a number of the list is not here, another story shows it.
//!
//! | | mistake | story |
//! | --- | --- | --- |
//! | 1 | a cap per provider that lets one unit more in | `placement/spread.rs` |
//! | 2 | a unit sold twice where the offer lists providers | here |
//! | 3 | one bad candidate that spoils all others | here |
//! | 4 | weight that does not follow what was looked at | here |
//! | 5 | settling often pays something else than settling once | here |
//! | 6 | service after the money is spent | here |
//! | 7 | settling twice in a block pays twice | `market/main.rs`, `deals/main.rs` |
//! | 8 | nothing due hides an old debt | here |
//! | 9 | all that ends at once is closed at once | here |
//! | 10 | full blocks that cost honest providers stake | `pallets/capacity/src/tests/congestion.rs` |
//! | 11 | a draw that who submits last can bend | `pallets/capacity/src/tests/clock.rs` |
//! | 12 | honest units that are slashed by chance | `runtime/src/tests.rs` |
//! | 13 | supply that is held for nothing | `deals/terms.rs` (notice), `deals/losses.rs` (no worker) |
//! | 14 | pay for what was offline or failed | `market/main.rs`, `misses.rs` |
//! | 15 | a failed payment ends renewal for ever | `deals/terms.rs` |
//! | 16 | terms that change after the match | here |
//! | 17 | a price that jumps | `price.rs` |
//! | 18 | a validator's own fault that makes a block invalid | `primitives/randomx/tests/local_faults.rs` |
//! | 19 | money that appears or goes | the ledger of every story |
//! | 20 | expired offers that hide live ones | here |

use frame_support::{dispatch::GetDispatchInfo, hypothetically, traits::Hooks, weights::Weight};
use marketplace_primitives::{
	api::Constraint, AccessList, Attributes, Balance, DealId, EscrowId, OfferId, Placement, Units,
};
use marketplace_runtime::{
	constants::{FLT, USDC, USDC_ID},
	AccountId, Capacity, Deals, Offers, Runtime, RuntimeCall, RuntimeEvent, System,
};
use marketplace_scenarios::{
	actors::{
		account, act, refused, signed, Key, DEVELOPER, GOVERNOR, NORTH, OTHER_DEVELOPER, SOUTH,
		STRANGER,
	},
	acts::{ask, ask_call, commit, register, settle_down, workers_call, Machine, Wanted},
	chain, client, invariants,
	ledger::{on_chain, Coin, Ledger},
	proving::{answer_all, report_call, report_serving, Proofs},
};
use pallet_deals::Call as DealsCall;
use sp_runtime::{traits::Dispatchable, Perbill};

const DEAL: DealId = DealId(0);
const UNIT: Units = Units(0b1);

/// A server of North's whose units are committed for `duration` epochs.
fn committed(seed: u8, units: u8, duration: u32) -> Machine {
	let machine = register(0u32.into(), NORTH, NORTH, seed, units);
	let all = Units::first(units);
	let own = 100 * FLT * Balance::from(units);
	commit(machine, all, duration, Perbill::zero(), own, STRANGER);
	machine
}

/// Reports all units of a server as proven, which nobody has asked to see yet.
fn claim_proofs(machine: Machine, units: u8) {
	let epoch = Capacity::epoch_info().epoch;
	act(NORTH, report_call(machine.id, epoch, [1; 32], Units::first(units), Units::NONE));
}

/// Plays a story and checks the invariants of its end.
fn play(story: impl FnOnce()) {
	chain::with_cheap_proofs().execute_with(|| {
		settle_down(NORTH);
		settle_down(SOUTH);
		story();
		assert_eq!(invariants::check(), Ok(()));
	});
}

/// A unit that proved epoch 2 honestly and is sold for `term` epochs from the next one on.
fn sold(term: u32, attributes: Attributes) -> (Machine, Proofs) {
	let machine = committed(1, 1, 30);
	act(NORTH, pallet_providers::Call::declare_attributes { server: machine.id, attributes });
	ask(machine, UNIT, USDC);
	chain::run_to_epoch(2);
	let proofs = Proofs::work(machine, UNIT).report();
	Wanted { attributes, ..Wanted::new(1, 2 * USDC, term) }.post(DEVELOPER);
	act(NORTH, workers_call(DEAL, machine.id, UNIT));
	(machine, proofs)
}

/// Serves epoch 3 and answers for epoch 2.
fn serve_third(machine: Machine, proofs: &Proofs) {
	chain::run_to_epoch(3);
	report_serving(machine, 3, UNIT);
	answer_all(&[proofs]);
}

fn serve(machine: Machine, epoch: u32) {
	chain::run_to_epoch(epoch);
	report_serving(machine, epoch, UNIT);
}

#[test]
fn unit_is_in_one_deal_whoever_the_offers_let_in() {
	play(|| {
		let machine = committed(1, 1, 30);
		ask(machine, UNIT, USDC);
		chain::run_to_epoch(2);
		claim_proofs(machine, 1);
		let list = |who: Key| vec![account(who)].try_into().expect("one");
		let modes: [AccessList<AccountId>; 3] =
			[AccessList::Any, AccessList::Allow(list(NORTH)), AccessList::Deny(list(SOUTH))];
		for first in 0..3 {
			hypothetically!({
				for place in 0..3 {
					let providers = modes[(first + place) % 3].clone();
					let placement = Placement { providers, ..Default::default() };
					let who = [DEVELOPER, OTHER_DEVELOPER][place % 2];
					Wanted { placement, ..Wanted::new(1, 2 * USDC, 5) }.post(who);
				}
				chain::let_idle();
				assert_eq!(pallet_deals::Deals::<Runtime>::iter_keys().collect::<Vec<_>>(), [DEAL]);
				assert_eq!(client::parts(DEAL), [(machine.id, UNIT, USDC)]);
				assert!(client::offer(OfferId(1)).is_some() && client::offer(OfferId(2)).is_some());
				assert_eq!(invariants::check(), Ok(()));
			});
		}
	});
}

#[test]
fn bad_candidates_are_passed_over_each_for_its_reason() {
	play(|| {
		let [taken, silent, fleeting, good] = [1, 2, 3, 5].map(|seed| committed(seed, 1, 30));
		let leaving = committed(4, 1, 5);
		for machine in [taken, silent, leaving, good] {
			ask(machine, UNIT, USDC);
		}
		let mut call = ask_call(fleeting.id, UNIT, USDC);
		if let RuntimeCall::Providers(pallet_providers::Call::set_ask { max_term, .. }) = &mut call
		{
			*max_term = 5;
		}
		act(NORTH, call);
		chain::run_to_epoch(2);
		for machine in [taken, fleeting, leaving, good] {
			claim_proofs(machine, 1);
		}
		let first = client::post_as_quoted(OTHER_DEVELOPER, Wanted::new(1, USDC, 3));
		assert_eq!(client::parts(first.expect("it is free"))[0].0, taken.id);

		let too_many = client::explain(&Wanted::new(2, USDC, 10));
		let mut reasons: Vec<_> = too_many
			.exclusions
			.iter()
			.map(|excluded| (excluded.constraint, excluded.asks))
			.collect();
		reasons.sort_by_key(|(_, asks)| *asks);
		assert_eq!(reasons, [(Constraint::Term, 1), (Constraint::Min, 1), (Constraint::Supply, 3)]);
		assert_eq!(too_many.suitable, 1);
		let deal = client::post_as_quoted(DEVELOPER, Wanted::new(1, USDC, 10));
		assert_eq!(client::parts(deal.expect("one is good")), [(good.id, UNIT, USDC)]);
	});
}

/// What posting such an offer weighed, and what was declared.
fn weigh(wanted: Wanted) -> (Weight, Weight) {
	let call = wanted.call();
	let declared = call.get_dispatch_info().call_weight;
	let done = call.dispatch(signed(DEVELOPER)).expect("it can be posted");
	(done.actual_weight.expect("what was not needed comes back"), declared)
}

#[test]
fn weight_follows_what_was_looked_at_and_the_rest_comes_back() {
	play(|| {
		let (empty, declared) = weigh(Wanted::new(8, USDC / 2, 5));
		assert!(empty.ref_time() < declared.ref_time());
		let machines: Vec<_> = (1..5).map(|seed| committed(seed, 1, 30)).collect();
		for machine in &machines {
			ask(*machine, UNIT, USDC);
		}
		chain::run_to_epoch(2);
		machines.iter().for_each(|machine| claim_proofs(*machine, 1));
		let (looked, declared) = weigh(Wanted::new(8, USDC, 5));
		assert!(empty.ref_time() < looked.ref_time() && looked.ref_time() < declared.ref_time());
		// It stands before the one that is in the book.
		let (filled, _) = weigh(Wanted::new(4, 2 * USDC, 5));
		assert_eq!(client::parts(DEAL).len(), 4);
		assert!(looked.ref_time() < filled.ref_time() && filled.all_lte(declared));
	});
}

#[test]
fn settling_often_pays_what_settling_once_does() {
	let paid = |often: bool| {
		let mut paid = 0;
		play(|| {
			let before = on_chain(&account(NORTH), Coin::Usdc).free;
			let (machine, proofs) = sold(5, Attributes::NONE);
			let settle = DealsCall::settle { deal: DEAL, server: machine.id };
			serve_third(machine, &proofs);
			// Epoch 5 is missed, and the eighth is none of the deal's.
			for epoch in 4..=9 {
				if often {
					act(STRANGER, settle.clone());
					act(STRANGER, settle.clone());
				}
				match epoch {
					4 | 6 | 7 => serve(machine, epoch),
					_ => chain::run_to_epoch(epoch),
				}
			}
			chain::run_to_epoch(10);
			chain::let_idle();
			assert_eq!(Deals::deal(DEAL), None);
			paid = on_chain(&account(NORTH), Coin::Usdc).free - before;
			let developer = on_chain(&account(DEVELOPER), Coin::Usdc);
			assert_eq!((developer.free, developer.held), (1_000_000 * USDC - paid, 0));
		});
		paid
	};
	assert_eq!(paid(false), 4 * USDC);
	assert_eq!(paid(true), paid(false));
}

#[test]
fn nothing_is_served_when_the_money_is_spent() {
	play(|| {
		let (machine, proofs) = sold(2, Attributes::NONE);
		let mut ledger = Ledger::now(&[Capacity::stake_account(0u64.into())]);
		serve_third(machine, &proofs);
		assert_eq!(Deals::funded_until(DEAL), Some(4));
		serve(machine, 4);
		chain::run_to_epoch(5);
		// The deal is over: the unit serves nobody any more, is free for the next, and proves.
		let late = report_call(machine.id, 5, [0; 32], Units::NONE, UNIT);
		refused(signed(NORTH), late, pallet_capacity::Error::<Runtime>::NotServing);
		let info = Capacity::units_info(machine.id).expect("it stands");
		assert_eq!((info.proving, info.serving), (UNIT, Units::NONE));
		// Two epochs to contest what was reported of the last.
		chain::run_to_epoch(7);
		chain::let_idle();
		assert_eq!(Deals::deal(DEAL), None);
		ledger.pay(&account(DEVELOPER), &account(NORTH), Coin::Usdc, 2 * USDC);
		ledger.release(&account(DEVELOPER), Coin::Usdc, 2 * USDC);
		ledger.check();
	});
}

#[test]
fn nothing_due_does_not_hide_what_is_owed() {
	play(|| {
		let (machine, proofs) = sold(2, Attributes::NONE);
		let mut ledger = Ledger::now(&[Capacity::stake_account(0u64.into())]);
		let (id, who) = (USDC_ID.into(), account(NORTH).into());
		act(GOVERNOR, pallet_assets::Call::block { id, who });
		serve_third(machine, &proofs);
		serve(machine, 4);
		chain::run_to_epoch(6);
		let settle = DealsCall::settle { deal: DEAL, server: machine.id };
		for _ in 0..2 {
			act(STRANGER, settle.clone());
			assert_eq!(Deals::claimable(DEAL, machine.id), 0);
			assert_eq!(Offers::owed(account(NORTH), EscrowId::Deal(DEAL)), USDC);
		}
		chain::run_to_epoch(7);
		chain::let_idle();
		assert_eq!(Deals::deal(DEAL), None, "a blocked payee holds nobody up");
		// The developer has the rest, and what is owed stays apart.
		ledger.release(&account(DEVELOPER), Coin::Usdc, 2 * USDC);
		ledger.check();
		assert_eq!(Offers::owed(account(NORTH), EscrowId::Deal(DEAL)), 2 * USDC);

		let (id, who) = (USDC_ID.into(), account(NORTH).into());
		let (escrow, payee) = (EscrowId::Deal(DEAL), account(NORTH));
		let claim = pallet_offers::Call::claim_payout { escrow, payee };
		let still = pallet_offers::Error::<Runtime>::StillRefused;
		refused(signed(STRANGER), claim.clone(), still);
		act(GOVERNOR, pallet_assets::Call::thaw { id, who });
		act(STRANGER, claim);
		ledger.pay(&account(DEVELOPER), &account(NORTH), Coin::Usdc, 2 * USDC);
		ledger.check();
		assert_eq!(pallet_offers::Escrows::<Runtime>::iter().count(), 0);
	});
}

#[test]
fn deals_that_end_together_are_closed_as_blocks_have_room() {
	play(|| {
		let machine = committed(1, 40, 30);
		ask(machine, Units::first(40), USDC);
		chain::run_to_epoch(2);
		claim_proofs(machine, 40);
		for _ in 0..40 {
			Wanted::new(1, USDC, 1).post(DEVELOPER);
		}
		let count = || pallet_deals::Deals::<Runtime>::iter_keys().count();
		assert_eq!(count(), 40);
		chain::run_to_epoch(6);
		assert_eq!(count(), 40);
		// As little room as lets it get on.
		let mut room = Weight::from_parts(1_000, 1_000);
		while count() == 40 {
			room = room.saturating_mul(2);
			let used = Deals::on_idle(System::block_number(), room);
			assert!(used.all_lte(room), "it keeps to its room");
		}
		assert!(count() > 30, "it did not close all at once: {}", count());
		assert_eq!(invariants::check(), Ok(()));
		chain::let_idle();
		assert_eq!(count(), 0);
		let developer = on_chain(&account(DEVELOPER), Coin::Usdc);
		assert_eq!((developer.free, developer.held), (1_000_000 * USDC, 0));
	});
}

#[test]
fn deals_keep_the_terms_that_they_were_made_on() {
	play(|| {
		let vectors = Attributes::of(&[16]);
		let (machine, proofs) = sold(3, vectors);
		let plain = committed(2, 1, 30);
		ask(plain, UNIT, USDC);
		let server = machine.id;
		// The ask is gone, the server declares nothing and costs ten times as much.
		act(NORTH, pallet_providers::Call::withdraw_ask { ask: 0u64.into() });
		let attributes = Attributes::NONE;
		act(NORTH, pallet_providers::Call::declare_attributes { server, attributes });
		ask(machine, UNIT, 10 * USDC);
		assert_eq!(client::parts(DEAL), [(server, UNIT, USDC)]);
		serve_third(machine, &proofs);
		claim_proofs(plain, 1);
		// What joins the deal must be as the first units were.
		act(DEVELOPER, DealsCall::enlarge { deal: DEAL, units: 1 });
		chain::let_idle();
		assert_eq!(client::deal(DEAL).wanted, 1);
		assert_eq!(client::parts(DEAL), [(server, UNIT, USDC)]);
		let seeking = client::explain_offer(client::deal(DEAL).offer);
		assert!(client::remedy(&seeking, Constraint::Attributes).is_some());

		let before = on_chain(&account(NORTH), Coin::Usdc).free;
		serve(machine, 4);
		serve(machine, 5);
		chain::run_to_epoch(8);
		chain::let_idle();
		assert_eq!(on_chain(&account(NORTH), Coin::Usdc).free - before, 3 * USDC);
		let developer = on_chain(&account(DEVELOPER), Coin::Usdc);
		assert_eq!((developer.free, developer.held), (999_997 * USDC, 0));
	});
}

#[test]
fn expired_offers_do_not_hide_live_ones() {
	play(|| {
		let machine = committed(1, 1, 30);
		ask(machine, UNIT, USDC);
		chain::run_to_epoch(2);
		for _ in 0..60 {
			Wanted { expiry: 2, ..Wanted::new(1, 3 * USDC, 5) }.post(OTHER_DEVELOPER);
		}
		let live = Wanted::new(1, 2 * USDC, 5).post(DEVELOPER);
		chain::run_to_epoch(3);
		claim_proofs(machine, 1);
		chain::take_events();
		chain::let_idle();
		let matched = |event: &RuntimeEvent| match event {
			RuntimeEvent::Matcher(pallet_matcher::Event::Matched { offer, .. }) => Some(*offer),
			_ => None,
		};
		let matched: Vec<_> = chain::take_events().iter().filter_map(matched).collect();
		assert_eq!(matched, [live]);
		// And what they held is their developer's again.
		let other = on_chain(&account(OTHER_DEVELOPER), Coin::Usdc);
		assert_eq!((other.free, other.held), (1_000_000 * USDC, 0));
	});
}
