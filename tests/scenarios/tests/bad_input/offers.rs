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
		offer(|wanted| wanted.term = Capacity::longest_term() + 1, O::TermTooLong.into());
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
fn placements_that_nothing_can_meet_are_refused() {
	with_market(|_| {
		let offer = |change: fn(&mut Wanted), error: O| {
			let mut wanted = Wanted::new(2, USDC, 3);
			change(&mut wanted);
			refused(signed(DEVELOPER), wanted.call(), error);
		};
		offer(|wanted| wanted.max_price = 1_000_001, O::PriceOffTick);
		offer(|wanted| wanted.max_price = u128::MAX, O::PriceOffTick);
		offer(|wanted| wanted.placement.max_per_data_center = Some(0), O::CapBelowMin);
		offer(|wanted| wanted.placement.max_per_server = Some(0), O::CapBelowMin);
		offer(|wanted| wanted.placement.min_providers = 3, O::TooManyProviders);
		offer(|wanted| wanted.placement.min_data_centers = 3, O::TooManyDataCenters);
		offer(|wanted| wanted.placement.min_countries = 3, O::TooManyCountries);
		offer(|wanted| wanted.placement.min_countries = u32::MAX, O::TooManyCountries);
		offer(|wanted| wanted.placement.sites.min_tier = 5, O::ImpossibleSites);
		offer(
			|wanted| wanted.placement.sites.countries = vec![*b"no"].try_into().expect("one"),
			O::ImpossibleSites,
		);
		for class in [0, 5, 16, 255] {
			let placement = Placement { hardware: Some(class), ..Default::default() };
			let wanted = Wanted { placement, ..Wanted::new(1, USDC, 1) };
			refused(signed(DEVELOPER), wanted.call(), O::UnknownHardwareClass);
		}
		offer(|wanted| wanted.attributes = Attributes::of(&[6]), O::UnknownAttribute);
		offer(|wanted| wanted.placement.attested = Attributes::of(&[255]), O::UnknownAttribute);
		let stranger: fn(&mut Wanted) = |wanted| {
			let list = vec![account(NORTH), account(STRANGER)].try_into().expect("two");
			wanted.placement.providers = AccessList::Allow(list);
		};
		offer(stranger, O::UnknownProvider);
		for new_price in [USDC / 2 + 1, u128::MAX] {
			let call = OffersCall::raise_price { offer: OFFER, new_price };
			refused(signed(DEVELOPER), call, O::PriceOffTick);
		}
	});
}

#[test]
fn sums_that_overflow_are_refused() {
	with_market(|_| {
		let overflow = || DispatchError::Arithmetic(ArithmeticError::Overflow);
		// The book has a level for it, and for none above.
		let highest = 3_402 * 10u128.pow(35);
		for (units, price, term) in [
			(2, highest, 1),
			(1, highest, 2),
			(4_096, highest / 1_000, 1),
			(4_096, highest / 10_000_000, Capacity::longest_term()),
		] {
			refused(signed(DEVELOPER), Wanted::new(units, price, term).call(), overflow());
		}
		let call = OffersCall::raise_price { offer: OFFER, new_price: highest };
		refused(signed(DEVELOPER), call, overflow());
		// What does not overflow is merely too much.
		let poor = TokenError::FundsUnavailable;
		refused(signed(DEVELOPER), Wanted::new(1, highest, 1).call(), poor);
	});
}
