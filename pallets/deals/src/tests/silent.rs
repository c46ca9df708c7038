//! Units that are not reported, and what their providers pay for it.

use super::*;
use crate::{Error, Event};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{UnitLedger, Units};
use marketplace_testkit::{mocks::FINE, operator, stranger, MockIncome};

/// As [`lasting`], in epoch 4, with workers on the first two units of the first server, whose provider has 1,000 of
/// its own stake.
fn half_accepted() -> DealId {
	let id = lasting();
	let who = RuntimeOrigin::signed(operator());
	assert_ok!(Deals::set_workers(who, id, FIRST, workers(&[0, 1], 1)));
	MockIncome::set_own_stake(FIRST, 1_000);
	MockUnits::set_epoch(4);
	events();
	id
}

fn replace(id: DealId) -> DispatchResultWithInfo<PostDispatchInfo> {
	Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST)
}

#[test]
fn replace_drops_units_that_are_silent() {
	execute(|| {
		let id = half_accepted();
		let all = RuntimeOrigin::signed(operator());
		MockUnits::set_epoch(3);
		assert_ok!(Deals::set_workers(all, id, FIRST, workers(&[2, 3], 1)));
		MockUnits::set_epoch(4);
		assert_noop!(replace(id), Error::<Test>::NothingMissing);
		let silent = Units::one(1).or(Units::one(3));
		MockUnits::set_silent(FIRST, id, silent);
		events();
		assert_ok!(replace(id));
		let (failed, unaccepted, contested) = (Units::NONE, Units::NONE, Units::NONE);
		let (server, from) = (FIRST, 5);
		let dropped =
			Event::UnitsDropped { deal: id, server, failed, unaccepted, silent, contested, from };
		assert_eq!(events()[0], dropped);
		assert_eq!(part(id, FIRST).units, Units::first(4).without(silent));
		assert_eq!(MockUnits::held(FIRST, id), Units::first(4).without(silent));
		assert_eq!(open_offer().map(|(_, terms, _)| terms.units.target), Some(2));
		assert_eq!(MockIncome::fined(), vec![(FIRST, silent, 2 * FINE, Some(stranger()))]);
		// the ledger tells of units that are held alone
		assert_noop!(replace(id), Error::<Test>::NothingMissing);
	});
}

#[test]
fn a_unit_is_missing_for_one_reason() {
	execute(|| {
		let id = half_accepted();
		// of four units the first failed, the second is silent, two were not accepted
		MockUnits::set_silent(FIRST, id, Units::first(4));
		MockUnits::fail(FIRST, Units::one(0));
		assert_ok!(replace(id));
		let (failed, silent) = (Units::one(0), Units::one(1));
		let (unaccepted, contested) = (Units::one(2).or(Units::one(3)), Units::NONE);
		let (server, from) = (FIRST, 5);
		let dropped =
			Event::UnitsDropped { deal: id, server, failed, unaccepted, silent, contested, from };
		assert_eq!(events()[0], dropped);
		// a commitment that failed was slashed for it
		let fined = unaccepted.or(silent);
		assert_eq!(MockIncome::fined(), vec![(FIRST, fined, 3 * FINE, Some(stranger()))]);
		assert_eq!(MockIncome::own_stake(FIRST), 1_000 - 3 * FINE);
	});
}

#[test]
fn a_unit_without_a_worker_has_time_to_be_accepted() {
	execute(|| {
		let id = half_accepted();
		MockUnits::set_epoch(3);
		MockUnits::set_silent(FIRST, id, Units::first(4));
		assert_ok!(replace(id));
		assert_eq!(part(id, FIRST).units, Units::one(2).or(Units::one(3)));
	});
}

#[test]
fn nobody_is_fined_for_a_commitment_that_failed() {
	execute(|| {
		let id = half_accepted();
		MockUnits::set_epoch(3);
		MockUnits::fail(FIRST, Units::first(2));
		assert_ok!(replace(id));
		assert!(MockIncome::fined().is_empty());
	});
}

#[test]
fn a_fine_that_cannot_be_had_stops_nothing() {
	execute(|| {
		let id = half_accepted();
		MockIncome::refuse_fines();
		assert_ok!(replace(id));
		assert_eq!(part(id, FIRST).units, Units::first(2));
		assert!(MockIncome::fined().is_empty());
	});
}

#[test]
fn nobody_is_fined_where_nothing_is_replaced() {
	execute(|| {
		let id = half_accepted();
		MockUnits::set_epoch(3);
		assert_noop!(replace(id), Error::<Test>::NothingMissing);
		assert!(MockIncome::fined().is_empty());
	});
}
