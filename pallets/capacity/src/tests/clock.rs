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
	assert_eq!(params.finished_by(1), 301);
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
		let closed = Event::ReportsClosed { epoch: 1, proven: 0, pool: 16 * FLT };
		assert_eq!(events(), [Event::EpochStarted { epoch: 2, seed }, closed]);
		run_to(116);
		assert_eq!(events(), []);
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw, None);
		run_to(117);
		let randomness = MockRandomness::next_randomness();
		let rate = Rate::All;
		assert_eq!(events(), [Event::AuditsDrawn { epoch: 1, randomness, rate }]);
		let draw = Draw { block: 117, randomness, rate };
		assert_eq!(Epochs::<Test>::get(1).unwrap().draw, Some(draw));
		run_to(196);
		assert_eq!(Clock::<Test>::get().finished, 0);
		events();
		run_to(197);
		assert_eq!(events(), [Event::EpochFinished { epoch: 1 }]);
		assert_eq!(Clock::<Test>::get(), ClockState { finished: 1, ..Default::default() });
		let finish = Finish { during: 2, is_void: false, uncharged: 0 };
		assert_eq!(Epochs::<Test>::get(1).unwrap().finish, Some(finish));
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
		let clock =
			ClockState { finished: 1, uncharged: 1, last_uncharged: 1, ..Default::default() };
		assert_eq!(Clock::<Test>::get(), clock);
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
	let broken: [fn(&mut MarketParameters); 29] = [
		|params| params.answer_window = 81,
		|params| params.grace = u32::MAX,
		|params| params.grace = 0,
		|params| params.draw_delay = 0,
		|params| params.answer_window = 3,
		|params| params.difficulty.slots = 0,
		|params| params.difficulty.slots = 1_025,
		|params| params.difficulty.target = [0; 32],
		|params| params.audit_slots = 0,
		|params| params.audit_slots = 5,
		|params| (params.difficulty.slots, params.audit_slots) = (1, 2),
		|params| params.margin = 1,
		|params| params.margin = 101,
		|params| params.stake_usd = 0,
		|params| params.min_duration = 0,
		|params| params.min_duration = params.max_duration + 1,
		|params| params.unbonding = 0,
		|params| params.slashes[0] = Perbill::zero(),
		|params| params.slashes[1] = Perbill::from_percent(9),
		|params| params.fail_at = Perbill::zero(),
		|params| params.fail_at = Perbill::from_percent(91),
		|params| params.misses.budget = 1,
		|params| params.misses.period = 0,
		|params| params.pool.min = params.pool.max + 1,
		|params| params.first_pool = params.pool.max + 1,
		|params| params.first_pool = params.pool.min - 1,
		|params| params.vesting.period = 0,
		|params| params.vesting.instalments = 0,
		|params| params.vesting.instalments = 9,
	];
	for spoil in broken {
		let mut params = parameters();
		spoil(&mut params);
		assert!(params.validate().is_err(), "{params:?}");
	}
	let params = MarketParameters { fail_at: Perbill::zero(), ..parameters() };
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

#[test]
fn the_pool_follows_the_price_of_flt() {
	run(|| {
		let pool = PoolRules {
			min: FLT,
			max: 1_000 * FLT,
			unit_usd: 4 * USD,
			step: Perbill::from_percent(10),
		};
		Parameters::<Test>::put(MarketParameters { pool, ..parameters() });
		start_all(20);
		// Eight units at four dollars want 32 FLT: one step is 1.6.
		Proofs::compute(SERVER, 2, ALL).report();
		run_to(parameters().reports_close(2));
		assert_eq!(Pool::<Test>::get(), 176 * FLT / 10);
		assert_eq!(Epochs::<Test>::get(2).unwrap().unit_reward, 22 * FLT / 10);
		// At eight dollars an FLT they want 4: one step down.
		MockPrice::set_price(Some(8 * USD));
		Proofs::compute(SERVER, 3, ALL).report();
		run_to(parameters().reports_close(3));
		assert_eq!(Pool::<Test>::get(), 1_584 * FLT / 100);
		// Without a price it stays.
		MockPrice::set_price(None);
		run_to(parameters().reports_close(4));
		assert_eq!(Pool::<Test>::get(), 1_584 * FLT / 100);
	});
}
