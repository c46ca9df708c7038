//! The answers of `MarketApi`: each asks the pallet that owns the state.

use crate::{AccountId, Balance, Capacity, Deals, Matcher, Offers};
use alloc::vec::Vec;
use marketplace_primitives::{
	api::{
		AuditInfo, BookPage, DealInfo, EpochInfo, Explanation, OfferInfo, Quote, QuoteRequest,
		RolloutInfo, SubnetRecord, SubnetWorker, UnitsInfo,
	},
	math, AskId, BidTerms, DealId, Epoch, EpochClock, Escrow, EscrowId, OfferBook, OfferId,
	PaymentAsset, ServerId,
};

pub(crate) fn epoch() -> EpochInfo {
	Capacity::epoch_info()
}

/// A quote is what the matcher would do with the offer now; its developer is nobody, since nothing in
/// matching depends on who asks.
pub(crate) fn quote(request: QuoteRequest<AccountId>) -> Quote<AccountId> {
	let terms = terms_of(request);
	let escrow = math::cost(terms.units.target, terms.max_price, terms.term);
	let escrow = escrow.unwrap_or(Balance::MAX);
	let refused = Offers::check(&terms).err();
	let fills = if refused.is_some() { Vec::new() } else { Matcher::quote_fills(&terms) };
	let per_epoch = fills.iter().fold(0, |sum: Balance, fill| {
		sum.saturating_add(math::cost(fill.units.count(), fill.price, 1).unwrap_or(Balance::MAX))
	});
	Quote { fills, escrow, per_epoch, refused }
}

/// The offer that is asked about, posted now.
fn terms_of(request: QuoteRequest<AccountId>) -> BidTerms<AccountId> {
	let QuoteRequest { asset, max_price, units, term, placement, attributes, tariff } = request;
	BidTerms {
		developer: AccountId::new([0; 32]),
		asset,
		max_price,
		units,
		filled: 0,
		term,
		placement,
		attributes,
		expiry: Capacity::current(),
		deal: None,
		tariff,
	}
}

pub(crate) fn explain(request: QuoteRequest<AccountId>) -> Explanation<AccountId> {
	explained(&terms_of(request))
}

pub(crate) fn explain_offer(offer: OfferId) -> Option<Explanation<AccountId>> {
	<Offers as OfferBook<AccountId>>::terms(offer).map(|terms| explained(&terms))
}

/// Why the offer does not match. A remedy is left out where posting what comes of it would be refused.
fn explained(terms: &BidTerms<AccountId>) -> Explanation<AccountId> {
	let mut answer = Matcher::explain(terms);
	answer.remedies.retain(|remedy| {
		let mut changed = terms.clone();
		remedy.change.clone().apply(&mut changed);
		terms.deal.is_some() || Offers::check(&changed).is_ok()
	});
	answer
}

pub(crate) fn offer(offer: OfferId) -> Option<OfferInfo<AccountId>> {
	let terms = <Offers as OfferBook<AccountId>>::terms(offer)?;
	let held = <Offers as Escrow<AccountId>>::held(EscrowId::Offer(offer));
	Some(OfferInfo { terms, held })
}

pub(crate) fn order_book(
	asset: PaymentAsset,
	after_ask: Option<AskId>,
	after_bid: Option<OfferId>,
) -> BookPage {
	Matcher::page(&asset, after_ask, after_bid)
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

pub(crate) fn subnet_record(deal: DealId) -> SubnetRecord {
	Deals::subnet_record(deal)
}

pub(crate) fn rollout(deal: DealId) -> Option<RolloutInfo> {
	Deals::rollout(deal)
}
