//! What transactions cost rises with full blocks and falls with others; who gets it stays the same.

use codec::Encode;
use frame_support::{assert_ok, dispatch::DispatchClass};
use marketplace_primitives::Balance;
use marketplace_runtime::{
	configs::TreasuryAccount, constants::FLT, Executive, Runtime, System, TransactionPayment,
	UncheckedExtrinsic,
};
use marketplace_scenarios::{
	actors::{account, transaction, DEVELOPER, GOVERNOR, STRANGER},
	chain, invariants,
	ledger::{Coin, Ledger},
};
use pallet_transaction_payment::{InclusionFee, Multiplier};
use sp_runtime::{
	traits::{Convert, One},
	FixedPointNumber,
};

/// The developer gives the stranger an FLT.
fn transfer() -> UncheckedExtrinsic {
	let (dest, value) = (account(STRANGER).into(), FLT);
	let call = pallet_balances::Call::transfer_keep_alive { dest, value };
	transaction(DEVELOPER, System::account_nonce(account(DEVELOPER)), call)
}

/// What that costs now.
fn price() -> InclusionFee<Balance> {
	let signed = transfer();
	let length = u32::try_from(signed.encoded_size()).expect("it is short");
	let details = TransactionPayment::query_fee_details(signed, length);
	details.inclusion_fee.expect("it pays a fee")
}

/// It does, and pays what that costs, half to the treasury and half to the block's author.
fn pay() {
	let (payer, payee, fee) = (account(DEVELOPER), account(STRANGER), price().inclusion_fee());
	let mut ledger = Ledger::now(&[]);
	assert_ok!(Executive::apply_extrinsic(transfer()).expect("the block has room"));
	ledger.transfer(&payer, &payee, Coin::Flt, FLT);
	ledger.transfer(&payer, &TreasuryAccount::get(), Coin::Flt, fee / 2);
	ledger.transfer(&payer, &account(GOVERNOR), Coin::Flt, fee - fee / 2);
	ledger.check();
}

#[test]
fn full_blocks_raise_fees_and_others_lower_them_to_the_least() {
	chain::development().execute_with(|| {
		let least = price();
		pay();
		chain::next_block();
		assert_eq!(price(), least);

		let mut before = least.clone();
		let raised = |weight_fee| InclusionFee { adjusted_weight_fee: weight_fee, ..least.clone() };
		for _ in 0..6 {
			chain::next_full_block();
			let now = price();
			assert!(now.adjusted_weight_fee > before.adjusted_weight_fee);
			// What every transaction costs, and what its bytes do, is as before.
			assert_eq!(now, raised(now.adjusted_weight_fee));
			before = now;
		}
		pay();

		// An empty block is below the target by a third of what a full one is above it.
		let mut empty = 0;
		while before != least {
			chain::next_block();
			let now = price();
			assert!(now.adjusted_weight_fee < before.adjusted_weight_fee);
			assert_eq!(now, raised(now.adjusted_weight_fee));
			(before, empty) = (now, empty + 1);
		}
		assert!((18..=20).contains(&empty), "after {empty} blocks");
		for _ in 0..3 {
			chain::next_block();
			assert_eq!(price(), least, "never below");
		}
		pay();
		assert_eq!(invariants::check(), Ok(()));
	});
}

#[test]
fn weight_costs_twice_as_much_in_less_than_a_day_of_full_blocks() {
	type Adjustment = <Runtime as pallet_transaction_payment::Config>::FeeMultiplierUpdate;
	chain::development().execute_with(|| {
		let full = <Runtime as frame_system::Config>::BlockWeights::get().max_block;
		System::register_extra_weight_unchecked(full, DispatchClass::Normal);
		// Of six seconds each.
		let after = |blocks| {
			(0..blocks).fold(Multiplier::one(), |multiplier, _| Adjustment::convert(multiplier))
		};
		let two = Multiplier::saturating_from_integer(2);
		assert!(after(12 * 600) < two && after(24 * 600) > two);
	});
}
