use super::*;
use crate::{AskTickets, Asks, AsksOf, Error};
use frame_support::assert_noop;
use marketplace_testkit::{mocks::BookCall::AskWithdrawn, other_provider, MockBook};
use sp_runtime::traits::BadOrigin;

#[test]
fn withdraw_ask_removes_the_ask_tells_the_book_and_returns_the_deposit() {
	checked(|| {
		with_server(8);
		let before = held(&provider());
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		let ask = Asks::<Test>::get(ASK).unwrap();
		MockBook::take();

		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));

		assert_eq!(Asks::<Test>::get(ASK), None);
		assert!(!AskTickets::<Test>::contains_key(ASK));
		assert!(!AsksOf::<Test>::contains_key(SERVER));
		assert_eq!(MockBook::take(), vec![AskWithdrawn(ASK, ask)]);
		assert_eq!(held(&provider()), before);
		expect_event(Event::AskWithdrawn { ask_id: ASK, server: SERVER });
	});
}

#[test]
fn withdraw_ask_leaves_the_others() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_ok!(try_set_ask(SERVER, Units(2), 5));
		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));
		assert_eq!(AsksOf::<Test>::get(SERVER).into_inner(), vec![AskId(1)]);
	});
}

#[test]
fn withdraw_ask_fails_when_the_ask_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_noop!(
			Providers::withdraw_ask(signed(provider()), AskId(9)),
			Error::<Test>::UnknownAsk
		);
		for who in [operator(), other_provider()] {
			assert_noop!(Providers::withdraw_ask(signed(who), ASK), Error::<Test>::NotOwner);
		}
	});
}

#[test]
fn withdraw_ask_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_noop!(Providers::withdraw_ask(RuntimeOrigin::root(), ASK), BadOrigin);
	});
}
