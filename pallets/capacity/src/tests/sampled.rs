//! Epochs of which more units are proven than can all be audited.

use super::*;

/// Room for two checks per epoch; the rest of the window belongs to the draw.
fn few_checks() {
	Parameters::<Test>::put(MarketParameters { answer_window: 4, ..parameters() });
}

#[test]
fn an_epoch_with_too_many_units_is_sampled() {
	run(|| {
		few_checks();
		start_all(10);
		Proofs::compute(SERVER, 2, ALL).report();
		run_to_draw(2);
		let draw = Epochs::<Test>::get(2).unwrap().draw.unwrap();
		assert!(matches!(draw.rate, Rate::Sampled | Rate::Scaled { .. }));
		assert!(Capacity::audits(SERVER).len() <= 1);
	});
}

/// Runs epochs with honest reports until one is drawn or not, as wanted.
fn run_until(wanted: bool) -> Proofs {
	few_checks();
	start_all(90);
	for epoch in 2..90 {
		run_to_epoch(epoch);
		let proofs = Proofs::compute(SERVER, epoch, ALL).report();
		run_to_draw(epoch);
		let drawn = Capacity::audits(SERVER);
		assert!(drawn.len() <= 1);
		if drawn.is_empty() != wanted {
			return proofs;
		}
		if let [audit] = drawn.as_slice() {
			proofs.answer(audit.unit);
		}
	}
	panic!("never");
}

#[test]
fn a_report_that_is_not_drawn_passes_by_itself() {
	run(|| {
		let epoch = run_until(false).epoch;
		settle_epoch(epoch);
		assert!(events().contains(&Event::ReportPassed { server: SERVER, epoch }));
	});
}

#[test]
fn only_the_unit_that_is_drawn_is_heard() {
	run(|| {
		let proofs = run_until(true);
		let epoch = proofs.epoch;
		let audit = Capacity::audits(SERVER).remove(0);
		run_to(audit.earliest);
		let other = (audit.unit + 1) % 8;
		let leaves = audit.slots.iter().map(|slot| proofs.leaf(other, *slot)).collect();
		let call = answer_with(stranger(), epoch, other, leaves).map_err(|refused| refused.error);
		assert_noop!(call, Error::<Test>::UnitNotDrawn);
		assert_ok!(answer_with(stranger(), epoch, audit.unit, proofs.shown(audit.unit)));
		settle_epoch(epoch);
		assert!(events().contains(&Event::ReportPassed { server: SERVER, epoch }));
	});
}

#[test]
fn a_drawn_unit_that_is_silent_fails_the_report() {
	run(|| {
		let epoch = run_until(true).epoch;
		let unit = Capacity::audits(SERVER)[0].unit;
		settle_epoch(epoch);
		let cause = Cause::Unanswered { units: Units::one(unit) };
		assert!(events().contains(&Event::ReportFailed { server: SERVER, epoch, cause }));
	});
}

#[test]
fn wrong_reports_cost_more_each_time() {
	run(|| {
		let slashes = [10, 50, 100].map(Perbill::from_percent);
		Parameters::<Test>::put(MarketParameters {
			slashes,
			fail_at: Perbill::from_percent(70),
			..parameters()
		});
		start_all(20);
		let mut left = 800 * FLT;
		for (epoch, lost) in [(2, 80 * FLT), (3, 400 * FLT), (4, 320 * FLT)] {
			run_to_epoch(epoch);
			Proofs::compute(SERVER, epoch, ALL).report();
			settle_epoch(epoch);
			left -= lost;
			let commitment = Capacity::commitment(FIRST).unwrap().0;
			assert_eq!(commitment.own_left + commitment.delegated_left, left);
		}
	});
}
