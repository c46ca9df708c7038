//! The asks of several segments in one order: by price, then by time.

use super::{
	queue::{Order, PageId, Queue, Rank},
	segment::{OpenSegment, Segment, MAX_SEGMENTS},
	Index,
};
use crate::{Config, Levels, OrderKey, Pages};
use alloc::vec::{self, Vec};
use codec::{Decode, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{AskId, PaymentAsset};
use scale_info::TypeInfo;

/// Where a reader of a segment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Mark {
	/// The segment.
	pub segment: Segment,
	/// The page, of the level of the reader.
	pub page: PageId,
}

/// How far a reader of the asks of an asset has come.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Position {
	/// All asks up to this one are read.
	pub key: OrderKey,
	/// Where the reader stands in those segments that have asks at this price. A page that is gone since
	/// is found again from the first of its price on.
	pub marks: BoundedVec<Mark, ConstU32<MAX_SEGMENTS>>,
}

/// One segment of the merge.
struct Lane {
	segment: Segment,
	rank: Rank,
	/// The page that is read, once the merge has come to its level.
	page: Option<OpenPage>,
	/// The level that it left last, and the last page there.
	left: Option<(Rank, PageId)>,
}

impl Lane {
	/// Its next ask, as far as it is known.
	fn head(&self) -> Option<Order> {
		self.page.as_ref().and_then(OpenPage::head)
	}

	/// Where to go on at a level that it is at, or has just left.
	fn mark(&self, rank: Rank) -> Option<PageId> {
		match (&self.page, self.left) {
			(Some(page), _) if self.rank == rank => Some(match page.head() {
				Some(_) => page.id,
				None => page.next.unwrap_or(page.id),
			}),
			(_, Some((left, page))) if left == rank => Some(page),
			_ => None,
		}
	}

	/// Goes to another level.
	fn leave(&mut self, to: Rank) {
		if let Some(page) = self.page.take() {
			self.left = Some((self.rank, page.id));
		}
		self.rank = to;
	}
}

/// The rest of a page.
struct OpenPage {
	id: PageId,
	next: Option<PageId>,
	orders: vec::IntoIter<Order>,
}

impl OpenPage {
	fn head(&self) -> Option<Order> {
		self.orders.as_slice().first().copied()
	}
}

/// Reads the asks of an asset, best first.
pub(crate) struct Merge<T> {
	asset: PaymentAsset,
	/// The last level that is of interest.
	last: Rank,
	/// The last ask that was read, and where others stood then.
	from: Option<Position>,
	lanes: Vec<Lane>,
	/// Pages that may still be passed over in search of where reading stopped.
	allowance: u32,
	/// Pages that were passed over.
	passed: u32,
	/// Whether it stopped in search of its place.
	paused: bool,
	_config: PhantomData<T>,
}

impl<T: Config> Merge<T> {
	/// A reader of `segments` up to the level `last`, that goes on behind `from`. It passes over `allowance`
	/// pages at most in search of its place, and then pauses.
	pub fn new(
		asset: &PaymentAsset,
		segments: impl IntoIterator<Item = OpenSegment>,
		last: Rank,
		from: Option<Position>,
		allowance: u32,
	) -> Self {
		let start = from.as_ref().map(|from| from.key.rank());
		let lanes = segments.into_iter().filter_map(|open| {
			let segment = open.segment;
			let rank = match start {
				Some(rank) if rank >= open.best => {
					Index::<T>::level_from(&Queue::Asks(asset.clone(), segment), rank)?
				},
				_ => open.best,
			};
			(rank <= last).then_some(Lane { segment, rank, page: None, left: None })
		});
		let lanes = lanes.collect();
		let (asset, passed, paused) = (asset.clone(), 0, false);
		Self { asset, last, from, lanes, allowance, passed, paused, _config: PhantomData }
	}

	/// Whether it stopped in search of its place, to go on another time.
	pub fn is_paused(&self) -> bool {
		self.paused
	}

	/// Whether there is a further ask.
	pub fn has_next(&mut self) -> bool {
		self.prepare().is_some()
	}

	/// How many pages were passed over.
	pub fn passed(&self) -> u32 {
		self.passed
	}

	/// Where to go on another time.
	pub fn position(&self) -> Option<Position> {
		let key = self.from.as_ref()?.key;
		let marks = self.lanes.iter().filter_map(|lane| {
			let page = lane.mark(key.rank())?;
			Some(Mark { segment: lane.segment, page })
		});
		Some(Position { key, marks: BoundedVec::truncate_from(marks.collect()) })
	}

	/// Brings all lanes of the best level to their next ask. Returns that level; none at the end, and where
	/// a search pauses.
	fn prepare(&mut self) -> Option<Rank> {
		loop {
			let ranks = self.lanes.iter().map(|lane| lane.rank);
			let rank = ranks.filter(|rank| *rank <= self.last).min()?;
			let mut lanes = core::mem::take(&mut self.lanes);
			for lane in lanes.iter_mut().filter(|lane| lane.rank == rank && lane.head().is_none()) {
				self.open(lane);
			}
			self.lanes = lanes;
			let mut here = self.lanes.iter().filter(|lane| lane.rank == rank).peekable();
			if here.peek().is_some() {
				self.paused = here.any(|lane| lane.head().is_none());
				return (!self.paused).then_some(rank);
			}
		}
	}

	/// Opens the page of a lane with its next ask at its level; where it has none there, the lane goes to its
	/// next level. A page that is open without an ask is as far as a search came.
	fn open(&mut self, lane: &mut Lane) {
		let queue = Queue::Asks(self.asset.clone(), lane.segment);
		let after = self.from.as_ref().filter(|from| from.key.rank() == lane.rank);
		let sequence = after.map_or(0, |from| from.key.sequence());
		let mut next = match &lane.page {
			Some(page) => page.next,
			None => Self::start(&queue, lane, after),
		};
		while let Some(id) = next {
			let Some(page) = Pages::<T>::get(id) else { break };
			let orders = page.orders.into_iter().filter(|order| order.sequence > sequence);
			let orders = orders.collect::<Vec<_>>().into_iter();
			lane.page = Some(OpenPage { id, next: page.next, orders });
			if lane.head().is_some() {
				return;
			}
			if page.next.is_some() {
				let Some(left) = self.allowance.checked_sub(1) else { return };
				self.allowance = left;
				self.passed = self.passed.saturating_add(1);
			}
			next = page.next;
		}
		let behind = lane.rank.checked_add(1);
		let level = behind.and_then(|rank| Index::<T>::level_from(&queue, rank));
		lane.leave(level.unwrap_or(Rank::MAX));
	}

	/// The page with which reading of a lane begins.
	fn start(queue: &Queue, lane: &Lane, after: Option<&Position>) -> Option<PageId> {
		let mark = after.and_then(|from| {
			from.marks.iter().find(|mark| mark.segment == lane.segment).map(|mark| mark.page)
		});
		mark.filter(|page| Pages::<T>::contains_key(page))
			.or_else(|| Levels::<T>::get(queue, lane.rank).map(|level| level.first))
	}
}

impl<T: Config> Iterator for Merge<T> {
	type Item = (OrderKey, AskId);

	fn next(&mut self) -> Option<Self::Item> {
		let rank = self.prepare()?;
		let here = self.lanes.iter_mut().filter(|lane| lane.rank == rank);
		let pages = here.filter_map(|lane| lane.page.as_mut());
		let oldest = pages.min_by_key(|page| page.head().map(|order| order.sequence))?;
		let order = oldest.orders.next()?;
		let key = OrderKey::new(rank, order.sequence);
		self.from = Some(Position { key, marks: BoundedVec::new() });
		Some((key, AskId(order.id)))
	}
}
