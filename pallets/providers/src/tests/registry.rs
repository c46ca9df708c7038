use super::*;
use crate::{AttestationsOf, DataCenters, Pallet};
use marketplace_primitives::Registry;

type Given = Pallet<Test>;

#[test]
fn registry_gives_what_the_views_give() {
	checked(|| {
		with_server(8);
		assert_ok!(try_set_ask(SERVER, Units(1), 5));
		assert_ok!(try_set_ask(SERVER, Units(2), 6));

		let server = <Given as Registry<_>>::server(SERVER);
		assert!(server.is_some());
		assert_eq!(server, Providers::server(SERVER));
		assert!(<Given as Registry<_>>::is_provider(&provider()));
		let asks: Vec<_> = <Given as Registry<AccountId32>>::asks_of(SERVER)
			.into_iter()
			.map(|id| (id, <Given as Registry<AccountId32>>::ask(id).unwrap()))
			.collect();
		assert_eq!(asks, Providers::asks(SERVER));
		assert_eq!(asks.len(), 2);
	});
}

#[test]
fn registry_reads_all_of_a_server_in_its_record() {
	new_test_ext().execute_with(|| {
		with_attestors();
		assert_ok!(attest(attestor(), &[CPU]));
		assert_ok!(Providers::declare_hardware(signed(provider()), SERVER, CLASS));
		DataCenters::<Test>::remove(SITE);
		AttestationsOf::<Test>::remove(SERVER);

		let server = <Given as Registry<AccountId32>>::server(SERVER).unwrap();

		assert_eq!((server.location.country, server.tier), (*b"CH", 3));
		assert_eq!((server.hardware, server.attested), (CLASS, of(&[CPU])));
	});
}

#[test]
fn registry_knows_nothing_of_what_is_not_registered() {
	checked(|| {
		assert_eq!(<Given as Registry<AccountId32>>::server(SERVER), None);
		assert!(!<Given as Registry<_>>::is_provider(&provider()));
		assert_eq!(<Given as Registry<AccountId32>>::ask(ASK), None);
		assert!(<Given as Registry<AccountId32>>::asks_of(SERVER).is_empty());
		assert_eq!(Providers::server_of_peer(peer_id(1)), None);
		assert!(Providers::asks(SERVER).is_empty());
		assert!(Providers::attestations(SERVER).is_empty());
	});
}

#[test]
#[cfg(feature = "runtime-benchmarks")]
fn registry_sets_up_servers_for_the_benchmarks_of_others() {
	checked(|| {
		let who = marketplace_testkit::account(77);
		let (first, _) = <Given as Registry<_>>::benchmark_server(&who, 5);
		let (second, ask) = <Given as Registry<_>>::benchmark_server(&who, 6);
		assert_ne!(first, second);
		let ask = <Given as Registry<AccountId32>>::ask(ask).unwrap();
		assert_eq!((ask.server, ask.units.count(), ask.price), (second, 64, 6));
		let server = Providers::server(second).unwrap();
		assert_eq!((server.provider, server.hardware), (who, 1));
		assert_eq!(server.attested, Providers::known_attributes());
		assert!(<Given as Registry<AccountId32>>::is_hardware_class(1));
	});
}
