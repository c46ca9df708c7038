//! What the hook closes after reports.

use super::{
	automatic::{report, run},
	close_allocation::{back, closed, is_closed, settled, vacant, with_budget},
	*,
};
use crate::{Allocations, Event, WeightInfo};
use frame_support::{
	assert_ok, assert_storage_noop,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::UnitLedger;
use marketplace_testkit::{MockIncome, MockPrice};
use sp_runtime::DispatchError;

type W = ();

/// What the hook uses for an entry of one deal, beside what it does for that.
fn entry() -> Weight {
	W::visit_missing().saturating_add(W::take_missing())
}

#[test]
fn the_hook_closes_what_a_report_shows_to_hold_nothing() {
	execute(|| {
		let id = vacant();
		report(FIRST, &[id]);
		let cost = entry().saturating_add(W::close_early());
		// not without room for the most that may be due of the server
		let room = cost.saturating_add(MockUnits::MOST_DUE);
		for short in [Weight::from_parts(1, 0), Weight::from_parts(0, 1)] {
			assert_eq!(run(room.saturating_sub(short)), entry());
			assert!(Allocations::<Test>::contains_key(id, FIRST));
		}
		let due = Weight::from_parts(5_000_000, 500);
		MockUnits::set_due(FIRST, due);
		assert_eq!(run(room), cost.saturating_add(due));
		assert_eq!(events(), vec![settled(id), closed(id)]);
		assert!(is_closed(id));
		// told of by a report of before: somebody else was first
		report(FIRST, &[id]);
		assert_eq!(run(Weight::MAX), entry().saturating_add(W::replace_nothing()));
		assert!(events().is_empty());
	});
}

#[test]
fn the_hook_reclaims_a_budget_and_closes_afterwards() {
	execute(|| {
		let id = with_budget(6);
		let run_after_report = || {
			report(FIRST, &[id]);
			run(Weight::MAX).saturating_sub(entry())
		};
		assert_eq!(run_after_report(), W::close_early());
		assert!(matches!(events()[..], [Event::ReclaimStarted { until: 9, .. }]));
		// vouchers have their time, and nothing is told
		for epoch in [6, 8] {
			MockUnits::set_epoch(epoch);
			assert_eq!(run_after_report(), W::replace_nothing());
			assert!(events().is_empty());
		}
		MockUnits::set_epoch(9);
		assert_eq!(run_after_report(), W::close_early());
		assert_eq!(events(), vec![back(id, 100), settled(id), closed(id)]);
		assert!(is_closed(id));
	});
}

#[test]
fn the_hook_tells_of_what_it_cannot_close_only_where_it_need_not_wait() {
	execute(|| {
		let id = vacant();
		let mut meter = WeightMeter::new();
		MockIncome::lose(FIRST, id, 8);
		assert_storage_noop!(assert!(Deals::close_by_hook(id, FIRST, &mut meter)));
		MockPrice::set_rate(ASSET, Some(3));
		MockUnits::set_epoch(5);
		assert_storage_noop!(assert!(Deals::close_by_hook(id, FIRST, &mut meter)));
		assert_eq!(meter.consumed(), W::close_early().saturating_mul(2));
		MockUnits::set_epoch(6);
		assert_ok!(MockUnits::release(FIRST, id));
		assert!(Deals::close_by_hook(id, FIRST, &mut meter));
		let error = DispatchError::Other("");
		assert_eq!(events(), vec![Event::CloseFailed { deal: id, server: Some(FIRST), error }]);
		assert!(Allocations::<Test>::contains_key(id, FIRST));
		// where the deal ends all is put right again
		MockUnits::serve(FIRST, id, 8);
		contested_until(12);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn the_hook_closes_parts_of_deals_in_notice() {
	execute(|| {
		let id = vacant();
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		report(FIRST, &[id]);
		run(Weight::MAX);
		assert!(is_closed(id));
	});
}
