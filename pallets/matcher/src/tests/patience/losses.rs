//! What goes, and what is left empty: how often and how long that holds others up.

use super::*;
use marketplace_primitives::{Placement, Units};
use marketplace_testkit::{other_provider, MockRegistry};

/// A bid that losses of supply take the pass back for, and two that look long in vain before the worst bid. Every
/// visit is followed by an ask that is set again. Returns whether the worst bid has its match in the end.
fn worst_bid_comes(rewinds: u32) -> bool {
	let mut comes = false;
	market(|| {
		MaxRewinds::set(rewinds);
		common(10);
		let placement = Placement { min_providers: 5, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 5, 5) });
		post(2, picks_rare(9));
		post(3, picks_rare(9));
		post(4, Terms { attributes: Attributes::of(&[8]), ..bid(8, 1, 1) });
		settle();
		stock(11, 6, Attributes::of(&[8]));
		for _ in 0..200 {
			if got(4).is_empty() {
				visit(4);
				ask(1, 1, 5);
				assert!(Book::<Test>::get().rewinds <= rewinds);
			}
		}
		comes = got(4) == [(11, 1, 8)];
	});
	comes
}

#[test]
fn losses_take_a_pass_back_only_so_often() {
	assert!([0, 1, 2, 3].into_iter().all(worst_bid_comes));
	assert!(!worst_bid_comes(u32::MAX), "every loss counts at once");
}

#[test]
fn losses_that_were_put_off_are_for_the_next_pass() {
	market(|| {
		MaxRewinds::set(0);
		// The cheapest takes all the room under the cap and bars a second provider of the first country.
		for (id, owner, country) in
			[(1, provider(), b"CH"), (2, other_provider(), b"CH"), (3, provider(), b"DE")]
		{
			server(id, owner, 1);
			MockRegistry::change_server(id.into(), |server| {
				server.location.country = *country;
			});
			ask(id.into(), id, 3 + u128::from(id));
		}
		let placement = Placement { min_providers: 2, min_countries: 2, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 2, 2) });
		settle();
		assert_eq!(got(1), []);
		withdraw(1);
		assert!(!Matcher::is_quiet());
		settle();
		assert_eq!(got(1), [(2, 1, 5), (3, 1, 6)]);
	});
}

#[test]
fn two_losses_take_the_pass_back_once_if_it_has_not_moved() {
	market(|| {
		common(5);
		let placement = Placement { min_providers: 5, ..Default::default() };
		post(1, Terms { placement, ..bid(9, 5, 5) });
		settle();
		let before = Book::<Test>::get().rewinds;
		withdraw(1);
		withdraw(2);
		assert_eq!(Book::<Test>::get().rewinds, before + 1);
	});
}

/// Asks of nothing, which only bids look at that take any hardware.
fn nothing(servers: core::ops::Range<u32>) {
	for id in servers {
		server(id, provider(), 0);
		MockRegistry::change_server(id.into(), |server| server.hardware = 1);
		ask(10 + u64::from(id), id, 1);
	}
}

/// Two asks of a server. A deal takes it once, at the better of both, which has too few units for two bids.
fn barred() {
	server(1, provider(), 8);
	set_ask(1, Ask { units: Units(0b0000_0011), ..ask_of(1, 1) });
	set_ask(2, Ask { units: Units(0b1111_1100), ..ask_of(1, 2) });
}

/// Those two bids, and a third that will empty that ask.
fn post_all() {
	settle();
	let placement = Placement { hardware: Some(0), ..Default::default() };
	post(1, Terms { placement: placement.clone(), ..bid(5, 4, 4) });
	post(2, Terms { placement, ..bid(4, 4, 4) });
	settle();
	post(3, bid(3, 1, 20));
	assert_eq!((got(1), got(2)), (vec![], vec![]));
}

/// The third comes to the ask at once, and has many others to look at.
fn emptied() {
	barred();
	nothing(2..40);
	post_all();
	assert_eq!((got(1), got(2), got(3).len()), (vec![], vec![], 1));
	assert_eq!(Book::<Test>::get().exposing, Some(OfferId(3)));
}

#[test]
fn bid_that_emptied_an_ask_holds_others_up_no_longer_than_they_bear() {
	market(|| {
		three_visits();
		emptied();
		for _ in 0..3 {
			assert_eq!(Book::<Test>::get().exposing, Some(OfferId(3)));
			visit(2);
		}
		assert_eq!((Book::<Test>::get().exposing, waiting().1), (None, 1));
		// Those that stand before it look again, before it has seen all.
		while got(1).is_empty() {
			visit(2);
		}
		assert!(Progresses::<Test>::contains_key(OfferId(3)));
		settle();
		assert_eq!((got(1), got(2)), (vec![(1, 4, 2)], vec![]));
	});
}

#[test]
fn bid_that_emptied_an_ask_is_waited_for_no_longer_over_epochs() {
	market(|| {
		three_visits();
		emptied();
		let mut visits = 0;
		while Book::<Test>::get().exposing.is_some() {
			MockUnits::set_epoch(MockUnits::current() + 1);
			visit(2);
			visits += 1;
		}
		assert_eq!(visits, 3);
		settle();
		assert_eq!((got(1), got(2)), (vec![(1, 4, 2)], vec![]));
	});
}

#[test]
fn ask_that_is_emptied_by_a_bid_aside_lets_others_look_again_at_once() {
	market(|| {
		Patience::set(VISIT);
		// It comes to the ask only after it has stepped aside.
		nothing(2..20);
		barred();
		nothing(20..40);
		post_all();
		while got(3).is_empty() {
			assert_eq!(got(1), []);
			visit(3);
		}
		assert_eq!((Book::<Test>::get().exposing, waiting().1), (None, 1));
		visit(2);
		assert_eq!(got(1), [(1, 4, 2)]);
	});
}
