use super::world::*;
use crate::{mock::*, Book, Error, Pass, Progresses};
use frame_support::{assert_noop, assert_ok, dispatch::Pays, BoundedVec};
use marketplace_primitives::{AccessList, Ask, OfferId, Placement, Units};
use marketplace_testkit::{other_provider, provider, stranger, MockUnits};
use sp_runtime::DispatchError;

#[test]
fn poke_is_refused_without_a_signature() {
	market(|| {
		post(1, bid(5, 1, 1));
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			assert_noop!(Matcher::poke(origin, OfferId(1)), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn poke_is_refused_when_there_is_no_such_bid() {
	market(|| {
		assert_noop!(poke(stranger(), 1), Error::<Test>::UnknownOffer);
	});
}

#[test]
fn poke_matches_the_best_bid() {
	market(|| {
		post(1, bid(5, 1, 1));
		server(1, provider(), 1);
		ask(1, 1, 5);
		let post = poke(stranger(), 1).expect("the bid stands");
		assert_eq!(got(1), [(1, 1, 5)]);
		let spent = post.actual_weight.expect("weight is refunded");
		assert!(spent.all_lt(Matcher::poke_weight()));
	});
}

fn pays(offer: u64) -> Pays {
	poke(stranger(), offer).expect("the bid stands").pays_fee
}

#[test]
fn poke_that_makes_a_match_is_free() {
	market(|| {
		post(1, bid(6, 1, 2));
		post(2, bid(5, 1, 1));
		server(1, provider(), 3);
		ask(1, 1, 5);
		// Of the better bid, though the other is named: its turn came first.
		assert_eq!(pays(2), Pays::No);
		assert_eq!((got(1).len(), got(2).len()), (1, 0));
		assert_eq!(pays(2), Pays::No);
		assert_eq!((got(1).len(), got(2).len()), (1, 1));
	});
}

#[test]
fn poke_that_drops_an_expired_bid_is_free() {
	market(|| {
		post(1, Terms { expiry: 3, ..bid(6, 1, 1) });
		MockUnits::set_epoch(4);
		assert_eq!(pays(1), Pays::No);
		assert_noop!(poke(stranger(), 1), Error::<Test>::UnknownOffer);
	});
}

#[test]
fn poke_that_finds_nothing_pays() {
	market(|| {
		post(1, bid(6, 9, 9));
		assert_eq!(pays(1), Pays::Yes, "there is no ask");
		for id in 1..=4 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		for _ in 0..4 {
			assert_eq!(pays(1), Pays::Yes, "there are too few units");
		}
	});
}

#[test]
fn poke_whose_match_is_refused_pays() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 5);
		refuse(1);
		post(1, bid(5, 1, 1));
		for _ in 0..4 {
			assert_eq!(pays(1), Pays::Yes);
		}
		accept(1);
		// The book was not told, and a look finds it.
		assert_eq!(pays(1), Pays::No);
		assert_eq!(got(1), [(1, 1, 5)]);
	});
}

#[test]
fn matches_of_one_offer_by_free_pokes_are_no_more_than_it_takes_servers() {
	market(|| {
		for id in 1..=12 {
			server(id, provider(), 2);
			// Two asks of a server make no second match: a deal takes it once.
			for units in [1, 2] {
				let name = 10 * u64::from(id) + units;
				set_ask(name, marketplace_primitives::Ask { units: Units(units), ..ask_of(id, 5) });
			}
		}
		post(1, bid(5, 1, 100));
		let free = (0..40).filter(|_| pays(1) == Pays::No).count();
		assert!((1..=12).contains(&free), "{free} of them");
		assert_eq!(got(1).len(), 12);
	});
}

#[test]
fn poke_does_not_let_a_bid_pass_a_better_one() {
	market(|| {
		post(1, bid(6, 1, 1));
		post(2, bid(5, 1, 1));
		server(1, provider(), 1);
		ask(1, 1, 5);
		assert_ok!(poke(stranger(), 2));
		assert_eq!((got(1), got(2)), (vec![(1, 1, 6)], vec![]));
	});
}

#[test]
fn pokes_alone_bring_the_book_to_rest() {
	market(|| {
		for id in 0..8 {
			post(id, bid(20 - u128::from(id), 1, 2));
		}
		for id in 0..12 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		let mut pokes = 0;
		while got(5).len() < 2 {
			assert_ok!(poke(stranger(), 7));
			pokes += 1;
			assert!(pokes < 100);
		}
		for id in 0..6 {
			let price = 20 - u128::from(id);
			let server = u32::try_from(2 * id).expect("small");
			assert_eq!(got(id), [(server, 1, price), (server + 1, 1, price)]);
		}
	});
}

#[test]
fn poke_of_a_bid_that_waits_for_its_turn_moves_the_pass() {
	market(|| {
		for id in 0..4 {
			post(id, bid(20 - u128::from(id), 2, 2));
		}
		server(1, provider(), 1);
		ask(1, 1, 5);
		assert_ok!(poke(stranger(), 3));
		let Pass::After(place) = Book::<Test>::get().pass else { panic!("the pass runs") };
		assert_eq!(place.key.bid_price(), 20);
		assert_ok!(poke(stranger(), 3));
		let Pass::After(place) = Book::<Test>::get().pass else { panic!("the pass runs") };
		assert_eq!(place.key.bid_price(), 19);
	});
}

/// Two bids that an ask bars from another of its server, and a third that empties it and has more to look at.
fn emptied() {
	server(1, provider(), 8);
	set_ask(1, Ask { units: Units(0b0000_0011), ..ask_of(1, 1) });
	set_ask(2, Ask { units: Units(0b1111_1100), ..ask_of(1, 2) });
	for id in 2..6 {
		server(id, other_provider(), 1);
		ask(10 + u64::from(id), id, 1);
	}
	settle();
	// Two units at the best ask are too few for both, and a deal takes a server once.
	let allow = AccessList::Allow(BoundedVec::truncate_from(vec![provider()]));
	let placement = Placement { providers: allow, ..Default::default() };
	post(1, Terms { placement: placement.clone(), ..bid(5, 4, 4) });
	post(2, Terms { placement, ..bid(4, 4, 4) });
	settle();
	// Empties that ask, and has more to look at.
	post(3, bid(3, 1, 20));
	assert_eq!((got(1), got(2), got(3).len()), (vec![], vec![], 2));
	assert!(!Matcher::is_left(OfferId(1)) && !Matcher::is_left(OfferId(2)));
}

#[test]
fn poke_lets_no_bid_pass_one_that_an_emptied_ask_barred() {
	market(|| {
		emptied();
		// Neither a poke nor one more offer gets what the best bid may now have.
		assert_ok!(poke(stranger(), 2));
		post(4, bid(4, 4, 4));
		settle();
		assert_eq!((got(1), got(2), got(4)), (vec![(1, 4, 2)], vec![], vec![]));
		assert_eq!(got(3).len(), 5);
	});
}

#[test]
fn bids_wait_no_longer_for_one_that_emptied_an_ask_and_goes() {
	let ways: [fn(); 3] = [
		|| cancel(OfferId(3)),
		|| raise(3, 4),
		// Its scan begins again with the epoch, and still all wait for its end.
		|| MockUnits::set_epoch(2),
	];
	for way in ways {
		market(|| {
			emptied();
			way();
			crate::Pallet::<Test>::do_try_state().expect("invariants hold");
			assert_ok!(poke(stranger(), 2));
			settle();
			assert_eq!((got(1), got(2)), (vec![(1, 4, 2)], vec![]));
		});
	}
}

#[test]
fn poke_of_a_bid_that_has_seen_all_keeps_nobody_waiting() {
	market(|| {
		for id in 0..30 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
		}
		// Looks at every ask, and finds too few units.
		post(1, bid(9, 31, 31));
		post(2, bid(8, 31, 31));
		post(3, bid(7, 31, 31));
		settle();
		prove(1, Units::NONE, 900);
		assert_ok!(poke(stranger(), 3));
		while !matches!(&Book::<Test>::get().pass, Pass::After(at) if at.key.bid_price() == 8) {
			assert_ok!(poke(stranger(), 3));
		}
		// The best bid had its turn, and the pass stands at the second: each poke is a visit of that, or of the next.
		let mut visits = 0;
		while Book::<Test>::get().is_running() {
			assert_ok!(poke(stranger(), 1));
			assert!(!Progresses::<Test>::contains_key(OfferId(1)));
			visits += 1;
		}
		assert!(visits <= 2 * 30_u32.div_ceil(3) + 2, "{visits} visits");
		// Nothing is left to see: a look leaves nothing behind.
		let book = Book::<Test>::get();
		assert_eq!(pays(1), Pays::Yes);
		assert_eq!(Book::<Test>::get(), book);
		assert!(!Progresses::<Test>::contains_key(OfferId(1)));
	});
}

#[test]
fn look_at_a_book_at_rest_finds_what_the_book_was_not_told_of() {
	market(|| {
		server(1, provider(), 1);
		ask(1, 1, 5);
		refuse(1);
		post(1, bid(6, 1, 1));
		settle();
		super::ledger::refuse(marketplace_primitives::ServerId(1), false);
		assert!(Matcher::is_quiet());
		assert_eq!(pays(1), Pays::No);
		assert_eq!(got(1), [(1, 1, 5)]);
	});
}
