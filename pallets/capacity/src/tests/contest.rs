//! What is said to have been served is contested: `UnitLedger::contest`.

use super::*;

fn contest(units: u64, epoch: Epoch) -> Result<(), DispatchError> {
	Capacity::contest(SERVER, DEAL, Units(units), epoch).map(|_| ())
}

#[test]
fn contested_units_count_no_longer() {
	run(|| {
		serve_deal(20, Units(0b1111), 10);
		assert_ok!(report_serving(3, Units(0b1111)));
		events();
		assert_ok!(contest(0b11, 3));
		let (server, deal, units) = (SERVER, DEAL, Units(0b11));
		assert_eq!(events(), [Event::Contested { server, deal, units, epoch: 3 }]);
		assert_eq!(served(), (0, 2));
		for again in [0b1, 0b10, 0b110] {
			assert_noop!(contest(again, 3), Error::<Test>::UnitsNotCounted);
		}
		assert_ok!(contest(0b100, 3));
		assert_eq!(served(), (0, 1));
		run_to_undisputed(3);
		assert_eq!(served(), (1, 0));
	});
}

#[test]
fn an_epoch_is_contested_within_two_whole_epochs_after_it() {
	run(|| {
		serve_deal(20, Units(0b1111), 10);
		assert_noop!(contest(0b1, 4), Error::<Test>::EpochNotBegun);
		assert_noop!(contest(0b1, 3), Error::<Test>::UnitsNotCounted);
		assert_ok!(report_serving(3, Units(0b1111)));
		assert_ok!(contest(0b1, 3));
		run_to_epoch(4);
		assert_ok!(contest(0b10, 3));
		run_to(parameters().first_block(6) - 1);
		assert_ok!(contest(0b100, 3));
		run_to_epoch(6);
		assert_noop!(contest(0b1000, 3), Error::<Test>::ContestTooLate);
		assert_noop!(contest(0b1000, 0), Error::<Test>::ContestTooLate);
		assert_eq!(served(), (1, 0));
	});
}

#[test]
fn each_epoch_and_each_deal_is_contested_for_itself() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b1100), 10));
		assert_ok!(Capacity::set_ready(SERVER, DealId(8), Units(0b1100)));
		assert_ok!(report_serving(3, Units(0b11)));
		run_to_epoch(4);
		assert_ok!(report_serving(4, Units(0b1111)));
		run_to_epoch(5);
		assert_ok!(report_serving(5, Units(0b0101)));
		assert_noop!(contest(0b1100, 4), Error::<Test>::UnitsNotCounted);
		assert_noop!(contest(0b10, 5), Error::<Test>::UnitsNotCounted);
		assert_ok!(contest(0b10, 4));
		assert_ok!(contest(0b01, 5));
		assert_ok!(contest(0b11, 3));
		assert_eq!(served(), (0, 1));
		assert_eq!(Capacity::served_lately(SERVER, DealId(8)), 3);
	});
}

#[test]
fn units_that_left_are_contested_and_so_is_a_deal_that_is_over() {
	run(|| {
		serve_deal(20, Units(0b111), 5);
		assert_ok!(report_serving(3, Units(0b111)));
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b1), 4));
		run_to_epoch(4);
		assert_ok!(report_serving(4, Units(0b110)));
		assert_ok!(contest(0b1, 3));
		run_to_epoch(6);
		assert_ok!(contest(0b10, 4));
		assert_eq!(served(), (2, 1));
		run_to_epoch(7);
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(3));
		assert_noop!(contest(0b100, 4), Error::<Test>::UnknownReservation);
	});
}

#[test]
fn units_of_a_commitment_that_failed_are_contested() {
	run(|| {
		Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 15));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b11)));
		settle_epoch(2);
		assert_ok!(report_serving(3, Units(0b11)));
		run_to_epoch(5);
		assert_eq!((Capacity::held(SERVER, DEAL), served()), (Units::NONE, (0, 2)));
		assert_ok!(contest(0b1, 3));
		assert_eq!(served(), (0, 1));
	});
}

#[test]
fn contest_settles_what_is_due() {
	run(|| {
		serve_deal(20, Units(0b1), 10);
		forgive_nothing();
		assert_ok!(report_serving(3, Units(0b1)));
		run_to_finish(3);
		events();
		assert_ok!(contest(0b1, 3));
		let missed = Event::UnitsMissed { commitment: FIRST, epoch: 3, misses: 7, excess: 7 };
		let told = events();
		assert!(told.contains(&missed), "{told:?}");
		assert!(matches!(told.last(), Some(Event::Contested { .. })));
		assert_eq!(record().epoch, Capacity::current());
	});
}

#[test]
fn contest_refuses_what_is_unknown() {
	run(|| {
		serve_deal(20, Units(0b1), 10);
		let unknown = Capacity::contest(ServerId(9), DEAL, Units(1), 3);
		assert_noop!(unknown, Error::<Test>::UnknownServer);
		let unknown = Capacity::contest(SERVER, DealId(9), Units(1), 3);
		assert_noop!(unknown, Error::<Test>::UnknownReservation);
		events();
		assert_ok!(contest(0, 3));
		assert_eq!(events(), []);
		assert_eq!(Capacity::served_lately(ServerId(9), DEAL), 0);
		assert_eq!(Capacity::served_lately(SERVER, DealId(9)), 0);
	});
}
