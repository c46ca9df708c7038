use super::*;
use crate::{AttestationsOf, Error};
use frame_support::assert_noop;
use marketplace_testkit::{mocks::BookCall::ServerChanged, stranger, MockBook};
use sp_runtime::traits::BadOrigin;

fn drop_attestation(attestor: AccountId32) -> DispatchResult {
	Providers::drop_attestation(signed(stranger()), SERVER, attestor)
}

#[test]
fn drop_attestation_removes_that_of_an_attestor_who_is_none_any_more() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU, FEATURE]));
		set_attestor(attestor(), Attributes::NONE);
		MockBook::take();

		assert_ok!(drop_attestation(attestor()));

		assert!(!AttestationsOf::<Test>::contains_key(SERVER));
		assert_eq!(attested(), Attributes::NONE);
		assert_eq!(MockBook::take(), vec![ServerChanged(SERVER)]);
		let (attestor, attributes) = (attestor(), Attributes::NONE);
		expect_event(Event::AttestationDropped { server: SERVER, attestor, attributes });
	});
}

#[test]
fn drop_attestation_leaves_what_may_still_be_attested() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU, FEATURE]));
		set_attestor(attestor(), of(&[FEATURE, EFFECTOR]));

		assert_ok!(drop_attestation(attestor()));

		let attributes = of(&[FEATURE]);
		assert_eq!(Providers::attestations(SERVER), vec![(attestor(), attributes)]);
		assert_eq!(attested(), attributes);
		let attestor = attestor();
		expect_event(Event::AttestationDropped { server: SERVER, attestor, attributes });
	});
}

#[test]
fn drop_attestation_leaves_what_others_attest() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_ok!(attest(other_attestor(), &[CPU]));
		set_attestor(attestor(), Attributes::NONE);
		MockBook::take();

		assert_ok!(drop_attestation(attestor()));

		assert_eq!(Providers::attestations(SERVER), vec![(other_attestor(), of(&[CPU]))]);
		assert_eq!(attested(), of(&[CPU]));
		assert!(MockBook::take().is_empty());
	});
}

#[test]
fn drop_attestation_fails_when_the_attestor_may_still_attest_it() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		set_attestor(attestor(), of(&[CPU]));
		assert_noop!(drop_attestation(attestor()), Error::<Test>::AttestationStands);
	});
}

#[test]
fn drop_attestation_fails_when_there_is_none() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_noop!(drop_attestation(other_attestor()), Error::<Test>::UnknownAttestation);
		assert_noop!(
			Providers::drop_attestation(signed(stranger()), ServerId(9), attestor()),
			Error::<Test>::UnknownServer
		);
	});
}

#[test]
fn drop_attestation_fails_when_not_signed() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		set_attestor(attestor(), Attributes::NONE);
		assert_noop!(
			Providers::drop_attestation(RuntimeOrigin::root(), SERVER, attestor()),
			BadOrigin
		);
	});
}
