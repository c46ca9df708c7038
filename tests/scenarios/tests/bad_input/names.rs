//! Hardware classes, attributes and attestors that nobody named, or that say too much.

use crate::*;
use marketplace_primitives::AttributeId;
use pallet_providers::{AttributeInfo, AttributeKind};

/// A server without asks.
const BARE: ServerId = ServerId(1);
const ATTESTOR: Key = Key::EveStash;

fn describe(
	attribute: AttributeId,
	kind: AttributeKind,
	name: &str,
	cid: Option<&[u8]>,
) -> RuntimeCall {
	let cid = cid.map(|cid| cid.to_vec().try_into().expect("it is short"));
	let info = Some(AttributeInfo { kind, name: text(name), cid });
	ProvidersCall::set_attribute { attribute, info }.into()
}

fn attest(server: ServerId, ids: &[AttributeId]) -> RuntimeCall {
	ProvidersCall::attest { server, attributes: Attributes::of(ids) }.into()
}

fn attestor(who: Key, ids: &[AttributeId]) -> RuntimeCall {
	let (attestor, attributes) = (account(who), Attributes::of(ids));
	ProvidersCall::set_attestor { attestor, attributes }.into()
}

/// Calls for governance alone.
pub fn calls() -> Vec<RuntimeCall> {
	vec![
		ProvidersCall::set_hardware_class { class: 1, name: None }.into(),
		describe(40, AttributeKind::Feature, "Quiet", None),
		attestor(ATTESTOR, &[16]),
	]
}

#[test]
fn words_that_governance_cannot_mean_are_refused() {
	with_market(|_| {
		let root = |call: RuntimeCall, error: P| refused(RuntimeOrigin::root(), call, error);
		let class = |class, name: Option<&str>| {
			ProvidersCall::set_hardware_class { class, name: name.map(text) }.into()
		};
		for number in [0, 16, 255] {
			root(class(number, Some("Name")), P::InvalidHardwareClass);
			root(class(number, None), P::InvalidHardwareClass);
		}
		root(class(5, None), P::UnknownHardwareClass);
		for name in ["", " ", "a\nb"] {
			root(class(5, Some(name)), P::InvalidName);
			root(describe(40, AttributeKind::Feature, name, None), P::InvalidName);
		}
		root(describe(40, AttributeKind::Effector, "Curl", None), P::MissingCid);
		root(describe(40, AttributeKind::Effector, "Curl", Some(b"")), P::MissingCid);
		root(describe(40, AttributeKind::CpuFamily, "Zen", Some(b"cid")), P::UnexpectedCid);
		root(
			ProvidersCall::set_attribute { attribute: 40, info: None }.into(),
			P::UnknownAttribute,
		);
		root(attestor(ATTESTOR, &[]), P::NotAttestor);
		root(attestor(ATTESTOR, &[16, 255]), P::UnknownAttribute);
	});
}

#[test]
fn declarations_of_what_nobody_named_are_refused() {
	with_market(|_| {
		register(SITE, NORTH, NORTH, 2, 1);
		let north = |call: RuntimeCall, error: P| refused(signed(NORTH), call, error);
		let hardware = |server, class| ProvidersCall::declare_hardware { server, class }.into();
		let attributes = |server, ids: &[AttributeId]| {
			ProvidersCall::declare_attributes { server, attributes: Attributes::of(ids) }.into()
		};
		for class in [5, 15, 16, 255] {
			north(hardware(BARE, class), P::UnknownHardwareClass);
		}
		north(attributes(BARE, &[0, 6]), P::UnknownAttribute);
		// The book sorts what stands in it by them.
		north(hardware(SERVER, 1), P::HasAsks);
		north(attributes(SERVER, &[0]), P::HasAsks);
		let unknown = ServerId(9);
		north(hardware(unknown, 1), P::UnknownServer);
		north(attributes(unknown, &[0]), P::UnknownServer);
		for who in [SOUTH, STRANGER] {
			refused(signed(who), hardware(BARE, 1), P::NotOwner);
			refused(signed(who), attributes(BARE, &[0]), P::NotOwner);
		}

		let mut offered = ask_call(BARE, Units(1), 1);
		if let RuntimeCall::Providers(ProvidersCall::set_ask { attributes, .. }) = &mut offered {
			*attributes = Attributes::of(&[255]);
		}
		north(offered, P::UnknownAttribute);
		let mut server = register_call(SITE, NORTH, NORTH, 3, 1);
		if let RuntimeCall::Providers(ProvidersCall::register_server { attributes, .. }) =
			&mut server
		{
			*attributes = Attributes::of(&[5, 21]);
		}
		north(server, P::UnknownAttribute);
	});
}

#[test]
fn attestations_of_too_much_are_refused() {
	with_market(|_| {
		register(SITE, NORTH, NORTH, 2, 1);
		let (server, attributes) = (BARE, Attributes::of(&[16]));
		act(NORTH, ProvidersCall::declare_attributes { server, attributes });
		for who in [NORTH, ATTESTOR, STRANGER] {
			refused(signed(who), attest(BARE, &[16]), P::NotAttestor);
		}
		assert_eq!(dispatch(RuntimeOrigin::root(), attestor(ATTESTOR, &[16, 17])), Ok(()));
		let says = |call: RuntimeCall, error: P| refused(signed(ATTESTOR), call, error);
		says(attest(ServerId(9), &[16]), P::UnknownServer);
		says(attest(BARE, &[16, 18]), P::MayNotAttest);
		says(attest(BARE, &[17]), P::NotDeclared);
		says(attest(BARE, &[]), P::UnknownAttestation);
		let drop = |who: Key| ProvidersCall::drop_attestation { server, attestor: account(who) };
		says(drop(ATTESTOR).into(), P::UnknownAttestation);
		act(ATTESTOR, attest(BARE, &[16]));
		refused(signed(STRANGER), drop(ATTESTOR), P::AttestationStands);
		refused(signed(STRANGER), drop(NORTH), P::UnknownAttestation);
	});
}
