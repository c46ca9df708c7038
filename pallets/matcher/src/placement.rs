//! How the units of a deal may be spread: caps per group, and least numbers of distinct groups.

use crate::explain::Constraint;
use alloc::vec::Vec;
use marketplace_primitives::{Fill, Placed, Placement, ServerId, ServerRef};

/// The units of a deal, those of a match that is not made yet included.
pub(crate) struct Spread<AccountId> {
	placed: Vec<Placed<AccountId>>,
}

impl<AccountId: PartialEq + Clone> Spread<AccountId> {
	/// What the deal has, or nothing.
	pub fn new(placed: Vec<Placed<AccountId>>) -> Self {
		Self { placed }
	}

	/// With the units of a fill.
	pub fn add(&mut self, fill: &Fill<AccountId>) {
		self.placed.push(Placed {
			server: fill.server,
			provider: fill.provider.clone(),
			data_center: fill.data_center,
			country: fill.country,
			units: fill.units.count(),
		});
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
		let of_provider = self.count(|placed| placed.provider == server.provider);
		let of_site = self.count(|placed| placed.data_center == server.data_center);
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
		let providers =
			self.taken().map(|placed| &placed.provider).chain(with.map(|new| &new.provider));
		let sites =
			self.taken().map(|placed| &placed.data_center).chain(with.map(|new| &new.data_center));
		let countries =
			self.taken().map(|placed| &placed.country).chain(with.map(|new| &new.location.country));
		Missing(
			[
				(Constraint::MinProviders, placement.min_providers, distinct(providers)),
				(Constraint::MinDataCenters, placement.min_data_centers, distinct(sites)),
				(Constraint::MinCountries, placement.min_countries, distinct(countries)),
			]
			.map(|(constraint, wanted, have)| match ignored {
				Some(ignored) if ignored == constraint => 0,
				_ => wanted.saturating_sub(have),
			}),
		)
	}

	fn taken(&self) -> impl Iterator<Item = &Placed<AccountId>> {
		self.placed.iter().filter(|placed| placed.units > 0)
	}

	fn count(&self, of: impl Fn(&Placed<AccountId>) -> bool) -> u32 {
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

/// How many different values there are.
fn distinct<'a, V: PartialEq + 'a>(values: impl Iterator<Item = &'a V>) -> u32 {
	let mut seen = Vec::new();
	for value in values {
		if !seen.contains(&value) {
			seen.push(value);
		}
	}
	u32::try_from(seen.len()).unwrap_or(u32::MAX)
}
