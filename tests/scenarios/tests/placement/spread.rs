//! Caps, distinct groups, sites, hardware and providers.

use crate::*;

#[test]
fn caps_hold_to_the_unit() {
	with_supply(|_| {
		let cap = |max_per_provider| Where { max_per_provider, ..Default::default() };
		gets(wanted(8, cap(Some(3))), &[(FIRST, 3), (FOURTH, 3), (FIFTH, 2)]);
		gets(wanted(9, cap(Some(3))), &[(FIRST, 3), (FOURTH, 3), (FIFTH, 3)]);
		gets(wanted(10, cap(Some(3))), &[]);
		gets(wanted(12, cap(Some(9))), &[(FIRST, 4), (SECOND, 4), (THIRD, 1), (FOURTH, 3)]);

		let cap = |max_per_data_center| Where { max_per_data_center, ..Default::default() };
		let spread = [(FIRST, 4), (SECOND, 1), (THIRD, 4), (FOURTH, 4), (FIFTH, 4)];
		gets(wanted(17, cap(Some(5))), &spread);
		gets(wanted(18, cap(Some(5))), &[]);

		let cap = |max_per_server| Where { max_per_server, ..Default::default() };
		let spread = [(FIRST, 2), (SECOND, 2), (THIRD, 2), (FOURTH, 2), (FIFTH, 2)];
		gets(wanted(10, cap(Some(2))), &spread);
		gets(wanted(11, cap(Some(2))), &[]);

		let caps = Where {
			max_per_provider: Some(4),
			max_per_data_center: Some(3),
			max_per_server: Some(2),
			..Default::default()
		};
		let spread = [(FIRST, 2), (SECOND, 1), (THIRD, 1), (FOURTH, 2), (FIFTH, 2)];
		gets(wanted(8, caps.clone()), &spread);
		gets(wanted(9, caps), &[]);
	});
}

#[test]
fn caps_count_over_later_fills_of_the_same_offer() {
	with_supply(|ledger| {
		let placement = Where { max_per_provider: Some(3), ..Default::default() };
		let units = UnitsWanted { min: 1, target: 12 };
		let offer = Wanted { units, ..wanted(12, placement) };
		let deal = post_as_quoted(DEVELOPER, offer).expect("there is enough for the first match");
		let first = [(FIRST, Units(0b111), USDC), (FOURTH, Units(0b111), 13 * USDC / 10)];
		assert_eq!(parts(deal)[..2], first);
		assert_eq!(parts(deal)[2..], [(FIFTH, Units(0b111), 14 * USDC / 10)]);

		// Three units of every provider: more of any of them stay out, however long the offer stands.
		let more = register(0u32.into(), NORTH, NORTH, 9, 4);
		ask(more, ALL, USDC / 2);
		chain::let_idle();
		assert_eq!(parts(deal).len(), 3);
		let open = explain_offer(0u64.into());
		assert!(!open.matches);
		assert!(remedy(&open, Constraint::MaxPerProvider).is_some());
		ledger.hold(&account(DEVELOPER), Coin::Usdc, 12 * DEAR * 10);
		// The deposits of the new server and its ask.
		let held = FLT * (2 * 200 + 258 + 130) / 10_000;
		ledger.hold(&account(NORTH), Coin::Flt, held);
		ledger.check();
	});
}

#[test]
fn distinct_groups_are_found_before_the_room_is_full() {
	with_supply(|_| {
		let providers = |min_providers| Where { min_providers, ..Default::default() };
		gets(wanted(6, providers(1)), &[(FIRST, 4), (SECOND, 2)]);
		gets(wanted(6, providers(2)), &[(FIRST, 4), (SECOND, 1), (FOURTH, 1)]);
		gets(wanted(6, providers(3)), &[(FIRST, 4), (FOURTH, 1), (FIFTH, 1)]);
		gets(wanted(3, providers(3)), &[(FIRST, 1), (FOURTH, 1), (FIFTH, 1)]);
		gets(wanted(6, providers(4)), &[]);

		let sites = |min_data_centers| Where { min_data_centers, ..Default::default() };
		gets(wanted(5, sites(2)), &[(FIRST, 4), (THIRD, 1)]);
		gets(wanted(6, sites(2)), &[(FIRST, 4), (SECOND, 1), (THIRD, 1)]);
		gets(wanted(5, sites(5)), &[]);

		let countries = |min_countries| Where { min_countries, ..Default::default() };
		gets(wanted(4, countries(4)), &[(FIRST, 1), (THIRD, 1), (FOURTH, 1), (FIFTH, 1)]);
		gets(wanted(5, countries(4)), &[(FIRST, 2), (THIRD, 1), (FOURTH, 1), (FIFTH, 1)]);

		// Groups within caps.
		let both = Where { max_per_server: Some(2), min_countries: 3, ..Default::default() };
		gets(wanted(6, both), &[(FIRST, 2), (SECOND, 2), (THIRD, 1), (FOURTH, 1)]);
	});
}

#[test]
fn sites_hardware_and_providers_are_as_asked_for() {
	with_supply(|_| {
		let at = |sites| Where { sites, ..Default::default() };
		let countries = |codes: &[&[u8; 2]]| Sites {
			countries: codes.iter().map(|code| **code).collect::<Vec<_>>().try_into().expect("few"),
			..Default::default()
		};
		gets(wanted(6, at(countries(&[b"DE", b"SE"]))), &[(THIRD, 4), (FOURTH, 2)]);
		gets(wanted(1, at(countries(&[b"FR"]))), &[]);
		let city = |country, name: &str| {
			let city = name.as_bytes().to_vec().try_into().expect("it is short");
			Sites {
				cities: vec![Location { country, city }].try_into().expect("one"),
				..Default::default()
			}
		};
		gets(wanted(8, at(city(*b"NO", "Tromso"))), &[(FIRST, 4), (SECOND, 4)]);
		// A city is that of its country.
		gets(wanted(1, at(city(*b"SE", "Tromso"))), &[]);
		let tier = |min_tier| Sites { min_tier, ..Default::default() };
		gets(wanted(4, at(tier(4))), &[(FOURTH, 4)]);
		gets(wanted(5, at(tier(4))), &[]);
		gets(wanted(12, at(tier(3))), &[(FIRST, 4), (SECOND, 4), (FOURTH, 4)]);

		let class = |class| Where { hardware: Some(class), ..Default::default() };
		gets(wanted(4, class(2)), &[(FOURTH, 4)]);
		gets(wanted(1, class(3)), &[]);
		// Class 0: of none.
		let list = |who: Key| vec![account(who)].try_into().expect("one");
		let access = |providers| Where { providers, ..Default::default() };
		gets(wanted(5, access(AccessList::Deny(list(NORTH)))), &[(FOURTH, 4), (FIFTH, 1)]);
		gets(wanted(4, access(AccessList::Allow(list(WEST)))), &[(FIFTH, 4)]);
		gets(wanted(5, access(AccessList::Allow(list(WEST)))), &[]);

		let declared =
			|id| Wanted { attributes: Attributes::of(&[id]), ..wanted(2, Where::default()) };
		gets(declared(SEALED), &[(FOURTH, 2)]);
		gets(declared(16), &[]);
	});
}
