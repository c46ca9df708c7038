use super::*;
use frame_support::assert_storage_noop;

fn refuses(change: impl FnOnce(&mut BidTerms<AccountId32>), error: impl Into<DispatchError>) {
	let mut terms = lacking();
	change(&mut terms);
	assert_storage_noop!(assert_eq!(Offers::seek(terms, origin()), Err(error.into())));
	assert_eq!(MockBook::take(), vec![]);
}

/// The offer that the deal posts first.
const SOUGHT: OfferId = OfferId(1);
const SOUGHT_ESCROW: EscrowId = EscrowId::Offer(SOUGHT);

#[test]
fn seek_posts_an_offer_out_of_the_deals_escrow() {
	build_and_execute(|| {
		open_deal();
		assert_eq!(Offers::seek(lacking(), origin()), Ok(SOUGHT));

		assert_eq!(Offers::terms(SOUGHT), Some(lacking()));
		assert_eq!(Offers::origin(SOUGHT), Some(origin()));
		assert_eq!(Offers::held(DEAL_ESCROW), 70_000);
		assert_eq!(record(DEAL_ESCROW).moved_out, 50_000);
		let sought = record(SOUGHT_ESCROW);
		assert_eq!((sought.deposited, sought.moved_in, sought.held), (0, 50_000, 50_000));
		assert_eq!(on_hold(&usdc(), &developer()), 120_000, "no money moves");
		assert_eq!(MockBook::take(), vec![BookCall::BidQueued(SOUGHT)]);
	});
}

#[test]
fn seek_tells_which_deal_it_is_for() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::seek(lacking(), origin()));
		let BidTerms { placement, attributes, .. } = lacking();
		let posted = Event::OfferPosted {
			offer: SOUGHT,
			developer: developer(),
			app_cid: origin().app_cid,
			plan_hash: origin().plan_hash,
			asset: usdc(),
			max_price: 5_000,
			units: UnitsWanted { min: 1, target: 2 },
			term: 5,
			placement,
			attributes,
			expiry: 9,
			deal: Some(DEAL),
			tariff: None,
		};
		let moved = Event::Moved { from: DEAL_ESCROW, to: SOUGHT_ESCROW, amount: 50_000 };
		assert_eq!(events(), vec![moved, posted]);
	});
}

#[test]
fn seek_asks_for_the_tariff_of_the_deal() {
	build_and_execute(|| {
		open_deal();
		let terms = BidTerms { tariff: Some(12_345), ..lacking() };
		assert_ok!(Offers::seek(terms.clone(), origin()));
		assert_eq!(Offers::terms(SOUGHT), Some(terms));
	});
}

#[test]
fn seek_may_take_all_that_the_deal_holds_but_no_plank_more() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 70_001));
		refuses(|_| (), Error::<Test>::EscrowTooLow);
		assert_ok!(Offers::top_up(DEAL_ESCROW, &developer(), 1));
		MockBook::take();
		assert_ok!(Offers::seek(lacking(), origin()));
		assert_eq!(Offers::held(DEAL_ESCROW), 0);
		assert_eq!(Offers::held(SOUGHT_ESCROW), 50_000);
	});
}

#[test]
fn seek_is_filled_by_its_own_deal_only() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::seek(lacking(), origin()));
		let strange = Offers::filled(SOUGHT, DealId(6), 1);
		assert_eq!(strange, Err(Error::<Test>::OtherDeal.into()));

		assert_ok!(Offers::split(SOUGHT_ESCROW, DEAL_ESCROW, 25_000));
		assert_ok!(Offers::filled(SOUGHT, DEAL, 1));
		check();
		assert_ok!(Offers::split(SOUGHT_ESCROW, DEAL_ESCROW, 20_000));
		assert_ok!(Offers::filled(SOUGHT, DEAL, 1));
		assert_eq!(Offers::offer(SOUGHT), None);
		assert_eq!(Offers::held(DEAL_ESCROW), 115_000);
		let done = Event::OfferCompleted { offer: SOUGHT, deal: DEAL, refunded: 5_000 };
		assert_eq!(events().last(), Some(&done));
	});
}

#[test]
fn seek_leaves_an_offer_that_the_developer_may_withdraw_and_time_may_end() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::seek(lacking(), origin()));
		assert_ok!(Offers::seek(lacking(), origin()));
		assert_ok!(Offers::cancel_offer(RuntimeOrigin::signed(developer()), SOUGHT));
		assert_eq!(on_hold(&usdc(), &developer()), 70_000);
		MockUnits::set_epoch(10);
		Offers::expire(OfferId(2));
		assert_eq!(on_hold(&usdc(), &developer()), 20_000);
		assert_eq!(Offers::held(DEAL_ESCROW), 20_000);
	});
}

/// Whom the deal could hire when it opened it may replace, whatever governance and providers did since.
#[test]
fn seek_trusts_the_words_of_the_deal() {
	build_and_execute(|| {
		open_deal();
		MockRegistry::dismiss(&usdc());
		let mut terms = lacking();
		terms.placement.hardware = Some(200);
		terms.placement.min_providers = 3;
		let gone = BoundedVec::truncate_from(vec![account(40)]);
		terms.placement.providers = AccessList::Allow(gone);
		assert_ok!(Offers::seek(terms, origin()));
	});
}

#[test]
fn seek_refuses_terms_that_no_offer_may_have() {
	build_and_execute(|| {
		open_deal();
		MockUnits::set_epoch(9);
		let wanted =
			|min, target| move |terms: &mut BidTerms<_>| terms.units = UnitsWanted { min, target };
		refuses(wanted(0, 0), Error::<Test>::ZeroUnits);
		refuses(wanted(3, 2), Error::<Test>::MinAboveTarget);
		refuses(wanted(1, 1_001), Error::<Test>::TooManyUnits);
		refuses(|terms| terms.max_price = 0, Error::<Test>::ZeroPrice);
		refuses(|terms| terms.max_price = 10_001, Error::<Test>::PriceOffTick);
		refuses(|terms| terms.tariff = Some(0), Error::<Test>::ZeroTariff);
		refuses(|terms| terms.max_price = HIGHEST_PRICE, ArithmeticError::Overflow);
		refuses(|terms| terms.term = 0, Error::<Test>::TermTooShort);
		refuses(|terms| terms.expiry = 8, Error::<Test>::ExpiryPassed);
		crate::NextOffer::<Test>::put(OfferId(u64::MAX));
		refuses(|_| (), ArithmeticError::Overflow);
	});
}

#[test]
fn seek_refuses_deals_without_money_of_this_developer() {
	build_and_execute(|| {
		open_deal();
		refuses(|terms| terms.deal = None, Error::<Test>::NoDeal);
		refuses(|terms| terms.deal = Some(DealId(6)), Error::<Test>::EscrowMissing);
		refuses(|terms| terms.developer = other_developer(), Error::<Test>::EscrowMismatch);
		refuses(|terms| terms.asset = PaymentAsset::Native, Error::<Test>::EscrowMismatch);

		block(provider());
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 1));
		assert_ok!(Offers::close(DEAL_ESCROW));
		refuses(|_| (), Error::<Test>::EscrowMissing);
	});
}
