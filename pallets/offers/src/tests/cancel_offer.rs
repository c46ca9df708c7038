use super::*;

fn cancel(who: AccountId32, offer: OfferId) -> DispatchResult {
	Offers::cancel_offer(RuntimeOrigin::signed(who), offer)
}

#[test]
fn cancel_offer_gives_everything_back_when_unmatched() {
	build_and_execute(|| {
		post_default();
		assert_ok!(cancel(developer(), FIRST));

		assert_eq!(on_hold(&usdc(), &developer()), 0);
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH);
		assert_eq!(Offers::offer(FIRST), None);
		assert_eq!(Offers::escrow(ESCROW), None);
		assert_eq!(
			events(),
			vec![
				Event::Refunded { escrow: ESCROW, developer: developer(), amount: COST },
				Event::EscrowClosed { escrow: ESCROW },
				Event::OfferCancelled { offer: FIRST, refunded: COST },
			]
		);
		assert_eq!(MockBook::take(), vec![BookCall::BidRemoved(FIRST, usdc(), 5_000)]);
	});
}

#[test]
fn cancel_offer_gives_the_rest_back_when_partly_matched() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		assert_ok!(cancel(developer(), FIRST));

		assert_eq!(on_hold(&usdc(), &developer()), 120_000);
		assert_eq!(record(DEAL_ESCROW).held, 120_000);
		let cancelled = Event::OfferCancelled { offer: FIRST, refunded: 180_000 };
		assert_eq!(events().last(), Some(&cancelled));
	});
}

#[test]
fn cancel_offer_leaves_a_debt_when_the_asset_refuses_the_refund() {
	build_and_execute(|| {
		post_default();
		block(developer());
		assert_ok!(cancel(developer(), FIRST));

		assert_eq!(Offers::offer(FIRST), None);
		assert_eq!(Offers::owed(developer(), ESCROW), COST);
		assert_eq!(on_hold(&usdc(), &developer()), COST);
		let refused = Event::PayoutRefused { escrow: ESCROW, payee: developer(), amount: COST };
		assert!(events().contains(&refused));
		check();

		unblock(developer());
		assert_ok!(Offers::claim_payout(RuntimeOrigin::signed(developer()), ESCROW, developer()));
		assert_eq!(on_hold(&usdc(), &developer()), 0);
		assert_eq!(Offers::escrow(ESCROW), None);
	});
}

#[test]
fn cancel_offer_refuses_others_and_unknown_offers() {
	build_and_execute(|| {
		post_default();
		assert_noop!(cancel(stranger(), FIRST), Error::<Test>::NotDeveloper);
		assert_noop!(cancel(developer(), OfferId(1)), Error::<Test>::UnknownOffer);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Offers::cancel_offer(origin, FIRST), DispatchError::BadOrigin);
		}
		assert_ok!(cancel(developer(), FIRST));
		assert_noop!(cancel(developer(), FIRST), Error::<Test>::UnknownOffer);
	});
}
