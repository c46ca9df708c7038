use super::*;
use frame_support::dispatch::{GetDispatchInfo, WithPostDispatchInfo};

fn refuses(change: impl FnOnce(&mut Post), error: impl Into<DispatchError>) {
	let mut post = Post::default();
	change(&mut post);
	assert_noop!(post.by(developer()), error.into());
	assert_eq!(MockBook::take(), vec![]);
}

#[test]
fn post_offer_holds_the_highest_cost_and_tells_the_book() {
	build_and_execute(|| {
		let post = Post::default();
		assert_ok!(post.clone().by(developer()));

		assert_eq!(on_hold(&usdc(), &developer()), COST);
		assert_eq!(total(&usdc(), &developer()), USDC_WEALTH);
		assert_eq!(
			Offers::offer(FIRST),
			Some(Offer {
				developer: developer(),
				app_cid: post.app_cid.clone(),
				plan_hash: post.plan_hash,
				asset: usdc(),
				max_price: 5_000,
				units: post.units,
				filled: 0,
				term: 6,
				placement: post.placement.clone(),
				attributes: post.attributes,
				expiry: 20,
				deal: None,
				tariff: None,
			})
		);
		let mut expected = EscrowRecord::new(developer(), usdc());
		(expected.deposited, expected.held) = (COST, COST);
		assert_eq!(Offers::escrow(ESCROW), Some(expected));
		assert_eq!(Offers::escrow_needed(10, 5_000, 6), Some(COST));
		assert_eq!(Offers::escrow_needed(2, u128::MAX, 1), None);

		let posted = Event::OfferPosted {
			offer: FIRST,
			developer: developer(),
			app_cid: post.app_cid,
			plan_hash: post.plan_hash,
			asset: post.asset,
			max_price: post.max_price,
			units: post.units,
			term: post.term,
			placement: post.placement,
			attributes: post.attributes,
			expiry: post.expiry,
			deal: None,
			tariff: None,
		};
		let deposited = Event::Deposited { escrow: ESCROW, payer: developer(), amount: COST };
		assert_eq!(events(), vec![deposited, posted]);
		assert_eq!(MockBook::take(), vec![BookCall::BidPosted(FIRST)]);
	});
}

#[test]
fn post_offer_keeps_and_tells_a_tariff_of_any_digits() {
	build_and_execute(|| {
		for (id, tariff) in [(0, Some(1)), (1, Some(12_345)), (2, Some(Price::MAX)), (3, None)] {
			assert_ok!(Post { tariff, ..Default::default() }.by(developer()));
			assert_eq!(Offers::terms(OfferId(id)).unwrap().tariff, tariff);
			let told = events().into_iter().any(|event| match event {
				Event::OfferPosted { offer, tariff: told, .. } => (offer.0, told) == (id, tariff),
				_ => false,
			});
			assert!(told);
		}
		assert_eq!(on_hold(&usdc(), &developer()), 4 * COST, "no money is held for requests");
	});
}

#[test]
fn post_offer_takes_flt_as_well() {
	build_and_execute(|| {
		let native = || PaymentAsset::Native;
		assert_ok!(Post { asset: native(), ..Default::default() }.by(developer()));
		assert_eq!(on_hold(&native(), &developer()), COST);
		assert_eq!(total(&native(), &developer()), FLT_WEALTH);
	});
}

#[test]
fn post_offer_numbers_offers_in_sequence_when_there_are_many() {
	build_and_execute(|| {
		assert_ok!(Post::default().by(developer()));
		assert_ok!(Post::default().by(developer()));
		assert_ok!(Post::default().by(other_developer()));
		assert_eq!(on_hold(&usdc(), &developer()), 2 * COST);
		assert_eq!(Offers::offer(OfferId(2)).unwrap().developer, other_developer());
		assert_eq!(crate::NextOffer::<Test>::get(), OfferId(3));
	});
}

#[test]
fn post_offer_refuses_foreign_origins() {
	build_and_execute(|| {
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Post::default().with(origin), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn post_offer_refuses_bad_terms() {
	build_and_execute(|| {
		MockUnits::set_epoch(10);
		refuses(|post| post.app_cid = Cid::default(), Error::<Test>::EmptyCid);
		refuses(|post| post.max_price = 0, Error::<Test>::ZeroPrice);
		refuses(|post| post.tariff = Some(0), Error::<Test>::ZeroTariff);
		refuses(|post| post.term = 0, Error::<Test>::TermTooShort);
		refuses(|post| post.term = MockUnits::LONGEST_TERM + 1, Error::<Test>::TermTooLong);
		refuses(|post| post.expiry = 9, Error::<Test>::ExpiryPassed);
		refuses(|post| post.expiry = 61, Error::<Test>::ExpiryTooFar);
		refuses(|post| post.expiry = Epoch::MAX, Error::<Test>::ExpiryTooFar);
		MockRegistry::dismiss(&usdc());
		refuses(|_| (), Error::<Test>::AssetNotAdmitted);
	});
}

#[test]
fn post_offer_accepts_the_bounds_themselves() {
	build_and_execute(|| {
		MockUnits::set_epoch(10);
		for (term, expiry, target) in [(1, 10, 1), (100, 60, 1_000)] {
			let units = UnitsWanted { min: target, target };
			assert_ok!(Post { term, expiry, units, ..Default::default() }.by(developer()));
		}
	});
}

#[test]
fn post_offer_refuses_bad_numbers_of_units() {
	build_and_execute(|| {
		let wanted = |min, target| move |post: &mut Post| post.units = UnitsWanted { min, target };
		refuses(wanted(0, 1), Error::<Test>::ZeroUnits);
		refuses(wanted(0, 0), Error::<Test>::ZeroUnits);
		refuses(wanted(1, 0), Error::<Test>::ZeroUnits);
		refuses(wanted(2, 1), Error::<Test>::MinAboveTarget);
		refuses(wanted(1, 1_001), Error::<Test>::TooManyUnits);
	});
}

#[test]
fn post_offer_refuses_prices_between_the_ticks() {
	build_and_execute(|| {
		for price in [10_001, 12_345, 1_000_100, u128::MAX] {
			refuses(|post| post.max_price = price, Error::<Test>::PriceOffTick);
		}
		for price in [1, 9_999, 10_010, 1_234_000] {
			assert_ok!(Post { max_price: price, ..Default::default() }.by(developer()));
		}
	});
}

#[test]
fn post_offer_refuses_sums_beyond_the_purse_and_beyond_128_bits() {
	build_and_execute(|| {
		refuses(|post| post.max_price = HIGHEST_PRICE, ArithmeticError::Overflow);
		refuses(|post| post.max_price = HIGHEST_PRICE / 100, TokenError::FundsUnavailable);
		assert_noop!(Post::default().by(stranger()), TokenError::FundsUnavailable);
	});
}

#[test]
fn post_offer_holds_all_but_the_least_balance_to_the_last_plank() {
	build_and_execute(|| {
		let max_price = 999_900_000_000;
		let units = UnitsWanted { min: 1, target: 1 };
		let post = || Post { units, term: 1, max_price, ..Default::default() };
		let give = |amount| {
			let sender = RuntimeOrigin::signed(developer());
			assert_ok!(Assets::transfer(sender, USDC_ID, other_developer(), amount));
		};
		give(USDC_WEALTH - max_price - USDC_MIN);
		let dearer = Post { max_price: 1_000_000_000_000, ..post() };
		assert_noop!(dearer.by(developer()), TokenError::FundsUnavailable);
		assert_ok!(post().by(developer()));
		assert_eq!(on_hold(&usdc(), &developer()), max_price);

		close_offers();
		give(1);
		assert_noop!(post().by(developer()), TokenError::FundsUnavailable);
	});
}

#[test]
fn post_offer_refuses_when_numbers_are_exhausted() {
	build_and_execute(|| {
		crate::NextOffer::<Test>::put(OfferId(u64::MAX));
		refuses(|_| (), ArithmeticError::Overflow);
	});
}

#[test]
fn post_offer_weighs_its_list_of_providers_and_what_the_book_does_with_it() {
	let mut post = Post::default();
	let listed = vec![provider(), stranger()];
	post.placement.providers = AccessList::Deny(listed.try_into().expect("two"));
	let call = crate::Call::<Test>::post_offer {
		app_cid: post.app_cid,
		asset: post.asset,
		max_price: post.max_price,
		units: post.units,
		term: post.term,
		placement: post.placement,
		attributes: post.attributes,
		expiry: post.expiry,
		plan_hash: post.plan_hash,
		tariff: post.tariff,
	};
	let own = <() as crate::WeightInfo>::post_offer(2);
	let book = <MockBook as marketplace_primitives::OrderBook<AccountId32>>::bid_weight();
	assert_eq!(call.get_dispatch_info().call_weight, own + book);
}

#[test]
fn post_offer_that_is_refused_costs_no_matching() {
	build_and_execute(|| {
		let post = Post { term: 0, ..Post::default() };
		let refused = post.dispatch(RuntimeOrigin::signed(developer())).unwrap_err();
		let own = <() as crate::WeightInfo>::post_offer(0);
		assert_eq!(refused, Error::<Test>::TermTooShort.with_weight(own));
	});
}
