//! Delegators' parts of what deals pay.

use super::*;
use crate::{Allocations, Event};
use frame_support::assert_ok;
use marketplace_primitives::{CommitmentId, EscrowId};
use marketplace_testkit::{stranger, MockEscrow, MockIncome};
use proptest::prelude::*;
use sp_runtime::Perbill;

fn settle(id: DealId) {
	assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
}

fn shared(deal: DealId, commitment: u8, amount: u128) -> Event<Test> {
	Event::IncomeShared {
		deal,
		server: FIRST,
		commitment: CommitmentId(commitment.into()),
		account: MockIncome::account(commitment),
		amount,
	}
}

fn settled(deal: DealId, unit_epochs: u64, amount: u128, to_provider: u128) -> Event<Test> {
	let (server, provider) = (FIRST, provider());
	Event::Settled { deal, server, provider, unit_epochs, amount, to_provider }
}

/// What a commitment's account got, which must be what was noted.
fn income(commitment: u8) -> u128 {
	let account = MockIncome::account(commitment);
	let got = MockEscrow::paid_to(&account) + MockEscrow::owed_to(&account);
	assert_eq!(MockIncome::noted(commitment, &ASSET), got);
	got
}

fn percent(part: u32) -> Perbill {
	Perbill::from_percent(part)
}

#[test]
fn settle_pays_each_part_and_the_rest_to_the_provider() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(10));
		MockIncome::share(FIRST, id, 2, percent(25));
		MockUnits::serve(FIRST, id, 11);
		events();
		settle(id);
		// of 55: 5.5 and 13.75, rounded down
		assert_eq!(events(), vec![shared(id, 1, 5), shared(id, 2, 13), settled(id, 11, 55, 37)]);
		assert_eq!((income(1), income(2)), (5, 13));
		assert_eq!(MockEscrow::paid_to(&provider()), 37);
		let allocation = Allocations::<Test>::get(id, FIRST).unwrap();
		assert_eq!((allocation.settled, allocation.paid), (11, 55));
		assert_eq!(MockEscrow::total(), 180);
	});
}

#[test]
fn parts_of_one_server_are_no_part_of_another() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(50));
		MockUnits::serve(SECOND, id, 6);
		assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, SECOND));
		assert_eq!(income(1), 0);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
	});
}

#[test]
fn closing_pays_parts_too() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(20));
		MockUnits::serve(FIRST, id, 12);
		contested_until(5);
		events();
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert_eq!(income(1), 12);
		assert_eq!(MockEscrow::paid_to(&provider()), 48);
		let events = events();
		assert!(events.contains(&shared(id, 1, 12)));
		assert!(events.contains(&settled(id, 12, 60, 48)));
	});
}

#[test]
fn all_may_be_shared_and_the_provider_gets_nothing() {
	execute(|| {
		let id = two_servers();
		for commitment in 0..4 {
			MockIncome::share(FIRST, id, commitment, percent(25));
		}
		MockUnits::serve(FIRST, id, 4);
		settle(id);
		for commitment in 0..4 {
			assert_eq!(income(commitment), 5);
		}
		assert_eq!(MockEscrow::paid_to(&provider()), 0);
		assert_eq!(events().last(), Some(&settled(id, 4, 20, 0)));
	});
}

#[test]
fn a_part_of_less_than_a_plank_is_the_providers() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(10));
		MockUnits::serve(FIRST, id, 1);
		events();
		settle(id);
		assert_eq!(events(), vec![settled(id, 1, 5, 5)]);
		assert_eq!(income(1), 0);
	});
}

#[test]
fn a_part_that_the_asset_refuses_is_owed_and_blocks_nothing() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(20));
		MockIncome::share(FIRST, id, 2, percent(20));
		MockEscrow::refuse(MockIncome::account(1));
		MockUnits::serve(FIRST, id, 4);
		events();
		settle(id);
		assert_eq!(events(), vec![shared(id, 1, 4), shared(id, 2, 4), settled(id, 4, 20, 12)]);
		assert_eq!(MockEscrow::owed_to(&MockIncome::account(1)), 4);
		assert_eq!((income(1), income(2)), (4, 4));
		assert_eq!(MockEscrow::paid_to(&provider()), 12);
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn the_providers_part_that_the_asset_refuses_blocks_no_delegator() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(20));
		MockEscrow::refuse(provider());
		MockUnits::serve(FIRST, id, 4);
		settle(id);
		assert_eq!(MockEscrow::paid_to(&MockIncome::account(1)), 4);
		assert_eq!(MockEscrow::owed_to(&provider()), 16);
	});
}

#[test]
fn a_part_that_cannot_be_noted_is_the_providers() {
	execute(|| {
		let id = two_servers();
		MockIncome::share(FIRST, id, 1, percent(20));
		MockIncome::share(FIRST, id, 2, percent(20));
		MockIncome::forget(1);
		MockUnits::serve(FIRST, id, 4);
		events();
		settle(id);
		assert_eq!(events(), vec![shared(id, 2, 4), settled(id, 4, 20, 16)]);
		assert_eq!((income(1), income(2)), (0, 4));
		assert_eq!(MockEscrow::paid_to(&provider()), 16);
	});
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	/// Whoever settles whenever: all is paid, and each part is short of a plank per payout at most.
	#[test]
	fn parts_add_up_whenever_somebody_settles(
		price in 1u128..1 << 90,
		parts in prop::collection::vec(0u32..=250_000_000, 0..=4),
		served in prop::collection::vec(0u64..100, 1..20),
	) {
		execute(|| {
			let term = 1_000;
			post(1, 4, price, term);
			let id = fill(1, &[fill_of(10, provider(), 4, price)]).unwrap();
			for (commitment, part) in (0..).zip(&parts) {
				MockIncome::share(FIRST, id, commitment, Perbill::from_parts(*part));
			}
			let mut payouts = 0;
			for more in &served {
				MockUnits::serve(FIRST, id, *more);
				payouts += u128::from(*more > 0);
				settle(id);
			}
			let all = price * u128::from(served.iter().sum::<u64>());
			let mut sum = MockEscrow::paid_to(&provider());
			for (commitment, part) in (0..).zip(&parts) {
				let (got, exact) = (income(commitment), Perbill::from_parts(*part).mul_floor(all));
				assert!(got <= exact && exact - got <= payouts, "{got} of {exact}");
				sum += got;
			}
			assert_eq!(sum, all);
			assert_eq!(Allocations::<Test>::get(id, FIRST).unwrap().paid, all);
			contested_until(term + 2);
			assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
			let record = MockEscrow::record(EscrowId::Deal(id)).unwrap();
			assert_eq!(record.refunded + sum, price * 4 * u128::from(term));
		});
	}
}
