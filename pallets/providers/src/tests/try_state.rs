//! The invariants are worth nothing if they hold whatever happens: each is broken here.

use super::*;
use crate::{
	AdmittedAssets, AskTickets, Asks, AsksOf, Assets, DataCenters, NextServerId, PeerIds,
	Providers as Records, Servers,
};

fn broken(damage: impl FnOnce()) -> bool {
	new_test_ext().execute_with(|| {
		with_server(8);
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
	assert!(broken(|| set_ask(|ask| ask.min_term = 101)));
	assert!(broken(|| set_ask(|ask| ask.attributes = Attributes::NONE)));
	assert!(broken(|| set_ask(|ask| ask.server = ServerId(9))));
}

#[test]
fn try_state_finds_an_asset_admitted_twice() {
	let twice = vec![PaymentAsset::Native, PaymentAsset::Native];
	assert!(broken(|| AdmittedAssets::<Test>::put(Assets::truncate_from(twice))));
}
