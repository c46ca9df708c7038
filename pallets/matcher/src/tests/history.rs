//! What may happen in a market, at random.

use super::{reference::Reference, world::*};
use crate::{mock::*, BidPlaces};
use frame_support::BoundedVec;
use marketplace_primitives::{
	AccessList, Ask, Attributes, BidTerms, City, Country, DataCenterId, Location, OfferId,
	PaymentAsset, Placement, Price, Registry, ServerId, Sites, Units,
};
use marketplace_testkit::{account, stranger, MockRegistry, MockUnits};
use proptest::{collection::vec, prelude::*};

pub const SERVERS: u32 = 8;
const PROVIDERS: u32 = 3;
const SITES: u32 = 4;

/// What happens in a market.
#[derive(Clone, Debug)]
pub enum Move {
	Prove(u32, u8, u32),
	SetAsk(Ask),
	Withdraw(usize),
	/// Offers of one block, the most generous first.
	Post(Vec<Terms>),
	Cancel(usize),
	Raise(usize, u128),
	Refuse(u32),
	Accept(u32),
	NextEpoch(u32),
}

/// How the book is brought to rest.
#[derive(Clone, Debug)]
pub enum Turn {
	/// An idle block with that part of the weight of the largest visit, in quarters.
	Idle(u64),
	/// A poke of one of the bids.
	Poke(usize),
}

fn owner(server: u32) -> sp_runtime::AccountId32 {
	account(u8::try_from(10 + server % SITES % PROVIDERS).expect("small"))
}

fn country(site: u32) -> Country {
	[*b"CH", *b"DE", *b"CH", *b"FR"][site as usize]
}

fn location(site: u32) -> Location {
	Location { country: country(site), city: City::truncate_from(vec![b'a' + site as u8]) }
}

fn sites() -> impl Strategy<Value = Sites> {
	let countries = vec(0..SITES, 1..3).prop_map(|sites| Sites {
		countries: BoundedVec::truncate_from(sites.into_iter().map(country).collect()),
		..Default::default()
	});
	let cities = vec(0..SITES, 1..4).prop_map(|sites| Sites {
		cities: BoundedVec::truncate_from(sites.into_iter().map(location).collect()),
		..Default::default()
	});
	let tier = (1u8..4).prop_map(|min_tier| Sites { min_tier, ..Default::default() });
	prop_oneof![3 => Just(Sites::default()), 1 => countries, 1 => cities, 1 => tier]
}

/// At most one or two limits at a time, so that there is something left to match.
fn placement() -> impl Strategy<Value = Placement<sp_runtime::AccountId32>> {
	let cap = || proptest::option::weighted(0.3, 1u32..6);
	let groups = || prop_oneof![3 => Just(0u32), 1 => 1u32..4];
	let hardware = proptest::option::weighted(0.2, 0u8..3);
	let attested = prop_oneof![4 => Just(Attributes::NONE), 1 => (0u8..3).prop_map(|id| Attributes::of(&[id]))];
	let caps = (cap(), cap(), cap());
	let least = (groups(), groups(), groups());
	(caps, least, access(), sites(), hardware, attested).prop_map(
		|(caps, least, providers, sites, hardware, attested)| Placement {
			max_per_provider: caps.0,
			max_per_data_center: caps.1,
			max_per_server: caps.2,
			min_providers: least.0,
			min_data_centers: least.1,
			min_countries: least.2,
			providers,
			sites,
			hardware,
			attested,
		},
	)
}

fn asset() -> impl Strategy<Value = PaymentAsset> {
	prop_oneof![9 => Just(usdc()), 1 => Just(PaymentAsset::Native)]
}

fn attributes() -> impl Strategy<Value = Attributes> {
	vec(0u8..3, 0..3).prop_map(|ids| Attributes::of(&ids))
}

/// Of so many of all orders.
fn tariff(part: f64) -> impl Strategy<Value = Option<Price>> {
	proptest::option::weighted(part, 1u128..5)
}

fn asks() -> impl Strategy<Value = Ask> {
	let bounds = prop_oneof![3 => Just((1, 100)), 2 => (1u32..5, 5u32..20)];
	(0..SERVERS, 1u64..256, asset(), 1u128..8, bounds, attributes(), tariff(0.7)).prop_map(
		|(server, units, asset, price, (min_term, max_term), attributes, tariff)| Ask {
			server: ServerId(server),
			units: Units(units),
			asset,
			price,
			min_term,
			max_term,
			attributes,
			tariff,
		},
	)
}

fn access() -> impl Strategy<Value = AccessList<sp_runtime::AccountId32>> {
	let list = |servers: Vec<u32>| {
		BoundedVec::truncate_from(servers.into_iter().map(owner).collect::<Vec<_>>())
	};
	prop_oneof![
		4 => Just(AccessList::Any),
		1 => vec(0..PROVIDERS, 1..3).prop_map(move |servers| AccessList::Allow(list(servers))),
		1 => vec(0..PROVIDERS, 1..3).prop_map(move |servers| AccessList::Deny(list(servers))),
	]
}

pub fn bids() -> impl Strategy<Value = Terms> {
	let units = (1u32..16).prop_flat_map(|target| (1..=target, Just(target)));
	let wish = prop_oneof![2 => Just(Attributes::NONE), 1 => attributes()];
	(asset(), 1u128..9, units, 1u32..20, placement(), wish, 3u32..30, tariff(0.3)).prop_map(
		|(asset, price, (min, target), term, placement, attributes, expiry, tariff)| BidTerms {
			asset,
			term,
			attributes,
			expiry,
			placement,
			tariff,
			..bid(price, min, target)
		},
	)
}

pub fn moves() -> impl Strategy<Value = Move> {
	prop_oneof![
		4 => (0..SERVERS, 0u8..9, 1u32..40).prop_map(|(s, units, until)| Move::Prove(s, units, until)),
		6 => asks().prop_map(Move::SetAsk),
		2 => any::<usize>().prop_map(Move::Withdraw),
		6 => vec(bids(), 1..4).prop_map(Move::Post),
		1 => any::<usize>().prop_map(Move::Cancel),
		2 => (any::<usize>(), 1u128..9).prop_map(|(bid, by)| Move::Raise(bid, by)),
		1 => (0..SERVERS).prop_map(Move::Refuse),
		1 => (0..SERVERS).prop_map(Move::Accept),
		2 => (1u32..4).prop_map(Move::NextEpoch),
	]
}

pub fn turns() -> impl Strategy<Value = Vec<Turn>> {
	let turn = prop_oneof![(1u64..9).prop_map(Turn::Idle), any::<usize>().prop_map(Turn::Poke),];
	vec(turn, 1..20)
}

/// Applies a move to the chain and to the reference.
pub fn apply(number: u64, next: Move, model: &mut Reference) {
	match next {
		Move::Prove(id, units, until) => {
			let until = model.epoch + until;
			model.proven.insert(ServerId(id), (Units::first(units), until));
			prove(id, Units::first(units), until);
		},
		Move::SetAsk(ask) => {
			let same =
				|(_, old): &(u64, Ask)| old.server == ask.server && old.units.overlaps(ask.units);
			let old = model.asks.iter().find(|(_, old)| same(old)).map(|(id, _)| *id);
			if let Some(id) = old {
				model.asks.remove(&id);
				withdraw(id);
			}
			model.set_ask(number, ask.clone());
			set_ask(number, ask);
		},
		Move::Withdraw(pick) => {
			if let Some(id) = nth(model.asks.keys(), pick) {
				model.asks.remove(&id);
				withdraw(id);
			}
		},
		Move::Post(mut bids) => {
			bids.sort_by_key(|terms| core::cmp::Reverse(terms.max_price));
			for (id, mut terms) in (10 * number..).zip(bids) {
				terms.expiry += model.epoch;
				model.post(id, terms.clone());
				model.match_all();
				post(id, terms);
			}
		},
		Move::Cancel(pick) => {
			if let Some(id) = nth(model.bids.keys(), pick) {
				model.bids.remove(&id);
				cancel(OfferId(id));
			}
		},
		Move::Raise(pick, by) => {
			if let Some(id) = nth(model.bids.keys(), pick) {
				let price = model.bids[&id].1.max_price + by;
				model.raise(id, price);
				raise(id, price);
			}
		},
		Move::Refuse(id) => {
			model.refused.insert(ServerId(id));
			refuse(id);
			// as if the book had heard of it
			prove_again(id);
		},
		Move::Accept(id) => {
			model.refused.remove(&ServerId(id));
			accept(id);
		},
		Move::NextEpoch(epochs) => {
			model.epoch += epochs;
			MockUnits::set_epoch(model.epoch);
		},
	}
}

fn nth<'a>(mut ids: impl ExactSizeIterator<Item = &'a u64>, pick: usize) -> Option<u64> {
	let count = ids.len().max(1);
	ids.nth(pick % count).copied()
}

pub fn begin() -> Reference {
	let mut model = Reference { epoch: 1, ..Default::default() };
	for id in 0..SERVERS {
		model.proven.insert(ServerId(id), (Units::first(8), 1_000));
		server(id, owner(id), 8);
		MockRegistry::change_server(ServerId(id), |server| {
			let site = id % SITES;
			server.data_center = DataCenterId(site);
			server.location = location(site);
			server.tier = u8::try_from(1 + site % 3).expect("small");
			server.hardware = u8::try_from(id % 3).expect("small");
			server.attested = Attributes::of(&[server.hardware]);
		});
		model
			.servers
			.insert(ServerId(id), MockRegistry::server(ServerId(id)).expect("it is there"));
	}
	model
}

pub fn take(turn: &Turn) {
	match turn {
		Turn::Idle(quarters) => {
			idle(Matcher::poke_weight().saturating_mul(*quarters).saturating_div(4));
		},
		Turn::Poke(pick) => {
			let bids = BidPlaces::<Test>::iter_keys().collect::<Vec<_>>();
			if !bids.is_empty() {
				poke(stranger(), bids[pick % bids.len()].0).expect("the bid stands");
			}
		},
	}
}

/// The reference with the chain's deals and open bids in place of its own.
pub fn copy_of_chain(model: &Reference) -> Reference {
	let mut copy = model.clone();
	let open = open().into_iter().map(|(id, terms)| (id.0, terms)).collect::<Vec<_>>();
	copy.bids = open
		.into_iter()
		.filter_map(|(id, terms)| {
			let place = BidPlaces::<Test>::get(OfferId(id))?;
			Some((id, (place.key.sequence(), terms)))
		})
		.collect();
	copy.deals = deals().into_iter().map(|(id, deal)| (id.0, deal)).collect();
	copy
}
