//! The index: orders by price and time, with the same few reads and writes whatever their number.
//!
//! ```text
//! queue ──> summary (bit map of bit maps) ──> leaf (bit map of levels) ──> level ──> page <──> page <──> …
//! ```
//!
//! Orders of one price stand in a chain of pages, first in, first out. A level has a bit in a leaf, a leaf that is
//! not empty one in the summary: so the best level is two reads away, and so is the next after any. A page that
//! lost its last order is taken out of its chain at once; nothing that is gone is ever looked at.

pub(crate) mod bits;
pub(crate) mod merge;
pub(crate) mod queue;
pub(crate) mod segment;

use core::marker::PhantomData;

/// The operations on queues, over the storage of the pallet.
pub(crate) struct Index<T>(PhantomData<T>);
