use super::*;

#[test]
fn epoch_info_tells_the_time() {
	run(|| {
		run_to(150);
		let info = Capacity::epoch_info();
		let seed = Epochs::<Test>::get(2).unwrap().seed;
		assert_eq!((info.epoch, info.first_block, info.seed), (2, 101, seed));
		assert_eq!((info.length, info.grace), (100, 10));
		assert_eq!(Capacity::epoch_record(2).unwrap().seed, seed);
		assert_eq!(Capacity::epoch_record(3), None);
		assert_eq!(Capacity::parameters(), parameters());
	});
}

#[test]
fn units_info_tells_what_units_do() {
	run(|| {
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b11), 6));
		let info = Capacity::units_info(SERVER).unwrap();
		assert_eq!(info.count, 8);
		assert_eq!((info.committed, info.reserved), (ALL, Units(0b11)));
		assert_eq!((info.proving, info.serving), (ALL, Units::NONE));
		assert_eq!(info.available, Units(0xfc));
		assert_eq!(Capacity::units_info(ServerId(9)), None);
		assert_eq!(Capacity::unit_record(SERVER), Some(record()));
	});
}

#[test]
fn audits_ask_for_drawn_slots_in_their_window() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, Units(0b1010)).report();
		assert_eq!(Capacity::audits(SERVER), []);
		run_to_draw(2);
		let drawn = System::block_number();
		let audits = Capacity::audits(SERVER);
		assert_eq!(audits.iter().map(|audit| audit.unit).collect::<Vec<_>>(), [1, 3]);
		for audit in &audits {
			assert_eq!((audit.epoch, audit.answered, audit.deadline), (2, false, deadline(2)));
			assert_eq!(audit.slots.len(), 2);
			assert!(audit.slots.is_sorted() && audit.slots.iter().all(|slot| *slot < 4));
			assert!((drawn..drawn + parameters().capacity()).contains(&audit.earliest));
		}
		proofs.answer(1);
		assert!(Capacity::audits(SERVER)[0].answered);
		run_to(deadline(2));
		assert_eq!(Capacity::audits(SERVER), []);
		assert_eq!(Capacity::audits(ServerId(9)), []);
	});
}

#[test]
fn views_see_what_the_next_touch_will_do() {
	run(|| {
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report();
		run_to_draw(2);
		run_to(deadline(2));
		let seen = (Capacity::commitment(FIRST), Capacity::unit_record(SERVER));
		let stake = Capacity::stake_of(FIRST, provider());
		assert_eq!(stake, 80 * FLT);
		assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
		assert_eq!(seen, (Capacity::commitment(FIRST), Capacity::unit_record(SERVER)));
		assert_eq!(Capacity::stake_of(FIRST, provider()), stake);
		assert_eq!(Capacity::commitment(CommitmentId(9)), None);
		assert_eq!(Capacity::stake_of(CommitmentId(9), provider()), 0);
		assert_eq!(Capacity::claimable_rewards(CommitmentId(9), provider()), 0);
		assert_eq!(Capacity::stake_of(FIRST, stranger()), 0);
		assert_eq!(Capacity::claimable_rewards(FIRST, stranger()), 0);
	});
}
