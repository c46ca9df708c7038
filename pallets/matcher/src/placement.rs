//! How the units of a deal may be spread: caps per group, and least numbers of distinct groups.

use crate::explain::Constraint;
use alloc::vec::Vec;
use marketplace_primitives::{Country, DataCenterId, Fill, Placed, Placement, ServerId, ServerRef};

/// The units of a deal, those of a match that is not made yet included.
pub(crate) struct Spread<AccountId> {
	placed: Vec<Placed<AccountId>>,
	/// The groups that they are in, each once.
	providers: Vec<AccountId>,
	data_centers: Vec<DataCenterId>,
	countries: Vec<Country>,
}

impl<AccountId: PartialEq + Clone> Spread<AccountId> {
	/// What the deal has, or nothing.
	pub fn new(placed: Vec<Placed<AccountId>>) -> Self {
		let (providers, data_centers, countries) = (Vec::new(), Vec::new(), Vec::new());
		let mut spread = Self { placed: Vec::new(), providers, data_centers, countries };
		placed.into_iter().for_each(|placed| spread.push(placed));
		spread
	}

	/// With the units of a fill.
	pub fn add(&mut self, fill: &Fill<AccountId>) {
		self.push(Placed {
			server: fill.server,
			provider: fill.provider.clone(),
			data_center: fill.data_center,
			country: fill.country,
			units: fill.units.count(),
		});
	}

	fn push(&mut self, placed: Placed<AccountId>) {
		if placed.units > 0 {
			put(&mut self.providers, &placed.provider);
			put(&mut self.data_centers, &placed.data_center);
			put(&mut self.countries, &placed.country);
		}
		self.placed.push(placed);
	}

	/// Whether the server is part of it, or was.
	pub fn has(&self, server: ServerId) -> bool {
		self.placed.iter().any(|placed| placed.server == server)
	}

	/// How many units of `server` it takes at most, if it takes `left` more in all: within every cap, and so
	/// that a unit is left for each group that is still missing. A server that brings a missing group gives
	/// one unit even so, as long as the rest may bring the others, each unit one of every kind.
	pub fn room(
		&self,
		placement: &Placement<AccountId>,
		ignored: Option<Constraint>,
		server: &ServerRef<AccountId>,
		left: u32,
	) -> u32 {
		let missing = self.missing(placement, ignored, Some(server));
		let brings = missing.sum() < self.missing(placement, ignored, None).sum();
		let spare = left.saturating_sub(missing.sum());
		let one = brings && left > missing.most();
		self.cap(placement, ignored, server).min(spare.max(u32::from(one)))
	}

	/// What the caps leave of the server.
	pub fn cap(
		&self,
		placement: &Placement<AccountId>,
		ignored: Option<Constraint>,
		server: &ServerRef<AccountId>,
	) -> u32 {
		let of_provider = self.held(|placed| placed.provider == server.provider);
		let of_site = self.held(|placed| placed.data_center == server.data_center);
		let caps = [
			(Constraint::MaxPerProvider, placement.max_per_provider, of_provider),
			(Constraint::MaxPerDataCenter, placement.max_per_data_center, of_site),
			(Constraint::MaxPerServer, placement.max_per_server, 0),
		];
		caps.iter()
			.filter(|(constraint, ..)| ignored != Some(*constraint))
			.filter_map(|(_, cap, held)| cap.map(|cap| cap.saturating_sub(*held)))
			.min()
			.unwrap_or(u32::MAX)
	}

	/// How many more groups it needs, once it has units of `with` too.
	pub fn missing(
		&self,
		placement: &Placement<AccountId>,
		ignored: Option<Constraint>,
		with: Option<&ServerRef<AccountId>>,
	) -> Missing {
		let providers = count(&self.providers, with.map(|new| &new.provider));
		let sites = count(&self.data_centers, with.map(|new| &new.data_center));
		let countries = count(&self.countries, with.map(|new| &new.location.country));
		Missing(
			[
				(Constraint::MinProviders, placement.min_providers, providers),
				(Constraint::MinDataCenters, placement.min_data_centers, sites),
				(Constraint::MinCountries, placement.min_countries, countries),
			]
			.map(|(constraint, wanted, have)| match ignored {
				Some(ignored) if ignored == constraint => 0,
				_ => wanted.saturating_sub(have),
			}),
		)
	}

	fn held(&self, of: impl Fn(&Placed<AccountId>) -> bool) -> u32 {
		self.placed
			.iter()
			.filter(|placed| of(placed))
			.fold(0, |sum, placed| sum.saturating_add(placed.units))
	}
}

/// How many providers, data centres and countries are missing.
pub(crate) struct Missing([u32; 3]);

impl Missing {
	/// Units that it takes at most to bring them.
	pub fn sum(&self) -> u32 {
		self.0.iter().fold(0, |sum, more| sum.saturating_add(*more))
	}

	/// Units that it takes at least.
	pub fn most(&self) -> u32 {
		self.0.iter().copied().max().unwrap_or(0)
	}
}

/// Adds a value to those that are there, each once.
fn put<V: PartialEq + Clone>(values: &mut Vec<V>, value: &V) {
	if !values.contains(value) {
		values.push(value.clone());
	}
}

/// How many values there are, with one more.
fn count<V: PartialEq>(values: &[V], more: Option<&V>) -> u32 {
	let more = more.is_some_and(|more| !values.contains(more));
	u32::try_from(values.len()).unwrap_or(u32::MAX).saturating_add(more.into())
}
