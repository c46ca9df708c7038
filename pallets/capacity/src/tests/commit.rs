use super::*;

fn try_commit(who: AccountId32, units: Units, duration: Epoch) -> Result<(), DispatchError> {
	super::try_commit(who, SERVER, units, duration)
}

#[test]
fn commit_waits_for_stake() {
	run(|| {
		events();
		let commission = Perbill::from_percent(25);
		let deal_share = Perbill::from_percent(5);
		let (who, units) = (signed(provider()), Units(0b110));
		assert_ok!(Capacity::commit(who, SERVER, units, 5, commission, deal_share));
		let expected = Event::Committed {
			commitment: FIRST,
			server: SERVER,
			provider: provider(),
			units: Units(0b110),
			duration: 5,
			commission,
			deal_share,
			needed: 200 * FLT,
		};
		assert_eq!(events(), [expected]);
		let (commitment, state) = Capacity::commitment(FIRST).unwrap();
		assert_eq!(state, CommitmentState::Waiting);
		assert_eq!((commitment.needed, commitment.own_needed), (200 * FLT, 40 * FLT));
		let waiting = Cover::waiting(FIRST, Units(0b110), 100 * FLT);
		assert_eq!(record().commitments.to_vec(), [waiting]);
		assert_eq!(NextCommitment::<Test>::get(), CommitmentId(1));
		run_to_epoch(3);
		assert_eq!(Capacity::units_info(SERVER).unwrap().committed, Units::NONE);
	});
}

#[test]
fn commit_is_for_the_servers_provider() {
	run(|| {
		for who in [operator(), other_provider(), stranger()] {
			let call = try_commit(who, ALL, 5);
			assert_noop!(call, Error::<Test>::NotProvider);
		}
		let none = Perbill::zero();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let call = Capacity::commit(origin, SERVER, ALL, 5, none, none);
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn commit_refuses_an_unknown_server() {
	run(|| {
		let call = super::try_commit(provider(), ServerId(9), ALL, 5);
		assert_noop!(call, Error::<Test>::UnknownServer);
		// Registered, but without a record.
		MockRegistry::add_server(9, provider(), operator(), 8);
		let call = super::try_commit(provider(), ServerId(9), ALL, 5);
		assert_noop!(call, Error::<Test>::UnknownServer);
	});
}

#[test]
fn commit_refuses_wrong_units() {
	run(|| {
		assert_noop!(try_commit(provider(), Units::NONE, 5), Error::<Test>::NoUnits);
		assert_noop!(try_commit(provider(), Units(0x100), 5), Error::<Test>::ForeignUnits);
		assert_noop!(try_commit(provider(), Units(u64::MAX), 5), Error::<Test>::ForeignUnits);
	});
}

#[test]
fn commit_refuses_durations_out_of_bounds() {
	run(|| {
		for duration in [0, 1, 101, Epoch::MAX] {
			let call = try_commit(provider(), ALL, duration);
			assert_noop!(call, Error::<Test>::InvalidDuration);
		}
		assert_ok!(try_commit(provider(), Units(1), 2));
		assert_ok!(try_commit(provider(), Units(2), 100));
	});
}

#[test]
fn commit_refuses_units_of_another_commitment() {
	run(|| {
		let waiting = commit(Units(0b11), 2);
		assert_noop!(try_commit(provider(), Units(0b10), 2), Error::<Test>::UnitsCommitted);
		cover(waiting);
		assert_noop!(try_commit(provider(), Units(0b10), 2), Error::<Test>::UnitsCommitted);
		run_to_epoch(3);
		assert_noop!(try_commit(provider(), Units(0b10), 2), Error::<Test>::UnitsCommitted);
		// Epochs 2 and 3 are over.
		run_to_epoch(4);
		assert_ok!(try_commit(provider(), Units(0b10), 2));
	});
}

#[test]
fn commit_refuses_a_fifth_commitment() {
	run(|| {
		for unit in 0..4 {
			commit(Units::one(unit), 2);
		}
		assert_noop!(try_commit(provider(), Units::one(4), 2), Error::<Test>::TooManyCommitments);
		assert_ok!(Capacity::cancel_commitment(signed(provider()), FIRST));
		assert_ok!(try_commit(provider(), Units::one(4), 2));
	});
}

#[test]
fn commit_freezes_the_stake_that_dollars_ask_for() {
	run(|| {
		let needed = |id| Commitments::<Test>::get(id).unwrap().needed;
		let prices = [(3 * USD, 33_333_333_300_000_000_000), (USD / 20, 2_000 * FLT)];
		for (unit, (price, stake)) in (0u8..).zip(prices) {
			MockPrice::set_price(Some(price));
			assert_eq!(needed(commit(Units::one(unit), 5)), stake);
		}
		MockPrice::set_price(Some(USD));
		assert_eq!(needed(FIRST), prices[0].1);
	});
}

#[test]
fn commit_refuses_without_a_price() {
	run(|| {
		for price in [None, Some(0), Some(Balance::MAX)] {
			MockPrice::set_price(price);
			assert_noop!(try_commit(provider(), ALL, 5), Error::<Test>::PriceUnknown);
		}
	});
}
