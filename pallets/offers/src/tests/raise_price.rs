use super::*;

fn raise(who: AccountId32, offer: OfferId, price: Price) -> DispatchResult {
	Offers::raise_price(RuntimeOrigin::signed(who), offer, price)
}

#[test]
fn raise_price_holds_the_difference_and_tells_the_book() {
	build_and_execute(|| {
		post_default();
		assert_ok!(raise(developer(), FIRST, 5_001));

		assert_eq!(Offers::offer(FIRST).unwrap().max_price, 5_001);
		assert_eq!(on_hold(&usdc(), &developer()), COST + 60);
		assert_eq!(record(ESCROW).deposited, COST + 60);
		assert_eq!(
			events(),
			vec![
				Event::Deposited { escrow: ESCROW, payer: developer(), amount: 60 },
				Event::PriceRaised { offer: FIRST, old_price: 5_000, max_price: 5_001 },
			]
		);
		assert_eq!(MockBook::take(), vec![BookCall::BidRepriced(FIRST, usdc(), 5_000)]);
	});
}

#[test]
fn raise_price_holds_for_the_unfilled_units_only() {
	build_and_execute(|| {
		post_default();
		assert_ok!(Offers::split(ESCROW, DEAL_ESCROW, 210_000));
		assert_ok!(Offers::filled(FIRST, DEAL, 7));
		assert_ok!(raise(developer(), FIRST, 6_000));
		assert_eq!(on_hold(&usdc(), &developer()), COST + 3 * 6 * 1_000);
		assert_eq!(record(ESCROW).held, 3 * 6 * 6_000);
	});
}

#[test]
fn raise_price_refuses_bad_input() {
	build_and_execute(|| {
		post_default();
		assert_noop!(raise(stranger(), FIRST, 6_000), Error::<Test>::NotDeveloper);
		assert_noop!(raise(developer(), OfferId(1), 6_000), Error::<Test>::UnknownOffer);
		for price in [0, 4_999, 5_000] {
			assert_noop!(raise(developer(), FIRST, price), Error::<Test>::PriceNotHigher);
		}
		for price in [10_001, u128::MAX] {
			assert_noop!(raise(developer(), FIRST, price), Error::<Test>::PriceOffTick);
		}
		assert_noop!(raise(developer(), FIRST, HIGHEST_PRICE), ArithmeticError::Overflow);
		assert_noop!(raise(developer(), FIRST, USDC_WEALTH), TokenError::FundsUnavailable);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Offers::raise_price(origin, FIRST, 6_000), DispatchError::BadOrigin);
		}
		MockUnits::set_epoch(21);
		assert_noop!(raise(developer(), FIRST, 6_000), Error::<Test>::ExpiryPassed);
		MockUnits::set_epoch(20);
		MockRegistry::dismiss(&usdc());
		assert_noop!(raise(developer(), FIRST, 6_000), Error::<Test>::AssetNotAdmitted);
		assert_eq!(MockBook::take(), vec![]);
	});
}
