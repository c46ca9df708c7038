//! Full blocks do not count for those who wait for room in them.

use super::*;
use frame_support::{dispatch::DispatchClass, pallet_prelude::Weight, traits::Get};
use frame_system::limits::BlockWeights;

/// Makes full blocks until `block` has begun.
fn run_full_to(block: u32) {
	let limits: BlockWeights = <Test as frame_system::Config>::BlockWeights::get();
	let normal = limits.get(DispatchClass::Normal).max_total.unwrap_or(limits.max_block);
	for now in System::block_number() + 1..=block {
		System::set_block_consumed_resources(normal, 0);
		run_to(now);
		System::set_block_consumed_resources(Weight::zero(), 0);
	}
}

#[test]
fn reports_wait_for_blocks_with_room() {
	run(|| {
		start_all(10);
		run_to_epoch(3);
		run_full_to(205);
		run_to(parameters().reports_close(2));
		assert!(!Capacity::is_final(2));
		// Four full blocks, 201 to 204, do not count.
		run_to(parameters().reports_close(2) + 3);
		assert!(!Capacity::is_final(2));
		Proofs::compute(SERVER, 2, ALL).report();
		run_to(parameters().reports_close(2) + 4);
		assert!(Capacity::is_final(2));
	});
}

#[test]
fn answers_wait_for_blocks_with_room() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, ALL).report();
		run_to_draw(2);
		let deadline = deadline(2);
		run_full_to(deadline + 20);
		assert_eq!(Clock::<Test>::get().finished, 1);
		proofs.answer(3);
		run_to(System::block_number() + 78);
		assert_eq!(Clock::<Test>::get().finished, 1);
		run_to(System::block_number() + 1);
		assert_eq!(Clock::<Test>::get().finished, 2);
		// The next epoch begins to be finished at once; its windows are not shorter.
		assert_eq!(Clock::<Test>::get().stage, Stage::Reporting { left: parameters().grace });
	});
}

#[test]
fn an_epoch_is_void_after_one_more_epoch_of_full_blocks() {
	run(|| {
		start_all(20);
		let proofs = Proofs::compute(SERVER, 2, ALL).report();
		run_to_draw(2);
		run_to(earliest(2, 3));
		proofs.answer(3);
		run_full_to(parameters().finished_by(2) - 1);
		assert_eq!(Clock::<Test>::get().finished, 1);
		events();
		run_full_to(parameters().finished_by(2));
		assert!(events().contains(&Event::EpochVoided { epoch: 2 }));
		settle();
		// Drawn and not answered: no reward, but no slash either; no miss in it.
		assert!(events().contains(&Event::ReportVoided { server: SERVER, epoch: 2 }));
		assert_eq!(Capacity::commitment(FIRST).unwrap().0.slashed, 0);
		assert_eq!(Capacity::claimable_rewards(FIRST, provider()), 0);
	});
}

#[test]
fn a_void_epoch_pays_reports_that_answered_all() {
	run(|| {
		start_all(20);
		Proofs::compute(SERVER, 2, ALL).report().answer_all();
		run_full_to(parameters().finished_by(2));
		settle();
		assert!(events().contains(&Event::ReportPassed { server: SERVER, epoch: 2 }));
	});
}

#[test]
fn service_that_full_blocks_kept_from_a_report_is_counted_to_the_last_and_contested_as_long() {
	run(|| {
		serve_deal(20, Units(0b111), 10);
		run_full_to(parameters().finished_by(3) - 1);
		assert_eq!(Capacity::current(), 5);
		assert_eq!(Capacity::silent(SERVER, DEAL), Units::NONE);
		assert_ok!(report_serving(3, Units(0b111)));
		assert_eq!(served(), (0, 3));
		assert!(!Capacity::is_undisputed(3));
		assert_ok!(Capacity::contest(SERVER, DEAL, Units(0b1), 3));
		run_to_epoch(6);
		assert_eq!(served(), (2, 0));
		assert!(Capacity::is_undisputed(3));
		assert_noop!(report_serving(3, Units(0b1)), Error::<Test>::ReportsClosed);
		let contest = Capacity::contest(SERVER, DEAL, Units(0b10), 3);
		assert_noop!(contest, Error::<Test>::ContestTooLate);
		// A report of 4, or of 5, may still come.
		assert_eq!(Capacity::silent(SERVER, DEAL), Units::NONE);
		assert_ok!(report_serving(5, Units(0b110)));
		assert_eq!((served(), Capacity::silent(SERVER, DEAL)), ((2, 2), Units(0b1)));
	});
}

#[test]
fn misses_of_a_void_epoch_are_none() {
	run(|| {
		start_all(20);
		run_full_to(parameters().finished_by(2));
		run_to_finish(3);
		settle();
		let missed = |epoch| Event::UnitsMissed { commitment: FIRST, epoch, misses: 8, excess: 0 };
		let told = events();
		assert!(!told.contains(&missed(2)));
		assert!(told.contains(&missed(3)));
	});
}

#[test]
fn three_reports_of_a_server_may_be_open() {
	run(|| {
		start_all(20);
		Proofs::compute(SERVER, 2, ALL).report();
		run_full_to(parameters().first_block(3));
		Proofs::compute(SERVER, 3, ALL).report();
		run_full_to(parameters().first_block(4));
		Proofs::compute(SERVER, 4, ALL).report();
		let open: Vec<_> = record().open_reports().map(|(epoch, _)| epoch).collect();
		assert_eq!(open, [2, 3, 4]);
		run_full_to(parameters().first_block(5));
		let open: Vec<_> =
			Capacity::unit_record(SERVER).unwrap().open_reports().map(|(epoch, _)| epoch).collect();
		assert_eq!(open, [3, 4]);
	});
}

#[test]
fn stake_waits_until_the_last_epoch_is_finished() {
	run(|| {
		Parameters::<Test>::put(MarketParameters { unbonding: 1, ..parameters() });
		start_all(2);
		run_to_epoch(3);
		let proofs = Proofs::compute(SERVER, 3, ALL).report();
		run_full_to(parameters().first_block(5));
		// Epoch 3 is over for more than an epoch, but not audited.
		let call = || Capacity::withdraw_stake(signed(delegator()), FIRST);
		assert_noop!(call().map_err(|refused| refused.error), Error::<Test>::StillBonded);
		run_to_draw(3);
		proofs.answer_all();
		run_to_finish(3);
		assert_ok!(call());
	});
}
