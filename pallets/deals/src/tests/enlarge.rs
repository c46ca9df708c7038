use super::*;
use crate::{Error, Event, WeightInfo};
use frame_support::{assert_noop, assert_ok};
use marketplace_testkit::{developer, stranger};
use sp_runtime::{DispatchError, DispatchResultWithInfo, TokenError};

type Post = frame_support::dispatch::PostDispatchInfo;

fn enlarge(id: DealId, units: u32) -> DispatchResultWithInfo<Post> {
	Deals::enlarge(RuntimeOrigin::signed(developer()), id, units)
}

#[test]
fn enlarge_seeks_units_for_the_rest_of_the_term() {
	execute(|| {
		let id = lasting();
		MockUnits::set_epoch(4);
		events();
		let post = enlarge(id, 3).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::enlarge(2)));
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.min, terms.units.target, terms.term), (1, 3, 7));
		assert_eq!((escrow, held(id)), (210, 600));
		assert_eq!(record(id).offer, offer);
		assert_eq!(
			events(),
			vec![
				Event::DealEnlarged { deal: id, units: 3, amount: 210 },
				Event::UnitsSought { deal: id, offer, units: 3, max_price: 10, escrow: 210 },
			]
		);
		assert_eq!(fill(offer.0, &[fill_of(30, provider(), 3, 9)]), Ok(id));
		let deal = record(id);
		assert_eq!((deal.units, deal.allocations, deal.rate), (9, 3, 34 + 27));
		assert_eq!(held(id), 810);
		let joined = Event::DealJoined { deal: id, offer, max_price: 10, units: 3, escrow: 210 };
		assert!(events().contains(&joined));
	});
}

#[test]
fn enlarge_joins_what_is_wanted_already() {
	execute(|| {
		let id = wanting();
		MockUnits::set_epoch(4);
		assert_ok!(enlarge(id, 3));
		let (_, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.target, terms.term, escrow), (5, 7, 5 * 10 * 7));
		// the first offer held 200: what it held for epochs 2, 3 and 4 is the deal's
		assert_eq!(held(id), 600 + 2 * 10 * 3);
		let first = open_offer().unwrap().0;
		assert_ok!(enlarge(id, 1));
		let (second, terms, _) = open_offer().unwrap();
		assert_eq!(terms.units.target, 6);
		assert!(second > first);
		assert_eq!(record(id).offer, second);
	});
}

#[test]
fn enlarge_costs_what_the_open_offer_was_raised_to() {
	execute(|| {
		let id = wanting();
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 12;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
		assert_ok!(enlarge(id, 1));
		assert_eq!(open_offer().map(|(_, _, escrow)| escrow), Some(3 * 12 * 10));
		assert_eq!((record(id).max_price, held(id)), (12, 600));
	});
}

#[test]
fn enlarge_is_refused_for_no_or_too_many_units() {
	execute(|| {
		let id = wanting();
		assert_noop!(enlarge(id, 0), Error::<Test>::NoUnits);
		for units in [93, u32::MAX] {
			assert_noop!(enlarge(id, units), Error::<Test>::TooManyUnits);
		}
		assert_ok!(enlarge(id, 92));
		assert_noop!(enlarge(id, 1), Error::<Test>::TooManyUnits);
	});
}

#[test]
fn enlarge_is_refused_when_no_epoch_is_left() {
	execute(|| {
		let id = lasting();
		for epoch in [11, 12, 13] {
			end_at(epoch);
			assert_noop!(enlarge(id, 1), Error::<Test>::DealEnded);
		}
		end_at(10);
		assert_ok!(enlarge(id, 1));
	});
}

#[test]
fn enlarge_is_refused_without_the_money() {
	execute(|| {
		let id = lasting();
		MockEscrow::make_poor(developer());
		let error = DispatchError::Token(TokenError::FundsUnavailable);
		assert_noop!(enlarge(id, 1), error);
	});
}

#[test]
fn enlarge_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_noop!(Deals::enlarge(who, id, 1), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::enlarge(origin, id, 1), DispatchError::BadOrigin);
		}
		assert_noop!(enlarge(DealId(9), 1), Error::<Test>::UnknownDeal);
	});
}
