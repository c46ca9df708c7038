//! Paying for requests.

use crate::{
	calls::part_of,
	funds::{self, SharesOf},
	Allocations, Budgets, Config, Deals, Error, Event, Pallet, Requests, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use frame_system::pallet_prelude::BlockNumberFor;
use marketplace_primitives::{
	voucher_message, DealId, DealIncome, EpochClock, GatewaySignature, ServerId, Voucher,
};
use sp_runtime::{traits::Zero, ArithmeticError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_redeem(
		id: DealId,
		server: ServerId,
		voucher: Voucher,
		signature: GatewaySignature,
	) -> DispatchResultWithPostInfo {
		Self::check_signature(id, server, &voucher, &signature)?;
		let shares = T::Income::shares(server, id);
		let weight = T::WeightInfo::redeem(funds::count_of::<T>(&shares));
		Self::pay_voucher(id, server, voucher, shares)?;
		Ok(Some(weight).into())
	}

	/// Whether the gateway signed the voucher with a key that counts, and it has not expired.
	pub(crate) fn check_signature(
		id: DealId,
		server: ServerId,
		voucher: &Voucher,
		signature: &GatewaySignature,
	) -> Result<(), Error<T>> {
		let now = T::Clock::current();
		let key = Requests::<T>::get(id).key_of::<T>(voucher.version, now)?;
		ensure!(now <= voucher.expiry, Error::<T>::VoucherExpired);
		let hash = frame_system::BlockHash::<T>::get(BlockNumberFor::<T>::zero());
		let genesis = <[u8; 32]>::try_from(hash.as_ref()).unwrap_or_default();
		let message = voucher_message(&genesis, id, server, voucher);
		ensure!(key.signed(&message, signature), Error::<T>::BadSignature);
		Ok(())
	}

	/// Pays what a voucher that was checked is worth beyond those before it, as far as the budget goes.
	pub(crate) fn pay_voucher(
		id: DealId,
		server: ServerId,
		voucher: Voucher,
		shares: SharesOf<T>,
	) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		Self::ensure_redeemable(&deal)?;
		let mut budget = Budgets::<T>::get(id, server).unwrap_or_default();
		let due = voucher.amount.saturating_sub(budget.redeemed);
		ensure!(due > 0, Error::<T>::AlreadyRedeemed);
		ensure!(!budget.is_over(T::Clock::current()), Error::<T>::Reclaimed);
		ensure!(budget.left > 0, Error::<T>::NoBudget);

		let paid = due.min(budget.left);
		let (overflow, underflow) = (ArithmeticError::Overflow, ArithmeticError::Underflow);
		budget.left = budget.left.checked_sub(paid).ok_or(underflow)?;
		budget.redeemed = budget.redeemed.checked_add(paid).ok_or(overflow)?;
		Budgets::<T>::insert(id, server, budget);
		Self::spend(id, paid)?;
		let (part, provider) = (part_of::<T>(id, &deal, server), allocation.provider);
		let to_provider = Self::distribute(part, &provider, paid, shares)?;
		let unpaid = due.saturating_sub(paid);
		Self::deposit_event(Event::Redeemed {
			deal: id,
			server,
			provider,
			paid,
			unpaid,
			to_provider,
		});
		Ok(())
	}
}
