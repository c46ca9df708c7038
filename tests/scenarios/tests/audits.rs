//! What becomes of answers that are wrong, missing, late, early, or somebody else's: on the real runtime,
//! with real RandomX.

use frame_support::{assert_ok, hypothetically};
use marketplace_primitives::{Balance, CommitmentId, UnitIndex, Units};
use marketplace_proof::{Leaf, ProvenLeaf, Tree};
use marketplace_runtime::{
	configs::TreasuryAccount,
	constants::{FLT, MILLI_FLT},
	Balances, Capacity, Executive, Runtime, RuntimeCall, RuntimeEvent, System,
};
use marketplace_scenarios::{
	actors::{
		account, act, refused, signed, submit, transaction, DELEGATOR, NORTH, NORTH_OPERATOR,
		SOUTH, STRANGER,
	},
	acts::{commit, register, settle_down, Machine, MOST_REWARD, STAKE},
	chain, invariants,
	ledger::{on_chain, Coin},
	proving::{answer_call, report_call, run_to_draw, run_to_finish, Proofs},
};
use pallet_capacity::{Cause, Error, Event};
use sp_runtime::{
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
	Perbill,
};

const BOTH: Units = Units(0b11);
/// The first failed report costs a tenth of the stake.
const SLASH: Balance = 2 * STAKE / 10;

type Refused = Error<Runtime>;

/// A server with two units that prove from epoch 2 on, in the first block of that epoch.
fn proving() -> Machine {
	let machine = committed();
	chain::run_to_epoch(2);
	machine
}

fn committed() -> Machine {
	let site = settle_down(NORTH);
	let machine = register(site, NORTH, NORTH_OPERATOR, 1, 2);
	commit(machine, BOTH, 10, Perbill::zero(), 30 * FLT, DELEGATOR);
	machine
}

/// Goes on until the audits of epoch 2 are drawn and every unit may answer.
fn run_to_answers() {
	run_to_draw(2);
	chain::run_to_block(System::block_number() + Capacity::parameters().capacity());
	chain::take_events();
}

/// The events of capacity since events were taken last.
fn events() -> Vec<Event<Runtime>> {
	let ours = |event| match event {
		RuntimeEvent::Capacity(event) => Some(event),
		_ => None,
	};
	chain::take_events().into_iter().filter_map(ours).collect()
}

fn treasury() -> Balance {
	Balances::free_balance(TreasuryAccount::get()) - MILLI_FLT
}

fn left() -> (Balance, Balance) {
	let (commitment, _) = Capacity::commitment(CommitmentId(0)).unwrap();
	(commitment.own_left, commitment.delegated_left)
}

/// That the report of epoch 2 failed for `cause`, and what it cost.
#[track_caller]
fn assert_failed(machine: Machine, cause: Cause) {
	let (server, commitment) = (machine.id, CommitmentId(0));
	assert_eq!(
		events(),
		[
			Event::ReportFailed { server, epoch: 2, cause },
			Event::Slashed { commitment, epoch: 2, own: SLASH, delegated: 0 },
		]
	);
	assert_eq!((treasury(), left()), (SLASH, (30 * FLT - SLASH, 170 * FLT)));
	assert_eq!(Capacity::units_info(server).unwrap().available, Units::NONE);
	let rewards = Capacity::claimable_rewards(commitment, account(NORTH));
	assert_eq!(rewards, 0);
	assert_eq!(invariants::check(), Ok(()));
}

#[test]
fn forged_answer_costs_stake() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let proofs = Proofs::pretend(machine, BOTH).report();
		assert_eq!(Capacity::units_info(machine.id).unwrap().available, BOTH);
		run_to_answers();
		assert_ok!(proofs.answer(STRANGER, 1));
		assert_failed(machine, Cause::WrongProof { unit: 1 });
		// The report is closed: the other unit has nothing to answer for.
		let other = proofs.answer_call(0, vec![]);
		refused(signed(STRANGER), other, Refused::NoOpenReport);
	});
}

#[test]
fn missed_target_costs_stake_without_randomx() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let mut leaves = Proofs::pretend(machine, BOTH).report.leaves();
		let seed = Capacity::epoch_info().seed;
		let target = Capacity::difficulty().target;
		for leaf in leaves.iter_mut().filter(|leaf| leaf.unit == 0) {
			while leaf.commitment(&seed) <= target {
				leaf.nonce += 1;
			}
		}
		let tree = Tree::new(&leaves).unwrap();
		act(NORTH_OPERATOR, report_call(machine.id, 2, tree.root(), BOTH, Units::NONE));
		run_to_answers();
		let audit = Capacity::audits(machine.id).into_iter().find(|audit| audit.unit == 0).unwrap();
		// Unit 0 stands first in the tree.
		let shown = |slot: &u16| ProvenLeaf {
			leaf: leaves[usize::from(*slot)],
			path: tree.path(u32::from(*slot)).unwrap(),
		};
		let leaves = audit.slots.iter().map(shown).collect();
		act(STRANGER, answer_call(machine.id, 2, 0, leaves));
		assert_failed(machine, Cause::WrongProof { unit: 0 });
		assert_eq!(pallet_capacity::ChecksThisBlock::<Runtime>::get(), 0);
	});
}

#[test]
fn missing_answer_costs_stake_and_late_one_is_refused() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let proofs = Proofs::work(machine, BOTH).report();
		run_to_answers();
		assert_ok!(proofs.answer(NORTH_OPERATOR, 0));
		let audit = proofs.audit(1).unwrap();
		let leaves = proofs.shown(1);
		chain::run_to_block(audit.deadline - 1);
		hypothetically!({
			assert_ok!(proofs.answer(NORTH_OPERATOR, 1));
		});
		chain::run_to_block(audit.deadline);
		let late = proofs.answer_call(1, leaves);
		refused(signed(NORTH_OPERATOR), late.clone(), Refused::AuditClosed);
		chain::take_events();
		act(STRANGER, pallet_capacity::Call::settle_server { server: machine.id });
		assert_failed(machine, Cause::Unanswered { units: Units(0b10) });
		refused(signed(NORTH_OPERATOR), late, Refused::AuditClosed);
	});
}

#[test]
fn early_answer_is_refused() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let proofs = Proofs::work(machine, BOTH).report();
		let blind = proofs.report.answer(0, &[0]).unwrap();
		refused(signed(NORTH), proofs.answer_call(0, blind.clone()), Refused::NotDrawn);
		run_to_draw(2);
		for unit in BOTH.iter() {
			let earliest = proofs.audit(unit).unwrap().earliest;
			hypothetically!({
				if earliest > System::block_number() {
					chain::run_to_block(earliest - 1);
					let early = proofs.answer_call(unit, proofs.shown(unit));
					refused(signed(NORTH), early, Refused::TooEarly);
				}
				chain::run_to_block(earliest);
				assert_ok!(proofs.answer(NORTH, unit));
			});
		}
	});
}

/// Two servers with proofs of epoch 2 that may be answered for.
fn two_servers() -> (Proofs, Proofs) {
	let machine = committed();
	let site = settle_down(SOUTH);
	let other = register(site, SOUTH, SOUTH, 2, 2);
	commit(other, BOTH, 10, Perbill::zero(), 30 * FLT, DELEGATOR);
	chain::run_to_epoch(2);
	let proofs = Proofs::work(machine, BOTH).report();
	let others = Proofs::work(other, BOTH).report();
	run_to_answers();
	(proofs, others)
}

/// The leaves of a unit of `proofs` for the slots that `asked` asks of `unit`.
fn leaves_for(proofs: &Proofs, of: UnitIndex, asked: &Proofs, unit: UnitIndex) -> Vec<ProvenLeaf> {
	proofs.report.answer(of, &asked.audit(unit).unwrap().slots).unwrap()
}

#[test]
fn answer_of_another_unit_server_or_path_is_refused() {
	chain::with_cheap_proofs().execute_with(|| {
		let (proofs, others) = two_servers();
		let right = proofs.shown(0);
		let try_leaves = |leaves, error: Refused| {
			refused(signed(NORTH_OPERATOR), proofs.answer_call(0, leaves), error);
		};
		try_leaves(leaves_for(&others, 0, &proofs, 0), Refused::LeafOfOtherServer);
		try_leaves(leaves_for(&proofs, 1, &proofs, 0), Refused::LeafOfOtherUnit);

		let spoilt = |spoil: fn(&mut ProvenLeaf)| {
			let mut leaves = right.clone();
			leaves.iter_mut().for_each(spoil);
			leaves
		};
		try_leaves(spoilt(|shown| shown.leaf.epoch = 1), Refused::LeafOfOtherEpoch);
		try_leaves(spoilt(|shown| shown.leaf.nonce ^= 1), Refused::InvalidPath);
		try_leaves(spoilt(|shown| shown.leaf.hash[0] ^= 1), Refused::InvalidPath);
		try_leaves(spoilt(|shown| shown.path[0][31] ^= 1), Refused::InvalidPath);
		try_leaves(spoilt(|shown| shown.path.truncate(1)), Refused::InvalidPath);
		try_leaves(spoilt(|shown| shown.path.try_push([0; 32]).unwrap()), Refused::InvalidPath);

		let undrawn = 1 - right[0].leaf.slot;
		try_leaves(proofs.report.answer(0, &[undrawn]).unwrap(), Refused::WrongSlots);
		try_leaves(vec![], Refused::WrongSlots);
		try_leaves([right.clone(), right.clone()].concat(), Refused::WrongSlots);

		for unit in [2, 63, 64, 255] {
			let call = proofs.answer_call(unit, right.clone());
			refused(signed(NORTH_OPERATOR), call, Refused::UnitNotProven);
		}
		let unknown = answer_call(9.into(), 2, 0, right.clone());
		refused(signed(NORTH_OPERATOR), unknown, Refused::UnknownServer);
		for (epoch, error) in [
			(0, Refused::NoOpenReport),
			(1, Refused::AuditClosed),
			(3, Refused::NoOpenReport),
			(u32::MAX, Refused::NoOpenReport),
		] {
			let call = answer_call(proofs.machine.id, epoch, 0, right.clone());
			refused(signed(NORTH_OPERATOR), call, error);
		}
		// None of it took the block's check.
		assert_ok!(proofs.answer(NORTH_OPERATOR, 0));
	});
}

#[test]
fn replayed_answer_is_refused() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let old = Proofs::work(machine, BOTH).report();
		run_to_answers();
		assert_ok!(old.answer(NORTH_OPERATOR, 0));
		chain::next_block();
		let again = old.answer_call(0, old.shown(0));
		refused(signed(NORTH_OPERATOR), again, Refused::AlreadyAnswered);
		assert_ok!(old.answer(NORTH_OPERATOR, 1));
		let rewards = || Capacity::claimable_rewards(CommitmentId(0), account(NORTH));
		assert_eq!(rewards(), 0, "the epoch is not finished");
		run_to_finish(2);
		// Half of it is unlocked.
		assert_eq!(rewards(), 2 * MOST_REWARD / 2 * 3 / 20);

		// The work of the last epoch, reported once more.
		let root = old.report.root().unwrap();
		act(NORTH_OPERATOR, report_call(machine.id, 3, root, BOTH, Units::NONE));
		run_to_draw(3);
		chain::run_to_block(System::block_number() + Capacity::parameters().capacity());
		let audit = Capacity::audits(machine.id).into_iter().find(|audit| audit.unit == 0).unwrap();
		let leaves = old.report.answer(0, &audit.slots).unwrap();
		let replay = answer_call(machine.id, 3, 0, leaves.clone());
		refused(signed(NORTH_OPERATOR), replay, Refused::LeafOfOtherEpoch);
		let relabel = |shown: ProvenLeaf| ProvenLeaf {
			leaf: Leaf { epoch: 3, ..shown.leaf },
			path: shown.path,
		};
		let relabelled = leaves.into_iter().map(relabel).collect();
		let replay = answer_call(machine.id, 3, 0, relabelled);
		refused(signed(NORTH_OPERATOR), replay, Refused::InvalidPath);
	});
}

#[test]
fn second_answer_of_a_block_waits_for_the_next() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let proofs = Proofs::work(machine, BOTH).report();
		run_to_answers();
		let before = on_chain(&account(NORTH), Coin::Flt);
		let answer = |who, unit| transaction(who, 0, proofs.answer_call(unit, proofs.shown(unit)));
		let (first, second) = (answer(NORTH, 0), answer(STRANGER, 1));
		assert_ok!(Executive::apply_extrinsic(first).expect("it is valid"));
		assert_eq!(on_chain(&account(NORTH), Coin::Flt), before, "right answers are free");

		let exhausted: TransactionValidityError = InvalidTransaction::ExhaustsResources.into();
		assert_eq!(Executive::apply_extrinsic(second.clone()), Err(exhausted));
		assert!(exhausted.exhausted_resources(), "the author keeps it");
		assert_eq!(System::account_nonce(account(STRANGER)), 0);
		// Within another call there is no keeping it: it fails by itself.
		let calls = vec![proofs.answer_call(1, proofs.shown(1))];
		let batch: RuntimeCall = pallet_utility::Call::batch_all { calls }.into();
		refused(signed(STRANGER), batch, Refused::TooManyChecks);

		chain::next_block();
		hypothetically!({
			let (source, parent) = (TransactionSource::External, System::parent_hash());
			assert_ok!(Executive::validate_transaction(source, second.clone(), parent));
		});
		assert_ok!(Executive::apply_extrinsic(second).expect("it is valid now"));
		let audits = Capacity::audits(machine.id);
		assert!(audits.len() == 2 && audits.iter().all(|audit| audit.answered));
		run_to_finish(2);
		assert_eq!(Capacity::audits(machine.id), []);
		chain::take_events();
		act(STRANGER, pallet_capacity::Call::settle_server { server: machine.id });
		assert_eq!(events()[0], Event::ReportPassed { server: machine.id, epoch: 2 });
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn wrong_answer_costs_its_fee_and_so_does_a_refused_one() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = proving();
		let proofs = Proofs::pretend(machine, BOTH).report();
		run_to_answers();
		let before = on_chain(&account(STRANGER), Coin::Flt).free;
		let empty = transaction(STRANGER, 0, proofs.answer_call(0, vec![]));
		let result = Executive::apply_extrinsic(empty).expect("it is valid");
		assert_eq!(result, Err(Refused::WrongSlots.into()));
		let after = on_chain(&account(STRANGER), Coin::Flt).free;
		assert!(after < before);
		let forged = transaction(STRANGER, 1, proofs.answer_call(0, proofs.shown(0)));
		assert_ok!(Executive::apply_extrinsic(forged).expect("it is valid"));
		assert!(on_chain(&account(STRANGER), Coin::Flt).free < after);
	});
}

#[test]
fn unit_that_waits_for_its_stake_proves_nothing() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = committed();
		// Covered, but only from the next epoch.
		let early = report_call(machine.id, 1, [1; 32], BOTH, Units::NONE);
		assert_eq!(submit(NORTH_OPERATOR, early.clone()), Err(Refused::NotProving.into()));
		refused(signed(NORTH_OPERATOR), early, Refused::NotProving);
	});
}
