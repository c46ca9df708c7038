use super::*;
use frame_support::assert_storage_noop;

#[test]
fn refund_gives_back_and_keeps_the_record() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::refund(DEAL_ESCROW, 120_000));

		assert_eq!(on_hold(&usdc(), &developer()), 0);
		let record = record(DEAL_ESCROW);
		assert_eq!((record.refunded, record.held, record.closed), (120_000, 0, false));
		let refunded =
			Event::Refunded { escrow: DEAL_ESCROW, developer: developer(), amount: 120_000 };
		assert_eq!(events(), vec![refunded]);
	});
}

#[test]
fn refund_of_a_part_leaves_the_rest_to_be_paid() {
	build_and_execute(|| {
		open_deal();
		assert_ok!(Offers::refund(DEAL_ESCROW, 70_000));
		assert_ok!(Offers::refund(DEAL_ESCROW, 1));
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 40_000));

		let record = record(DEAL_ESCROW);
		assert_eq!((record.refunded, record.paid, record.held), (70_001, 40_000, 9_999));
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH - 40_000);
		assert_eq!(Offers::close(DEAL_ESCROW), Ok(9_999));
		assert_eq!(on_hold(&usdc(), &developer()), 0);
	});
}

#[test]
fn refund_of_flt_comes_back_as_well() {
	build_and_execute(|| {
		let native = PaymentAsset::Native;
		assert_ok!(Post { asset: native.clone(), ..Default::default() }.by(developer()));
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::refund(DEAL_ESCROW, 20_000));
		assert_eq!(on_hold(&native, &developer()), COST - 20_000);
		assert_eq!(total(&native, &developer()), FLT_WEALTH);
		close_offers();
	});
}

/// A deal goes on when its developer cannot be reached: the refund waits, and providers are paid.
#[test]
fn refund_leaves_a_debt_when_the_developer_is_blocked() {
	build_and_execute(|| {
		open_deal();
		block(developer());
		assert_ok!(Offers::refund(DEAL_ESCROW, 50_000));
		let refused =
			Event::PayoutRefused { escrow: DEAL_ESCROW, payee: developer(), amount: 50_000 };
		assert_eq!(events(), vec![refused]);
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 70_000));
		let sums = |record: EscrowRecord<_>| (record.refunded, record.owed, record.held);
		assert_eq!(sums(record(DEAL_ESCROW)), (0, 50_000, 0));

		unblock(developer());
		let anyone = RuntimeOrigin::signed(stranger());
		assert_ok!(Offers::claim_payout(anyone, DEAL_ESCROW, developer()));
		assert_eq!(sums(record(DEAL_ESCROW)), (50_000, 0, 0));
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH - 70_000);
	});
}

#[test]
fn refund_refuses_more_than_is_held_and_records_that_are_gone() {
	build_and_execute(|| {
		open_deal();
		let refuses = |id, amount, error: Error<Test>| {
			assert_storage_noop!(assert_eq!(Offers::refund(id, amount), Err(error.into())));
		};
		refuses(DEAL_ESCROW, 120_001, Error::EscrowTooLow);
		refuses(DEAL_ESCROW, Balance::MAX, Error::EscrowTooLow);
		refuses(EscrowId::Deal(DealId(6)), 1, Error::EscrowMissing);
		assert_storage_noop!(assert_ok!(Offers::refund(DEAL_ESCROW, 0)));
		// What is owed to others is not held any more.
		block(provider());
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 100_000));
		refuses(DEAL_ESCROW, 20_001, Error::EscrowTooLow);
		assert_ok!(Offers::close(DEAL_ESCROW));
		refuses(DEAL_ESCROW, 0, Error::EscrowMissing);
	});
}
