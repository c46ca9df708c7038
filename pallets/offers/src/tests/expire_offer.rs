use super::*;
use frame_support::dispatch::{DispatchResultWithPostInfo, Pays};

fn expire(offer: OfferId) -> DispatchResultWithPostInfo {
	Offers::expire_offer(RuntimeOrigin::signed(stranger()), offer)
}

#[test]
fn expire_offer_is_free_where_it_closes_one() {
	build_and_execute(|| {
		post_default();
		let pays = |result: DispatchResultWithPostInfo| match result {
			Ok(info) => info.pays_fee,
			Err(refused) => refused.post_info.pays_fee,
		};
		assert_eq!(pays(expire(FIRST)), Pays::Yes);
		MockUnits::set_epoch(21);
		assert_eq!(pays(expire(FIRST)), Pays::No);
		assert_eq!(pays(expire(FIRST)), Pays::Yes);
	});
}

#[test]
fn expire_offer_gives_the_money_back_when_the_expiry_has_passed() {
	build_and_execute(|| {
		post_default();
		MockUnits::set_epoch(20);
		assert_noop!(expire(FIRST), Error::<Test>::NotExpired);
		MockUnits::set_epoch(21);
		assert_ok!(expire(FIRST));

		assert_eq!(Offers::offer(FIRST), None);
		assert_eq!(on_hold(&usdc(), &developer()), 0);
		assert_eq!(
			events(),
			vec![
				Event::Refunded { escrow: ESCROW, developer: developer(), amount: COST },
				Event::EscrowClosed { escrow: ESCROW },
				Event::OfferExpired { offer: FIRST, refunded: COST },
			]
		);
		assert_eq!(MockBook::take(), vec![BookCall::BidRemoved(FIRST, usdc(), 5_000)]);
		assert_noop!(expire(FIRST), Error::<Test>::UnknownOffer);
	});
}

#[test]
fn expire_offer_refuses_foreign_origins() {
	build_and_execute(|| {
		post_default();
		MockUnits::set_epoch(21);
		for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert_noop!(Offers::expire_offer(origin, FIRST), DispatchError::BadOrigin);
		}
	});
}
