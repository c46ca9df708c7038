use super::{state, MockEscrow};
use frame_support::ensure;
use marketplace_primitives::{
	traits::DealOrigin, BidTerms, Cid, DealId, EpochClock, Escrow, EscrowId, OfferBook, OfferId,
};
#[cfg(feature = "runtime-benchmarks")]
use marketplace_primitives::{Attributes, Epoch, PaymentAsset, Placement, Price, UnitsWanted};
use sp_runtime::{AccountId32, DispatchError, DispatchResult};
use std::collections::BTreeMap;

/// Offers of deals that seek more units are numbered from here on, beside those that tests number by hand.
pub const FIRST_SOUGHT: OfferId = OfferId(2_000_000);

/// Developer offers in memory.
pub struct MockOffers;

/// Its state.
#[derive(Default)]
pub struct OffersState {
	open: BTreeMap<OfferId, BidTerms<AccountId32>>,
	origins: BTreeMap<OfferId, DealOrigin>,
	expired: Vec<OfferId>,
	posted: u64,
	sought: u64,
}

state!(MockOffers, OffersState, OFFERS);

impl MockOffers {
	/// Puts an open offer.
	pub fn put(id: OfferId, terms: BidTerms<AccountId32>) {
		Self::with(|state| {
			state.posted += 1;
			state.open.insert(id, terms)
		});
	}

	/// Cancels an offer.
	pub fn remove(id: OfferId) {
		Self::with(|state| state.open.remove(&id));
	}

	/// The offers that [`OfferBook::expire`] closed, in order.
	pub fn expired() -> Vec<OfferId> {
		Self::with(|state| state.expired.clone())
	}

	/// The open offers.
	pub fn open() -> Vec<(OfferId, BidTerms<AccountId32>)> {
		Self::with(|state| state.open.iter().map(|(id, terms)| (*id, terms.clone())).collect())
	}
}

impl OfferBook<AccountId32> for MockOffers {
	fn terms(offer: OfferId) -> Option<BidTerms<AccountId32>> {
		Self::with(|state| state.open.get(&offer).cloned())
	}

	fn filled(offer: OfferId, deal: DealId, units: u32) -> DispatchResult {
		Self::with(|state| {
			let terms = state.open.get_mut(&offer).ok_or(DispatchError::Other("unknown offer"))?;
			terms.filled += units;
			terms.deal = Some(deal);
			if terms.filled >= terms.units.target {
				state.open.remove(&offer);
			}
			Ok(())
		})
	}

	fn expire(offer: OfferId) {
		let now = super::MockUnits::current();
		Self::with(|state| {
			if state.open.get(&offer).is_some_and(|terms| terms.expiry < now) {
				state.open.remove(&offer);
				state.expired.push(offer);
			}
		});
	}

	fn origin(offer: OfferId) -> Option<DealOrigin> {
		let posted = DealOrigin { app_cid: Cid::default(), plan_hash: [0; 32] };
		Some(Self::with(|state| state.origins.get(&offer).cloned().unwrap_or(posted)))
	}

	fn seek(terms: BidTerms<AccountId32>, origin: DealOrigin) -> Result<OfferId, DispatchError> {
		let deal = terms.deal.ok_or(DispatchError::Other("no deal"))?;
		let cost = u128::from(terms.units.target) * terms.max_price * u128::from(terms.term);
		let id = OfferId(FIRST_SOUGHT.0 + Self::with(|state| state.sought));
		MockEscrow::split(EscrowId::Deal(deal), EscrowId::Offer(id), cost)?;
		Self::with(|state| {
			state.sought += 1;
			state.origins.insert(id, origin);
			state.open.insert(id, terms)
		});
		Ok(id)
	}

	fn recall(offer: OfferId, deal: DealId) -> Result<u32, DispatchError> {
		let Some(terms) = Self::terms(offer) else { return Ok(0) };
		ensure!(terms.deal == Some(deal), DispatchError::Other("other deal"));
		let escrow = EscrowId::Offer(offer);
		MockEscrow::split(escrow, EscrowId::Deal(deal), MockEscrow::held(escrow))?;
		MockEscrow::close(escrow)?;
		Self::remove(offer);
		Ok(terms.units.target - terms.filled)
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
		// Beside those that tests number by hand.
		let id = OfferId(1_000_000 + Self::with(|state| state.posted));
		let terms = BidTerms {
			developer: developer.clone(),
			asset: PaymentAsset::Native,
			max_price,
			units: UnitsWanted { min: 1, target },
			filled: 0,
			term,
			placement: Placement::default(),
			attributes: Attributes::NONE,
			expiry: super::MockUnits::current() + 1_000,
			deal: None,
			tariff: None,
		};
		let cost = u128::from(target) * max_price * u128::from(term);
		MockEscrow::deposit(EscrowId::Offer(id), cost);
		Self::put(id, terms);
		id
	}
}
