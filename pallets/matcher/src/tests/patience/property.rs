//! Random histories where bids step aside and losses are put off.

use super::super::{history::*, property::check_deals};
use crate::{mock::*, tests::world::*, Event};
use marketplace_primitives::ServerId;
use proptest::{collection::vec, prelude::*};

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	/// Who is met first may differ from the rule of the reference; but no unit is sold twice, caps, minima and
	/// prices hold, and at rest the reference finds nothing more to match.
	#[test]
	fn book_at_rest_has_no_match_left_for_bids_that_step_aside(
		(patience, rewinds, servers) in (2u32..7, 0u32..3, prop_oneof![3 => Just(64), 1 => 1u32..4]),
		history in vec((moves(), proptest::option::of(turns())), 1..40),
	) {
		market(|| {
			Patience::set(patience);
			MaxRewinds::set(rewinds);
			MostServers::set(servers);
			let mut model = begin();
			for (number, (next, turns)) in history.into_iter().enumerate() {
				model = copy_of_chain(&model);
				apply(number.try_into().expect("few"), next, &mut model);
				for turn in turns.iter().flatten() {
					take(turn);
					crate::Pallet::<Test>::do_try_state().expect("invariants hold");
				}
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
	fn matcher_tries_nothing_that_does_not_fit_for_bids_that_step_aside(
		(patience, rewinds, servers) in (2u32..7, 0u32..3, prop_oneof![1 => Just(64), 1 => 1u32..4]),
		history in vec((moves(), proptest::option::of(turns())), 1..40),
	) {
		market(|| {
			Patience::set(patience);
			MaxRewinds::set(rewinds);
			MostServers::set(servers);
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

	/// Where nobody steps aside, but deals take few servers, the book makes the deals of the reference.
	#[test]
	fn matcher_does_as_the_reference_where_deals_take_few_servers(
		servers in 1u32..5,
		history in vec((moves(), turns()), 1..40),
	) {
		market(|| {
			MostServers::set(servers);
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
}
