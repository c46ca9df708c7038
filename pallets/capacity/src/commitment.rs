//! Commitments and their stakers, as pure values.

use crate::{Vesting, VestingRules};
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{pallet_prelude::ConstU32, BoundedVec};
use marketplace_primitives::{
	math::{share_of, split},
	Balance, Epoch, PaymentAsset, ServerId, Units,
};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, Perbill};

/// The most assets that a commitment has income in.
pub const MAX_INCOME_ASSETS: u32 = 16;

/// Amounts of several assets.
pub type Amounts = BoundedVec<(PaymentAsset, Balance), ConstU32<MAX_INCOME_ASSETS>>;

/// The amount of `asset` in `amounts`.
pub fn amount_of(amounts: &Amounts, asset: &PaymentAsset) -> Balance {
	amounts.iter().find(|(other, _)| other == asset).map_or(0, |(_, amount)| *amount)
}

/// Adds to an amount.
///
/// # Errors
/// Where the sum exceeds 128 bits or there is no room for one more asset.
pub fn add_amount(
	amounts: &mut Amounts,
	asset: &PaymentAsset,
	amount: Balance,
) -> Result<(), ArithmeticError> {
	if let Some((_, sum)) = amounts.iter_mut().find(|(other, _)| other == asset) {
		*sum = sum.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		return Ok(());
	}
	amounts.try_push((asset.clone(), amount)).map_err(|_| ArithmeticError::Overflow)
}

/// Where a commitment stands, as far as it must be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum Phase {
	/// Stake is missing.
	Waiting,
	/// Covers its units from epoch `start` until `end` begins.
	Running {
		/// First epoch.
		start: Epoch,
		/// First epoch after it.
		end: Epoch,
	},
	/// Was slashed too much: covers its units only until epoch `end` begins.
	Failed {
		/// First epoch.
		start: Epoch,
		/// First epoch after it.
		end: Epoch,
	},
	/// Taken back before it was covered by stake.
	Cancelled,
}

/// Where a commitment stands, in the words of the market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum CommitmentState {
	/// Stake is missing.
	Waiting,
	/// Covered; begins with the next epoch.
	Starting,
	/// Its units are committed.
	Active,
	/// Its term is over.
	Expired,
	/// It was slashed too much.
	Failed,
	/// It was taken back.
	Cancelled,
}

/// The provider's part of what all stake earns. A change counts from the next epoch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commission {
	/// Before `since`.
	pub before: Perbill,
	/// From `since` on.
	pub now: Perbill,
	/// The first epoch of the last change.
	pub since: Epoch,
	/// What it may never exceed.
	pub ceiling: Perbill,
}

impl Commission {
	/// A commission that may rise by `rise` in all.
	pub fn new(now: Perbill, rise: Perbill) -> Self {
		use sp_runtime::Saturating;
		Self { before: now, now, since: 0, ceiling: now.saturating_add(rise) }
	}

	/// The commission of `epoch`, which is `since`, later, or at most two epochs earlier.
	pub fn of(&self, epoch: Epoch) -> Perbill {
		if epoch < self.since {
			self.before
		} else {
			self.now
		}
	}
}

/// A longer term that the provider proposed to its delegators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Proposal {
	/// Its number among the commitment's proposals, from 1.
	pub number: u32,
	/// The first epoch after the longer term.
	pub end: Epoch,
	/// Stake, as deposited, of the delegators who accepted.
	pub accepted: Balance,
}

/// A provider's promise to keep units of a server provable, with the stake that secures it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Commitment<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Who committed.
	pub provider: AccountId,
	/// The units.
	pub units: Units,
	/// For how many epochs.
	pub duration: Epoch,
	/// The provider's part of rewards.
	pub commission: Commission,
	/// The delegators' part of what deals pay for the units.
	pub deal_share: Perbill,
	/// Stake that covers it, frozen when it was made.
	pub needed: Balance,
	/// The provider's least part of that.
	pub own_needed: Balance,
	/// What the provider deposited: its share of all that is shared.
	pub own: Balance,
	/// What is left of it: after slashes, nothing once it is withdrawn.
	pub own_left: Balance,
	/// What delegators deposited and have not taken back.
	pub delegated: Balance,
	/// What is left of it after slashes.
	pub delegated_left: Balance,
	/// Delegators that have something in it.
	pub delegators: u32,
	/// The provider's stake that was slashed for misses, and is kept for developers until stake is free.
	pub kept: Balance,
	/// What was slashed.
	pub slashed: Balance,
	/// Commission earned.
	pub fees: Vesting,
	/// Rewards earned that are shared by stake.
	pub shared: Vesting,
	/// What the provider claimed of both.
	pub claimed: Balance,
	/// What deals paid to delegators so far.
	pub income: Amounts,
	/// A longer term that is proposed.
	pub proposal: Option<Proposal>,
	/// How many were.
	pub proposals: u32,
	/// Where it stands.
	pub phase: Phase,
}

impl<AccountId: PartialEq> Commitment<AccountId> {
	/// A commitment that waits, and needs nothing yet.
	pub fn new(
		server: ServerId,
		provider: AccountId,
		units: Units,
		duration: Epoch,
		commission: Commission,
		deal_share: Perbill,
	) -> Self {
		Self {
			server,
			provider,
			units,
			duration,
			commission,
			deal_share,
			needed: 0,
			own_needed: 0,
			own: 0,
			own_left: 0,
			delegated: 0,
			delegated_left: 0,
			delegators: 0,
			kept: 0,
			slashed: 0,
			fees: Vesting::default(),
			shared: Vesting::default(),
			claimed: 0,
			income: Amounts::new(),
			proposal: None,
			proposals: 0,
			phase: Phase::Waiting,
		}
	}

	/// What its account holds.
	pub fn pool(&self) -> Balance {
		self.own_left.saturating_add(self.delegated_left).saturating_add(self.kept)
	}

	/// Whether all stake is there.
	pub fn is_covered(&self) -> bool {
		self.own.checked_add(self.delegated).is_some_and(|stake| stake >= self.needed)
	}

	/// How much more `who` may stake. Delegators leave room for the provider's least part.
	pub fn room(&self, who: &AccountId) -> Balance {
		let own = if *who == self.provider { self.own } else { self.own.max(self.own_needed) };
		self.needed.saturating_sub(own).saturating_sub(self.delegated)
	}

	/// Takes a deposit into the books.
	///
	/// # Errors
	/// Where the sum exceeds 128 bits.
	pub fn deposit(&mut self, is_own: bool, amount: Balance) -> Result<(), ArithmeticError> {
		let (stake, left) = if is_own {
			(&mut self.own, &mut self.own_left)
		} else {
			(&mut self.delegated, &mut self.delegated_left)
		};
		*stake = stake.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		*left = left.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		Ok(())
	}

	/// Takes what is left of the provider's part out of the books.
	pub fn leave_own(&mut self) -> Balance {
		if matches!(self.phase, Phase::Waiting | Phase::Cancelled) {
			self.own = 0;
		}
		core::mem::take(&mut self.own_left)
	}

	/// Takes a delegator's part out of the books and returns what is left of it, rounded down.
	pub fn leave_delegated(&mut self, stake: Balance) -> Balance {
		let left = share_of(self.delegated_left, stake, self.delegated);
		self.delegated = self.delegated.saturating_sub(stake);
		self.delegated_left = self.delegated_left.saturating_sub(left);
		left
	}

	/// Takes up to `amount` from what is left, the provider's part first; returns both parts. What the
	/// provider loses for misses is kept for developers.
	pub fn slash(&mut self, amount: Balance, for_misses: bool) -> (Balance, Balance) {
		let own = amount.min(self.own_left);
		let delegated = amount.saturating_sub(own).min(self.delegated_left);
		self.own_left = self.own_left.saturating_sub(own);
		self.delegated_left = self.delegated_left.saturating_sub(delegated);
		self.slashed = self.slashed.saturating_add(own).saturating_add(delegated);
		if for_misses {
			self.kept = self.kept.saturating_add(own);
		}
		(own, delegated)
	}

	/// Takes up to `amount` of the provider's stake for a developer: what was kept first.
	pub fn compensate(&mut self, amount: Balance) -> Balance {
		let kept = amount.min(self.kept);
		let own = amount.saturating_sub(kept).min(self.own_left);
		self.kept = self.kept.saturating_sub(kept);
		self.own_left = self.own_left.saturating_sub(own);
		kept.saturating_add(own)
	}

	/// Takes up to `amount` of what is left of the provider's stake as a fine. It counts as no slash: it is the price of
	/// units that did not serve, and says nothing against the proofs that the commitment is judged by.
	pub fn fine(&mut self, amount: Balance) -> Balance {
		let own = amount.min(self.own_left);
		self.own_left = self.own_left.saturating_sub(own);
		own
	}

	/// A rest that no account can hold is lost with the account.
	pub fn drop_dust(&mut self, least: Balance) {
		if self.pool() < least {
			self.own_left = 0;
			self.delegated_left = 0;
			self.kept = 0;
		}
	}

	/// Fails from epoch `from` on, unless it is over by then.
	pub fn fail(&mut self, from: Epoch) {
		if let Phase::Running { start, end } = self.phase {
			if end > from {
				self.phase = Phase::Failed { start, end: from };
			}
		}
	}

	/// Divides a reward of `epoch` between commission and stake; both vest.
	///
	/// # Errors
	/// Where a sum exceeds 128 bits; nothing is changed.
	pub fn earn(
		&mut self,
		rules: &VestingRules,
		epoch: Epoch,
		amount: Balance,
	) -> Result<(), ArithmeticError> {
		let (fees, shared) = split(amount, self.commission.of(epoch));
		let before = self.fees;
		self.fees.add(rules, epoch, fees)?;
		self.shared.add(rules, epoch, shared).inspect_err(|_| self.fees = before)
	}

	/// What the provider can claim in `epoch`: unlocked commission and its stake's share, rounded down.
	pub fn due_to_provider(&self, rules: &VestingRules, epoch: Epoch) -> Balance {
		let share = share_of(self.shared.unlocked_at(rules, epoch), self.own, self.needed);
		let fees = self.fees.unlocked_at(rules, epoch);
		fees.saturating_add(share).saturating_sub(self.claimed)
	}

	/// What a delegator can claim in `epoch`, rounded down.
	pub fn due_to_delegator(
		&self,
		rules: &VestingRules,
		epoch: Epoch,
		delegation: &Delegation,
	) -> Balance {
		let unlocked = self.shared.unlocked_at(rules, epoch);
		share_of(unlocked, delegation.stake, self.needed).saturating_sub(delegation.claimed)
	}

	/// What a delegator can claim of deal income in `asset`, rounded down.
	pub fn income_of(&self, delegation: &Delegation, asset: &PaymentAsset) -> Balance {
		let all = self.needed.saturating_sub(self.own);
		share_of(amount_of(&self.income, asset), delegation.stake, all)
			.saturating_sub(amount_of(&delegation.income, asset))
	}

	/// Whether rewards are still locked in `epoch`.
	pub fn is_vesting(&self, rules: &VestingRules, epoch: Epoch) -> bool {
		let locked = |vesting: &Vesting| {
			let mut then = *vesting;
			then.roll(rules, epoch);
			then.locked() > 0
		};
		locked(&self.fees) || locked(&self.shared)
	}

	/// Where it stands in `epoch`.
	pub fn state(&self, epoch: Epoch) -> CommitmentState {
		match self.phase {
			Phase::Waiting => CommitmentState::Waiting,
			Phase::Cancelled => CommitmentState::Cancelled,
			Phase::Running { start, .. } | Phase::Failed { start, .. } if epoch < start => {
				CommitmentState::Starting
			},
			Phase::Running { end, .. } if epoch >= end => CommitmentState::Expired,
			Phase::Failed { end, .. } if epoch >= end => CommitmentState::Failed,
			_ => CommitmentState::Active,
		}
	}
}

/// A delegator's part of a commitment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Delegation {
	/// What was deposited: its share of all that is shared.
	pub stake: Balance,
	/// Whether what was left of it is withdrawn.
	pub is_out: bool,
	/// Rewards paid out so far.
	pub claimed: Balance,
	/// Deal income paid out so far.
	pub income: Amounts,
	/// The number of the last proposal that it accepted.
	pub accepted: u32,
}
