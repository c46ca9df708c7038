//! Deals that hold nothing any more are released before their end: `UnitLedger::release`.

use super::*;

fn release() -> Result<u64, DispatchError> {
	Capacity::release(SERVER, DEAL).map(|(served, _)| served)
}

/// Lets deals that hold nothing take all places of the record that are left.
fn fill_up() {
	Servers::<Test>::mutate_extant(SERVER, |record| {
		for deal in 1_000..1_064 {
			let _full =
				record.reservations.try_push(Reservation::new(DealId(deal), Units::NONE, 50));
		}
		assert!(record.reservations.is_full());
	});
}

#[test]
fn release_waits_until_nothing_that_units_served_before_they_left_can_be_contested() {
	run(|| {
		serve_deal(20, Units(0b11), 15);
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b11), 5));
		for epoch in [3, 4] {
			run_to_epoch(epoch);
			assert_noop!(release(), Error::<Test>::NotFinal);
			assert_ok!(report_serving(epoch, Units(0b11)));
		}
		// Epoch 4 can be contested in 5 and 6.
		assert_ok!(Capacity::contest(SERVER, DEAL, Units(0b10), 4));
		for epoch in [5, 6] {
			run_to_epoch(epoch);
			assert_noop!(release(), Error::<Test>::NotFinal);
		}
		run_to_epoch(7);
		settle();
		events();
		assert_eq!(release(), Ok(3));
		let released = Event::UnitsReleased { server: SERVER, deal: DEAL, served: 3 };
		assert_eq!(events(), [released]);
		assert_noop!(release(), Error::<Test>::UnknownReservation);
		assert_noop!(
			Capacity::contest(SERVER, DEAL, Units(0b1), 4),
			Error::<Test>::UnknownReservation
		);
	});
}

#[test]
fn release_waits_for_units_that_stay_or_leave_later() {
	run(|| {
		serve_deal(20, Units(0b11), 15);
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b10), 4));
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b01), 9));
		for epoch in 4..11 {
			run_to_epoch(epoch);
			assert_noop!(release(), Error::<Test>::NotFinal);
		}
		run_to_epoch(11);
		assert_eq!(release(), Ok(0));
	});
}

#[test]
fn release_gives_up_what_a_deal_lost_all_units_of() {
	run(|| {
		Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 15));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b11)));
		// Nobody answers: the commitment fails in epoch 3, and ends with it.
		settle_epoch(2);
		assert_ok!(report_serving(3, Units(0b11)));
		for epoch in [4, 5] {
			run_to_epoch(epoch);
			assert_eq!(Capacity::held(SERVER, DEAL), Units::NONE);
			assert_noop!(release(), Error::<Test>::NotFinal);
		}
		run_to_epoch(6);
		assert_eq!((served(), lost()), ((2, 0), 2 * 11));
		assert_eq!(release(), Ok(2));
		assert_eq!(lost(), 0);
	});
}

#[test]
fn the_book_is_told_at_once_when_a_full_record_gets_room() {
	run(|| {
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		MockBook::take();
		fill_up();
		assert_eq!(available(10), Units::NONE);
		settle();
		assert_eq!((record().listed, MockBook::take()), (Units::NONE, vec![]));
		assert_ok!(Capacity::release(SERVER, DealId(1_003)));
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		assert_eq!((record().listed, available(10)), (ALL, ALL));
		// It knows now.
		assert_ok!(Capacity::release(SERVER, DealId(1_004)));
		assert_eq!(MockBook::take(), []);
	});
}

#[test]
fn the_book_is_told_nothing_when_a_record_had_room_or_nothing_is_for_sale() {
	run(|| {
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		MockBook::take();
		fill_up();
		Servers::<Test>::mutate_extant(SERVER, |record| {
			record.reservations.pop();
			record.listed = Units::NONE;
		});
		// As with all that deals ask for, the news waits.
		assert_ok!(Capacity::release(SERVER, DealId(1_003)));
		assert_eq!((record().listed, MockBook::take()), (Units::NONE, vec![]));
		settle();
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		// The report is too old.
		run_to_epoch(4);
		fill_up();
		settle();
		assert_ok!(Capacity::release(SERVER, DealId(1_005)));
		assert_eq!(MockBook::take(), []);
	});
}

#[test]
fn a_report_tells_of_deals_that_hold_nothing_until_they_are_released_or_over() {
	run(|| {
		serve_deal(20, Units(0b0011), 10);
		let (other, third) = (DealId(8), DealId(9));
		for (deal, unit, end) in [(other, 0b0100, 9), (third, 0b1000, 20)] {
			assert_ok!(Capacity::reserve(SERVER, deal, Units(unit), end));
			assert_ok!(Capacity::set_ready(SERVER, deal, Units(unit)));
		}
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b0011), 5));
		// With the epoch in which it would serve for the first time.
		assert_ok!(Capacity::withdraw(SERVER, other, Units(0b0100), 4));
		let report = |epoch, serving| {
			run_to_epoch(epoch);
			MockWatch::take();
			assert_ok!(report_serving(epoch, Units(serving)));
			MockWatch::take().into_iter().flat_map(|(_, deals)| deals).collect::<Vec<_>>()
		};
		assert_eq!(report(3, 0b0011), []);
		assert_eq!(report(4, 0b1011), [other]);
		assert_eq!(report(5, 0b1000), [other]);
		assert_eq!(report(6, 0b1000), [other]);
		assert_eq!(report(7, 0b1000), [DEAL, other]);
		assert_ok!(Capacity::release(SERVER, DEAL));
		assert_eq!(report(8, 0b1000), [other]);
		// Its end has come: deals that are over are closed by the clock.
		assert_eq!(report(9, 0b1000), []);
	});
}

#[test]
fn sixty_four_deals_that_gave_their_units_up_leave_room_again() {
	run(|| {
		start_all(40);
		let report = || {
			let epoch = Capacity::current();
			let (origin, none) = (signed(operator()), Units::NONE);
			assert_ok!(Capacity::submit_report(origin, SERVER, epoch, [1; 32], ALL, none));
		};
		// Eight units, sold in every epoch anew into deals that go on for long.
		let mut deals = (100..).map(DealId);
		for epoch in 2..10 {
			run_to_epoch(epoch);
			Servers::<Test>::mutate_extant(SERVER, |record| {
				(record.last_report, record.reported) = (epoch, record.all());
			});
			for (unit, deal) in (0..8).zip(&mut deals) {
				assert_ok!(Capacity::reserve(SERVER, deal, Units::one(unit), 40));
				assert_ok!(Capacity::withdraw(SERVER, deal, Units::one(unit), epoch + 1));
			}
		}
		run_to_epoch(10);
		report();
		assert_eq!((record().reservations.len(), available(20)), (64, Units::NONE));
		let told = MockWatch::take().pop().map(|(_, deals)| deals).unwrap();
		assert_eq!(told.len(), 64);
		for deal in told {
			assert_ok!(Capacity::release(SERVER, deal));
			assert_eq!(available(20), ALL);
		}
		assert!(record().reservations.is_empty());
	});
}
