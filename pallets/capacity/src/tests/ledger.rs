//! What other pallets ask through `UnitLedger`.

use super::*;

/// All units committed until `end` begins, proven in epoch 2.
fn proven(end: Epoch) -> Proofs {
	start_all(end - 2);
	let proofs = Proofs::compute(SERVER, 2, ALL).report();
	events();
	proofs
}

#[test]
fn open_makes_a_record_once() {
	run(|| {
		events();
		let server = ServerId(2);
		assert_ok!(Capacity::open(server, 64));
		assert_eq!(events(), [Event::ServerOpened { server, units: 64 }]);
		assert_noop!(Capacity::open(server, 64), Error::<Test>::AlreadyOpen);
		for count in [0, 65, 255] {
			assert_noop!(Capacity::open(ServerId(3), count), Error::<Test>::InvalidUnitCount);
		}
	});
}

#[test]
fn close_forgets_an_idle_server_only() {
	run(|| {
		let id = commit(ALL, 8);
		assert_noop!(Capacity::close(SERVER), Error::<Test>::UnitsCommitted);
		cover(id);
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_noop!(Capacity::close(SERVER), Error::<Test>::UnderAudit);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(1), 5));
		run_to_epoch(4);
		assert_noop!(Capacity::close(SERVER), Error::<Test>::UnitsReserved);
		run_to_undisputed(4);
		assert_ok!(Capacity::release(SERVER, DEAL));
		// Epochs 2 to 9; 9 can be reported in 10.
		run_to_epoch(10);
		assert_noop!(Capacity::close(SERVER), Error::<Test>::UnitsCommitted);
		run_to_epoch(11);
		settle();
		events();
		assert_ok!(Capacity::close(SERVER));
		assert_eq!(events(), [Event::ServerClosed { server: SERVER }]);
		assert_noop!(Capacity::close(SERVER), Error::<Test>::UnknownServer);
		assert_eq!(available(12), Units::NONE);
	});
}

#[test]
fn lasting_units_are_those_whose_commitment_ends_last() {
	run(|| {
		for (units, duration) in [(0x03, 8), (0x0c, 20), (0x30, 20)] {
			cover(commit(Units(units), duration));
		}
		// Nobody staked for these.
		commit(Units(0xc0), 30);
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, Units(0x3f)).report();
		let lasting = |units| Capacity::available(SERVER, Units(units), 4).lasting;
		assert_eq!(lasting(0x3f), Units(0x3c));
		assert_eq!(lasting(0x17), Units(0x14));
		assert_eq!(lasting(0x03), Units(0x03));
		assert_eq!(lasting(0x01), Units(0x01));
		assert_eq!(lasting(0), Units::NONE);
		assert_eq!(Capacity::available(ServerId(9), ALL, 4), Available::default());
	});
}

#[test]
fn available_needs_a_commitment_that_outlasts_the_deal() {
	run(|| {
		proven(12);
		assert_eq!(available(12), ALL);
		assert_eq!(available(13), Units::NONE);
		// A deal serves at least one epoch after this one.
		assert_eq!(available(4), ALL);
		assert_eq!(available(3), Units::NONE);
	});
}

#[test]
fn available_needs_a_report_at_most_one_epoch_old() {
	run(|| {
		proven(12).answer_all();
		run_to(parameters().first_block(4) - 1);
		assert_eq!(available(10), ALL);
		run_to_epoch(4);
		assert_eq!(available(10), Units::NONE);
	});
}

#[test]
fn available_sees_a_due_audit_before_it_is_settled() {
	run(|| {
		proven(12);
		run_to_epoch(3);
		run_to_draw(2);
		run_to(deadline(2) - 1);
		assert_eq!(available(10), ALL);
		run_to(deadline(2));
		assert_eq!(available(10), Units::NONE);
	});
}

#[test]
fn reserve_takes_units_from_sale() {
	run(|| {
		proven(12);
		let units = Units(0b11);
		assert_ok!(Capacity::reserve(SERVER, DEAL, units, 6));
		assert_eq!(events(), [Event::UnitsReserved { server: SERVER, deal: DEAL, units, end: 6 }]);
		assert_eq!(available(6), ALL.without(units));
		assert_eq!(Capacity::units_info(SERVER).unwrap().reserved, units);
		let again = Capacity::reserve(SERVER, DealId(8), Units(0b110), 6);
		assert_noop!(again, Error::<Test>::UnitsUnavailable);
		let late = Capacity::reserve(SERVER, DealId(8), Units(0b100), 13);
		assert_noop!(late, Error::<Test>::UnitsUnavailable);
		let none = Capacity::reserve(SERVER, DealId(8), Units::NONE, 6);
		assert_noop!(none, Error::<Test>::NoUnits);
		let unknown = Capacity::reserve(ServerId(9), DEAL, units, 6);
		assert_noop!(unknown, Error::<Test>::UnknownServer);
	});
}

#[test]
fn reserve_adds_to_the_same_deal() {
	run(|| {
		proven(12);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b1), 6));
		let other_end = Capacity::reserve(SERVER, DEAL, Units(0b10), 7);
		assert_noop!(other_end, Error::<Test>::EndMismatch);
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b1)));
		run_to_epoch(3);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b10), 6));
		let info = Capacity::units_info(SERVER).unwrap();
		assert_eq!((info.serving, info.reserved), (Units(0b1), Units(0b11)));
		// The added unit may still prove.
		assert_eq!(info.proving, Units(0xfe));
		run_to_epoch(4);
		assert_eq!(Capacity::units_info(SERVER).unwrap().proving, Units(0xfc));
	});
}

#[test]
fn server_in_sixty_four_deals_has_nothing_to_sell_until_one_is_released() {
	run(|| {
		proven(20).answer_all();
		let reservation = |deal| Reservation::new(DealId(deal), Units::NONE, 2);
		Servers::<Test>::mutate_extant(SERVER, |record| {
			record.reservations =
				(1_000..1_064).map(reservation).collect::<Vec<_>>().try_into().unwrap();
		});
		assert_eq!(available(6), Units::NONE);
		let call = Capacity::reserve(SERVER, DEAL, Units(1), 6);
		assert_noop!(call, Error::<Test>::UnitsUnavailable);
		// What ended can be contested for two epochs more.
		run_to_epoch(4);
		settle();
		Proofs::compute(SERVER, 4, ALL).report();
		assert_eq!(available(8), Units::NONE);
		run_to(parameters().reports_close(3));
		assert_ok!(Capacity::release(SERVER, DealId(1_000)));
		assert_eq!(available(8), ALL);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(1), 8));
	});
}

#[test]
fn set_ready_makes_units_serve_from_the_next_epoch() {
	run(|| {
		proven(12);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 5));
		events();
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b1)));
		let ready = Event::UnitsReady { server: SERVER, deal: DEAL, units: Units(0b1) };
		assert_eq!(events(), [ready]);
		let serving = || Capacity::units_info(SERVER).unwrap().serving;
		assert_eq!(serving(), Units::NONE);
		run_to_epoch(3);
		assert_eq!(serving(), Units(0b1));
		run_to_epoch(5);
		assert_eq!(serving(), Units::NONE);
		assert_noop!(
			Capacity::set_ready(SERVER, DEAL, Units(0b10)),
			Error::<Test>::ReservationOver
		);
	});
}

#[test]
fn set_ready_refuses_what_the_deal_lacks() {
	run(|| {
		proven(12);
		let call = || Capacity::set_ready(SERVER, DEAL, Units(0b100));
		assert_noop!(call(), Error::<Test>::UnknownReservation);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 5));
		assert_noop!(call(), Error::<Test>::ForeignUnits);
	});
}

#[test]
fn release_returns_what_was_served_once_it_is_undisputed() {
	run(|| {
		let proofs = proven(12);
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::UnknownReservation);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 4));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b11)));
		proofs.answer_all();
		let report = |epoch, proven, serving| {
			let root = Proofs::compute(SERVER, epoch, ALL).root();
			Capacity::submit_report(signed(operator()), SERVER, epoch, root, proven, serving)
		};
		assert_ok!(report(3, Units::NONE, Units(0b11)));
		run_to(parameters().reports_close(3));
		// Final, but it can be contested until epoch 6 begins.
		assert!(Capacity::is_final(3));
		// From the end on, whoever looks, the units prove.
		assert_eq!(Capacity::units_info(SERVER).unwrap().reserved, Units::NONE);
		assert_eq!(Capacity::units_info(SERVER).unwrap().proving, ALL);
		MockBook::take();
		settle();
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
		run_to(parameters().first_block(6) - 1);
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		assert_eq!(served(), (0, 2));
		run_to_undisputed(3);
		assert_eq!(served(), (2, 0));
		// What is due of the proofs of epochs 4 and 5 comes first.
		settle();
		events();
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(2));
		let released = Event::UnitsReleased { server: SERVER, deal: DEAL, served: 2 };
		assert_eq!(events(), [released]);
		assert_eq!(served(), (0, 0));
	});
}

#[test]
fn a_failed_commitment_takes_its_units_out_of_deals() {
	run(|| {
		Parameters::<Test>::put(MarketParameters {
			fail_at: Perbill::from_percent(10),
			..parameters()
		});
		proven(20);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 15));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b11)));
		settle_epoch(2);
		// The deadline of epoch 2 lies in epoch 3: they serve until its end.
		assert_eq!(Capacity::current(), 3);
		assert_eq!(Capacity::units_info(SERVER).unwrap().serving, Units(0b11));
		run_to_epoch(4);
		let info = Capacity::units_info(SERVER).unwrap();
		assert_eq!((info.serving, info.reserved), (Units::NONE, Units::NONE));
		assert_eq!((info.proving, info.committed), (Units::NONE, Units::NONE));
		// What they served in epoch 3 still counts, and can be contested until epoch 6.
		let serving = Units(0b11);
		let call =
			Capacity::submit_report(signed(operator()), SERVER, 3, [0; 32], Units::NONE, serving);
		assert_ok!(call);
		assert_eq!(served(), (0, 2));
		run_to_undisputed(3);
		assert_eq!(served(), (2, 0));
	});
}
