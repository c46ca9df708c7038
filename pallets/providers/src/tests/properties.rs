//! Any sequence of calls keeps the invariants, and the deposits held are those of the records stored.

use super::*;
use crate::{
	Asks, AttributeInfo, AttributeKind, DataCenters, Pallet, Providers as Records, Servers,
};
use marketplace_testkit::other_provider;
use proptest::prelude::*;

/// A call by one of two providers on records that may or may not be theirs, of governance, or of one of
/// three attestors.
#[derive(Clone, Debug)]
enum Step {
	Register,
	Deregister,
	OpenSite,
	CloseSite(u32),
	AddServer { site: u32, seed: u8, units: u8 },
	RemoveServer(u32),
	Ask { server: u32, units: u64, price: u128, tariff: Option<u128> },
	Withdraw(u64),
	DeclareHardware { server: u32, class: u8 },
	DeclareAttributes { server: u32, attributes: u64 },
	SetClass { class: u8, named: bool },
	SetAttribute { id: u8, known: bool },
	SetAttestor { who: u8, attributes: u64 },
	Attest { who: u8, server: u32, attributes: u64 },
	DropAttestation { who: u8, server: u32 },
}

fn step() -> impl Strategy<Value = Step> {
	prop_oneof![
		1 => Just(Step::Register),
		1 => Just(Step::Deregister),
		2 => Just(Step::OpenSite),
		1 => (0u32..3).prop_map(Step::CloseSite),
		3 => (0u32..3, 0u8..4, 0u8..=65)
			.prop_map(|(site, seed, units)| Step::AddServer { site, seed, units }),
		1 => (0u32..4).prop_map(Step::RemoveServer),
		6 => (0u32..4, prop_oneof![1u64..16, any::<u64>()], 0u128..3, proptest::option::of(0u128..3))
			.prop_map(|(server, units, price, tariff)| Step::Ask { server, units, price, tariff }),
		2 => (0u64..8).prop_map(Step::Withdraw),
		1 => (0u32..4, 0u8..3)
			.prop_map(|(server, class)| Step::DeclareHardware { server, class }),
		3 => (0u32..4, 0u64..8)
			.prop_map(|(server, attributes)| Step::DeclareAttributes { server, attributes }),
		1 => (0u8..3, any::<bool>()).prop_map(|(class, named)| Step::SetClass { class, named }),
		1 => (0u8..3, any::<bool>()).prop_map(|(id, known)| Step::SetAttribute { id, known }),
		3 => (30u8..33, 0u64..8)
			.prop_map(|(who, attributes)| Step::SetAttestor { who, attributes }),
		6 => (30u8..33, 0u32..4, 0u64..8)
			.prop_map(|(who, server, attributes)| Step::Attest { who, server, attributes }),
		2 => (30u8..33, 0u32..4).prop_map(|(who, server)| Step::DropAttestation { who, server }),
	]
}

fn bits(attributes: u64) -> Attributes {
	Attributes([attributes, 0, 0, 0])
}

/// A call of governance or of an attestor.
fn play_admin(step: Step) -> DispatchResult {
	let root = RuntimeOrigin::root();
	match step {
		Step::SetClass { class, named } => {
			Providers::set_hardware_class(root, class, named.then(|| label("class")))
		},
		Step::SetAttribute { id, known } => {
			let kind = AttributeKind::Feature;
			let info = AttributeInfo { kind, name: label("feature"), cid: None };
			Providers::set_attribute(root, id, known.then_some(info))
		},
		Step::SetAttestor { who, attributes } => {
			Providers::set_attestor(root, account(who), bits(attributes))
		},
		Step::Attest { who, server, attributes } => {
			Providers::attest(signed(account(who)), ServerId(server), bits(attributes))
		},
		other => unreachable!("{other:?} is a provider's"),
	}
}

fn play(who: AccountId32, step: Step) -> DispatchResult {
	let origin = signed(who.clone());
	match step {
		Step::Register => Providers::register_provider(origin, name("P")),
		Step::Deregister => Providers::deregister_provider(origin),
		Step::OpenSite => {
			let city = b"Bern".to_vec().try_into().unwrap();
			Providers::register_data_center(origin, *b"CH", city, 1)
		},
		Step::CloseSite(id) => Providers::remove_data_center(origin, DataCenterId(id)),
		Step::AddServer { site, seed, units } => {
			try_register_server(who, DataCenterId(site), seed, units)
		},
		Step::RemoveServer(id) => {
			Providers::deregister_server(origin, ServerId(id)).map(|_| ()).map_err(|it| it.error)
		},
		Step::Ask { server, units, price, tariff } => {
			let (asset, server) = (PaymentAsset::Native, ServerId(server));
			let none = Attributes::NONE;
			Providers::set_ask(origin, server, Units(units), asset, price, 1, 9, none, tariff)
		},
		Step::Withdraw(id) => Providers::withdraw_ask(origin, AskId(id)),
		Step::DeclareHardware { server, class } => {
			Providers::declare_hardware(origin, ServerId(server), class)
		},
		Step::DeclareAttributes { server, attributes } => {
			Providers::declare_attributes(origin, ServerId(server), bits(attributes))
		},
		Step::DropAttestation { who, server } => {
			Providers::drop_attestation(origin, ServerId(server), account(who))
		},
		step => play_admin(step),
	}
}

/// What the records of `who` cost.
fn deposits(who: &AccountId32) -> u128 {
	let mut total = 0;
	if Records::<Test>::contains_key(who) {
		total += deposit(Pallet::<Test>::provider_footprint());
	}
	let sites = DataCenters::<Test>::iter_values().filter(|site| site.provider == *who).count();
	total += sites as u128 * deposit(Pallet::<Test>::data_center_footprint());
	let servers = Servers::<Test>::iter_values().filter(|server| server.provider == *who).count();
	total += servers as u128 * deposit(Pallet::<Test>::server_footprint());
	let owner = |ask: &marketplace_primitives::Ask| Providers::server(ask.server).unwrap().provider;
	let asks = Asks::<Test>::iter_values().filter(|ask| owner(ask) == *who).count();
	total + asks as u128 * deposit(Pallet::<Test>::ask_footprint())
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn deposits_held_are_those_of_the_records_stored(
		steps in prop::collection::vec((any::<bool>(), step()), 1..40),
	) {
		new_test_ext().execute_with(|| {
			register_provider(provider());
			register_data_center(provider());
			for (first, step) in steps {
				let who = if first { provider() } else { other_provider() };
				let _ = frame_support::storage::with_storage_layer(|| play(who, step));
				Providers::do_try_state().unwrap();
				for who in [provider(), other_provider()] {
					prop_assert_eq!(held(&who), deposits(&who));
					prop_assert_eq!(held(&who) + Balances::free_balance(&who), FUNDS);
				}
			}
			Ok(())
		})?;
	}
}
