use super::*;
use crate::{Deals as DealRecords, Ending, Error, Event, WeightInfo};
use frame_support::assert_ok;
use marketplace_primitives::{Escrow, EscrowId, OfferId, UnitLedger, Units};
use marketplace_testkit::{developer, operator, stranger, MockEscrow, MockOffers};
use sp_runtime::{DispatchError, DispatchResultWithInfo};

fn close(id: DealId) -> DispatchResultWithInfo<frame_support::dispatch::PostDispatchInfo> {
	Deals::close_deal(RuntimeOrigin::signed(stranger()), id)
}

#[test]
fn close_deal_pays_refunds_and_forgets() {
	execute(|| {
		let id = two_servers();
		assert_ok!(Deals::set_workers(
			RuntimeOrigin::signed(operator()),
			id,
			FIRST,
			workers(&[0, 1], 1)
		));
		MockUnits::serve(FIRST, id, 12);
		contested_until(5);
		events();
		assert_ok!(close(id));

		assert!(gone(id, &[FIRST, SECOND]));
		assert!(MockUnits::reservations().is_empty());
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
		assert_eq!(MockEscrow::paid_to(&other_provider()), 0);
		let record = MockEscrow::record(EscrowId::Deal(id)).unwrap();
		assert_eq!((record.held, record.refunded, record.closed), (0, 120, true));
		let events = events();
		assert_eq!(events.len(), 4);
		for event in [
			Event::Settled {
				deal: id,
				server: FIRST,
				provider: provider(),
				unit_epochs: 12,
				amount: 60,
				to_provider: 60,
			},
			Event::AllocationClosed {
				deal: id,
				server: FIRST,
				provider: provider(),
				units: Units::first(4),
				unit_epochs: 12,
				paid: 60,
			},
			Event::AllocationClosed {
				deal: id,
				server: SECOND,
				provider: other_provider(),
				units: Units::first(2),
				unit_epochs: 0,
				paid: 0,
			},
		] {
			assert!(events.contains(&event), "{event:?}");
		}
		assert_eq!(events.last(), Some(&Event::DealClosed { deal: id, refunded: 120 }));
		assert_refused!(close(id), Error::<Test>::UnknownDeal);
	});
}

#[test]
fn close_deal_is_refused_while_the_last_epoch_can_be_contested() {
	execute(|| {
		let id = two_servers();
		for epoch in 1..7 {
			end_at(epoch);
			assert_refused!(close(id), Error::<Test>::NotEnded);
		}
		end_at(7);
		MockUnits::hold_final(Some(4));
		assert_refused!(close(id), Error::<Test>::NotEnded);
		MockUnits::hold_final(Some(5));
		assert_ok!(close(id));
	});
}

#[test]
fn close_deal_is_refused_to_no_signer() {
	execute(|| {
		let id = two_servers();
		assert_refused!(Deals::close_deal(RuntimeOrigin::none(), id), DispatchError::BadOrigin);
		assert_refused!(Deals::close_deal(RuntimeOrigin::root(), id), DispatchError::BadOrigin);
		assert_refused!(close(DealId(9)), Error::<Test>::UnknownDeal);
	});
}

#[test]
fn close_deal_goes_on_where_it_stopped() {
	execute(|| {
		post(1, 100, 10, 3);
		let fills: Vec<_> = (0..7).map(|server| fill_of(server, provider(), 2, 5)).collect();
		let id = fill(1, &fills).unwrap();
		for server in 0..7 {
			MockUnits::serve(ServerId(server), id, 1);
		}
		contested_until(5);
		let post = close(id).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::close_deal(4)));
		let deal = DealRecords::<Test>::get(id).unwrap();
		assert_eq!((deal.allocations, deal.units, deal.rate), (3, 6, 30));
		assert_eq!(MockEscrow::paid_to(&provider()), 4 * 5);
		assert_eq!(Deals::do_try_state(), Ok(()));

		let post = close(id).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::close_deal(3)));
		assert!(gone(id, &[]));
		assert_eq!(MockEscrow::paid_to(&provider()), 7 * 5);
	});
}

#[test]
fn close_deal_needs_one_more_call_when_only_the_rest_is_left() {
	execute(|| {
		post(1, 100, 10, 3);
		let fills: Vec<_> = (0..4).map(|server| fill_of(server, provider(), 2, 5)).collect();
		let id = fill(1, &fills).unwrap();
		contested_until(5);
		assert_ok!(close(id));
		assert!(gone(id, &[]));
	});
}

#[test]
fn close_deal_takes_back_an_open_offer() {
	execute(|| {
		let id = wanting();
		MockUnits::serve(FIRST, id, 40);
		contested_until(12);
		events();
		assert_ok!(close(id));
		assert!(MockOffers::open().is_empty());
		assert!(MockEscrow::record(EscrowId::Offer(OfferId(1))).unwrap().closed);
		let closed = Event::DealClosed { deal: id, refunded: 800 - 200 };
		assert_eq!(events().last(), Some(&closed));
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn close_deal_copes_with_allocations_without_units() {
	execute(|| {
		let id = lasting();
		let who = RuntimeOrigin::signed(developer());
		assert_ok!(Deals::release_units(who, id, SECOND, Units::first(2)));
		MockUnits::serve(SECOND, id, 4);
		contested_until(12);
		events();
		assert_ok!(close(id));
		assert!(events().contains(&Event::AllocationClosed {
			deal: id,
			server: SECOND,
			provider: other_provider(),
			units: Units::NONE,
			unit_epochs: 4,
			paid: 28,
		}));
		assert!(gone(id, &[FIRST, SECOND]));
	});
}

#[test]
fn a_failing_allocation_is_passed_over_and_tried_again() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(SECOND, id, 6);
		contested_until(5);
		// the ledger no longer knows the first server's reservation
		assert_ok!(MockUnits::release(FIRST, id));
		events();
		assert_ok!(close(id));

		let failed =
			Event::CloseFailed { deal: id, server: Some(FIRST), error: DispatchError::Other("") };
		assert!(events().contains(&failed));
		assert_eq!(MockEscrow::paid_to(&other_provider()), 42);
		let deal = DealRecords::<Test>::get(id).unwrap();
		// found there in epoch 8
		assert_eq!((deal.allocations, deal.due, deal.cursor), (1, 6, None));
		assert!(!Ending::<Test>::contains_key(5u32.to_be_bytes(), id));
		assert_eq!(Deals::do_try_state(), Ok(()));

		MockUnits::serve(FIRST, id, 12);
		assert_ok!(close(id));
		assert!(gone(id, &[FIRST, SECOND]));
		assert_eq!(MockEscrow::paid_to(&provider()), 60);
	});
}

#[test]
fn a_failing_refund_is_tried_again() {
	execute(|| {
		let id = two_servers();
		contested_until(5);
		assert_ok!(MockEscrow::close(EscrowId::Deal(id)));
		events();
		assert_ok!(close(id));
		let failed = Event::CloseFailed { deal: id, server: None, error: DispatchError::Other("") };
		assert_eq!(events().last(), Some(&failed));
		let deal = DealRecords::<Test>::get(id).unwrap();
		assert_eq!((deal.allocations, deal.due), (0, 6));
	});
}
