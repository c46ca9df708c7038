//! The queue of servers whose reports show that deals miss units of them, or hold none any more: the hook replaces those
//! units, and closes those parts of deals, where blocks have room.

use crate::{
	Allocations, Config, Deals, Error, Event, Missing, MissingQueue, Pallet, Queued, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
	traits::ConstU32,
	weights::{Weight, WeightMeter},
	BoundedVec,
};
use marketplace_primitives::{DealId, DealWatch, ServerId};
use sp_runtime::DispatchError;

/// The deals that miss units of one server, or hold none any more: no more than its record has room for.
pub type DealsOfServer = BoundedVec<DealId, ConstU32<64>>;

impl<T: Config> DealWatch for Pallet<T> {
	/// One entry for a report, and one at a time for a server: so the queue has no more entries than there are
	/// servers, and the next report tells what this one has no room for.
	fn units_missing(server: ServerId, deals: Vec<DealId>) {
		if deals.is_empty() || Queued::<T>::contains_key(server) {
			return;
		}
		let (head, tail) = MissingQueue::<T>::get();
		Missing::<T>::insert(tail, (server, DealsOfServer::truncate_from(deals)));
		Queued::<T>::insert(server, ());
		MissingQueue::<T>::put((head, tail.wrapping_add(1)));
	}

	fn watch_weight() -> Weight {
		T::WeightInfo::push_missing()
	}
}

impl<T: Config> Pallet<T> {
	/// Replaces what deals miss, and closes what they do without, the first report first, until the meter is spent or
	/// nothing is queued.
	pub(crate) fn replace_queued(meter: &mut WeightMeter) {
		if meter.try_consume(T::WeightInfo::visit_missing()).is_err() {
			return;
		}
		let (first, tail) = MissingQueue::<T>::get();
		let mut head = first;
		while head != tail && meter.try_consume(T::WeightInfo::take_missing()).is_ok() {
			if !Self::replace_entry(head, meter) {
				break;
			}
			head = head.wrapping_add(1);
		}
		if head != first {
			MissingQueue::<T>::put((head, tail));
		}
	}

	/// Sees to the deals of one entry, as far as the meter has room. Returns whether that was all; the rest
	/// stays in the entry.
	fn replace_entry(index: u32, meter: &mut WeightMeter) -> bool {
		let Some((server, mut deals)) = Missing::<T>::take(index) else { return true };
		while let Some(deal) = deals.first().copied() {
			if !Self::see_to(deal, server, meter) {
				Missing::<T>::insert(index, (server, deals));
				return false;
			}
			deals.remove(0);
		}
		Queued::<T>::remove(server);
		true
	}

	/// Closes a server's part of a deal that has no unit of it any more, or replaces what it misses. Returns whether the
	/// meter had room for it.
	fn see_to(id: DealId, server: ServerId, meter: &mut WeightMeter) -> bool {
		let is_vacant = |part| Self::is_vacant(&part);
		if Allocations::<T>::get(id, server).is_some_and(is_vacant) {
			Self::close_by_hook(id, server, meter)
		} else {
			Self::replace_by_hook(id, server, meter)
		}
	}

	/// Closes a server's part of a deal that goes on, or begins to reclaim its budget; a refusal holds up nobody. Returns
	/// whether the meter had room for it.
	pub(crate) fn close_by_hook(id: DealId, server: ServerId, meter: &mut WeightMeter) -> bool {
		let cost = T::WeightInfo::close_early();
		if !Self::settle_within(server, cost, meter) {
			return false;
		}
		match Self::try_to_close(id, server) {
			// the time of its vouchers runs: nothing but the records was looked at
			Err(error) if error == Error::<T>::BudgetOpen.into() => {
				meter.consume(T::WeightInfo::replace_nothing());
			},
			Err(error) => {
				meter.consume(cost);
				if !Self::has_to_wait(error) {
					Self::deposit_event(Event::CloseFailed {
						deal: id,
						server: Some(server),
						error,
					});
				}
			},
			Ok(()) => meter.consume(cost),
		}
		true
	}

	/// Replaces what a deal misses on a server; a refusal holds up nobody. Returns whether the meter had room for it.
	pub(crate) fn replace_by_hook(id: DealId, server: ServerId, meter: &mut WeightMeter) -> bool {
		let servers = Deals::<T>::get(id).map_or(0, |deal| deal.allocations);
		let cost = T::WeightInfo::replace(servers);
		if !Self::settle_within(server, cost, meter) {
			return false;
		}
		match Self::try_to_replace(id, server, None) {
			Err(error) if Self::is_no_news(error) => {
				meter.consume(T::WeightInfo::replace_nothing());
			},
			Err(error) => {
				meter.consume(cost);
				Self::deposit_event(Event::ReplaceFailed { deal: id, server, error });
			},
			Ok(_) => meter.consume(cost),
		}
		true
	}

	/// Whether a refusal is to be expected, and nobody can do anything about it: somebody else was first, it is too
	/// early, or too late to have anything replaced.
	fn is_no_news(error: DispatchError) -> bool {
		Self::is_one_of(
			error,
			[
				Error::<T>::NothingMissing,
				Error::<T>::UnknownAllocation,
				Error::<T>::Terminated,
				Error::<T>::DealEnded,
			],
		)
	}

	/// Whether closing waits for what only time, or the feed of prices, brings.
	fn has_to_wait(error: DispatchError) -> bool {
		Self::is_one_of(error, [Error::<T>::ContestOpen, Error::<T>::ValueUnknown])
	}

	fn is_one_of<const N: usize>(error: DispatchError, expected: [Error<T>; N]) -> bool {
		expected.into_iter().any(|expected| error == expected.into())
	}
}

#[cfg(any(feature = "std", feature = "try-runtime"))]
impl<T: Config> Pallet<T> {
	/// Whether every entry of the queue is in its place, of a server of its own.
	pub(crate) fn check_queue() -> Result<(), sp_runtime::TryRuntimeError> {
		use frame_support::ensure;
		let (head, tail) = MissingQueue::<T>::get();
		let place = |index: u32| index.wrapping_sub(head);
		let mut servers = alloc::collections::BTreeSet::new();
		for (index, (server, deals)) in Missing::<T>::iter() {
			ensure!(place(index) < place(tail), "12: an entry outside the queue");
			ensure!(!deals.is_empty(), "12: an entry without deals");
			ensure!(Queued::<T>::contains_key(server), "12: a server that is not queued");
			servers.insert(server);
		}
		let entries = usize::try_from(place(tail)).unwrap_or(usize::MAX);
		ensure!(servers.len() == entries, "12: a server is queued twice, or an entry is gone");
		ensure!(Queued::<T>::iter_keys().count() == entries, "12: a server without an entry");
		Ok(())
	}
}
