use super::*;
use crate::{Error, Event, Proposal, Side};
use frame_support::{assert_noop, assert_ok, assert_storage_noop};
use marketplace_primitives::Price;
use marketplace_testkit::operator;
use sp_runtime::DispatchError;

/// `who` proposes a price for the first server's units.
pub fn propose(who: AccountId32, id: DealId, price: impl Into<Option<Price>>) -> DispatchResult {
	propose_for(who, id, FIRST, price)
}

/// The same for those of any server.
pub fn propose_for(
	who: AccountId32,
	id: DealId,
	server: ServerId,
	price: impl Into<Option<Price>>,
) -> DispatchResult {
	Deals::propose_price(RuntimeOrigin::signed(who), id, server, price.into())
}

fn proposed(deal: DealId, side: Side, price: impl Into<Option<Price>>) -> Event<Test> {
	Event::PriceProposed { deal, server: FIRST, side, price: price.into() }
}

#[test]
fn propose_price_takes_the_place_of_the_proposal_before() {
	execute(|| {
		let id = lasting();
		events();
		assert_eq!(Deals::proposal(id, FIRST), None);
		let (mine, theirs) = (Side::Developer, Side::Provider);
		for (who, side, price) in [
			(developer(), mine, 6),
			(developer(), mine, 4),
			(provider(), theirs, 8),
			(developer(), mine, 7),
		] {
			assert_ok!(propose(who, id, price));
			assert_eq!(Deals::proposal(id, FIRST), Some(Proposal { side, price }));
		}
		let expected = [(mine, 6), (mine, 4), (theirs, 8), (mine, 7)];
		let expected = expected.map(|(side, price)| proposed(id, side, price));
		assert_eq!(events(), expected);
		// nothing else changed
		assert_eq!((part(id, FIRST).price, held(id)), (5, 600));
		assert_eq!(Deals::proposal(id, SECOND), None);
	});
}

#[test]
fn propose_price_takes_back_what_the_same_side_proposed() {
	execute(|| {
		let id = lasting();
		let none = || None::<Price>;
		assert_noop!(propose(developer(), id, none()), Error::<Test>::NoProposal);
		assert_ok!(propose(developer(), id, 6));
		assert_noop!(propose(provider(), id, none()), Error::<Test>::NoProposal);
		events();
		assert_ok!(propose(developer(), id, none()));
		assert_eq!(events(), vec![proposed(id, Side::Developer, none())]);
		assert_eq!(Deals::proposal(id, FIRST), None);
		assert_ok!(propose(provider(), id, 6));
		assert_noop!(propose(developer(), id, none()), Error::<Test>::NoProposal);
		assert_ok!(propose(provider(), id, none()));
		assert_eq!(Deals::proposal(id, FIRST), None);
	});
}

#[test]
fn propose_price_is_refused_for_a_wrong_price() {
	execute(|| {
		let id = lasting();
		for price in [0, 10_001, u128::MAX] {
			assert_noop!(propose(developer(), id, price), Error::<Test>::InvalidPrice);
		}
		// above the limit is a matter of the two sides
		assert_ok!(propose(developer(), id, 1_234_000));
	});
}

#[test]
fn propose_price_is_refused_after_the_end() {
	execute(|| {
		let id = two_servers();
		assert_ok!(propose(developer(), id, 6));
		MockUnits::set_epoch(5);
		assert_noop!(propose(developer(), id, 7), Error::<Test>::DealEnded);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn propose_price_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		assert_noop!(propose(developer(), DealId(9), 6), Error::<Test>::UnknownDeal);
		let unknown =
			Deals::propose_price(RuntimeOrigin::signed(developer()), id, ServerId(9), Some(6));
		assert_noop!(unknown, Error::<Test>::UnknownAllocation);
		for who in [stranger(), operator(), other_provider()] {
			assert_noop!(propose(who, id, 6), Error::<Test>::NotParty);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = || {
				let refused = Deals::propose_price(origin.clone(), id, FIRST, Some(6));
				assert_eq!(refused, Err(DispatchError::BadOrigin));
			};
			assert_storage_noop!(refused());
		}
	});
}
