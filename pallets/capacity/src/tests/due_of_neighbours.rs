//! Whoever asks for a change of a server is told what it weighed to settle what was due.

use super::*;
use frame_support::weights::Weight;

/// Asks for a change of the server.
type Ask = fn() -> Result<Due, DispatchError>;

/// Every change that neighbours ask for, of a deal that holds units 0 to 3 until epoch 10.
const CHANGES: [(&str, Ask); 7] = [
	("reserve", || Capacity::reserve(SERVER, DealId(8), Units(0b1_0000), 8)),
	("extend", || Capacity::extend(SERVER, DEAL, 11)),
	("shorten", || Capacity::shorten(SERVER, DEAL, 9)),
	("withdraw", || Capacity::withdraw(SERVER, DEAL, Units(0b1), 8)),
	("set_ready", || Capacity::set_ready(SERVER, DEAL, Units(0b1))),
	("contest", || Capacity::contest(SERVER, DEAL, Units(0b1), 3)),
	("settle", || Ok(Capacity::settle(SERVER))),
];

/// Goes late into epoch 4, when epochs 2 and 3 are finished, with a report each.
fn two_epochs_due() {
	serve_deal(20, Units(0b1111), 10);
	Proofs::compute(SERVER, 3, Units(0xf0)).report_beside(Units(0b1111)).answer_all();
	run_to(deadline(3));
	events();
}

#[test]
fn change_settles_first_and_says_what_that_weighed() {
	for (name, change) in CHANGES {
		run(|| {
			two_epochs_due();
			let due = change().unwrap_or_else(|error| panic!("{name}: {error:?}"));
			let passed = events().into_iter().filter(|it| matches!(it, Event::ReportPassed { .. }));
			let steps = passed.count() as u64;
			assert!(steps > 0, "{name}");
			assert_eq!(due, Due(<() as WeightInfo>::settle_step() * steps), "{name}");
			assert_eq!(Capacity::settle(SERVER), Due::default(), "{name}");
		});
	}
}

#[test]
fn change_of_what_is_settled_weighs_nothing_more() {
	for (name, change) in CHANGES {
		run(|| {
			two_epochs_due();
			assert_ne!(Capacity::settle(SERVER), Due::default(), "{name}");
			assert_eq!(change(), Ok(Due::default()), "{name}");
		});
	}
}

#[test]
fn stretch_without_reports_weighs_the_most_that_may_be_due() {
	run(|| {
		start_all(30);
		run_to_epoch(12);
		assert_eq!(Capacity::settle(SERVER), Due(Capacity::most_due()));
		assert_eq!(Capacity::settle(SERVER), Due::default());
	});
}

#[test]
fn settle_writes_nothing_where_nothing_is_due() {
	run(|| {
		start_all(30);
		let before = record();
		run_to_epoch(3);
		assert_eq!(Capacity::settle(SERVER), Due(Weight::zero()));
		assert_eq!(record(), before);
		assert_eq!(Capacity::settle(ServerId(9)), Due::default());
	});
}

#[test]
fn close_and_release_settle_as_well() {
	run(|| {
		serve_deal(8, Units(0b11), 5);
		run_to_epoch(9);
		events();
		let (_, due) = Capacity::release(SERVER, DEAL).unwrap();
		assert_eq!(due, Due(Capacity::most_due()));
		run_to_epoch(12);
		let due = Capacity::close(SERVER).unwrap();
		assert_eq!(due, Due::default());
	});
}
