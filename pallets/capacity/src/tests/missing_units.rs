//! Reports tell of deals that miss units.

use super::*;
use marketplace_primitives::{Compensation, DealWatch};

fn report_proving(epoch: Epoch, units: Units, serving: Units) {
	let call = Capacity::submit_report(signed(operator()), SERVER, epoch, [1; 32], units, serving);
	assert_ok!(call);
}

#[test]
fn a_report_tells_of_silent_units_and_pays_for_it() {
	run(|| {
		serve_deal(20, Units(0b11), 10);
		MockWatch::take();
		let report = |epoch, serving| {
			let (origin, none) = (signed(operator()), Units::NONE);
			let call = Capacity::submit_report(origin, SERVER, epoch, [0; 32], none, serving);
			call.unwrap().actual_weight
		};
		let alone = <() as WeightInfo>::submit_report();
		assert_eq!(report(3, Units(0b01)), Some(alone));
		assert_eq!(MockWatch::take(), []);
		run_to_epoch(4);
		settle();
		assert_eq!(report(4, Units(0b01)), Some(alone + MockWatch::watch_weight()));
		assert_eq!(MockWatch::take(), [(SERVER, vec![DEAL])]);
		// It serves again.
		run_to_epoch(5);
		assert_ok!(report_serving(5, Units(0b11)));
		assert_eq!(MockWatch::take(), []);
	});
}

#[test]
fn a_report_declares_what_telling_costs_at_most() {
	use frame_support::dispatch::GetDispatchInfo;
	let call = Call::<Test>::submit_report {
		server: SERVER,
		epoch: 1,
		root: [0; 32],
		proven: ALL,
		serving: Units::NONE,
	};
	let most = <() as WeightInfo>::submit_report()
		+ MockWatch::watch_weight()
		+ <() as WeightInfo>::settle_most();
	assert_eq!(call.get_dispatch_info().call_weight, most);
}

#[test]
fn a_report_tells_of_units_without_a_worker_from_the_epoch_after_their_sale() {
	run(|| {
		start_all(18);
		report_proving(2, ALL, Units::NONE);
		assert_ok!(Capacity::reserve(SERVER, DEAL, Units(0b011), 10));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b001)));
		run_to_epoch(3);
		report_proving(3, Units(0xfc), Units(0b1));
		assert_eq!(MockWatch::take(), [(SERVER, vec![DEAL])]);
		run_to_epoch(4);
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b100), 10));
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0b010)));
		report_proving(4, Units(0xfc), Units(0b1));
		assert_eq!(MockWatch::take(), []);
		run_to_epoch(5);
		report_proving(5, Units(0xf8), Units(0b11));
		assert_eq!(MockWatch::take(), [(SERVER, vec![DealId(8)])]);
	});
}

#[test]
fn a_report_tells_of_lost_units_until_they_are_compensated() {
	run(|| {
		extend_deal::half_fails();
		assert_ok!(Capacity::set_ready(SERVER, DEAL, Units(0x30)));
		MockWatch::take();
		// The failure is known, and the units are lost with epoch 5.
		let proofs = Proofs::compute(SERVER, 4, Units(0xc0)).report();
		assert_eq!(MockWatch::take(), [(SERVER, vec![DEAL])]);
		proofs.answer_all();
		for epoch in [5, 6] {
			run_to_epoch(epoch.max(Capacity::current()));
			assert_ok!(report_serving(epoch, Units(0x30)));
			assert_eq!(MockWatch::take(), [(SERVER, vec![DEAL])]);
		}
		assert_ok!(<Capacity as Compensation<_>>::compensate(SERVER, DEAL, 1, &stranger()));
		run_to_epoch(7);
		assert_ok!(report_serving(7, Units(0x30)));
		assert_eq!(MockWatch::take(), []);
	});
}

#[test]
fn a_report_tells_of_all_deals_once_and_not_of_those_that_are_over() {
	run(|| {
		serve_deal(20, Units(0b1), 5);
		assert_ok!(Capacity::reserve(SERVER, DealId(8), Units(0b10), 10));
		assert_ok!(Capacity::reserve(SERVER, DealId(9), Units(0b100), 10));
		run_to_epoch(4);
		MockWatch::take();
		report_proving(4, Units(0xf8), Units::NONE);
		assert_eq!(MockWatch::take(), [(SERVER, vec![DEAL, DealId(8), DealId(9)])]);
		run_to_epoch(5);
		report_proving(5, Units(0xf9), Units::NONE);
		assert_eq!(MockWatch::take(), [(SERVER, vec![DealId(8), DealId(9)])]);
		assert_noop!(report_serving(5, Units(0b10)), Error::<Test>::AlreadyReported);
		assert_eq!(MockWatch::take(), []);
	});
}
