use super::*;
use crate::{Error, Event, WeightInfo};
use frame_support::{assert_ok, dispatch::GetDispatchInfo, weights::Weight};
use marketplace_primitives::CommitmentId;
use marketplace_testkit::{treasury, MockIncome};
use sp_core::ed25519;
use sp_runtime::{DispatchError, Perbill};

fn redeemed(deal: DealId, paid: u128, unpaid: u128, to_provider: u128) -> Event<Test> {
	let (server, provider) = (FIRST, provider());
	Event::Redeemed { deal, server, provider, paid, unpaid, to_provider }
}

fn redeem_as(
	deal: DealId,
	server: ServerId,
	voucher: Voucher,
) -> DispatchResultWithInfo<PostDispatchInfo> {
	let signature = signed(&gateway(), deal, server, &voucher);
	Deals::redeem(RuntimeOrigin::signed(stranger()), deal, server, voucher, signature)
}

#[test]
fn redeem_pays_what_was_not_redeemed_before() {
	execute(|| {
		let id = with_requests();
		events();
		assert_ok!(redeem(id, 30));
		assert_ok!(redeem(id, 31));
		assert_eq!(events(), vec![redeemed(id, 30, 0, 30), redeemed(id, 1, 0, 1)]);
		for old in [0, 30, 31] {
			assert_refused!(redeem(id, old), Error::<Test>::AlreadyRedeemed);
		}
		assert_eq!(budget(id), (69, 31));
		assert_eq!(MockEscrow::paid_to(&provider()), 31);
		assert_eq!((held(id), MockEscrow::total()), (669, 700));
		assert_eq!(part(id, FIRST).paid, 0);
	});
}

#[test]
fn redeem_pays_what_is_there_and_the_rest_once_the_budget_is_raised() {
	execute(|| {
		let id = with_requests();
		events();
		assert_ok!(redeem(id, 150));
		assert_eq!(events(), vec![redeemed(id, 100, 50, 100)]);
		assert_refused!(redeem(id, 150), Error::<Test>::NoBudget);
		assert_ok!(fund(id, FIRST, 60));
		events();
		assert_ok!(redeem(id, 150));
		assert_eq!(events(), vec![redeemed(id, 50, 0, 50)]);
		assert_refused!(redeem(id, 150), Error::<Test>::AlreadyRedeemed);
		assert_eq!(budget(id), (10, 150));
		assert_eq!(held(id), 610);
	});
}

#[test]
fn redeem_shares_as_settle_does() {
	execute(|| {
		let id = with_requests();
		MockIncome::share(FIRST, id, 1, Perbill::from_percent(25));
		assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), Perbill::from_percent(10)));
		events();
		assert_ok!(redeem(id, 49));
		// of 49: 4.9 to the protocol, a quarter of the other 45 to delegators, each rounded down
		let fee = Event::FeePaid { deal: id, server: FIRST, to: treasury(), amount: 4 };
		let (commitment, account) = (CommitmentId(1), MockIncome::account(1));
		let shared =
			Event::IncomeShared { deal: id, server: FIRST, commitment, account, amount: 11 };
		assert_eq!(events(), vec![fee, shared, redeemed(id, 49, 0, 34)]);
		assert_eq!(MockIncome::noted(1, &ASSET), 11);
		assert_eq!(MockEscrow::total(), 700);
	});
}

#[test]
fn redeem_takes_ed25519_keys_too() {
	execute(|| {
		let id = with_requests();
		MockUnits::set_epoch(4);
		let pair = ed25519::Pair::from_seed(&[3; 32]);
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::set_gateway(who, id, Some(GatewayKey::Ed25519(pair.public()))));
		let voucher = Voucher { version: 2, amount: 8, expiry: 4 };
		let message = voucher_message(&System::block_hash(0).0, id, FIRST, &voucher);
		let signature = GatewaySignature::Ed25519(pair.sign(&message));
		let who = RuntimeOrigin::signed(provider());
		assert_ok!(Deals::redeem(who, id, FIRST, voucher, signature));
		assert_eq!(budget(id), (92, 8));
	});
}

#[test]
fn redeem_refuses_keys_that_do_not_count() {
	execute(|| {
		let id = lasting();
		assert_ok!(fund(id, FIRST, 100));
		assert_refused!(redeem(id, 1), Error::<Test>::NoGateway);
		assert_ok!(set_key(id, Some(&gateway())));
		for version in [0, 2] {
			let voucher = Voucher { version, amount: 1, expiry: 9 };
			assert_refused!(redeem_as(id, FIRST, voucher), Error::<Test>::WrongVersion);
		}
		assert_ok!(set_key(id, None));
		// without a gateway, vouchers of before count for a while
		assert_ok!(redeem(id, 1));
		MockUnits::set_epoch(4);
		assert_refused!(redeem(id, 2), Error::<Test>::NoGateway);
		assert_refused!(redeem(DealId(9), 2), Error::<Test>::NoGateway);
	});
}

#[test]
fn redeem_refuses_signatures_of_others_and_for_others() {
	execute(|| {
		let id = with_requests();
		post(2, 2, 10, 10);
		let other = fill(2, &[fill_of(30, provider(), 2, 5)]).unwrap();
		assert_ok!(set_key(other, Some(&gateway())));
		assert_ok!(fund(id, SECOND, 50));
		assert_ok!(fund(other, ServerId(30), 50));

		let (voucher, signature) = voucher(id, 10);
		let by = |deal, server, voucher: Voucher, signature: &GatewaySignature| {
			let who = RuntimeOrigin::signed(stranger());
			Deals::redeem(who, deal, server, voucher, signature.clone())
		};
		let bad = Error::<Test>::BadSignature;
		assert_refused!(by(other, ServerId(30), voucher, &signature), bad);
		let bad = Error::<Test>::BadSignature;
		assert_refused!(by(id, SECOND, voucher, &signature), bad);
		let more = Voucher { amount: 11, ..voucher };
		assert_refused!(by(id, FIRST, more, &signature), Error::<Test>::BadSignature);
		let longer = Voucher { expiry: 3, ..voucher };
		assert_refused!(by(id, FIRST, longer, &signature), Error::<Test>::BadSignature);
		let forged = signed(&sr25519::Pair::from_seed(&[9; 32]), id, FIRST, &voucher);
		assert_refused!(by(id, FIRST, voucher, &forged), Error::<Test>::BadSignature);
		assert_ok!(by(id, FIRST, voucher, &signature));
	});
}

#[test]
fn redeem_refuses_vouchers_after_their_last_epoch() {
	execute(|| {
		let id = with_requests();
		let voucher = |amount| Voucher { version: 1, amount, expiry: 3 };
		MockUnits::set_epoch(3);
		assert_ok!(redeem_as(id, FIRST, voucher(1)));
		MockUnits::set_epoch(4);
		assert_refused!(redeem_as(id, FIRST, voucher(2)), Error::<Test>::VoucherExpired);
	});
}

#[test]
fn vouchers_count_for_some_epochs_after_the_end() {
	execute(|| {
		// longer than what is served can be contested
		ChallengeEpochs::set(4);
		let id = with_requests();
		contested_until(12);
		assert_refused!(
			Deals::close_deal(RuntimeOrigin::signed(stranger()), id),
			Error::<Test>::BudgetOpen
		);
		idle(Weight::MAX);
		// found there in epoch 16
		assert_eq!(record(id).due, 14);
		assert_eq!(Deals::do_try_state(), Ok(()));
		end_at(15);
		idle(Weight::MAX);
		assert_ok!(redeem(id, 30));
		end_at(16);
		assert_refused!(redeem(id, 40), Error::<Test>::DealEnded);
		events();
		idle(Weight::MAX);
		assert_eq!(events().last(), Some(&Event::DealClosed { deal: id, refunded: 670 }));
		assert!(gone(id, &[FIRST, SECOND]));
		assert_refused!(redeem(id, 40), Error::<Test>::NoGateway);
		assert_eq!(MockEscrow::total(), 700);
		ChallengeEpochs::set(2);
	});
}

#[test]
fn a_deal_whose_budgets_are_spent_waits_for_no_voucher() {
	execute(|| {
		ChallengeEpochs::set(4);
		let id = with_requests();
		contested_until(12);
		assert_ok!(redeem(id, 100));
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
		ChallengeEpochs::set(2);
	});
}

#[test]
fn redeem_weighs_the_parts_that_there_are() {
	execute(|| {
		let id = with_requests();
		let (claim, signature) = voucher(id, 1);
		let call =
			crate::Call::<Test>::redeem { deal: id, server: FIRST, voucher: claim, signature };
		type W = ();
		assert_eq!(call.get_dispatch_info().call_weight, W::redeem(4));
		for parts in 0..=4 {
			if parts > 0 {
				MockIncome::share(FIRST, id, parts, Perbill::from_percent(10));
			}
			let post = redeem(id, u128::from(parts) + 1).unwrap();
			assert_eq!(post.actual_weight, Some(W::redeem(parts.into())));
		}
	});
}

#[test]
fn redeem_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = with_requests();
		let voucher = Voucher { version: 1, amount: 1, expiry: 9 };
		assert_refused!(redeem_as(id, ServerId(9), voucher), Error::<Test>::UnknownAllocation);
		assert_refused!(redeem_as(id, SECOND, voucher), Error::<Test>::NoBudget);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let signature = signed(&gateway(), id, FIRST, &voucher);
			let redeemed = Deals::redeem(origin, id, FIRST, voucher, signature);
			assert_refused!(redeemed, DispatchError::BadOrigin);
		}
	});
}
