//! A deal ends earlier: `UnitLedger::shorten`.

use super::*;

fn shorten(end: Epoch) -> Result<(), DispatchError> {
	Capacity::shorten(SERVER, DEAL, end).map(|_| ())
}

#[test]
fn a_deal_that_is_shortened_holds_its_units_until_the_new_end() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		assert_ok!(shorten(5));
		let shortened = Event::ReservationShortened { server: SERVER, deal: DEAL, end: 5 };
		assert_eq!(events(), [shortened]);
		for epoch in [3, 4] {
			run_to_epoch(epoch);
			assert_eq!(bound(), (Units(0xfc), Units(0b11)));
			assert_ok!(report_serving(epoch, Units(0b11)));
		}
		MockBook::take();
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		run_to_epoch(5);
		assert_eq!(bound(), (ALL, Units::NONE));
		assert_eq!(available(20), Units(0b11));
		settle();
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		run_to(parameters().reports_close(4));
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		run_to_undisputed(4);
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(4));
	});
}

#[test]
fn units_that_do_not_prove_after_the_new_end_miss() {
	run(|| {
		serve_deal(20, ALL, 10);
		forgive_nothing();
		assert_ok!(shorten(4));
		settle_epoch(4);
		let missed = Event::UnitsMissed { commitment: FIRST, epoch: 4, misses: 8, excess: 8 };
		assert!(events().contains(&missed));
	});
}

#[test]
fn a_commitment_that_fails_costs_a_deal_what_it_had_until_the_new_end() {
	for (end, epochs) in [(4, 0), (6, 2), (15, 11)] {
		run(|| {
			Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
			start_all(18);
			Proofs::compute(SERVER, 2, ALL).report();
			assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 15));
			settle_epoch(2);
			// Known in epoch 3 to end with epoch 4.
			assert_ok!(shorten(end));
			run_to_epoch(4);
			assert_eq!(lost(), 2 * epochs);
		});
	}
}

#[test]
fn shorten_refuses_what_is_not_earlier_or_has_begun() {
	run(|| {
		serve_deal(20, Units(0b11), 5);
		let unknown = Capacity::shorten(SERVER, DealId(9), 4);
		assert_noop!(unknown, Error::<Test>::UnknownReservation);
		assert_noop!(Capacity::shorten(ServerId(9), DEAL, 4), Error::<Test>::UnknownServer);
		assert_noop!(shorten(3), Error::<Test>::EpochBegun);
		assert_noop!(shorten(6), Error::<Test>::EndTooLate);
		assert_ok!(shorten(5));
		run_to_epoch(5);
		assert_noop!(shorten(5), Error::<Test>::ReservationOver);
	});
}
