use super::*;
use crate::{Deals as DealRecords, Ending, Error, Event, WeightInfo, Wishes};
use frame_support::assert_ok;
use marketplace_primitives::{Epoch, OfferBook, Units};
use marketplace_testkit::{developer, stranger};
use sp_runtime::{AccountId32, ArithmeticError, DispatchError, DispatchResultWithInfo, TokenError};

type Post = frame_support::dispatch::PostDispatchInfo;

fn extend_by(who: AccountId32, id: DealId, epochs: Epoch) -> DispatchResultWithInfo<Post> {
	Deals::extend_deal(RuntimeOrigin::signed(who), id, epochs, u128::MAX)
}

fn extend(id: DealId, epochs: Epoch) -> DispatchResultWithInfo<Post> {
	extend_by(stranger(), id, epochs)
}

#[test]
fn extend_deal_moves_the_end_and_funds_it() {
	execute(|| {
		let id = two_servers();
		events();
		let post = extend(id, 4).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::extend_deal(2)));
		let deal = record(id);
		assert_eq!((deal.start, deal.end, deal.due), (2, 9, 9));
		assert!(!Ending::<Test>::contains_key(5u32.to_be_bytes(), id));
		assert!(Ending::<Test>::contains_key(9u32.to_be_bytes(), id));
		for (server, funded) in [(FIRST, 4 * 7), (SECOND, 2 * 7)] {
			assert_eq!((part(id, server).funded, part(id, server).until), (funded, 9));
			assert_eq!(MockUnits::reservation(server, id).unwrap().end, 9);
		}
		assert_eq!(held(id), 180 + 6 * 10 * 4);
		let extended = Event::DealExtended { deal: id, payer: stranger(), end: 9, amount: 240 };
		assert_eq!(events(), vec![extended]);
	});
}

#[test]
fn extend_deal_pays_servers_for_the_longer_term() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 8);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_ok!(extend(id, 4));
		MockUnits::serve(FIRST, id, 100);
		contested_until(9);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(MockEscrow::paid_to(&provider()), 4 * 7 * 5);
		// who paid for the extension does not matter: the rest is the developer's
		let closed = MockEscrow::record(EscrowId::Deal(id)).unwrap();
		assert_eq!(closed.refunded, 180 + 240 - 140);
	});
}

#[test]
fn extend_deal_seeks_what_is_wanted_for_the_longer_term() {
	execute(|| {
		let id = wanting();
		MockUnits::set_epoch(3);
		events();
		assert_ok!(extend(id, 2));
		// epochs 4 to 13 are left for 2 units at 10; what the offer held for 2 and 3 is the deal's
		let (offer, terms, escrow) = open_offer().unwrap();
		assert_eq!((terms.units.min, terms.units.target, terms.filled), (1, 2, 0));
		assert_eq!((terms.term, terms.expiry, terms.max_price), (10, 12, 10));
		assert_eq!((terms.deal, terms.developer, terms.asset), (Some(id), developer(), ASSET));
		let wish = Wishes::<Test>::get(id).unwrap();
		assert_eq!((terms.placement, terms.attributes), (wish.placement, wish.attributes));
		assert_eq!((escrow, held(id)), (200, 600 + 200 + 8 * 10 * 2 - 200));
		assert_eq!(record(id).offer, offer);
		assert_eq!(MockOffers::terms(OfferId(1)), None);
		let (max_price, amount) = (10, 160);
		assert_eq!(
			events(),
			vec![
				Event::DealExtended { deal: id, payer: stranger(), end: 14, amount },
				Event::UnitsSought { deal: id, offer, units: 2, max_price, escrow: 200 },
			]
		);
		let joined = fill(offer.0, &[fill_of(30, provider(), 2, 10)]);
		assert_eq!(joined, Ok(id));
		assert_eq!(part(id, ServerId(30)).funded, 20);
	});
}

#[test]
fn extend_deal_does_not_seek_what_nobody_wants_any_more() {
	execute(|| {
		let id = wanting();
		let (offer, mut terms, _) = open_offer().unwrap();
		terms.expiry = 2;
		MockOffers::put(offer, terms);
		MockUnits::set_epoch(3);
		events();
		assert_ok!(extend(id, 2));
		let (payer, end) = (stranger(), 14);
		assert_eq!(events(), vec![Event::DealExtended { deal: id, payer, end, amount: 120 }]);
		// what it held is the deal's
		assert_eq!((open_offer(), held(id)), (None, 600 + 120 + 200));
	});
}

#[test]
fn extend_deal_costs_what_the_open_offer_was_raised_to() {
	execute(|| {
		let id = wanting();
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 12;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow / 5);
		assert_ok!(extend(id, 1));
		assert_eq!(record(id).max_price, 12);
		assert_eq!(open_offer().map(|(_, terms, _)| terms.max_price), Some(12));
		assert_eq!(held(id), 600 + 240 + 8 * 12 - 2 * 12 * 11);
	});
}

#[test]
fn extend_deal_costs_no_less_than_each_units_price() {
	execute(|| {
		let id = two_servers();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::withdraw_surplus(who, id, 6));
		let kept = held(id);
		assert_ok!(extend(id, 2));
		// 4 units at 5 for the limit of 6, 2 units for their own price of 7
		assert_eq!(held(id), kept + 2 * (4 * 6 + 2 * 7));
	});
}

#[test]
fn extend_deal_works_in_the_last_epoch() {
	execute(|| {
		let id = wanting();
		end_at(11);
		assert_ok!(extend(id, 1));
		// the offer could match in the last epoch but one only
		assert_eq!(record(id).end, 13);
		end_at(13);
		assert_refused!(extend(id, 1), Error::<Test>::DealEnded);
	});
}

#[test]
fn extend_deal_passes_over_servers_without_units() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, SECOND, Units::first(2)));
		assert_ok!(extend(id, 4));
		assert_eq!((part(id, SECOND).funded, part(id, SECOND).until), (4, 12));
		assert_eq!(MockUnits::reservation(SECOND, id).unwrap().end, 12);
		assert_eq!(held(id), 600 + 4 * 10 * 4);
	});
}

#[test]
fn extend_deal_funds_the_replacement_of_units_that_failed() {
	execute(|| {
		let id = lasting();
		MockUnits::fail(SECOND, Units::first(2));
		assert_ok!(extend(id, 4));
		// the ledger knows nothing to prolong, and the money is there
		assert_eq!((part(id, SECOND).funded, part(id, SECOND).until), (28, 12));
		assert_eq!(MockUnits::reservation(SECOND, id).unwrap().end, 12);
		assert_eq!(held(id), 600 + 6 * 10 * 4);
		assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, SECOND));
		assert_eq!(open_offer().map(|(_, _, escrow)| escrow), Some(2 * 10 * 14));
	});
}

#[test]
fn extend_deal_is_refused_beyond_the_longest_term() {
	execute(|| {
		post(1, 6, 10, 3);
		let mut short = fill_of(20, other_provider(), 2, 7);
		short.max_term = 5;
		let id = fill(1, &[fill_of(10, provider(), 4, 5), short]).unwrap();
		assert_refused!(extend(id, 3), Error::<Test>::TermTooLong);
		assert_ok!(extend(id, 2));
		assert_refused!(extend(id, 1), Error::<Test>::TermTooLong);
	});
}

#[test]
fn extend_deal_is_refused_beyond_the_commitment() {
	execute(|| {
		let id = two_servers();
		MockUnits::set_available(SECOND, Units::first(2), 6);
		assert_ok!(extend(id, 1));
		assert_refused!(extend(id, 1), DispatchError::Other("not covered"));
		// the mock ledger does not roll back
		assert_ok!(<MockUnits as marketplace_primitives::UnitLedger>::shorten(FIRST, id, 6));
	});
}

#[test]
fn extend_deal_is_refused_above_what_the_signer_is_ready_to_pay() {
	execute(|| {
		let id = two_servers();
		let who = || RuntimeOrigin::signed(stranger());
		assert_refused!(Deals::extend_deal(who(), id, 2, 119), Error::<Test>::CostTooHigh);
		// the developer wants more in the meantime
		assert_ok!(Deals::enlarge(RuntimeOrigin::signed(developer()), id, 1));
		assert_refused!(Deals::extend_deal(who(), id, 2, 120), Error::<Test>::CostTooHigh);
		assert_ok!(Deals::extend_deal(who(), id, 2, 140));
	});
}

#[test]
fn extend_deal_is_refused_without_the_money() {
	execute(|| {
		let id = two_servers();
		MockEscrow::make_poor(stranger());
		let error = DispatchError::Token(TokenError::FundsUnavailable);
		assert_refused!(extend(id, 1), error);
		assert_ok!(extend_by(developer(), id, 1));
	});
}

#[test]
fn extend_deal_is_refused_when_there_is_nothing_to_pay_for() {
	execute(|| {
		let id = two_servers();
		assert_refused!(extend(id, 0), Error::<Test>::NoEpochs);
		for server in [FIRST, SECOND] {
			MockUnits::fail(server, Units::first(4));
			assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
		}
		// all units are sought now, until the developer seeks none
		assert_ok!(extend(id, 1));
		MockOffers::remove(open_offer().unwrap().0);
		assert_refused!(extend(id, 1), Error::<Test>::NoUnits);
	});
}

#[test]
fn extend_deal_is_refused_when_the_deal_ended_or_notice_was_given() {
	execute(|| {
		let id = two_servers();
		end_at(5);
		assert_refused!(extend(id, 1), Error::<Test>::DealEnded);
		end_at(2);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_refused!(extend(id, 1), Error::<Test>::Terminated);
	});
}

#[test]
fn extend_deal_is_refused_when_numbers_overflow() {
	execute(|| {
		let id = two_servers();
		assert_refused!(extend(id, u32::MAX), ArithmeticError::Overflow);
		DealRecords::<Test>::mutate(id, |deal| deal.as_mut().unwrap().max_price = u128::MAX);
		assert_refused!(extend(id, 1), ArithmeticError::Overflow);
		DealRecords::<Test>::mutate(id, |deal| deal.as_mut().unwrap().max_price = 10);
	});
}

#[test]
fn extend_deal_is_refused_to_no_signer() {
	execute(|| {
		let id = two_servers();
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_refused!(Deals::extend_deal(origin, id, 1, u128::MAX), DispatchError::BadOrigin);
		}
		assert_refused!(extend(DealId(9), 1), Error::<Test>::UnknownDeal);
	});
}
