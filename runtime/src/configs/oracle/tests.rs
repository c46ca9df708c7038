use super::*;
use crate::{genesis, tests::state, RuntimeCall, RuntimeOrigin, System};
use frame_support::{
	assert_noop, assert_ok,
	dispatch::{DispatchResultWithPostInfo, GetDispatchInfo, Pays},
	traits::Hooks,
};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::DispatchError::BadOrigin;

type OracleError = pallet_oracle::Error<Runtime>;

/// A dollar.
const USD: Usd = 10_000_000;
/// When the tests of the pure part play.
const NOW: u64 = 1_000_000_000;

fn at(timestamp: u64, value: Usd) -> Stamped {
	TimestampedValue { value, timestamp }
}

/// What a first price becomes of `values` fed now by all feeders.
fn first(values: &[Usd]) -> Option<Usd> {
	let fed: Vec<Stamped> = values.iter().map(|value| at(NOW, *value)).collect();
	combine(NOW, values.len(), &fed, None).map(|price| price.value)
}

/// What the price becomes where one feeder feeds `value` a minute after `last`.
fn moved(last: Usd, value: Usd) -> Option<Usd> {
	let last = at(NOW - STEP_MILLIS, last);
	combine(NOW, 1, &[at(NOW, value)], Some(last)).map(|price| price.value)
}

#[test]
fn median_of_an_odd_number_is_the_middle() {
	assert_eq!(first(&[7]), Some(7));
	assert_eq!(first(&[9, 1, 5]), Some(5));
	assert_eq!(first(&[5, 5, u128::MAX, 1, 6]), Some(5));
}

#[test]
fn median_of_an_even_number_is_the_lower_of_the_two_in_the_middle() {
	assert_eq!(first(&[8, 4]), Some(4));
	assert_eq!(first(&[9, 1, 6, 4]), Some(4));
}

#[test]
fn price_is_within_what_honest_feeders_fed_where_they_are_more_than_half() {
	for lie in [1, 39, 40, 45, 50, 51, u128::MAX] {
		for other in [1, 45, u128::MAX] {
			let price = first(&[40, lie, 50, other, 44]).expect("all are fresh");
			assert!((40..=50).contains(&price), "{lie} and {other} made {price}");
		}
	}
}

#[test]
fn more_than_half_of_the_feeders_must_be_fresh() {
	let fed = [at(NOW, 4), at(NOW, 5)];
	let price = |feeders, fed: &[Stamped]| combine(NOW, feeders, fed, None);
	assert_eq!(price(3, &fed), Some(at(NOW, 4)));
	assert_eq!(price(4, &fed), None);
	assert_eq!(price(2, &fed[..1]), None);
	assert_eq!(price(1, &fed[..1]), Some(at(NOW, 4)));
	assert_eq!(price(0, &[]), None);
}

#[test]
fn old_values_do_not_count() {
	let (old, fresh) = (NOW - FRESH_MILLIS, NOW - FRESH_MILLIS + 1);
	assert_eq!(combine(NOW, 2, &[at(NOW, 4), at(old, 2)], None), None);
	assert_eq!(combine(NOW, 2, &[at(NOW, 4), at(fresh, 2)], None), Some(at(NOW, 2)));
	assert_eq!(combine(NOW, 3, &[at(NOW, 4), at(fresh, 6), at(old, 2)], None), Some(at(NOW, 4)));
}

#[test]
fn zero_is_no_price() {
	assert_eq!(first(&[0]), None);
	assert_eq!(first(&[0, 3]), None);
	assert_eq!(first(&[0, 3, 4]), Some(3));
	assert_eq!(moved(1, 0), None);
}

#[test]
fn price_moves_by_a_tenth_of_itself_at_most() {
	assert_eq!(moved(4 * USD, 100 * USD), Some(44 * USD / 10));
	assert_eq!(moved(4 * USD, 1), Some(36 * USD / 10));
	assert_eq!(moved(4 * USD, 44 * USD / 10), Some(44 * USD / 10));
	assert_eq!(moved(4 * USD, 39 * USD / 10), Some(39 * USD / 10));
	assert_eq!(moved(99, 1_000), Some(108));
	assert_eq!(moved(99, 1), Some(90));
}

#[test]
fn price_can_leave_the_ends_of_its_range() {
	assert_eq!(moved(1, 1_000), Some(2));
	assert_eq!(moved(2, 1), Some(1));
	assert_eq!(moved(1, 1), Some(1));
	assert_eq!(moved(u128::MAX, u128::MAX), Some(u128::MAX));
	assert!(moved(u128::MAX, 1).is_some_and(|price| price < u128::MAX && price > u128::MAX / 2));
}

#[test]
fn price_moves_once_a_minute_and_in_steps_after_a_silence_too() {
	let fed = [at(NOW, 10 * USD)];
	let price = |last: u64| combine(NOW, 1, &fed, Some(at(last, 4 * USD)));
	assert_eq!(price(NOW), None);
	assert_eq!(price(NOW - STEP_MILLIS + 1), None);
	assert_eq!(price(NOW - STEP_MILLIS), Some(at(NOW, 44 * USD / 10)));
	assert_eq!(price(0), Some(at(NOW, 44 * USD / 10)));
}

#[test]
fn stable_asset_is_worth_its_dollars_rounded_down() {
	let usdc = crate::constants::USDC;
	assert_eq!(usdc_in_flt(100 * usdc, 4 * USD), Some(25 * FLT));
	assert_eq!(usdc_in_flt(100 * usdc, USD), Some(100 * FLT));
	assert_eq!(usdc_in_flt(usdc, 3 * USD), Some(333_333_333_333_333_333));
	assert_eq!(usdc_in_flt(1, 3 * USD), Some(333_333_333_333));
	assert_eq!(usdc_in_flt(1, USD / 2), Some(2_000_000_000_000));
	assert_eq!(usdc_in_flt(0, USD), Some(0));
	assert_eq!(usdc_in_flt(1, 10 * FLT + 1), Some(0));
}

#[test]
fn worth_that_exceeds_128_bits_is_not_known() {
	assert_eq!(usdc_in_flt(u128::MAX, 10 * FLT), Some(u128::MAX));
	assert_eq!(usdc_in_flt(u128::MAX, 10 * FLT - 1), None);
	assert_eq!(usdc_in_flt(u128::MAX, 1), None);
	assert_eq!(usdc_in_flt(1, 0), None);
}

/// Feeds in a block at `now` of its own.
fn feed(who: Sr25519Keyring, now: u64, value: Usd) -> DispatchResultWithPostInfo {
	Oracle::on_finalize(System::block_number());
	pallet_timestamp::Now::<Runtime>::put(now);
	feed_again(RuntimeOrigin::signed(who.to_account_id()), value)
}

fn feed_again(origin: RuntimeOrigin, value: Usd) -> DispatchResultWithPostInfo {
	let values = vec![(PriceKey::FltUsd, value)].try_into().expect("there is room for one");
	Oracle::feed_values(origin, values)
}

#[test]
fn one_feeder_is_enough_for_the_development_chain_and_feeds_for_free() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		System::set_block_number(1);
		assert_eq!(FltPrice::flt_price(), None);
		let fed = feed(Alice, NOW, 2 * USD).expect("Alice is a feeder");
		assert_eq!(fed.pays_fee, Pays::No);
		assert_eq!(FltPrice::flt_price(), Some(2 * USD));
		let values = vec![(PriceKey::FltUsd, 2 * USD)];
		let sender = Alice.to_account_id();
		System::assert_last_event(pallet_oracle::Event::NewFeedData { sender, values }.into());
	});
}

#[test]
fn two_of_three_feeders_make_a_price_and_one_does_not() {
	state(genesis::LOCAL).execute_with(|| {
		assert_ok!(feed(Alice, NOW, 4 * USD));
		assert_eq!(FltPrice::flt_price(), None);
		assert_ok!(feed(Bob, NOW + 6_000, 5 * USD));
		assert_eq!(FltPrice::flt_price(), Some(4 * USD));
		// A price stands for a minute.
		assert_ok!(feed(Charlie, NOW + 12_000, 3 * USD));
		assert_eq!(FltPrice::flt_price(), Some(4 * USD));
		assert_ok!(feed(Charlie, NOW + 66_000, 9 * USD));
		assert_eq!(FltPrice::flt_price(), Some(44 * USD / 10));
	});
}

#[test]
fn price_is_unknown_once_it_is_stale_and_known_again_when_fed() {
	state(genesis::LOCAL).execute_with(|| {
		assert_ok!(feed(Alice, NOW, 4 * USD));
		assert_ok!(feed(Bob, NOW, 4 * USD));
		pallet_timestamp::Now::<Runtime>::put(NOW + FRESH_MILLIS - 1);
		assert_eq!(FltPrice::flt_price(), Some(4 * USD));
		assert_eq!(FltPrice::in_flt(&PaymentAsset::WithId(USDC_ID), 4_000_000), Some(FLT));
		let later = NOW + FRESH_MILLIS;
		pallet_timestamp::Now::<Runtime>::put(later);
		assert_eq!(FltPrice::flt_price(), None);
		assert_eq!(FltPrice::in_flt(&PaymentAsset::WithId(USDC_ID), 4_000_000), None);
		// One fresh value of three does not bring it back, though the pallet still has the old price.
		assert_ok!(feed(Charlie, later, 4 * USD));
		assert_eq!(FltPrice::flt_price(), None);
		assert_eq!(Oracle::get(&PriceKey::FltUsd), Some(at(NOW, 4 * USD)));
		assert_ok!(feed(Bob, later, 4 * USD));
		assert_eq!(FltPrice::flt_price(), Some(4 * USD));
	});
}

#[test]
fn nobody_else_feeds_and_no_feeder_twice_in_a_block() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		let dave = RuntimeOrigin::signed(Dave.to_account_id());
		assert_noop!(feed_again(dave, USD), OracleError::NoPermission);
		assert_noop!(feed_again(RuntimeOrigin::none(), USD), BadOrigin);
		assert_ok!(feed(Alice, NOW, USD));
		let alice = RuntimeOrigin::signed(Alice.to_account_id());
		assert_noop!(feed_again(alice, USD), OracleError::AlreadyFeeded);
	});
}

#[test]
fn every_feeder_and_root_can_feed_in_one_block() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		let feeders: Vec<AccountId> = (1..=MAX_FEEDERS as u8).map(|n| [n; 32].into()).collect();
		assert_ok!(Feeders::reset_members(RuntimeOrigin::root(), feeders.clone()));
		for feeder in feeders {
			assert_ok!(feed_again(RuntimeOrigin::signed(feeder), USD));
		}
		assert_ok!(feed_again(RuntimeOrigin::root(), USD));
		assert_eq!(FltPrice::flt_price(), Some(USD));
	});
}

#[test]
fn root_counts_as_one_feeder_more() {
	state(genesis::LOCAL).execute_with(|| {
		assert_ok!(feed(Alice, NOW, 4 * USD));
		assert_ok!(feed_again(RuntimeOrigin::root(), 3 * USD));
		assert_eq!(FltPrice::flt_price(), Some(3 * USD));
	});
}

#[test]
fn only_root_names_feeders_and_the_value_of_one_that_left_is_forgotten() {
	state(genesis::LOCAL).execute_with(|| {
		let alice = RuntimeOrigin::signed(Alice.to_account_id());
		let bob = || Bob.to_account_id().into();
		assert_noop!(Feeders::add_member(alice.clone(), Dave.to_account_id().into()), BadOrigin);
		assert_noop!(Feeders::remove_member(alice, bob()), BadOrigin);
		assert_ok!(feed(Bob, NOW, 4 * USD));
		assert_ok!(Feeders::remove_member(RuntimeOrigin::root(), bob()));
		let former = RuntimeOrigin::signed(Bob.to_account_id());
		assert_noop!(feed_again(former, 4 * USD), OracleError::NoPermission);
		assert_ok!(Feeders::add_member(RuntimeOrigin::root(), bob()));
		assert_ok!(feed(Alice, NOW, 4 * USD));
		assert_eq!(FltPrice::flt_price(), None);
	});
}

#[test]
fn assets_without_a_known_value_have_none() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		let usdc = PaymentAsset::WithId(USDC_ID);
		assert_eq!(FltPrice::in_flt(&PaymentAsset::Native, 7), Some(7));
		assert_eq!(FltPrice::in_flt(&usdc, 7), None);
		assert_ok!(feed(Alice, NOW, 4 * USD));
		assert_eq!(FltPrice::in_flt(&usdc, 100_000_000), Some(25 * FLT));
		assert_eq!(FltPrice::in_flt(&PaymentAsset::WithId(USDC_ID + 1), 7), None);
	});
}

#[test]
fn weight_of_feeding_counts_what_every_feeder_fed() {
	state(genesis::DEVELOPMENT).execute_with(|| {
		let values = vec![(PriceKey::FltUsd, USD)].try_into().expect("there is room for one");
		let call: RuntimeCall = pallet_oracle::Call::feed_values { values }.into();
		let weight = call.get_dispatch_info().call_weight;
		// The members twice at most, the dispatched, the time, the last price, all raw values and root's.
		let database = <Runtime as frame_system::Config>::DbWeight::get();
		let least = database.reads_writes(u64::from(MAX_FEEDERS) + 5, 3);
		assert!(weight.all_gte(least));
	});
}
