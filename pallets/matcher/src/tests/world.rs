//! Units, offers and deals kept in storage, so that they roll back with it, and the moves of a market.

use super::{ledger, reward};
use crate::mock::{Matcher, MostServers, RuntimeOrigin, Test};
use frame_support::{
	ensure, storage_alias,
	traits::Hooks,
	weights::{Weight, WeightMeter},
	Twox64Concat,
};
use marketplace_primitives::{
	traits::DealOrigin, types::units_of, Ask, AskId, Attributes, Balance, BidTerms, DealId, Deals,
	Due, Epoch, EpochClock, Fill, Filled, OfferBook, OfferId, OrderBook, PaymentAsset, Placed,
	Placement, Price, Registry, ServerId, UnitLedger, Units, UnitsWanted,
};
use marketplace_testkit::{developer, placed, MockRegistry, MockUnits};
use sp_runtime::{
	AccountId32, DispatchError, DispatchError::Other, DispatchResult, DispatchResultWithInfo,
};

/// What a fill weighs, nothing being due of its server.
const FILL: Weight = Weight::from_parts(60_000_000, 600);

/// The market around the matcher.
pub struct World;

pub type Terms = BidTerms<AccountId32>;
pub type Fills = Vec<Fill<AccountId32>>;

#[storage_alias]
type Open = StorageMap<WorldPrefix, Twox64Concat, OfferId, Terms>;
#[storage_alias]
type Made = StorageMap<WorldPrefix, Twox64Concat, DealId, (Epoch, Fills)>;
impl OfferBook<AccountId32> for World {
	fn terms(offer: OfferId) -> Option<Terms> {
		Open::get(offer)
	}

	fn filled(offer: OfferId, deal: DealId, units: u32) -> DispatchResult {
		let mut terms = Open::get(offer).ok_or(Other("unknown offer"))?;
		terms.filled += units;
		terms.deal = Some(deal);
		ensure!(terms.filled <= terms.units.target, Other("too many units"));
		if terms.filled == terms.units.target {
			Open::remove(offer);
		} else {
			Open::insert(offer, terms);
		}
		Ok(())
	}

	fn expire(offer: OfferId) {
		Open::remove(offer);
	}

	fn origin(_: OfferId) -> Option<DealOrigin> {
		None
	}

	fn seek(_: Terms, _: DealOrigin) -> Result<OfferId, DispatchError> {
		Err(DispatchError::Unavailable)
	}

	fn recall(_: OfferId, _: DealId) -> Result<u32, DispatchError> {
		Ok(0)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_visited(_: OfferId) {}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_offer(
		developer: &AccountId32,
		target: u32,
		max_price: Price,
		term: Epoch,
	) -> OfferId {
		let id = OfferId(u64::try_from(Open::iter().count()).expect("few offers"));
		let terms = Terms {
			developer: developer.clone(),
			asset: PaymentAsset::Native,
			max_price,
			units: UnitsWanted { min: 1, target },
			filled: 0,
			term,
			placement: Placement::default(),
			attributes: Attributes::NONE,
			expiry: MockUnits::current() + 100,
			deal: None,
			tariff: None,
		};
		Open::insert(id, terms);
		id
	}
}

impl Deals<AccountId32> for World {
	fn fill(
		offer: OfferId,
		terms: &Terms,
		fills: &[Fill<AccountId32>],
	) -> Result<Filled, DispatchError> {
		let id = DealId(offer.0);
		ensure!(Open::get(offer).as_ref() == Some(terms), Other("stale terms"));
		let end = Self::end(id).unwrap_or_else(|| MockUnits::current() + 1 + terms.term);
		let servers = Self::placed(id).len() + fills.len();
		ensure!(servers <= Self::most_servers() as usize, Other("too many servers"));
		let mut due = Due::default();
		for fill in fills {
			let known = Self::placed(id).iter().any(|placed| placed.server == fill.server);
			ensure!(!known, Other("server twice"));
			due += Self::reserve(fill.server, id, fill.units, end)?;
			Made::mutate(id, |made| {
				made.get_or_insert((end, Vec::new())).1.push(fill.clone());
			});
		}
		Self::filled(offer, id, units_of(fills))?;
		let weight = FILL.saturating_mul(fills.len() as u64).saturating_add(due.0);
		Ok(Filled { deal: id, weight })
	}

	fn reward(
		deal: DealId,
		solver: &AccountId32,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		ensure!(Made::contains_key(deal), Other("unknown deal"));
		Ok(reward::pay(deal, solver, amount))
	}

	fn placed(deal: DealId) -> Vec<Placed<AccountId32>> {
		let fills = Made::get(deal).map(|(_, fills)| fills).unwrap_or_default();
		fills.iter().map(placed).collect()
	}

	fn most_servers() -> u32 {
		MostServers::get()
	}

	fn end(deal: DealId) -> Option<Epoch> {
		Made::get(deal).map(|(end, _)| end)
	}

	fn fill_weight(servers: u32) -> Weight {
		FILL.saturating_add(Self::most_due()).saturating_mul(servers.into())
	}

	fn reward_weight() -> Weight {
		Weight::from_parts(50_000_000, 500)
	}
}

/// What everybody pays in, if nothing else is said.
pub fn usdc() -> PaymentAsset {
	PaymentAsset::WithId(1)
}

/// Makes `units` of `server` proven until the start of epoch `until`, and tells the book.
pub fn prove(server: u32, units: Units, until: Epoch) {
	ledger::prove(ServerId(server), units, until);
	Matcher::supply_changed(ServerId(server));
}

/// A server of `provider` with `units` proven units.
pub fn server(id: u32, provider: AccountId32, units: u8) {
	MockRegistry::add_server(id, provider.clone(), provider, units);
	prove(id, Units::first(units), 1_000);
}

/// An ask for all units of a server.
pub fn ask(id: u64, server: u32, price: Price) {
	set_ask(id, ask_of(server, price));
}

/// The terms of such an ask.
pub fn ask_of(server: u32, price: Price) -> Ask {
	Ask {
		server: ServerId(server),
		units: Units::first(64),
		asset: usdc(),
		price,
		min_term: 1,
		max_term: 100,
		attributes: Attributes::NONE,
		tariff: None,
	}
}

pub fn set_ask(id: u64, ask: Ask) {
	MockRegistry::put_ask(AskId(id), ask.clone());
	Matcher::ask_set(AskId(id), &ask);
}

pub fn withdraw(id: u64) {
	let Some(ask) = MockRegistry::ask(AskId(id)) else { return };
	MockRegistry::remove_ask(AskId(id));
	Matcher::ask_withdrawn(AskId(id), &ask);
}

/// A bid for `min` to `target` units over 10 epochs.
pub fn bid(price: Price, min: u32, target: u32) -> Terms {
	BidTerms {
		developer: developer(),
		asset: usdc(),
		max_price: price,
		units: UnitsWanted { min, target },
		filled: 0,
		term: 10,
		placement: Placement::default(),
		attributes: Attributes::NONE,
		expiry: 500,
		deal: None,
		tariff: None,
	}
}

/// Posts an offer. Returns what matching it at once cost.
pub fn post(id: u64, terms: Terms) -> Weight {
	Open::insert(OfferId(id), terms);
	Matcher::bid_posted(OfferId(id))
}

/// Closes an offer.
pub fn cancel(id: OfferId) {
	if let Some(terms) = Open::take(id) {
		Matcher::bid_removed(id, &terms.asset, terms.max_price);
	}
}

/// Raises the price of an open offer.
pub fn raise(id: u64, price: Price) {
	if let Some(mut terms) = Open::get(OfferId(id)) {
		let old = core::mem::replace(&mut terms.max_price, price);
		let asset = terms.asset.clone();
		Open::insert(OfferId(id), terms);
		Matcher::bid_repriced(OfferId(id), &asset, old);
	}
}

/// Refuses every fill of a server, though its units seem available.
pub fn refuse(server: u32) {
	ledger::refuse(ServerId(server), true);
}

/// Tells the book of a server again.
pub fn prove_again(server: u32) {
	Matcher::supply_changed(ServerId(server));
}

/// Refuses it no longer.
pub fn accept(server: u32) {
	ledger::refuse(ServerId(server), false);
	Matcher::supply_changed(ServerId(server));
}

/// What is left of a block after its transactions, `weight` of it.
pub fn idle(weight: Weight) -> Weight {
	Matcher::on_idle(1, weight)
}

/// Idle blocks of just enough weight for the visit that comes next, until the book is quiet. Returns
/// how many.
pub fn settle() -> u32 {
	settle_with(|| _ = idle(Matcher::poke_weight()))
}

/// Repeats `turn` until the book is quiet.
pub fn settle_with(mut turn: impl FnMut()) -> u32 {
	for turns in 0..10_000 {
		if Matcher::is_quiet() {
			return turns;
		}
		turn();
	}
	panic!("the book never comes to rest");
}

/// All that one block can carry.
pub fn idle_fully() -> Weight {
	let mut meter = WeightMeter::new();
	Matcher::do_on_idle(&mut meter);
	assert!(Matcher::is_quiet());
	meter.consumed()
}

pub fn poke(
	who: AccountId32,
	offer: u64,
) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
	crate::Pallet::<Test>::poke(RuntimeOrigin::signed(who), OfferId(offer))
}

/// The fills of an offer, in order.
pub fn fills(offer: u64) -> Fills {
	Made::get(DealId(offer)).map(|(_, fills)| fills).unwrap_or_default()
}

/// The fills of an offer as (server, units, price).
pub fn got(offer: u64) -> Vec<(u32, u32, Price)> {
	fills(offer).iter().map(|fill| (fill.server.0, fill.units.count(), fill.price)).collect()
}

/// The terms of all open offers.
pub fn open() -> Vec<(OfferId, Terms)> {
	Open::iter().collect()
}

/// Undoes a deal.
pub fn forget(offer: u64) {
	Made::remove(DealId(offer));
}

/// All deals with their ends.
pub fn deals() -> Vec<(DealId, (Epoch, Fills))> {
	Made::iter().collect()
}
