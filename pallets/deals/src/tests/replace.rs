use super::*;
use crate::{Deals as DealRecords, Error, Event, Spreads, WeightInfo, Workers};
use frame_support::{assert_noop, assert_ok, weights::Weight};
use marketplace_primitives::{UnitLedger, Units};
use marketplace_testkit::{developer, operator, stranger, MockIncome, MockPrice};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

type Post = frame_support::dispatch::PostDispatchInfo;

fn replace(id: DealId, server: ServerId) -> DispatchResultWithInfo<Post> {
	Deals::replace(RuntimeOrigin::signed(stranger()), id, server)
}

/// Units of the first server that leave a deal, each for one reason.
type Dropped = crate::calls::Missing;

fn dropped(deal: DealId, missing: Dropped, from: u32) -> Event<Test> {
	let Dropped { failed, unaccepted, silent, contested } = missing;
	Event::UnitsDropped { deal, server: FIRST, failed, unaccepted, silent, contested, from }
}

fn accept(id: DealId, server: ServerId, units: &[u8]) {
	let who = RuntimeOrigin::signed(operator());
	assert_ok!(Deals::set_workers(who, id, server, workers(units, 1)));
}

#[test]
fn replace_seeks_units_for_those_that_failed() {
	execute(|| {
		let id = lasting();
		accept(id, FIRST, &[0, 1, 2, 3]);
		MockUnits::set_epoch(4);
		let failed = Units::first(3);
		MockUnits::fail(FIRST, failed);
		events();
		let post = replace(id, FIRST).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::replace(2)));
		let allocation = part(id, FIRST);
		assert_eq!(allocation.units, Units::one(3));
		assert_eq!(allocation.leaving.to_vec(), vec![(5, failed)]);
		assert_eq!(allocation.funded, 3 * 3 + 10);
		let deal = record(id);
		assert_eq!((deal.units, deal.rate, deal.allocations), (3, 5 + 14, 2));
		assert_eq!(Spreads::<Test>::get(id)[0].units, 1);
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow), (3, 7, 210));
		assert_eq!((deal.offer, held(id)), (offer, 600 - 210));
		assert_eq!(
			events(),
			vec![
				dropped(id, Dropped { failed, ..Default::default() }, 5),
				Event::UnitsSought { deal: id, offer, units: 3, max_price: 10, escrow },
			]
		);
		assert_noop!(replace(id, FIRST), Error::<Test>::NothingMissing);
		assert_eq!(fill(offer.0, &[fill_of(30, provider(), 3, 10)]), Ok(id));
		assert_eq!((record(id).units, held(id)), (6, 600));
	});
}

#[test]
fn replace_seeks_units_for_those_that_were_not_accepted() {
	execute(|| {
		let id = lasting();
		accept(id, FIRST, &[1]);
		// units may be accepted before epoch 4 begins
		MockUnits::set_epoch(3);
		assert_noop!(replace(id, FIRST), Error::<Test>::NothingMissing);
		MockUnits::set_epoch(4);
		events();
		assert_ok!(replace(id, FIRST));
		let unaccepted = Units::first(4).without(Units::one(1));
		assert_eq!(part(id, FIRST).units, Units::one(1));
		assert_eq!(MockUnits::held(FIRST, id), Units::one(1));
		assert_eq!(events()[0], dropped(id, Dropped { unaccepted, ..Default::default() }, 5));
		// the other server's are its own matter
		assert_ok!(replace(id, SECOND));
		assert_eq!(part(id, SECOND).units, Units::NONE);
		assert_eq!(Spreads::<Test>::get(id)[1].units, 0);
		assert_eq!(open_offer().map(|(_, terms, _)| terms.units.target), Some(5));
		assert_noop!(replace(id, SECOND), Error::<Test>::NothingMissing);
	});
}

#[test]
fn replace_counts_the_time_to_accept_from_the_allocations_start() {
	execute(|| {
		let id = wanting();
		accept(id, FIRST, &[0, 1, 2, 3]);
		MockUnits::set_epoch(5);
		let late = ServerId(30);
		assert_ok!(fill(1, &[fill_of(30, provider(), 2, 5)]));
		for epoch in [5, 7] {
			MockUnits::set_epoch(epoch);
			assert_noop!(replace(id, late), Error::<Test>::NothingMissing);
		}
		MockUnits::set_epoch(8);
		assert_ok!(replace(id, late));
	});
}

#[test]
fn replace_joins_what_is_wanted_already() {
	execute(|| {
		let id = wanting();
		MockUnits::set_epoch(4);
		MockUnits::fail(SECOND, Units::first(2));
		assert_ok!(replace(id, SECOND));
		let (_, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow), (4, 7, 280));
		assert_eq!(held(id), 800 - 280);
	});
}

#[test]
fn replace_pays_what_lost_units_served() {
	execute(|| {
		let id = lasting();
		accept(id, FIRST, &[0, 1, 2, 3]);
		MockUnits::serve(FIRST, id, 12);
		MockUnits::set_epoch(5);
		MockUnits::fail(FIRST, Units::first(4));
		assert_ok!(replace(id, FIRST));
		// the report for epoch 5 comes after
		MockUnits::serve(FIRST, id, 4);
		contested_until(12);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(open_offer(), None);
		assert_eq!(MockEscrow::paid_to(&provider()), 16 * 5);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 600 - 80);
	});
}

#[test]
fn replace_and_compensate_go_in_either_order() {
	let outcome = |first_replace: bool| {
		let mut outcome = None;
		execute(|| {
			let id = lasting();
			MockPrice::set_rate(ASSET, Some(3));
			MockIncome::set_own_stake(FIRST, 1_000);
			MockUnits::set_epoch(4);
			MockUnits::fail(FIRST, Units::first(4));
			MockIncome::lose(FIRST, id, 28);
			let who = || RuntimeOrigin::signed(stranger());
			if first_replace {
				assert_ok!(replace(id, FIRST));
				assert_ok!(Deals::compensate(who(), id, FIRST));
			} else {
				assert_ok!(Deals::compensate(who(), id, FIRST));
				assert_ok!(replace(id, FIRST));
			}
			assert_eq!(MockIncome::compensated(), vec![(developer(), 28 * 5 * 3)]);
			outcome = Some((part(id, FIRST), held(id)));
		});
		outcome
	};
	assert_eq!(outcome(true), outcome(false));
}

#[test]
fn replace_keeps_workers_as_long_as_what_they_served_can_be_contested() {
	execute(|| {
		let id = lasting();
		accept(id, FIRST, &[0, 1, 2]);
		MockUnits::set_epoch(4);
		// epoch 4 is the last that it serves
		MockUnits::fail(FIRST, Units::one(1));
		assert_ok!(replace(id, FIRST));
		MockUnits::set_epoch(6);
		MockUnits::fail(FIRST, Units::one(0));
		assert_ok!(replace(id, FIRST));
		assert_eq!(Workers::<Test>::get(id, FIRST), workers(&[0, 1, 2], 1));
		MockUnits::set_epoch(7);
		MockUnits::fail(FIRST, Units::one(2));
		assert_ok!(replace(id, FIRST));
		assert_eq!(Workers::<Test>::get(id, FIRST), workers(&[0, 2], 1));
	});
}

#[test]
fn replace_is_refused_where_a_raised_limit_is_not_funded() {
	execute(|| {
		// of two units at 10 without a surplus
		let id = raised();
		MockUnits::fail(FIRST, Units::first(2));
		assert_noop!(replace(id, FIRST), Error::<Test>::NotFunded);
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(who, id, 10));
		assert_ok!(replace(id, FIRST));
		assert_eq!(held(id), 240);
	});
}

#[test]
fn replace_is_refused_when_no_epoch_is_left() {
	execute(|| {
		let id = two_servers();
		MockUnits::fail(FIRST, Units::one(0));
		for epoch in [4, 5] {
			end_at(epoch);
			assert_noop!(replace(id, FIRST), Error::<Test>::DealEnded);
		}
		end_at(3);
		assert_ok!(replace(id, FIRST));
		assert_eq!(open_offer().map(|(_, terms, _)| terms.term), Some(1));
	});
}

#[test]
fn replace_is_refused_when_nothing_is_known_or_missing() {
	execute(|| {
		let id = two_servers();
		assert_noop!(replace(id, FIRST), Error::<Test>::NothingMissing);
		assert_noop!(replace(DealId(9), FIRST), Error::<Test>::UnknownDeal);
		assert_noop!(replace(id, ServerId(9)), Error::<Test>::UnknownAllocation);
		assert!(DealRecords::<Test>::contains_key(id));
	});
}

#[test]
fn replace_is_refused_to_no_signer() {
	execute(|| {
		let id = two_servers();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::replace(origin, id, FIRST), DispatchError::BadOrigin);
		}
	});
}
