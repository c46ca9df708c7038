//! Money for requests: budgets that only vouchers of the deal's gateway spend, and until when they can be spent.

use crate::{types::DealOf, Budgets, Config, Error, Event, Pallet, Requests};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{ensure, traits::Get};
use marketplace_primitives::{
	Balance, DealId, Epoch, EpochClock, Escrow, EscrowId, GatewayKey, ServerId,
};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, DispatchResult};

/// What a deal has for requests: whose vouchers count, and how much of its escrow they may spend.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct RequestTerms {
	/// The gateway's key; none where the deal has no gateway.
	pub key: Option<GatewayKey>,
	/// How often the key was changed: vouchers name it.
	pub version: u32,
	/// The key of the version before, whose vouchers count until the start of this epoch.
	pub retired: Option<(GatewayKey, Epoch)>,
	/// The budgets of all servers together.
	pub unspent: Balance,
}

/// What a server can earn by requests, and has earned.
#[derive(
	Clone,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct RequestBudget {
	/// What is left.
	pub left: Balance,
	/// What vouchers were paid so far.
	pub redeemed: Balance,
	/// With the start of this epoch what is left is the developer's again, where that was asked for.
	pub reclaimed: Option<Epoch>,
}

impl RequestBudget {
	/// Whether what is left is the developer's again.
	pub fn is_over(&self, now: Epoch) -> bool {
		self.reclaimed.is_some_and(|until| until <= now)
	}
}

impl RequestTerms {
	/// The key that vouchers of `version` must be signed with in epoch `now`.
	pub(crate) fn key_of<T: Config>(
		&self,
		version: u32,
		now: Epoch,
	) -> Result<GatewayKey, Error<T>> {
		if version == self.version {
			return self.key.ok_or(Error::<T>::NoGateway);
		}
		let retired = self.retired.filter(|(_, until)| now < *until);
		match retired {
			Some((key, _)) if version.checked_add(1) == Some(self.version) => Ok(key),
			_ if self.key.is_none() => Err(Error::<T>::NoGateway),
			_ => Err(Error::<T>::WrongVersion),
		}
	}
}

impl<T: Config> Pallet<T> {
	/// The first epoch in which nothing that begins now is open any more: all of [`Config::ChallengeEpochs`] pass.
	pub(crate) fn after_challenge() -> Result<Epoch, ArithmeticError> {
		let until = Self::next_epoch()?.checked_add(T::ChallengeEpochs::get());
		until.ok_or(ArithmeticError::Overflow)
	}

	/// The epoch with whose start vouchers of a deal count no more: what closes it, and when, makes no difference.
	pub(crate) fn last_redemption(deal: &DealOf<T>) -> Epoch {
		deal.end.saturating_add(T::ChallengeEpochs::get())
	}

	/// The epoch that closing a deal that ended has to wait for, as its budgets can still be redeemed.
	pub(crate) fn waits_for_vouchers(id: DealId, deal: &DealOf<T>) -> Option<Epoch> {
		let until = Self::last_redemption(deal);
		(T::Clock::current() < until && Requests::<T>::get(id).unspent > 0).then_some(until)
	}

	/// What is left of a budget is the developer's again once all vouchers had their time.
	pub(crate) fn begin_to_reclaim(
		deal: DealId,
		server: ServerId,
		mut budget: RequestBudget,
	) -> DispatchResult {
		let until = Self::after_challenge()?;
		budget.reclaimed = Some(until);
		Budgets::<T>::insert(deal, server, budget);
		Self::deposit_event(Event::ReclaimStarted { deal, server, until });
		Ok(())
	}

	/// Takes all that is left out of a budget whose challenge is over, and gives it back to the developer. The caller
	/// stores the budget.
	pub(crate) fn give_budget_back(
		deal: DealId,
		server: ServerId,
		budget: &mut RequestBudget,
	) -> DispatchResult {
		let amount = core::mem::take(&mut budget.left);
		budget.reclaimed = None;
		Self::spend(deal, amount)?;
		if amount > 0 {
			T::Escrow::refund(EscrowId::Deal(deal), amount)?;
		}
		Self::deposit_event(Event::RequestsReclaimed { deal, server, amount });
		Ok(())
	}

	/// Takes `amount` off what the budgets of a deal have together.
	pub(crate) fn spend(deal: DealId, amount: Balance) -> DispatchResult {
		Requests::<T>::try_mutate(deal, |terms| {
			let rest = terms.unspent.checked_sub(amount);
			terms.unspent = rest.ok_or(ArithmeticError::Underflow)?;
			Ok(())
		})
	}

	/// Forgets the budget of a server whose part of the deal is closed: what is left of it stays in escrow, as the
	/// developer's.
	pub(crate) fn forget_budget(deal: DealId, server: ServerId) -> DispatchResult {
		match Budgets::<T>::take(deal, server) {
			Some(budget) if budget.left > 0 => Self::spend(deal, budget.left),
			_ => Ok(()),
		}
	}

	/// Whether vouchers of the deal still count.
	pub(crate) fn ensure_redeemable(deal: &DealOf<T>) -> Result<(), Error<T>> {
		let open = T::Clock::current() < Self::last_redemption(deal);
		ensure!(open, Error::<T>::DealEnded);
		Ok(())
	}
}
