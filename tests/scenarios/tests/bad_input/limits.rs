//! Numbers, terms and sums that are out of bounds.

use crate::*;
use pallet_capacity::Difficulty;

#[test]
fn zero_and_excessive_numbers_are_refused() {
	with_market(|_| {
		let north = |call: RuntimeCall, error: P| refused(signed(NORTH), call, error);
		north(register_call(SITE, NORTH, NORTH, 2, 0), P::NoUnits);
		north(register_call(SITE, NORTH, NORTH, 2, 65), P::TooManyUnits);
		north(register_call(SITE, NORTH, NORTH, 2, 255), P::TooManyUnits);
		north(ask_call(SERVER, Units::NONE, 1), P::NoUnits);
		north(ask_call(SERVER, Units(0b100), 0), P::ZeroPrice);
		for price in [10_001, 1_000_001, u128::MAX] {
			north(ask_call(SERVER, Units(0b100), price), P::PriceOffTick);
		}
		north(ask_call(SERVER, Units(0b1_0000), 1), P::ForeignUnits);
		north(ask_call(SERVER, Units(u64::MAX), 1), P::ForeignUnits);
		north(ask_call(SERVER, Units(0b110), 1), P::UnitsAlreadyAsked);

		let north = |call: RuntimeCall, error: C| refused(signed(NORTH), call, error);
		north(commit_call(SERVER, Units::NONE, 10), C::NoUnits);
		north(commit_call(SERVER, Units(0b1_0000), 10), C::ForeignUnits);
		north(commit_call(SERVER, Units(0b1000), 10), C::UnitsCommitted);
		north(commit_call(SERVER, Units(0b0001), 10), C::UnitsCommitted);
		for duration in [0, 1, 10_001, u32::MAX] {
			north(commit_call(SERVER, Units(1), duration), C::InvalidDuration);
		}
		north(delegate(WAITING, 0), C::StakeTooLow);
		north(delegate(WAITING, 1), C::StakeTooLow);
		north(delegate(WAITING, 100 * FLT + 1), C::StakeExceeded);
		north(delegate(WAITING, u128::MAX), C::StakeExceeded);
		// Ten of the hundred are for the provider itself.
		refused(signed(DELEGATOR), delegate(WAITING, 90 * FLT + 1), C::StakeExceeded);
		north(delegate(COMMITMENT, FLT), C::NotWaiting);
		let call = CapacityCall::claim_rewards { commitment: COMMITMENT };
		north(call.into(), C::NothingToClaim);
	});
}

#[test]
fn terms_beyond_the_bounds_are_refused() {
	with_market(|_| {
		let north = |call: RuntimeCall, error: C| refused(signed(NORTH), call, error);
		let lender = |call: RuntimeCall, error: C| refused(signed(DELEGATOR), call, error);
		// It began with a tenth and may rise by another.
		for part in [21, 50, 100] {
			north(set_commission(COMMITMENT, part), C::CommissionTooHigh);
		}
		act(NORTH, set_commission(COMMITMENT, 20));
		north(set_commission(COMMITMENT, 19), C::CommissionJustSet);
		north(set_commission(COMMITMENT, 21), C::CommissionTooHigh);

		for epochs in [0, 9_991] {
			north(extend(COMMITMENT, epochs), C::InvalidDuration);
		}
		refused(signed(NORTH), extend(COMMITMENT, u32::MAX), ArithmeticError::Overflow);
		north(extend(WAITING, 1), C::NotRunning);
		lender(accept(COMMITMENT), C::NoProposal);
		lender(accept(WAITING), C::NotStaker);
		lender(claim_income(COMMITMENT), C::NothingToClaim);

		let right = Capacity::difficulty().target;
		for (slots, target) in
			[(0, right), (1, right), (1_025, right), (u16::MAX, right), (4, [0; 32])]
		{
			let difficulty = Difficulty { slots, target };
			let call = CapacityCall::set_difficulty { difficulty };
			refused(RuntimeOrigin::root(), call, C::InvalidDifficulty);
		}
		let (deal, server) = (DEAL, SERVER);
		let call = DealsCall::compensate { deal, server };
		refused(signed(DEVELOPER), call, D::NothingLost);
	});
}

#[test]
fn terms_that_are_over_are_refused() {
	with_market(|machine| {
		let soon = Wanted { expiry: 2, ..Wanted::new(1, USDC / 2, 2) }.post(DEVELOPER);
		let (server, deal) = (SERVER, DEAL);
		refused(signed(STRANGER), DealsCall::close_deal { deal }, D::NotEnded);
		chain::run_to_epoch(3);
		let call = OffersCall::raise_price { offer: soon, new_price: USDC };
		refused(signed(DEVELOPER), call, O::ExpiryPassed);
		act(STRANGER, OffersCall::expire_offer { offer: soon });
		refused(signed(STRANGER), OffersCall::expire_offer { offer: soon }, O::UnknownOffer);

		let report = |epoch| report_call(SERVER, epoch, [1; 32], Units(0b10), Units::NONE);
		let operator = |call: RuntimeCall, error: C| refused(signed(NORTH_OPERATOR), call, error);
		operator(report(2), C::AlreadyReported);
		operator(report(4), C::EpochNotBegun);
		operator(report(u32::MAX), C::EpochNotBegun);
		operator(report(0), C::ReportsClosed);
		operator(report(1), C::ReportsClosed);
		let nothing = report_call(SERVER, 3, [1; 32], Units::NONE, Units::NONE);
		operator(nothing, C::EmptyReport);
		// Unit 0 is in a deal, unit 3 not committed, unit 0 has no worker.
		for proven in [Units(0b0001), Units(0b1000), Units(u64::MAX)] {
			operator(report_call(SERVER, 3, [1; 32], proven, Units::NONE), C::NotProving);
		}
		for serving in [Units(0b0001), Units(0b0010), Units(u64::MAX)] {
			operator(report_call(SERVER, 3, [1; 32], Units::NONE, serving), C::NotServing);
		}
		chain::run_to_block(Capacity::parameters().reports_close(2));
		operator(report(2), C::ReportsClosed);

		chain::run_to_epoch(5);
		refused(signed(NORTH), workers_call(deal, server, Units(1)), D::DealEnded);
		refused(signed(STRANGER), DealsCall::close_deal { deal }, D::NotEnded);
		let withdraw: RuntimeCall = CapacityCall::withdraw_stake { commitment: COMMITMENT }.into();
		for who in [machine.provider, DELEGATOR, STRANGER] {
			refused(signed(who), withdraw.clone(), C::StillBonded);
		}
		let cancel: RuntimeCall = CapacityCall::cancel_commitment { commitment: COMMITMENT }.into();
		refused(signed(NORTH), cancel, C::NotWaiting);
	});
}

#[test]
fn more_than_there_is_room_for_is_refused() {
	with_market(|_| {
		let large = register(SITE, NORTH, NORTH, 2, 64);
		for unit in 0..4 {
			ask(large, Units::one(unit), USDC);
			act(NORTH, commit_call(large.id, Units::one(unit), 10));
		}
		refused(signed(NORTH), ask_call(large.id, Units::one(4), 1), P::TooManyAsks);
		let fifth = commit_call(large.id, Units::one(4), 10);
		refused(signed(NORTH), fifth, C::TooManyCommitments);

		let root = RuntimeOrigin::root;
		let admit = |id| ProvidersCall::admit_asset { asset: PaymentAsset::WithId(id) };
		refused(root(), admit(1), P::AssetAlreadyAdmitted);
		let dismiss = ProvidersCall::dismiss_asset { asset: PaymentAsset::WithId(2) };
		refused(root(), dismiss, P::AssetNotAdmitted);
		for id in 2..16 {
			assert_eq!(dispatch(root(), admit(id)), Ok(()));
		}
		refused(root(), admit(16), P::TooManyAssets);
	});
}

#[test]
fn what_one_cannot_pay_is_refused() {
	with_market(|_| {
		let poor = TokenError::FundsUnavailable;
		refused(signed(PAUPER), named("Poor"), poor);
		refused(signed(PAUPER), delegate(WAITING, FLT), poor);
		refused(signed(PAUPER), Wanted::new(1, 1, 1).call(), poor);

		// Enough to exist, and not to the last plank for a deposit or a stake.
		let deposit = FLT * 322 / 10_000;
		let give_back = |value| pallet_balances::Call::transfer_keep_alive {
			dest: account(STRANGER).into(),
			value,
		};
		let give = |value| pallet_balances::Call::transfer_allow_death {
			dest: account(PAUPER).into(),
			value,
		};
		act(STRANGER, give(deposit));
		refused(signed(PAUPER), named("Poor"), poor);
		refused(signed(PAUPER), delegate(WAITING, FLT), poor);
		refused(signed(PAUPER), delegate(WAITING, deposit), C::StakeTooLow);
		act(STRANGER, give(FLT - deposit));
		refused(signed(PAUPER), delegate(WAITING, FLT), TokenError::NotExpendable);
		act(PAUPER, give_back(FLT - deposit - FLT / 1_000));
		act(PAUPER, named("Not so poor"));
		refused(signed(PAUPER), site(b"NO", "Oslo", 1), poor);

		let rich = on_chain(&account(OTHER_DEVELOPER), Coin::Usdc).free;
		let dear = Wanted::new(1, rich / 2 + rich / 1_000, 2).call();
		refused(signed(OTHER_DEVELOPER), dear, poor);
		let call = OffersCall::raise_price { offer: OFFER, new_price: rich };
		refused(signed(DEVELOPER), call, poor);
		let giving_all = pallet_assets::Call::transfer {
			id: marketplace_runtime::constants::USDC_ID.into(),
			target: account(STRANGER).into(),
			amount: rich,
		};
		act(OTHER_DEVELOPER, giving_all);
		refused(signed(OTHER_DEVELOPER), Wanted::new(1, 1, 1).call(), poor);
	});
}
