//! What an offer may ask for. What no supply could ever meet is refused before any money is held.

use crate::{Config, Error, Pallet};
use alloc::collections::BTreeSet;
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	math, AccessList, BidTerms, Country, EpochClock, Placement, Price, PriceLevel, Registry, Sites,
	UnitLedger, UnitsWanted, MAX_UNITS,
};
use sp_runtime::{DispatchError, DispatchResult};

/// The highest tier that a data centre may have.
const MAX_TIER: u8 = 4;

/// How many names of countries two capital letters can make.
const MAX_COUNTRIES: u32 = 26 * 26;

impl<T: Config> Pallet<T> {
	/// Whether an offer of these terms could be posted now, apart from the money for it: what `post_offer`
	/// checks, and what a quote should refuse as well.
	///
	/// # Errors
	/// Those of [`post_offer`](Self::post_offer), but for the content identifier and the funds.
	pub fn check(terms: &BidTerms<T::AccountId>) -> DispatchResult {
		Self::check_terms(terms)?;
		Self::check_units(&terms.units)?;
		math::cost(terms.units.target, terms.max_price, terms.term)?;
		check_sites::<T>(&terms.placement.sites)?;
		Self::check_spread(&terms.placement, &terms.units)?;
		Self::check_names(terms)
	}

	fn check_terms(terms: &BidTerms<T::AccountId>) -> DispatchResult {
		let now = T::Clock::current();
		ensure!(T::Registry::asset_admitted(&terms.asset), Error::<T>::AssetNotAdmitted);
		Self::check_price(terms.max_price)?;
		Self::check_tariff(terms.tariff)?;
		ensure!(terms.term > 0, Error::<T>::TermTooShort);
		ensure!(terms.term <= T::Units::longest_term(), Error::<T>::TermTooLong);
		ensure!(terms.expiry >= now, Error::<T>::ExpiryPassed);
		let lifetime = terms.expiry.saturating_sub(now);
		ensure!(lifetime <= T::MaxLifetime::get(), Error::<T>::ExpiryTooFar);
		Ok(())
	}

	/// Refuses a price that the book has no level for.
	pub(crate) fn check_price(price: Price) -> DispatchResult {
		ensure!(price > 0, Error::<T>::ZeroPrice);
		ensure!(PriceLevel::of(price).is_some(), Error::<T>::PriceOffTick);
		Ok(())
	}

	/// Refuses a tariff that nobody can offer less than.
	pub(crate) fn check_tariff(tariff: Option<Price>) -> DispatchResult {
		ensure!(tariff != Some(0), Error::<T>::ZeroTariff);
		Ok(())
	}

	pub(crate) fn check_units(units: &UnitsWanted) -> DispatchResult {
		ensure!(units.min > 0 && units.target > 0, Error::<T>::ZeroUnits);
		ensure!(units.min <= units.target, Error::<T>::MinAboveTarget);
		ensure!(units.target <= T::MaxUnits::get(), Error::<T>::TooManyUnits);
		Ok(())
	}

	/// Refuses caps without room for the first match, and more distinct groups than units can be in. Nothing
	/// else can stand in the way: one unit in each of the groups is within every cap, and a data centre is in
	/// one country and of one provider.
	fn check_spread(placement: &Placement<T::AccountId>, units: &UnitsWanted) -> DispatchResult {
		let listed = listed::<T>(&placement.providers)?;
		let servers = T::MaxServers::get();
		let room = room(placement, listed, servers);
		ensure!(room >= units.min, Error::<T>::CapBelowMin);

		let groups = room.min(units.target).min(servers);
		let Placement { min_providers, min_data_centers, min_countries, sites, .. } = placement;
		ensure!(*min_providers <= groups.min(listed), Error::<T>::TooManyProviders);
		ensure!(*min_data_centers <= groups, Error::<T>::TooManyDataCenters);
		ensure!(*min_countries <= groups.min(countries_of(sites)), Error::<T>::TooManyCountries);
		Ok(())
	}

	/// Refuses what the registry does not know: nothing that it has could match.
	fn check_names(terms: &BidTerms<T::AccountId>) -> DispatchResult {
		let Placement { hardware, attested, providers, .. } = &terms.placement;
		let known_class = hardware.is_none_or(T::Registry::is_hardware_class);
		ensure!(known_class, Error::<T>::UnknownHardwareClass);
		let wanted = terms.attributes.or(attested);
		ensure!(T::Registry::are_attributes_known(&wanted), Error::<T>::UnknownAttribute);
		if let AccessList::Allow(listed) = providers {
			let known = listed.iter().all(T::Registry::is_provider);
			ensure!(known, Error::<T>::UnknownProvider);
		}
		Ok(())
	}
}

/// How many providers the list lets in at most.
fn listed<T: Config>(providers: &AccessList<T::AccountId>) -> Result<u32, DispatchError> {
	match providers {
		AccessList::Any | AccessList::Deny(_) => Ok(u32::MAX),
		AccessList::Allow(list) if list.is_empty() => Err(Error::<T>::EmptyAllowList.into()),
		AccessList::Allow(list) => Ok(distinct(list)),
	}
}

/// The most units that the caps leave room for, on `servers` servers of `providers` providers at most.
pub(crate) fn room<AccountId>(
	placement: &Placement<AccountId>,
	providers: u32,
	servers: u32,
) -> u32 {
	let cap = placement.max_per_provider.unwrap_or(u32::MAX);
	let site = placement.max_per_data_center.unwrap_or(u32::MAX);
	let server = placement.max_per_server.unwrap_or(u32::MAX);
	// Each server may stand in a data centre of its own.
	let server = u32::from(MAX_UNITS).min(cap).min(site).min(server);
	let (Some(whole), Some(rest)) = (cap.checked_div(server), cap.checked_rem(server)) else {
		return 0;
	};
	// Servers at their cap first, then those that fill up what is left of each provider's.
	let full = whole.saturating_mul(providers).min(servers);
	let partial = servers.saturating_sub(full).min(providers);
	full.saturating_mul(server).saturating_add(partial.saturating_mul(rest))
}

/// Refuses sites that no data centre can be, and lists that contradict each other.
fn check_sites<T: Config>(sites: &Sites) -> DispatchResult {
	let Sites { countries, cities, min_tier } = sites;
	let listed = |country| countries.is_empty() || countries.contains(country);
	let possible = *min_tier <= MAX_TIER
		&& countries.iter().all(is_country)
		&& cities
			.iter()
			.all(|site| is_country(&site.country) && listed(&site.country) && is_city(&site.city));
	ensure!(possible, Error::<T>::ImpossibleSites);
	Ok(())
}

/// Whether a data centre may be registered in such a country.
fn is_country(country: &Country) -> bool {
	country.iter().all(u8::is_ascii_uppercase)
}

/// Whether a data centre may be registered in a city of this name.
fn is_city(name: &[u8]) -> bool {
	core::str::from_utf8(name)
		.is_ok_and(|text| !text.trim().is_empty() && !text.chars().any(char::is_control))
}

/// How many countries the lists allow at most.
fn countries_of(sites: &Sites) -> u32 {
	if !sites.cities.is_empty() {
		distinct(sites.cities.iter().map(|site| site.country))
	} else if !sites.countries.is_empty() {
		distinct(&sites.countries)
	} else {
		MAX_COUNTRIES
	}
}

/// How many different items there are.
fn distinct<Item: Ord>(items: impl IntoIterator<Item = Item>) -> u32 {
	let distinct = items.into_iter().collect::<BTreeSet<_>>().len();
	u32::try_from(distinct).unwrap_or(u32::MAX)
}
