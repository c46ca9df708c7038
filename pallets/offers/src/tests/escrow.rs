use super::*;
use frame_support::assert_storage_noop;

fn refuses(result: impl FnOnce() -> DispatchResult, error: Error<Test>) {
	assert_storage_noop!(assert_eq!(result(), Err(error.into())));
}

#[test]
fn split_changes_the_owner_and_moves_no_money() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 30_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 5));

		assert_eq!(Offers::held(ESCROW), 150_000);
		assert_eq!(Offers::held(DEAL_ESCROW), 150_000);
		assert_eq!(record(ESCROW).moved_out, 150_000);
		assert_eq!(record(DEAL_ESCROW).moved_in, 150_000);
		assert_eq!(on_hold(&usdc(), &developer()), COST);
		let moved = |amount| Event::Moved { from: ESCROW, to: DEAL_ESCROW, amount };
		assert_eq!(events()[..2], [moved(120_000), moved(30_000)]);
	});
}

#[test]
fn split_refuses_what_it_cannot_move() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Post::default().by(other_developer()));
		assert_ok!(Post { asset: PaymentAsset::Native, ..Default::default() }.by(developer()));
		let [other, native] = [1, 2].map(|id| EscrowId::Offer(OfferId(id)));

		refuses(|| Offers::split(DEAL_ESCROW, ESCROW, 1), Error::EscrowMissing);
		refuses(|| Offers::split(ESCROW, DEAL_ESCROW, COST + 1), Error::EscrowTooLow);
		refuses(|| Offers::split(ESCROW, ESCROW, 1), Error::EscrowMismatch);
		refuses(|| Offers::split(ESCROW, other, 1), Error::EscrowMismatch);
		refuses(|| Offers::split(ESCROW, native, 1), Error::EscrowMismatch);
	});
}

#[test]
fn pay_pays_and_creates_the_payees_account() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		forget();
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), USDC_MIN));

		assert_eq!(total(&usdc(), &provider()), USDC_MIN);
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH - USDC_MIN);
		let record = record(DEAL_ESCROW);
		assert_eq!((record.paid, record.held), (USDC_MIN, 119_000));
		let paid = Event::Paid { escrow: DEAL_ESCROW, payee: provider(), amount: USDC_MIN };
		assert_eq!(events(), vec![paid]);
	});
}

#[test]
fn pay_reaches_a_frozen_payee_since_freezing_stops_spending_only() {
	build_and_execute(|| {
		post_default();
		block(provider());
		unblock(provider());
		assert_ok!(Assets::freeze(RuntimeOrigin::signed(issuer()), USDC_ID, provider()));
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 5_000));
		assert_eq!(total(&usdc(), &provider()), USDC_MIN + 5_000);
		close_offers();
	});
}

#[test]
fn pay_reaches_the_payee_when_the_developer_is_frozen_or_locked() {
	use frame_support::traits::{LockableCurrency, WithdrawReasons};
	build_and_execute(|| {
		assert_ok!(Post { asset: PaymentAsset::Native, ..Default::default() }.by(developer()));
		assert_ok!(Post::default().by(developer()));
		let second = EscrowId::Offer(OfferId(1));
		Balances::set_lock(*b"tests   ", &developer(), FLT_WEALTH, WithdrawReasons::all());
		assert_ok!(Assets::freeze(RuntimeOrigin::signed(issuer()), USDC_ID, developer()));

		assert_ok!(Offers::pay(ESCROW, &provider(), 5_000));
		assert_ok!(Offers::pay(second, &provider(), 5_000));
		assert_eq!(total(&PaymentAsset::Native, &provider()), 5_000);
		assert_eq!(total(&usdc(), &provider()), 5_000);
		close_offers();
	});
}

#[test]
fn pay_leaves_a_debt_when_the_payee_is_blocked() {
	build_and_execute(|| {
		post_default();
		block(provider());
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		forget();
		for amount in [30_000, 5_000] {
			assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), amount));
		}

		assert_eq!(total(&usdc(), &provider()), USDC_MIN);
		assert_eq!(on_hold(&usdc(), &developer()), COST);
		assert_eq!(Offers::owed(provider(), DEAL_ESCROW), 35_000);
		let record = record(DEAL_ESCROW);
		assert_eq!((record.paid, record.owed, record.held), (0, 35_000, 85_000));
		let refused =
			|amount| Event::PayoutRefused { escrow: DEAL_ESCROW, payee: provider(), amount };
		assert_eq!(events(), vec![refused(30_000), refused(5_000)]);
		close_offers();
	});
}

#[test]
fn pay_leaves_a_debt_when_the_sum_is_below_the_least_balance() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Post { asset: PaymentAsset::Native, ..Default::default() }.by(developer()));
		for (escrow, least) in
			[(ESCROW, USDC_MIN), (EscrowId::Offer(OfferId(1)), ExistentialDeposit::get())]
		{
			assert_ok!(Offers::pay(escrow, &provider(), least - 1));
			assert_eq!(Offers::owed(provider(), escrow), least - 1);
			assert_ok!(Offers::pay(escrow, &provider(), least));
			assert_eq!(record(escrow).paid, least);
			// The account exists now, so that the debt can be claimed.
			assert_ok!(Offers::claim_payout(RuntimeOrigin::signed(provider()), escrow, provider()));
			assert_eq!(record(escrow).paid, 2 * least - 1);
		}
		close_offers();
	});
}

#[test]
fn pay_to_the_developer_is_a_payout_as_any_other() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::pay(DEAL_ESCROW, &developer(), 20_000));
		assert_eq!(record(DEAL_ESCROW).paid, 20_000);
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH);
		assert_eq!(on_hold(&usdc(), &developer()), COST - 20_000);
		close_offers();
	});
}

#[test]
fn nothing_moves_when_the_amount_is_zero() {
	build_and_execute(|| {
		post_default();
		assert_storage_noop!(assert_ok!(Offers::pay(ESCROW, &provider(), 0)));
		assert_storage_noop!(assert_ok!(Offers::refund(ESCROW, 0)));
	});
}

#[test]
fn pay_and_refund_and_close_refuse_what_is_not_there() {
	build_and_execute(|| {
		post_default();
		refuses(|| Offers::pay(DEAL_ESCROW, &provider(), 1), Error::EscrowMissing);
		refuses(|| Offers::refund(DEAL_ESCROW, 1), Error::EscrowMissing);
		refuses(|| Offers::close(DEAL_ESCROW).map(drop), Error::EscrowMissing);
		refuses(|| Offers::pay(ESCROW, &provider(), COST + 1), Error::EscrowTooLow);
		refuses(|| Offers::refund(ESCROW, COST + 1), Error::EscrowTooLow);
		assert_eq!(Offers::held(DEAL_ESCROW), 0);
	});
}

#[test]
fn a_closed_record_takes_no_part_any_more() {
	build_and_execute(|| {
		post_default();
		block(provider());
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 1));
		assert_ok!(Offers::close(DEAL_ESCROW));
		refuses(|| Offers::pay(DEAL_ESCROW, &provider(), 0), Error::EscrowMissing);
		refuses(|| Offers::refund(DEAL_ESCROW, 0), Error::EscrowMissing);
		refuses(|| Offers::close(DEAL_ESCROW).map(drop), Error::EscrowMissing);
		refuses(|| Offers::split(DEAL_ESCROW, ESCROW, 0), Error::EscrowMissing);
		refuses(|| Offers::split(ESCROW, DEAL_ESCROW, 1), Error::EscrowMissing);
	});
}

#[test]
fn close_gives_the_rest_back_and_forgets_the_record() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 4));
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 20_000));
		forget();
		assert_eq!(Offers::close(DEAL_ESCROW), Ok(100_000));
		assert_eq!(Offers::escrow(DEAL_ESCROW), None);
		assert_eq!(on_hold(&usdc(), &developer()), COST - 120_000);
		assert_eq!(
			events(),
			vec![
				Event::Refunded { escrow: DEAL_ESCROW, developer: developer(), amount: 100_000 },
				Event::EscrowClosed { escrow: DEAL_ESCROW },
			]
		);
	});
}
