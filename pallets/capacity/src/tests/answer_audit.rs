use super::*;
use frame_support::{assert_err, dispatch::Pays};

fn try_answer(epoch: Epoch, unit: UnitIndex, leaves: Vec<ProvenLeaf>) -> Result<(), DispatchError> {
	answer_with(stranger(), epoch, unit, leaves).map(|_| ()).map_err(|refused| refused.error)
}

/// All units covered, proven and reported in epoch 2, audits drawn, and so late that every unit may answer.
fn drawn() -> Proofs {
	start_all(10);
	let proofs = Proofs::compute(SERVER, 2, ALL).report();
	run_to_draw(2);
	run_to(System::block_number() + parameters().capacity());
	events();
	proofs
}

fn next_block() {
	run_to(System::block_number() + 1);
}

#[test]
fn right_answers_are_free_and_earn_when_the_epoch_is_finished() {
	run(|| {
		let proofs = drawn();
		for unit in 0..7 {
			let answer = answer_with(stranger(), 2, unit, proofs.shown(unit)).unwrap();
			assert_eq!(answer.pays_fee, Pays::No);
			assert_eq!(answer.actual_weight, Some(<() as WeightInfo>::answer_audit(2)));
			assert_eq!(events(), [Event::AuditAnswered { server: SERVER, epoch: 2, unit }]);
			next_block();
		}
		assert_eq!(record().open_report(2).unwrap().answered, Units(0x7f));
		assert_ok!(answer_with(operator(), 2, 7, proofs.shown(7)));
		assert_eq!(events(), [Event::AuditAnswered { server: SERVER, epoch: 2, unit: 7 }]);
		settle_epoch(2);
		let amount = 16 * FLT;
		assert_eq!(
			events(),
			[
				Event::EpochFinished { epoch: 2 },
				Event::ReportPassed { server: SERVER, epoch: 2 },
				Event::Rewarded { commitment: FIRST, epoch: 2, units: 8, amount },
			]
		);
		assert_eq!(record().open_reports().count(), 0);
		assert_eq!(available(5), ALL);
	});
}

#[test]
fn a_hash_that_randomx_does_not_give_costs_stake() {
	run(|| {
		start_all(10);
		// The forger searches for a commitment below the target without hashing.
		let forge = |leaf: &mut Leaf| {
			let seed = Epochs::<Test>::get(2).unwrap().seed;
			while leaf.unit == 3 {
				leaf.hash = sp_io::hashing::blake2_256(&leaf.hash);
				if meets(&parameters().difficulty.target, &leaf.commitment(&seed)) {
					break;
				}
			}
		};
		let proofs = Proofs::forge(SERVER, 2, ALL, forge).report();
		run_to_draw(2);
		run_to(earliest(2, 3));
		events();
		let shown = proofs.shown(3);
		HASHES.set(0);
		let answer = answer_with(operator(), 2, 3, shown).unwrap();
		assert_eq!(answer.pays_fee, Pays::Yes);
		assert_eq!(HASHES.get(), 2);
		let cause = Cause::WrongProof { unit: 3 };
		assert_eq!(
			events(),
			[
				Event::ReportFailed { server: SERVER, epoch: 2, cause },
				Event::Slashed { commitment: FIRST, epoch: 2, own: 80 * FLT, delegated: 0 },
			]
		);
		assert_eq!(Balances::balance(&treasury()), 100_080 * FLT);
		assert_eq!(Balances::balance(&Capacity::stake_account(FIRST)), 720 * FLT);
		assert_eq!(available(5), Units::NONE);
		// The report is closed: it costs no more, and earns nothing.
		next_block();
		assert_noop!(try_answer(2, 4, vec![proofs.leaf(4, 0)]), Error::<Test>::NoOpenReport);
		run_to_epoch(4);
		assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
		assert_eq!(Capacity::stake_of(FIRST, provider()), 80 * FLT);
	});
}

#[test]
fn a_missed_target_costs_stake_without_randomx() {
	run(|| {
		start_all(10);
		let spoil = |leaf: &mut Leaf| {
			let seed = Epochs::<Test>::get(2).unwrap().seed;
			while meets(&parameters().difficulty.target, &leaf.commitment(&seed)) {
				leaf.hash = sp_io::hashing::blake2_256(&leaf.hash);
			}
		};
		let proofs = Proofs::forge(SERVER, 2, ALL, spoil).report();
		run_to_draw(2);
		run_to(earliest(2, 0));
		events();
		let shown = proofs.shown(0);
		HASHES.set(0);
		assert_ok!(answer_with(stranger(), 2, 0, shown));
		assert_eq!(HASHES.get(), 0);
		assert_eq!(ChecksThisBlock::<Test>::get(), 0);
		let cause = Cause::WrongProof { unit: 0 };
		let failed = Event::ReportFailed { server: SERVER, epoch: 2, cause };
		assert_eq!(events().first(), Some(&failed));
	});
}

#[test]
fn an_answer_needs_an_open_report() {
	run(|| {
		let unknown =
			Capacity::answer_audit(signed(stranger()), ServerId(9), 2, 0, Default::default());
		assert_noop!(unknown.map_err(|refused| refused.error), Error::<Test>::UnknownServer);
		assert_noop!(try_answer(1, 0, vec![]), Error::<Test>::NoOpenReport);
		let none = RuntimeOrigin::none();
		let call = Capacity::answer_audit(none, SERVER, 2, 0, Default::default());
		assert_noop!(call, DispatchError::BadOrigin);
		drawn();
		assert_noop!(try_answer(3, 0, vec![]), Error::<Test>::NoOpenReport);
	});
}

#[test]
fn an_answer_has_its_time() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, ALL).report();
		assert_noop!(try_answer(2, 0, vec![]), Error::<Test>::NotDrawn);
		run_to_draw(2);
		let unit = ALL.iter().max_by_key(|unit| earliest(2, *unit)).unwrap();
		let earliest = earliest(2, unit);
		let shown = proofs.shown(unit);
		run_to(earliest - 1);
		assert_noop!(try_answer(2, unit, shown.clone()), Error::<Test>::TooEarly);
		frame_support::hypothetically!({
			run_to(earliest);
			assert_ok!(try_answer(2, unit, shown.clone()));
		});
		let last = deadline(2) - 1;
		frame_support::hypothetically!({
			run_to(last);
			assert_ok!(try_answer(2, unit, shown.clone()));
		});
		run_to(last + 1);
		assert_noop!(try_answer(2, unit, shown), Error::<Test>::AuditClosed);
	});
}

#[test]
fn an_answer_to_a_void_epoch_is_refused() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, ALL).report();
		STUCK_AT.set(Some(0));
		run_to(parameters().reports_close(2) + parameters().draw_delay);
		let shown = vec![proofs.leaf(0, 0)];
		assert_noop!(try_answer(2, 0, shown.clone()), Error::<Test>::NotDrawn);
		next_block();
		assert_noop!(try_answer(2, 0, shown), Error::<Test>::AuditClosed);
	});
}

#[test]
fn an_answer_is_for_a_proven_unit_that_has_not_answered() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, Units(0b101)).report();
		run_to_draw(2);
		run_to(System::block_number() + parameters().capacity());
		for unit in [1, 3, 64, 255] {
			assert_noop!(try_answer(2, unit, vec![]), Error::<Test>::UnitNotProven);
		}
		assert_ok!(try_answer(2, 2, proofs.shown(2)));
		next_block();
		assert_noop!(try_answer(2, 2, proofs.shown(2)), Error::<Test>::AlreadyAnswered);
	});
}

#[test]
fn an_answer_shows_exactly_the_drawn_slots() {
	run(|| {
		let proofs = drawn();
		let right = proofs.shown(5);
		let reversed = right.iter().rev().cloned().collect();
		let others: Vec<_> = (0..4)
			.filter(|slot| right.iter().all(|shown| shown.leaf.slot != *slot))
			.map(|slot| proofs.leaf(5, slot))
			.collect();
		let one = right[..1].to_vec();
		let three = [right.clone(), one.clone()].concat();
		for leaves in [vec![], one, reversed, others, three] {
			assert_noop!(try_answer(2, 5, leaves), Error::<Test>::WrongSlots);
		}
		assert_ok!(try_answer(2, 5, right));
	});
}

#[test]
fn foreign_leaves_are_refused() {
	run(|| {
		let proofs = drawn();
		let slots: Vec<u16> = proofs.shown(5).iter().map(|shown| shown.leaf.slot).collect();
		let refused = |spoil: fn(&mut ProvenLeaf), error: Error<Test>| {
			let mut leaves = proofs.shown(5);
			leaves.iter_mut().for_each(spoil);
			assert_noop!(try_answer(2, 5, leaves), error);
		};
		refused(|shown| shown.leaf.server = 2, Error::LeafOfOtherServer);
		refused(|shown| shown.leaf.epoch = 1, Error::LeafOfOtherEpoch);
		refused(|shown| shown.leaf.unit = 4, Error::LeafOfOtherUnit);
		refused(|shown| shown.leaf.nonce += 1, Error::InvalidPath);
		refused(|shown| shown.leaf.hash = [0; 32], Error::InvalidPath);
		refused(|shown| shown.path.truncate(1), Error::InvalidPath);
		let other_unit = slots.iter().map(|slot| proofs.leaf(4, *slot)).collect();
		assert_noop!(try_answer(2, 5, other_unit), Error::<Test>::LeafOfOtherUnit);
		assert_ok!(try_answer(2, 5, proofs.shown(5)));
	});
}

#[test]
fn a_replay_in_another_epoch_or_server_is_refused() {
	run(|| {
		let proofs = drawn();
		run_to_epoch(3);
		let none = Units::NONE;
		let origin = signed(operator());
		assert_ok!(Capacity::submit_report(origin, SERVER, 3, proofs.root(), ALL, none));
		run_to_draw(3);
		run_to(System::block_number() + parameters().capacity());
		let audits = Capacity::audits(SERVER);
		let audit = audits.iter().find(|audit| audit.unit == 1 && audit.epoch == 3).unwrap();
		let replay = audit.slots.iter().map(|slot| proofs.leaf(1, *slot)).collect();
		assert_noop!(try_answer(3, 1, replay), Error::<Test>::LeafOfOtherEpoch);
	});
}

#[test]
fn one_answer_is_checked_per_block() {
	run(|| {
		let proofs = drawn();
		assert_ok!(try_answer(2, 0, proofs.shown(0)));
		assert_noop!(try_answer(2, 1, proofs.shown(1)), Error::<Test>::TooManyChecks);
		next_block();
		assert_ok!(try_answer(2, 1, proofs.shown(1)));
	});
}

#[test]
fn a_refused_answer_weighs_little() {
	run(|| {
		let proofs = drawn();
		let mut leaves = proofs.shown(0);
		leaves[0].path[0] = [0; 32];
		let refused = answer_with(stranger(), 2, 0, leaves).unwrap_err();
		assert_err!(Err::<(), _>(refused.error), Error::<Test>::InvalidPath);
		let weight = <() as WeightInfo>::answer_audit_refused();
		assert_eq!(refused.post_info.actual_weight, Some(weight));
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
	});
}

#[test]
fn a_third_failed_report_fails_the_commitment() {
	run(|| {
		start_all(20);
		for epoch in 2..=4 {
			run_to_epoch(epoch);
			Proofs::compute(SERVER, epoch, ALL).report();
			settle_epoch(epoch);
		}
		// The deadline of epoch 4 lies in epoch 5: covered until its end.
		assert_eq!(Capacity::current(), 5);
		assert!(events().contains(&Event::CommitmentFailed { commitment: FIRST, end: 6 }));
		let (commitment, state) = Capacity::commitment(FIRST).unwrap();
		assert_eq!(state, CommitmentState::Active);
		assert_eq!(commitment.slashed, 240 * FLT);
		assert_eq!((commitment.own_left, commitment.delegated_left), (0, 560 * FLT));
		assert_eq!(Capacity::units_info(SERVER).unwrap().committed, ALL);
		assert_eq!(available(7), Units::NONE);
		run_to_epoch(6);
		assert_eq!(Capacity::commitment(FIRST).unwrap().1, CommitmentState::Failed);
		assert_eq!(Capacity::units_info(SERVER).unwrap().committed, Units::NONE);
		let again = commit(ALL, 5);
		assert_eq!(again, CommitmentId(1));
	});
}
