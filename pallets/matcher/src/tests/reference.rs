//! The reference: the rule of the matcher in its plainest form, over vectors, without index, cursor,
//! pass or bound. It shares no code with the pallet.

use super::world::Terms;
use marketplace_primitives::{Ask, Epoch, Fill, Price, ServerId, Units};
use sp_runtime::AccountId32;
use std::collections::{BTreeMap, BTreeSet};

/// A market of which everything is known.
#[derive(Clone, Default)]
pub struct Reference {
	/// The current epoch.
	pub epoch: Epoch,
	/// The time of the last order.
	pub clock: u64,
	pub owners: BTreeMap<ServerId, AccountId32>,
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
			let fills = self.greedy(id, time, &terms);
			let units = fills.iter().map(|fill| fill.units.count()).sum::<u32>();
			let least = if self.deals.contains_key(&id) { 1 } else { terms.units.min.max(1) };
			if units >= least {
				self.fill(id, fills, units);
				return true;
			}
		}
		false
	}

	fn fill(&mut self, id: u64, fills: Vec<Fill<AccountId32>>, units: u32) {
		let terms = &mut self.bids.get_mut(&id).expect("it is open").1;
		terms.filled += units;
		let end = self.epoch + 1 + terms.term;
		if terms.filled == terms.units.target {
			self.bids.remove(&id);
		}
		self.deals.entry(id).or_insert((end, Vec::new())).1.extend(fills);
	}

	/// What the bid takes of every ask, from the cheapest and oldest on.
	fn greedy(&self, id: u64, time: u64, terms: &Terms) -> Vec<Fill<AccountId32>> {
		let mut asks = self.asks.iter().collect::<Vec<_>>();
		asks.sort_by_key(|(_, (time, ask))| (ask.price, *time));
		let mut fills = Vec::new();
		for (ask_id, (ask_time, ask)) in asks {
			let provider = &self.owners[&ask.server];
			let units = self.takes(id, terms, ask, provider, &fills);
			if !units.is_empty() {
				let price = if *ask_time < time { ask.price } else { terms.max_price };
				fills.push(Fill {
					ask: (*ask_id).into(),
					server: ask.server,
					provider: provider.clone(),
					units,
					price,
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
		provider: &AccountId32,
		fills: &[Fill<AccountId32>],
	) -> Units {
		let end = match self.deals.get(&id) {
			Some((end, _)) => *end,
			None => self.epoch + 1 + terms.term,
		};
		let left = end.saturating_sub(self.epoch + 1);
		let earlier = self.deals.get(&id).map(|(_, fills)| fills.clone()).unwrap_or_default();
		let mine = earlier.iter().chain(fills).collect::<Vec<_>>();
		let (proven, until) = self.proven.get(&ask.server).copied().unwrap_or_default();
		let fits = left > 0
			&& ask.asset == terms.asset
			&& ask.price <= terms.max_price
			&& ask.min_term <= left
			&& left <= ask.max_term
			&& terms.attributes.or(&ask.attributes) == ask.attributes
			&& terms.placement.providers.admits(provider)
			&& until >= end
			&& !self.refused.contains(&ask.server)
			&& mine.iter().all(|fill| fill.server != ask.server);
		if !fits {
			return Units::NONE;
		}
		let new = fills.iter().map(|fill| fill.units.count()).sum::<u32>();
		let theirs = mine.iter().filter(|fill| fill.provider == *provider);
		let held = theirs.map(|fill| fill.units.count()).sum::<u32>();
		let cap = terms.placement.max_per_provider.unwrap_or(u32::MAX);
		let wanted = (terms.units.target - terms.filled - new).min(cap.saturating_sub(held));
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
