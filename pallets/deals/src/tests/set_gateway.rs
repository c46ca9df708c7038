use super::*;
use crate::{Error, Event, RequestTerms};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

fn other() -> sr25519::Pair {
	sr25519::Pair::from_seed(&[2; 32])
}

fn key(pair: &sr25519::Pair) -> GatewayKey {
	GatewayKey::Sr25519(pair.public())
}

#[test]
fn set_gateway_names_changes_and_removes_the_key() {
	execute(|| {
		let id = lasting();
		events();
		assert_eq!(Deals::requests(id), RequestTerms::default());
		let changes = [
			(1, Some(gateway()), None),
			(1, Some(other()), Some((key(&gateway()), 4))),
			(4, None, Some((key(&other()), 7))),
			(7, Some(gateway()), None),
		];
		for (version, (epoch, pair, retired)) in (1u32..).zip(changes) {
			MockUnits::set_epoch(epoch);
			assert_ok!(set_key(id, pair.as_ref()));
			let key = pair.as_ref().map(key);
			let terms = RequestTerms { key, version, retired, unspent: 0 };
			assert_eq!(Deals::requests(id), terms);
			let retires = retired.map(|(_, until)| until);
			assert_eq!(events(), vec![Event::GatewaySet { deal: id, key, version, retires }]);
		}
	});
}

#[test]
fn set_gateway_waits_until_vouchers_of_the_key_before_are_redeemed() {
	execute(|| {
		let id = with_requests();
		assert_ok!(set_key(id, Some(&other())));
		for pair in [None, Some(&gateway())] {
			assert_noop!(set_key(id, pair), Error::<Test>::KeyChanging);
		}
		// the rest of this epoch, and two whole ones
		MockUnits::set_epoch(3);
		assert_noop!(set_key(id, None), Error::<Test>::KeyChanging);
		assert_ok!(redeem(id, 10));
		MockUnits::set_epoch(4);
		assert_noop!(redeem(id, 20), Error::<Test>::WrongVersion);
		assert_ok!(set_key(id, None));
		assert_eq!(MockEscrow::paid_to(&provider()), 10);
	});
}

#[test]
fn set_gateway_is_refused_when_it_makes_no_sense() {
	execute(|| {
		let id = lasting();
		assert_noop!(set_key(id, None), Error::<Test>::NoGateway);
		assert_noop!(set_key(DealId(9), None), Error::<Test>::UnknownDeal);
		end_at(12);
		assert_noop!(set_key(id, Some(&other())), Error::<Test>::DealEnded);
	});
}

#[test]
fn set_gateway_is_refused_to_others() {
	execute(|| {
		let id = lasting();
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			let key = Some(key(&other()));
			assert_noop!(Deals::set_gateway(who, id, key), Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Deals::set_gateway(origin, id, None), DispatchError::BadOrigin);
		}
	});
}
