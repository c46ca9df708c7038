//! The invariants are worth nothing if they hold whatever happens: each is broken here.

use super::*;
use crate::{
	AdmittedAssets, AskTickets, Asks, AsksOf, Assets, Attestations, AttestationsOf, Attestors,
	AttributeInfos, DataCenters, HardwareClasses, KnownAttributes, NextServerId, PeerIds,
	Providers as Records, Servers,
};

fn broken(damage: impl FnOnce()) -> bool {
	new_test_ext().execute_with(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_ok!(Providers::do_try_state());
		damage();
		Providers::do_try_state().is_err()
	})
}

fn set_server(change: impl FnOnce(&mut crate::pallet::ServerOf<Test>)) {
	Servers::<Test>::mutate(SERVER, |server| change(server.as_mut().unwrap()));
}

fn set_ask(change: impl FnOnce(&mut marketplace_primitives::Ask)) {
	Asks::<Test>::mutate(ASK, |ask| change(ask.as_mut().unwrap()));
}

#[test]
fn try_state_counts_data_centres_and_servers() {
	assert!(broken(|| Records::<Test>::remove(provider())));
	assert!(broken(|| DataCenters::<Test>::remove(SITE)));
	assert!(broken(|| DataCenters::<Test>::mutate(SITE, |s| s.as_mut().unwrap().servers = 2)));
	assert!(broken(|| {
		Records::<Test>::mutate(provider(), |record| record.as_mut().unwrap().servers = 2);
	}));
}

#[test]
fn try_state_checks_servers_and_their_peers() {
	assert!(broken(|| set_server(|server| server.units = 65)));
	assert!(broken(|| set_server(|server| server.units = 0)));
	assert!(broken(|| set_server(|server| server.hardware = 16)));
	assert!(broken(|| set_server(|server| server.tier = 1)));
	assert!(broken(|| set_server(|server| server.location.country = *b"DE")));
	assert!(broken(|| set_server(|server| server.peer_id = [9; 32])));
	assert!(broken(|| PeerIds::<Test>::insert([9; 32], SERVER)));
	assert!(broken(|| NextServerId::<Test>::put(SERVER)));
}

#[test]
fn try_state_checks_asks() {
	assert!(broken(|| Asks::<Test>::remove(ASK)));
	assert!(broken(|| AskTickets::<Test>::remove(ASK)));
	assert!(broken(|| AsksOf::<Test>::remove(SERVER)));
	assert!(broken(|| {
		let ticket = AskTickets::<Test>::get(ASK).unwrap();
		AskTickets::<Test>::insert(AskId(9), ticket);
	}));
	assert!(broken(|| set_ask(|ask| ask.units = Units::one(8))));
	assert!(broken(|| set_ask(|ask| ask.price = 0)));
	assert!(broken(|| set_ask(|ask| ask.price = 10_001)));
	assert!(broken(|| set_ask(|ask| ask.tariff = Some(0))));
	assert!(broken(|| set_ask(|ask| ask.min_term = 101)));
	assert!(broken(|| set_ask(|ask| ask.attributes = Attributes::NONE)));
	assert!(broken(|| set_ask(|ask| ask.server = ServerId(9))));
}

#[test]
fn try_state_finds_an_asset_admitted_twice() {
	let twice = vec![PaymentAsset::Native, PaymentAsset::Native];
	assert!(broken(|| AdmittedAssets::<Test>::put(Assets::truncate_from(twice))));
}

#[test]
fn try_state_checks_attestations() {
	assert!(broken(|| AttestationsOf::<Test>::remove(SERVER)));
	assert!(broken(|| {
		let attestations = AttestationsOf::<Test>::get(SERVER);
		AttestationsOf::<Test>::insert(ServerId(9), attestations);
	}));
	assert!(broken(|| AttestationsOf::<Test>::insert(ServerId(9), Attestations::new())));
	assert!(broken(|| {
		AttestationsOf::<Test>::mutate(SERVER, |attestations| {
			attestations.try_insert(other_attestor(), Attributes::NONE).unwrap();
		});
	}));
	assert!(broken(|| set_server(|server| server.attested = of(&[CPU, FEATURE]))));
	assert!(broken(|| set_server(|server| server.attributes = of(&[FEATURE]))));
}

#[test]
fn try_state_checks_what_governance_lists() {
	assert!(broken(|| Attestors::<Test>::insert(attestor(), Attributes::NONE)));
	assert!(broken(|| HardwareClasses::<Test>::insert(0, label("none"))));
	assert!(broken(|| HardwareClasses::<Test>::insert(2, label(" "))));
	assert!(broken(KnownAttributes::<Test>::kill));
	assert!(broken(|| AttributeInfos::<Test>::remove(CPU)));
	assert!(broken(|| {
		AttributeInfos::<Test>::mutate(EFFECTOR, |info| info.as_mut().unwrap().cid = None);
	}));
	assert!(broken(|| {
		AttributeInfos::<Test>::mutate(CPU, |info| info.as_mut().unwrap().name = label(""));
	}));
}
