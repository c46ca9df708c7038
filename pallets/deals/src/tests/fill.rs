use super::*;
use crate::{
	Allocation, Allocations, Deals as DealRecords, Ending, Error, Event, NextDeal, Wish, Wishes,
};
use frame_support::{assert_noop, assert_ok};
use marketplace_primitives::{
	Attributes, Cid, DataCenterId, Deals as _, EscrowId, OfferId, PaymentAsset, Placed, ServerId,
	Units,
};
use marketplace_testkit::{developer, MockEscrow, MockOffers, MockUnits};
use sp_runtime::{ArithmeticError, DispatchError};

#[test]
fn fill_opens_a_deal() {
	execute(|| {
		let id = two_servers();
		assert_eq!(id, DealId(0));
		assert_eq!(NextDeal::<Test>::get(), DealId(1));

		let deal = DealRecords::<Test>::get(id).unwrap();
		assert_eq!((deal.offer, deal.developer), (OfferId(1), developer()));
		assert_eq!((deal.start, deal.end, deal.due), (2, 5, 5));
		assert_eq!((deal.units, deal.rate, deal.allocations), (6, 4 * 5 + 2 * 7, 2));
		assert_eq!(
			Allocations::<Test>::get(id, FIRST),
			Some(Allocation {
				provider: provider(),
				units: Units::first(4),
				leaving: Default::default(),
				price: 5,
				tariff: None,
				start: 2,
				until: 5,
				limit: u32::MAX,
				funded: 12,
				settled: 0,
				paid: 0,
				settled_before: 0,
				paid_before: 0,
				contested: 0,
			})
		);
		assert!(Ending::<Test>::contains_key(5u32.to_be_bytes(), id));
		assert_eq!(MockUnits::reserved(SECOND), Units::first(2));
		assert_eq!(MockEscrow::record(EscrowId::Offer(OfferId(1))).unwrap().held, 0);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().held, 6 * 10 * 3);
		assert!(MockOffers::open().is_empty());
		assert_eq!(
			events(),
			vec![
				Event::DealOpened {
					deal: id,
					offer: OfferId(1),
					developer: developer(),
					app_cid: Cid::default(),
					plan_hash: [0; 32],
					asset: PaymentAsset::WithId(1),
					max_price: 10,
					start: 2,
					end: 5,
					units: 6,
					escrow: 180,
				},
				Event::AllocationMade {
					deal: id,
					server: FIRST,
					provider: provider(),
					units: Units::first(4),
					price: 5,
					start: 2,
				},
				Event::AllocationMade {
					deal: id,
					server: SECOND,
					provider: other_provider(),
					units: Units::first(2),
					price: 7,
					start: 2,
				},
			]
		);
	});
}

#[test]
fn fill_joins_the_offers_deal_and_ends_with_it() {
	execute(|| {
		post(1, 6, 10, 3);
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		MockUnits::set_epoch(3);
		events();
		assert_eq!(fill(1, &[fill_of(20, provider(), 2, 7)]), Ok(id));

		let deal = DealRecords::<Test>::get(id).unwrap();
		assert_eq!((deal.start, deal.end, deal.units, deal.allocations), (2, 5, 6, 2));
		assert_eq!(Allocations::<Test>::get(id, SECOND).unwrap().start, 4);
		assert_eq!(MockUnits::reservation(SECOND, id).unwrap().end, 5);
		assert_eq!(Allocations::<Test>::get(id, SECOND).unwrap().funded, 2);
		// epoch 4 alone is left for the two units
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().held, 4 * 10 * 3 + 2 * 10);
		assert_eq!(
			events(),
			vec![
				Event::DealJoined {
					deal: id,
					offer: OfferId(1),
					max_price: 10,
					units: 2,
					escrow: 20
				},
				Event::AllocationMade {
					deal: id,
					server: SECOND,
					provider: provider(),
					units: Units::first(2),
					price: 7,
					start: 4,
				},
			]
		);
	});
}

#[test]
fn fill_joins_at_a_raised_price() {
	execute(|| {
		post(1, 6, 10, 3);
		let id = fill(1, &[fill_of(10, provider(), 4, 10)]).unwrap();
		let mut terms = MockOffers::open().remove(0).1;
		terms.max_price = 12;
		MockOffers::put(OfferId(1), terms);
		MockEscrow::deposit(EscrowId::Offer(OfferId(1)), 2 * 2 * 3);
		assert_eq!(fill(1, &[fill_of(20, provider(), 2, 12)]), Ok(id));
		assert_eq!(DealRecords::<Test>::get(id).unwrap().max_price, 12);
		assert_eq!(MockEscrow::record(EscrowId::Deal(id)).unwrap().held, 4 * 10 * 3 + 2 * 12 * 3);
	});
}

#[test]
fn fill_is_refused_when_no_epoch_of_the_deal_is_left() {
	execute(|| {
		post(1, 6, 10, 3);
		assert_ok!(fill(1, &[fill_of(10, provider(), 4, 5)]));
		let late = fill_of(20, provider(), 2, 5);
		for epoch in [4, 5, 6] {
			MockUnits::set_epoch(epoch);
			assert_noop!(fill(1, core::slice::from_ref(&late)), Error::<Test>::DealEnded);
		}
		let terms = MockOffers::open().remove(0).1;
		contested_until(5);
		assert_ok!(Deals::close_deal(RuntimeOrigin::signed(developer()), DealId(0)));
		// the book would have to forget that the offer was taken back
		MockOffers::put(OfferId(1), terms);
		assert_noop!(fill(1, &[late]), Error::<Test>::DealEnded);
	});
}

#[test]
fn fill_is_refused_when_a_term_is_empty() {
	execute(|| {
		post(1, 6, 10, 0);
		assert_noop!(fill(1, &[fill_of(10, provider(), 4, 5)]), Error::<Test>::DealEnded);
	});
}

#[test]
fn fill_is_refused_without_units() {
	execute(|| {
		post(1, 6, 10, 3);
		assert_noop!(fill(1, &[]), Error::<Test>::NoUnits);
		let empty = fill_of(10, provider(), 0, 5);
		assert_noop!(fill(1, &[empty]), Error::<Test>::NoUnits);
	});
}

#[test]
fn fill_is_refused_above_the_offers_price() {
	execute(|| {
		post(1, 6, 10, 3);
		assert_noop!(fill(1, &[fill_of(10, provider(), 4, 11)]), Error::<Test>::PriceTooHigh);
	});
}

#[test]
fn fill_is_refused_when_a_server_comes_twice() {
	execute(|| {
		post(1, 6, 10, 3);
		let mut fill_of_half = fill_of(10, provider(), 4, 5);
		fill_of_half.units = Units::first(2);
		assert_ok!(fill(1, &[fill_of_half.clone()]));
		fill_of_half.units = Units::first(4).without(Units::first(2));
		assert_noop!(fill(1, &[fill_of_half]), Error::<Test>::ServerTwice);
	});
}

#[test]
fn fill_is_refused_beyond_the_longest_term() {
	execute(|| {
		post(1, 6, 10, 3);
		let mut short = fill_of(10, provider(), 4, 5);
		short.max_term = 2;
		assert_noop!(fill(1, &[short.clone()]), Error::<Test>::TermTooLong);
		short.max_term = 3;
		// the mock escrow does not roll back
		post(2, 6, 10, 3);
		let id = fill(2, &[short]).unwrap();
		assert_eq!(Allocations::<Test>::get(id, FIRST).unwrap().limit, 5);
	});
}

#[test]
fn fill_keeps_what_further_units_must_be() {
	execute(|| {
		let mut terms = post(1, 6, 10, 3);
		terms.placement.max_per_server = Some(4);
		terms.attributes = Attributes::of(&[7]);
		MockOffers::put(OfferId(1), terms.clone());
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		let Wish { placement, attributes, .. } = Wishes::<Test>::get(id).unwrap();
		assert_eq!((placement, attributes), (terms.placement, terms.attributes));
	});
}

#[test]
fn fill_is_refused_when_notice_was_given() {
	execute(|| {
		post(1, 6, 10, 9);
		let id = fill(1, &[fill_of(10, provider(), 4, 5)]).unwrap();
		let terms = MockOffers::open().remove(0).1;
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		// the book would have to forget that the offer was taken back
		MockOffers::put(OfferId(1), terms);
		assert_noop!(fill(1, &[fill_of(20, provider(), 2, 5)]), Error::<Test>::Terminated);
		MockOffers::remove(OfferId(1));
	});
}

#[test]
fn fill_is_refused_beyond_the_most_servers() {
	execute(|| {
		post(1, 100, 10, 3);
		let fills: Vec<_> = (0..8).map(|server| fill_of(server, provider(), 1, 5)).collect();
		assert_ok!(fill(1, &fills));
		assert_noop!(fill(1, &[fill_of(8, provider(), 1, 5)]), Error::<Test>::TooManyServers);
	});
}

#[test]
fn fill_changes_nothing_when_a_unit_is_not_there() {
	execute(|| {
		post(1, 7, 10, 3);
		let mut missing = fill_of(20, provider(), 2, 5);
		missing.units = Units::first(3);
		assert_noop!(
			fill(1, &[fill_of(10, provider(), 4, 5), missing]),
			DispatchError::Other("unit not available")
		);
		assert_eq!(NextDeal::<Test>::get(), DealId(0));
	});
}

#[test]
fn fill_is_refused_when_the_money_is_not_there() {
	execute(|| {
		post(1, 3, 10, 3);
		assert_noop!(
			fill(1, &[fill_of(10, provider(), 4, 5)]),
			DispatchError::Other("escrow too low")
		);
	});
}

#[test]
fn fill_is_refused_when_numbers_overflow() {
	execute(|| {
		let mut terms = post(1, 6, 10, 3);
		let fills = [fill_of(10, provider(), 4, 5)];
		terms.max_price = u128::MAX / 2;
		MockOffers::put(OfferId(1), terms.clone());
		assert_noop!(fill(1, &fills), ArithmeticError::Overflow);
		terms.term = u32::MAX;
		MockOffers::put(OfferId(1), terms);
		assert_noop!(fill(1, &fills), ArithmeticError::Overflow);
		NextDeal::<Test>::put(DealId(u64::MAX));
		post(2, 6, 10, 3);
		assert_noop!(fill(2, &fills), ArithmeticError::Overflow);
	});
}

#[test]
fn deals_answer_the_matcher() {
	execute(|| {
		let id = two_servers();
		let of = |server: u32, provider, units| Placed {
			server: ServerId(server),
			provider,
			data_center: DataCenterId(server / 10),
			country: *b"CH",
			units,
		};
		let spread = vec![of(10, provider(), 4), of(20, other_provider(), 2)];
		assert_eq!(Deals::placed(id), spread);
		assert!(Deals::placed(DealId(9)).is_empty());
		assert_eq!(Deals::end(id), Some(5));
		assert_eq!(Deals::end(DealId(9)), None);
	});
}
