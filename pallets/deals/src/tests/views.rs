use super::*;
use frame_support::assert_ok;
use marketplace_primitives::{
	api::{AllocationInfo, DealInfo, Renewal, SubnetWorker},
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
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::set_workers(who, id, FIRST, workers(&[0], 1)));
		MockUnits::fail(FIRST, Units::one(3));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, SECOND, Units::one(1)));
		let allocations = vec![
			AllocationInfo {
				server: FIRST,
				provider: provider(),
				units: Units::first(4),
				leaving: vec![],
				held: Units::first(3),
				accepted: Units::one(0),
				price: 5,
				tariff: None,
				start: 2,
				limit: u32::MAX,
				funded: 12,
				served: 8,
				withheld: 0,
				settled: 4,
			},
			AllocationInfo {
				server: SECOND,
				provider: other_provider(),
				units: Units::one(0),
				leaving: vec![(4, Units::one(1))],
				held: Units::one(0),
				accepted: Units::NONE,
				price: 7,
				tariff: None,
				start: 2,
				limit: u32::MAX,
				funded: 5,
				served: 0,
				withheld: 0,
				settled: 0,
			},
		];
		assert_eq!(Deals::allocations(id), allocations);
		let renewal = Some(Renewal { epochs: 2, allowance: 500 });
		assert_ok!(Deals::set_renewal(RuntimeOrigin::signed(developer()), id, renewal));
		assert_eq!(
			Deals::deal_info(id),
			Some(DealInfo {
				offer: OfferId(1),
				wanted: 0,
				max_price: 10,
				terminated: false,
				renewal,
				developer: developer(),
				asset: PaymentAsset::WithId(1),
				start: 2,
				end: 5,
				held: 160,
				allocations,
			})
		);
		assert_eq!(Deals::deal(id).map(|deal| deal.rate), Some(27));
	});
}

#[test]
fn deal_info_tells_what_is_wanted_and_whether_notice_was_given() {
	execute(|| {
		let id = wanting();
		let told = || Deals::deal_info(id).map(|deal| (deal.wanted, deal.terminated));
		assert_eq!(told(), Some((2, false)));
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_eq!(told(), Some((0, true)));
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

/// Until when the deal is funded, where escrow holds just so much.
fn funded_with(id: DealId, held: u128) -> Option<u32> {
	let escrow = EscrowId::Deal(id);
	let all = MockEscrow::held(escrow);
	assert_ok!(MockEscrow::refund(escrow, all - held));
	let until = Deals::funded_until(id);
	MockEscrow::deposit(escrow, all - held);
	until
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
		let with = |held| funded_with(id, held);
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
fn funded_until_counts_epochs_whose_reports_full_blocks_hold_up() {
	execute(|| {
		// 4 units at 5 from epoch 2 cost 20 an epoch
		post(1, 4, 5, 9);
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		end_at(4);
		let with = |held| funded_with(id, held);
		for (open, cost) in [(2, 60), (3, 40), (4, 20)] {
			MockUnits::hold_final(Some(open));
			assert_eq!((with(cost - 1), with(cost)), (Some(3), Some(4)), "from {open}");
		}
	});
}

#[test]
fn funded_until_counts_what_can_be_contested() {
	execute(|| {
		// as before: the first server's units cost 20 an epoch, those of the second, from epoch 4, as much
		post(1, 6, 10, 9);
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		end_at(3);
		assert_ok!(fill(1, &[fill_of(20, provider(), 2, 10)]));
		let with = |held| funded_with(id, held);
		for epoch in [2, 3] {
			MockUnits::report(FIRST, id, Units::first(4), epoch);
		}
		assert_eq!((with(39), with(40), with(79), with(80)), (Some(2), Some(3), Some(3), Some(4)));
		// what is contested is paid already, and the units leave with epoch 4
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::contest(who, id, FIRST, Units::first(4), 2));
		assert_eq!((with(20), with(39), with(40)), (Some(3), Some(3), Some(4)));
		assert_eq!(Deals::funded_until(id), Some(10));
	});
}

#[test]
fn funded_until_follows_units_that_leave() {
	execute(|| {
		let id = lasting();
		let with = |held| funded_with(id, held);
		// 4 units at 5 and 2 at 7: 34 for each of the epochs 2 to 11
		assert_eq!((with(34 * 10), with(34 * 10 - 1)), (Some(11), Some(10)));
		// 3 of the first leave with epoch 4: 19 from then on
		let who = || RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who(), id, FIRST, Units::first(3)));
		assert_eq!((with(34 * 2), with(34 * 2 + 18)), (Some(3), Some(3)));
		assert_eq!((with(34 * 2 + 19), with(34 * 2 + 19 * 8)), (Some(4), Some(11)));
		// they go on to be counted until the reports for epoch 3 are closed
		MockUnits::serve(FIRST, id, 4);
		MockUnits::serve(SECOND, id, 2);
		end_at(4);
		MockUnits::hold_final(Some(3));
		assert_eq!((with(34 * 2 - 1), with(34 * 2)), (Some(2), Some(3)));
		assert_ok!(Deals::release_units(who(), id, SECOND, Units::one(0)));
		assert_eq!((with(34 * 2 - 1), with(34 * 2)), (Some(2), Some(3)));
		MockUnits::hold_final(None);
		assert_eq!((with(34 - 1), with(34)), (Some(1), Some(3)));
		// a longer term is funded at once
		assert_ok!(Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 5, u128::MAX));
		assert_eq!(Deals::funded_until(id), Some(16));
	});
}

#[test]
fn subnet_lists_units_until_they_leave() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(operator());
		assert_ok!(Deals::set_workers(who, id, FIRST, workers(&[0, 1], 1)));
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, FIRST, Units::one(1)));
		let of_first = || {
			let subnet = Deals::subnet(id).into_iter();
			let units = subnet.filter(|worker| worker.server == FIRST);
			units.map(|worker| (worker.unit, worker.worker)).collect::<Vec<_>>()
		};
		let all = vec![(0, Some([1; 32])), (1, Some([2; 32])), (2, None), (3, None)];
		end_at(3);
		assert_eq!(of_first(), all);
		end_at(4);
		assert_eq!(of_first(), vec![(0, Some([1; 32])), (2, None), (3, None)]);
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
