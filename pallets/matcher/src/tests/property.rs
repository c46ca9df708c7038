//! Random histories: the matcher against the reference.

use super::{history::*, reference::Reference, world::*};
use crate::{mock::*, Event};
use codec::Encode;
use marketplace_primitives::{Fill, ServerId};
use proptest::{collection::vec, prelude::*};

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	/// Brought to rest after each move, by idle blocks of any size and by pokes of any bid, the book
	/// makes the deals of the reference: who looks, and when, changes nothing.
	#[test]
	fn matcher_does_as_the_reference(
		history in vec((moves(), turns()), 1..40),
	) {
		market(|| {
			let mut model = begin();
			for (number, (next, turns)) in history.into_iter().enumerate() {
				apply(number.try_into().expect("few"), next.clone(), &mut model);
				let mut turns = turns.iter().chain(std::iter::repeat(&Turn::Idle(8)));
				settle_with(|| turns.next().into_iter().for_each(take));
				model.match_all();
				let made = deals().into_iter().map(|(id, deal)| (id.0, deal)).collect();
				assert_eq!(model.deals, made, "after move {number}: {next:?}");
				crate::Pallet::<Test>::do_try_state().expect("invariants hold");
			}
		});
	}

	/// Moves and idle blocks in any order: no unit is sold twice, caps, minima and prices hold, nothing
	/// that fits is refused, and at rest the reference finds nothing more to match.
	#[test]
	fn book_at_rest_has_no_match_left(
		history in vec((moves(), proptest::option::of(turns())), 1..40),
	) {
		market(|| {
			let mut model = begin();
			for (number, (next, turns)) in history.into_iter().enumerate() {
				model = copy_of_chain(&model);
				apply(number.try_into().expect("few"), next, &mut model);
				turns.iter().flatten().for_each(take);
				crate::Pallet::<Test>::do_try_state().expect("invariants hold");
			}
			settle();
			let mut rest = copy_of_chain(&model);
			(0..SERVERS).for_each(|id| {
				rest.busy(ServerId(id));
			});
			check_deals(&rest);
			assert!(!rest.match_all(), "the reference makes a further match");
		});
	}

	/// With nobody refusing, nothing that the matcher tries is ever refused.
	#[test]
	fn matcher_tries_nothing_that_does_not_fit(
		history in vec((moves(), proptest::option::of(turns())), 1..40),
	) {
		market(|| {
			let mut model = begin();
			for (number, (next, turns)) in history.into_iter().enumerate() {
				if !matches!(next, Move::Refuse(_)) {
					model = copy_of_chain(&model);
					apply(number.try_into().expect("few"), next, &mut model);
					turns.iter().flatten().for_each(take);
				}
			}
			settle();
			let refused = |event: &Event<Test>| matches!(event, Event::CandidateSkipped { .. });
			assert!(!events().iter().any(refused));
		});
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	/// In a book at rest, an offer gets what its quote said.
	#[test]
	fn quote_equals_what_the_posting_then_does(
		history in vec(moves(), 1..30),
		mut terms in bids(),
	) {
		market(|| {
			let mut model = begin();
			// Whether a server will refuse is nothing that a quote could know.
			let history = history.into_iter().filter(|next| !matches!(next, Move::Refuse(_)));
			for (number, next) in history.enumerate() {
				apply(number.try_into().expect("few"), next, &mut model);
				settle();
			}
			terms.expiry += model.epoch;
			let quote = Matcher::quote(&terms);
			let explanation = Matcher::explain(&terms);
			assert_eq!(explanation.matches, !quote.is_empty());
			let id = 1_000_000;
			post(id, terms);
			settle();
			assert_eq!(fills(id).get(..quote.len()), Some(&quote[..]));
			assert!(fills(id).is_empty() == quote.is_empty());
		});
	}
}

/// Caps, prices and counts of every deal of a bid that is still open.
pub fn check_deals(model: &Reference) {
	for (id, (_, terms)) in &model.bids {
		let Some((_, fills)) = model.deals.get(id) else {
			assert_eq!(terms.filled, 0);
			continue;
		};
		let units = fills.iter().map(|fill| fill.units.count()).sum::<u32>();
		assert_eq!(units, terms.filled);
		assert!(terms.units.min <= units && units < terms.units.target);
		let groups = |id: &dyn Fn(&Fill<_>) -> Vec<u8>| {
			fills.iter().map(id).collect::<std::collections::BTreeSet<_>>().len() as u32
		};
		assert!(groups(&|fill| fill.provider.encode()) >= terms.placement.min_providers);
		assert!(groups(&|fill| fill.data_center.encode()) >= terms.placement.min_data_centers);
		assert!(groups(&|fill| fill.country.encode()) >= terms.placement.min_countries);
		for fill in fills {
			assert!(fill.price <= terms.max_price);
			assert!(terms.placement.providers.admits(&fill.provider));
			if let Some(highest) = terms.tariff {
				assert!(fill.tariff.expect("it takes requests") <= highest);
			}
			let theirs = fills.iter().filter(|other| other.provider == fill.provider);
			let held = theirs.map(|fill| fill.units.count()).sum::<u32>();
			assert!(terms.placement.max_per_provider.is_none_or(|cap| held <= cap));
			let theirs = fills.iter().filter(|other| other.data_center == fill.data_center);
			let held = theirs.map(|fill| fill.units.count()).sum::<u32>();
			assert!(terms.placement.max_per_data_center.is_none_or(|cap| held <= cap));
			let held = fill.units.count();
			assert!(terms.placement.max_per_server.is_none_or(|cap| held <= cap));
			assert_eq!(fills.iter().filter(|other| other.server == fill.server).count(), 1);
		}
	}
}
