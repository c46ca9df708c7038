//! What the benchmarks of other pallets ask for.

use super::*;
use marketplace_primitives::Compensation;

#[test]
fn service_of_benchmarks_is_to_be_paid_and_what_is_reported_can_be_contested() {
	// Benchmarks settle servers for ever, which no chain does: the invariants are not asked.
	new_test_ext().execute_with(|| {
		Capacity::benchmark_prove(SERVER);
		let units = Units(0b111);
		assert_ok!(Capacity::reserve(SERVER, DEAL, units, 50));
		Capacity::benchmark_serve(SERVER, DEAL, 4);
		assert_eq!(served(), (12, 0));
		Capacity::benchmark_report(SERVER, DEAL);
		assert_eq!(served(), (12, 3));
		assert_ok!(Capacity::contest(SERVER, DEAL, Units(0b110), Capacity::current()));
		assert_eq!(served(), (12, 1));
		let fined = <Capacity as Compensation<_>>::fine(SERVER, DEAL, units, Some(&stranger()));
		assert_eq!(fined, Ok(3 * FLT));
		// The deal ends, and is released with all that it was served.
		<Capacity as EpochClock>::benchmark_set(52);
		assert_eq!(Capacity::release(SERVER, DEAL).map(|(served, _)| served), Ok(13));
	});
}

#[test]
fn a_deal_less_in_a_record_that_benchmarks_filled_up_is_told_to_the_book() {
	new_test_ext().execute_with(|| {
		Capacity::benchmark_prove(SERVER);
		assert_ok!(Capacity::reserve(SERVER, DEAL, ALL, 50));
		assert_ok!(Capacity::withdraw(SERVER, DEAL, ALL, 10));
		<Capacity as EpochClock>::benchmark_set(12);
		Capacity::benchmark_fill_up(SERVER);
		assert!(record().reservations.is_full());
		MockBook::take();
		assert_ok!(Capacity::release(SERVER, DEAL));
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(SERVER)]);
	});
}

#[test]
fn a_deal_that_gave_all_its_units_up_can_be_released_with_all_that_it_may_have() {
	new_test_ext().execute_with(|| {
		let (server, all) = (ServerId(77), Units(u64::MAX));
		Capacity::benchmark_prove(server);
		assert_ok!(Capacity::reserve(server, DEAL, all, 70));
		assert_ok!(Capacity::set_ready(server, DEAL, all));
		Capacity::benchmark_serve(server, DEAL, 1);
		<Capacity as Compensation<_>>::benchmark_fail(server, DEAL);
		let from = Capacity::current() + 3;
		assert_ok!(Capacity::withdraw(server, DEAL, all, from));
		<Capacity as EpochClock>::benchmark_set(from + 2);
		let _before = Capacity::settle(server);
		Capacity::benchmark_fill_up(server);
		let of = || Servers::<Test>::get(server).unwrap();
		assert!(of().reservations.is_full() && of().listed.is_empty());
		assert_eq!(of().reservation(DEAL).unwrap().shares.len(), 4);
		assert_eq!(<Capacity as Compensation<_>>::lost(server, DEAL), 4);
		assert_ok!(<Capacity as Compensation<_>>::compensate(server, DEAL, 1, &stranger()));
		MockBook::take();
		assert_eq!(Capacity::release(server, DEAL), Ok((64, Due::default())));
		assert_eq!(MockBook::take(), [mocks::BookCall::SupplyChanged(server)]);
		assert_eq!(of().listed, all);
	});
}

#[test]
fn as_much_is_due_in_benchmarks_as_may_be_of_a_server_with_units_for_sale() {
	new_test_ext().execute_with(|| {
		let server = ServerId(77);
		Capacity::benchmark_crowd(server);
		Capacity::benchmark_due(server);
		let end = Capacity::current() + 10;
		let available = || Capacity::available(server, Units(u64::MAX), end).units;
		assert_eq!(available(), Units::one(63));
		// Three reports passed.
		assert_eq!(Capacity::settle(server), Due(<() as WeightInfo>::settle_step() * 3));
		assert_eq!(available(), Units::one(63));
	});
}
