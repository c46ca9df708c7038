use super::*;
use frame_support::{
	assert_storage_noop,
	traits::{LockableCurrency, WithdrawReasons},
};

fn refuses(payer: AccountId32, amount: Balance, error: impl Into<DispatchError>) {
	assert_storage_noop!(assert_eq!(
		Offers::top_up(DEAL_ESCROW, &payer, amount),
		Err(error.into())
	));
}

/// A deal of the developer's, paid in FLT, that holds 120,000 planks.
fn open_native_deal() {
	assert_ok!(Post { asset: PaymentAsset::Native, ..Default::default() }.by(developer()));
	assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
	assert_ok!(Offers::filled(FIRST, DEAL, 4));
	close_offers();
	forget();
}

#[test]
fn top_up_makes_what_anybody_pays_the_developers() {
	for (asset, wealth, open) in [
		(usdc(), USDC_WEALTH, open_deal as fn()),
		(PaymentAsset::Native, FLT_WEALTH, open_native_deal),
	] {
		build_and_execute(|| {
			open();
			assert_ok!(Offers::top_up(DEAL_ESCROW, &other_developer(), 30_000));

			assert_eq!(total(&asset, &other_developer()), wealth - 30_000);
			assert_eq!(total(&asset, &developer()), wealth + 30_000);
			assert_eq!(on_hold(&asset, &developer()), 150_000);
			let record = record(DEAL_ESCROW);
			assert_eq!((record.developer, record.deposited), (developer(), 30_000));
			assert_eq!((record.moved_in, record.held), (120_000, 150_000));
			let payer = other_developer();
			let deposited = Event::Deposited { escrow: DEAL_ESCROW, payer, amount: 30_000 };
			assert_eq!(events(), vec![deposited]);

			// It comes back to the developer, not to the payer.
			assert_eq!(Offers::close(DEAL_ESCROW), Ok(150_000));
			assert_eq!(total(&asset, &developer()), wealth + 30_000);
			assert_eq!(on_hold(&asset, &developer()), 0);
		});
	}
}

#[test]
fn top_up_by_the_developer_is_held_only() {
	build_and_execute(|| {
		open_deal();
		let all = USDC_WEALTH - 120_000 - USDC_MIN;
		refuses(developer(), all + 1, TokenError::FundsUnavailable);
		assert_ok!(Offers::top_up(DEAL_ESCROW, &developer(), all));
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH);
		assert_eq!(on_hold(&usdc(), &developer()), USDC_WEALTH - USDC_MIN);
		let deposited = Event::Deposited { escrow: DEAL_ESCROW, payer: developer(), amount: all };
		assert_eq!(events(), vec![deposited]);
	});
}

#[test]
fn top_up_reaches_the_record_of_an_open_offer_too() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::top_up(ESCROW, &other_developer(), 7));
		assert_eq!(record(ESCROW).held, COST + 7);
	});
}

#[test]
fn top_up_leaves_the_payer_its_least_balance() {
	build_and_execute(|| {
		open_deal();
		let all = USDC_WEALTH - USDC_MIN;
		refuses(other_developer(), USDC_WEALTH, TokenError::NotExpendable);
		refuses(other_developer(), all + 1, TokenError::NotExpendable);
		refuses(other_developer(), USDC_WEALTH + 1, TokenError::FundsUnavailable);
		assert_ok!(Offers::top_up(DEAL_ESCROW, &other_developer(), all));
		assert_eq!(total(&usdc(), &other_developer()), USDC_MIN);
	});
	build_and_execute(|| {
		open_native_deal();
		let all = FLT_WEALTH - ExistentialDeposit::get();
		refuses(other_developer(), all + 1, TokenError::NotExpendable);
		assert_ok!(Offers::top_up(DEAL_ESCROW, &other_developer(), all));
	});
}

#[test]
fn top_up_refuses_payers_without_money_to_spend() {
	build_and_execute(|| {
		open_deal();
		refuses(stranger(), 1, TokenError::FundsUnavailable);
		let issuer = || RuntimeOrigin::signed(issuer());
		assert_ok!(Assets::freeze(issuer(), USDC_ID, other_developer()));
		refuses(other_developer(), 1, TokenError::Frozen);
		assert_ok!(Assets::thaw(issuer(), USDC_ID, other_developer()));
	});
	build_and_execute(|| {
		open_native_deal();
		let locked = FLT_WEALTH - 1_000;
		Balances::set_lock(*b"tests   ", &other_developer(), locked, WithdrawReasons::all());
		refuses(other_developer(), 1_001, TokenError::Frozen);
		assert_ok!(Offers::top_up(DEAL_ESCROW, &other_developer(), 1_000));
	});
}

#[test]
fn top_up_refuses_developers_who_cannot_take_the_asset() {
	build_and_execute(|| {
		open_deal();
		block(developer());
		refuses(other_developer(), 10_000, TokenError::Blocked);
		unblock(developer());
		// Who has spent everything keeps no least balance beside the hold.
		assert_ok!(Offers::refund(DEAL_ESCROW, 120_000));
		let sender = RuntimeOrigin::signed(developer());
		assert_ok!(Assets::transfer(sender, USDC_ID, other_developer(), USDC_WEALTH));
		refuses(other_developer(), USDC_MIN - 1, TokenError::BelowMinimum);
		refuses(other_developer(), 10_000, TokenError::FundsUnavailable);
		assert_eq!(total(&usdc(), &developer()), 0);
	});
}

#[test]
fn top_up_refuses_records_that_are_gone() {
	build_and_execute(|| {
		refuses(developer(), 1, Error::<Test>::EscrowMissing);
		open_deal();
		block(provider());
		assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 1));
		assert_ok!(Offers::close(DEAL_ESCROW));
		for amount in [0, 1] {
			refuses(developer(), amount, Error::<Test>::EscrowMissing);
		}
	});
}

#[test]
fn top_up_of_nothing_changes_nothing() {
	build_and_execute(|| {
		open_deal();
		for payer in [developer(), stranger()] {
			assert_storage_noop!(assert_ok!(Offers::top_up(DEAL_ESCROW, &payer, 0)));
		}
	});
}

#[test]
fn top_up_refuses_sums_beyond_128_bits() {
	build_and_execute(|| {
		open_deal();
		refuses(developer(), Balance::MAX, ArithmeticError::Overflow);
	});
}
