use super::{propose_price::propose, *};
use crate::{Error, Event, Proposals, WeightInfo};
use frame_support::assert_ok;
use marketplace_primitives::{Price, Units};
use marketplace_testkit::{operator, MockIncome, MockPrice};
use sp_runtime::{DispatchError, DispatchResultWithInfo, Perbill, TokenError};

type Post = frame_support::dispatch::PostDispatchInfo;

/// `who` accepts a price for the first server's units.
fn accept(who: AccountId32, id: DealId, price: Price) -> DispatchResultWithInfo<Post> {
	accept_for(who, id, FIRST, price)
}

/// The same for those of any server, whatever it costs.
pub fn accept_for(
	who: AccountId32,
	id: DealId,
	server: ServerId,
	price: Price,
) -> DispatchResultWithInfo<Post> {
	Deals::accept_price(RuntimeOrigin::signed(who), id, server, price, u128::MAX)
}

/// The provider proposes a price and the developer accepts it.
fn agree(id: DealId, price: Price) -> DispatchResultWithInfo<Post> {
	assert_ok!(propose(provider(), id, price));
	accept(developer(), id, price)
}

fn settle(id: DealId) {
	assert_ok!(Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST));
}

fn withdraw(id: DealId, limit: Price) {
	assert_ok!(Deals::withdraw_surplus(RuntimeOrigin::signed(developer()), id, limit));
}

fn changed(deal: DealId, old: Price, price: Price, amount: u128) -> Event<Test> {
	Event::PriceChanged { deal, server: FIRST, old, price, amount }
}

/// As [`lasting`], in epoch 5: both servers served epochs 2 to 5, of which 2 can be contested no more.
fn serving() -> DealId {
	let id = lasting();
	for epoch in 2..=5 {
		MockUnits::report(FIRST, id, Units::first(4), epoch);
		MockUnits::report(SECOND, id, Units::first(2), epoch);
	}
	MockUnits::set_epoch(5);
	events();
	id
}

#[test]
fn accept_price_counts_for_all_that_is_not_paid() {
	execute(|| {
		let id = serving();
		let post = agree(id, 8).unwrap();
		assert_eq!(post.actual_weight, Some(<() as WeightInfo>::accept_price(2)));
		let settled = Event::Settled {
			deal: id,
			server: FIRST,
			provider: provider(),
			unit_epochs: 4,
			amount: 20,
			to_provider: 20,
		};
		assert_eq!(events()[1..], [settled, changed(id, 5, 8, 0)]);
		let allocation = part(id, FIRST);
		assert_eq!((allocation.price, allocation.settled, allocation.paid), (8, 4, 20));
		assert_eq!((allocation.settled_before, allocation.paid_before), (4, 20));
		let deal = record(id);
		assert_eq!((deal.rate, deal.max_price, held(id)), (4 * 8 + 14, 10, 580));
		assert!(!Proposals::<Test>::contains_key(id, FIRST));
		// epochs 3, 4 and 5 once they can be contested no more
		for (epoch, paid) in [(6, 20 + 32), (7, 20 + 64), (8, 20 + 96)] {
			MockUnits::set_epoch(epoch);
			assert_eq!(Deals::claimable(id, FIRST), 32);
			settle(id);
			assert_eq!((MockEscrow::paid_to(&provider()), part(id, FIRST).paid), (paid, paid));
		}
		assert_eq!(part(id, SECOND).price, 7);
	});
}

#[test]
fn accept_price_pays_the_same_whoever_settles_when() {
	let paid = |settles: &[u32]| {
		let mut paid = Vec::new();
		execute(|| {
			let id = lasting();
			for epoch in 2..12 {
				MockUnits::set_epoch(epoch);
				MockUnits::report(FIRST, id, Units::first(4), epoch);
				if settles.contains(&epoch) {
					settle(id);
				}
				if epoch == 5 || epoch == 8 {
					assert_ok!(agree(id, Price::from(epoch) * 3));
				}
			}
			contested_until(12);
			assert_ok!(Deals::close_deal(RuntimeOrigin::signed(stranger()), id));
			let refunded = MockEscrow::record(EscrowId::Deal(id)).unwrap().refunded;
			paid = vec![MockEscrow::paid_to(&provider()), refunded, MockEscrow::total()];
		});
		paid
	};
	// epoch 2 at 5, epochs 3 to 5 at 15, all others at 24
	let expected = 4 * (5 + 3 * 15 + 6 * 24);
	assert_eq!(paid(&[])[0], expected);
	for settles in [&[5][..], &[6, 8], &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]] {
		assert_eq!(paid(settles), paid(&[]));
	}
}

#[test]
fn accept_price_takes_what_escrow_lacks_from_the_developer() {
	execute(|| {
		let id = lasting();
		withdraw(id, 1);
		assert_eq!(held(id), 10 * (20 + 14));
		let all = MockEscrow::total();
		events();
		assert_ok!(propose(provider(), id, 20));
		let accept =
			|most| Deals::accept_price(RuntimeOrigin::signed(developer()), id, FIRST, 20, most);
		assert_refused!(accept(599), Error::<Test>::CostTooHigh);
		assert_ok!(accept(600));
		// 15 more for each of 40 unit-epochs
		assert_eq!((held(id), MockEscrow::total()), (940, all + 600));
		assert_eq!(events().last(), Some(&changed(id, 5, 20, 600)));
		// an extension costs its own price, which is above the limit
		let most = 4 * 20 + 2 * 7;
		let extend = |most| Deals::extend_deal(RuntimeOrigin::signed(stranger()), id, 1, most);
		assert_refused!(extend(most - 1), Error::<Test>::CostTooHigh);
		assert_ok!(extend(most));
		assert_eq!(held(id), 940 + most);
	});
}

#[test]
fn accept_price_takes_only_what_escrow_lacks() {
	execute(|| {
		let id = lasting();
		// up to the limit all is there
		assert_ok!(agree(id, 10));
		assert_eq!(held(id), 600);
		// beyond it, nothing is
		assert_ok!(agree(id, 20));
		assert_eq!(held(id), 1_000);
		// all units can still be replaced
		withdraw(id, 10);
		assert_eq!(held(id), 1_000);
		for (server, units) in [(FIRST, 4), (SECOND, 2)] {
			MockUnits::fail(server, Units::first(units));
			assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
		}
	});
}

#[test]
fn accept_price_leaves_the_replacement_of_others_funded() {
	execute(|| {
		let id = serving();
		withdraw(id, 10);
		// 40 and 20 unit-epochs, and 6 epochs ahead at the limit
		assert_eq!(held(id), 40 * 5 + 20 * 7 + 6 * (4 * 5 + 2 * 3));
		assert_ok!(agree(id, 10));
		assert_eq!(held(id), 36 * 10 + 20 * 7 + 6 * 2 * 3);
		// what the unpaid epochs behind cost more
		assert_eq!(events().last(), Some(&changed(id, 5, 10, 3 * 4 * 5)));
		for (server, units) in [(FIRST, 4), (SECOND, 2)] {
			MockUnits::fail(server, Units::first(units));
			assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, server));
		}
	});
}

#[test]
fn accept_price_does_not_pay_for_a_limit_that_was_not_funded() {
	execute(|| {
		let id = wanting();
		let (offer, mut terms, escrow) = open_offer().unwrap();
		terms.max_price = 20;
		MockOffers::put(offer, terms);
		MockEscrow::deposit(EscrowId::Offer(offer), escrow);
		assert_ok!(Deals::enlarge(RuntimeOrigin::signed(developer()), id, 1));
		assert_eq!((record(id).max_price, held(id)), (20, 600));
		// replacing the 6 units at 20 would cost 1,200; their wages are 340
		assert_ok!(agree(id, 6));
		assert_eq!(held(id), 600);
		assert_ok!(agree(id, 20));
		assert_eq!(held(id), 40 * 20 + 140);
	});
}

#[test]
fn accept_price_takes_nothing_where_the_provider_accepts() {
	execute(|| {
		let id = lasting();
		assert_ok!(propose(developer(), id, 11));
		assert_refused!(accept(provider(), id, 11), Error::<Test>::NotFunded);
		assert_ok!(propose(developer(), id, 10));
		let all = MockEscrow::total();
		assert_ok!(accept(provider(), id, 10));
		assert_eq!((part(id, FIRST).price, MockEscrow::total()), (10, all));
	});
}

#[test]
fn accept_price_leaves_a_surplus_where_it_is_lower() {
	execute(|| {
		let id = serving();
		assert_ok!(propose(developer(), id, 2));
		assert_ok!(accept(provider(), id, 2));
		assert_eq!((record(id).rate, held(id)), (4 * 2 + 14, 580));
		withdraw(id, 1);
		assert_eq!(held(id), 36 * 2 + 20 * 7);
	});
}

#[test]
fn accept_price_is_refused_where_the_developer_has_too_little() {
	execute(|| {
		let id = lasting();
		assert_ok!(propose(provider(), id, 100));
		MockEscrow::make_poor(developer());
		let refused = accept(developer(), id, 100);
		assert_refused!(refused, DispatchError::Token(TokenError::FundsUnavailable));
		MockEscrow::make_rich(&developer());
		assert_ok!(accept(developer(), id, 100));
	});
}

#[test]
fn accept_price_shares_the_new_price_as_the_old() {
	execute(|| {
		let id = serving();
		MockIncome::share(FIRST, id, 0, Perbill::from_percent(25));
		assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), Perbill::from_percent(10)));
		assert_ok!(agree(id, 10));
		let paid = || {
			let commitment = MockEscrow::paid_to(&MockIncome::account(0));
			let fee = MockEscrow::paid_to(&marketplace_testkit::treasury());
			(fee, commitment, MockEscrow::paid_to(&provider()))
		};
		// of 20 the fee is 2, a quarter of the rest 4
		assert_eq!(paid(), (2, 4, 14));
		MockUnits::set_epoch(6);
		settle(id);
		assert_eq!(paid(), (2 + 4, 4 + 9, 14 + 27));
	});
}

#[test]
fn accept_price_counts_for_units_that_leave_as_well() {
	execute(|| {
		let id = serving();
		let who = RuntimeOrigin::signed(developer());
		// they leave with epoch 8
		assert_ok!(Deals::release_units(who, id, FIRST, Units::first(3)));
		assert_ok!(agree(id, 8));
		assert_eq!(record(id).rate, 8 + 14);
		withdraw(id, 1);
		// epochs 3 to 11 of one unit, and 3 to 7 of three
		assert_eq!(held(id), (9 + 3 * 5) * 8 + 20 * 7);
	});
}

#[test]
fn accept_price_may_be_of_an_account_on_both_sides() {
	execute(|| {
		post(1, 4, 10, 10);
		let id = fill(1, &[fill_of(10, developer(), 4, 5)]).unwrap();
		assert_ok!(propose(developer(), id, 6));
		assert_ok!(accept(developer(), id, 6));
		assert_eq!(part(id, FIRST).price, 6);
	});
}

#[test]
fn accept_price_is_refused_where_nothing_is_proposed_to_the_signer() {
	execute(|| {
		let id = lasting();
		assert_refused!(accept(developer(), id, 6), Error::<Test>::NoProposal);
		assert_ok!(propose(provider(), id, 6));
		for who in [provider(), other_provider(), operator(), stranger()] {
			assert_refused!(accept(who, id, 6), Error::<Test>::NotCounterparty);
		}
		assert_refused!(accept(developer(), id, 7), Error::<Test>::PriceMismatch);
		assert_ok!(propose(developer(), id, 6));
		for who in [developer(), other_provider(), operator(), stranger()] {
			assert_refused!(accept(who, id, 6), Error::<Test>::NotCounterparty);
		}
		assert_ok!(accept(provider(), id, 6));
		assert_refused!(accept(provider(), id, 6), Error::<Test>::NoProposal);
	});
}

#[test]
fn accept_price_is_refused_before_what_was_lost_is_compensated() {
	execute(|| {
		let id = lasting();
		MockIncome::lose(FIRST, id, 5);
		MockIncome::set_own_stake(FIRST, 1_000);
		MockPrice::set_rate(ASSET, Some(2));
		assert_ok!(propose(provider(), id, 10));
		assert_refused!(accept(developer(), id, 10), Error::<Test>::LossOpen);
		assert_ok!(Deals::compensate(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(MockIncome::compensated(), vec![(developer(), 5 * 5 * 2)]);
		assert_ok!(accept(developer(), id, 10));
	});
}

#[test]
fn accept_price_waits_until_it_is_known_what_is_lost() {
	execute(|| {
		let id = lasting();
		MockUnits::set_epoch(3);
		assert_ok!(propose(provider(), id, 1_000));
		// what a commitment that fails in this epoch costs is told with the next
		MockUnits::fail(FIRST, Units::first(3));
		assert_refused!(accept(developer(), id, 1_000), Error::<Test>::LossOpen);
		assert_ok!(Deals::replace(RuntimeOrigin::signed(stranger()), id, FIRST));
		// escrow would have to hold 1,000 for one unit, and the stake of the provider pay as much for three
		assert_refused!(accept(developer(), id, 1_000), Error::<Test>::LossOpen);
		MockUnits::set_epoch(4);
		MockIncome::lose(FIRST, id, 3 * 8);
		MockIncome::set_own_stake(FIRST, 1_000_000);
		MockPrice::set_rate(ASSET, Some(1));
		assert_refused!(accept(developer(), id, 1_000), Error::<Test>::LossOpen);
		assert_ok!(Deals::compensate(RuntimeOrigin::signed(stranger()), id, FIRST));
		assert_eq!(MockIncome::compensated(), vec![(developer(), 3 * 8 * 5)]);
		assert_ok!(accept(developer(), id, 1_000));
	});
}

#[test]
fn accept_price_waits_until_contested_units_have_left() {
	execute(|| {
		let id = serving();
		let who = || RuntimeOrigin::signed(developer());
		assert_ok!(Deals::contest(who(), id, FIRST, Units::one(0), 5));
		assert_ok!(propose(provider(), id, 6));
		assert_refused!(accept(developer(), id, 6), Error::<Test>::LossOpen);
		// another server's are its own matter
		assert_ok!(Deals::propose_price(
			RuntimeOrigin::signed(other_provider()),
			id,
			SECOND,
			Some(6)
		));
		assert_ok!(accept_for(developer(), id, SECOND, 6));
		MockUnits::set_epoch(6);
		assert_ok!(accept(developer(), id, 6));
	});
}

#[test]
fn accept_price_is_refused_after_the_end() {
	execute(|| {
		let id = two_servers();
		assert_ok!(propose(provider(), id, 6));
		MockUnits::set_epoch(5);
		assert_refused!(accept(developer(), id, 6), Error::<Test>::DealEnded);
		MockUnits::set_epoch(4);
		assert_ok!(Deals::terminate(RuntimeOrigin::signed(developer()), id));
		assert_ok!(accept(developer(), id, 6));
	});
}

#[test]
fn accept_price_is_refused_when_nothing_is_known() {
	execute(|| {
		let id = lasting();
		assert_refused!(accept(developer(), DealId(9), 6), Error::<Test>::UnknownDeal);
		let who = RuntimeOrigin::signed(developer());
		let unknown = Deals::accept_price(who, id, ServerId(9), 6, 0);
		assert_refused!(unknown, Error::<Test>::UnknownAllocation);
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Deals::accept_price(origin, id, FIRST, 6, 0);
			assert_refused!(refused, DispatchError::BadOrigin);
		}
	});
}
