//! The end of a deal.

use crate::{
	calls::{free, part_of},
	due::with_due,
	funds,
	types::DealOf,
	Addresses, Allocations, Config, Deals, Ending, Error, Event, Pallet, Proposals, Renewals,
	Requests, Rollouts, Spreads, Subnets, WeightInfo, Wishes, Workers, LOG_TARGET,
};
use frame_support::{
	dispatch::DispatchResultWithPostInfo, ensure, storage::with_storage_layer, traits::Get,
};
use marketplace_primitives::{
	Balance, DealId, DealIncome, Due, Epoch, EpochClock, Escrow, EscrowId, OfferBook, ServerId,
	UnitLedger, CONTEST_EPOCHS,
};
use sp_runtime::DispatchError;

/// A step of closing a deal, as far as its cost goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
	/// One allocation, which changes the server: what is due of it is settled before.
	Allocation(ServerId),
	/// What comes after the last allocation.
	Finish,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_close_deal(id: DealId) -> DispatchResultWithPostInfo {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		ensure!(Self::is_over(deal.end), Error::<T>::NotEnded);
		ensure!(Self::waits_for_vouchers(id, &deal).is_none(), Error::<T>::BudgetOpen);
		let (mut closed, before, mut due) = (0u32, deal.allocations, Due::default());
		Self::close_by_steps(id, deal, |step| match step {
			Step::Allocation(_) if closed >= T::ClosesPerCall::get() => false,
			Step::Allocation(server) => {
				closed = closed.saturating_add(1);
				due += T::Units::settle(server);
				true
			},
			Step::Finish => true,
		});
		let weight = with_due(T::WeightInfo::close_deal(closed), due);
		let got_on = Deals::<T>::get(id).is_none_or(|deal| deal.allocations < before);
		Ok(if got_on { free(weight) } else { Some(weight).into() })
	}

	/// Whether what was served before `end` is final, and can be contested no more.
	pub(crate) fn is_over(end: Epoch) -> bool {
		T::Clock::current() >= end && T::Clock::is_undisputed(end.saturating_sub(1))
	}

	/// Closes a deal that is over, as far as `begin` lets it: allocation after allocation, then what
	/// is left. Who lets an allocation begin settles what is due of its server, which stays settled if the step fails.
	/// One that fails is passed over, and the deal is put off to the next epoch. One whose budgets for requests can
	/// still be redeemed is put off until they cannot.
	///
	/// Returns whether it came to an end with the deal for now: closed it, or put it off.
	pub(crate) fn close_by_steps(
		id: DealId,
		mut deal: DealOf<T>,
		mut begin: impl FnMut(Step) -> bool,
	) -> bool {
		if let Some(until) = Self::waits_for_vouchers(id, &deal) {
			let affordable = begin(Step::Finish);
			if affordable {
				Self::put_off(id, deal, until);
			}
			return affordable;
		}
		let servers = match deal.cursor {
			None => Allocations::<T>::iter_key_prefix(id),
			Some(last) => Allocations::<T>::iter_key_prefix_from(
				id,
				Allocations::<T>::hashed_key_for(id, last),
			),
		};
		// An allocation is removed only after the iterator came past it, which it stands.
		for server in servers {
			if !begin(Step::Allocation(server)) {
				Deals::<T>::insert(id, deal);
				return false;
			}
			deal.cursor = Some(server);
			match with_storage_layer(|| Self::close_part(id, server, &deal)) {
				Ok((units, rate)) => {
					deal.allocations = deal.allocations.saturating_sub(1);
					deal.units = deal.units.saturating_sub(units);
					deal.rate = deal.rate.saturating_sub(rate);
				},
				Err(error) => Self::note_failure(id, Some(server), error),
			}
		}
		if !begin(Step::Finish) {
			Deals::<T>::insert(id, deal);
			return false;
		}
		Self::finish(id, deal);
		true
	}

	/// Settles a server's part of a deal for the last time and forgets it. What is due of the server was settled
	/// before. Returns the part's units and what they cost per epoch.
	pub(crate) fn close_part(
		id: DealId,
		server: ServerId,
		deal: &DealOf<T>,
	) -> Result<(u32, Balance), DispatchError> {
		let mut allocation =
			Allocations::<T>::take(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let part = part_of::<T>(id, deal, server);
		// what was lost and who shares is known only as long as the units are reserved
		Self::try_to_compensate(part, &allocation, &deal.developer);
		let shares = T::Income::shares(server, id);
		let (served, _nothing_due) = T::Units::release(server, id)?;
		Self::pay_served(part, &mut allocation, served, shares)?;
		Workers::<T>::remove(id, server);
		Addresses::<T>::remove(id, server);
		Proposals::<T>::remove(id, server);
		Self::forget_budget(id, server)?;
		let rate = funds::rate_of(allocation.units, allocation.price)?;
		let count = allocation.units.count();
		Self::deposit_event(Event::AllocationClosed {
			deal: id,
			server,
			provider: allocation.provider,
			units: allocation.units,
			unit_epochs: allocation.settled,
			paid: allocation.paid,
		});
		Ok((count, rate))
	}

	/// Forgets a deal all of whose allocations are closed; puts it off where one is left.
	fn finish(id: DealId, deal: DealOf<T>) {
		if deal.allocations > 0 {
			return Self::put_off(id, deal, Self::later());
		}
		let give_back = || {
			// an offer that still wants units for the deal would find it gone
			T::Offers::recall(deal.offer, id)?;
			T::Escrow::close(EscrowId::Deal(id))
		};
		match with_storage_layer(give_back) {
			Ok(refunded) => {
				Deals::<T>::remove(id);
				Spreads::<T>::remove(id);
				Wishes::<T>::remove(id);
				Renewals::<T>::remove(id);
				Requests::<T>::remove(id);
				Subnets::<T>::remove(id);
				Rollouts::<T>::remove(id);
				Ending::<T>::remove(deal.due.to_be_bytes(), id);
				Self::deposit_event(Event::DealClosed { deal: id, refunded });
			},
			Err(error) => {
				Self::note_failure(id, None, error);
				Self::put_off(id, deal, Self::later());
			},
		}
	}

	/// When what failed is tried again: in the next epoch.
	fn later() -> Epoch {
		T::Clock::current().saturating_add(1)
	}

	/// Moves a deal in the wheel to where `until`, a later epoch, finds it: its closing starts anew then.
	fn put_off(id: DealId, mut deal: DealOf<T>, until: Epoch) {
		Ending::<T>::remove(deal.due.to_be_bytes(), id);
		// as with ends, what stands at an epoch is over only when nobody can contest the epoch before
		deal.due = until.saturating_sub(CONTEST_EPOCHS);
		deal.cursor = None;
		Ending::<T>::insert(deal.due.to_be_bytes(), id, ());
		Deals::<T>::insert(id, deal);
	}

	fn note_failure(deal: DealId, server: Option<ServerId>, error: DispatchError) {
		log::error!(target: LOG_TARGET, "closing {deal:?}, {server:?}: {error:?}");
		Self::deposit_event(Event::CloseFailed { deal, server, error });
	}
}
