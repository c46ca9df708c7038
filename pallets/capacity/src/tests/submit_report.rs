use super::*;

fn try_report(epoch: Epoch, proven: Units, serving: Units) -> Result<(), DispatchError> {
	Capacity::submit_report(signed(operator()), SERVER, epoch, [1; 32], proven, serving)
		.map(|_| ())
		.map_err(|refused| refused.error)
}

#[test]
fn report_makes_proven_units_available() {
	run(|| {
		start_all(10);
		assert_eq!(available(5), Units::NONE);
		assert_ok!(try_report(2, Units(0b111), Units::NONE));
		let (root, proven, serving) = ([1; 32], Units(0b111), Units::NONE);
		assert_eq!(events(), [Event::Reported { server: SERVER, epoch: 2, root, proven, serving }]);
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		assert_eq!(available(5), Units(0b111));
		assert_eq!(Epochs::<Test>::get(2).unwrap().proven, 3);
		let open = Report { root, proven, answered: Units::NONE };
		assert_eq!(record().open_reports().collect::<Vec<_>>(), [(2, &open)]);
	});
}

#[test]
fn report_tells_the_book_only_news() {
	run(|| {
		start_all(10);
		assert_ok!(try_report(2, ALL, Units::NONE));
		assert_eq!(MockBook::take().len(), 1);
		run_to_epoch(3);
		assert_ok!(try_report(3, ALL, Units::NONE));
		assert_eq!(MockBook::take(), []);
		// Supply lapsed in epoch 5, and comes back.
		run_to_epoch(5);
		assert_ok!(try_report(5, ALL, Units::NONE));
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
	});
}

#[test]
fn report_is_accepted_until_the_grace_is_over() {
	run(|| {
		start_all(10);
		run_to(parameters().reports_close(2) - 1);
		assert_ok!(try_report(2, ALL, Units::NONE));
		run_to(parameters().reports_close(3));
		assert_noop!(try_report(3, ALL, Units::NONE), Error::<Test>::ReportsClosed);
		assert_noop!(try_report(0, ALL, Units::NONE), Error::<Test>::ReportsClosed);
		assert_noop!(try_report(5, ALL, Units::NONE), Error::<Test>::EpochNotBegun);
	});
}

#[test]
fn report_is_for_the_operator() {
	run(|| {
		start_all(10);
		for who in [provider(), stranger()] {
			let call = Capacity::submit_report(signed(who), SERVER, 2, [0; 32], ALL, Units::NONE);
			assert_noop!(call, Error::<Test>::NotOperator);
		}
		let none = RuntimeOrigin::none();
		let call = Capacity::submit_report(none, SERVER, 2, [0; 32], ALL, Units::NONE);
		assert_noop!(call, DispatchError::BadOrigin);
		let who = signed(operator());
		let call = Capacity::submit_report(who, ServerId(9), 2, [0; 32], ALL, Units::NONE);
		assert_noop!(call, Error::<Test>::UnknownServer);
	});
}

#[test]
fn report_is_accepted_once_per_epoch() {
	run(|| {
		start_all(10);
		assert_ok!(try_report(2, Units(1), Units::NONE));
		assert_noop!(try_report(2, Units(2), Units::NONE), Error::<Test>::AlreadyReported);
		run_to_epoch(3);
		assert_noop!(try_report(2, Units(2), Units::NONE), Error::<Test>::AlreadyReported);
		run_to_epoch(4);
		assert_ok!(try_report(4, Units(1), Units::NONE));
		assert_noop!(try_report(3, Units(1), Units::NONE), Error::<Test>::AlreadyReported);
	});
}

#[test]
fn report_refuses_units_that_were_not_bound() {
	run(|| {
		let id = commit(Units(0b11), 10);
		cover(id);
		// Covered, but not before the next epoch.
		assert_noop!(try_report(1, Units(0b11), Units::NONE), Error::<Test>::NotProving);
		run_to_epoch(2);
		assert_noop!(try_report(2, Units::NONE, Units::NONE), Error::<Test>::EmptyReport);
		assert_noop!(try_report(2, Units(0b111), Units::NONE), Error::<Test>::NotProving);
		assert_noop!(try_report(2, Units::NONE, Units(0b1)), Error::<Test>::NotServing);
		assert_noop!(try_report(2, Units(0b1), Units(0b10)), Error::<Test>::NotServing);
		assert_ok!(try_report(2, Units(0b11), Units::NONE));
	});
}

#[test]
fn report_counts_what_was_served() {
	run(|| {
		start_all(20);
		assert_ok!(try_report(2, ALL, Units::NONE));
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b1100), 6));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b1000)));
		run_to_epoch(3);
		// Only the unit whose worker is set serves; both no longer prove.
		assert_noop!(try_report(3, Units(0b100), Units::NONE), Error::<Test>::NotProving);
		assert_noop!(try_report(3, Units::NONE, Units(0b100)), Error::<Test>::NotServing);
		assert_ok!(try_report(3, Units(0b11), Units(0b1000)));
		assert_eq!(served(), (0, 1));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b0100)));
		run_to_epoch(4);
		// In the grace of the next epoch.
		run_to_epoch(5);
		assert_ok!(try_report(4, Units::NONE, Units(0b1100)));
		assert_eq!(served(), (0, 3));
		// A report without proofs needs no audit.
		assert_eq!(record().open_reports().count(), 0);
		run_to_epoch(6);
		// The deal is over: 5 can still be reported, 6 is for proving.
		assert_ok!(try_report(5, Units::NONE, Units(0b1000)));
		// Epoch 3 can be contested no more.
		assert_eq!(served(), (1, 3));
		assert_noop!(try_report(6, Units::NONE, Units(0b1000)), Error::<Test>::NotServing);
		assert_ok!(try_report(6, ALL, Units::NONE));
		run_to_epoch(7);
		assert_eq!(served(), (3, 1));
		run_to_epoch(8);
		assert_eq!(served(), (4, 0));
	});
}

#[test]
fn report_excuses_units_reserved_in_its_epoch() {
	run(|| {
		start_all(20);
		assert_ok!(try_report(2, ALL, Units::NONE));
		run_to_epoch(3);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b1100), 6));
		assert_ok!(try_report(3, ALL, Units::NONE));
	});
}

#[test]
fn report_counts_units_and_how_little_stake_covers_them() {
	run(|| {
		start_all(10);
		assert_ok!(try_report(2, Units(0x7f), Units::NONE));
		let epoch = Epochs::<Test>::get(2).unwrap();
		assert_eq!((epoch.proven, epoch.exposure), (7, exposure(7, 700 * FLT)));
	});
}

#[test]
fn report_settles_the_audits_that_are_due() {
	run(|| {
		start_all(10);
		assert_ok!(try_report(2, ALL, Units::NONE));
		run_to_epoch(4);
		events();
		let call =
			Capacity::submit_report(signed(operator()), SERVER, 4, [1; 32], ALL, Units::NONE);
		let spent = <() as WeightInfo>::submit_report() + <() as WeightInfo>::settle_step();
		assert_eq!(call.unwrap().actual_weight, Some(spent));
		let cause = Cause::Unanswered { units: ALL };
		let failed = Event::ReportFailed { server: SERVER, epoch: 2, cause };
		assert_eq!(events().first(), Some(&failed));
		assert_eq!(record().open_reports().count(), 1);
	});
}
