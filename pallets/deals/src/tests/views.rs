use super::*;
use frame_support::assert_ok;
use marketplace_primitives::{
	api::{AllocationInfo, DealInfo, SubnetWorker},
	Escrow, EscrowId, OfferId, PaymentAsset, Units,
};
use marketplace_testkit::{
	developer, operator, stranger, MockEscrow, MockIncome, MockPrice, MockRegistry,
};

#[test]
fn deal_info_tells_allocations_and_money() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 4);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		MockUnits::serve(FIRST, id, 4);
		let allocations = vec![
			AllocationInfo {
				server: FIRST,
				provider: provider(),
				units: Units::first(4),
				price: 5,
				served: 8,
				settled: 4,
			},
			AllocationInfo {
				server: SECOND,
				provider: other_provider(),
				units: Units::first(2),
				price: 7,
				served: 0,
				settled: 0,
			},
		];
		assert_eq!(Deals::allocations(id), allocations);
		assert_eq!(
			Deals::deal_info(id),
			Some(DealInfo {
				offer: OfferId(1),
				developer: developer(),
				asset: PaymentAsset::WithId(1),
				start: 2,
				end: 5,
				held: 160,
				allocations,
			})
		);
		assert_eq!(Deals::deal(id).map(|deal| deal.rate), Some(34));
	});
}

#[test]
fn claimable_is_what_settle_pays() {
	execute(|| {
		let id = two_servers();
		for served in [0, 1, 4, 0, 7, 100] {
			MockUnits::serve(FIRST, id, served);
			let (claimable, before) =
				(Deals::claimable(id, FIRST), MockEscrow::paid_to(&provider()));
			assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
			assert_eq!(MockEscrow::paid_to(&provider()) - before, claimable);
			assert_eq!(Deals::claimable(id, FIRST), 0);
		}
	});
}

#[test]
fn lost_is_what_compensate_pays_for() {
	execute(|| {
		let id = two_servers();
		assert_eq!(Deals::lost(id, FIRST), 0);
		MockIncome::lose(FIRST, id, 5);
		assert_eq!((Deals::lost(id, FIRST), Deals::lost(id, SECOND)), (5, 0));
		MockPrice::set_rate(ASSET, Some(1));
		assert_ok!(Deals::compensate(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(Deals::lost(id, FIRST), 0);
	});
}

#[test]
fn views_of_nothing_are_empty() {
	execute(|| {
		assert_eq!(Deals::deal(DealId(9)), None);
		assert_eq!(Deals::deal_info(DealId(9)), None);
		assert!(Deals::allocations(DealId(9)).is_empty());
		assert_eq!(Deals::claimable(DealId(9), FIRST), 0);
		assert_eq!(Deals::lost(DealId(9), FIRST), 0);
		assert_eq!(Deals::funded_until(DealId(9)), None);
		assert!(Deals::subnet(DealId(9)).is_empty());
	});
}

#[test]
fn a_deal_is_funded_until_its_last_epoch() {
	execute(|| {
		let id = two_servers();
		for epoch in 1..8 {
			end_at(epoch);
			assert_eq!(Deals::funded_until(id), Some(4));
		}
	});
}

#[test]
fn funded_until_follows_the_money() {
	execute(|| {
		// one server of 4 units at 5 from epoch 2, one of 2 units at 10 from epoch 4: each
		// costs 20 an epoch
		post(1, 6, 10, 9);
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		end_at(3);
		assert_ok!(fill(1, &[fill_of(20, provider(), 2, 10)]));
		let escrow = EscrowId::Deal(id);
		let with = |held: u128| {
			let all = MockEscrow::held(escrow);
			assert_ok!(MockEscrow::refund(escrow, all - held));
			let until = Deals::funded_until(id);
			MockEscrow::deposit(escrow, all - held);
			until
		};
		// nothing served in epoch 2, which is final: 3, 4, 5 cost 20, 40, 40
		assert_eq!(with(0), Some(2));
		assert_eq!(with(19), Some(2));
		assert_eq!(with(20), Some(3));
		assert_eq!(with(59), Some(3));
		assert_eq!(with(60), Some(4));
		assert_eq!(with(100), Some(5));
		// the first server served 2 and reported 3 already: that is due, and counts once
		MockUnits::serve(FIRST, id, 8);
		assert_eq!(with(39), Some(2));
		assert_eq!(with(40), Some(3));
		assert_eq!(with(80), Some(4));
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(with(0), Some(3));
		assert_eq!(with(40), Some(4));
	});
}

#[test]
fn subnet_lists_every_unit_with_its_worker() {
	execute(|| {
		let id = two_servers();
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::set_workers(who, id, SECOND, workers(&[1], 1)));
		let of =
			|server, peer, unit, worker| SubnetWorker { server, peer_id: [peer; 32], unit, worker };
		assert_eq!(
			Deals::subnet(id),
			vec![
				of(FIRST, 10, 0, None),
				of(FIRST, 10, 1, None),
				of(FIRST, 10, 2, None),
				of(FIRST, 10, 3, None),
				of(SECOND, 20, 0, None),
				of(SECOND, 20, 1, Some([2; 32])),
			]
		);
		MockRegistry::reset();
		assert!(Deals::subnet(id).is_empty());
	});
}
