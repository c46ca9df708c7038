//! The runtime is replaced while a deal runs and audits are open. What comes after is done by the new one, as
//! Wasm.

use marketplace_primitives::{api::AuditInfo, CommitmentId, DealId, Epoch, Units};
use marketplace_runtime::{
	constants::{FLT, USDC},
	Capacity, Deals, Executive, Header, Runtime, RuntimeCall, RuntimeEvent, System,
	UncheckedExtrinsic, VERSION,
};
use marketplace_scenarios::{
	actors::{account, act, transaction, DELEGATOR, DEVELOPER, GOVERNOR, NORTH, NORTH_OPERATOR},
	acts::{ask, commit, register, settle_down, workers_call, Machine, Wanted, MOST_REWARD},
	chain, invariants,
	ledger::{on_chain, Coin},
	proving::{report_call, run_to_draw, Proofs},
	wasm::Wasm,
};
use pallet_capacity::Call;
use sp_io::TestExternalities;
use sp_runtime::Perbill;

const ALL: Units = Units(0b111);
/// In the deal.
const SOLD: Units = Units(0b001);
const COMMITMENT: CommitmentId = CommitmentId(0);
const DEAL: DealId = DealId(0);

/// What is under way when the runtime changes.
struct UnderWay {
	machine: Machine,
	/// Drawn, and not answered.
	second: Proofs,
	/// Reported, and not drawn.
	third: Proofs,
}

/// A unit serves epochs 3 and 4, three proved epoch 2, and two epoch 3.
fn get_under_way() -> UnderWay {
	let machine = register(settle_down(NORTH), NORTH, NORTH_OPERATOR, 1, 3);
	commit(machine, ALL, 6, Perbill::zero(), 300 * FLT, DELEGATOR);
	ask(machine, SOLD, USDC);
	chain::run_to_epoch(2);
	let second = Proofs::work(machine, ALL).report();
	Wanted::new(1, USDC, 2).post(DEVELOPER);
	act(NORTH, workers_call(DEAL, machine.id, SOLD));
	chain::run_to_epoch(3);
	let third = Proofs::work(machine, ALL.without(SOLD));
	act(NORTH_OPERATOR, third.report_call(SOLD));
	run_to_draw(2);
	assert_eq!(Capacity::audits(machine.id).len(), 3);
	UnderWay { machine, second, third }
}

/// Puts the code into the state and ends the block, which is the last of the old runtime: a version 0, as far
/// as the state knows.
fn upgrade(wasm: &Wasm) -> Header {
	let old = frame_system::LastRuntimeUpgradeInfo { spec_version: 0.into(), spec_name: "".into() };
	frame_system::LastRuntimeUpgrade::<Runtime>::put(old);
	let code = wasm.code().to_vec();
	let call = frame_system::Call::set_code_without_checks { code };
	let call = Box::new(RuntimeCall::System(call));
	act(GOVERNOR, pallet_sudo::Call::sudo { call });
	let is_update = |event: &RuntimeEvent| {
		matches!(event, RuntimeEvent::System(frame_system::Event::CodeUpdated { .. }))
	};
	assert!(chain::take_events().iter().any(is_update));
	let set = sp_io::storage::get(sp_core::storage::well_known_keys::CODE);
	assert_eq!(set.as_deref(), Some(wasm.code()));
	Executive::finalize_block()
}

/// The chain from there on.
struct Upgraded<'a> {
	wasm: &'a Wasm,
	state: &'a mut TestExternalities,
	head: Header,
	nonce: u32,
}

impl Upgraded<'_> {
	/// Makes the next block with these calls of the operator, and more where one finds no room: as an author
	/// does, who keeps them.
	fn block(&mut self, mut calls: Vec<RuntimeCall>) {
		loop {
			let first = self.nonce;
			let signed: Vec<UncheckedExtrinsic> = self.state.execute_with(|| {
				let calls = calls.iter().cloned().zip(first..);
				calls.map(|(call, nonce)| transaction(NORTH_OPERATOR, nonce, call)).collect()
			});
			let (head, included) = self.wasm.make_block(self.state, &self.head, &signed);
			self.head = head;
			self.nonce += u32::try_from(included).expect("they are few");
			let checked = self.state.execute_with(invariants::check);
			assert_eq!(checked, Ok(()), "block {}", self.head.number);
			calls.drain(..included);
			if calls.is_empty() {
				return;
			}
		}
	}

	/// Makes blocks up to `number`, which is the next to be made.
	fn before(&mut self, number: u32) {
		while self.head.number + 1 < number {
			self.block(vec![]);
		}
	}

	fn audits(&mut self, proofs: &Proofs) -> Vec<AuditInfo> {
		let mut audits = self.state.execute_with(|| Capacity::audits(proofs.machine.id));
		audits.retain(|audit| audit.epoch == proofs.epoch() && !audit.answered);
		audits.sort_by_key(|audit| audit.earliest);
		audits
	}

	/// Answers all that is drawn, one unit per block.
	fn answer_all(&mut self, proofs: &Proofs) {
		while self.audits(proofs).is_empty() {
			self.block(vec![]);
		}
		for audit in self.audits(proofs) {
			self.before(audit.earliest);
			assert!(self.head.number + 1 < audit.deadline);
			let leaves = proofs.report.answer(audit.unit, &audit.slots).expect("it was proven");
			self.block(vec![proofs.answer_call(audit.unit, leaves)]);
		}
		assert!(self.audits(proofs).is_empty());
	}

	fn first_block(&mut self, epoch: Epoch) -> u32 {
		self.state.execute_with(|| chain::first_block(epoch))
	}
}

#[test]
fn open_audits_and_deals_go_on_under_a_new_runtime() {
	let Some(wasm) = Wasm::of_this_build() else {
		eprintln!("built without the Wasm (SKIP_WASM_BUILD): there is no runtime to upgrade to");
		return;
	};
	let mut state = chain::with_cheap_proofs();
	let (under_way, head) = state.execute_with(|| (get_under_way(), upgrade(&wasm)));
	let UnderWay { machine, second, third } = under_way;
	let server = machine.id;
	let mut chain = Upgraded { wasm: &wasm, state: &mut state, head, nonce: 0 };
	chain.block(vec![]);
	let known = chain.state.execute_with(frame_system::LastRuntimeUpgrade::<Runtime>::get);
	assert_eq!(known.map(|upgrade| upgrade.spec_version.0), Some(VERSION.spec_version));

	chain.answer_all(&second);
	let fourth = chain.first_block(4);
	chain.before(fourth);
	chain.block(vec![
		Call::settle_server { server }.into(),
		pallet_deals::Call::settle { deal: DEAL, server }.into(),
	]);
	chain.block(vec![report_call(server, 4, [0; 32], Units::NONE, SOLD)]);
	chain.answer_all(&third);
	let sixth = chain.first_block(6);
	chain.before(sixth + 1);

	state.execute_with(|| {
		assert_eq!(System::block_number(), sixth);
		assert_eq!(Deals::deal(DEAL), None, "its two epochs are paid, and it closed by itself");
		assert_eq!(on_chain(&account(NORTH), Coin::Usdc).free, 1_000_002 * USDC);
		let spent = on_chain(&account(DEVELOPER), Coin::Usdc);
		assert_eq!((spent.free, spent.held), (999_998 * USDC, 0));
		let (commitment, _) = Capacity::commitment(COMMITMENT).expect("it runs");
		assert_eq!(commitment.slashed, 0, "all answers were right");
		// Five unit-epochs.
		let earned = commitment.shared.unlocked + commitment.shared.locked();
		assert_eq!(earned, 5 * MOST_REWARD);
		assert_eq!(invariants::check(), Ok(()));
	});
}
