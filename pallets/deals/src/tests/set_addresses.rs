use super::*;
use crate::{AddressesOf, Error, Event, Multiaddress};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::api::ServerAddresses;
use marketplace_testkit::operator;
use sp_runtime::DispatchError;

fn list(bytes: &[u8]) -> AddressesOf {
	let of = |byte: &u8| Multiaddress::truncate_from(vec![*byte; 3]);
	AddressesOf::truncate_from(bytes.iter().map(of).collect())
}

fn set(who: AccountId32, id: DealId, server: ServerId, bytes: &[u8]) -> DispatchResult {
	Deals::set_addresses(RuntimeOrigin::signed(who), id, server, list(bytes))
}

fn told(id: DealId) -> Vec<(ServerId, Vec<Vec<u8>>)> {
	let of = |entry: ServerAddresses| (entry.server, entry.addresses);
	Deals::subnet_record(id).servers.into_iter().map(of).collect()
}

#[test]
fn set_addresses_replaces_the_addresses_of_one_server() {
	execute(|| {
		let id = two_servers();
		events();
		assert_eq!(told(id), vec![(FIRST, vec![]), (SECOND, vec![])]);
		for (who, bytes) in
			[(operator(), &[1, 2, 3, 4][..]), (provider(), &[5][..]), (provider(), &[][..])]
		{
			assert_ok!(set(who, id, FIRST, bytes));
			let addresses = list(bytes);
			let set = Event::AddressesSet { deal: id, server: FIRST, addresses };
			assert_eq!(events(), vec![set]);
			let all = bytes.iter().map(|byte| vec![*byte; 3]).collect();
			assert_eq!(told(id), vec![(FIRST, all), (SECOND, vec![])]);
		}
		assert_eq!(crate::Addresses::<Test>::iter_keys().count(), 0);
	});
}

#[test]
fn set_addresses_is_forgotten_with_the_deal() {
	execute(|| {
		let id = two_servers();
		assert_ok!(set(operator(), id, FIRST, &[1]));
		contested_until(5);
		assert_noop!(set(operator(), id, FIRST, &[2]), Error::<Test>::DealEnded);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[]));
	});
}

#[test]
fn set_addresses_is_refused_to_others() {
	execute(|| {
		let id = two_servers();
		assert_noop!(set(operator(), DealId(9), FIRST, &[1]), Error::<Test>::UnknownDeal);
		let nowhere = ServerId(9);
		assert_noop!(set(operator(), id, nowhere, &[1]), Error::<Test>::UnknownAllocation);
		for who in [stranger(), developer(), other_provider()] {
			assert_noop!(set(who, id, FIRST, &[1]), Error::<Test>::NotOperator);
		}
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Deals::set_addresses(origin, id, FIRST, list(&[1]));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}
