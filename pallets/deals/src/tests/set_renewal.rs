use super::*;
use crate::{Error, Event, Renewals};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::api::Renewal;
use marketplace_testkit::{developer, stranger};
use sp_runtime::{DispatchError, DispatchResult};

const RENEWAL: Renewal = Renewal { epochs: 3, allowance: 500 };

fn set(id: DealId, renewal: Option<Renewal>) -> DispatchResult {
	Deals::set_renewal(RuntimeOrigin::signed(developer()), id, renewal)
}

#[test]
fn set_renewal_sets_changes_and_removes() {
	execute(|| {
		let id = two_servers();
		events();
		let longer = Renewal { epochs: 9, ..RENEWAL };
		for renewal in [Some(RENEWAL), Some(longer), None] {
			assert_ok!(set(id, renewal));
			assert_eq!(Renewals::<Test>::get(id), renewal);
			assert_eq!(events(), vec![Event::RenewalSet { deal: id, renewal }]);
		}
		assert_eq!(held(id), 180);
	});
}

#[test]
fn set_renewal_is_forgotten_with_the_deal() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(id, Some(RENEWAL)));
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[]));
	});
}

#[test]
fn set_renewal_is_refused_when_it_makes_no_sense() {
	execute(|| {
		let id = two_servers();
		let none = Some(Renewal { epochs: 0, ..RENEWAL });
		assert_noop!(set(id, none), Error::<Test>::NoEpochs);
		assert_noop!(set(DealId(9), Some(RENEWAL)), Error::<Test>::UnknownDeal);
		end_at(5);
		assert_noop!(set(id, Some(RENEWAL)), Error::<Test>::DealEnded);
	});
}

#[test]
fn set_renewal_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			assert_noop!(Deals::set_renewal(who, id, None), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::set_renewal(origin, id, None), DispatchError::BadOrigin);
		}
	});
}
