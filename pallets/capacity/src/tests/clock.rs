use super::*;

#[test]
fn epochs_begin_with_their_first_block() {
	run(|| {
		assert_eq!(Capacity::current(), 1);
		assert!(Epochs::<Test>::get(1).is_some());
		run_to(100);
		assert_eq!(Capacity::current(), 1);
		events();
		run_to(101);
		assert_eq!(Capacity::current(), 2);
		let seed = Epochs::<Test>::get(2).unwrap().seed;
		assert_eq!(events(), [Event::EpochStarted { epoch: 2, seed }]);
		assert_ne!(Some(seed), Epochs::<Test>::get(1).map(|record| record.seed));
	});
}

#[test]
fn parameters_place_epochs_and_windows() {
	let params = parameters();
	assert_eq!([0, 1, 100, 101, 200].map(|block| params.epoch_at(block)), [1, 1, 1, 2, 2]);
	assert_eq!([1, 2, 3].map(|epoch| params.first_block(epoch)), [1, 101, 201]);
	assert_eq!(params.reports_close(1), 111);
	assert_eq!(params.closed_at(111), Some(1));
	assert_eq!(params.closed_at(110), None);
	assert_eq!(params.closed_at(11), None);
	assert_eq!(params.draw_due(1), 121);
	assert_eq!(params.capacity(), 40);
}

#[test]
fn an_epoch_is_final_when_its_reports_close() {
	run(|| {
		run_to(110);
		assert!(!Capacity::is_final(1));
		run_to(111);
		assert!(Capacity::is_final(1));
		assert!(!Capacity::is_final(2));
		assert!(!Capacity::is_final(Epoch::MAX));
	});
}

#[test]
fn the_draw_waits_for_a_whole_consensus_epoch() {
	run(|| {
		events();
		// Reports close in block 111, in consensus epoch 37; 38 begins with 114, 39 with 117.
		run_to(111);
		let seed = Epochs::<Test>::get(2).unwrap().seed;
		let closed = Event::ReportsClosed { epoch: 1, proven: 0 };
		assert_eq!(events(), [Event::EpochStarted { epoch: 2, seed }, closed]);
		run_to(116);
		assert_eq!(events(), []);
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw, None);
		run_to(117);
		let randomness = MockRandomness::next_randomness();
		assert_eq!(events(), [Event::AuditsDrawn { epoch: 1, randomness, deadline: 197 }]);
		let draw = Draw { block: 117, randomness };
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw, Some(draw));
		assert_eq!(Pending::<Test>::get(), None);
	});
}

#[test]
fn the_draw_counts_changes_when_the_consensus_skips_numbers() {
	run(|| {
		run_to(111);
		for (block, epoch) in [(112, 60), (113, 60), (114, 95)] {
			assert_eq!(Epochs::<Test>::get(1).unwrap().draw, None);
			STUCK_AT.set(Some(epoch));
			run_to(block);
		}
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw.unwrap().block, 114);
	});
}

#[test]
fn the_epoch_is_void_when_no_randomness_comes() {
	run(|| {
		run_to(111);
		STUCK_AT.set(Some(MockRandomness::consensus_epoch()));
		events();
		run_to(121);
		assert_eq!(events(), []);
		run_to(122);
		assert_eq!(events(), [Event::EpochVoided { epoch: 1 }]);
		assert_eq!(Pending::<Test>::get(), None);
		// Too late for it, in time for the next.
		STUCK_AT.set(None);
		run_to_draw(2);
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw, None);
	});
}

#[test]
fn checks_are_counted_by_block() {
	run(|| {
		ChecksThisBlock::<Test>::put(1);
		run_to(2);
		assert_eq!(ChecksThisBlock::<Test>::get(), 0);
	});
}

#[test]
fn settings_must_fit_together() {
	let broken: [fn(&mut MarketParameters); 13] = [
		|params| params.answer_window = 81,
		|params| params.grace = u32::MAX,
		|params| params.draw_delay = 0,
		|params| params.answer_window = 1,
		|params| params.slots = 0,
		|params| params.slots = 1_025,
		|params| params.audit_slots = 0,
		|params| params.audit_slots = 5,
		|params| (params.slots, params.audit_slots) = (1, 2),
		|params| (params.stake_per_unit, params.own_stake_per_unit) = (0, 0),
		|params| params.own_stake_per_unit = params.stake_per_unit + 1,
		|params| params.min_duration = params.max_duration + 1,
		|params| params.slash = Perbill::zero(),
	];
	for spoil in broken {
		let mut params = parameters();
		spoil(&mut params);
		assert!(params.validate().is_err(), "{params:?}");
	}
	let mut params = parameters();
	params.min_duration = 0;
	assert_eq!(params.validate(), Err("commitments without duration"));
	params = MarketParameters { fail_at: Perbill::zero(), ..parameters() };
	assert_eq!(params.validate(), Err("commitments fail unslashed"));
	assert_eq!(parameters().validate(), Ok(()));
	assert_eq!(MarketParameters::default().validate(), Ok(()));
}

#[test]
#[should_panic(expected = "grace, draw delay and answer window exceed one epoch")]
fn genesis_refuses_windows_longer_than_an_epoch() {
	use sp_runtime::BuildStorage;
	let parameters = MarketParameters { epoch_length: 99, ..parameters() };
	let capacity = crate::GenesisConfig { parameters, ..Default::default() };
	let _ = RuntimeGenesisConfig { capacity, ..Default::default() }.build_storage();
}
