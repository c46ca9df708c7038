//! Deals that have had as many servers as a deal may have: nothing is sought for them any more.

use super::{stage_application::stage, *};
use crate::{Error, Event, WeightInfo};
use frame_support::{
	assert_ok,
	dispatch::Pays,
	weights::{Weight, WeightMeter},
};
use marketplace_primitives::{api::Renewal, Units};
use marketplace_testkit::operator;

type W = ();

/// Runs `test` where a deal has `servers` servers at most.
fn execute_with(servers: u32, test: impl FnOnce()) {
	let before = MaxServers::get();
	MaxServers::set(servers);
	execute(test);
	MaxServers::set(before);
}

fn by_developer() -> RuntimeOrigin {
	RuntimeOrigin::signed(developer())
}

const THIRD: ServerId = ServerId(30);

/// As [`wanting`], where a third server with a unit at 5 made the deal full: its offer still wants one for 100, and
/// escrow of the deal holds 700.
fn filled_up() -> DealId {
	let id = wanting();
	fill(1, &[fill_of(THIRD.0, provider(), 1, 5)]).expect("it fits");
	assert_eq!((held(id), open_offer().map(|(.., escrow)| escrow)), (700, Some(100)));
	events();
	id
}

/// What the servers of [`filled_up`] cost per epoch.
const RATE: u128 = 4 * 5 + 2 * 7 + 5;

fn not_sought(deal: DealId, units: u32) -> Event<Test> {
	Event::UnitsNotSought { deal, units }
}

fn dropped(deal: DealId, failed: Units, from: u32) -> Event<Test> {
	let (unaccepted, silent, contested) = (Units::NONE, Units::NONE, Units::NONE);
	Event::UnitsDropped { deal, server: FIRST, failed, unaccepted, silent, contested, from }
}

#[test]
fn a_full_deal_cannot_be_enlarged() {
	execute_with(3, || {
		let id = lasting();
		assert_ok!(Deals::enlarge(by_developer(), id, 1));
		let (offer, ..) = open_offer().unwrap();
		assert_ok!(fill(offer.0, &[fill_of(30, provider(), 1, 5)]));
		let total = MockEscrow::total();
		assert_refused!(Deals::enlarge(by_developer(), id, 1), Error::<Test>::TooManyServers);
		// servers without units count
		assert_ok!(Deals::release_units(by_developer(), id, SECOND, Units::first(2)));
		assert_refused!(Deals::enlarge(by_developer(), id, 1), Error::<Test>::TooManyServers);
		assert_eq!((MockEscrow::total(), open_offer()), (total, None));
	});
}

#[test]
fn units_that_a_full_deal_lost_leave_it() {
	execute_with(2, || {
		let id = lasting();
		MockUnits::set_epoch(4);
		let lost = Units::first(3);
		MockUnits::fail(FIRST, lost);
		MockUnits::set_epoch(3);
		assert_ok!(Deals::set_workers(
			RuntimeOrigin::signed(operator()),
			id,
			FIRST,
			workers(&[3], 1)
		));
		MockUnits::set_epoch(4);
		events();
		let post = Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST).unwrap();
		assert_eq!((post.actual_weight, post.pays_fee), (Some(W::replace(2)), Pays::No));
		assert_eq!(events(), vec![dropped(id, lost, 5), not_sought(id, 3)]);
		assert_eq!((part(id, FIRST).units, record(id).units), (Units::one(3), 3));
		assert_eq!((open_offer(), held(id)), (None, 600));
		assert_refused!(
			Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST),
			Error::<Test>::NothingMissing
		);
		// all but what the servers may still earn is surplus: the limit is above their prices, and replaces nothing
		assert_ok!(Deals::withdraw_surplus(by_developer(), id, 10));
		let sure = (3 * 3 + 10) * 5 + 20 * 7;
		let amount = 600 - sure;
		assert_eq!(events(), vec![Event::SurplusWithdrawn { deal: id, max_price: 10, amount }]);
		assert_eq!((held(id), MockEscrow::total()), (sure, 600));
		assert_eq!(Deals::funded_until(id), Some(11));
	});
}

#[test]
fn units_leave_a_full_deal_whatever_its_limit() {
	execute_with(2, || {
		// the limit was raised above what is held for the first server
		let id = raised();
		MockUnits::fail(FIRST, Units::first(2));
		events();
		assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(events(), vec![dropped(id, Units::first(2), 2), not_sought(id, 2)]);
	});
}

#[test]
fn the_hook_lets_units_leave_a_full_deal() {
	execute_with(2, || {
		let id = lasting();
		MockUnits::fail(FIRST, Units::first(4));
		events();
		let mut meter = WeightMeter::new();
		assert!(Deals::replace_by_hook(id, FIRST, &mut meter));
		assert_eq!(meter.consumed(), W::replace(2));
		assert_eq!(events(), vec![dropped(id, Units::first(4), 2), not_sought(id, 4)]);
	});
}

#[test]
fn contested_units_leave_a_full_deal() {
	execute_with(3, || {
		let id = filled_up();
		MockUnits::set_epoch(3);
		MockUnits::report(FIRST, id, Units::first(4), 2);
		let units = Units::first(2);
		assert_ok!(Deals::contest(by_developer(), id, FIRST, units, 2));
		let (failed, unaccepted, silent) = (Units::NONE, Units::NONE, Units::NONE);
		let (deal, server) = (id, FIRST);
		let contested = units;
		let (epoch, amount) = (2, 10);
		assert_eq!(
			events(),
			vec![
				Event::Contested { deal, server, units, epoch, amount },
				Event::UnitsDropped {
					deal,
					server,
					failed,
					unaccepted,
					silent,
					contested,
					from: 4
				},
				// with the one that the offer still wanted
				not_sought(id, 3),
			]
		);
		assert_eq!((open_offer(), held(id)), (None, 700 + 100 - 10));
	});
}

#[test]
fn an_offer_that_filled_a_deal_finds_nothing_any_more() {
	execute_with(3, || {
		let id = filled_up();
		let more = fill(1, &[fill_of(40, provider(), 1, 5)]);
		assert_eq!(more, Err(Error::<Test>::TooManyServers.into()));
		assert_eq!(Deals::deal_info(id).map(|info| info.wanted), Some(0));
		assert_eq!(open_offer().map(|(_, terms, _)| terms.units.target - terms.filled), Some(1));
	});
}

#[test]
fn withdraw_surplus_takes_back_the_offer_of_a_full_deal() {
	execute_with(3, || {
		let id = filled_up();
		let post = Deals::withdraw_surplus(by_developer(), id, 10).unwrap();
		assert_eq!(post.actual_weight, Some(W::withdraw_surplus(3)));
		let amount = 800 - 10 * RATE;
		let withdrawn = Event::SurplusWithdrawn { deal: id, max_price: 10, amount };
		assert_eq!(events(), vec![not_sought(id, 1), withdrawn.clone()]);
		assert_eq!((open_offer(), held(id)), (None, 10 * RATE));
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, amount);
		assert_eq!(MockEscrow::total(), 800);
		// nothing more is taken back
		assert_ok!(Deals::withdraw_surplus(by_developer(), id, 10));
		assert_eq!(events(), vec![Event::SurplusWithdrawn { deal: id, max_price: 10, amount: 0 }]);
	});
}

#[test]
fn an_extension_costs_nothing_for_what_a_full_deal_cannot_find() {
	execute_with(3, || {
		let id = filled_up();
		// even where the developer offered more for it
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 12;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
		// nor for replacing units at the limit
		let (payer, amount) = (stranger(), 2 * RATE);
		let extend = |most| Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 2, most);
		assert_refused!(extend(amount - 1), Error::<Test>::CostTooHigh);
		assert_ok!(extend(amount));
		let extended = Event::DealExtended { deal: id, payer, end: 14, amount };
		assert_eq!(events(), vec![extended, not_sought(id, 1)]);
		assert_eq!((open_offer(), held(id)), (None, 700 + 120 + amount));
		assert_eq!((record(id).max_price, Deals::funded_until(id)), (10, Some(13)));
	});
}

#[test]
fn a_renewal_takes_back_the_offer_of_a_full_deal() {
	execute_with(3, || {
		let id = filled_up();
		let renewal = Some(Renewal { epochs: 1, allowance: RATE });
		assert_ok!(Deals::set_renewal(by_developer(), id, renewal));
		MockUnits::set_epoch(9);
		events();
		assert_ok!(Deals::renew(RuntimeOrigin::signed(stranger()), id));
		let extended = Event::DealExtended { deal: id, payer: developer(), end: 13, amount: RATE };
		let renewed = Event::DealRenewed { deal: id, amount: RATE, allowance: 0 };
		assert_eq!(events(), vec![extended, not_sought(id, 1), renewed]);
		assert_eq!(open_offer(), None);
	});
}

#[test]
fn an_extension_is_refused_where_a_full_deal_has_no_units() {
	execute_with(2, || {
		let id = wanting();
		for server in [FIRST, SECOND] {
			MockUnits::fail(server, Units::first(4));
			assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
		}
		let extended = Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 1, u128::MAX);
		assert_refused!(extended, Error::<Test>::NoUnits);
	});
}

#[test]
fn another_application_takes_back_the_offer_of_a_full_deal() {
	execute_with(3, || {
		let id = filled_up();
		assert_ok!(stage(id, 7, 10));
		let told = events();
		assert!(matches!(told[..], [Event::ApplicationStaged { .. }, _]));
		assert_eq!((told.last(), open_offer()), (Some(&not_sought(id, 1)), None));
		assert_eq!(held(id), 800);
		assert_ok!(Deals::roll_back(by_developer(), id));
		assert!(matches!(events()[..], [Event::RolledBack { .. }]));
	});
	execute_with(3, || {
		let id = wanting();
		assert_ok!(stage(id, 7, 10));
		let (offer, ..) = open_offer().unwrap();
		assert_ok!(fill(offer.0, &[fill_of(30, provider(), 1, 5)]));
		events();
		assert_ok!(Deals::roll_back(by_developer(), id));
		let told = events();
		assert!(matches!(told[..], [Event::RolledBack { .. }, _]));
		assert_eq!((told.last(), open_offer()), (Some(&not_sought(id, 1)), None));
	});
}

#[test]
fn notice_takes_back_the_offer_of_a_full_deal() {
	execute_with(3, || {
		let id = filled_up();
		assert_ok!(Deals::terminate(by_developer(), id));
		// which it does in any deal
		assert_eq!(events(), vec![Event::DealTerminated { deal: id, end: 4 }]);
		assert_eq!((open_offer(), held(id)), (None, 800));
	});
}

#[test]
fn an_offer_that_expired_sought_nothing() {
	execute_with(3, || {
		let id = filled_up();
		let (offer, mut terms, _) = open_offer().unwrap();
		terms.expiry = 2;
		MockOffers::put(offer, terms);
		MockUnits::set_epoch(3);
		assert_ok!(Deals::withdraw_surplus(by_developer(), id, 10));
		assert!(matches!(events()[..], [Event::SurplusWithdrawn { amount: 410, .. }]));
		assert_eq!((open_offer(), held(id)), (None, 10 * RATE));
	});
}

#[test]
fn a_full_deal_closes_with_its_offer() {
	execute_with(3, || {
		let id = filled_up();
		MockUnits::serve(FIRST, id, 40);
		contested_until(12);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND, THIRD]));
		assert_eq!(open_offer(), None);
		assert_eq!(MockEscrow::paid_to(&provider()), 200);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded, 600);
	});
}

#[test]
fn another_price_in_a_full_deal_wants_nothing_for_replacing() {
	execute_with(2, || {
		let id = lasting();
		assert_ok!(Deals::withdraw_surplus(by_developer(), id, 10));
		let wages = 10 * (4 * 5 + 2 * 7);
		assert_eq!((record(id).max_price, held(id)), (10, wages));
		// the developer would agree to 6 for 40 unit-epochs
		assert_ok!(Deals::propose_price(by_developer(), id, FIRST, Some(6)));
		let accept = || {
			let who = RuntimeOrigin::signed(provider());
			Deals::accept_price(who, id, FIRST, 6, 0)
		};
		let top_up = |amount| Deals::top_up(RuntimeOrigin::signed(stranger()), id, amount);
		assert_ok!(top_up(39));
		assert_refused!(accept(), Error::<Test>::NotFunded);
		assert_ok!(top_up(1));
		assert_ok!(accept());
		assert_eq!((part(id, FIRST).price, held(id)), (6, wages + 40));
	});
}
