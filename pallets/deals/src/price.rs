//! Another price, by the consent of both sides.

use crate::{
	funds::Reserve,
	types::{Allocation, DealOf},
	Allocations, Config, Error, Pallet,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::ensure;
use marketplace_primitives::{
	math, Balance, Compensation, DealId, Escrow, EscrowId, Price, ServerId, UnitLedger,
};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchError};

/// The two sides of a server's part of a deal.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum Side {
	/// Who pays.
	Developer,
	/// Who is paid.
	Provider,
}

/// A price that one side would agree to.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Proposal {
	/// Who would.
	pub side: Side,
	/// Price per unit and epoch.
	pub price: Price,
}

impl<T: Config> Pallet<T> {
	/// The side of a server's part of a deal that `who` is on.
	pub(crate) fn side_of(
		who: &T::AccountId,
		deal: &DealOf<T>,
		allocation: &Allocation<T::AccountId>,
	) -> Result<Side, Error<T>> {
		if *who == deal.developer {
			return Ok(Side::Developer);
		}
		ensure!(*who == allocation.provider, Error::<T>::NotParty);
		Ok(Side::Provider)
	}

	/// Whether there is something to compensate for on a server, or will be: what a commitment that failed costs a deal
	/// is told with the next epoch only. Until then its units are not held, or leave with that epoch if they were
	/// replaced.
	pub(crate) fn is_loss_open(
		id: DealId,
		server: ServerId,
		allocation: &Allocation<T::AccountId>,
	) -> Result<bool, ArithmeticError> {
		let next = Self::next_epoch()?;
		let is_leaving = allocation.leaving.iter().any(|(from, _)| *from == next);
		let is_held = allocation.units.is_subset_of(T::Units::held(server, id));
		Ok(is_leaving || !is_held || T::Compensation::lost(server, id) > 0)
	}

	/// Gives a server's part of a deal another price, for all that was not paid yet, and returns what escrow lacks
	/// for it. Writes the allocation; the caller stores the deal.
	///
	/// Escrow lacks what it holds too little for all that may be paid, or for replacing all units at the deal's
	/// limit besides: where it went so far before, it goes so far afterwards.
	pub(crate) fn reprice(
		id: DealId,
		deal: &mut DealOf<T>,
		(server, mut allocation): (ServerId, Allocation<T::AccountId>),
		price: Price,
	) -> Result<Balance, DispatchError> {
		let (limit, ahead) = (deal.max_price, Self::replaceable_epochs(id, deal)?);
		let others = Self::reserve(id, limit, ahead, |other| other != server)?;
		let before = others.plus(Reserve::of(&allocation, limit, ahead)?)?;
		let count = u64::from(allocation.units.count());
		let (old_rate, new_rate) =
			(math::payable(count, allocation.price)?, math::payable(count, price)?);
		let rate_of_others = deal.rate.checked_sub(old_rate).ok_or(ArithmeticError::Underflow)?;
		deal.rate = rate_of_others.checked_add(new_rate).ok_or(ArithmeticError::Overflow)?;
		allocation.reprice(price);
		let after = others.plus(Reserve::of(&allocation, limit, ahead)?)?;
		Allocations::<T>::insert(id, server, allocation);

		let held = T::Escrow::held(EscrowId::Deal(id));
		let for_all = after.all()?.saturating_sub(held.max(before.all()?));
		let for_wages = after.sure.saturating_sub(held);
		Ok(for_all.max(for_wages))
	}
}
