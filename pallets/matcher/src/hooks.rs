//! The pass over the bids.

use crate::{bid::Bid, Book, Config, Pallet, WeightInfo};
use frame_support::{traits::Get, weights::WeightMeter};
use marketplace_primitives::EpochClock;

impl<T: Config> Pallet<T> {
	/// Visits bids until the book is quiet or the meter does not carry another visit.
	pub(crate) fn do_on_idle(meter: &mut WeightMeter) {
		// The book is read and written once in a block, whatever its calls do: no other weight has that in it.
		let book = T::DbWeight::get().reads_writes(1, 1);
		if meter.try_consume(T::WeightInfo::on_idle_base().saturating_add(book)).is_err() {
			return;
		}
		let now = T::Clock::current();
		while !Book::<T>::get().is_quiet(now) && Self::step(meter) {}
	}

	/// One step of the pass. Returns whether there may be another in this block.
	fn step(meter: &mut WeightMeter) -> bool {
		if !meter.can_consume(T::WeightInfo::visit_none(0)) {
			return false;
		}
		let state = Book::<T>::mutate(|book| {
			book.refresh(T::Clock::current());
			book.clone()
		});
		let Some(turn) = Self::next_turn(&state) else {
			meter.consume(T::WeightInfo::visit_none(0));
			Book::<T>::mutate(|book| book.end_pass(T::Clock::current()));
			return state.is_running();
		};
		let bid = Bid::of_turn(turn, &state);
		let Some(candidates) = Self::affordable(meter, &bid) else {
			// what it took to find that out
			meter.consume(T::WeightInfo::visit_none(0));
			return false;
		};
		let visit = Self::take_turn(bid, candidates);
		meter.consume(visit.weight);
		true
	}

	/// For how many further asks a visit may look within the meter, if for any.
	fn affordable(meter: &WeightMeter, bid: &Bid<T>) -> Option<u32> {
		let mut candidates = T::MaxCandidates::get();
		while candidates > 0 {
			if meter.can_consume(Self::visit_weight(bid, candidates)) {
				return Some(candidates);
			}
			candidates /= 2;
		}
		None
	}

	/// The constants must fit each other, and the greatest visit into an empty block.
	pub(crate) fn check_config() {
		let (immediate, most) = (T::MaxImmediate::get(), T::MaxCandidates::get());
		assert!(immediate > 0, "a posted offer must be able to match");
		assert!(immediate <= most, "MaxImmediate is a part of MaxCandidates");
		assert!(most <= T::MaxPlan::get(), "a match must take what one visit finds");
		assert!(
			T::Patience::get() >= T::MaxPlan::get().saturating_add(most),
			"a bid must be able to look at more than it found before",
		);
		let block = <T as frame_system::Config>::BlockWeights::get().max_block;
		assert!(
			Self::poke_weight().all_lte(block.saturating_mul(3).saturating_div(4)),
			"a visit must fit into a block",
		);
		let picks = usize::try_from(T::MaxPlan::get()).unwrap_or(usize::MAX);
		assert!(
			Self::solve_weight(picks).all_lte(block.saturating_mul(3).saturating_div(4)),
			"a solution must fit into a block",
		);
	}
}
