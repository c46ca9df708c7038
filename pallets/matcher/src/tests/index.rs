//! The index against a sorted list, and its reader against reading all at once.

use crate::{
	index::{
		merge::Merge,
		queue::{Pushed, Queue},
		segment::{OpenSegment, Segment},
		Index,
	},
	mock::*,
	Leaves, Levels, OrderKey, Pages, Position, Segments, Summaries,
};
use marketplace_primitives::{AskId, PaymentAsset};
use proptest::{collection::vec, prelude::*};
use std::collections::BTreeMap;

const ASSET: PaymentAsset = PaymentAsset::WithId(1);

#[derive(Clone, Debug)]
enum Step {
	/// An order at a rank, in a segment.
	Push(u32, u8),
	/// One of the orders goes.
	Remove(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let rank = prop_oneof![Just(0), 0u32..4, 1_020u32..1_030, Just(351_000)];
	let step = prop_oneof![
		3 => (rank, 0u8..3).prop_map(|(rank, segment)| Step::Push(rank, segment)),
		1 => any::<usize>().prop_map(Step::Remove),
	];
	vec(step, 1..80)
}

fn segment(hardware: u8) -> Segment {
	Segment { hardware, term: 0 }
}

fn queue(hardware: u8) -> Queue {
	Queue::Asks(ASSET, segment(hardware))
}

/// Orders by their keys, with their segment and page.
#[derive(Default)]
struct Model {
	orders: BTreeMap<OrderKey, (u8, u64)>,
	/// Numbers that were given out: none is given twice.
	last: u64,
}

fn push(model: &mut Model, rank: u32, hardware: u8) {
	model.last += 1;
	let sequence = model.last;
	let key = OrderKey::new(rank, sequence);
	let Pushed { page, is_new_level, .. } = Index::<Test>::push(&queue(hardware), key, sequence);
	if is_new_level {
		Index::<Test>::note_opened(&ASSET, segment(hardware), rank);
	}
	model.orders.insert(key, (hardware, page));
}

fn remove(model: &mut Model, pick: usize) {
	let nth = pick % model.orders.len().max(1);
	let Some(key) = model.orders.keys().nth(nth).copied() else { return };
	let (hardware, page) = model.orders.remove(&key).expect("it is there");
	let unlinked = Index::<Test>::remove(&queue(hardware), key, page);
	if unlinked.is_some_and(|unlinked| unlinked.level_gone) {
		Index::<Test>::note_gone(&ASSET, segment(hardware), key.rank());
	}
}

fn build(steps: Vec<Step>) -> Model {
	let mut model = Model::default();
	for step in steps {
		match step {
			Step::Push(rank, hardware) => push(&mut model, rank, hardware),
			Step::Remove(pick) => remove(&mut model, pick),
		}
	}
	model
}

fn merge(from: Option<Position>, last: u32, allowance: u32) -> Merge<Test> {
	Merge::new(&ASSET, Segments::<Test>::get(&ASSET), last, from, allowance)
}

fn expected(model: &Model) -> Vec<(OrderKey, AskId)> {
	model.orders.keys().map(|key| (*key, AskId(key.sequence()))).collect()
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(512))]

	#[test]
	fn orders_come_by_price_and_time(steps in steps(), last in 0u32..2_000) {
		new_test_ext().execute_with(|| {
			let model = build(steps);
			let all = merge(None, u32::MAX - 1, 0).collect::<Vec<_>>();
			assert_eq!(all, expected(&model));
			let some = merge(None, last, 0).map(|(key, _)| key.rank()).collect::<Vec<_>>();
			let within = model.orders.keys().map(OrderKey::rank).filter(|rank| *rank <= last);
			assert_eq!(some, within.collect::<Vec<_>>());
			for hardware in 0..3 {
				let first = model.orders.iter().find(|(_, (other, _))| *other == hardware);
				let first = first.map(|(key, _)| key.rank());
				assert_eq!(Index::<Test>::first_level(&queue(hardware)), first);
				let known = Segments::<Test>::get(&ASSET).into_iter().find(|open| open.segment == segment(hardware));
				let best = first.map(|best| OpenSegment { segment: segment(hardware), best });
				assert_eq!(known, best);
			}
		});
	}

	/// However little is read at a time, and whatever comes and goes in between, a reader that goes on where
	/// it stopped sees all that stands behind, once, and comes to the end.
	#[test]
	fn reader_goes_on_where_it_stopped(
		first in steps(),
		between in vec(steps(), 0..12),
		at_once in 1usize..4,
		allowance in 1u32..4,
	) {
		new_test_ext().execute_with(|| {
			let mut model = build(first);
			let (mut position, mut seen) = (None, Vec::new());
			let mut between = between.into_iter();
			for _ in 0..2_000 {
				let mut asks = merge(position.clone(), u32::MAX - 1, allowance);
				for _ in 0..at_once {
					let behind = position.as_ref().map(|at: &Position| at.key);
					let Some((key, _)) = asks.next() else { break };
					let expected = model.orders.keys().find(|key| behind.is_none_or(|at| **key > at));
					assert_eq!(Some(&key), expected);
					seen.push(key);
					position = asks.position();
				}
				if !asks.has_next() && !asks.is_paused() {
					break;
				}
				position = asks.position();
				for step in between.next().unwrap_or_default() {
					match step {
						Step::Push(rank, hardware) => push(&mut model, rank, hardware),
						Step::Remove(pick) => remove(&mut model, pick),
					}
				}
			}
			let end = position.map(|at| at.key);
			assert!(seen.is_sorted_by(|a, b| a < b));
			let behind = model.orders.keys().filter(|key| end.is_none_or(|end| **key > end));
			assert_eq!(behind.count(), 0, "the reader never came to the end");
		});
	}

	/// What was a bid's place leads to the bid behind it, even when its page went.
	#[test]
	fn follower_of_an_order_is_found(steps in steps(), gone in vec(any::<usize>(), 0..40), at: usize) {
		new_test_ext().execute_with(|| {
			let mut model = build(steps).orders;
			model.retain(|_, (hardware, _)| *hardware == 0);
			let Some((key, (_, page))) = model.iter().nth(at % model.len().max(1)) else { return };
			let (key, mut page) = (*key, Some(*page));
			for pick in gone {
				let Some(gone) = model.keys().nth(pick % model.len().max(1)).copied() else { break };
				let (hardware, on) = model.remove(&gone).expect("it is there");
				let unlinked = Index::<Test>::remove(&queue(hardware), gone, on);
				if let Some(unlinked) = unlinked.filter(|unlinked| Some(unlinked.page) == page) {
					page = unlinked.to;
				}
				let next = Index::<Test>::after(&queue(0), key, page);
				let expected = model.keys().find(|other| **other > key);
				assert_eq!(next.map(|(key, ..)| key), expected.copied());
			}
		});
	}
}

#[test]
fn nothing_is_left_of_an_empty_book() {
	new_test_ext().execute_with(|| {
		let mut model = build((0..100).map(|n| Step::Push(n % 7 * 1_000, (n % 3) as u8)).collect());
		(0..100).for_each(|n| remove(&mut model, n * 31));
		assert!(model.orders.is_empty());
		assert_eq!(Levels::<Test>::iter_keys().count(), 0);
		assert_eq!(Pages::<Test>::iter_keys().count(), 0);
		assert_eq!(Leaves::<Test>::iter_keys().count(), 0);
		assert_eq!(Summaries::<Test>::iter_keys().count(), 0);
		assert_eq!(Segments::<Test>::iter_keys().count(), 0);
	});
}
