//! Random histories where bids step aside, losses are put off and deals are full.

use super::super::{
	history::*,
	property::check_deals,
	reference::Reference,
	world::{deals, settle, settle_with},
};
use crate::{mock::*, Event};
use marketplace_primitives::ServerId;
use proptest::{collection::vec, prelude::*};

/// How long bids may look, how often a pass is taken back, and how many servers a deal has.
fn limits() -> impl Strategy<Value = (u32, u32, u32)> {
	(2u32..7, 0u32..3, prop_oneof![3 => Just(64), 1 => 1u32..5])
}

/// So few turns that the book is seldom at rest before the next move.
fn few_turns() -> impl Strategy<Value = Vec<Turn>> {
	let turn = prop_oneof![(1u64..4).prop_map(Turn::Idle), any::<usize>().prop_map(Turn::Poke)];
	vec(turn, 0..4)
}

fn history() -> impl Strategy<Value = Vec<(Move, Vec<Turn>)>> {
	vec((moves(), few_turns()), 1..60)
}

fn limit((patience, rewinds, servers): (u32, u32, u32)) {
	Patience::set(patience);
	MaxRewinds::set(rewinds);
	MostServers::set(servers);
}

/// A move as it is, or, where deals take few servers, with bids that any unit makes a match of. One that needs more
/// tries the cheapest servers only, and may find a match when those go: as beyond `MaxPlan`.
fn possible(next: Move) -> Move {
	match next {
		Move::Post(mut bids) if MostServers::get() < 64 => {
			for terms in &mut bids {
				terms.units.min = 1;
				let placement = &mut terms.placement;
				(placement.min_providers, placement.min_data_centers) = (0, 0);
				placement.min_countries = 0;
			}
			Move::Post(bids)
		},
		next => next,
	}
}

/// Moves and turns as they come, the invariants checked after each.
fn run(history: Vec<(Move, Vec<Turn>)>, model: &mut Reference) {
	for (number, (next, turns)) in history.into_iter().enumerate() {
		*model = copy_of_chain(model);
		apply(number.try_into().expect("few"), possible(next), model);
		for turn in &turns {
			take(turn);
			crate::Pallet::<Test>::do_try_state().expect("invariants hold");
		}
	}
	settle();
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	/// Who is met first may differ from the rule of the reference; but no unit is sold twice, caps, minima and
	/// prices hold, and at rest the reference finds nothing more to match.
	#[test]
	fn book_at_rest_has_no_match_left_for_bids_that_step_aside(
		limits in limits(),
		history in history(),
	) {
		market(|| {
			limit(limits);
			let mut model = begin();
			run(history, &mut model);
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
		limits in limits(),
		history in history(),
	) {
		market(|| {
			limit(limits);
			let mut model = begin();
			let history = history.into_iter().filter(|(next, _)| !matches!(next, Move::Refuse(_)));
			run(history.collect(), &mut model);
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
				let next = possible(next);
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
