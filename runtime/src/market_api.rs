//! The answers of `MarketApi`: each asks the pallet that owns the state.

use crate::{AccountId, Balance, Capacity, Deals, Matcher};
use alloc::vec::Vec;
use marketplace_primitives::{
	api::{
		AuditInfo, DealInfo, EpochInfo, Quote, QuoteFill, QuoteRequest, SubnetWorker, UnitsInfo,
	},
	math, BidTerms, DealId, Epoch, ServerId,
};

pub(crate) fn epoch() -> EpochInfo {
	Capacity::epoch_info()
}

/// A quote is what the matcher would do with the offer now; its developer is nobody, since nothing in
/// matching depends on who asks.
pub(crate) fn quote(request: QuoteRequest<AccountId>) -> Quote<AccountId> {
	let QuoteRequest { asset, max_price, units, term, placement, attributes } = request;
	let escrow = math::cost(units.target, max_price, term).unwrap_or(Balance::MAX);
	let terms = BidTerms {
		developer: AccountId::new([0; 32]),
		asset,
		max_price,
		units,
		filled: 0,
		term,
		placement,
		attributes,
		expiry: Epoch::MAX,
		deal: None,
	};
	let fills = Matcher::quote(&terms);
	let per_epoch = fills.iter().fold(0, |sum: Balance, fill| {
		sum.saturating_add(math::cost(fill.units.count(), fill.price, 1).unwrap_or(Balance::MAX))
	});
	let fills = fills
		.into_iter()
		.map(|fill| QuoteFill {
			server: fill.server,
			provider: fill.provider,
			units: fill.units,
			price: fill.price,
		})
		.collect();
	Quote { fills, escrow, per_epoch }
}

pub(crate) fn deal(deal: DealId) -> Option<DealInfo<AccountId>> {
	Deals::deal_info(deal)
}

pub(crate) fn units(server: ServerId) -> Option<UnitsInfo> {
	Capacity::units_info(server)
}

pub(crate) fn audits(server: ServerId) -> Vec<AuditInfo> {
	Capacity::audits(server)
}

pub(crate) fn claimable(deal: DealId, server: ServerId) -> Balance {
	Deals::claimable(deal, server)
}

pub(crate) fn funded_until(deal: DealId) -> Option<Epoch> {
	Deals::funded_until(deal)
}

pub(crate) fn subnet(deal: DealId) -> Vec<SubnetWorker> {
	Deals::subnet(deal)
}
