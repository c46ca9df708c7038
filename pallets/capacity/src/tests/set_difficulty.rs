use super::*;

const HARDER: Difficulty = Difficulty { slots: 6, target: [0x3f; 32] };

#[test]
fn a_difficulty_begins_with_the_next_epoch() {
	run(|| {
		events();
		assert_ok!(Capacity::set_difficulty(RuntimeOrigin::root(), HARDER));
		assert_eq!(events(), [Event::DifficultySet { difficulty: HARDER }]);
		assert_eq!(Capacity::difficulty(), parameters().difficulty);
		run_to_epoch(2);
		assert!(events().contains(&Event::DifficultyChanged { epoch: 2, difficulty: HARDER }));
		assert_eq!(Capacity::difficulty(), HARDER);
		assert_eq!(Epochs::<Test>::get(1).unwrap().difficulty, parameters().difficulty);
		assert_eq!(Epochs::<Test>::get(2).unwrap().difficulty, HARDER);
		run_to_epoch(3);
		assert_eq!(Epochs::<Test>::get(3).unwrap().difficulty, HARDER);
	});
}

#[test]
fn open_reports_are_measured_by_the_difficulty_of_their_epoch() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, ALL).report();
		assert_ok!(Capacity::set_difficulty(RuntimeOrigin::root(), HARDER));
		run_to_epoch(3);
		proofs.answer_all();
		settle_epoch(2);
		assert!(events().contains(&Event::ReportPassed { server: SERVER, epoch: 2 }));
	});
}

#[test]
fn a_difficulty_is_set_by_governance_and_must_be_one() {
	run(|| {
		for origin in [RuntimeOrigin::none(), signed(provider())] {
			let call = Capacity::set_difficulty(origin, HARDER);
			assert_noop!(call, DispatchError::BadOrigin);
		}
		for wrong in [
			Difficulty { slots: 1, ..HARDER },
			Difficulty { slots: 1_025, ..HARDER },
			Difficulty { target: [0; 32], ..HARDER },
		] {
			let call = Capacity::set_difficulty(RuntimeOrigin::root(), wrong);
			assert_noop!(call, Error::<Test>::InvalidDifficulty);
		}
	});
}
