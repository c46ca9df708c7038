//! Changes of a running deal that make no sense, or come too late.

use crate::*;
use marketplace_primitives::{GatewayKey, GatewaySignature, Voucher};
use sp_runtime::Percent;

/// Calls about requests, the network and the application of [`DEAL`], and about its prices.
pub fn terms() -> Vec<RuntimeCall> {
	let (deal, server) = (DEAL, SERVER);
	let voucher = Voucher { version: 1, amount: 1, expiry: 9 };
	let signature = GatewaySignature::Sr25519(Key::Eve.sign(b"nothing"));
	vec![
		DealsCall::set_gateway { deal, key: Some(GatewayKey::Sr25519(Key::Eve.public())) }.into(),
		DealsCall::fund_requests { deal, server, amount: USDC }.into(),
		DealsCall::redeem { deal, server, voucher, signature }.into(),
		DealsCall::reclaim_requests { deal, server }.into(),
		DealsCall::set_subnet { deal, parameters: Default::default() }.into(),
		DealsCall::set_addresses { deal, server, addresses: Default::default() }.into(),
		DealsCall::contest { deal, server, units: Units(1), epoch: 3 }.into(),
		DealsCall::stage_application {
			deal,
			app_cid: text("next"),
			plan_hash: [8; 32],
			step: Percent::from_percent(50),
		}
		.into(),
		DealsCall::acknowledge { deal, server, version: 1 }.into(),
		DealsCall::roll_back { deal }.into(),
		DealsCall::propose_price { deal, server, price: Some(USDC) }.into(),
		DealsCall::accept_price { deal, server, price: USDC, most: 0 }.into(),
	]
}

/// Calls that change [`DEAL`], with amounts that it could bear.
pub fn changes() -> Vec<RuntimeCall> {
	let (deal, server) = (DEAL, SERVER);
	vec![
		DealsCall::extend_deal { deal, epochs: 1, most: u128::MAX }.into(),
		DealsCall::withdraw_surplus { deal, limit: USDC }.into(),
		DealsCall::terminate { deal }.into(),
		DealsCall::release_units { deal, server, units: Units(1) }.into(),
		DealsCall::enlarge { deal, units: 1 }.into(),
		DealsCall::replace { deal, server }.into(),
		DealsCall::set_renewal { deal, renewal: None }.into(),
		DealsCall::renew { deal }.into(),
	]
}

#[test]
fn changes_of_deals_that_make_no_sense_are_refused() {
	with_market(|_| {
		let (deal, server) = (DEAL, SERVER);
		let developer =
			|call: DealsCall<Runtime>, error: D| refused(signed(DEVELOPER), call, error);
		let extend = |epochs, most| DealsCall::extend_deal { deal, epochs, most };
		developer(extend(0, u128::MAX), D::NoEpochs);
		// One epoch of a unit at the limit.
		developer(extend(1, 2 * USDC - 1), D::CostTooHigh);
		// The ask is for a hundred epochs, the commitment for ten.
		developer(extend(99, u128::MAX), D::TermTooLong);
		let beyond = C::UnitsNotCovered;
		refused(signed(STRANGER), extend(8, u128::MAX), beyond);
		let overflow = ArithmeticError::Overflow;
		refused(signed(DEVELOPER), extend(u32::MAX, u128::MAX), overflow);

		for limit in [0, 1_000_001, u128::MAX] {
			developer(DealsCall::withdraw_surplus { deal, limit }, D::InvalidLimit);
		}
		let above = DealsCall::withdraw_surplus { deal, limit: 2 * USDC + 1_000 };
		developer(above, D::LimitTooHigh);

		let release = |units| DealsCall::release_units { deal, server, units };
		developer(release(Units::NONE), D::NoUnits);
		developer(release(Units(0b10)), D::ForeignUnit);
		developer(release(Units(u64::MAX)), D::ForeignUnit);
		developer(release(Units(0b1)), D::LastUnits);

		let enlarge = |units| DealsCall::enlarge { deal, units };
		developer(enlarge(0), D::NoUnits);
		developer(enlarge(4_096), D::TooManyUnits);
		developer(enlarge(u32::MAX), D::TooManyUnits);
		developer(DealsCall::replace { deal, server }, D::NothingMissing);

		let renewal = |epochs| Some(Renewal { epochs, allowance: u128::MAX });
		let set = |renewal| DealsCall::set_renewal { deal, renewal };
		developer(set(renewal(0)), D::NoEpochs);
		developer(DealsCall::renew { deal }, D::NoRenewal);
	});
}

#[test]
fn changes_of_deals_by_others_or_of_none_are_refused() {
	with_market(|_| {
		let anybodys = [0, 5, 7];
		for (place, call) in changes().into_iter().enumerate() {
			if !anybodys.contains(&place) {
				for who in [NORTH, STRANGER] {
					refused(signed(who), call.clone(), D::NotDeveloper);
				}
			}
		}
		let (deal, server) = (DealId(9), ServerId(9));
		let developer =
			|call: DealsCall<Runtime>, error: D| refused(signed(DEVELOPER), call, error);
		developer(DealsCall::extend_deal { deal, epochs: 1, most: 0 }, D::UnknownDeal);
		developer(DealsCall::withdraw_surplus { deal, limit: 1 }, D::UnknownDeal);
		developer(DealsCall::terminate { deal }, D::UnknownDeal);
		let units = Units(1);
		developer(DealsCall::release_units { deal, server, units }, D::UnknownDeal);
		developer(DealsCall::enlarge { deal, units: 1 }, D::UnknownDeal);
		developer(DealsCall::replace { deal, server }, D::UnknownDeal);
		developer(DealsCall::set_renewal { deal, renewal: None }, D::UnknownDeal);
		developer(DealsCall::renew { deal }, D::UnknownDeal);
		let deal = DEAL;
		developer(DealsCall::release_units { deal, server, units }, D::UnknownAllocation);
		developer(DealsCall::replace { deal, server }, D::UnknownAllocation);
	});
}

#[test]
fn changes_of_deals_that_come_too_late_are_refused() {
	with_market(|_| {
		let deal = DEAL;
		frame_support::hypothetically!({
			act(DEVELOPER, DealsCall::terminate { deal });
			for (place, call) in changes().into_iter().enumerate() {
				// Surplus comes back and units leave even so.
				if ![1, 3].contains(&place) {
					refused(signed(DEVELOPER), call, D::Terminated);
				}
			}
		});
		chain::run_to_epoch(4);
		// No whole epoch is left to seek a unit for.
		refused(signed(DEVELOPER), DealsCall::enlarge { deal, units: 1 }, D::DealEnded);
		chain::run_to_epoch(5);
		for (place, call) in changes().into_iter().enumerate() {
			if place != 1 {
				refused(signed(DEVELOPER), call, D::DealEnded);
			}
		}
	});
}

#[test]
fn terms_of_deals_by_others_or_of_none_are_refused() {
	with_market(|_| {
		// In the order of the calls; anybody may add to a budget.
		let strangers = [
			Some(D::NotDeveloper),
			None,
			Some(D::NoGateway),
			Some(D::NoBudget),
			Some(D::NotDeveloper),
			Some(D::NotOperator),
			Some(D::NotContestant),
			Some(D::NotDeveloper),
			Some(D::NotOperator),
			Some(D::NotDeveloper),
			Some(D::NotParty),
			Some(D::NoProposal),
		];
		let calls = terms();
		assert_eq!(calls.len(), strangers.len());
		for (call, error) in calls.into_iter().zip(strangers) {
			if let Some(error) = error {
				refused(signed(STRANGER), call, error);
			}
		}
		let (deal, server) = (DealId(9), ServerId(9));
		let developer =
			|call: DealsCall<Runtime>, error: D| refused(signed(DEVELOPER), call, error);
		developer(DealsCall::set_gateway { deal, key: None }, D::UnknownDeal);
		developer(DealsCall::fund_requests { deal, server, amount: 1 }, D::UnknownDeal);
		developer(DealsCall::reclaim_requests { deal, server }, D::UnknownDeal);
		let parameters = Default::default();
		developer(DealsCall::set_subnet { deal, parameters }, D::UnknownDeal);
		let addresses = Default::default();
		developer(DealsCall::set_addresses { deal, server, addresses }, D::UnknownDeal);
		let (units, epoch) = (Units(1), 2);
		developer(DealsCall::contest { deal, server, units, epoch }, D::UnknownDeal);
		developer(DealsCall::acknowledge { deal, server, version: 1 }, D::UnknownDeal);
		developer(DealsCall::roll_back { deal }, D::UnknownDeal);
		developer(DealsCall::propose_price { deal, server, price: None }, D::UnknownDeal);
		developer(DealsCall::accept_price { deal, server, price: 1, most: 0 }, D::UnknownDeal);
		let deal = DEAL;
		developer(DealsCall::fund_requests { deal, server, amount: 1 }, D::UnknownAllocation);
		developer(DealsCall::contest { deal, server, units, epoch }, D::UnknownAllocation);
		developer(
			DealsCall::accept_price { deal, server, price: 1, most: 0 },
			D::UnknownAllocation,
		);
	});
}

#[test]
fn terms_of_deals_that_make_no_sense_are_refused() {
	with_market(|_| {
		let (deal, server) = (DEAL, SERVER);
		let developer =
			|call: DealsCall<Runtime>, error: D| refused(signed(DEVELOPER), call, error);
		developer(DealsCall::set_gateway { deal, key: None }, D::NoGateway);
		developer(DealsCall::fund_requests { deal, server, amount: 0 }, D::NoAmount);
		let all = DealsCall::fund_requests { deal, server, amount: u128::MAX };
		assert!(dispatch(signed(DEVELOPER), all).is_err());
		developer(DealsCall::roll_back { deal }, D::NoRollout);
		let stage = |app_cid, percent| {
			let (plan_hash, step) = ([8; 32], Percent::from_percent(percent));
			DealsCall::stage_application { deal, app_cid, plan_hash, step }
		};
		developer(stage(text(""), 50), D::EmptyCid);
		developer(stage(text("next"), 0), D::InvalidStep);
		for price in [0, 1_000_001, u128::MAX] {
			let price = Some(price);
			developer(DealsCall::propose_price { deal, server, price }, D::InvalidPrice);
		}
		developer(DealsCall::propose_price { deal, server, price: None }, D::NoProposal);

		let contest = |units, epoch| DealsCall::contest { deal, server, units, epoch };
		developer(contest(Units::NONE, 2), D::NoUnits);
		// It serves from epoch 3 on, and nothing was reported of that.
		let not_counted = |call, error: C| refused(signed(DEVELOPER), call, error);
		not_counted(contest(Units(1), 2), C::UnitsNotCounted);
		not_counted(contest(Units(u64::MAX), 2), C::UnitsNotCounted);
		not_counted(contest(Units(1), 3), C::EpochNotBegun);
		not_counted(contest(Units(1), u32::MAX), C::EpochNotBegun);
		chain::run_to_epoch(5);
		not_counted(contest(Units(1), 2), C::ContestTooLate);
		not_counted(contest(Units(1), 0), C::ContestTooLate);
	});
}

/// Two deals of one unit each from epoch 3 on: [`DEAL`], whose unit stays to its end, and the one that this returns,
/// whose unit leaves with epoch 4, as the developer contests what it did in epoch 3.
fn contested(budget: u128) -> DealId {
	let (deal, server, unit) = (DealId(1), SERVER, Units(0b10));
	Wanted::new(1, 2 * USDC, 8).post(DEVELOPER);
	act(NORTH, workers_call(deal, server, unit));
	if budget > 0 {
		let key = Some(GatewayKey::Sr25519(Key::Eve.public()));
		act(DEVELOPER, DealsCall::set_gateway { deal, key });
		act(DEVELOPER, DealsCall::fund_requests { deal, server, amount: budget });
	}
	chain::run_to_epoch(3);
	act(NORTH_OPERATOR, report_call(server, 3, [0; 32], Units::NONE, unit));
	act(DEVELOPER, DealsCall::contest { deal, server, units: unit, epoch: 3 });
	deal
}

/// That nobody closes the server's part of a deal.
fn stays(deal: DealId, error: D) {
	let error = DispatchError::from(error);
	for who in [DEVELOPER, NORTH, STRANGER] {
		refused(signed(who), DealsCall::close_allocation { deal, server: SERVER }, error);
	}
}

#[test]
fn parts_of_deals_are_not_closed_as_long_as_something_can_come_of_them() {
	with_market(|_| {
		let (deal, server) = (contested(0), SERVER);
		for id in [DEAL, deal] {
			stays(id, D::UnitsHeld);
		}
		for epoch in [4, 5] {
			chain::run_to_epoch(epoch);
			stays(deal, D::ContestOpen);
			// To the end of the deal, and after it.
			stays(DEAL, D::UnitsHeld);
		}
		chain::run_to_epoch(6);
		stays(DEAL, D::UnitsHeld);
		act(STRANGER, DealsCall::close_allocation { deal, server });
		stays(deal, D::UnknownAllocation);
	});
}

#[test]
fn parts_of_deals_are_not_closed_before_vouchers_had_their_time() {
	with_market(|_| {
		let (deal, server) = (contested(USDC), SERVER);
		stays(deal, D::UnitsHeld);
		chain::run_to_epoch(4);
		let fund = DealsCall::fund_requests { deal, server, amount: USDC };
		refused(signed(STRANGER), fund, D::NoUnits);
		// This only begins to take the budget back.
		act(STRANGER, DealsCall::close_allocation { deal, server });
		for epoch in [4, 5, 6] {
			chain::run_to_block(chain::first_block(epoch));
			stays(deal, D::BudgetOpen);
		}
		chain::run_to_epoch(7);
		act(STRANGER, DealsCall::close_allocation { deal, server });
		stays(deal, D::UnknownAllocation);
	});
}
