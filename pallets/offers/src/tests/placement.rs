//! Placements that nothing can meet are refused, and those at their edge are not.

use super::*;
use marketplace_primitives::{City, Country, Location, Sites};

/// A placement, changed.
fn placed(change: impl FnOnce(&mut Placement<AccountId32>)) -> Post {
	let mut post = Post::default();
	change(&mut post.placement);
	post
}

fn refuses(change: impl FnOnce(&mut Placement<AccountId32>), error: impl Into<DispatchError>) {
	let post = placed(change);
	assert_noop!(post.by(developer()), error.into());
	assert_eq!(MockBook::take(), vec![]);
}

fn accepts(change: impl FnOnce(&mut Placement<AccountId32>)) {
	assert_ok!(placed(change).by(developer()));
	assert_eq!(MockBook::take().len(), 1);
}

/// Runs a test where accounts 1 and 2 are providers.
fn with_providers(test: impl FnOnce()) {
	build_and_execute(|| {
		for (id, provider) in [(1, account(1)), (2, account(2))] {
			MockRegistry::add_server(id, provider.clone(), provider, 64);
		}
		test();
	});
}

fn allow(of: &[u8]) -> AccessList<AccountId32> {
	AccessList::Allow(BoundedVec::truncate_from(of.iter().copied().map(account).collect()))
}

fn deny(of: &[u8]) -> AccessList<AccountId32> {
	AccessList::Deny(BoundedVec::truncate_from(of.iter().copied().map(account).collect()))
}

fn sites(countries: &[&Country], cities: &[(&Country, &[u8])]) -> Sites {
	let city = |(country, name): &(&Country, &[u8])| Location {
		country: **country,
		city: City::truncate_from(name.to_vec()),
	};
	Sites {
		countries: BoundedVec::truncate_from(countries.iter().map(|code| **code).collect()),
		cities: BoundedVec::truncate_from(cities.iter().map(city).collect()),
		min_tier: 0,
	}
}

#[test]
fn post_offer_takes_a_placement_of_all_fields() {
	with_providers(|| {
		accepts(|placement| {
			*placement = Placement {
				max_per_provider: Some(6),
				max_per_data_center: Some(4),
				max_per_server: Some(2),
				min_providers: 2,
				min_data_centers: 3,
				min_countries: 2,
				providers: allow(&[1, 2]),
				sites: Sites { min_tier: 4, ..sites(&[b"CH", b"DE"], &[]) },
				hardware: Some(3),
				attested: Attributes::of(&[0, 31]),
			};
		});
	});
}

#[test]
fn post_offer_refuses_caps_without_room_for_the_least_number() {
	with_providers(|| {
		refuses(|placement| placement.max_per_provider = Some(0), Error::<Test>::CapBelowMin);
		refuses(|placement| placement.max_per_data_center = Some(0), Error::<Test>::CapBelowMin);
		refuses(|placement| placement.max_per_server = Some(0), Error::<Test>::CapBelowMin);
		let capped = |cap, providers| {
			move |placement: &mut Placement<_>| {
				placement.max_per_provider = Some(cap);
				placement.providers = providers;
			}
		};
		for providers in [allow(&[1]), allow(&[1, 1])] {
			refuses(capped(3, providers), Error::<Test>::CapBelowMin);
		}
		refuses(capped(1, allow(&[1, 2])), Error::<Test>::CapBelowMin);
		accepts(capped(2, allow(&[1, 2])));
		accepts(capped(4, allow(&[1])));
		accepts(capped(1, deny(&[1, 2])));
		accepts(capped(1, AccessList::Any));
	});
}

/// A deal has 16 servers at most, so that caps on less than a provider count as well.
#[test]
fn post_offer_refuses_caps_that_ask_for_too_many_servers() {
	with_providers(|| {
		let post = |change: fn(&mut Placement<_>), min| {
			let units = UnitsWanted { min, target: 100 };
			Post { units, ..placed(change) }.by(developer())
		};
		for change in [
			(|placement| placement.max_per_server = Some(2)) as fn(&mut Placement<_>),
			|placement| placement.max_per_data_center = Some(2),
			|placement| placement.max_per_provider = Some(2),
		] {
			assert_noop!(post(change, 33), Error::<Test>::CapBelowMin);
			assert_ok!(post(change, 32));
		}
	});
}

#[test]
fn post_offer_refuses_more_groups_than_units_or_servers() {
	with_providers(|| {
		type Count = fn(&mut Placement<AccountId32>) -> &mut u32;
		let counts: [(Count, DispatchError); 3] = [
			(|placement| &mut placement.min_providers, Error::<Test>::TooManyProviders.into()),
			(|placement| &mut placement.min_data_centers, Error::<Test>::TooManyDataCenters.into()),
			(|placement| &mut placement.min_countries, Error::<Test>::TooManyCountries.into()),
		];
		for (count, error) in counts {
			refuses(|placement| *count(placement) = 11, error);
			refuses(|placement| *count(placement) = u32::MAX, error);
			for groups in [0, 1, 10] {
				accepts(|placement| *count(placement) = groups);
			}
			let units = UnitsWanted { min: 1, target: 100 };
			let wide = |groups| Post { units, ..placed(|placement| *count(placement) = groups) };
			assert_noop!(wide(17).by(developer()), error);
			assert_ok!(wide(16).by(developer()));
			MockBook::take();
		}
	});
}

#[test]
fn post_offer_refuses_more_providers_than_are_allowed() {
	with_providers(|| {
		let spread = |min_providers, providers| {
			move |placement: &mut Placement<_>| {
				placement.min_providers = min_providers;
				placement.providers = providers;
			}
		};
		refuses(spread(3, allow(&[1, 2])), Error::<Test>::TooManyProviders);
		refuses(spread(3, allow(&[1, 2, 2, 1])), Error::<Test>::TooManyProviders);
		accepts(spread(2, allow(&[1, 2, 1])));
		accepts(spread(3, deny(&[1, 2])));
	});
}

/// The one allowed provider has no more data centres or countries than units under its cap.
#[test]
fn post_offer_refuses_more_groups_than_the_caps_have_room_for() {
	with_providers(|| {
		let spread = |data_centers, countries| {
			move |placement: &mut Placement<_>| {
				placement.max_per_provider = Some(4);
				placement.providers = allow(&[1]);
				placement.min_data_centers = data_centers;
				placement.min_countries = countries;
			}
		};
		refuses(spread(5, 0), Error::<Test>::TooManyDataCenters);
		refuses(spread(0, 5), Error::<Test>::TooManyCountries);
		accepts(spread(4, 4));
	});
}

#[test]
fn post_offer_refuses_more_countries_than_the_lists_have() {
	with_providers(|| {
		let spread = |min_countries, sites| {
			move |placement: &mut Placement<_>| {
				placement.min_countries = min_countries;
				placement.sites = sites;
			}
		};
		let cities: &[(&Country, &[u8])] = &[(b"CH", b"Geneva"), (b"CH", b"Bern")];
		refuses(spread(3, sites(&[b"CH", b"DE"], &[])), Error::<Test>::TooManyCountries);
		refuses(spread(2, sites(&[b"CH", b"CH"], &[])), Error::<Test>::TooManyCountries);
		refuses(spread(2, sites(&[], cities)), Error::<Test>::TooManyCountries);
		refuses(spread(2, sites(&[b"CH", b"DE"], cities)), Error::<Test>::TooManyCountries);
		accepts(spread(2, sites(&[b"CH", b"DE"], &[])));
		accepts(spread(1, sites(&[b"CH", b"DE"], cities)));
		accepts(spread(2, sites(&[], &[(b"CH", b"Geneva"), (b"FR", b"Geneva")])));
	});
}

/// Three countries are three data centres already.
#[test]
fn post_offer_takes_more_countries_than_data_centers() {
	build_and_execute(|| {
		accepts(|placement| (placement.min_countries, placement.min_data_centers) = (3, 2));
		accepts(|placement| (placement.min_data_centers, placement.min_providers) = (2, 3));
	});
}

#[test]
fn post_offer_refuses_sites_where_nothing_can_stand() {
	build_and_execute(|| {
		for wrong in [
			sites(&[b"CH", b"de"], &[]),
			sites(&[b"C1"], &[]),
			sites(&[b"\0\0"], &[]),
			sites(&[], &[(b"ch", b"Geneva")]),
			sites(&[b"CH", b"DE"], &[(b"CH", b"Geneva"), (b"FR", b"Paris")]),
			sites(&[], &[(b"CH", b"")]),
			sites(&[], &[(b"CH", b"  ")]),
			sites(&[], &[(b"CH", b"\xff")]),
			sites(&[], &[(b"CH", b"Ge\nneva")]),
			Sites { min_tier: 5, ..Default::default() },
			Sites { min_tier: u8::MAX, ..Default::default() },
		] {
			refuses(|placement| placement.sites = wrong, Error::<Test>::ImpossibleSites);
		}
		for right in [
			Sites { min_tier: 4, ..sites(&[b"CH", b"CH"], &[(b"CH", b"Geneva")]) },
			sites(&[], &[(b"CH", "Zürich".as_bytes()), (b"FR", b"Paris")]),
		] {
			accepts(|placement| placement.sites = right);
		}
	});
}

#[test]
fn post_offer_refuses_words_that_the_registry_does_not_know() {
	with_providers(|| {
		refuses(|placement| placement.hardware = Some(4), Error::<Test>::UnknownHardwareClass);
		refuses(
			|placement| placement.attested = Attributes::of(&[40]),
			Error::<Test>::UnknownAttribute,
		);
		let declared = Attributes::of(&[3, 255]);
		let post = Post { attributes: declared, ..Default::default() };
		assert_noop!(post.by(developer()), Error::<Test>::UnknownAttribute);
		refuses(
			|placement| placement.providers = allow(&[1, 2, 3]),
			Error::<Test>::UnknownProvider,
		);
		refuses(|placement| placement.providers = allow(&[]), Error::<Test>::EmptyAllowList);
		// Whom nobody knows one may shun.
		accepts(|placement| placement.providers = deny(&[3, 4]));
		accepts(|placement| placement.providers = deny(&[]));
	});
}

#[test]
fn check_refuses_what_post_offer_refuses() {
	with_providers(|| {
		let terms = || BidTerms { deal: None, expiry: 20, ..lacking() };
		assert_ok!(Offers::check(&terms()));
		let refuses = |change: fn(&mut BidTerms<_>), error: DispatchError| {
			let mut terms = terms();
			change(&mut terms);
			assert_noop!(Offers::check(&terms), error);
		};
		refuses(|terms| terms.max_price = 10_001, Error::<Test>::PriceOffTick.into());
		refuses(|terms| terms.max_price = HIGHEST_PRICE, ArithmeticError::Overflow.into());
		refuses(|terms| terms.units.min = 3, Error::<Test>::MinAboveTarget.into());
		const TOO_LONG: Epoch = MockUnits::LONGEST_TERM + 1;
		refuses(|terms| terms.term = TOO_LONG, Error::<Test>::TermTooLong.into());
		refuses(|terms| terms.expiry = 52, Error::<Test>::ExpiryTooFar.into());
		refuses(|terms| terms.placement.sites.min_tier = 5, Error::<Test>::ImpossibleSites.into());
		refuses(|terms| terms.placement.min_countries = 3, Error::<Test>::TooManyCountries.into());
		let class: fn(&mut BidTerms<_>) = |terms| terms.placement.hardware = Some(9);
		refuses(class, Error::<Test>::UnknownHardwareClass.into());
	});
}
