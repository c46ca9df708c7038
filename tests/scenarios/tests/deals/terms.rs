//! A later end, paid by others or by renewal; an earlier one, with notice.

use crate::*;
use marketplace_primitives::api::Renewal;
use marketplace_runtime::constants::USDC_ID;

fn extend(epochs: u32, most: Balance) -> Call<Runtime> {
	Call::extend_deal { deal: DEAL, epochs, most }
}

#[test]
fn anybody_extends_a_deal_and_the_money_is_the_developers() {
	play(|| {
		let mut story = Story::accepted(BOTH, 4);
		story.serve(3, BOTH);
		// Each of two units at the limit, so that replacing it is funded.
		let cost = 2 * 3 * LIMIT;
		refused(signed(STRANGER), extend(3, cost - 1), Refused::CostTooHigh);
		refused(signed(STRANGER), extend(0, cost), Refused::NoEpochs);
		refused(signed(STRANGER), extend(98, u128::MAX), Refused::TermTooLong);
		// The units are committed until epoch 32 begins.
		let beyond = CapacityError::<Runtime>::UnitsNotCovered;
		refused(signed(STRANGER), extend(26, u128::MAX), beyond);
		act(STRANGER, extend(3, cost));
		let (payer, developer) = (account(STRANGER), account(DEVELOPER));
		story.ledger.transfer(&payer, &developer, Coin::Usdc, cost);
		story.hold(cost);
		assert_eq!(client::deal(DEAL).end, 10);
		assert_eq!(Deals::funded_until(DEAL), Some(9));

		for epoch in 4..=6 {
			story.serve(epoch, BOTH);
		}
		story.settle(story.north, 2, CHEAP);
		for epoch in 7..=9 {
			story.serve(epoch, BOTH);
		}
		story.end(10, &[(NORTH, 2 * 6 * CHEAP)]);
		refused(signed(STRANGER), extend(1, cost), Refused::UnknownDeal);
	});
}

#[test]
fn renewal_outlives_a_failed_payment() {
	play(|| {
		let mut story = Story::accepted(FIRST, 4);
		let renew = Call::renew { deal: DEAL };
		refused(signed(STRANGER), renew.clone(), Refused::NoRenewal);
		let renewal = Some(Renewal { epochs: 2, allowance: 2 * LIMIT + USDC });
		let set = Call::set_renewal { deal: DEAL, renewal };
		refused(signed(NORTH), set.clone(), Refused::NotDeveloper);
		act(DEVELOPER, set);
		refused(signed(STRANGER), renew.clone(), Refused::TooEarly);

		// The developer spends all that it has: the payment fails, and nothing else does.
		story.serve(3, FIRST);
		let free = story.ledger.purse(&account(DEVELOPER), Coin::Usdc).free - 1;
		let give = |amount, to: Key| pallet_assets::Call::transfer {
			id: USDC_ID.into(),
			target: account(to).into(),
			amount,
		};
		act(DEVELOPER, give(free, STRANGER));
		story.ledger.transfer(&account(DEVELOPER), &account(STRANGER), Coin::Usdc, free);
		let before = client::deal(DEAL);
		events();
		act(STRANGER, renew.clone());
		let [Event::RenewalFailed { deal: DEAL, .. }] = &events()[..] else { panic!("it is told") };
		assert_eq!(client::deal(DEAL), before);
		story.check();

		// It has money again: the same renewal goes through.
		story.serve(4, FIRST);
		act(STRANGER, give(free, DEVELOPER));
		story.ledger.transfer(&account(STRANGER), &account(DEVELOPER), Coin::Usdc, free);
		act(NORTH, renew.clone());
		story.hold(2 * LIMIT);
		let after = client::deal(DEAL);
		assert_eq!((after.end, before.end), (9, 7));
		assert_eq!(after.renewal, Some(Renewal { epochs: 2, allowance: USDC }));

		// The allowance is spent but for a dollar: no renewal, and the deal runs to its end.
		for epoch in 5..=8 {
			story.serve(epoch, FIRST);
		}
		events();
		act(STRANGER, renew);
		let error = Refused::AllowanceTooLow.into();
		assert_eq!(events(), [Event::RenewalFailed { deal: DEAL, error }]);
		story.end(9, &[(NORTH, 6 * CHEAP)]);
	});
}

#[test]
fn notice_is_served_and_paid_for() {
	play(|| {
		let mut story = Story::accepted(BOTH, 10);
		let terminate = Call::terminate { deal: DEAL };
		story.serve(3, BOTH);
		story.serve(4, BOTH);
		refused(signed(STRANGER), terminate.clone(), Refused::NotDeveloper);
		act(DEVELOPER, terminate.clone());
		// The epoch under way, and two whole ones.
		assert_eq!(client::deal(DEAL).end, 7);
		refused(signed(DEVELOPER), terminate, Refused::Terminated);
		refused(signed(STRANGER), extend(1, u128::MAX), Refused::Terminated);
		let enlarge = Call::enlarge { deal: DEAL, units: 1 };
		refused(signed(DEVELOPER), enlarge, Refused::Terminated);
		// What nobody can earn any more comes back at once: the epochs from the seventh on, and the limit.
		act(DEVELOPER, Call::withdraw_surplus { deal: DEAL, limit: CHEAP });
		story.release(2 * 10 * LIMIT - 2 * 4 * CHEAP);
		story.serve(5, BOTH);
		story.serve(6, BOTH);
		story.end(7, &[(NORTH, 2 * 4 * CHEAP)]);
	});
}

#[test]
fn deal_that_is_terminated_at_once_still_costs_its_notice() {
	play(|| {
		let mut story = Story::accepted(FIRST, 10);
		act(DEVELOPER, Call::terminate { deal: DEAL });
		assert_eq!(client::deal(DEAL).end, 5);
		story.serve(3, FIRST);
		story.serve(4, FIRST);
		story.end(5, &[(NORTH, 2 * CHEAP)]);
	});
}
