//! One queue of orders.

use super::{bits::Bits, segment::Segment, Index};
use crate::{Config, Leaves, Levels, OrderKey, Pages, Summaries};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::PaymentAsset;
use scale_info::TypeInfo;

/// Orders of one page. Few in tests, so that small books have long chains.
pub const PAGE_ORDERS: u32 = if cfg!(test) { 2 } else { 16 };

/// A price level of a queue: lower ones come first.
pub type Rank = u32;

/// A page: the sequence number of the first order that it was made for. Never used twice.
pub type PageId = u64;

/// Orders that are compared with each other only.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Queue {
	/// The asks of a segment of the book of an asset, the cheapest first.
	Asks(PaymentAsset, Segment),
	/// The bids of an asset, the most generous first.
	Bids(PaymentAsset),
}

impl Queue {
	/// What is paid in.
	pub fn asset(&self) -> &PaymentAsset {
		match self {
			Self::Asks(asset, _) | Self::Bids(asset) => asset,
		}
	}
}

/// The chain of pages of one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Level {
	/// The page with the oldest orders.
	pub first: PageId,
	/// The page that new orders are put into.
	pub last: PageId,
}

/// An order of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Order {
	/// Its time priority.
	pub sequence: u64,
	/// The ask or the offer.
	pub id: u64,
}

/// Orders of one price, the oldest first; never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Page {
	/// The page with older orders.
	pub previous: Option<PageId>,
	/// The page with younger ones.
	pub next: Option<PageId>,
	/// The orders.
	pub orders: BoundedVec<Order, ConstU32<PAGE_ORDERS>>,
}

/// Where an order was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pushed {
	/// Its page.
	pub page: PageId,
	/// Whether that is a new one.
	pub is_new_page: bool,
	/// Whether it opened a level.
	pub is_new_level: bool,
}

/// A page that is gone, and where its reader goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unlinked {
	/// The page.
	pub page: PageId,
	/// The page after it, else the one before; none where the level is gone.
	pub to: Option<PageId>,
	/// Whether the level is gone.
	pub level_gone: bool,
}

impl<T: Config> Index<T> {
	/// Puts an order behind all of its price.
	pub fn push(queue: &Queue, key: OrderKey, id: u64) -> Pushed {
		let (rank, sequence) = (key.rank(), key.sequence());
		let order = Order { sequence, id };
		let Some(level) = Levels::<T>::get(queue, rank) else {
			Self::put_page(sequence, None, order);
			Levels::<T>::insert(queue, rank, Level { first: sequence, last: sequence });
			Self::set_bit(queue, rank);
			return Pushed { page: sequence, is_new_page: true, is_new_level: true };
		};
		let put = Pages::<T>::mutate(level.last, |page| {
			page.as_mut().is_some_and(|page| {
				let put = page.orders.try_push(order).is_ok();
				if !put {
					page.next = Some(sequence);
				}
				put
			})
		});
		if put {
			return Pushed { page: level.last, is_new_page: false, is_new_level: false };
		}
		Self::put_page(sequence, Some(level.last), order);
		Levels::<T>::insert(queue, rank, Level { last: sequence, ..level });
		Pushed { page: sequence, is_new_page: true, is_new_level: false }
	}

	/// Takes an order out of its page. Returns the page if that is gone with it.
	pub fn remove(queue: &Queue, key: OrderKey, id: PageId) -> Option<Unlinked> {
		let mut page = Pages::<T>::get(id)?;
		page.orders.retain(|order| order.sequence != key.sequence());
		if !page.orders.is_empty() {
			Pages::<T>::insert(id, page);
			return None;
		}
		Pages::<T>::remove(id);
		let Page { previous, next, .. } = page;
		Self::change(previous, |page| page.next = next);
		Self::change(next, |page| page.previous = previous);
		let rank = key.rank();
		let level_gone = previous.is_none() && next.is_none();
		if level_gone {
			Levels::<T>::remove(queue, rank);
			Self::clear_bit(queue, rank);
		} else if let Some(level) = Levels::<T>::get(queue, rank) {
			let first = if level.first == id { next.unwrap_or(level.first) } else { level.first };
			let last = if level.last == id { previous.unwrap_or(level.last) } else { level.last };
			Levels::<T>::insert(queue, rank, Level { first, last });
		}
		Some(Unlinked { page: id, to: next.or(previous), level_gone })
	}

	/// The first level at `rank` or behind it.
	pub fn level_from(queue: &Queue, rank: Rank) -> Option<Rank> {
		let (index, place) = split(rank);
		let within = Leaves::<T>::get(queue, index).first_from(place);
		if let Some(place) = within {
			return Some(join(index, place));
		}
		let index = Summaries::<T>::get(queue).first_from(index.checked_add(1)?)?;
		Leaves::<T>::get(queue, index).first_from(0).map(|place| join(index, place))
	}

	/// The first level of the queue.
	pub fn first_level(queue: &Queue) -> Option<Rank> {
		let index = Summaries::<T>::get(queue).first_from(0)?;
		Leaves::<T>::get(queue, index).first_from(0).map(|place| join(index, place))
	}

	/// The oldest order of a level.
	pub fn front(queue: &Queue, rank: Rank) -> Option<(PageId, Order)> {
		let level = Levels::<T>::get(queue, rank)?;
		let order = Pages::<T>::get(level.first)?.orders.first().copied()?;
		Some((level.first, order))
	}

	/// The first order of a queue behind `key`, where `page` is the page of that order, or the one that its
	/// reader was sent to when it went. Without a page, all orders of that price are behind it.
	pub fn after(
		queue: &Queue,
		key: OrderKey,
		page: Option<PageId>,
	) -> Option<(OrderKey, PageId, u64)> {
		let rank = key.rank();
		let start = page.or_else(|| Levels::<T>::get(queue, rank).map(|level| level.first));
		// Pages are in order and none is empty: the second or the third has it.
		let mut next = start;
		while let Some(id) = next {
			let Some(page) = Pages::<T>::get(id) else { break };
			if let Some(order) = page.orders.iter().find(|order| order.sequence > key.sequence()) {
				return Some((OrderKey::new(rank, order.sequence), id, order.id));
			}
			next = page.next;
		}
		let rank = Self::level_from(queue, rank.checked_add(1)?)?;
		let (page, order) = Self::front(queue, rank)?;
		Some((OrderKey::new(rank, order.sequence), page, order.id))
	}

	fn put_page(id: PageId, previous: Option<PageId>, order: Order) {
		let orders = BoundedVec::truncate_from(alloc::vec![order]);
		Pages::<T>::insert(id, Page { previous, next: None, orders });
	}

	fn change(page: Option<PageId>, change: impl FnOnce(&mut Page)) {
		if let Some(id) = page {
			Pages::<T>::mutate(id, |page| page.as_mut().map(change));
		}
	}

	fn set_bit(queue: &Queue, rank: Rank) {
		let (index, place) = split(rank);
		let opened = Leaves::<T>::mutate(queue, index, |leaf| {
			let was_empty = leaf.is_empty();
			leaf.insert(place);
			was_empty
		});
		if opened {
			Summaries::<T>::mutate(queue, |summary| summary.insert(index));
		}
	}

	fn clear_bit(queue: &Queue, rank: Rank) {
		let (index, place) = split(rank);
		let mut leaf = Leaves::<T>::get(queue, index);
		leaf.remove(place);
		if !leaf.is_empty() {
			return Leaves::<T>::insert(queue, index, leaf);
		}
		Leaves::<T>::remove(queue, index);
		let mut summary = Summaries::<T>::get(queue);
		summary.remove(index);
		if summary.is_empty() {
			Summaries::<T>::remove(queue);
		} else {
			Summaries::<T>::insert(queue, summary);
		}
	}
}

/// The leaf of a level, and its place in it.
const fn split(rank: Rank) -> (u32, u32) {
	(rank / Bits::SIZE, rank % Bits::SIZE)
}

/// The level at a place of a leaf.
fn join(index: u32, place: u32) -> Rank {
	index.saturating_mul(Bits::SIZE).saturating_add(place)
}
