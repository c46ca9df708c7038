//! The book as clients page through it.

use crate::*;
use marketplace_scenarios::client::{all_pages, order_book};

const PAGE: usize = 64;

/// Sixteen servers without a commitment, four asks each, in no order of prices, on few levels.
fn fill_asks() {
	for seed in 10u8..26 {
		let site = u32::from(seed % 2).into();
		let machine = register(site, NORTH, NORTH, seed, 4);
		for unit in 0..4 {
			let level = u128::from((seed * 7 + unit * 3) % 11);
			ask(machine, Units::one(unit), USDC + level * USDC / 20);
		}
	}
}

/// Offers that nobody is cheap enough for.
fn fill_bids() {
	for number in 0..70u128 {
		let price = USDC / 10 + (number * 13 % 17) * USDC / 100;
		let who = if number % 2 == 0 { DEVELOPER } else { Key::Ferdie };
		Wanted::new(u32::try_from(number % 3 + 1).expect("small"), price, 10).post(who);
	}
}

#[test]
fn pages_show_the_whole_book_best_first() {
	with_supply(|_| {
		fill_asks();
		fill_bids();
		chain::let_idle();
		let first = order_book(None, None);
		assert_eq!((first.asks.len(), first.bids.len()), (PAGE, PAGE));
		let (asks, bids) = all_pages(order_book);
		assert_eq!((asks.len(), bids.len()), (5 + 16 * 4, 70));
		assert!(asks.iter().is_sorted_by_key(|ask| (ask.price, ask.sequence)));
		assert!(bids.iter().is_sorted_by_key(|bid| (std::cmp::Reverse(bid.price), bid.sequence)));

		for shown in &asks {
			let ask = pallet_providers::Asks::<Runtime>::get(shown.ask).expect("it stands");
			assert_eq!((shown.server, shown.price), (ask.server, ask.price));
			assert_eq!((shown.min_term, shown.max_term), (ask.min_term, ask.max_term));
			// What is neither committed nor proven is not for sale.
			let proven = if ask.server <= FIFTH { ALL } else { Units::NONE };
			assert_eq!(shown.units, proven);
		}
		for shown in &bids {
			let offer = Offers::offer(shown.offer).expect("it is open");
			assert_eq!((shown.price, shown.units), (offer.max_price, offer.units.target));
			assert_eq!((shown.min, shown.term), (offer.units.min, offer.term));
		}
	});
}

#[test]
fn what_is_sold_or_withdrawn_leaves_the_book() {
	with_supply(|_| {
		let units = UnitsWanted { min: 2, target: 25 };
		post_as_quoted(DEVELOPER, Wanted { units, ..wanted(25, Where::default()) });
		let (asks, bids) = all_pages(order_book);
		assert_eq!(asks.len(), 5, "asks stand, whatever their units do");
		assert!(asks.iter().all(|ask| ask.units == Units::NONE));
		let [rest] = &bids[..] else { panic!("{bids:?}") };
		assert_eq!((rest.units, rest.min, rest.price), (5, 1, DEAR));

		let best = asks[0].ask;
		act(NORTH, ProvidersCall::withdraw_ask { ask: best });
		act(DEVELOPER, pallet_offers::Call::cancel_offer { offer: rest.offer });
		let (asks, bids) = all_pages(order_book);
		assert_eq!((asks.len(), bids.len()), (4, 0));
		// From behind what does not stand any more, the book begins anew.
		assert_eq!(order_book(Some(best), Some(0u64.into())).asks, asks);
	});
}
