use super::*;
use crate::{Error, Event, Spreads, WeightInfo, Workers};
use codec::Encode;
use frame_support::{assert_noop, assert_ok, dispatch::Pays};
use marketplace_primitives::{Epoch, UnitLedger, Units};
use marketplace_testkit::{developer, operator, stranger, treasury, MockIncome};
use sp_runtime::{DispatchError, Perbill};

type Outcome = DispatchResultWithInfo<PostDispatchInfo>;

fn contest(id: DealId, units: Units, epoch: Epoch) -> Outcome {
	Deals::contest(RuntimeOrigin::signed(developer()), id, FIRST, units, epoch)
}

fn settle(id: DealId) -> u128 {
	let before = MockEscrow::paid_to(&provider());
	assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
	MockEscrow::paid_to(&provider()) - before
}

/// As [`lasting`], in epoch 3: all units have workers, and those of the first server are said to have served epoch 2.
fn reported() -> DealId {
	let id = lasting();
	served_second(id);
	id
}

fn served_second(id: DealId) {
	let who = || RuntimeOrigin::signed(operator());
	assert_ok!(Deals::set_workers(who(), id, FIRST, workers(&[0, 1, 2, 3], 1)));
	MockUnits::set_epoch(3);
	MockUnits::report(FIRST, id, Units::first(4), 2);
	events();
}

fn contested(deal: DealId, units: Units, epoch: Epoch, amount: u128) -> Event<Test> {
	Event::Contested { deal, server: FIRST, units, epoch, amount }
}

fn dropped(deal: DealId, contested: Units, from: Epoch) -> Event<Test> {
	let (failed, unaccepted, silent) = (Units::NONE, Units::NONE, Units::NONE);
	Event::UnitsDropped { deal, server: FIRST, failed, unaccepted, silent, contested, from }
}

fn failed(deal: DealId, error: impl Into<DispatchError>) -> Event<Test> {
	Event::ReplaceFailed { deal, server: FIRST, error: error.into() }
}

#[test]
fn what_is_served_is_paid_once_nobody_can_contest_it() {
	execute(|| {
		let id = reported();
		for epoch in [3, 4] {
			MockUnits::set_epoch(epoch);
			assert_eq!((Deals::claimable(id, FIRST), settle(id)), (0, 0));
		}
		let told = |id| Deals::allocations(id).remove(0);
		assert_eq!((told(id).served, told(id).withheld), (4, 4));
		MockUnits::report(FIRST, id, Units::first(3), 3);
		MockUnits::set_epoch(5);
		assert_eq!((told(id).served, told(id).withheld), (7, 3));
		assert_eq!((Deals::claimable(id, FIRST), settle(id)), (20, 20));
		MockUnits::set_epoch(6);
		assert_eq!(settle(id), 15);
	});
}

#[test]
fn contest_pays_neither_side_and_seeks_other_units() {
	execute(|| {
		let id = reported();
		let units = Units::first(2);
		let post = contest(id, units, 2).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::contest(2)));
		assert_eq!(post.pays_fee, Pays::Yes);
		assert_eq!(MockEscrow::paid_to(&treasury()), 10);
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow), (2, 8, 160));
		assert_eq!(held(id), 600 - 10 - 160);
		assert_eq!(
			events(),
			vec![
				contested(id, units, 2, 10),
				dropped(id, units, 4),
				Event::UnitsSought { deal: id, offer, units: 2, max_price: 10, escrow },
			]
		);
		let allocation = part(id, FIRST);
		let rest = Units::first(4).without(units);
		assert_eq!((allocation.units, MockUnits::held(FIRST, id)), (rest, rest));
		assert_eq!(allocation.leaving.to_vec(), vec![(4, units)]);
		// epochs 2 and 3 of those that leave, without what was contested, and 10 epochs of those that stay
		assert_eq!((allocation.funded, allocation.contested), (2 * 2 - 2 + 2 * 10, 2));
		assert_eq!((record(id).units, record(id).rate), (4, 2 * 5 + 2 * 7));
		assert_eq!(Spreads::<Test>::get(id)[0].units, 2);
		assert_eq!(Deals::funded_until(id), Some(11));
		// the others are paid for what they served
		MockUnits::set_epoch(5);
		assert_eq!(settle(id), 10);
		assert_eq!(MockEscrow::total(), 600);
	});
}

#[test]
fn contest_is_for_the_gateway_as_well() {
	execute(|| {
		let id = reported();
		let contest_as = |pair: &sr25519::Pair, unit| {
			let who = RuntimeOrigin::signed(AccountId32::new(pair.public().0));
			Deals::contest(who, id, FIRST, Units::one(unit), 2)
		};
		let refused = Error::<Test>::NotContestant;
		assert_noop!(contest_as(&gateway(), 0), refused);
		assert_ok!(set_key(id, Some(&gateway())));
		assert_ok!(contest_as(&gateway(), 0));
		// a key that was changed has no say any more
		let other = sr25519::Pair::from_seed(&[2; 32]);
		assert_ok!(set_key(id, Some(&other)));
		assert_noop!(contest_as(&gateway(), 1), Error::<Test>::NotContestant);
		assert_ok!(contest_as(&other, 1));
	});
}

#[test]
fn contest_can_be_repeated_for_other_units() {
	execute(|| {
		let id = reported();
		assert_ok!(contest(id, Units::one(0), 2));
		for units in [Units::one(0), Units::first(2), Units::one(9)] {
			assert_noop!(contest(id, units, 2), DispatchError::Other("not counted"));
		}
		assert_ok!(contest(id, Units::one(1).or(Units::one(2)), 2));
		assert_eq!(MockEscrow::paid_to(&treasury()), 15);
		assert_eq!(open_offer().map(|(_, terms, _)| terms.units.target), Some(3));
		let allocation = part(id, FIRST);
		assert_eq!((allocation.contested, allocation.units), (3, Units::one(3)));
		assert_eq!(allocation.leaving.to_vec(), vec![(4, Units::first(3))]);
	});
}

#[test]
fn contest_is_open_for_two_epochs() {
	execute(|| {
		let id = reported();
		let unit = Units::one(0);
		assert_noop!(contest(id, unit, 4), DispatchError::Other("not begun"));
		assert_noop!(contest(id, unit, 3), DispatchError::Other("not counted"));
		MockUnits::report(FIRST, id, unit, 3);
		assert_ok!(contest(id, unit, 3));
		MockUnits::set_epoch(4);
		assert_ok!(contest(id, Units::one(1), 2));
		MockUnits::set_epoch(5);
		assert_noop!(contest(id, Units::one(2), 2), DispatchError::Other("too late to contest"));
		assert_eq!(settle(id), 15);
	});
}

#[test]
fn contest_of_units_that_left_costs_the_payment_alone() {
	execute(|| {
		let id = reported();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::one(0)));
		MockUnits::fail(FIRST, Units::one(1));
		events();
		assert_ok!(contest(id, Units::first(2), 2));
		assert_eq!(events(), vec![contested(id, Units::first(2), 2, 10)]);
		assert_eq!(part(id, FIRST).leaving.to_vec(), vec![(6, Units::one(0))]);
		assert_eq!((open_offer(), held(id)), (None, 590));
	});
}

#[test]
fn contest_costs_the_payment_alone_once_nothing_is_added() {
	execute(|| {
		let id = reported();
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		events();
		assert_ok!(contest(id, Units::one(0), 2));
		assert_eq!(events(), vec![contested(id, Units::one(0), 2, 5)]);
		assert_eq!(part(id, FIRST).units, Units::first(4));
	});
	execute(|| {
		let id = lasting();
		for epoch in [10, 11] {
			MockUnits::set_epoch(epoch);
			MockUnits::report(FIRST, id, Units::first(4), epoch);
		}
		// epoch 12 is no more of the deal
		events();
		assert_ok!(contest(id, Units::one(0), 11));
		assert_eq!(events(), vec![contested(id, Units::one(0), 11, 5)]);
		assert_eq!(part(id, FIRST).units, Units::first(4));
	});
	execute(|| {
		let id = lasting();
		MockUnits::set_epoch(10);
		MockUnits::report(FIRST, id, Units::first(4), 10);
		assert_ok!(contest(id, Units::one(0), 10));
		assert_eq!(part(id, FIRST).units.count(), 3);
		assert_eq!(open_offer().map(|(_, terms, _)| (terms.term, terms.expiry)), Some((1, 10)));
	});
}

#[test]
fn contest_works_after_the_end() {
	execute(|| {
		let id = two_servers();
		for epoch in 2..=4 {
			MockUnits::report(FIRST, id, Units::first(4), epoch);
			MockUnits::report(SECOND, id, Units::first(2), epoch);
		}
		end_at(6);
		events();
		assert_ok!(contest(id, Units::first(4), 4));
		assert_eq!(events(), vec![contested(id, Units::first(4), 4, 20)]);
		contested_until(5);
		assert_noop!(contest(id, Units::first(4), 4), DispatchError::Other("too late to contest"));
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&treasury()), 20);
		assert_eq!(MockEscrow::paid_to(&provider()), 40);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
		let refunded = MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded;
		assert_eq!(refunded, 180 - 20 - 40 - 42);
	});
}

#[test]
fn contest_shares_nothing_of_what_it_takes() {
	execute(|| {
		let id = reported();
		let fee = Perbill::from_percent(20);
		assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), fee));
		MockIncome::share(FIRST, id, 1, Perbill::from_percent(50));
		assert_ok!(contest(id, Units::first(4), 2));
		assert_eq!(MockEscrow::paid_to(&treasury()), 20);
		assert_eq!(MockEscrow::paid_to(&MockIncome::account(1)), 0);
		MockUnits::set_epoch(5);
		assert_eq!(settle(id), 0);
	});
}

#[test]
fn contest_owes_what_the_asset_refuses() {
	execute(|| {
		let id = reported();
		MockEscrow::refuse(treasury());
		assert_ok!(contest(id, Units::one(0), 2));
		assert_eq!(MockEscrow::owed_to(&treasury()), 5);
	});
}

#[test]
fn contest_lets_units_leave_that_cannot_be_sought() {
	execute(|| {
		let id = raised();
		MockUnits::set_epoch(3);
		MockUnits::report(FIRST, id, Units::first(2), 2);
		events();
		assert_ok!(contest(id, Units::first(2), 2));
		let told = vec![
			contested(id, Units::first(2), 2, 20),
			dropped(id, Units::first(2), 4),
			failed(id, Error::<Test>::NotFunded),
		];
		// events keep no text of errors
		assert_eq!(events().encode(), told.encode());
		assert_eq!((part(id, FIRST).units, record(id).units), (Units::NONE, 2));
		assert_eq!((open_offer(), held(id)), (None, 440 - 20));
		// what was held for them is surplus, less the epoch that they still may serve
		assert_ok!(Deals::withdraw_surplus(RuntimeOrigin::signed(developer()), id, 12));
		assert_eq!(held(id), 2 * 12 * 10 + 2 * 10);
	});
}

#[test]
fn contest_leaves_the_limit_where_units_cannot_be_sought() {
	execute(|| {
		// of two units at 10 without a surplus, with an offer for one more that was raised
		post(1, 3, 10, 10);
		let id = fill(1, &[fill_of(10, provider(), 2, 10)]).unwrap();
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 12;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
		MockUnits::set_epoch(2);
		MockUnits::report(FIRST, id, Units::first(2), 2);
		events();
		assert_ok!(contest(id, Units::one(0), 2));
		let told = vec![
			contested(id, Units::one(0), 2, 10),
			dropped(id, Units::one(0), 3),
			failed(id, Error::<Test>::NotFunded),
		];
		assert_eq!(events().encode(), told.encode());
		// no event tells of another limit
		assert_eq!((record(id).max_price, record(id).units), (10, 1));
	});
}

#[test]
fn contest_takes_the_payment_where_units_cannot_leave() {
	execute(|| {
		post(1, 20, 10, 50);
		let id = fill(1, &[fill_of(10, provider(), 20, 5)]).unwrap();
		MockUnits::hold_final(Some(1));
		for unit in 0..8 {
			MockUnits::set_epoch(2 + u32::from(unit));
			let who = RuntimeOrigin::signed(developer());
			assert_ok!(Deals::release_units(who, id, FIRST, Units::one(unit)));
		}
		MockUnits::set_epoch(12);
		MockUnits::report(FIRST, id, Units::one(9), 12);
		events();
		assert_ok!(contest(id, Units::one(9), 12));
		let refused = failed(id, Error::<Test>::TooManyLeaving);
		assert_eq!(events().encode(), vec![contested(id, Units::one(9), 12, 5), refused].encode());
		assert_eq!(part(id, FIRST).units.count(), 12);
		assert_eq!(MockEscrow::paid_to(&treasury()), 5);
		MockUnits::hold_final(None);
	});
}

#[test]
fn contest_keeps_workers_until_nothing_can_be_contested() {
	execute(|| {
		let id = reported();
		assert_ok!(contest(id, Units::one(0), 2));
		// what the unit serves in epoch 3 can be contested in epoch 5
		for (epoch, kept) in [(4, 4), (5, 4), (6, 3)] {
			MockUnits::set_epoch(epoch);
			let who = RuntimeOrigin::signed(developer());
			let other = Units::one(u8::try_from(epoch - 3).unwrap());
			assert_ok!(Deals::release_units(who, id, FIRST, other));
			assert_eq!(Workers::<Test>::get(id, FIRST).len(), kept);
		}
	});
}

#[test]
fn contest_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = reported();
		assert_noop!(contest(DealId(9), Units::one(0), 2), Error::<Test>::UnknownDeal);
		assert_noop!(contest(id, Units::NONE, 2), Error::<Test>::NoUnits);
		let who = RuntimeOrigin::signed(developer());
		let unknown = Deals::contest(who, id, ServerId(9), Units::one(0), 2);
		assert_noop!(unknown, Error::<Test>::UnknownAllocation);
	});
}

#[test]
fn contest_is_refused_to_others() {
	execute(|| {
		let id = reported();
		assert_ok!(set_key(id, Some(&gateway())));
		for who in [stranger(), provider(), operator()] {
			let who = RuntimeOrigin::signed(who);
			let contested = Deals::contest(who, id, FIRST, Units::one(0), 2);
			assert_noop!(contested, Error::<Test>::NotContestant);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let contested = Deals::contest(origin, id, FIRST, Units::one(0), 2);
			assert_noop!(contested, DispatchError::BadOrigin);
		}
	});
}
