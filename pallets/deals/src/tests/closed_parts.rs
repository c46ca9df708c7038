//! Deals that go on with a part closed, or without any.

use super::{
	close_allocation::{close, leave, vacant},
	stage_application::stage,
	*,
};
use crate::{Error, Event, WeightInfo};
use frame_support::{assert_ok, dispatch::Pays, weights::Weight};
use marketplace_primitives::{Deals as _, Units};
use marketplace_testkit::operator;

type W = ();

const THIRD: ServerId = ServerId(30);

#[test]
fn a_server_whose_part_is_closed_is_not_taken_again() {
	execute(|| {
		let id = wanting();
		leave(id, FIRST, 4);
		MockUnits::set_epoch(6);
		assert_ok!(close(id, FIRST));
		let mut same = fill_of(FIRST.0, provider(), 1, 5);
		assert_eq!(fill(1, &[same.clone()]), Err(Error::<Test>::ServerTwice.into()));
		let placed = Deals::placed(id);
		let placed: Vec<_> = placed.iter().map(|placed| (placed.server, placed.units)).collect();
		assert_eq!(placed, [(FIRST, 0), (SECOND, 2)]);
		same = fill_of(THIRD.0, provider(), 1, 5);
		assert_ok!(fill(1, &[same]));
		assert_eq!(record(id).allocations, 2);
		assert_eq!(part(id, THIRD).start, 7);
	});
}

#[test]
fn a_server_whose_part_is_closed_counts_among_those_that_a_deal_had() {
	MaxServers::set(2);
	execute(|| {
		let id = vacant();
		assert_ok!(close(id, FIRST));
		let by_developer = || RuntimeOrigin::signed(developer());
		let enlarged = Deals::enlarge(by_developer(), id, 1);
		assert_refused!(enlarged, Error::<Test>::TooManyServers);
		// neither joined, nor anything sought for it, nor held for replacing units
		let mut terms = post(2, 1, 10, 10);
		terms.deal = Some(id);
		MockOffers::put(OfferId(2), terms);
		let joined = fill(2, &[fill_of(THIRD.0, provider(), 1, 5)]);
		assert_eq!(joined, Err(Error::<Test>::TooManyServers.into()));
		assert_ok!(Deals::withdraw_surplus(by_developer(), id, 10));
		assert_eq!(held(id), 140);
	});
	MaxServers::set(8);
}

/// A deal both of whose servers lost all units, in epoch 6: its offer seeks 8.
fn forsaken() -> DealId {
	let id = wanting();
	for server in [FIRST, SECOND] {
		MockUnits::fail(server, Units::first(4));
		assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
	}
	MockUnits::set_epoch(6);
	assert_ok!(close(id, FIRST));
	assert_ok!(close(id, SECOND));
	events();
	id
}

#[test]
fn a_deal_of_which_all_parts_are_closed_goes_on() {
	execute(|| {
		let id = forsaken();
		let deal = record(id);
		assert_eq!((deal.allocations, deal.units, deal.rate), (0, 0, 0));
		assert_eq!(Deals::do_try_state(), Ok(()));
		let info = Deals::deal_info(id).unwrap();
		assert_eq!((info.wanted, info.allocations.len()), (8, 0));
		assert_eq!((Deals::funded_until(id), Deals::subnet(id)), (Some(11), vec![]));
		assert!(Deals::subnet_record(id).servers.is_empty());
		// 8 units at 10 in epochs 2 to 11; epochs 1 to 2 had no replacement
		assert_eq!(MockEscrow::total(), 800);

		// it is changed as any other
		let by = |who| RuntimeOrigin::signed(who);
		let (anyone, dev) = (|| by(stranger()), || by(developer()));
		assert_ok!(Deals::extend_deal(anyone(), id, 2, 8 * 10 * 2));
		assert_ok!(Deals::enlarge(dev(), id, 1));
		assert_ok!(stage(id, 7, 50));
		assert_ok!(Deals::roll_back(dev(), id));
		assert_ok!(Deals::top_up(anyone(), id, 5));
		assert_ok!(Deals::withdraw_surplus(dev(), id, 10));
		assert_eq!(held(id), 0);

		// others join it
		let (offer, terms, _) = open_offer().unwrap();
		assert_eq!(terms.units.target, 9);
		assert_ok!(fill(offer.0, &[fill_of(THIRD.0, provider(), 3, 5)]));
		assert_eq!((record(id).allocations, part(id, THIRD).funded), (1, 3 * 7));
		MockUnits::serve(THIRD, id, 21);
		contested_until(14);
		idle(Weight::MAX);
		assert!(gone(id, &[FIRST, SECOND, THIRD]));
		assert_eq!(MockEscrow::paid_to(&provider()), 105);
	});
}

#[test]
fn a_deal_of_which_all_parts_are_closed_ends() {
	for by_call in [false, true] {
		execute(|| {
			let id = forsaken();
			assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
			assert_eq!(record(id).end, 9);
			contested_until(9);
			events();
			if by_call {
				let done = Deals::close_deal(RuntimeOrigin::signed(stranger()), id).unwrap();
				assert_eq!(done.actual_weight, Some(W::close_deal(0)));
				assert_eq!(done.pays_fee, Pays::No);
			} else {
				idle(Weight::MAX);
			}
			assert_eq!(events(), vec![Event::DealClosed { deal: id, refunded: 800 }]);
			assert!(gone(id, &[FIRST, SECOND]) && open_offer().is_none());
		});
	}
}

#[test]
fn nobody_extends_a_deal_without_parts_that_seeks_nothing() {
	execute(|| {
		let id = forsaken();
		let (offer, ..) = open_offer().unwrap();
		assert_ok!(<MockOffers as marketplace_primitives::OfferBook<_>>::recall(offer, id));
		let extended = Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 1, u128::MAX);
		assert_refused!(extended, Error::<Test>::NoUnits);
	});
}

#[test]
fn a_rollout_goes_on_without_a_part_that_is_closed() {
	execute(|| {
		let id = lasting();
		assert_ok!(stage(id, 7, 50));
		leave(id, FIRST, 4);
		MockUnits::set_epoch(6);
		assert_ok!(close(id, FIRST));
		assert_eq!(Deals::do_try_state(), Ok(()));
		let told = Deals::rollout(id).unwrap();
		let units: Vec<_> = told.servers.iter().map(|of| (of.server, of.units)).collect();
		assert_eq!(units, [(FIRST, Units::NONE), (SECOND, Units::first(2))]);
		let by = || RuntimeOrigin::signed(operator());
		let refused = Deals::acknowledge(by(), id, FIRST, 1);
		assert_refused!(refused, Error::<Test>::UnknownAllocation);
		assert_ok!(Deals::acknowledge(by(), id, SECOND, 1));
		assert_eq!(Deals::rollout(id), None);
		// one that is staged now looks at all servers that the deal ever had
		let done = stage(id, 8, 50).unwrap();
		assert_eq!(done.actual_weight, Some(W::stage_application(2)));
		let staged = Deals::rollout(id).unwrap().servers.len();
		assert_eq!(staged, 1);
	});
}
