//! What is due of servers: whatever changes one settles it first, and counts it.

use super::{
	automatic::{cost, deals_of_one_server, report, room_for, run},
	close_allocation::vacant,
	wheel, *,
};
use crate::{Call, WeightInfo};
use frame_support::{
	assert_ok,
	dispatch::GetDispatchInfo,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::{api::Renewal, Deals as _, Due, Filled, UnitLedger, Units};
use marketplace_testkit::{operator, MockIncome, MockPrice};
use sp_runtime::traits::Dispatchable;

type W = ();

/// What is due of the first server, and of the second.
const DUE: [Weight; 2] = [Weight::from_parts(5_000_000, 500), Weight::from_parts(60_000, 30)];

/// A call that changes servers.
struct Case {
	/// Makes a deal for it, and says who calls what.
	prepare: fn() -> (AccountId32, Call<Test>),
	/// What it declares, and of how many servers it may settle what is due.
	declared: (Weight, u32),
	/// What it weighs where nothing is due.
	weight: Weight,
	/// How many servers it changes: the first, or both.
	changes: usize,
}

/// Calls that change the first server.
fn of_one_server() -> [Case; 7] {
	let case = |prepare, most, weight| Case { prepare, declared: (most, 1), weight, changes: 1 };
	let most = MaxServers::get();
	[
		case(set_workers, W::set_workers(2), W::set_workers(2)),
		case(release_units, W::release_units(), W::release_units()),
		case(compensate, W::compensate(), W::compensate()),
		case(contest, W::contest(most), W::contest(2)),
		case(replace, W::replace(most), W::replace(2)),
		case(close_allocation, W::close_early(), W::close_early()),
		case(accept_price, W::accept_price(most), W::accept_price(2)),
	]
}

/// Calls that change all servers of a deal of two.
fn of_all_servers() -> [Case; 5] {
	let case = |prepare, declared, weight| Case { prepare, declared, weight, changes: 2 };
	let (most, closes) = (MaxServers::get(), ClosesPerCall::get());
	[
		case(extend_deal, (W::extend_deal(most), most), W::extend_deal(2)),
		case(terminate, (W::terminate(most), most), W::terminate(2)),
		case(|| renew(1_000), (W::renew(most), most), W::renew(2)),
		// in vain
		case(|| renew(1), (W::renew(most), most), W::renew(2)),
		case(close_deal, (W::close_deal(closes), closes), W::close_deal(2)),
	]
}

fn set_workers() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	(operator(), Call::set_workers { deal, server: FIRST, workers: workers(&[0, 2], 1) })
}

fn release_units() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	(developer(), Call::release_units { deal, server: FIRST, units: Units::one(0) })
}

fn compensate() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	MockPrice::set_rate(ASSET, Some(3));
	MockIncome::lose(FIRST, deal, 8);
	(stranger(), Call::compensate { deal, server: FIRST })
}

fn contest() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	let units = Units::first(2);
	MockUnits::set_epoch(3);
	MockUnits::report(FIRST, deal, units, 2);
	(developer(), Call::contest { deal, server: FIRST, units, epoch: 2 })
}

fn replace() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	// its units are not accepted either
	MockUnits::set_epoch(4);
	MockUnits::fail(FIRST, Units::one(0));
	(stranger(), Call::replace { deal, server: FIRST })
}

fn close_allocation() -> (AccountId32, Call<Test>) {
	(stranger(), Call::close_allocation { deal: vacant(), server: FIRST })
}

fn accept_price() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	let proposed = Some(6);
	assert_ok!(Deals::propose_price(RuntimeOrigin::signed(provider()), deal, FIRST, proposed));
	(developer(), Call::accept_price { deal, server: FIRST, price: 6, most: u128::MAX })
}

fn extend_deal() -> (AccountId32, Call<Test>) {
	let deal = lasting();
	(stranger(), Call::extend_deal { deal, epochs: 2, most: u128::MAX })
}

fn terminate() -> (AccountId32, Call<Test>) {
	(developer(), Call::terminate { deal: lasting() })
}

fn renew(allowance: u128) -> (AccountId32, Call<Test>) {
	let deal = lasting();
	let renewal = Some(Renewal { epochs: 3, allowance });
	assert_ok!(Deals::set_renewal(RuntimeOrigin::signed(developer()), deal, renewal));
	end_at(11);
	(stranger(), Call::renew { deal })
}

fn close_deal() -> (AccountId32, Call<Test>) {
	let deal = two_servers();
	contested_until(5);
	(stranger(), Call::close_deal { deal })
}

fn all_due() {
	[FIRST, SECOND].into_iter().zip(DUE).for_each(|(server, due)| MockUnits::set_due(server, due));
}

/// What is due of both servers, which is settled with that.
fn rest() -> [Weight; 2] {
	[FIRST, SECOND].map(|server| MockUnits::settle(server).0)
}

/// What of `DUE` is of so many servers.
fn due_of(servers: usize) -> Weight {
	DUE.into_iter().take(servers).fold(Weight::zero(), Weight::saturating_add)
}

fn dispatch((who, call): (AccountId32, Call<Test>)) -> Option<Weight> {
	let done = RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(who));
	done.expect("it is accepted").actual_weight
}

#[test]
fn a_call_counts_what_is_due_of_the_servers_that_it_changes() {
	for (index, case) in of_one_server().into_iter().chain(of_all_servers()).enumerate() {
		let Case { prepare, weight, changes, .. } = case;
		execute(|| {
			assert_eq!(dispatch(prepare()), Some(weight), "{index}: where nothing is due");
		});
		execute(|| {
			let call = prepare();
			all_due();
			let expected = weight.saturating_add(due_of(changes));
			assert_eq!(dispatch(call), Some(expected), "{index}");
			let untouched = if changes == 1 { DUE[1] } else { Weight::zero() };
			assert_eq!(rest(), [Weight::zero(), untouched], "{index}: it is settled");
		});
	}
}

#[test]
fn a_call_declares_the_most_that_may_be_due_of_each_server() {
	for (index, case) in of_one_server().into_iter().chain(of_all_servers()).enumerate() {
		let Case { prepare, declared: (own, servers), .. } = case;
		let declared = own.saturating_add(MockUnits::MOST_DUE.saturating_mul(servers.into()));
		execute(|| {
			assert_eq!(prepare().1.get_dispatch_info().call_weight, declared, "{index}");
		});
	}
}

#[test]
fn what_is_due_is_settled_where_closing_fails() {
	execute(|| {
		let call = close_deal();
		// the ledger no longer knows the first server's reservation
		assert_ok!(MockUnits::release(FIRST, DealId(0)));
		all_due();
		let expected = W::close_deal(2).saturating_add(due_of(2));
		assert_eq!(dispatch(call), Some(expected));
		assert!(crate::Allocations::<Test>::contains_key(DealId(0), FIRST));
		assert_eq!(rest(), [Weight::zero(); 2]);
	});
}

#[test]
fn what_was_served_is_paid_without_settling_what_is_due() {
	execute(|| {
		let id = with_requests();
		MockUnits::serve(FIRST, id, 4);
		all_due();
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_ok!(redeem(id, 10));
		assert_eq!(MockEscrow::paid_to(&provider()), 20 + 10);
		assert_eq!(rest(), DUE);
	});
}

#[test]
fn a_match_counts_what_is_due_of_its_servers() {
	let filled = |due: [Weight; 2]| {
		let mut filled = None;
		execute(|| {
			let terms = post(1, 6, 10, 3);
			let fills = [fill_of(10, provider(), 4, 5), fill_of(20, other_provider(), 2, 7)];
			MockUnits::set_due(FIRST, due[0]);
			MockUnits::set_due(SECOND, due[1]);
			filled =
				<Deals as marketplace_primitives::Deals<_>>::fill(OfferId(1), &terms, &fills).ok();
			assert_eq!(rest(), [Weight::zero(); 2]);
		});
		filled
	};
	let expected = |weight| Some(Filled { deal: DealId(0), weight });
	assert_eq!(filled([Weight::zero(); 2]), expected(W::fill(2)));
	assert_eq!(filled(DUE), expected(W::fill(2).saturating_add(due_of(2))));
	let most = |servers: u32| MockUnits::MOST_DUE.saturating_mul(servers.into());
	assert_eq!(filled([MockUnits::MOST_DUE; 2]), expected(Deals::fill_weight(2)));
	assert_eq!(Deals::fill_weight(3), W::fill(3).saturating_add(most(3)));
}

#[test]
fn the_hook_counts_what_is_due_of_a_server_once() {
	execute(|| {
		let ids = deals_of_one_server(3);
		for used in [cost(1, 3, 0), cost(1, 0, 3)] {
			report(FIRST, &ids);
			MockUnits::set_due(FIRST, DUE[0]);
			assert_eq!(run(Weight::MAX), used.saturating_add(DUE[0]));
			assert_eq!(MockUnits::settle(FIRST), Due::default());
		}
	});
}

#[test]
fn replacing_does_not_begin_without_room_for_the_most_that_may_be_due() {
	execute(|| {
		let id = deals_of_one_server(1)[0];
		report(FIRST, &[id]);
		MockUnits::set_due(FIRST, MockUnits::MOST_DUE);
		let room = room_for(1, 1, 0);
		for short in [Weight::from_parts(1, 0), Weight::from_parts(0, 1)] {
			assert_eq!(run(room.saturating_sub(short)), cost(1, 0, 0));
			assert_eq!(part(id, FIRST).units, Units::first(2));
		}
		// and fills it where so much is due
		assert_eq!(run(room), room);
		assert!(part(id, FIRST).units.is_empty());
		assert_eq!(MockUnits::settle(FIRST), Due::default());
	});
}

#[test]
fn the_wheel_counts_what_is_due() {
	execute(|| {
		close_deal();
		all_due();
		let expected = wheel::room_for(1).saturating_add(W::close_allocation());
		assert_eq!(idle(Weight::MAX), expected.saturating_add(due_of(2)));
		assert!(gone(DealId(0), &[FIRST, SECOND]));
		assert_eq!(rest(), [Weight::zero(); 2]);
	});
}

#[test]
fn closing_does_not_begin_without_room_for_the_most_that_may_be_due() {
	execute(|| {
		close_deal();
		MockUnits::set_due(FIRST, MockUnits::MOST_DUE);
		MockUnits::set_due(SECOND, MockUnits::MOST_DUE);
		let looks = W::visit_wheel().saturating_add(W::visit_deal());
		let room = [W::close_allocation(), MockUnits::MOST_DUE]
			.into_iter()
			.fold(looks, Weight::saturating_add);
		let close = |room| {
			let mut meter = WeightMeter::with_limit(room);
			Deals::close_ended(&mut meter);
			meter.consumed()
		};
		for short in [Weight::from_parts(1, 0), Weight::from_parts(0, 1)] {
			assert_eq!(close(room.saturating_sub(short)), looks);
			assert_eq!(record(DealId(0)).allocations, 2);
		}
		assert_eq!(close(room), room);
		assert_eq!(record(DealId(0)).allocations, 1);
	});
}

#[test]
fn refused_call_is_charged_for_the_servers_that_the_deal_has() {
	execute(|| {
		let deal = lasting();
		let unknown = DealId(99);
		let calls = |deal| {
			[
				(Call::terminate { deal }, W::terminate as fn(u32) -> Weight),
				(Call::extend_deal { deal, epochs: 1, most: 0 }, W::extend_deal),
				(Call::renew { deal }, W::renew),
				(Call::close_deal { deal }, W::close_deal),
			]
		};
		for (id, servers) in [(deal, 2), (unknown, 0)] {
			for (call, weight) in calls(id) {
				let refused =
					RuntimeCall::from(call.clone()).dispatch(RuntimeOrigin::signed(stranger()));
				let charged = refused.expect_err("it is not to be done").post_info.actual_weight;
				let due = MockUnits::MOST_DUE.saturating_mul(servers);
				let servers = u32::try_from(servers).expect("few");
				assert_eq!(charged, Some(weight(servers).saturating_add(due)), "{call:?}");
			}
		}
	});
}
