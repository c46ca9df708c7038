//! A file per call; what they share is here.

mod admit_asset;
mod attest;
mod declare_attributes;
mod declare_hardware;
mod deregister_provider;
mod deregister_server;
mod dismiss_asset;
mod drop_attestation;
mod genesis;
mod properties;
mod register_data_center;
mod register_provider;
mod register_server;
mod registry;
mod remove_data_center;
mod rename_provider;
mod set_ask;
mod set_attestor;
mod set_attribute;
mod set_hardware_class;
mod set_operator;
mod try_state;
mod withdraw_ask;

use crate::{mock::*, Event, Label, Name, PeerSignature};
use frame_support::{
	assert_ok,
	traits::{fungible::InspectHold, Footprint},
};
use marketplace_primitives::{
	peer_message, AskId, Attributes, DataCenterId, PaymentAsset, PeerId, ServerId, Units,
};
use marketplace_testkit::{account, operator, provider};
use sp_core::{ed25519, Pair};
use sp_runtime::{traits::Convert, AccountId32, DispatchResult};

/// The first data centre, server and ask of a test.
const SITE: DataCenterId = DataCenterId(0);
const SERVER: ServerId = ServerId(0);
const ASK: AskId = AskId(0);

/// What the first server declares.
const DECLARED: Attributes = Attributes([1, 0, 0, 0]);

fn signed(who: AccountId32) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

fn name(text: &str) -> Name {
	text.as_bytes().to_vec().try_into().unwrap()
}

fn label(text: &str) -> Label {
	text.as_bytes().to_vec().try_into().unwrap()
}

/// The attributes of these identifiers.
fn of(ids: &[u8]) -> Attributes {
	Attributes::of(ids)
}

fn expect_event(event: Event<Test>) {
	System::assert_last_event(event.into());
}

fn held(who: &AccountId32) -> u128 {
	Balances::balance_on_hold(&RecordHold::get(), who)
}

fn deposit(footprint: Footprint) -> u128 {
	frame_support::traits::LinearStoragePrice::<BaseDeposit, ByteDeposit, u128>::convert(footprint)
}

fn peer(seed: u8) -> ed25519::Pair {
	ed25519::Pair::from_seed(&[seed; 32])
}

fn peer_id(seed: u8) -> PeerId {
	peer(seed).public().0
}

fn genesis_hash() -> [u8; 32] {
	System::block_hash(0).0
}

fn signature(seed: u8, provider: &AccountId32, operator: &AccountId32) -> PeerSignature {
	peer(seed).sign(&peer_message(&genesis_hash(), provider, operator)).0
}

fn register_provider(who: AccountId32) {
	assert_ok!(Providers::register_provider(signed(who), name("Alpine Compute")));
}

fn register_data_center(who: AccountId32) {
	let city = b"Zurich".to_vec().try_into().unwrap();
	assert_ok!(Providers::register_data_center(signed(who), *b"CH", city, 3));
}

/// A server of `units` units with the peer of `seed`, operated by [`operator`].
fn try_register_server(
	who: AccountId32,
	data_center: DataCenterId,
	seed: u8,
	units: u8,
) -> DispatchResult {
	let signature = signature(seed, &who, &operator());
	let peer_id = peer_id(seed);
	Providers::register_server(
		signed(who),
		data_center,
		peer_id,
		signature,
		operator(),
		units,
		DECLARED,
	)
}

/// A provider with a data centre and a server of `units` units.
fn with_server(units: u8) {
	register_provider(provider());
	register_data_center(provider());
	assert_ok!(try_register_server(provider(), SITE, 1, units));
}

/// An ask in the native token at `price` for terms of 1 to 100 epochs.
fn try_set_ask(server: ServerId, units: Units, price: u128) -> DispatchResult {
	let asset = PaymentAsset::Native;
	let origin = signed(provider());
	Providers::set_ask(origin, server, units, asset, price, 1, 100, Attributes::NONE, None)
}

/// Two attestors.
fn attestor() -> AccountId32 {
	account(21)
}

fn other_attestor() -> AccountId32 {
	account(22)
}

/// Lets an account attest.
fn set_attestor(who: AccountId32, attributes: Attributes) {
	assert_ok!(Providers::set_attestor(RuntimeOrigin::root(), who, attributes));
}

/// A server of 8 units that declares all attributes, and two attestors of all of them.
fn with_attestors() {
	with_server(8);
	let all = of(&[CPU, EFFECTOR, FEATURE]);
	assert_ok!(Providers::declare_attributes(signed(provider()), SERVER, all));
	set_attestor(attestor(), all);
	set_attestor(other_attestor(), all);
}

fn attest(who: AccountId32, ids: &[u8]) -> DispatchResult {
	Providers::attest(signed(who), SERVER, of(ids))
}

/// What is attested of the server.
fn attested() -> Attributes {
	Providers::server(SERVER).unwrap().attested
}
