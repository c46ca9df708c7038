//! What an offer would take of the asks that suit, to see which caps and least numbers stand in its way.

use crate::{
	placement::Spread,
	scan::{Basket, Wish},
	types::{Generation, Progress},
	Config, Pallet,
};
use alloc::vec::Vec;
use frame_support::traits::Get;
use marketplace_primitives::{
	api::{Constraint, Exclusion},
	AskId, BidTerms, Deals, EpochClock, Placement, ServerId, ServerRef,
};

/// The offer as if it asked for no groups.
pub(super) fn ungrouped<AccountId: Clone>(terms: &BidTerms<AccountId>) -> BidTerms<AccountId> {
	let mut terms = terms.clone();
	terms.placement.min_providers = 0;
	terms.placement.min_data_centers = 0;
	terms.placement.min_countries = 0;
	terms
}

/// What the rule takes of the asks that were looked at.
struct Draft<'a, T: Config> {
	wish: Wish<'a, T::AccountId>,
	basket: Basket<T::AccountId>,
	spread: Spread<T::AccountId>,
	/// How many asks it may take.
	most: u32,
}

impl<'a, T: Config> Draft<'a, T> {
	fn new(terms: &'a BidTerms<T::AccountId>) -> Option<Self> {
		let wish = Pallet::<T>::wish(terms, u64::MAX)?;
		let (basket, spread) = (Basket::new(&wish), Spread::new(wish.placed.clone()));
		let had = wish.placed.len().try_into().unwrap_or(u32::MAX);
		let most = T::MaxPlan::get().min(T::Deals::most_servers().saturating_sub(had));
		Some(Self { wish, basket, spread, most })
	}

	fn take(&mut self, id: AskId) {
		if self.basket.count() >= self.most {
			return;
		}
		let all = Progress::begin(Generation::MAX, T::Clock::current());
		if let Ok(taken) = Pallet::<T>::consider(&self.wish, &all, &self.basket, id, 0, None) {
			self.spread.add(&taken.fill);
			self.basket.put(taken);
		}
	}

	/// The groups of which the rule takes too few.
	fn lacking(&self) -> impl Iterator<Item = Constraint> {
		let wish = &self.wish;
		let Placement { min_providers, min_data_centers, min_countries, .. } = wish.terms.placement;
		let later =
			wish.terms.deal.map_or(0, |_| wish.wanted().saturating_sub(self.basket.units()));
		let missing = |only: Placement<_>| self.spread.missing(&only, None, None).most() > later;
		let lacking = [
			(Constraint::MinProviders, missing(Placement { min_providers, ..Default::default() })),
			(
				Constraint::MinDataCenters,
				missing(Placement { min_data_centers, ..Default::default() }),
			),
			(Constraint::MinCountries, missing(Placement { min_countries, ..Default::default() })),
		];
		lacking.into_iter().filter(|(_, lacks)| *lacks).map(|(constraint, _)| constraint)
	}

	/// All that it takes, as what a constraint excludes.
	fn excluded_by(&self, constraint: Constraint) -> Exclusion {
		let (asks, units) = (self.basket.count(), self.basket.units());
		Exclusion { constraint, asks, units, units_alone: 0 }
	}
}

/// The offer as it is, and as if it asked for no groups.
pub(super) struct Drafts<'a, T: Config> {
	whole: Draft<'a, T>,
	ungrouped: Draft<'a, T>,
}

impl<'a, T: Config> Drafts<'a, T> {
	/// Nothing is taken yet.
	pub fn new(
		terms: &'a BidTerms<T::AccountId>,
		ungrouped: &'a BidTerms<T::AccountId>,
	) -> Option<Self> {
		Some(Self { whole: Draft::new(terms)?, ungrouped: Draft::new(ungrouped)? })
	}

	/// Takes of an ask what the rule does.
	pub fn take(&mut self, id: AskId) {
		self.whole.take(id);
		self.ungrouped.take(id);
	}

	/// How many of the `free` units of a server each cap leaves no room for, and how many of these no other cap
	/// excludes. A server that the deal has, or had, is excluded by no cap.
	pub fn over_caps(
		&self,
		id: ServerId,
		server: &ServerRef<T::AccountId>,
		free: u32,
	) -> Vec<(Constraint, u32, u32)> {
		let Draft { wish, spread, .. } = &self.whole;
		if spread.has(id) {
			return Vec::new();
		}
		let Placement { max_per_provider, max_per_data_center, max_per_server, .. } =
			wish.terms.placement;
		let room = |only: Placement<_>| spread.cap(&only, None, server).min(free);
		let caps = [
			(
				Constraint::MaxPerProvider,
				room(Placement { max_per_provider, ..Default::default() }),
			),
			(
				Constraint::MaxPerDataCenter,
				room(Placement { max_per_data_center, ..Default::default() }),
			),
			(Constraint::MaxPerServer, room(Placement { max_per_server, ..Default::default() })),
		];
		let others = |own: Constraint| {
			let others = caps.iter().filter(|(constraint, _)| *constraint != own);
			others.map(|(_, room)| *room).min().unwrap_or(free)
		};
		caps.iter()
			.filter(|(_, room)| *room < free)
			.map(|(own, room)| {
				(*own, free.saturating_sub(*room), others(*own).saturating_sub(*room))
			})
			.collect()
	}

	/// What keeps the units that the offer would take from being a match: that they are too few, or in too few
	/// groups.
	pub fn too_few(&self) -> Vec<Exclusion> {
		let few = &self.ungrouped;
		let few =
			(few.basket.units() < few.wish.needed()).then(|| few.excluded_by(Constraint::Min));
		let groups = self.whole.lacking().map(|constraint| self.whole.excluded_by(constraint));
		let mut all: Vec<_> =
			few.into_iter().chain(groups).filter(|exclusion| exclusion.units > 0).collect();
		if let [alone] = &mut all[..] {
			alone.units_alone = alone.units;
		}
		all
	}
}
