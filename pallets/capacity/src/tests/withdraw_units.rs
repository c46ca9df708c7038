//! Units leave a deal before its end: `UnitLedger::withdraw`.

use super::*;

fn withdraw(units: u64, from: Epoch) -> Result<(), DispatchError> {
	Capacity::withdraw(SERVER, DEAL, Units(units), from).map(|_| ())
}

fn withdrawals() -> Vec<(u64, Epoch)> {
	let record = Capacity::unit_record(SERVER).unwrap();
	let withdrawals = &record.reservation(DEAL).unwrap().withdrawals;
	withdrawals.iter().map(|withdrawal| (withdrawal.units.0, withdrawal.from)).collect()
}

#[test]
fn withdrawn_units_serve_until_they_leave_and_prove_from_then_on() {
	run(|| {
		serve_deal(20, Units(0b1111), 10);
		assert_ok!(withdraw(0b11, 5));
		let (server, deal, units) = (SERVER, DEAL, Units(0b11));
		assert_eq!(events(), [Event::UnitsWithdrawn { server, deal, units, from: 5 }]);
		for epoch in [3, 4] {
			run_to_epoch(epoch);
			assert_eq!(Capacity::held(SERVER, DEAL), Units(0b1100));
			assert_eq!(bound(), (Units(0xf0), Units(0b1111)));
			assert_ok!(report_serving(epoch, Units(0b1111)));
		}
		assert_eq!(served(), (0, 8));
		run_to_epoch(5);
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0b1100));
		assert_eq!(Capacity::units_info(SERVER).unwrap().reserved, Units(0b1100));
		assert_eq!(bound(), (Units(0xf3), Units(0b1100)));
		assert_noop!(report_serving(5, Units(0b111)), Error::<Test>::NotServing);
		assert_ok!(report_serving(5, Units(0b1100)));
		// Units that left can be contested like others.
		assert_eq!(served(), (0, 10));
		run_to_epoch(7);
		assert_eq!(served(), (8, 2));
	});
}

#[test]
fn what_units_served_before_they_left_is_counted_in_the_grace_of_the_next_epoch() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		assert_ok!(withdraw(0b01, 4));
		run_to_epoch(4);
		assert_ok!(report_serving(3, Units(0b11)));
		assert_eq!(served(), (0, 2));
		run_to_undisputed(3);
		assert_eq!(served(), (2, 0));
	});
}

#[test]
fn units_that_left_are_for_sale_and_the_book_is_told() {
	run(|| {
		serve_deal(20, Units(0b1111), 10);
		assert_ok!(withdraw(0b11, 5));
		run_to_epoch(4);
		assert_ok!(report_serving(4, Units(0b1110)));
		MockBook::take();
		assert_eq!(available(20), Units::NONE);
		run_to_epoch(5);
		// The other one did not serve in the last report.
		assert_eq!(available(20), Units(0b10));
		settle();
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b10), 20));
		assert_eq!(Capacity::units_info(SERVER).unwrap().reserved, Units(0b1110));
		assert_eq!(Capacity::held(SERVER, DealId(8)), Units(0b10));
	});
}

#[test]
fn units_that_left_and_do_not_prove_miss() {
	run(|| {
		serve_deal(20, ALL, 10);
		forgive_nothing();
		assert_ok!(withdraw(0b11, 5));
		settle_epoch(5);
		let told = events();
		let missed = Event::UnitsMissed { commitment: FIRST, epoch: 5, misses: 2, excess: 2 };
		assert!(told.contains(&missed), "{told:?}");
		let (commitment, own) = (FIRST, 2 * FLT);
		assert!(told.contains(&Event::Slashed { commitment, epoch: 5, own, delegated: 0 }));
		let misses = |event: &&Event<Test>| matches!(event, Event::UnitsMissed { .. });
		assert_eq!(told.iter().filter(misses).count(), 1);
	});
}

#[test]
fn units_that_left_and_prove_earn() {
	run(|| {
		serve_deal(20, ALL, 10);
		forgive_nothing();
		assert_ok!(withdraw(0b11, 5));
		run_to_epoch(5);
		Proofs::compute(SERVER, 5, Units(0b11)).report().answer_all();
		settle_epoch(5);
		let told = events();
		let earn =
			|event: &Event<Test>| matches!(event, Event::Rewarded { epoch: 5, units: 2, .. });
		assert!(told.iter().any(earn), "{told:?}");
		assert!(!told.iter().any(|event| matches!(event, Event::UnitsMissed { .. })));
	});
}

#[test]
fn units_withdrawn_in_the_epoch_of_their_sale_owe_no_proof_for_it() {
	run(|| {
		start_all(20);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 10));
		assert_ok!(withdraw(0b01, 3));
		let entry = *record().entry(2).unwrap();
		assert_eq!(entry.excused, Units(0b11));
		run_to_epoch(3);
		assert_eq!(bound(), (Units(0xfd), Units::NONE));
		let entry = *Capacity::unit_record(SERVER).unwrap().entry(3).unwrap();
		assert_eq!(entry.excused, Units::NONE);
	});
}

#[test]
fn withdrawals_of_an_epoch_are_one_and_there_are_four_at_most() {
	run(|| {
		serve_deal(40, ALL, 30);
		for unit in 0..4 {
			assert_ok!(withdraw(1 << unit, 5 + unit));
		}
		assert_noop!(withdraw(0x10, 9), Error::<Test>::TooManyWithdrawals);
		assert_noop!(withdraw(0x10, 99), Error::<Test>::TooManyWithdrawals);
		assert_ok!(withdraw(0x10, 6));
		assert_eq!(withdrawals(), [(1, 5), (0x12, 6), (4, 7), (8, 8)]);
		run_to_epoch(5);
		assert_ok!(withdraw(0x20, 99));
		// No later than the deal ends.
		assert_eq!(withdrawals(), [(0x12, 6), (4, 7), (8, 8), (0x20, 30)]);
		run_to_epoch(7);
		assert_eq!(withdrawals(), [(8, 8), (0x20, 30)]);
		assert_eq!(bound(), (Units(0x17), Units(0xe8)));
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0xc0));
	});
}

#[test]
fn a_commitment_that_fails_first_costs_the_deal_what_was_not_withdrawn() {
	// It fails with epoch 4; two other units would have served until 15.
	let others = 2 * (15 - 4);
	for (from, more) in [(3, 0), (4, 0), (6, 2 * (6 - 4)), (20, 2 * (15 - 4))] {
		run(|| {
			Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
			start_all(18);
			Proofs::compute(SERVER, 2, ALL).report();
			assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b1111), 15));
			assert_ok!(withdraw(0b11, from));
			assert_eq!(Capacity::held(SERVER, DEAL), Units(0b1100));
			settle_epoch(2);
			assert_eq!(Capacity::current(), 3);
			assert_eq!((Capacity::held(SERVER, DEAL), lost()), (Units::NONE, 0));
			assert_noop!(withdraw(0b100, 4), Error::<Test>::UnitsNotHeld);
			run_to_epoch(4);
			assert_eq!(lost(), others + more);
			settle();
			assert_eq!((withdrawals(), bound()), (vec![], (Units::NONE, Units::NONE)));
		});
	}
}

#[test]
fn a_commitment_that_fails_later_costs_the_deal_the_units_that_are_left() {
	run(|| {
		serve_deal(40, Units(0b1111), 20);
		assert_ok!(withdraw(0b11, 5));
		run_to_epoch(6);
		Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
		Proofs::compute(SERVER, 6, Units(0xf3)).report();
		settle_epoch(6);
		run_to_epoch(8);
		assert_eq!(lost(), 2 * (20 - 8));
	});
}

#[test]
fn a_deal_whose_units_all_left_stays_until_it_is_released() {
	run(|| {
		serve_deal(20, Units(0b11), 6);
		assert_ok!(report_serving(3, Units(0b11)));
		assert_ok!(withdraw(0b01, 4));
		assert_ok!(withdraw(0b10, 5));
		run_to_epoch(5);
		settle();
		assert_eq!(record().reservation(DEAL).unwrap().units, Units::NONE);
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		assert_noop!(withdraw(0b01, 6), Error::<Test>::UnitsNotHeld);
		run_to(parameters().reports_close(5));
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		run_to_undisputed(5);
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(2));
	});
}

#[test]
fn withdraw_refuses_what_cannot_leave() {
	run(|| {
		serve_deal(20, Units(0b11), 5);
		let unknown = Capacity::withdraw(SERVER, DealId(9), Units(1), 4);
		assert_noop!(unknown, Error::<Test>::UnknownReservation);
		let unknown = Capacity::withdraw(ServerId(9), DEAL, Units(1), 4);
		assert_noop!(unknown, Error::<Test>::UnknownServer);
		assert_noop!(withdraw(0b01, 3), Error::<Test>::EpochBegun);
		assert_noop!(withdraw(0b110, 4), Error::<Test>::UnitsNotHeld);
		assert_ok!(withdraw(0b01, 4));
		assert_noop!(withdraw(0b01, 4), Error::<Test>::UnitsNotHeld);
		events();
		assert_ok!(withdraw(0, 4));
		assert_eq!(events(), []);
		run_to_epoch(5);
		assert_noop!(withdraw(0b10, 6), Error::<Test>::ReservationOver);
		// What stayed until the end can still be told.
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0b10));
		assert_eq!(Capacity::held(SERVER, DealId(9)), Units::NONE);
		assert_eq!(Capacity::held(ServerId(9), DEAL), Units::NONE);
	});
}
