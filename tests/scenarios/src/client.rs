//! What clients ask: the functions of the runtime API, and pages of the book until its end.

use crate::{
	actors::Key,
	acts::{Wanted, DOLLARS},
	chain,
};
use marketplace_primitives::{
	api::{
		runtime_decl_for_market_api::MarketApiV1, BookAsk, BookBid, BookPage, Constraint, DealInfo,
		Explanation, OfferInfo, Quote, QuoteRequest, Remedy, RolloutInfo, SubnetRecord,
	},
	AskId, DealId, OfferId, Price, ServerId, Units,
};
use marketplace_runtime::{AccountId, Block, Runtime};

type Api = Runtime;

fn request(wanted: &Wanted) -> QuoteRequest<AccountId> {
	let Wanted { max_price, units, term, placement, attributes, tariff, .. } = wanted.clone();
	QuoteRequest { asset: DOLLARS, max_price, units, term, placement, attributes, tariff }
}

/// What the offer would get now.
pub fn quote(wanted: &Wanted) -> Quote<AccountId> {
	<Api as MarketApiV1<Block, AccountId>>::quote(request(wanted))
}

/// Why the offer would not match now.
pub fn explain(wanted: &Wanted) -> Explanation<AccountId> {
	<Api as MarketApiV1<Block, AccountId>>::explain(request(wanted))
}

/// Why an open offer does not match.
pub fn explain_offer(offer: OfferId) -> Explanation<AccountId> {
	<Api as MarketApiV1<Block, AccountId>>::explain_offer(offer).expect("it is open")
}

/// An open offer.
pub fn offer(offer: OfferId) -> Option<OfferInfo<AccountId>> {
	<Api as MarketApiV1<Block, AccountId>>::offer(offer)
}

/// A deal.
pub fn deal(deal: DealId) -> DealInfo<AccountId> {
	<Api as MarketApiV1<Block, AccountId>>::deal(deal).expect("it runs")
}

/// What workers of a deal need to find each other.
pub fn subnet_record(deal: DealId) -> SubnetRecord {
	<Api as MarketApiV1<Block, AccountId>>::subnet_record(deal)
}

/// The staged change of a deal's application that is under way.
pub fn rollout(deal: DealId) -> Option<RolloutInfo> {
	<Api as MarketApiV1<Block, AccountId>>::rollout(deal)
}

/// A page of the book of dollars.
pub fn order_book(after_ask: Option<AskId>, after_bid: Option<OfferId>) -> BookPage {
	<Api as MarketApiV1<Block, AccountId>>::order_book(DOLLARS, after_ask, after_bid)
}

/// All pages of a book that `page` gives one of, from behind the last orders of the one before.
pub fn all_pages(
	mut page: impl FnMut(Option<AskId>, Option<OfferId>) -> BookPage,
) -> (Vec<BookAsk>, Vec<BookBid>) {
	let (mut asks, mut bids) = (Vec::<BookAsk>::new(), Vec::<BookBid>::new());
	loop {
		let after = (asks.last().map(|ask| ask.ask), bids.last().map(|bid| bid.offer));
		// A reader that is through with one side asks no more of it.
		let BookPage { asks: more_asks, bids: more_bids } = page(after.0, after.1);
		if more_asks.is_empty() && more_bids.is_empty() {
			return (asks, bids);
		}
		asks.extend(more_asks);
		bids.extend(more_bids);
	}
}

/// The remedy that changes what `constraint` asks for, if that would help.
pub fn remedy(
	explanation: &Explanation<AccountId>,
	constraint: Constraint,
) -> Option<&Remedy<AccountId>> {
	explanation.remedies.iter().find(|remedy| remedy.change.constraint() == constraint)
}

/// What a deal has of each server: by server, its units and their price.
pub fn parts(id: DealId) -> Vec<(ServerId, Units, Price)> {
	let allocations = deal(id).allocations.into_iter();
	let mut parts: Vec<_> = allocations.map(|part| (part.server, part.units, part.price)).collect();
	parts.sort_by_key(|(server, ..)| *server);
	parts
}

/// What a quote promises of each server: by server, its units and their price.
pub fn promised(quote: &Quote<AccountId>) -> Vec<(ServerId, Units, Price)> {
	let fills = quote.fills.iter();
	let mut parts: Vec<_> = fills.map(|fill| (fill.server, fill.units, fill.price)).collect();
	parts.sort_by_key(|(server, ..)| *server);
	parts
}

/// Posts an offer, lets the chain do its idle work, and returns the deal that came of it, if one did. It is what
/// the quote said, whose sums are right.
#[track_caller]
pub fn post_as_quoted(developer: Key, wanted: Wanted) -> Option<DealId> {
	let quote = quote(&wanted);
	assert_eq!(quote.refused, None);
	let (target, price, term) = (u128::from(wanted.units.target), wanted.max_price, wanted.term);
	assert_eq!(quote.escrow, target * price * u128::from(term));
	let next = pallet_deals::NextDeal::<Runtime>::get();
	wanted.post(developer);
	chain::let_idle();
	let opened = pallet_deals::NextDeal::<Runtime>::get() > next;
	assert_eq!(opened, !quote.fills.is_empty(), "an offer matches where the quote says so");
	if !opened {
		return None;
	}
	assert_eq!(parts(next), promised(&quote), "posting does what the quote said");
	let cost = |(_, units, price): &(ServerId, Units, Price)| u128::from(units.count()) * price;
	assert_eq!(quote.per_epoch, parts(next).iter().map(cost).sum::<u128>());
	Some(next)
}
