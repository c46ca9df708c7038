use super::*;
use crate::{Error, Event, Renewals, WeightInfo};
use codec::Encode;
use frame_support::assert_ok;
use marketplace_primitives::api::Renewal;
use marketplace_testkit::{developer, stranger};
use sp_runtime::{DispatchError, DispatchResultWithInfo, TokenError};

type Post = frame_support::dispatch::PostDispatchInfo;

fn renew(id: DealId) -> DispatchResultWithInfo<Post> {
	Deals::renew(RuntimeOrigin::signed(stranger()), id)
}

/// A deal of epochs 2 to 11 with 6 units at a limit of 10, to be renewed by 3 epochs at a time.
fn renewable(allowance: u128) -> DealId {
	let id = lasting();
	set(id, allowance);
	id
}

fn set(id: DealId, allowance: u128) {
	let renewal = Some(Renewal { epochs: 3, allowance });
	assert_ok!(Deals::set_renewal(RuntimeOrigin::signed(developer()), id, renewal));
}

/// Renews in vain, for which `error` is the reason.
fn fails_to_renew(id: DealId, error: DispatchError) {
	let before = (record(id), held(id), Renewals::<Test>::get(id));
	events();
	let post = renew(id).unwrap();
	assert_eq!(post.actual_weight, Some(<() as WeightInfo>::renew(2)));
	assert_eq!((record(id), held(id), Renewals::<Test>::get(id)), before);
	// events keep no text of errors
	assert_eq!(events().encode(), vec![Event::<Test>::RenewalFailed { deal: id, error }].encode());
}

#[test]
fn renew_extends_at_the_developers_cost() {
	execute(|| {
		let id = renewable(400);
		end_at(8);
		events();
		let post = renew(id).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::renew(2)));
		assert_eq!((record(id).end, held(id)), (15, 600 + 180));
		assert_eq!(part(id, FIRST).funded, 4 * 13);
		let renewal = Renewals::<Test>::get(id).unwrap();
		assert_eq!((renewal.epochs, renewal.allowance), (3, 220));
		assert_eq!(
			events(),
			vec![
				Event::DealExtended { deal: id, payer: developer(), end: 15, amount: 180 },
				Event::DealRenewed { deal: id, amount: 180, allowance: 220 },
			]
		);
	});
}

#[test]
fn renew_is_open_in_the_last_epochs() {
	execute(|| {
		let id = renewable(10_000);
		end_at(7);
		assert_refused!(renew(id), Error::<Test>::TooEarly);
		end_at(8);
		assert_ok!(renew(id));
		// the end is 15 now
		end_at(10);
		assert_refused!(renew(id), Error::<Test>::TooEarly);
		end_at(14);
		assert_ok!(renew(id));
		end_at(18);
		assert_refused!(renew(id), Error::<Test>::DealEnded);
	});
}

#[test]
fn renew_goes_as_far_as_the_allowance() {
	execute(|| {
		let id = renewable(359);
		end_at(8);
		assert_ok!(renew(id));
		end_at(11);
		fails_to_renew(id, Error::<Test>::AllowanceTooLow.into());
		set(id, 180);
		assert_ok!(renew(id));
		assert_eq!(Renewals::<Test>::get(id).map(|renewal| renewal.allowance), Some(0));
	});
}

#[test]
fn renew_can_be_tried_again_where_the_payment_failed() {
	execute(|| {
		let id = renewable(400);
		end_at(8);
		MockEscrow::make_poor(developer());
		fails_to_renew(id, TokenError::FundsUnavailable.into());
		MockEscrow::make_rich(&developer());
		assert_ok!(renew(id));
		assert_eq!(record(id).end, 15);
	});
}

#[test]
fn renew_changes_nothing_where_the_deal_cannot_be_extended() {
	execute(|| {
		post(1, 6, 10, 3);
		let mut short = fill_of(20, other_provider(), 2, 7);
		short.max_term = 5;
		let id = fill(1, &[fill_of(10, provider(), 4, 5), short]).unwrap();
		set(id, 1_000);
		fails_to_renew(id, Error::<Test>::TermTooLong.into());
	});
}

#[test]
fn renew_is_refused_when_it_is_not_set() {
	execute(|| {
		let id = lasting();
		end_at(8);
		assert_refused!(renew(id), Error::<Test>::NoRenewal);
		assert_refused!(renew(DealId(9)), Error::<Test>::UnknownDeal);
		set(id, 1_000);
		assert_ok!(Deals::set_renewal(RuntimeOrigin::signed(developer()), id, None));
		assert_refused!(renew(id), Error::<Test>::NoRenewal);
	});
}

#[test]
fn renew_is_refused_to_no_signer() {
	execute(|| {
		let id = renewable(400);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_refused!(Deals::renew(origin, id), DispatchError::BadOrigin);
		}
	});
}
