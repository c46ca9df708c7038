//! Vouchers for requests, and the protocol's fee of everything that deals pay.

use crate::*;
use marketplace_primitives::{voucher_message, GatewayKey, GatewaySignature, Voucher};
use marketplace_runtime::configs::TreasuryAccount;

/// Signs vouchers for the developer.
const GATEWAY: Key = Key::EveStash;
/// What the developer lends to requests.
const BUDGET: Balance = 3 * USDC;

/// The call that redeems what North's server earned by requests so far.
fn redeem(story: &Story, version: u32, amount: Balance) -> Call<Runtime> {
	let (server, voucher) = (story.north.id, Voucher { version, amount, expiry: 12 });
	let message = voucher_message(&System::block_hash(0).0, DEAL, server, &voucher);
	let signature = GatewaySignature::Sr25519(GATEWAY.sign(&message));
	Call::redeem { deal: DEAL, server, voucher, signature }
}

impl Story {
	/// A unit that serves, a gateway, and a budget.
	fn with_budget(term: u32) -> Self {
		let mut story = Self::accepted(FIRST, term);
		let server = story.north.id;
		let key = Some(GatewayKey::Sr25519(GATEWAY.public()));
		act(DEVELOPER, Call::set_gateway { deal: DEAL, key });
		act(DEVELOPER, Call::fund_requests { deal: DEAL, server, amount: BUDGET });
		story.hold(BUDGET);
		story
	}
}

#[test]
fn vouchers_pay_in_sums_and_never_beyond_the_budget() {
	play(|| {
		let mut story = Story::with_budget(4);
		story.serve(3, FIRST);
		refused(signed(NORTH), redeem(&story, 2, USDC), Refused::WrongVersion);
		act(NORTH, redeem(&story, 1, USDC));
		story.paid(NORTH, USDC);
		story.check();
		refused(signed(NORTH), redeem(&story, 1, USDC), Refused::AlreadyRedeemed);

		// Five dollars in all, and only two are left: the rest can be had once somebody adds it.
		let all = redeem(&story, 1, 5 * USDC);
		events();
		act(STRANGER, all.clone());
		let Some(Event::Redeemed { paid, unpaid, .. }) = events().pop() else { panic!("it pays") };
		assert_eq!((paid, unpaid), (2 * USDC, 2 * USDC));
		story.paid(NORTH, 2 * USDC);
		story.check();
		refused(signed(NORTH), all.clone(), Refused::NoBudget);
		let server = story.north.id;
		act(STRANGER, Call::fund_requests { deal: DEAL, server, amount: BUDGET });
		story.ledger.transfer(&account(STRANGER), &account(DEVELOPER), Coin::Usdc, BUDGET);
		story.hold(BUDGET);
		act(NORTH, all);
		story.paid(NORTH, 2 * USDC);
		story.check();

		// No surplus is taken out of a budget, and what it holds in the end is the developer's.
		act(DEVELOPER, Call::withdraw_surplus { deal: DEAL, limit: CHEAP });
		story.release(4 * (LIMIT - CHEAP));
		assert_eq!(client::deal(DEAL).held, 4 * CHEAP + USDC);
		for epoch in 4..=6 {
			story.serve(epoch, FIRST);
		}
		story.end(7, &[(NORTH, 4 * CHEAP)]);
	});
}

#[test]
fn budget_is_reclaimed_only_after_its_vouchers_had_their_time() {
	play(|| {
		let mut story = Story::with_budget(8);
		let server = story.north.id;
		let reclaim = Call::reclaim_requests { deal: DEAL, server };
		refused(signed(STRANGER), reclaim.clone(), Refused::NotDeveloper);
		act(DEVELOPER, reclaim.clone());
		story.serve(3, FIRST);
		story.serve(4, FIRST);
		refused(signed(DEVELOPER), reclaim.clone(), Refused::ChallengeRuns);
		act(NORTH, redeem(&story, 1, USDC));
		story.paid(NORTH, USDC);
		story.serve(5, FIRST);
		refused(signed(NORTH), redeem(&story, 1, 2 * USDC), Refused::Reclaimed);
		act(STRANGER, reclaim.clone());
		story.release(BUDGET - USDC);
		refused(signed(DEVELOPER), reclaim, Refused::NoBudget);
		for epoch in 6..=10 {
			story.serve(epoch, FIRST);
		}
		story.end(11, &[(NORTH, 8 * CHEAP)]);
	});
}

#[test]
fn fee_of_the_protocol_comes_off_wages_and_vouchers_alike() {
	play(|| {
		let mut story = Story::with_budget(2);
		assert!(
			pallet_deals::ProtocolFee::<Runtime>::get() == Perbill::zero(),
			"none unless it is set"
		);
		let set = |percent| Call::set_protocol_fee { fee: Perbill::from_percent(percent) };
		refused(signed(DEVELOPER), set(1), sp_runtime::DispatchError::BadOrigin);
		let root = || marketplace_runtime::RuntimeOrigin::root();
		refused(root(), set(11), Refused::FeeTooHigh);
		marketplace_scenarios::actors::dispatch(root(), set(5)).expect("it is allowed");
		let (developer, treasury) = (account(DEVELOPER), TreasuryAccount::get());

		act(NORTH, redeem(&story, 1, USDC + 19));
		// A twentieth of it, rounded down.
		story.ledger.pay(&developer, &treasury, Coin::Usdc, USDC / 20);
		story.paid(NORTH, USDC + 19 - USDC / 20);
		story.serve(3, FIRST);
		story.serve(4, FIRST);
		story.ledger.pay(&developer, &treasury, Coin::Usdc, 2 * CHEAP / 20);
		story.end(5, &[(NORTH, 2 * CHEAP - 2 * CHEAP / 20)]);
	});
}
