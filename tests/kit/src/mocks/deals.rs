use super::{state, MockOffers, MockUnits};
use frame_support::{ensure, weights::Weight};
use marketplace_primitives::{
	types::units_of, Balance, BidTerms, DealId, Deals, Due, Epoch, EpochClock, Fill, Filled,
	OfferBook, OfferId, Placed, UnitLedger,
};
use sp_runtime::{AccountId32, DispatchError};
use std::collections::BTreeMap;

/// A deal with all its fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockDeal {
	/// Where it came from.
	pub offer: OfferId,
	/// It ends with the start of this epoch.
	pub end: Epoch,
	/// Its fills in order.
	pub fills: Vec<Fill<AccountId32>>,
}

/// Deals in memory: reserves units in [`MockUnits`] and tells [`MockOffers`]. The deal's number is the
/// offer's.
pub struct MockDeals;

/// Its state.
#[derive(Default)]
pub struct DealsState {
	deals: BTreeMap<DealId, MockDeal>,
	refuse: bool,
	rewarded: Vec<(DealId, AccountId32, Balance)>,
}

state!(MockDeals, DealsState, DEALS);

impl MockDeals {
	/// The deal of an offer.
	pub fn deal(offer: OfferId) -> Option<MockDeal> {
		Self::with(|state| state.deals.get(&DealId(offer.0)).cloned())
	}

	/// All deals.
	pub fn deals() -> Vec<MockDeal> {
		Self::with(|state| state.deals.values().cloned().collect())
	}

	/// Who was rewarded with how much for a match that became which deal, in order.
	pub fn rewarded() -> Vec<(DealId, AccountId32, Balance)> {
		Self::with(|state| state.rewarded.clone())
	}

	/// Whether every fill is refused from now on.
	pub fn refuse(refuse: bool) {
		Self::with(|state| state.refuse = refuse);
	}
}

impl Deals<AccountId32> for MockDeals {
	fn fill(
		offer: OfferId,
		terms: &BidTerms<AccountId32>,
		fills: &[Fill<AccountId32>],
	) -> Result<Filled, DispatchError> {
		ensure!(!Self::with(|state| state.refuse), DispatchError::Other("refused"));
		let id = DealId(offer.0);
		let end = Self::end(id).unwrap_or_else(|| MockUnits::current() + 1 + terms.term);
		let mut due = Due::default();
		for fill in fills {
			let known = Self::placed(id).iter().any(|placed| placed.server == fill.server);
			ensure!(!known, DispatchError::Other("server twice"));
			due += MockUnits::reserve(fill.server, id, fill.units, end)?;
		}
		MockOffers::filled(offer, id, units_of(fills))?;
		Self::with(|state| {
			let empty = MockDeal { offer, end, fills: Vec::new() };
			state.deals.entry(id).or_insert(empty).fills.extend_from_slice(fills);
		});
		Ok(Filled { deal: id, weight: weight_of(fills.len() as u64).saturating_add(due.0) })
	}

	fn reward(
		deal: DealId,
		solver: &AccountId32,
		amount: Balance,
	) -> Result<Balance, DispatchError> {
		Self::with(|state| state.rewarded.push((deal, solver.clone(), amount)));
		Ok(amount)
	}

	fn placed(deal: DealId) -> Vec<Placed<AccountId32>> {
		Self::with(|state| {
			let fills = state.deals.get(&deal).map(|deal| deal.fills.as_slice()).unwrap_or(&[]);
			fills.iter().map(placed).collect()
		})
	}

	fn most_servers() -> u32 {
		64
	}

	fn end(deal: DealId) -> Option<Epoch> {
		Self::with(|state| state.deals.get(&deal).map(|deal| deal.end))
	}

	fn fill_weight(servers: u32) -> Weight {
		let due = MockUnits::MOST_DUE.saturating_mul(servers.into());
		weight_of(servers.into()).saturating_add(due)
	}

	fn reward_weight() -> Weight {
		Weight::from_parts(1_000, 0)
	}
}

/// What fills of so many servers weigh, of which nothing is due.
fn weight_of(servers: u64) -> Weight {
	Weight::from_parts(1_000 * servers, 0)
}

/// What placement needs to know of a fill.
pub fn placed(fill: &Fill<AccountId32>) -> Placed<AccountId32> {
	Placed {
		server: fill.server,
		provider: fill.provider.clone(),
		data_center: fill.data_center,
		country: fill.country,
		units: fill.units.count(),
	}
}
