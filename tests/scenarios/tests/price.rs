//! What FLT costs decides how much stake a unit needs, and nobody commits without knowing it.

use frame_support::assert_ok;
use marketplace_primitives::{Balance, CommitmentId, Units};
use marketplace_runtime::{
	configs::FltPrice, constants::FLT, genesis, Capacity, Feeders, Runtime, RuntimeCall,
	RuntimeOrigin, System,
};
use marketplace_scenarios::{
	actors::{account, act, dispatch, refused, signed, Key, GOVERNOR, NORTH, STRANGER},
	acts::{commit_call, feed, feed_call, register, settle_down, Machine, DOLLAR},
	chain, invariants,
};
use pallet_capacity::Error as CapacityError;
use sp_runtime::{traits::BadOrigin, Perbill};

type Refused = CapacityError<Runtime>;

/// Blocks of the development chain, of three seconds, until the price may change again.
const MINUTE: u32 = 20;
/// Blocks until nobody trusts a price any more.
const STALE: u32 = 30 * MINUTE;

fn machine() -> Machine {
	register(settle_down(NORTH), NORTH, NORTH, 1, 8)
}

fn promise(machine: Machine, unit: u8) -> RuntimeCall {
	commit_call(machine.id, Units::one(unit), 10, Perbill::zero(), Perbill::zero())
}

fn needed(id: u64) -> Balance {
	Capacity::commitment(CommitmentId(id)).expect("it was made").0.needed
}

#[test]
fn nobody_commits_before_the_first_price_or_at_a_stale_one() {
	chain::from_preset(genesis::DEVELOPMENT, |_| {}).execute_with(|| {
		let machine = machine();
		refused(signed(NORTH), promise(machine, 0), Refused::PriceUnknown);
		feed(2 * DOLLAR);
		act(NORTH, promise(machine, 0));
		assert_eq!(needed(0), 100 * FLT);

		let fed = System::block_number();
		chain::run_to_block(fed + STALE - 1);
		act(NORTH, promise(machine, 1));
		chain::next_block();
		refused(signed(NORTH), promise(machine, 2), Refused::PriceUnknown);
		// What was promised stands, and can be staked on.
		act(
			NORTH,
			pallet_capacity::Call::delegate { commitment: CommitmentId(0), amount: 100 * FLT },
		);
		feed(2 * DOLLAR);
		act(NORTH, promise(machine, 2));
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn stake_follows_the_price_and_made_commitments_do_not() {
	chain::development().execute_with(|| {
		let machine = machine();
		act(NORTH, promise(machine, 0));
		// A tenth per minute at most, and cut to seven decimals: 200 dollars at 2.20.
		chain::run_to_block(1 + MINUTE);
		feed(5 * DOLLAR);
		act(NORTH, promise(machine, 1));
		assert_eq!(needed(1), 909_090_909 * FLT / 10_000_000);
		chain::run_to_block(1 + 2 * MINUTE);
		feed(2 * DOLLAR);
		act(NORTH, promise(machine, 2));
		assert_eq!((needed(0), needed(2)), (100 * FLT, 100 * FLT));
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn only_members_feed_and_root_names_them() {
	chain::development().execute_with(|| {
		let denied = pallet_oracle::Error::<Runtime>::NoPermission;
		refused(signed(STRANGER), feed_call(DOLLAR), denied);
		refused(RuntimeOrigin::none(), feed_call(DOLLAR), BadOrigin);
		let twice = pallet_oracle::Error::<Runtime>::AlreadyFeeded;
		refused(signed(GOVERNOR), feed_call(DOLLAR), twice);

		let name = |who: Key| {
			pallet_membership::Call::<Runtime, pallet_membership::Instance2>::add_member {
				who: account(who).into(),
			}
		};
		refused(signed(STRANGER), RuntimeCall::Feeders(name(STRANGER)), BadOrigin);
		assert_ok!(dispatch(RuntimeOrigin::root(), RuntimeCall::Feeders(name(STRANGER))));
		assert_eq!(Feeders::members().len(), 2);
		chain::run_to_block(1 + MINUTE);
		act(STRANGER, feed_call(19 * DOLLAR / 10));
		// One of two is not more than half, but the value that the other fed a minute ago counts as well:
		// the lower of both.
		assert_eq!(price(), Some(19 * DOLLAR / 10));
	});
}

fn price() -> Option<u128> {
	use marketplace_primitives::PriceFeed;
	FltPrice::flt_price()
}
