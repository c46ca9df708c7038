use super::*;
use crate::{
	vector::{PEER, SIGNATURE},
	Error, Pallet, PeerIds, Servers,
};
use codec::Encode;
use frame_support::assert_noop;
use marketplace_primitives::{City, Location, ServerRef};
use marketplace_testkit::{other_provider, stranger, MockUnits};
use sp_runtime::traits::BadOrigin;

fn site() {
	register_provider(provider());
	register_data_center(provider());
}

fn register_with(signature: PeerSignature) -> DispatchResult {
	let origin = signed(provider());
	Providers::register_server(origin, SITE, peer_id(1), signature, operator(), 8, DECLARED)
}

#[test]
fn register_server_stores_the_record_opens_its_units_and_holds_its_deposit() {
	checked(|| {
		site();
		let before = held(&provider());

		assert_ok!(try_register_server(provider(), SITE, 1, 64));

		let server = ServerRef {
			provider: provider(),
			operator: operator(),
			data_center: SITE,
			location: Location { country: *b"CH", city: City::truncate_from(b"Zurich".to_vec()) },
			tier: 3,
			hardware: 0,
			peer_id: peer_id(1),
			units: 64,
			attributes: DECLARED,
			attested: Attributes::NONE,
		};
		assert_eq!(Providers::server(SERVER), Some(server));
		assert_eq!(Providers::server_of_peer(peer_id(1)), Some(SERVER));
		assert_eq!(MockUnits::opened(SERVER), Some(64));
		assert_eq!(Providers::data_center(SITE).unwrap().servers, 1);
		assert_eq!(Providers::provider(provider()).unwrap().servers, 1);
		assert_eq!(held(&provider()) - before, deposit(Pallet::<Test>::server_footprint()));
		expect_event(Event::ServerRegistered {
			server: SERVER,
			provider: provider(),
			data_center: SITE,
			peer_id: peer_id(1),
			operator: operator(),
			units: 64,
			attributes: DECLARED,
		});
	});
}

#[test]
fn register_server_takes_what_the_view_function_says_must_be_signed() {
	checked(|| {
		site();
		let message = Providers::peer_message(provider(), operator());
		assert_ok!(register_with(peer(1).sign(&message).0));
	});
}

#[test]
fn register_server_fails_when_the_data_centre_is_unknown_or_anothers() {
	checked(|| {
		site();
		register_provider(other_provider());
		assert_noop!(
			try_register_server(provider(), DataCenterId(9), 1, 8),
			Error::<Test>::UnknownDataCenter
		);
		for who in [other_provider(), stranger()] {
			assert_noop!(try_register_server(who, SITE, 1, 8), Error::<Test>::NotOwner);
		}
	});
}

#[test]
fn register_server_fails_when_it_has_no_or_too_many_units() {
	checked(|| {
		site();
		assert_noop!(try_register_server(provider(), SITE, 1, 0), Error::<Test>::NoUnits);
		assert_noop!(try_register_server(provider(), SITE, 1, 65), Error::<Test>::TooManyUnits);
	});
}

#[test]
fn register_server_fails_when_the_peer_has_a_server() {
	checked(|| {
		site();
		assert_ok!(try_register_server(provider(), SITE, 1, 8));
		assert_noop!(try_register_server(provider(), SITE, 1, 8), Error::<Test>::PeerIdTaken);
		assert_ok!(try_register_server(provider(), SITE, 2, 8));
		assert_eq!(PeerIds::<Test>::get(peer_id(2)), Some(ServerId(1)));
		assert_eq!(Servers::<Test>::iter().count(), 2);
	});
}

#[test]
fn register_server_fails_when_the_signature_is_of_another_key_or_message() {
	checked(|| {
		site();
		let (mine, other) = (provider(), other_provider());
		let signed = |message: &[u8]| peer(1).sign(message).0;
		let another_chain = peer_message(&[1; 32], &mine, &operator());
		let mut another_domain = peer_message(&genesis_hash(), &mine, &operator());
		another_domain[0] ^= 1;
		for signature in [
			[0; 64],
			signature(2, &mine, &operator()),
			signature(1, &other, &operator()),
			signature(1, &mine, &stranger()),
			signature(1, &operator(), &mine),
			signed(&another_chain),
			signed(&another_domain),
		] {
			assert_noop!(register_with(signature), Error::<Test>::InvalidSignature);
		}
		assert_ok!(register_with(signature(1, &mine, &operator())));
	});
}

#[test]
fn register_server_fails_when_an_attribute_is_unknown() {
	checked(|| {
		site();
		assert_ok!(Providers::set_attribute(RuntimeOrigin::root(), CPU, None));
		assert_noop!(try_register_server(provider(), SITE, 1, 8), Error::<Test>::UnknownAttribute);
	});
}

#[test]
fn register_server_fails_when_not_signed() {
	checked(|| {
		site();
		let signature = signature(1, &provider(), &operator());
		assert_noop!(
			Providers::register_server(
				RuntimeOrigin::root(),
				SITE,
				peer_id(1),
				signature,
				operator(),
				8,
				DECLARED
			),
			BadOrigin
		);
	});
}

/// The benchmark cannot sign, so it brings a signature along.
#[test]
fn register_server_takes_the_signature_of_the_benchmark() {
	checked(|| {
		let entropy = ("provider", 0u32, 0u32).using_encoded(sp_io::hashing::blake2_256);
		let who = AccountId32::new(entropy);
		assert_ok!(Balances::transfer_all(signed(provider()), who.clone(), false));
		register_provider(who.clone());
		register_data_center(who.clone());
		frame_system::BlockHash::<Test>::insert(0, sp_core::H256::zero());
		assert_eq!((PEER, SIGNATURE), (peer_id(1), signature(1, &who, &who)));
		assert_ok!(Providers::register_server(
			signed(who.clone()),
			SITE,
			PEER,
			SIGNATURE,
			who,
			64,
			DECLARED
		));
	});
}
