//! A quote, and the match that keeps to it.

use crate::*;
use marketplace_scenarios::client::quote;

/// Deals that a match opened since events were taken last.
pub fn matches() -> Vec<(OfferId, DealId, u32, u32)> {
	let matched = |event| match event {
		RuntimeEvent::Matcher(pallet_matcher::Event::Matched { offer, deal, units, servers }) => {
			Some((offer, deal, units, servers))
		},
		_ => None,
	};
	chain::take_events().into_iter().filter_map(matched).collect()
}

impl Story {
	/// Four units, no more than two of one provider, at 1.5 USDC or less for two epochs.
	pub fn sell_widely(&mut self) {
		let providers = AccessList::Any;
		let placement = Placement { max_per_provider: Some(2), providers, ..Default::default() };
		let wanted = Wanted { placement, ..Wanted::new(4, 1_500_000, 2) };
		let quote = quote(&wanted);
		chain::take_events();
		let offer = wanted.post(DEVELOPER);
		assert_eq!(matches(), [(offer, WIDE, 4, 2)]);
		self.ledger.hold(&account(DEVELOPER), Coin::Usdc, 4 * 1_500_000 * 2);

		assert_eq!(quote.escrow, 4 * 1_500_000 * 2);
		assert_eq!(quote.per_epoch, 2 * prices::CHEAP + 2 * prices::FAIR);
		let deal = Deals::deal_info(WIDE).unwrap();
		assert_eq!((deal.start, deal.end, deal.held), (3, 5, quote.escrow));
		let quoted =
			quote.fills.iter().map(|fill| (fill.server, &fill.provider, fill.units, fill.price));
		let sold = deal
			.allocations
			.iter()
			.map(|part| (part.server, &part.provider, part.units, part.price));
		assert!(quoted.eq(sold), "posting does what the quote said: {:?}", deal.allocations);
		assert_eq!(Deals::funded_until(WIDE), Some(4));
		self.check();
	}
}
