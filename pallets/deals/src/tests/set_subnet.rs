use super::*;
use crate::{Error, Event, SubnetParameters};
use frame_support::{assert_noop, assert_ok, BoundedVec};
use marketplace_primitives::api::SubnetRecord;
use sp_runtime::DispatchError;

fn parameters(byte: u8) -> SubnetParameters {
	SubnetParameters {
		bootstrap: BoundedVec::truncate_from(vec![crate::Multiaddress::truncate_from(vec![byte])]),
		network: BoundedVec::truncate_from(vec![byte, byte]),
	}
}

fn set(id: DealId, byte: u8) -> DispatchResult {
	Deals::set_subnet(RuntimeOrigin::signed(developer()), id, parameters(byte))
}

#[test]
fn set_subnet_replaces_the_parameters_and_raises_the_version() {
	execute(|| {
		let id = two_servers();
		events();
		assert_eq!(Deals::subnet_record(id).version, 0);
		for (version, byte) in [(1, 7), (2, 9)] {
			assert_ok!(set(id, byte));
			let parameters = parameters(byte);
			assert_eq!(events(), vec![Event::SubnetSet { deal: id, version, parameters }]);
			let SubnetRecord { version: told, bootstrap, network, servers } =
				Deals::subnet_record(id);
			assert_eq!((told, bootstrap, network), (version, vec![vec![byte]], vec![byte, byte]));
			assert_eq!(servers.len(), 2);
		}
	});
}

#[test]
fn set_subnet_is_forgotten_with_the_deal() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(id, 7));
		contested_until(5);
		assert_noop!(set(id, 8), Error::<Test>::DealEnded);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[]));
		assert_eq!(Deals::subnet_record(id), SubnetRecord::default());
	});
}

#[test]
fn set_subnet_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		assert_noop!(set(DealId(9), 7), Error::<Test>::UnknownDeal);
		for who in [stranger(), provider()] {
			let who = RuntimeOrigin::signed(who);
			let refused = Deals::set_subnet(who, id, parameters(7));
			assert_noop!(refused, Error::<Test>::NotDeveloper);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Deals::set_subnet(origin, id, parameters(7));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}
