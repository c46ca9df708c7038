//! Units that do not serve: `UnitLedger::silent`.

use super::*;

fn silent() -> Units {
	let before = record();
	let silent = Capacity::silent(SERVER, DEAL);
	assert_eq!(before, record());
	silent
}

#[test]
fn units_of_a_server_that_does_not_report_are_silent_after_two_epochs() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		run_to(parameters().reports_close(3));
		assert_eq!(silent(), Units::NONE);
		run_to(parameters().reports_close(4) - 1);
		assert_eq!(silent(), Units::NONE);
		run_to(parameters().reports_close(4));
		assert_eq!(silent(), Units(0b11));
		run_to(parameters().first_block(6) - 1);
		assert_eq!(silent(), Units(0b11));
		// Which two epochs are closed last is known again when 5 is: 3 is forgotten.
		run_to_epoch(6);
		assert_eq!(silent(), Units::NONE);
		run_to(parameters().reports_close(5));
		assert_eq!(silent(), Units(0b11));
	});
}

#[test]
fn units_that_two_reports_leave_out_are_silent_at_once() {
	run(|| {
		serve_deal(20, Units(0b111), 10);
		assert_ok!(report_serving(3, Units(0b001)));
		assert_eq!(silent(), Units::NONE);
		run_to_epoch(5);
		// In the grace.
		assert_ok!(report_serving(4, Units(0b011)));
		assert_eq!(silent(), Units(0b100));
		assert_ok!(report_serving(5, Units(0b101)));
		assert_eq!(silent(), Units::NONE);
	});
}

#[test]
fn a_unit_is_silent_no_earlier_than_its_worker_is_set() {
	run(|| {
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 10));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b01)));
		run_to_epoch(3);
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b10)));
		run_to(parameters().reports_close(4));
		assert_eq!(silent(), Units(0b01));
		run_to(parameters().reports_close(5));
		assert_eq!(silent(), Units(0b11));
	});
}

#[test]
fn units_that_leave_are_not_silent() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		run_to(parameters().reports_close(4));
		assert_eq!(silent(), Units(0b11));
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b01), 8));
		assert_eq!(silent(), Units(0b10));
		assert_eq!(Capacity::silent(SERVER, DealId(9)), Units::NONE);
		assert_eq!(Capacity::silent(ServerId(9), DEAL), Units::NONE);
	});
}

#[test]
fn units_contested_in_both_epochs_are_silent() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		assert_ok!(report_serving(3, Units(0b11)));
		run_to_epoch(4);
		assert_ok!(report_serving(4, Units(0b11)));
		assert_ok!(Capacity::contest(SERVER, DEAL, Units(0b11), 3));
		assert_eq!(silent(), Units::NONE);
		assert_ok!(Capacity::contest(SERVER, DEAL, Units(0b10), 4));
		assert_eq!(silent(), Units(0b10));
	});
}
