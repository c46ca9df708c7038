//! A deal holds its units for longer: `UnitLedger::extend`.

use super::*;

fn extend(end: Epoch) -> Result<(), DispatchError> {
	Capacity::extend(SERVER, DEAL, end).map(|_| ())
}

#[test]
fn a_deal_that_is_extended_holds_and_serves_until_the_new_end() {
	run(|| {
		serve_deal(20, Units(0b11), 5);
		assert_ok!(extend(8));
		let extended = Event::ReservationExtended { server: SERVER, deal: DEAL, end: 8 };
		assert_eq!(events(), [extended]);
		for epoch in 3..8 {
			run_to_epoch(epoch);
			assert_eq!(bound(), (Units(0xfc), Units(0b11)));
			assert_ok!(report_serving(epoch, Units(0b11)));
			assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		}
		run_to_epoch(8);
		assert_eq!(bound(), (ALL, Units::NONE));
		run_to(parameters().reports_close(7));
		assert_noop!(Capacity::release(SERVER, DEAL), Error::<Test>::NotFinal);
		run_to_undisputed(7);
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(10));
	});
}

#[test]
fn units_are_added_until_the_new_end() {
	run(|| {
		start_all(18);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b01), 5));
		assert_ok!(extend(8));
		let add = |end| Capacity::reserve(SERVER, DEAL, Units(0b10), end);
		assert_noop!(add(5), Error::<Test>::EndMismatch);
		assert_ok!(add(8));
		run_to_epoch(7);
		assert_eq!(bound().0, Units(0xfc));
	});
}

#[test]
fn extend_refuses_what_cannot_be() {
	run(|| {
		serve_deal(20, Units(0b11), 5);
		let unknown = Capacity::extend(SERVER, DealId(9), 6);
		assert_noop!(unknown, Error::<Test>::UnknownReservation);
		assert_noop!(Capacity::extend(ServerId(9), DEAL, 6), Error::<Test>::UnknownServer);
		assert_noop!(extend(4), Error::<Test>::EndTooEarly);
		assert_noop!(extend(21), Error::<Test>::UnitsNotCovered);
		assert_ok!(extend(5));
		run_to_epoch(5);
		assert_noop!(extend(8), Error::<Test>::ReservationOver);
	});
}

#[test]
fn a_commitment_must_outlast_the_new_end_for_each_unit_that_is_still_held() {
	run(|| {
		for (units, duration) in [(0b0011, 6), (0b1100, 30)] {
			let id = commit(Units(units), duration);
			cover(id);
		}
		run_to_epoch(2);
		Proofs::compute(SERVER, 2, Units(0b1111)).report().answer_all();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b0110), 8));
		assert_noop!(extend(9), Error::<Test>::UnitsNotCovered);
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b0010), 6));
		assert_noop!(extend(33), Error::<Test>::UnitsNotCovered);
		assert_ok!(extend(32));
		run_to_epoch(6);
		assert_eq!(bound().0, Units(0b1011));
		// The first commitment is over, and was no loss.
		run_to_epoch(9);
		assert_eq!((bound().0, lost()), (Units(0b1000), 0));
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0b0100));
	});
}

/// Two commitments until epoch 32; a deal of two units of each until 10. The report of epoch 3, of the first one's
/// units, is false: the commitment fails, as is known in epoch 4, with epoch 5.
pub fn half_fails() {
	Parameters::<Test>::mutate(|params| params.fail_at = Perbill::from_percent(10));
	for units in [Units(0x0f), Units(0xf0)] {
		let id = commit(units, 30);
		cover(id);
	}
	run_to_epoch(2);
	let right = Proofs::compute(SERVER, 2, Units(0xf0)).report();
	assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0x30), 10));
	run_to_epoch(3);
	Proofs::compute(SERVER, 3, Units(0x0f)).report();
	assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0x03), 10));
	right.answer_all();
	settle_epoch(3);
	assert_eq!((Capacity::current(), lost()), (4, 0));
}

#[test]
fn units_of_a_commitment_that_failed_are_lost_until_the_end_so_far() {
	run(|| {
		half_fails();
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0x30));
		assert_ok!(extend(15));
		assert_ok!(extend(20));
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0x30));
		run_to_epoch(5);
		assert_eq!(lost(), 2 * (10 - 5));
		assert_eq!(Capacity::units_info(SERVER).unwrap().reserved, Units(0x30));
		settle();
		assert!(record().reservation(DEAL).unwrap().withdrawals.is_empty());
		run_to_epoch(19);
		assert_eq!(Capacity::held(SERVER, DEAL), Units(0x30));
	});
}

#[test]
fn a_deal_that_holds_no_unit_any_more_keeps_its_end() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b11), 6));
		events();
		assert_ok!(extend(15));
		assert_eq!(record().reservation(DEAL).unwrap().end, 10);
		assert_eq!(events(), []);
	});
}

#[test]
fn a_deal_is_not_extended_where_there_is_no_room_for_what_is_not() {
	run(|| {
		half_fails();
		let reservation = |change: &dyn Fn(&mut Reservation)| {
			Servers::<Test>::mutate_extant(SERVER, |record| {
				change(record.reservation_mut(DEAL).unwrap());
			});
		};
		reservation(&|held| {
			held.units = held.units.or(Units(0xc0));
			for (unit, from) in [(0, 5), (5, 6), (6, 7), (7, 8)] {
				held.withdraw(Units::one(unit), from).unwrap();
			}
		});
		assert_noop!(extend(15), Error::<Test>::TooManyWithdrawals);
		assert_ok!(extend(10));
		run_to_epoch(5);
		assert_ok!(extend(15));
	});
}

/// What the deal has done of `W`ithdraw, `E`xtend and `S`horten, its end, and when the units left.
#[test]
fn orders_of_withdrawal_extension_and_shortening_matter_as_they_should() {
	let orders = [
		("WES", 8, [6, 8]),
		("WSE", 14, [6, 8]),
		("EWS", 8, [6, 8]),
		("ESW", 8, [6, 8]),
		("SEW", 14, [6, 9]),
		("SWE", 14, [6, 8]),
	];
	for (order, end, left) in orders {
		run(|| {
			serve_deal(40, ALL, 10);
			for step in order.chars() {
				match step {
					'E' => {
						assert_ok!(extend(14));
					},
					'S' => {
						assert_ok!(Capacity::shorten(SERVER, DEAL, 8));
					},
					_ => {
						assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b01), 6));
						assert_ok!(Capacity::withdraw(SERVER, DEAL, Units(0b10), 9));
					},
				}
			}
			for epoch in 4..16 {
				run_to_epoch(epoch);
				let in_deal = |units, until| if epoch < until { Units(units) } else { Units::NONE };
				let others = in_deal(0xfc, end);
				let serving = in_deal(1, left[0]).or(in_deal(2, left[1])).or(others);
				assert_eq!(bound(), (ALL.without(serving), serving), "{order} in {epoch}");
			}
			assert_eq!(Capacity::held(SERVER, DEAL), Units(0xfc));
		});
	}
}
