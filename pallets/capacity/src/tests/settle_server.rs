use super::*;

#[test]
fn silence_costs_stake_at_the_deadline() {
	run(|| {
		start_all(10);
		let proofs = Proofs::compute(SERVER, 2, Units(0b111)).report();
		run_to_draw(2);
		proofs.answer(1);
		run_to(deadline(2) - 1);
		events();
		assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
		assert_eq!(events(), []);
		run_to(deadline(2));
		events();
		let info = Capacity::settle_server(signed(stranger()), SERVER).unwrap();
		let steps = <() as WeightInfo>::settle_step() * 2;
		let weight = <() as WeightInfo>::settle_server() + steps;
		assert_eq!(info.actual_weight, Some(weight));
		let cause = Cause::Unanswered { units: Units(0b101) };
		assert_eq!(
			events(),
			[
				Event::ReportFailed { server: SERVER, epoch: 2, cause },
				Event::Slashed { commitment: FIRST, epoch: 2, own: 80 * FLT, delegated: 0 },
				Event::UnitsMissed { commitment: FIRST, epoch: 2, misses: 5, excess: 0 },
			]
		);
		assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
		assert_eq!(events(), []);
	});
}

#[test]
fn a_void_epoch_costs_and_earns_nothing() {
	run(|| {
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report();
		STUCK_AT.set(Some(0));
		run_to_epoch(3);
		Proofs::compute(SERVER, 3, ALL).report();
		run_to(parameters().reports_close(2) + parameters().draw_delay + 1);
		events();
		assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
		assert_eq!(events(), [Event::ReportVoided { server: SERVER, epoch: 2 }]);
		assert_eq!(Capacity::stake_of(FIRST, provider()), 160 * FLT);
		assert_eq!(Capacity::claimable_rewards(FIRST, provider()), 0);
		assert_eq!(available(6), ALL);
	});
}

#[test]
fn settling_late_changes_nothing() {
	let story = |settle_in_time: bool| {
		let mut state = None;
		run(|| {
			start_all(20);
			for epoch in 2..=4 {
				run_to_epoch(epoch);
				Proofs::compute(SERVER, epoch, Units(0b1)).report();
				if settle_in_time {
					settle_epoch(epoch);
				}
			}
			run_to_epoch(9);
			assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
			let commitment = Commitments::<Test>::get(FIRST).unwrap();
			state = Some((record(), commitment, Balances::balance(&treasury())));
		});
		state.unwrap()
	};
	assert_eq!(story(true), story(false));
}

#[test]
fn a_miss_costs_as_much_as_that_of_the_unit_with_the_least_stake() {
	run(|| {
		let dear = commit(Units(0x0f), 10);
		MockPrice::set_price(Some(2 * USD));
		let cheap = commit(Units(0xf0), 10);
		[dear, cheap].into_iter().for_each(cover);
		forgive_nothing();
		settle_epoch(2);
		let told = events();
		for commitment in [dear, cheap] {
			// Four units, 1 % of 50 FLT each.
			let slashed = Event::Slashed { commitment, epoch: 2, own: 2 * FLT, delegated: 0 };
			assert!(told.contains(&slashed), "{told:?}");
		}
	});
}

#[test]
fn settling_needs_a_server() {
	run(|| {
		let call = Capacity::settle_server(signed(stranger()), ServerId(9));
		assert_noop!(call.map_err(|refused| refused.error), Error::<Test>::UnknownServer);
		let call = Capacity::settle_server(RuntimeOrigin::none(), SERVER);
		assert_noop!(call, DispatchError::BadOrigin);
	});
}
