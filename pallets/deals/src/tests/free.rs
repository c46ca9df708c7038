//! What costs its sender nothing, and what does not.

use super::{
	close_allocation::{close, vacant},
	*,
};
use frame_support::{assert_ok, dispatch::Pays};
use marketplace_primitives::{api::Renewal, UnitLedger, Units};
use marketplace_testkit::{developer, stranger, MockIncome, MockPrice};

/// Whether the sender pays for a call that is accepted.
fn pays(outcome: DispatchResultWithInfo<PostDispatchInfo>) -> bool {
	outcome.expect("it is accepted").pays_fee == Pays::Yes
}

fn anyone() -> RuntimeOrigin {
	RuntimeOrigin::signed(stranger())
}

#[test]
fn replacing_is_free() {
	execute(|| {
		let id = lasting();
		MockUnits::fail(FIRST, Units::one(0));
		assert!(!pays(Deals::replace(anyone(), id, FIRST)));
		let refused = Deals::replace(anyone(), id, FIRST).unwrap_err();
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
	});
}

#[test]
fn closing_what_holds_nothing_is_free() {
	execute(|| {
		let id = vacant();
		assert!(!pays(close(id, FIRST)));
		let refused = close(id, FIRST).unwrap_err();
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
	});
}

#[test]
fn closing_is_free_where_it_gets_on() {
	execute(|| {
		post(1, 100, 10, 3);
		let fills: Vec<_> = (0..5).map(|server| fill_of(server, provider(), 2, 5)).collect();
		let id = fill(1, &fills).unwrap();
		contested_until(5);
		assert!(!pays(Deals::close_deal(anyone(), id)));
		// the ledger no longer knows the last one's reservation
		let last = ServerId(4);
		assert_ok!(MockUnits::release(last, id));
		assert!(pays(Deals::close_deal(anyone(), id)));
		MockUnits::serve(last, id, 1);
		assert!(!pays(Deals::close_deal(anyone(), id)));
		assert!(gone(id, &[]));
	});
}

#[test]
fn closing_what_is_left_is_free() {
	execute(|| {
		let id = two_servers();
		contested_until(5);
		let all = held(id);
		assert_ok!(MockEscrow::close(EscrowId::Deal(id)));
		// the allocations are closed, the rest is not
		assert!(!pays(Deals::close_deal(anyone(), id)));
		assert!(pays(Deals::close_deal(anyone(), id)));
		assert_eq!(all, 180);
	});
}

#[test]
fn compensating_is_free() {
	execute(|| {
		let id = two_servers();
		MockPrice::set_rate(ASSET, Some(3));
		MockIncome::lose(FIRST, id, 8);
		assert!(!pays(Deals::compensate(anyone(), id, FIRST)));
		let refused = Deals::compensate(anyone(), id, FIRST).unwrap_err();
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
	});
}

#[test]
fn renewing_is_free_where_the_deal_is_renewed() {
	execute(|| {
		let id = lasting();
		let renewal = Some(Renewal { epochs: 3, allowance: 180 });
		assert_ok!(Deals::set_renewal(RuntimeOrigin::signed(developer()), id, renewal));
		end_at(11);
		assert!(!pays(Deals::renew(anyone(), id)));
		// the allowance is spent
		assert!(pays(Deals::renew(anyone(), id)));
	});
}

#[test]
fn giving_a_budget_back_is_free_for_others() {
	let second_call_pays = |who: AccountId32| {
		let mut second = false;
		execute(|| {
			let id = with_requests();
			assert!(pays(reclaim(id)));
			MockUnits::set_epoch(4);
			let who = RuntimeOrigin::signed(who);
			second = pays(Deals::reclaim_requests(who, id, FIRST));
		});
		second
	};
	assert!(!second_call_pays(stranger()));
	assert!(second_call_pays(developer()));
}

#[test]
fn settling_is_not_free() {
	execute(|| {
		let id = two_servers();
		MockUnits::serve(FIRST, id, 4);
		assert!(pays(Deals::settle(anyone(), id, FIRST)));
		assert!(pays(Deals::settle(anyone(), id, FIRST)));
	});
}
