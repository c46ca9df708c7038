//! A visit of a bid that somebody does not want to wait for.

use crate::*;
use frame_support::dispatch::Pays;
use marketplace_primitives::OfferId;
use pallet_matcher::{Call, Error, Event};
use sp_runtime::traits::Dispatchable;

/// A stranger pokes an offer. Whether that costs the fee.
#[track_caller]
fn poke(offer: OfferId) -> Pays {
	let call = RuntimeCall::from(Call::poke { offer });
	call.dispatch(signed(STRANGER)).expect("the offer stands").pays_fee
}

#[test]
fn whoever_pokes_an_offer_that_waits_has_it_matched_for_nothing() {
	with_supply(|ledger| {
		let (cheap, fair) = (USDC / 2, 3 * USDC / 2);
		let offer = Wanted { max_price: cheap, ..wanted(3, Where::default()) }.post(DEVELOPER);
		ledger.hold(&account(DEVELOPER), Coin::Usdc, 3 * cheap * 10);
		assert_eq!(poke(offer), Pays::Yes, "nobody is so cheap");
		ledger.check();

		// A raised price waits for the next block with room; whoever pokes does not.
		act(DEVELOPER, pallet_offers::Call::raise_price { offer, new_price: fair });
		ledger.hold(&account(DEVELOPER), Coin::Usdc, 3 * (fair - cheap) * 10);
		assert!(Offers::offer(offer).is_some());
		chain::take_events();
		assert_eq!(poke(offer), Pays::No);
		let matched = Event::Matched { offer, deal: DealId(0), units: 3, servers: 1 };
		assert!(chain::take_events().contains(&matched.into()));
		assert_eq!(parts(DealId(0)), [(FIRST, Units(0b111), USDC)]);
		ledger.check();
		refused(signed(STRANGER), Call::poke { offer }, Error::<Runtime>::UnknownOffer);
	});
}

#[test]
fn poke_drops_what_has_expired() {
	with_supply(|ledger| {
		let expiry = Capacity::epoch_info().epoch;
		let late = Wanted { expiry, max_price: USDC / 2, ..wanted(3, Where::default()) };
		let offer = late.post(DEVELOPER);
		chain::run_to_block(chain::first_block(expiry + 1));
		assert!(Offers::offer(offer).is_some(), "the epoch has only begun");
		assert_eq!(poke(offer), Pays::No);
		assert!(Offers::offer(offer).is_none());
		ledger.check();
	});
}
