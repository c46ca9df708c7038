//! A match that the rule of the book does not find, and somebody does.

use crate::*;
use marketplace_primitives::{AskId, OfferId};
use pallet_matcher::{Call, Error};

type Refused = Error<Runtime>;

/// Of [`THIRD`]: North's in Germany.
const GERMAN: AskId = AskId(2);
/// Of South's in Norway.
const NORWEGIAN: AskId = AskId(5);

fn solve(offer: OfferId, picks: &[(AskId, Units)]) -> Call<Runtime> {
	Call::solve { offer, picks: picks.to_vec().try_into().expect("they are few") }
}

#[test]
fn whoever_finds_a_match_that_the_rule_left_is_paid_of_what_it_saves() {
	with_supply(|_| {
		let site = open_site(SOUTH, b"NO", "Oslo", 3);
		let machine = register(site, SOUTH, SOUTH, 9, 4);
		offer_units(machine, 3 * USDC / 2);
		chain::run_to_epoch(3);
		act(SOUTH, report_call(machine.id, 3, [1; 32], ALL, Units::NONE));
		let pots = (0..6u64).map(|id| Capacity::stake_account(id.into()));
		let mut ledger = Ledger::now(&pots.collect::<Vec<_>>());

		// Two units, of two providers, in two countries: the cheapest is North's in Norway, and with it neither
		// North's in Germany nor South's in Norway will do.
		let countries = vec![*b"NO", *b"DE"].try_into().expect("two");
		let sites = Sites { countries, ..Default::default() };
		let placement = Where { min_providers: 2, min_countries: 2, sites, ..Default::default() };
		let wanted = wanted(2, placement);
		assert_eq!(quote(&wanted).fills, []);
		let offer = wanted.post(DEVELOPER);
		ledger.hold(&account(DEVELOPER), Coin::Usdc, 2 * DEAR * 10);
		chain::let_idle();
		assert!(Offers::offer(offer).is_some(), "the rule leaves it");
		let one = Units(1);
		let wrong = [
			(vec![(AskId(0), one), (GERMAN, one)], Refused::TooFewGroups),
			(vec![(GERMAN, one)], Refused::TooFewUnits),
			(vec![(GERMAN, one), (GERMAN, one)], Refused::PickTwice),
			(vec![(GERMAN, one), (AskId(3), one)], Refused::PickExcluded),
			(vec![(GERMAN, one), (NORWEGIAN, Units(0b11))], Refused::CapExceeded),
			(vec![(GERMAN, one), (NORWEGIAN, Units(1 << 40))], Refused::PickUnavailable),
			(vec![(GERMAN, one), (AskId(9), one)], Refused::UnknownAsk),
		];
		for (picks, error) in wrong {
			refused(signed(STRANGER), solve(offer, &picks), error);
		}
		act(STRANGER, solve(offer, &[(GERMAN, one), (NORWEGIAN, Units(0b10))]));
		let deal = DealId(0);
		let expected = [(THIRD, one, 6 * USDC / 5), (machine.id, Units(0b10), 3 * USDC / 2)];
		assert_eq!(parts(deal), expected);
		// Half of what an epoch of it costs less than the offer would pay.
		let saved = 2 * DEAR - 6 * USDC / 5 - 3 * USDC / 2;
		ledger.pay(&account(DEVELOPER), &account(STRANGER), Coin::Usdc, saved / 2);
		ledger.check();
		let again = solve(offer, &[(GERMAN, Units(0b10))]);
		refused(signed(STRANGER), again, Refused::UnknownOffer);
	});
}
