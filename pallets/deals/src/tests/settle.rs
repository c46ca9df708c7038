use super::*;
use crate::{Allocations, Error, Event, WeightInfo};
use frame_support::{assert_noop, assert_ok, assert_storage_noop, dispatch::GetDispatchInfo};
use marketplace_primitives::EscrowId;
use marketplace_testkit::{stranger, MockEscrow, MockIncome};
use sp_runtime::{DispatchError, Perbill};

#[test]
fn settle_pays_what_was_served_and_not_paid() {
	execute(|| {
		let id = two_servers();
		events();
		MockUnits::serve(FIRST, id, 4);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		MockUnits::serve(FIRST, id, 3);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(provider()), id, FIRST));

		let settled = |unit_epochs, amount| Event::Settled {
			deal: id,
			server: FIRST,
			provider: provider(),
			unit_epochs,
			amount,
			to_provider: amount,
		};
		assert_eq!(events(), vec![settled(4, 20), settled(3, 15)]);
		let allocation = Allocations::<Test>::get(id, FIRST).unwrap();
		assert_eq!((allocation.settled, allocation.paid), (7, 35));
		assert_eq!(MockEscrow::paid_to(&provider()), 35);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().held, 180 - 35);
		assert_eq!(MockEscrow::total(), 180);
	});
}

#[test]
fn settle_pays_each_server_by_its_own_price() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 12);
		MockUnits::serve(SECOND, id, 6);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, SECOND));
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
		assert_eq!(MockEscrow::paid_to(&provider()), 0);
	});
}

#[test]
fn settle_does_nothing_when_nothing_is_due() {
	execute(|| {
		let id = two_servers();
		let nothing = || {
			let post = Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST).unwrap();
			assert_eq!(post.actual_weight, Some(<() as WeightInfo>::settle_nothing()));
		};
		assert_storage_noop!(nothing());
		MockUnits::serve(FIRST, id, 4);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_storage_noop!(nothing());
	});
}

#[test]
fn settle_weighs_the_parts_that_there_are() {
	execute(|| {
		let id = two_servers();
		let call = crate::Call::<Test>::settle { deal: id, server: FIRST };
		type W = ();
		assert_eq!(call.get_dispatch_info().call_weight, W::settle(4));
		for parts in 0..=4 {
			if parts > 0 {
				MockIncome::share(FIRST, id, parts, Perbill::from_percent(10));
			}
			MockUnits::serve(FIRST, id, 1);
			let post = Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST).unwrap();
			assert_eq!(post.actual_weight, Some(W::settle(parts.into())));
		}
	});
}

#[test]
fn settle_never_pays_more_than_was_funded() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 1_000_000);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(MockEscrow::paid_to(&provider()), 4 * 5 * 3);
	});
}

#[test]
fn settle_pays_after_the_end_until_the_deal_is_closed() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 12);
		end_at(500);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_noop!(
			Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST),
			Error::<Test>::UnknownDeal
		);
	});
}

#[test]
fn settle_changes_nothing_when_escrow_refuses() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 4);
		let held = MockEscrow::record(EscrowId::Deal(id)).unwrap().held;
		use marketplace_primitives::Escrow;
		assert_ok!(MockEscrow::refund(EscrowId::Deal(id), held));
		assert_noop!(
			Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST),
			DispatchError::Other("escrow too low")
		);
		MockEscrow::deposit(EscrowId::Deal(id), held);
	});
}

#[test]
fn settle_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = two_servers();
		let who = || RuntimeOrigin::signed(stranger());
		assert_noop!(Deals::settle(who(), DealId(9), FIRST), Error::<Test>::UnknownDeal);
		assert_noop!(Deals::settle(who(), id, ServerId(9)), Error::<Test>::UnknownAllocation);
		assert_noop!(Deals::settle(RuntimeOrigin::none(), id, FIRST), DispatchError::BadOrigin);
		assert_noop!(Deals::settle(RuntimeOrigin::root(), id, FIRST), DispatchError::BadOrigin);
	});
}

#[test]
fn settle_reads_and_writes_the_same_after_one_epoch_or_a_million() {
	let keys_touched = |epochs: u32| {
		let mut touched = Default::default();
		execute(|| {
			post(1, 4, 10, epochs);
			let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
			MockUnits::serve(FIRST, id, 4 * u64::from(epochs));
			end_at(1 + epochs);
			let before: Vec<_> = all_storage();
			System::reset_events();
			assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
			assert_eq!(MockEscrow::paid_to(&provider()), 20 * u128::from(epochs));
			System::reset_events();
			touched = all_storage().into_iter().filter(|pair| !before.contains(pair)).count();
		});
		touched
	};
	assert_eq!(keys_touched(1), keys_touched(1_000_000));
}

fn all_storage() -> Vec<(Vec<u8>, Option<Vec<u8>>)> {
	let mut all = Vec::new();
	let mut key = Vec::new();
	while let Some(next) = sp_io::storage::next_key(&key) {
		all.push((next.clone(), sp_io::storage::get(&next).map(|value| value.to_vec())));
		key = next;
	}
	all
}
