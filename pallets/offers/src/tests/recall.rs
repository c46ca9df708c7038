use super::*;
use frame_support::assert_storage_noop;

/// The offer with which the deal seeks two units.
const SOUGHT: OfferId = OfferId(1);
const SOUGHT_ESCROW: EscrowId = EscrowId::Offer(SOUGHT);

fn sought() {
	open_deal();
	assert_ok!(Offers::seek(lacking(), origin()));
	forget();
}

fn refuses(offer: OfferId, deal: DealId, error: Error<Test>) {
	assert_storage_noop!(assert_eq!(Offers::recall(offer, deal), Err(error.into())));
	assert_eq!(MockBook::take(), vec![]);
}

#[test]
fn recall_gives_the_money_back_to_the_deal() {
	build_and_execute(|| {
		sought();
		assert_eq!(Offers::recall(SOUGHT, DEAL), Ok(2));

		assert_eq!(Offers::offer(SOUGHT), None);
		assert_eq!(Offers::escrow(SOUGHT_ESCROW), None);
		let deal = record(DEAL_ESCROW);
		assert_eq!((deal.moved_in, deal.moved_out, deal.held), (170_000, 50_000, 120_000));
		assert_eq!(on_hold(&usdc(), &developer()), 120_000, "no money moves");
		assert_eq!(
			events(),
			vec![
				Event::Moved { from: SOUGHT_ESCROW, to: DEAL_ESCROW, amount: 50_000 },
				Event::EscrowClosed { escrow: SOUGHT_ESCROW },
				Event::OfferRecalled { offer: SOUGHT, deal: DEAL, units: 2, amount: 50_000 },
			]
		);
		assert_eq!(MockBook::take(), vec![BookCall::BidRemoved(SOUGHT, usdc(), 5_000)]);
	});
}

#[test]
fn recall_tells_what_was_still_wanted_when_a_part_was_filled() {
	build_and_execute(|| {
		sought();
		assert_ok!(Offers::split(SOUGHT_ESCROW, DEAL_ESCROW, 20_000));
		assert_ok!(Offers::filled(SOUGHT, DEAL, 1));
		assert_eq!(Offers::recall(SOUGHT, DEAL), Ok(1));
		assert_eq!(Offers::held(DEAL_ESCROW), 120_000);
		let recalled = Event::OfferRecalled { offer: SOUGHT, deal: DEAL, units: 1, amount: 30_000 };
		assert_eq!(events().last(), Some(&recalled));
	});
}

#[test]
fn recall_takes_the_rest_of_the_first_offer_too() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		assert_eq!(Offers::recall(FIRST, DEAL), Ok(6));
		assert_eq!(Offers::held(DEAL_ESCROW), COST);
	});
}

#[test]
fn recall_works_when_the_expiry_has_passed() {
	build_and_execute(|| {
		sought();
		MockUnits::set_epoch(10);
		assert_eq!(Offers::recall(SOUGHT, DEAL), Ok(2));
		assert_eq!(Offers::held(DEAL_ESCROW), 120_000);
	});
}

#[test]
fn recall_finds_nothing_when_the_offer_is_not_open() {
	build_and_execute(|| {
		sought();
		assert_storage_noop!(assert_eq!(Offers::recall(OfferId(9), DEAL), Ok(0)));
		assert_ok!(Offers::recall(SOUGHT, DEAL));
		forget();
		assert_storage_noop!(assert_eq!(Offers::recall(SOUGHT, DEAL), Ok(0)));
		assert_eq!(MockBook::take(), vec![]);
	});
}

/// What others owe stays with the record that owes it.
#[test]
fn recall_leaves_debts_where_they_are() {
	build_and_execute(|| {
		sought();
		block(provider());
		assert_ok!(Offers::top_up(SOUGHT_ESCROW, &developer(), 300));
		assert_ok!(Offers::pay(SOUGHT_ESCROW, &provider(), 100));
		assert_eq!(Offers::recall(SOUGHT, DEAL), Ok(2));
		assert_eq!(Offers::held(DEAL_ESCROW), 120_200);
		let kept = record(SOUGHT_ESCROW);
		assert_eq!((kept.closed, kept.held, kept.owed), (true, 0, 100));
	});
}

#[test]
fn recall_refuses_offers_of_other_deals_and_of_none() {
	build_and_execute(|| {
		sought();
		assert_ok!(Post::default().by(developer()));
		MockBook::take();
		refuses(SOUGHT, DealId(6), Error::OtherDeal);
		refuses(OfferId(2), DEAL, Error::OtherDeal);
	});
}

#[test]
fn recall_refuses_when_the_deals_money_is_settled() {
	build_and_execute(|| {
		sought();
		assert_ok!(Offers::close(DEAL_ESCROW));
		refuses(SOUGHT, DEAL, Error::EscrowMissing);
		assert!(Offers::offer(SOUGHT).is_some());
		close_offers();
		assert_eq!(on_hold(&usdc(), &developer()), 0);
	});
}
