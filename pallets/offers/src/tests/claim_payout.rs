use super::*;

/// The payee has it paid.
fn claim(payee: AccountId32, escrow: EscrowId) -> DispatchResult {
	claim_by(payee.clone(), escrow, payee)
}

fn claim_by(who: AccountId32, escrow: EscrowId, payee: AccountId32) -> DispatchResult {
	Offers::claim_payout(RuntimeOrigin::signed(who), escrow, payee)
}

/// A deal that owes 30,000 to the provider, whose account is blocked.
fn refused() {
	post_default();
	block(provider());
	assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
	assert_ok!(Offers::filled(FIRST, DEAL, 4));
	assert_ok!(Offers::pay(DEAL_ESCROW, &provider(), 30_000));
	forget();
}

#[test]
fn claim_payout_pays_when_the_account_is_unblocked() {
	build_and_execute(|| {
		refused();
		assert_eq!(Offers::owed(provider(), DEAL_ESCROW), 30_000);
		unblock(provider());
		assert_ok!(claim(provider(), DEAL_ESCROW));

		assert_eq!(total(&usdc(), &provider()), USDC_MIN + 30_000);
		assert_eq!(on_hold(&usdc(), &developer()), COST - 30_000);
		let record = record(DEAL_ESCROW);
		assert_eq!((record.paid, record.owed, record.held), (30_000, 0, 90_000));
		assert!(!Owed::<Test>::contains_key(provider(), DEAL_ESCROW));
		let claimed =
			Event::PayoutClaimed { escrow: DEAL_ESCROW, payee: provider(), amount: 30_000 };
		assert_eq!(events(), vec![claimed]);
		assert_noop!(claim(provider(), DEAL_ESCROW), Error::<Test>::NothingOwed);
	});
}

#[test]
fn claim_payout_is_refused_while_the_account_is_blocked() {
	build_and_execute(|| {
		refused();
		assert_noop!(claim(provider(), DEAL_ESCROW), Error::<Test>::StillRefused);
		assert_eq!(Offers::owed(provider(), DEAL_ESCROW), 30_000);
	});
}

#[test]
fn claim_payout_pays_when_small_sums_have_added_up() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Post { asset: PaymentAsset::Native, ..Default::default() }.by(developer()));
		for (asset, least, escrow) in [
			(usdc(), USDC_MIN, ESCROW),
			(PaymentAsset::Native, ExistentialDeposit::get(), EscrowId::Offer(OfferId(1))),
		] {
			let newcomer = account(50);
			assert_ok!(Offers::pay(escrow, &newcomer, least - 1));
			assert_eq!(total(&asset, &newcomer), 0);
			assert_noop!(claim(newcomer.clone(), escrow), Error::<Test>::StillRefused);
			assert_ok!(Offers::pay(escrow, &newcomer, 1));
			assert_eq!(Offers::owed(newcomer.clone(), escrow), least);
			assert_ok!(claim(newcomer.clone(), escrow));
			assert_eq!(total(&asset, &newcomer), least);
		}
		close_offers();
	});
}

#[test]
fn claim_payout_outlives_the_deal() {
	build_and_execute(|| {
		refused();
		assert_eq!(Offers::close(DEAL_ESCROW), Ok(90_000));
		let kept = record(DEAL_ESCROW);
		assert!(kept.closed);
		assert_eq!((kept.held, kept.owed, kept.refunded), (0, 30_000, 90_000));
		check();

		unblock(provider());
		assert_ok!(claim(provider(), DEAL_ESCROW));
		assert_eq!(Offers::escrow(DEAL_ESCROW), None);
		assert_eq!(total(&usdc(), &provider()), USDC_MIN + 30_000);
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH - 30_000);
	});
}

#[test]
fn claim_payout_of_one_payee_does_not_wait_for_another() {
	build_and_execute(|| {
		refused();
		let newcomer = account(50);
		assert_ok!(Offers::pay(DEAL_ESCROW, &newcomer, 400));
		assert_ok!(Offers::pay(DEAL_ESCROW, &newcomer, 600));
		assert_ok!(Offers::close(DEAL_ESCROW));
		assert_ok!(claim(newcomer.clone(), DEAL_ESCROW));
		assert_eq!(total(&usdc(), &newcomer), 1_000);
		assert_eq!(record(DEAL_ESCROW).owed, 30_000);
		assert_noop!(claim(provider(), DEAL_ESCROW), Error::<Test>::StillRefused);
	});
}

#[test]
fn claim_payout_by_the_developer_counts_as_refunded() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 120_000));
		block(developer());
		assert_ok!(Offers::refund(DEAL_ESCROW, 20_000));
		assert_eq!(record(DEAL_ESCROW).owed, 20_000);
		unblock(developer());
		assert_ok!(claim(developer(), DEAL_ESCROW));
		let record = record(DEAL_ESCROW);
		assert_eq!((record.refunded, record.paid, record.held), (20_000, 0, 100_000));
		close_offers();
	});
}

#[test]
fn claim_payout_by_anyone_pays_the_payee_alone() {
	build_and_execute(|| {
		refused();
		unblock(provider());
		let before = total(&usdc(), &stranger());
		assert_ok!(claim_by(stranger(), DEAL_ESCROW, provider()));
		assert_eq!(total(&usdc(), &provider()), USDC_MIN + 30_000);
		assert_eq!(total(&usdc(), &stranger()), before);
		let claimed =
			Event::PayoutClaimed { escrow: DEAL_ESCROW, payee: provider(), amount: 30_000 };
		assert_eq!(events(), vec![claimed]);
		assert_noop!(claim_by(stranger(), DEAL_ESCROW, provider()), Error::<Test>::NothingOwed);
	});
}

#[test]
fn claim_payout_reaches_an_account_that_nobody_has_a_key_of() {
	build_and_execute(|| {
		post_default();
		let keyless = account(51);
		for _ in 0..2 {
			assert_ok!(Offers::pay(ESCROW, &keyless, USDC_MIN / 2));
		}
		assert_eq!(total(&usdc(), &keyless), 0);
		assert_ok!(claim_by(stranger(), ESCROW, keyless.clone()));
		assert_eq!(total(&usdc(), &keyless), USDC_MIN);
		assert_eq!(Offers::owed(keyless, ESCROW), 0);
		close_offers();
	});
}

#[test]
fn claim_payout_is_refused_where_nothing_is_owed_and_to_no_signer() {
	build_and_execute(|| {
		refused();
		assert_noop!(claim(stranger(), DEAL_ESCROW), Error::<Test>::NothingOwed);
		assert_noop!(claim_by(provider(), DEAL_ESCROW, stranger()), Error::<Test>::NothingOwed);
		assert_noop!(claim(provider(), ESCROW), Error::<Test>::NothingOwed);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			let call = Offers::claim_payout(origin, DEAL_ESCROW, provider());
			assert_noop!(call, DispatchError::BadOrigin);
		}
	});
}

/// Without a record a debt could not be paid; the pallet never leaves one.
#[test]
fn claim_payout_refuses_when_the_record_is_gone() {
	build_and_execute(|| {
		Owed::<Test>::insert(provider(), DEAL_ESCROW, 1);
		assert_noop!(claim(provider(), DEAL_ESCROW), Error::<Test>::EscrowMissing);
		Owed::<Test>::remove(provider(), DEAL_ESCROW);
	});
}
