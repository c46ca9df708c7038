//! The single changes that make an offer match.

use super::Constraint;
use crate::{Config, Pallet};
use alloc::{vec, vec::Vec};
use marketplace_primitives::{
	api::{Change, Remedy},
	math,
	types::units_of,
	AccessList, Ask, Attributes, BidTerms, Deals, Epoch, EpochClock, Fill, Location, Placed,
	Placement, Price, Registry, ServerRef, Sites,
};

/// What may be changed to get a match, in the order in which it is tried.
const NEGOTIABLE: [Constraint; 16] = [
	Constraint::Price,
	Constraint::Term,
	Constraint::Tariff,
	Constraint::Attributes,
	Constraint::Attested,
	Constraint::Hardware,
	Constraint::Providers,
	Constraint::Sites,
	Constraint::MaxPerProvider,
	Constraint::MaxPerDataCenter,
	Constraint::MaxPerServer,
	Constraint::MinProviders,
	Constraint::MinDataCenters,
	Constraint::MinCountries,
	Constraint::Min,
	Constraint::Expiry,
];

/// The terms of asks that are nearest to the one that is wanted.
#[derive(Default)]
pub(super) struct Bounds {
	/// The longest of those that are too short.
	shorter: Option<Epoch>,
	/// The shortest of those that are too long.
	longer: Option<Epoch>,
}

impl Bounds {
	/// With the terms of an ask too.
	pub fn widen(&mut self, wanted: Epoch, ask: &Ask) {
		if ask.max_term < wanted {
			self.shorter = self.shorter.max(Some(ask.max_term));
		}
		if ask.min_term > wanted {
			self.longer = Some(self.longer.map_or(ask.min_term, |term| term.min(ask.min_term)));
		}
	}
}

impl<T: Config> Pallet<T> {
	/// The single changes that make the offer match, the cheapest first.
	pub(super) fn remedies(
		terms: &BidTerms<T::AccountId>,
		bounds: Bounds,
	) -> Vec<Remedy<T::AccountId>> {
		let now = T::Clock::current();
		let asked = NEGOTIABLE.into_iter().filter(|constraint| is_asked(terms, *constraint, now));
		let mut remedies: Vec<_> = asked
			.filter_map(|constraint| {
				let changes = Self::changes(terms, constraint, &bounds);
				changes.into_iter().find_map(|change| Self::remedy(terms, change))
			})
			.collect();
		remedies.sort_by_key(|remedy| remedy.per_epoch);
		remedies
	}

	/// What the offer gets with the change, if it matches then.
	fn remedy(
		terms: &BidTerms<T::AccountId>,
		change: Change<T::AccountId>,
	) -> Option<Remedy<T::AccountId>> {
		let mut changed = terms.clone();
		change.clone().apply(&mut changed);
		let fills = Self::quote(&changed);
		let rate = |fill: &Fill<T::AccountId>| {
			math::payable(u64::from(fill.units.count()), fill.price).unwrap_or(Price::MAX)
		};
		Some(Remedy {
			change,
			units: units_of(&fills),
			per_epoch: fills.iter().map(rate).fold(0, Price::saturating_add),
			highest_price: fills.iter().map(|fill| fill.price).max()?,
		})
	}

	/// Changes of what a constraint asks for, which may make the offer match; the best first. They come from what
	/// it would get if it did not ask for that.
	fn changes(
		terms: &BidTerms<T::AccountId>,
		constraint: Constraint,
		bounds: &Bounds,
	) -> Vec<Change<T::AccountId>> {
		let fills = Self::quote_without(terms, Some(constraint));
		match constraint {
			Constraint::Term => {
				let common = Self::common_term(terms.term, &fills);
				let nearest = [common, bounds.shorter, bounds.longer];
				nearest.into_iter().flatten().map(Change::Term).collect()
			},
			_ if fills.is_empty() => Vec::new(),
			Constraint::Price => {
				let highest = fills.iter().map(|fill| fill.price).max();
				highest.map(Change::Price).into_iter().collect()
			},
			Constraint::Tariff => Self::tariffs(terms),
			Constraint::Min => vec![Change::Min(units_of(&fills))],
			Constraint::Expiry => vec![Change::Expiry(T::Clock::current())],
			_ => {
				let demand = Self::demand(terms, constraint, &fills);
				demand.into_iter().chain(Self::spread(terms, constraint, &fills)).collect()
			},
		}
	}

	/// Of the terms that all the asks allow, the one that is nearest to what is wanted.
	fn common_term(wanted: Epoch, fills: &[Fill<T::AccountId>]) -> Option<Epoch> {
		let asks: Vec<_> = fills.iter().filter_map(|fill| T::Registry::ask(fill.ask)).collect();
		let shortest = asks.iter().map(|ask| ask.min_term).max()?;
		let longest = asks.iter().map(|ask| ask.max_term).min()?;
		(shortest <= longest).then(|| wanted.max(shortest).min(longest))
	}

	/// A higher tariff, if any will do, or to pay for no requests.
	fn tariffs(terms: &BidTerms<T::AccountId>) -> Vec<Change<T::AccountId>> {
		let any = BidTerms { tariff: Some(Price::MAX), ..terms.clone() };
		let highest = Self::quote(&any).iter().filter_map(|fill| fill.tariff).max();
		let higher = highest.map(|tariff| Change::Tariff(Some(tariff)));
		higher.into_iter().chain([Change::Tariff(None)]).collect()
	}

	/// What may still be asked of the units themselves, so that the fills suit.
	fn demand(
		terms: &BidTerms<T::AccountId>,
		constraint: Constraint,
		fills: &[Fill<T::AccountId>],
	) -> Option<Change<T::AccountId>> {
		let placement = &terms.placement;
		let asks = || fills.iter().filter_map(|fill| T::Registry::ask(fill.ask));
		let servers = || fills.iter().filter_map(|fill| T::Registry::server(fill.server));
		Some(match constraint {
			Constraint::Attributes => {
				let offered = asks().map(|ask| ask.attributes);
				Change::Attributes(offered.fold(terms.attributes, common))
			},
			Constraint::Attested => {
				let attested = servers().map(|server| server.attested);
				Change::Attested(attested.fold(placement.attested, common))
			},
			Constraint::Hardware => {
				let class = servers().next()?.hardware;
				// Of servers that declare none, none can be asked for.
				let only = T::Registry::is_hardware_class(class)
					&& servers().all(|server| server.hardware == class);
				Change::Hardware(only.then_some(class))
			},
			Constraint::Providers => Change::Providers(with_providers(&placement.providers, fills)),
			Constraint::Sites => Change::Sites(servers().fold(placement.sites.clone(), with_site)),
			_ => return None,
		})
	}

	/// How the units may still be asked to be spread: as the fills are, with what the deal has. To ask for as many
	/// groups leaves room for them, and so may find less; then none may be asked for.
	fn spread(
		terms: &BidTerms<T::AccountId>,
		constraint: Constraint,
		fills: &[Fill<T::AccountId>],
	) -> Vec<Change<T::AccountId>> {
		let mut placed = terms.deal.map(T::Deals::placed).unwrap_or_default();
		placed.extend(fills.iter().map(placed_by));
		placed.retain(|placed| placed.units > 0);
		let by_provider = groups(&placed, |placed| placed.provider.clone());
		let by_site = groups(&placed, |placed| placed.data_center);
		let by_country = groups(&placed, |placed| placed.country);
		let by_server = groups(&placed, |placed| placed.server);
		let most = |groups: &[u32]| groups.iter().copied().max().unwrap_or_default();
		let fewer = |groups: &[u32], least: u32| {
			let count = u32::try_from(groups.len()).unwrap_or(u32::MAX);
			[count, 0].into_iter().filter(move |fewer| *fewer < least)
		};
		let Placement { min_providers, min_data_centers, min_countries, .. } = terms.placement;
		match constraint {
			Constraint::MaxPerProvider => vec![Change::MaxPerProvider(most(&by_provider))],
			Constraint::MaxPerDataCenter => vec![Change::MaxPerDataCenter(most(&by_site))],
			Constraint::MaxPerServer => vec![Change::MaxPerServer(most(&by_server))],
			Constraint::MinProviders => {
				fewer(&by_provider, min_providers).map(Change::MinProviders).collect()
			},
			Constraint::MinDataCenters => {
				fewer(&by_site, min_data_centers).map(Change::MinDataCenters).collect()
			},
			Constraint::MinCountries => {
				fewer(&by_country, min_countries).map(Change::MinCountries).collect()
			},
			_ => Vec::new(),
		}
	}
}

/// Whether the offer asks for it at all, and something else can be asked for.
fn is_asked<AccountId: PartialEq>(
	terms: &BidTerms<AccountId>,
	constraint: Constraint,
	now: Epoch,
) -> bool {
	let placement = &terms.placement;
	match constraint {
		Constraint::Price => true,
		// The term of a deal that runs is what is left of it, and any units will do for it.
		Constraint::Term => terms.deal.is_none(),
		Constraint::Min => terms.deal.is_none() && terms.units.min > 1,
		Constraint::Tariff => terms.tariff.is_some(),
		Constraint::Attributes => terms.attributes != Attributes::NONE,
		Constraint::Attested => placement.attested != Attributes::NONE,
		Constraint::Hardware => placement.hardware.is_some(),
		Constraint::Providers => placement.providers != AccessList::Any,
		Constraint::Sites => placement.sites != Sites::default(),
		Constraint::MaxPerProvider => placement.max_per_provider.is_some(),
		Constraint::MaxPerDataCenter => placement.max_per_data_center.is_some(),
		Constraint::MaxPerServer => placement.max_per_server.is_some(),
		Constraint::MinProviders => placement.min_providers > 0,
		Constraint::MinDataCenters => placement.min_data_centers > 0,
		Constraint::MinCountries => placement.min_countries > 0,
		Constraint::Expiry => terms.expiry < now,
		Constraint::Supply => false,
	}
}

/// Attributes of both sets.
fn common(one: Attributes, other: Attributes) -> Attributes {
	let mut set = one;
	set.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine &= theirs);
	set
}

/// The list with the providers of the fills; a list that is too short for them gives way to none.
fn with_providers<AccountId: PartialEq + Clone>(
	list: &AccessList<AccountId>,
	fills: &[Fill<AccountId>],
) -> AccessList<AccountId> {
	let mut list = list.clone();
	for fill in fills {
		let admitted = match &mut list {
			AccessList::Any => true,
			AccessList::Allow(allowed) => {
				allowed.contains(&fill.provider) || allowed.try_push(fill.provider.clone()).is_ok()
			},
			AccessList::Deny(denied) => {
				denied.retain(|provider| *provider != fill.provider);
				!denied.is_empty()
			},
		};
		if !admitted {
			return AccessList::Any;
		}
	}
	list
}

/// The sites with that of a server; a list that is too short for it gives way to none.
fn with_site<AccountId>(mut sites: Sites, server: ServerRef<AccountId>) -> Sites {
	let Location { country, .. } = server.location;
	let Sites { countries, cities, min_tier } = &mut sites;
	let listed = countries.is_empty() || countries.contains(&country);
	if !listed && countries.try_push(country).is_err() {
		countries.clear();
	}
	let listed = cities.is_empty() || cities.contains(&server.location);
	if !listed && cities.try_push(server.location).is_err() {
		cities.clear();
	}
	*min_tier = server.tier.min(*min_tier);
	sites
}

/// What a fill adds to a deal.
fn placed_by<AccountId: Clone>(fill: &Fill<AccountId>) -> Placed<AccountId> {
	Placed {
		server: fill.server,
		provider: fill.provider.clone(),
		data_center: fill.data_center,
		country: fill.country,
		units: fill.units.count(),
	}
}

/// The units of each group.
fn groups<AccountId, Group: PartialEq>(
	placed: &[Placed<AccountId>],
	group: impl Fn(&Placed<AccountId>) -> Group,
) -> Vec<u32> {
	let mut groups: Vec<(Group, u32)> = Vec::new();
	for placed in placed {
		let own = group(placed);
		match groups.iter_mut().find(|(known, _)| *known == own) {
			Some((_, units)) => *units = units.saturating_add(placed.units),
			None => groups.push((own, placed.units)),
		}
	}
	groups.into_iter().map(|(_, units)| units).collect()
}
