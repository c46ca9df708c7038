//! Offers that make no sense.

use crate::*;

#[test]
fn offers_that_make_no_sense_are_refused() {
	with_market(|_| {
		let offer = |change: fn(&mut Wanted), error: DispatchError| {
			let mut wanted = Wanted::new(2, USDC, 3);
			change(&mut wanted);
			refused(signed(DEVELOPER), wanted.call(), error);
		};
		let units = |min, target| UnitsWanted { min, target };
		offer(|wanted| wanted.max_price = 0, O::ZeroPrice.into());
		offer(|wanted| wanted.term = 0, O::TermTooShort.into());
		offer(|wanted| wanted.term = 10_001, O::TermTooLong.into());
		offer(|wanted| wanted.term = u32::MAX, O::TermTooLong.into());
		offer(|wanted| wanted.expiry = 1, O::ExpiryPassed.into());
		offer(|wanted| wanted.expiry = 0, O::ExpiryPassed.into());
		offer(|wanted| wanted.expiry = 10_003, O::ExpiryTooFar.into());
		offer(|wanted| wanted.expiry = u32::MAX, O::ExpiryTooFar.into());
		offer(|wanted| wanted.placement.max_per_provider = Some(0), O::CapBelowMin.into());
		let empty: fn(&mut Wanted) =
			|wanted| wanted.placement.providers = AccessList::Allow(Default::default());
		offer(empty, O::EmptyAllowList.into());
		for (wanted, error) in [
			(units(0, 1), O::ZeroUnits),
			(units(0, 0), O::ZeroUnits),
			(units(1, 0), O::ZeroUnits),
			(units(3, 2), O::MinAboveTarget),
			(units(1, 4_097), O::TooManyUnits),
			(units(1, u32::MAX), O::TooManyUnits),
		] {
			let offer = Wanted { units: wanted, ..Wanted::new(1, 1, 1) };
			refused(signed(DEVELOPER), offer.call(), error);
		}
		let allowed = vec![account(NORTH), account(NORTH)].try_into().expect("they are few");
		let placement = Placement {
			max_per_provider: Some(2),
			providers: AccessList::Allow(allowed),
			..Default::default()
		};
		let capped = Wanted { placement, ..Wanted::new(3, USDC, 3) };
		refused(signed(DEVELOPER), capped.call(), O::CapBelowMin);

		for asset in [PaymentAsset::WithId(0), PaymentAsset::WithId(2)] {
			let mut call = Wanted::new(1, 1, 1).call();
			if let RuntimeCall::Offers(OffersCall::post_offer { asset: wanted, .. }) = &mut call {
				*wanted = asset;
			}
			refused(signed(DEVELOPER), call, O::AssetNotAdmitted);
		}
		let mut call = Wanted::new(1, 1, 1).call();
		if let RuntimeCall::Offers(OffersCall::post_offer { app_cid, .. }) = &mut call {
			app_cid.clear();
		}
		refused(signed(DEVELOPER), call, O::EmptyCid);

		for new_price in [0, USDC / 4, USDC / 2] {
			let call = OffersCall::raise_price { offer: OFFER, new_price };
			refused(signed(DEVELOPER), call, O::PriceNotHigher);
		}
		let call = OffersCall::expire_offer { offer: OFFER };
		refused(signed(STRANGER), call, O::NotExpired);
	});
}

#[test]
fn sums_that_overflow_are_refused() {
	with_market(|_| {
		let overflow = || DispatchError::Arithmetic(ArithmeticError::Overflow);
		for (units, price, term) in [
			(2, u128::MAX, 1),
			(1, u128::MAX, 2),
			(4_096, u128::MAX / 4_095, 1),
			(4_096, u128::MAX / 4_096, 10_000),
		] {
			refused(signed(DEVELOPER), Wanted::new(units, price, term).call(), overflow());
		}
		let call = OffersCall::raise_price { offer: OFFER, new_price: u128::MAX };
		refused(signed(DEVELOPER), call, overflow());
		// One plank less than overflow is merely too much.
		let poor = TokenError::FundsUnavailable;
		refused(signed(DEVELOPER), Wanted::new(1, u128::MAX, 1).call(), poor);
	});
}
