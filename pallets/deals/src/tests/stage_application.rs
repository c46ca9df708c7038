use super::*;
use crate::{Error, Event, Rollouts, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{
	api::{Application, RolloutInfo, RolloutServer},
	traits::DealOrigin,
	Cid, OfferBook, Units,
};
use marketplace_testkit::operator;
use sp_runtime::{DispatchError, DispatchResultWithInfo, Percent};

type Post = frame_support::dispatch::PostDispatchInfo;

/// The application whose bytes are all `byte`; that of offers for 0.
pub fn application(byte: u8) -> Application {
	let app_cid = if byte == 0 { Cid::default() } else { Cid::truncate_from(vec![byte; 36]) };
	Application { app_cid, plan_hash: [byte; 32] }
}

/// The developer stages such an application, `step` percent with each epoch.
pub fn stage(id: DealId, byte: u8, step: u8) -> DispatchResultWithInfo<Post> {
	stage_by(RuntimeOrigin::signed(developer()), id, byte, step)
}

fn stage_by(who: RuntimeOrigin, id: DealId, byte: u8, step: u8) -> DispatchResultWithInfo<Post> {
	let Application { app_cid, plan_hash } = application(byte);
	Deals::stage_application(who, id, app_cid, plan_hash, Percent::from_percent(step))
}

/// What the deal and those that it seeks run.
pub fn runs(id: DealId) -> Application {
	let deal = record(id);
	for (offer, _) in MockOffers::open().into_iter().filter(|(_, terms)| terms.deal == Some(id)) {
		let DealOrigin { app_cid, plan_hash } = MockOffers::origin(offer).expect("it is open");
		assert_eq!((&app_cid, plan_hash), (&deal.app_cid, deal.plan_hash));
	}
	Application { app_cid: deal.app_cid, plan_hash: deal.plan_hash }
}

/// The units whose turn has come, server by server.
pub fn turned(id: DealId) -> Vec<(ServerId, Units)> {
	let rollout = Deals::rollout(id).expect("a change is under way");
	rollout.servers.into_iter().map(|of| (of.server, of.units)).collect()
}

#[test]
fn stage_application_gives_units_their_turns() {
	execute(|| {
		let id = lasting();
		events();
		let post = stage(id, 7, 30).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::stage_application(2)));
		let Application { app_cid, plan_hash } = application(7);
		let step = Percent::from_percent(30);
		assert_eq!(
			events(),
			vec![Event::ApplicationStaged {
				deal: id,
				version: 1,
				app_cid,
				plan_hash,
				from: 2,
				step
			}]
		);
		assert_eq!((runs(id), record(id).app_version), (application(7), 1));
		let listed = |server, units| RolloutServer { server, units, acknowledged: false };
		for (epoch, first, second) in [(1, 0, 0), (2, 2, 0), (3, 4, 0), (4, 4, 2), (11, 4, 2)] {
			MockUnits::set_epoch(epoch);
			let servers =
				vec![listed(FIRST, Units::first(first)), listed(SECOND, Units::first(second))];
			let (before, after) = (application(0), application(7));
			let info = RolloutInfo { version: 1, from: 2, step, before, after, servers };
			assert_eq!(Deals::rollout(id), Some(info));
		}
	});
}

#[test]
fn stage_application_changes_what_is_sought() {
	execute(|| {
		let id = wanting();
		let all = MockEscrow::total();
		events();
		assert_ok!(stage(id, 7, 10));
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow, held(id)), (2, 10, 200, 600));
		assert_eq!((runs(id), MockEscrow::total()), (application(7), all));
		let sought = Event::UnitsSought { deal: id, offer, units: 2, max_price: 10, escrow };
		assert_eq!(events().last(), Some(&sought));
		// who joins now runs it from the start, and takes no part
		assert_ok!(fill(offer.0, &[fill_of(30, provider(), 2, 10)]));
		MockUnits::set_epoch(2);
		assert_eq!(turned(id), vec![(FIRST, Units::first(1)), (SECOND, Units::NONE)]);
	});
}

#[test]
fn stage_application_pays_what_the_open_offer_was_raised_to() {
	execute(|| {
		let id = wanting();
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 12;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
		assert_ok!(stage(id, 7, 10));
		assert_eq!(open_offer().map(|(_, _, escrow)| escrow), Some(2 * 12 * 10));
		assert_eq!((record(id).max_price, held(id)), (12, 600));
	});
}

#[test]
fn stage_application_fixes_the_turns_whoever_leaves() {
	execute(|| {
		let id = lasting();
		// 2 of 6 units with epoch 2, and one more with each: the fifth is the second server's first
		assert_ok!(stage(id, 7, 17));
		let who = || RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who(), id, FIRST, Units::first(2)));
		let at = |epoch| {
			MockUnits::set_epoch(epoch);
			turned(id)
		};
		assert_eq!(at(3), vec![(FIRST, Units(0b111)), (SECOND, Units::NONE)]);
		assert_eq!(at(4), vec![(FIRST, Units(0b1100)), (SECOND, Units::NONE)]);
		assert_eq!(at(5), vec![(FIRST, Units(0b1100)), (SECOND, Units(0b1))]);
		assert_eq!(at(6), vec![(FIRST, Units(0b1100)), (SECOND, Units(0b11))]);
	});
}

#[test]
fn stage_application_counts_units_that_leave_later_alone() {
	execute(|| {
		let id = lasting();
		let who = || RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who(), id, FIRST, Units::first(2)));
		// they leave with epoch 4
		let staged = |epoch, byte| {
			MockUnits::set_epoch(epoch);
			assert_ok!(stage(id, byte, 100));
			let servers = Rollouts::<Test>::get(id).unwrap().servers;
			servers.into_iter().map(|staged| staged.units).collect::<Vec<_>>()
		};
		assert_eq!(staged(2, 1), vec![Units(0b1111), Units(0b11)]);
		assert_eq!(staged(3, 2), vec![Units(0b1100), Units(0b11)]);
		assert_ok!(Deals::release_units(who(), id, FIRST, Units(0b1100)));
		// a server that gave up all its units takes no part
		assert_eq!(staged(6, 3), vec![Units(0b11)]);
	});
}

#[test]
fn stage_application_waits_until_all_had_their_turn() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 50));
		for epoch in [1, 2] {
			MockUnits::set_epoch(epoch);
			assert_noop!(stage(id, 8, 50), Error::<Test>::RolloutRuns);
		}
		// nobody acknowledged anything
		MockUnits::set_epoch(3);
		assert_ok!(stage(id, 8, 100));
		let rollout = Deals::rollout(id).unwrap();
		assert_eq!((rollout.version, rollout.from), (2, 4));
		assert_eq!((rollout.before, rollout.after), (application(7), application(8)));
	});
}

#[test]
fn stage_application_does_not_wait_for_units_that_are_gone() {
	execute(|| {
		let id = lasting();
		// of 6 units 4 have had their turn with epoch 3, 5 with epoch 4
		assert_ok!(stage(id, 7, 26));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, SECOND, Units::first(2)));
		MockUnits::set_epoch(3);
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::acknowledge(who, id, FIRST, 1));
		assert_noop!(stage(id, 8, 50), Error::<Test>::RolloutRuns);
		// the second server's leave with epoch 4
		MockUnits::set_epoch(4);
		assert_ok!(stage(id, 8, 50));
	});
}

#[test]
fn stage_application_is_refused_for_a_wrong_application() {
	execute(|| {
		let id = lasting();
		assert_noop!(stage(id, 0, 50), Error::<Test>::EmptyCid);
		assert_noop!(stage(id, 7, 0), Error::<Test>::InvalidStep);
	});
}

#[test]
fn stage_application_is_refused_where_no_epoch_is_left() {
	execute(|| {
		let id = lasting();
		for epoch in [11, 12] {
			MockUnits::set_epoch(epoch);
			assert_noop!(stage(id, 7, 50), Error::<Test>::DealEnded);
		}
		MockUnits::set_epoch(10);
		assert_ok!(stage(id, 7, 50));
	});
}

#[test]
fn stage_application_is_refused_once_notice_was_given() {
	execute(|| {
		let id = lasting();
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_noop!(stage(id, 7, 50), Error::<Test>::Terminated);
	});
}

#[test]
fn stage_application_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		assert_noop!(stage(DealId(9), 7, 50), Error::<Test>::UnknownDeal);
		for who in [stranger(), provider()] {
			let refused = stage_by(RuntimeOrigin::signed(who), id, 7, 50);
			assert_noop!(refused, Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(stage_by(origin, id, 7, 50), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn stage_application_is_forgotten_with_the_deal() {
	execute(|| {
		let id = two_servers();
		assert_ok!(stage(id, 7, 1));
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(Deals::rollout(id), None);
	});
}
