//! The reference: the rule of the matcher in its plainest form, over vectors, without index, cursor,
//! pass or bound. It shares no code with the pallet.

use super::world::{Terms, World};
use codec::Encode;
use marketplace_primitives::{
	Ask, Country, DataCenterId, Deals, Epoch, Fill, Price, ServerId, ServerRef, Units,
};
use sp_runtime::AccountId32;
use std::collections::{BTreeMap, BTreeSet};

/// A market of which everything is known.
#[derive(Clone, Default)]
pub struct Reference {
	/// The current epoch.
	pub epoch: Epoch,
	/// The time of the last order.
	pub clock: u64,
	pub servers: BTreeMap<ServerId, ServerRef<AccountId32>>,
	pub proven: BTreeMap<ServerId, (Units, Epoch)>,
	pub refused: BTreeSet<ServerId>,
	/// Asks with the time at which they came.
	pub asks: BTreeMap<u64, (u64, Ask)>,
	/// Open bids with the time at which they came.
	pub bids: BTreeMap<u64, (u64, Terms)>,
	/// Fills of deals, with their end.
	pub deals: BTreeMap<u64, (Epoch, Vec<Fill<AccountId32>>)>,
}

impl Reference {
	fn tick(&mut self) -> u64 {
		self.clock += 1;
		self.clock
	}

	pub fn set_ask(&mut self, id: u64, ask: Ask) {
		let time = self.tick();
		self.asks.insert(id, (time, ask));
	}

	pub fn post(&mut self, id: u64, terms: Terms) {
		let time = self.tick();
		self.bids.insert(id, (time, terms));
	}

	pub fn raise(&mut self, id: u64, price: Price) {
		let time = self.tick();
		if let Some(bid) = self.bids.get_mut(&id) {
			bid.0 = time;
			bid.1.max_price = price;
		}
	}

	/// Lets the best bid that can take something take it, until none can take any more. Returns whether
	/// any took something.
	pub fn match_all(&mut self) -> bool {
		let mut any = false;
		while self.match_once() {
			any = true;
		}
		any
	}

	fn match_once(&mut self) -> bool {
		let epoch = self.epoch;
		self.bids.retain(|_, (_, terms)| terms.expiry >= epoch);
		let mut order = self.bids.iter().map(|(id, bid)| (*id, bid.clone())).collect::<Vec<_>>();
		order.sort_by_key(|(_, (time, terms))| (core::cmp::Reverse(terms.max_price), *time));
		for (id, (time, terms)) in order {
			if let Some(fills) = self.best_match(id, time, &terms) {
				self.fill(id, fills);
				return true;
			}
		}
		false
	}

	/// What the bid gets, if that makes a match. Nobody knows who refuses before a match is tried; then it is as if
	/// those asks were not there.
	pub fn best_match(&self, id: u64, time: u64, terms: &Terms) -> Option<Vec<Fill<AccountId32>>> {
		let mut skipped = BTreeSet::new();
		loop {
			let fills = self.greedy(id, time, terms, &skipped);
			let opened = self.deals.contains_key(&id);
			let least = if opened { 1 } else { terms.units.min.max(1) };
			let spread = fills.iter().map(groups_of).collect::<Vec<_>>();
			let is_whole = opened || missing(terms, &spread) == [0, 0, 0];
			if units_of(&fills) < least || !is_whole {
				return None;
			}
			let refused = fills.iter().filter(|fill| self.refused.contains(&fill.server));
			let refused = refused.map(|fill| fill.ask.0).collect::<Vec<_>>();
			if refused.is_empty() {
				return Some(fills);
			}
			skipped.extend(refused);
		}
	}

	fn fill(&mut self, id: u64, fills: Vec<Fill<AccountId32>>) {
		let terms = &mut self.bids.get_mut(&id).expect("it is open").1;
		terms.filled += units_of(&fills);
		let end = self.epoch + 1 + terms.term;
		if terms.filled == terms.units.target {
			self.bids.remove(&id);
		}
		self.deals.entry(id).or_insert((end, Vec::new())).1.extend(fills);
	}

	/// What the bid takes of every ask but those `skipped`, from the cheapest and oldest on.
	fn greedy(
		&self,
		id: u64,
		time: u64,
		terms: &Terms,
		skipped: &BTreeSet<u64>,
	) -> Vec<Fill<AccountId32>> {
		let asks = self.asks.iter().filter(|(id, _)| !skipped.contains(id));
		let mut asks = asks.collect::<Vec<_>>();
		asks.sort_by_key(|(_, (time, ask))| (ask.price, *time));
		let mut fills = Vec::new();
		for (ask_id, (ask_time, ask)) in asks {
			let server = &self.servers[&ask.server];
			let units = self.takes(id, terms, ask, server, &fills);
			if !units.is_empty() {
				let price = if *ask_time < time { ask.price } else { terms.max_price };
				fills.push(Fill {
					ask: (*ask_id).into(),
					server: ask.server,
					provider: server.provider.clone(),
					data_center: server.data_center,
					country: server.location.country,
					units,
					price,
					max_term: ask.max_term,
					tariff: ask.tariff,
				});
			}
		}
		fills
	}

	fn takes(
		&self,
		id: u64,
		terms: &Terms,
		ask: &Ask,
		server: &ServerRef<AccountId32>,
		fills: &[Fill<AccountId32>],
	) -> Units {
		let end = match self.deals.get(&id) {
			Some((end, _)) => *end,
			None => self.epoch + 1 + terms.term,
		};
		let left = end.saturating_sub(self.epoch + 1);
		let earlier = self.deals.get(&id).map(|(_, fills)| fills.clone()).unwrap_or_default();
		let mine = earlier.iter().chain(fills).collect::<Vec<_>>();
		let place = &terms.placement;
		let (proven, until) = self.proven.get(&ask.server).copied().unwrap_or_default();
		let fits = left > 0
			&& ask.asset == terms.asset
			&& ask.price <= terms.max_price
			&& match (terms.tariff, ask.tariff) {
				(Some(most), Some(asked)) => asked <= most,
				(Some(_), None) => false,
				(None, _) => true,
			} && ask.min_term <= left
			&& left <= ask.max_term
			&& terms.attributes.or(&ask.attributes) == ask.attributes
			&& place.providers.admits(&server.provider)
			&& place.hardware.is_none_or(|class| class == server.hardware)
			&& place.attested.or(&server.attested) == server.attested
			&& place.sites.min_tier <= server.tier
			&& (place.sites.countries.is_empty()
				|| place.sites.countries.contains(&server.location.country))
			&& (place.sites.cities.is_empty() || place.sites.cities.contains(&server.location))
			&& until >= end
			&& mine.iter().all(|fill| fill.server != ask.server)
			&& mine.len() < World::most_servers() as usize;
		if !fits {
			return Units::NONE;
		}
		let left = terms.units.target - terms.filled - units_of(fills);
		let of = |same: &dyn Fn(&Fill<AccountId32>) -> bool| {
			mine.iter().filter(|fill| same(fill)).map(|fill| fill.units.count()).sum::<u32>()
		};
		let room = |cap: Option<u32>, held: u32| cap.unwrap_or(u32::MAX).saturating_sub(held);
		let of_provider = of(&|fill| fill.provider == server.provider);
		let of_site = of(&|fill| fill.data_center == server.data_center);
		let mut spread = mine.iter().map(|fill| groups_of(fill)).collect::<Vec<_>>();
		spread.push((server.provider.clone(), server.data_center, server.location.country));
		let after = missing(terms, &spread);
		spread.pop();
		let before = missing(terms, &spread);
		let kept = after.iter().sum::<u32>();
		let new_group = kept < before.iter().sum();
		let one = new_group && after.iter().all(|more| *more < left);
		let wanted = left
			.saturating_sub(kept)
			.max(u32::from(one))
			.min(room(place.max_per_provider, of_provider))
			.min(room(place.max_per_data_center, of_site))
			.min(room(place.max_per_server, 0));
		let free = proven.without(self.busy(ask.server)).and(ask.units);
		free.iter()
			.take(wanted.try_into().expect("small"))
			.fold(Units::NONE, |set, unit| set.or(Units::one(unit)))
	}

	/// Units of a server in deals that run.
	pub fn busy(&self, server: ServerId) -> Units {
		self.deals
			.values()
			.filter(|(end, _)| *end > self.epoch)
			.flat_map(|(_, fills)| fills)
			.filter(|fill| fill.server == server)
			.fold(Units::NONE, |set, fill| {
				assert!(!set.overlaps(fill.units), "a unit is in two deals");
				set.or(fill.units)
			})
	}
}

fn units_of(fills: &[Fill<AccountId32>]) -> u32 {
	fills.iter().map(|fill| fill.units.count()).sum()
}

type Groups = (AccountId32, DataCenterId, Country);

fn groups_of(fill: &Fill<AccountId32>) -> Groups {
	(fill.provider.clone(), fill.data_center, fill.country)
}

/// How many providers, data centres and countries units in `spread` lack.
fn missing(terms: &Terms, spread: &[Groups]) -> [u32; 3] {
	let place = &terms.placement;
	let count = |ids: BTreeSet<Vec<u8>>| u32::try_from(ids.len()).expect("few");
	let providers = count(spread.iter().map(|groups| groups.0.encode()).collect());
	let sites = count(spread.iter().map(|groups| groups.1.encode()).collect());
	let countries = count(spread.iter().map(|groups| groups.2.encode()).collect());
	[
		place.min_providers.saturating_sub(providers),
		place.min_data_centers.saturating_sub(sites),
		place.min_countries.saturating_sub(countries),
	]
}
