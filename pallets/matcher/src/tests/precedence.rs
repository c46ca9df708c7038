//! Nobody is served before one with a better right, whatever comes while the book is being visited.

use super::{history::*, reference::Reference, world::*};
use crate::mock::*;
use frame_support::assert_ok;
use marketplace_primitives::{Ask, Attributes, OfferId, Placement, Units, UnitsWanted};
use marketplace_testkit::{provider, stranger};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeSet;

/// A bid that needs nothing but units, so that each ask that it could take it should have taken.
fn plain(terms: Terms) -> Terms {
	let least = UnitsWanted { min: 1, ..terms.units };
	let placement =
		Placement { min_providers: 0, min_data_centers: 0, min_countries: 0, ..terms.placement };
	Terms { units: least, placement, ..terms }
}

/// A bid for what few asks have, so that it looks at many, and stays.
fn choosy() -> impl Strategy<Value = Terms> {
	let wish = vec(0u8..4, 1..3).prop_map(|ids| Attributes::of(&ids));
	(5u128..12, wish).prop_map(|(price, attributes)| Terms { attributes, ..bid(price, 1, 1) })
}

/// An ask of all units of a server for nearly every bid of that kind.
fn choice() -> impl Strategy<Value = Ask> {
	let attributes = vec(0u8..3, 0..2).prop_map(|ids| Attributes::of(&ids));
	(0..SERVERS, 1u128..6, attributes).prop_map(|(server, price, attributes)| Ask {
		units: Units::first(8),
		attributes,
		..ask_of(server, price)
	})
}

/// What the book is told of, and bids one at a time, so that each step makes the matches of one bid.
fn told() -> impl Strategy<Value = Move> {
	let one = prop_oneof![1 => bids().prop_map(plain), 5 => choosy()];
	let quiet = |next: &Move| {
		matches!(next, Move::Post(_) | Move::Refuse(_) | Move::Accept(_) | Move::NextEpoch(_))
	};
	prop_oneof![
		5 => one.prop_map(|terms| Move::Post(vec![terms])),
		3 => choice().prop_map(Move::SetAsk),
		2 => moves().prop_filter("the book is told", move |next| !quiet(next)),
	]
}

/// How many visits come between two moves: often none.
fn visits() -> impl Strategy<Value = usize> {
	prop_oneof![4 => Just(0usize), 2 => 1usize..3, 1 => 3usize..9]
}

/// What deals have got since.
fn new_fills(before: &Reference) -> Vec<(u64, Fills)> {
	let had = |id: u64| before.deals.get(&id).map_or(0, |(_, fills)| fills.len());
	let now = deals().into_iter().map(|(id, (_, fills))| (id.0, fills));
	let new = now.map(|(id, fills)| (id, fills[had(id)..].to_vec()));
	new.filter(|(_, fills)| !fills.is_empty()).collect()
}

/// Of what a bid got, no bid before it could have taken anything.
fn check(before: &Reference) {
	for (id, fills) in new_fills(before) {
		let asks = fills.iter().map(|fill| fill.ask.0).collect::<BTreeSet<_>>();
		let mut market = before.clone();
		market.asks.retain(|id, _| asks.contains(id));
		let (time, terms) = &market.bids[&id];
		let rank = |price: u128, time: u64| (core::cmp::Reverse(price), time);
		let place = rank(terms.max_price, *time);
		for (other, (time, terms)) in &market.bids {
			if rank(terms.max_price, *time) < place {
				let match_of = market.best_match(*other, *time, terms);
				assert_eq!(match_of, None, "{other} comes before {id}");
			}
		}
	}
}

/// Applies a move to the chain; `model` has what it brings, and the deals of before.
fn apply_alone(number: u64, next: Move, model: &mut Reference) {
	let Move::Post(bids) = next else { return apply(number, next, model) };
	for (id, mut terms) in (10 * number..).zip(bids) {
		terms.expiry += model.epoch;
		// Later bids are better as a rule: so they come before one that is being visited.
		terms.max_price += u128::from(number / 3);
		// the last of its price, wherever it is when its visit ends
		model.bids.insert(id, (u64::MAX, terms.clone()));
		post(id, terms);
	}
}

/// Lets something happen, and checks what was matched by it.
fn step(model: &mut Reference, act: impl FnOnce(&mut Reference)) {
	act(model);
	let after = copy_of_chain(model);
	for (id, (time, _)) in &mut model.bids {
		*time = after.bids.get(id).map_or(*time, |(sequence, _)| *sequence);
	}
	check(model);
	*model = after;
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn nobody_is_served_before_a_better_bid_whatever_comes_between_two_visits(
		history in vec((told(), visits()), 1..80),
	) {
		market(|| {
			let mut model = begin();
			for (number, (next, visits)) in history.into_iter().enumerate() {
				step(&mut model, |model| {
					apply_alone(number.try_into().expect("few"), next, model);
				});
				for visit in 0..visits {
					step(&mut model, |_| take(&Turn::Poke(number + visit)));
				}
				crate::Pallet::<Test>::do_try_state().expect("invariants hold");
			}
		});
	}
}

#[test]
fn scan_of_the_best_bid_goes_on_without_what_better_ones_have_not_seen() {
	market(|| {
		let rare = Attributes::of(&[9]);
		let wants = |price, attributes| Terms { attributes, ..bid(price, 1, 1) };
		// Three asks that do not suit hide one that does.
		for id in 1..=4 {
			server(id, provider(), 1);
			let attributes = if id == 4 { rare } else { Attributes::NONE };
			set_ask(id.into(), Ask { attributes, ..ask_of(id, 5) });
		}
		// A pass runs that has not seen the last ask as it is now.
		post(1, wants(9, Attributes::of(&[8])));
		settle();
		prove_again(1);
		assert_ok!(poke(stranger(), 1));
		prove_again(4);
		cancel(OfferId(1));
		// The best bid when it comes, and unfinished; then come two better ones.
		post(2, wants(10, rare));
		assert_eq!(got(2), []);
		post(3, wants(12, Attributes::of(&[8])));
		post(4, wants(11, rare));
		settle();
		assert_eq!((got(2), got(3), got(4)), (vec![], vec![], vec![(4, 1, 5)]));
	});
}
