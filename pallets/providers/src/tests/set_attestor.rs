use super::*;
use crate::{Attestors, Error, MAX_ATTESTORS};
use frame_support::assert_noop;
use sp_runtime::traits::BadOrigin;

fn set(who: AccountId32, ids: &[u8]) -> DispatchResult {
	Providers::set_attestor(RuntimeOrigin::root(), who, of(ids))
}

#[test]
fn set_attestor_lets_an_account_attest() {
	checked(|| {
		assert_ok!(set(attestor(), &[CPU, FEATURE]));

		assert_eq!(Providers::attestors(), vec![(attestor(), of(&[CPU, FEATURE]))]);
		let attributes = of(&[CPU, FEATURE]);
		expect_event(Event::AttestorSet { attestor: attestor(), attributes });
	});
}

#[test]
fn set_attestor_changes_what_it_may_attest_and_leaves_what_it_attested() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));

		assert_ok!(set(attestor(), &[FEATURE]));

		assert_eq!(Attestors::<Test>::get(attestor()), Some(of(&[FEATURE])));
		assert_eq!(Attestors::<Test>::count(), 2);
		assert_eq!(attested(), of(&[CPU]));
	});
}

#[test]
fn set_attestor_removes_an_attestor_and_leaves_what_it_attested() {
	checked(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));

		assert_ok!(set(attestor(), &[]));

		assert_eq!(Attestors::<Test>::get(attestor()), None);
		assert_eq!(attested(), of(&[CPU]));
		expect_event(Event::AttestorRemoved { attestor: attestor() });
		assert_noop!(attest(attestor(), &[]), Error::<Test>::NotAttestor);
	});
}

#[test]
fn set_attestor_fails_when_there_are_as_many_as_may_be() {
	checked(|| {
		let numbered = |number: u32| account(u8::try_from(number).unwrap());
		for number in 100..100 + MAX_ATTESTORS {
			assert_ok!(set(numbered(number), &[CPU]));
		}
		assert_noop!(set(attestor(), &[CPU]), Error::<Test>::TooManyAttestors);
		assert_ok!(set(numbered(100), &[FEATURE]));
		assert_ok!(set(numbered(101), &[]));
		assert_ok!(set(attestor(), &[CPU]));
		assert_eq!(Providers::attestors().len(), 64);
	});
}

#[test]
fn set_attestor_fails_when_an_attribute_is_unknown() {
	checked(|| {
		assert_noop!(set(attestor(), &[CPU, 2]), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn set_attestor_may_leave_a_retired_attribute_to_who_had_it() {
	checked(|| {
		assert_ok!(set(attestor(), &[CPU]));
		assert_ok!(Providers::set_attribute(RuntimeOrigin::root(), CPU, None));
		assert_ok!(set(attestor(), &[CPU, FEATURE]));
		assert_noop!(set(other_attestor(), &[CPU]), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn set_attestor_fails_when_the_account_is_none() {
	checked(|| {
		assert_noop!(set(attestor(), &[]), Error::<Test>::NotAttestor);
	});
}

#[test]
fn set_attestor_fails_when_the_caller_is_not_the_admin() {
	checked(|| {
		let origin = signed(provider());
		assert_noop!(Providers::set_attestor(origin, provider(), of(&[CPU])), BadOrigin);
	});
}
