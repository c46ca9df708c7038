use super::*;
use crate::{AttestationsOf, Error, Server, Servers};
use frame_support::assert_noop;
use marketplace_testkit::{other_provider, MockBook};
use sp_runtime::traits::BadOrigin;

fn declare(ids: &[u8]) -> DispatchResult {
	Providers::declare_attributes(signed(provider()), SERVER, of(ids))
}

#[test]
fn declare_attributes_changes_the_attributes_alone() {
	checked(|| {
		with_server(8);
		let (before, deposit) = (Servers::<Test>::get(SERVER).unwrap(), held(&provider()));

		assert_ok!(declare(&[EFFECTOR, FEATURE]));

		let attributes = of(&[EFFECTOR, FEATURE]);
		let after = Servers::<Test>::get(SERVER).unwrap();
		assert_eq!(after, Server { attributes, ..before });
		assert_eq!(held(&provider()), deposit);
		assert!(MockBook::take().is_empty());
		let attested = Attributes::NONE;
		expect_event(Event::AttributesDeclared { server: SERVER, attributes, attested });
	});
}

#[test]
fn declare_attributes_is_what_later_asks_offer() {
	checked(|| {
		with_server(8);
		assert_ok!(declare(&[EFFECTOR]));
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_eq!(Providers::asks(SERVER)[0].1.attributes, of(&[EFFECTOR]));
	});
}

#[test]
fn declare_attributes_ends_attestations_of_what_is_declared_no_more() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU, FEATURE]));
		assert_ok!(attest(other_attestor(), &[CPU]));
		MockBook::take();

		assert_ok!(declare(&[EFFECTOR, FEATURE]));

		assert_eq!(Providers::attestations(SERVER), vec![(attestor(), of(&[FEATURE]))]);
		assert_eq!(attested(), of(&[FEATURE]));
		assert!(MockBook::take().is_empty());
		expect_event(Event::AttributesDeclared {
			server: SERVER,
			attributes: of(&[EFFECTOR, FEATURE]),
			attested: of(&[FEATURE]),
		});

		assert_ok!(declare(&[]));
		assert!(!AttestationsOf::<Test>::contains_key(SERVER));

		// what is declared again is not attested again
		assert_ok!(declare(&[CPU, FEATURE]));
		assert_eq!(attested(), Attributes::NONE);
	});
}

#[test]
fn declare_attributes_keeps_retired_ones_but_adds_none() {
	checked(|| {
		with_server(8);
		assert_ok!(Providers::set_attribute(RuntimeOrigin::root(), CPU, None));
		assert_ok!(declare(&[CPU, FEATURE]));
		assert_ok!(declare(&[FEATURE]));
		assert_noop!(declare(&[CPU, FEATURE]), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn declare_attributes_fails_when_one_is_unknown() {
	checked(|| {
		with_server(8);
		assert_noop!(declare(&[CPU, 2]), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn declare_attributes_fails_when_the_server_has_asks() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_noop!(declare(&[CPU, FEATURE]), Error::<Test>::HasAsks);
		assert_ok!(Providers::withdraw_ask(signed(provider()), ASK));
		assert_ok!(declare(&[CPU, FEATURE]));
	});
}

#[test]
fn declare_attributes_fails_when_the_server_is_unknown_or_anothers() {
	checked(|| {
		with_server(8);
		assert_noop!(
			Providers::declare_attributes(signed(provider()), ServerId(9), of(&[CPU])),
			Error::<Test>::UnknownServer
		);
		for who in [operator(), other_provider()] {
			assert_noop!(
				Providers::declare_attributes(signed(who), SERVER, of(&[CPU])),
				Error::<Test>::NotOwner
			);
		}
	});
}

#[test]
fn declare_attributes_fails_when_not_signed() {
	checked(|| {
		with_server(8);
		let origin = RuntimeOrigin::root();
		assert_noop!(Providers::declare_attributes(origin, SERVER, of(&[CPU])), BadOrigin);
	});
}
