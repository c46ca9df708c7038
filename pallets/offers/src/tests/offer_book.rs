use super::*;
use frame_support::assert_storage_noop;

#[test]
fn terms_are_those_posted_until_the_offer_is_closed() {
	build_and_execute(|| {
		post_default();
		let terms = Offers::terms(FIRST).unwrap();
		assert_eq!(terms.developer, developer());
		assert_eq!((terms.asset, terms.max_price, terms.term), (usdc(), 5_000, 6));
		assert_eq!((terms.units.min, terms.units.target, terms.filled), (4, 10, 0));
		assert_eq!((terms.expiry, terms.deal), (20, None));
		assert_eq!(terms.attributes, Post::default().attributes);
		assert_eq!(terms.placement, Post::default().placement);

		MockUnits::set_epoch(21);
		assert!(Offers::terms(FIRST).is_some(), "so that its bid can be dropped");
		Offers::expire(FIRST);
		assert_eq!(Offers::terms(FIRST), None);
		assert_eq!(Offers::terms(OfferId(1)), None);
	});
}

#[test]
fn origin_is_what_the_deal_takes_over() {
	build_and_execute(|| {
		post_default();
		let origin = Offers::origin(FIRST).unwrap();
		assert_eq!(origin.app_cid, Post::default().app_cid);
		assert_eq!(origin.plan_hash, [9; 32]);
		assert_eq!(Offers::origin(OfferId(1)), None);
	});
}

#[test]
fn filled_counts_until_the_offer_is_full_and_closed() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		let terms = Offers::terms(FIRST).unwrap();
		assert_eq!((terms.filled, terms.deal), (4, Some(DEAL)));
		let filled = Event::OfferFilled { offer: FIRST, deal: DEAL, units: 4, filled: 4 };
		assert_eq!(events().last(), Some(&filled));
		check();

		// The second fill serves two epochs less: their money comes back.
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 6 * 5_000 * 4));
		forget();
		assert_ok!(Offers::filled(FIRST, DEAL, 6));
		assert_eq!(Offers::offer(FIRST), None);
		assert_eq!(Offers::terms(FIRST), None);
		assert_eq!(Offers::escrow(ESCROW), None);
		assert_eq!(on_hold(&usdc(), &developer()), 240_000);
		assert_eq!(
			events(),
			vec![
				Event::OfferFilled { offer: FIRST, deal: DEAL, units: 6, filled: 10 },
				Event::Refunded { escrow: ESCROW, developer: developer(), amount: 60_000 },
				Event::EscrowClosed { escrow: ESCROW },
				Event::OfferCompleted { offer: FIRST, deal: DEAL, refunded: 60_000 },
			]
		);
		assert_eq!(MockBook::take(), vec![], "who fills an offer keeps the book");
	});
}

#[test]
fn filled_refuses_strange_deals_and_too_many_units() {
	build_and_execute(|| {
		post_default();
		let refuses = |offer, deal, units, error: DispatchError| {
			assert_storage_noop!(assert_eq!(Offers::filled(offer, deal, units), Err(error)));
		};
		refuses(OfferId(1), DEAL, 1, Error::<Test>::UnknownOffer.into());
		refuses(FIRST, DEAL, 11, Error::<Test>::Overfilled.into());
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		refuses(FIRST, DealId(6), 1, Error::<Test>::OtherDeal.into());
		refuses(FIRST, DEAL, 7, Error::<Test>::Overfilled.into());
		refuses(FIRST, DEAL, u32::MAX, ArithmeticError::Overflow.into());
		MockUnits::set_epoch(21);
		refuses(FIRST, DEAL, 1, Error::<Test>::ExpiryPassed.into());
	});
}

#[test]
fn expire_closes_an_offer_only_when_its_expiry_has_passed() {
	build_and_execute(|| {
		post_default();
		MockUnits::set_epoch(20);
		assert_storage_noop!(Offers::expire(FIRST));
		assert_storage_noop!(Offers::expire(OfferId(1)));
		MockUnits::set_epoch(21);
		Offers::expire(FIRST);
		assert_eq!(Offers::offer(FIRST), None);
		assert_eq!(on_hold(&usdc(), &developer()), 0);
		let expired = Event::OfferExpired { offer: FIRST, refunded: COST };
		assert_eq!(events().last(), Some(&expired));
		assert_eq!(MockBook::take(), vec![], "who expires an offer keeps the book");
		assert_storage_noop!(Offers::expire(FIRST));
	});
}
