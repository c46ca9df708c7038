use super::*;
use crate::{AttestationsOf, Call, Error, WeightInfo, MAX_ATTESTATIONS};
use frame_support::{assert_noop, dispatch::GetDispatchInfo};
use marketplace_primitives::OrderBook;
use marketplace_testkit::{
	mocks::BookCall::{ServerChanged, SupplyChanged},
	MockBook,
};
use sp_runtime::traits::BadOrigin;

#[test]
fn attest_vouches_for_attributes_and_tells_the_book() {
	checked(|| {
		with_attestors();

		assert_ok!(attest(attestor(), &[CPU, FEATURE]));

		let attributes = of(&[CPU, FEATURE]);
		assert_eq!(Providers::attestations(SERVER), vec![(attestor(), attributes)]);
		assert_eq!(attested(), attributes);
		assert_eq!(MockBook::take(), vec![ServerChanged(SERVER), SupplyChanged(SERVER)]);
		assert_eq!(held(&attestor()), 0);
		expect_event(Event::Attested { server: SERVER, attestor: attestor(), attributes });
	});
}

#[test]
fn attest_may_speak_of_a_server_with_asks() {
	checked(|| {
		with_attestors();
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_ok!(attest(attestor(), &[CPU]));
		assert_eq!(attested(), of(&[CPU]));
	});
}

#[test]
fn attest_takes_the_place_of_the_attestors_attestation() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU, FEATURE]));
		MockBook::take();

		// less: no new supply
		assert_ok!(attest(attestor(), &[CPU]));
		assert_eq!(Providers::attestations(SERVER), vec![(attestor(), of(&[CPU]))]);
		assert_eq!(attested(), of(&[CPU]));
		assert_eq!(MockBook::take(), vec![ServerChanged(SERVER)]);

		// one for another: new supply
		assert_ok!(attest(attestor(), &[EFFECTOR]));
		assert_eq!(attested(), of(&[EFFECTOR]));
		assert_eq!(MockBook::take(), vec![ServerChanged(SERVER), SupplyChanged(SERVER)]);
	});
}

#[test]
fn attest_keeps_what_others_attest() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_ok!(attest(other_attestor(), &[CPU, FEATURE]));
		assert_eq!(attested(), of(&[CPU, FEATURE]));
		MockBook::take();

		// nothing changes for the book
		assert_ok!(attest(attestor(), &[]));
		assert_eq!(attested(), of(&[CPU, FEATURE]));
		assert!(MockBook::take().is_empty());

		assert_ok!(attest(other_attestor(), &[FEATURE]));
		assert_eq!(attested(), of(&[FEATURE]));
	});
}

#[test]
fn attest_revokes_where_nothing_is_attested() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		MockBook::take();

		assert_ok!(attest(attestor(), &[]));

		assert!(!AttestationsOf::<Test>::contains_key(SERVER));
		assert_eq!(attested(), Attributes::NONE);
		assert_eq!(MockBook::take(), vec![ServerChanged(SERVER)]);
		let attributes = Attributes::NONE;
		expect_event(Event::Attested { server: SERVER, attestor: attestor(), attributes });
	});
}

#[test]
fn attest_weighs_what_the_book_does_too() {
	checked(|| {
		let call = Call::<Test>::attest { server: SERVER, attributes: of(&[CPU]) };
		let book = <MockBook as OrderBook<AccountId32>>::server_weight();
		assert_eq!(call.get_dispatch_info().call_weight, <()>::attest().saturating_add(book));
	});
}

#[test]
fn attest_fails_when_the_caller_is_no_attestor() {
	checked(|| {
		with_attestors();
		for who in [provider(), operator()] {
			assert_noop!(attest(who, &[CPU]), Error::<Test>::NotAttestor);
		}
	});
}

#[test]
fn attest_fails_when_the_server_is_unknown() {
	checked(|| {
		with_attestors();
		assert_noop!(
			Providers::attest(signed(attestor()), ServerId(9), of(&[CPU])),
			Error::<Test>::UnknownServer
		);
	});
}

#[test]
fn attest_fails_when_the_attestor_may_not() {
	checked(|| {
		with_attestors();
		set_attestor(attestor(), of(&[CPU]));
		assert_noop!(attest(attestor(), &[CPU, FEATURE]), Error::<Test>::MayNotAttest);
	});
}

#[test]
fn attest_fails_when_the_server_does_not_declare_it() {
	checked(|| {
		with_attestors();
		let declared = of(&[CPU]);
		assert_ok!(Providers::declare_attributes(signed(provider()), SERVER, declared));
		assert_noop!(attest(attestor(), &[CPU, FEATURE]), Error::<Test>::NotDeclared);
	});
}

#[test]
fn attest_fails_when_as_many_attest_as_may() {
	checked(|| {
		with_attestors();
		for number in 100..100 + MAX_ATTESTATIONS {
			let who = account(u8::try_from(number).unwrap());
			set_attestor(who.clone(), of(&[CPU]));
			assert_ok!(attest(who, &[CPU]));
		}
		assert_noop!(attest(attestor(), &[CPU]), Error::<Test>::TooManyAttestations);
		assert_ok!(attest(account(100), &[]));
		assert_ok!(attest(attestor(), &[CPU]));
		assert_eq!(Providers::attestations(SERVER).len(), 8);
	});
}

#[test]
fn attest_fails_when_there_is_nothing_to_revoke() {
	checked(|| {
		with_attestors();
		assert_noop!(attest(attestor(), &[]), Error::<Test>::UnknownAttestation);
	});
}

#[test]
fn attest_fails_when_not_signed() {
	checked(|| {
		with_attestors();
		let origin = RuntimeOrigin::root();
		assert_noop!(Providers::attest(origin, SERVER, of(&[CPU])), BadOrigin);
	});
}
