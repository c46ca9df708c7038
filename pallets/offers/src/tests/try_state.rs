//! Each invariant is seen to be broken where it is.

use super::*;
use sp_runtime::TryRuntimeError;

/// Breaks the state after `break_it`, and wants the complaint that begins so.
fn complains(number: &str, break_it: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		open_deal();
		assert_ok!(Offers::seek(lacking(), origin()));
		Offers::do_try_state().unwrap();
		break_it();
		match Offers::do_try_state() {
			Err(TryRuntimeError::Other(complaint)) => {
				assert!(complaint.starts_with(number), "{complaint}");
			},
			other => panic!("{number} is broken, and nothing but {other:?} is said"),
		}
	});
}

fn change_offer(change: impl FnOnce(&mut Offer<AccountId32>)) {
	crate::Offers::<Test>::mutate(OfferId(1), |offer| change(offer.as_mut().unwrap()));
}

fn change_record(id: EscrowId, change: impl FnOnce(&mut EscrowRecord<AccountId32>)) {
	Escrows::<Test>::mutate(id, |record| change(record.as_mut().unwrap()));
}

#[test]
fn try_state_sees_offers_that_are_wrong() {
	complains("1", || crate::NextOffer::<Test>::put(OfferId(1)));
	complains("1", || change_offer(|offer| offer.filled = 2));
	complains("1", || change_offer(|offer| (offer.filled, offer.deal) = (1, None)));
	complains("1", || change_offer(|offer| offer.max_price = 10_001));
	complains("1", || change_offer(|offer| offer.tariff = Some(0)));
}

#[test]
fn try_state_sees_offers_without_their_money() {
	let sought = EscrowId::Offer(OfferId(1));
	complains("2", || Escrows::<Test>::remove(sought));
	complains("2", || change_record(sought, |record| record.asset = PaymentAsset::Native));
	complains("2", || change_record(sought, |record| record.closed = true));
	complains("2", || change_offer(|offer| offer.max_price = 5_001));
	complains("2", || change_record(DEAL_ESCROW, |record| record.developer = stranger()));
}

#[test]
fn try_state_sees_records_and_debts_that_do_not_add_up() {
	complains("3", || change_record(DEAL_ESCROW, |record| record.deposited += 1));
	complains("4", || change_record(DEAL_ESCROW, |record| record.closed = true));
	complains("4", || crate::Offers::<Test>::remove(OfferId(1)));
	complains("5", || Owed::<Test>::insert(provider(), DEAL_ESCROW, 1));
	complains("5", || Owed::<Test>::insert(provider(), ESCROW, 1));
	complains("6", || {
		change_record(DEAL_ESCROW, |record| (record.deposited, record.held) = (1, record.held + 1));
	});
}
