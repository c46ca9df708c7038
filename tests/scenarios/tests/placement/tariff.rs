//! Paying by requests: the tariff is a filter, and the book is ordered by the price of units all the same.

use crate::*;
use marketplace_primitives::api::Change;
use marketplace_scenarios::{acts::ask_call, client};

/// The same ask again, for whoever pays by requests as well: so much for a million.
fn ask_tariff(server: ServerId, who: Key, price: Price, tariff: Price) {
	let mut call = ask_call(server, ALL, price);
	let RuntimeCall::Providers(ProvidersCall::set_ask { tariff: asked, .. }) = &mut call else {
		unreachable!("it is such a call");
	};
	*asked = Some(tariff);
	act(who, call);
}

#[test]
fn tariff_of_an_ask_is_no_higher_than_the_offer_pays() {
	with_supply(|_| {
		ask_tariff(FIFTH, WEST, 14 * USDC / 10, 3 * USDC);
		ask_tariff(SECOND, NORTH, 11 * USDC / 10, 5 * USDC);
		let paying =
			|units, tariff| Wanted { tariff: Some(tariff), ..wanted(units, Where::default()) };
		gets(paying(4, 3 * USDC - 1), &[]);
		gets(paying(4, 3 * USDC), &[(FIFTH, 4)]);
		gets(paying(6, 5 * USDC), &[(SECOND, 4), (FIFTH, 2)]);
		gets(paying(9, u128::MAX), &[]);
		// Without one any ask will do.
		gets(wanted(8, Where::default()), &[(FIRST, 4), (SECOND, 4)]);

		let explanation = client::explain(&paying(8, 4 * USDC));
		assert!(!explanation.matches);
		let excluded = |constraint| {
			let found = explanation.exclusions.iter().find(|found| found.constraint == constraint);
			found.map(|found| (found.asks, found.units))
		};
		assert_eq!(excluded(Constraint::Tariff), Some((4, 16)));
		let higher = remedy(&explanation, Constraint::Tariff).expect("that would do");
		assert_eq!((&higher.change, higher.units), (&Change::Tariff(Some(5 * USDC)), 8));
		// Two servers take requests: nine units are to be had without.
		let explanation = client::explain(&paying(9, 4 * USDC));
		let without = remedy(&explanation, Constraint::Tariff).expect("that would do");
		assert_eq!((&without.change, without.units), (&Change::Tariff(None), 9));

		// The deal keeps what was asked for.
		let deal = post_as_quoted(DEVELOPER, paying(1, 5 * USDC)).expect("it matches");
		assert_eq!(client::deal(deal).allocations[0].tariff, Some(5 * USDC));
		let zero = paying(1, 0).call();
		refused(signed(DEVELOPER), zero, pallet_offers::Error::<Runtime>::ZeroTariff);
	});
}
