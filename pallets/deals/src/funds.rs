//! Where money moves: what was served is paid out of the escrow of the deal, what was lost out of stake.

use crate::{
	Allocation, Allocations, Config, Error, Event, Pallet, ProtocolFee, Requests, LOG_TARGET,
};
use frame_support::{ensure, storage::with_storage_layer, traits::Get};
use marketplace_primitives::{
	math, Balance, Compensation, DealId, DealIncome, Epoch, Escrow, EscrowId, FltValue,
	IncomeShare, PaymentAsset, Price, ServerId, Units,
};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// Who share in what a server earns in a deal.
pub(crate) type SharesOf<T> = alloc::vec::Vec<IncomeShare<<T as frame_system::Config>::AccountId>>;

/// The most commitments that share in what a server earns in a deal: calls declare what so many cost. [`Config::Income`]
/// must never tell of more, so no more may cover the units of a server.
pub const MOST_SHARES: u32 = 4;

/// How many share.
pub(crate) fn count_of<T: Config>(shares: &SharesOf<T>) -> u32 {
	u32::try_from(shares.len()).unwrap_or(u32::MAX)
}

/// What units cost together per epoch.
pub(crate) fn rate_of(units: Units, price: Price) -> Result<Balance, ArithmeticError> {
	math::payable(u64::from(units.count()), price)
}

/// What escrow must hold for a deal, or for a part of it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reserve {
	/// For what its servers may still be paid, and for its budgets.
	pub sure: Balance,
	/// Beyond that, for the deal's going on should all its units have to be replaced.
	pub spare: Balance,
}

impl Reserve {
	/// What escrow must hold for an allocation that may have to be replaced for `ahead` epochs at `limit`.
	pub fn of<AccountId>(
		allocation: &Allocation<AccountId>,
		limit: Price,
		ahead: Epoch,
	) -> Result<Self, ArithmeticError> {
		let rise = limit.saturating_sub(allocation.price);
		let sure = math::payable(allocation.open(), allocation.price)?;
		Ok(Self { sure, spare: math::cost(allocation.units.count(), rise, ahead)? })
	}

	/// Both parts' together.
	pub fn plus(self, other: Self) -> Result<Self, ArithmeticError> {
		let add = |a: Balance, b| a.checked_add(b).ok_or(ArithmeticError::Overflow);
		Ok(Self { sure: add(self.sure, other.sure)?, spare: add(self.spare, other.spare)? })
	}

	/// All of it.
	pub fn all(self) -> Result<Balance, ArithmeticError> {
		self.sure.checked_add(self.spare).ok_or(ArithmeticError::Overflow)
	}
}

/// Whose part of what deal is spoken of.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
	/// The deal.
	pub deal: DealId,
	/// The server.
	pub server: ServerId,
	/// What the deal is paid in.
	pub asset: &'a PaymentAsset,
}

impl<T: Config> Pallet<T> {
	/// What escrow must hold of a deal for what its servers may still be paid, its budgets for requests
	/// included, and for the deal's going on should all its units have to be replaced: for `ahead` epochs at `limit`. The first alone where `ahead` is 0.
	pub(crate) fn reserved(
		id: DealId,
		limit: Price,
		ahead: Epoch,
	) -> Result<Balance, ArithmeticError> {
		Self::reserve(id, limit, ahead, |_| true)?.all()
	}

	/// The same, in its parts, for those servers that are `meant`; the budgets are those of all.
	pub(crate) fn reserve(
		id: DealId,
		limit: Price,
		ahead: Epoch,
		meant: impl Fn(ServerId) -> bool,
	) -> Result<Reserve, ArithmeticError> {
		let budgets = Reserve { sure: Requests::<T>::get(id).unspent, spare: 0 };
		Allocations::<T>::iter_prefix(id)
			.filter(|(server, _)| meant(*server))
			.try_fold(budgets, |sum, (_, part)| sum.plus(Reserve::of(&part, limit, ahead)?))
	}

	/// Pays for what the server served and was not paid for, `served` unit-epochs being what it served in
	/// all. Writes it down in `allocation`, which the caller stores.
	pub(crate) fn pay_served(
		part: Part<'_>,
		allocation: &mut Allocation<T::AccountId>,
		served: u64,
		shares: SharesOf<T>,
	) -> DispatchResult {
		let unit_epochs = allocation.due(served);
		if unit_epochs == 0 {
			return Ok(());
		}
		let amount = math::payable(unit_epochs, allocation.price)?;
		let overflow = ArithmeticError::Overflow;
		allocation.settled = allocation.settled.checked_add(unit_epochs).ok_or(overflow)?;
		allocation.paid = allocation.paid.checked_add(amount).ok_or(overflow)?;
		let to_provider = Self::distribute(part, &allocation.provider, amount, shares)?;
		let Part { deal, server, .. } = part;
		let provider = allocation.provider.clone();
		Self::deposit_event(Event::Settled {
			deal,
			server,
			provider,
			unit_epochs,
			amount,
			to_provider,
		});
		Ok(())
	}

	/// Pays `amount` of a deal's escrow for a server: to the protocol its fee, to those who share in the rest
	/// their parts, to the provider what is left, which is returned.
	pub(crate) fn distribute(
		part: Part<'_>,
		provider: &T::AccountId,
		amount: Balance,
		shares: SharesOf<T>,
	) -> Result<Balance, DispatchError> {
		let underflow = ArithmeticError::Underflow;
		let net = amount.checked_sub(Self::pay_fee(part, amount)).ok_or(underflow)?;
		let mut to_provider = net;
		for share in shares {
			// rounded down, so that the parts together never exceed the whole
			let theirs = share.part.mul_floor(net).min(to_provider);
			if Self::pay_share(part, share, theirs) {
				to_provider = to_provider.checked_sub(theirs).ok_or(underflow)?;
			}
		}
		T::Escrow::pay(EscrowId::Deal(part.deal), provider, to_provider)?;
		Ok(to_provider)
	}

	/// Pays the protocol its part of `amount` and returns it. None where it cannot be paid: it must not
	/// hold up what others are due.
	fn pay_fee(part: Part<'_>, amount: Balance) -> Balance {
		let fee = ProtocolFee::<T>::get().mul_floor(amount);
		if fee == 0 {
			return 0;
		}
		let (Part { deal, server, .. }, to) = (part, T::FeeTo::get());
		let paid = with_storage_layer(|| T::Escrow::pay(EscrowId::Deal(deal), &to, fee));
		if let Err(error) = paid {
			log::error!(target: LOG_TARGET, "fee of {deal:?}, {server:?}: {error:?}");
			return 0;
		}
		Self::deposit_event(Event::FeePaid { deal, server, to, amount: fee });
		fee
	}

	/// Pays the part of a commitment's delegators; returns whether it did. One that cannot be noted is left
	/// to the provider: it must not hold up what others are due.
	fn pay_share(part: Part<'_>, share: IncomeShare<T::AccountId>, amount: Balance) -> bool {
		if amount == 0 {
			return false;
		}
		let Part { deal, server, asset, .. } = part;
		let IncomeShare { commitment, account, .. } = share;
		let paid = with_storage_layer(|| {
			T::Income::note(commitment, asset, amount)?;
			T::Escrow::pay(EscrowId::Deal(deal), &account, amount)
		});
		if let Err(error) = paid {
			log::error!(target: LOG_TARGET, "share of {commitment:?} in {deal:?}: {error:?}");
			return false;
		}
		Self::deposit_event(Event::IncomeShared { deal, server, commitment, account, amount });
		true
	}

	/// Pays `developer` for the `unit_epochs` that were lost, at what `price` is worth now.
	pub(crate) fn pay_lost(
		part: Part<'_>,
		price: Price,
		developer: &T::AccountId,
		unit_epochs: u64,
	) -> DispatchResult {
		ensure!(unit_epochs > 0, Error::<T>::NothingLost);
		let Part { deal, server, asset, .. } = part;
		let worth = T::Value::in_flt(asset, price).ok_or(Error::<T>::ValueUnknown)?;
		let amount = T::Compensation::compensate(server, deal, worth, developer)?;
		let developer = developer.clone();
		Self::deposit_event(Event::Compensated {
			deal,
			server,
			developer,
			unit_epochs,
			worth,
			amount,
		});
		Ok(())
	}
}
