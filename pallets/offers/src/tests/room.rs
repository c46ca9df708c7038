//! What is refused can be met by no supply, and what is accepted by some: held against trying all.

use super::*;
use crate::checks::room;
use marketplace_primitives::Sites;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The most units on `servers` servers, provider by provider, by trying all.
fn most(cap: u32, per_server: u32, providers: u32, servers: u32) -> u32 {
	if providers == 0 {
		return 0;
	}
	(0..=servers)
		.map(|own| {
			let units = cap.min(own * per_server);
			units + most(cap, per_server, providers - 1, servers - own)
		})
		.max()
		.unwrap_or(0)
}

/// Where a unit is: provider, data centre of it, server in that.
type Place = [usize; 3];

/// All ways to place `count` units.
fn all_ways(count: usize) -> impl Iterator<Item = Vec<Place>> {
	let ways = count.pow(3 * u32::try_from(count).expect("few units"));
	(0..ways).map(move |mut way| {
		let mut digit = || {
			let digit = way % count;
			way /= count;
			digit
		};
		(0..count).map(|_| [digit(), digit(), digit()]).collect()
	})
}

/// How many groups there are that share the first `depth` parts of their place, and the largest of them.
fn groups(places: &[Place], depth: usize) -> (u32, u32) {
	let mut sizes = BTreeMap::<&[usize], u32>::new();
	for place in places {
		*sizes.entry(&place[..depth]).or_default() += 1;
	}
	let largest = sizes.values().copied().max().unwrap_or(0);
	(u32::try_from(sizes.len()).expect("few units"), largest)
}

/// Whether the units may be placed so, by `listed` providers, in `countries` countries.
fn suits(places: &[Place], wanted: &Placement<AccountId32>, listed: u32, countries: u32) -> bool {
	let within = |cap: Option<u32>, largest| cap.is_none_or(|cap| largest <= cap);
	let [provider, data_center, server] = [1, 2, 3].map(|depth| groups(places, depth));
	provider.0 <= listed
		&& within(wanted.max_per_provider, provider.1)
		&& within(wanted.max_per_data_center, data_center.1)
		&& within(wanted.max_per_server, server.1)
		&& wanted.min_providers <= provider.0
		&& wanted.min_data_centers <= data_center.0
		// Each data centre may stand in a country of its own.
		&& wanted.min_countries <= data_center.0.min(countries)
}

fn cap() -> impl Strategy<Value = Option<u32>> {
	prop::option::of(0u32..4)
}

fn placement() -> impl Strategy<Value = Placement<AccountId32>> {
	let caps = (cap(), cap(), cap());
	let least = (0u32..5, 0u32..5, 0u32..5);
	let (listed, countries) = (prop::option::of(1u8..4), 0usize..4);
	(caps, least, listed, countries).prop_map(|(caps, least, listed, countries)| Placement {
		max_per_provider: caps.0,
		max_per_data_center: caps.1,
		max_per_server: caps.2,
		min_providers: least.0,
		min_data_centers: least.1,
		min_countries: least.2,
		providers: listed.map_or(AccessList::Any, |count| {
			AccessList::Allow(BoundedVec::truncate_from((1..=count).map(account).collect()))
		}),
		sites: Sites {
			countries: BoundedVec::truncate_from(
				[*b"CH", *b"DE", *b"FR"].into_iter().take(countries).collect(),
			),
			..Default::default()
		},
		..Default::default()
	})
}

proptest! {
	#[test]
	fn room_is_the_most_that_can_be_placed(
		cap in 0u32..9,
		data_center in 0u32..9,
		server in 0u32..9,
		providers in 1u32..4,
		servers in 1u32..6,
	) {
		let placement = Placement::<AccountId32> {
			max_per_provider: Some(cap),
			max_per_data_center: Some(data_center),
			max_per_server: Some(server),
			..Default::default()
		};
		let per_server = data_center.min(server);
		prop_assert_eq!(
			room(&placement, providers, servers),
			most(cap, per_server, providers, servers)
		);
	}

	#[test]
	fn refused_is_what_nothing_can_meet(placement in placement(), min in 1u32..4, more in 0u32..3) {
		let units = UnitsWanted { min, target: (min + more).min(3) };
		let countries = match placement.sites.countries.len() {
			0 => u32::MAX,
			listed => u32::try_from(listed).expect("few countries"),
		};
		let listed = match &placement.providers {
			AccessList::Allow(list) => u32::try_from(list.len()).expect("few providers"),
			_ => u32::MAX,
		};
		let possible = (units.min..=units.target).any(|count| {
			all_ways(count as usize).any(|places| suits(&places, &placement, listed, countries))
		});
		build_and_execute(|| {
			for id in 1u8..4 {
				MockRegistry::add_server(id.into(), account(id), account(id), 64);
			}
			let terms = BidTerms { units, placement, deal: None, ..lacking() };
			assert_eq!(Offers::check(&terms).is_ok(), possible);
		});
	}
}
