use super::world::*;
use crate::{mock::*, Event};
use frame_support::assert_ok;
use marketplace_primitives::{AskId, OfferId, Placement};
use marketplace_testkit::{other_provider, provider, stranger};
use sp_runtime::DispatchError;

fn skipped() -> Vec<u64> {
	events()
		.into_iter()
		.filter_map(|event| match event {
			Event::CandidateSkipped { offer: OfferId(1), ask, reason } => {
				assert_eq!(reason, DispatchError::Unavailable);
				Some(ask.0)
			},
			_ => None,
		})
		.collect()
}

#[test]
fn refused_fill_does_not_fail_the_posting_and_leaves_nothing() {
	market(|| {
		server(1, provider(), 2);
		ask(1, 1, 5);
		refuse(1);
		post(1, bid(5, 1, 2));
		assert_eq!(got(1), []);
		settle();
		assert_eq!(got(1), []);
		assert_eq!(skipped(), [1]);
		assert_eq!(open()[0].1, bid(5, 1, 2));
	});
}

#[test]
fn refused_candidate_is_skipped_and_the_others_are_filled() {
	market(|| {
		for id in 1..=6 {
			server(id, provider(), 2);
			ask(id.into(), id, 5);
		}
		refuse(2);
		refuse(4);
		post(1, bid(5, 6, 8));
		settle();
		assert_eq!(got(1), [(1, 2, 5), (3, 2, 5), (5, 2, 5), (6, 2, 5)]);
		assert_eq!(skipped(), [2, 4]);
	});
}

#[test]
fn fills_are_taken_back_when_a_refusal_leaves_less_than_the_minimum() {
	market(|| {
		for id in 1..=2 {
			server(id, provider(), 2);
			ask(id.into(), id, 5);
		}
		refuse(2);
		post(1, bid(5, 3, 4));
		settle();
		assert_eq!(got(1), []);
		assert_eq!(open()[0].1.filled, 0);
		assert_eq!(skipped(), [2]);
		// The units of the first server are free for others.
		post(2, bid(5, 2, 2));
		assert_eq!(got(2), [(1, 2, 5)]);
	});
}

#[test]
fn room_under_the_cap_that_a_refusal_leaves_goes_to_asks_seen_before() {
	market(|| {
		server(1, provider(), 2);
		server(2, provider(), 2);
		server(3, other_provider(), 1);
		for id in 1..=3 {
			ask(id.into(), id, 5);
		}
		refuse(1);
		let placement = Placement { max_per_provider: Some(2), ..Default::default() };
		post(1, Terms { placement, ..bid(5, 3, 3) });
		settle();
		assert_eq!(got(1), [(2, 2, 5), (3, 1, 5)]);
		assert_eq!(skipped(), [1]);
	});
}

#[test]
fn skipped_candidate_is_tried_again_when_its_supply_changes() {
	market(|| {
		server(1, provider(), 2);
		ask(1, 1, 5);
		refuse(1);
		post(1, bid(5, 1, 2));
		settle();
		accept(1);
		settle();
		assert_eq!(got(1), [(1, 2, 5)]);
	});
}

#[test]
fn bid_gives_up_for_this_pass_when_too_many_candidates_are_refused() {
	market(|| {
		for id in 1..=30 {
			server(id, provider(), 1);
			ask(id.into(), id, 5);
			refuse(id);
		}
		server(31, provider(), 1);
		ask(31, 31, 6);
		post(1, bid(6, 1, 40));
		post(2, bid(6, 1, 1));
		settle();
		assert_eq!(skipped().len(), 16);
		assert_eq!(got(1), []);
		assert_eq!(got(2), []);
	});
}

#[test]
fn poke_skips_a_refused_candidate() {
	market(|| {
		server(1, provider(), 1);
		server(2, provider(), 1);
		ask(1, 1, 5);
		ask(2, 2, 6);
		refuse(1);
		post(1, bid(6, 1, 1));
		while got(1).is_empty() {
			assert_ok!(poke(stranger(), 1));
		}
		assert_eq!(got(1), [(2, 1, 6)]);
		assert!(events().contains(&Event::CandidateSkipped {
			offer: OfferId(1),
			ask: AskId(1),
			reason: DispatchError::Unavailable,
		}));
	});
}
