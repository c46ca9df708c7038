//! What the pallet stores beside the unit record.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{
	math::{share_of, split},
	Balance, Epoch, ServerId, UnitIndex, Units,
};
use scale_info::TypeInfo;
use sp_runtime::{ArithmeticError, Perbill};

/// What randomness decided about the audits of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Draw {
	/// The block of the draw.
	pub block: u32,
	/// Made by a whole consensus epoch after reports closed.
	pub randomness: [u8; 32],
}

/// What stays of an epoch for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EpochRecord {
	/// What proofs of the epoch are bound to.
	pub seed: [u8; 32],
	/// The draw of its audits, once it is made.
	pub draw: Option<Draw>,
	/// Units proven in accepted reports.
	pub proven: u32,
}

/// A draw that waits for its randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PendingDraw {
	/// The epoch whose audits are drawn.
	pub epoch: Epoch,
	/// The consensus epoch seen last.
	pub seen: u64,
	/// How often it changed since reports closed; the second change brings the randomness.
	pub changes: u8,
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
	/// The provider's part of what the delegators' and its own stake earns.
	pub commission: Perbill,
	/// Stake that covers it, frozen when it was made.
	pub needed: Balance,
	/// The provider's least part of that.
	pub own_needed: Balance,
	/// What the provider deposited and has not taken back.
	pub own: Balance,
	/// What is left of it after slashes.
	pub own_left: Balance,
	/// What delegators deposited and have not taken back.
	pub delegated: Balance,
	/// What is left of it after slashes.
	pub delegated_left: Balance,
	/// What was slashed.
	pub slashed: Balance,
	/// Commission earned so far.
	pub commission_earned: Balance,
	/// Rewards earned so far that are shared by stake.
	pub shared: Balance,
	/// What the provider claimed of both.
	pub claimed: Balance,
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
		commission: Perbill,
	) -> Self {
		Self {
			server,
			provider,
			units,
			duration,
			commission,
			needed: 0,
			own_needed: 0,
			own: 0,
			own_left: 0,
			delegated: 0,
			delegated_left: 0,
			slashed: 0,
			commission_earned: 0,
			shared: 0,
			claimed: 0,
			phase: Phase::Waiting,
		}
	}

	/// What its account holds.
	pub fn pool(&self) -> Balance {
		self.own_left.saturating_add(self.delegated_left)
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

	/// Takes the provider's part out of the books and returns what is left of it.
	pub fn leave_own(&mut self) -> Balance {
		self.own = 0;
		core::mem::take(&mut self.own_left)
	}

	/// Takes a delegator's part out of the books and returns what is left of it, rounded down.
	pub fn leave_delegated(&mut self, stake: Balance) -> Balance {
		let left = share_of(self.delegated_left, stake, self.delegated);
		self.delegated = self.delegated.saturating_sub(stake);
		self.delegated_left = self.delegated_left.saturating_sub(left);
		left
	}

	/// Takes up to `amount` from what is left, the provider's part first; returns both parts.
	pub fn slash(&mut self, amount: Balance) -> (Balance, Balance) {
		let own = amount.min(self.own_left);
		let delegated = amount.saturating_sub(own).min(self.delegated_left);
		self.own_left = self.own_left.saturating_sub(own);
		self.delegated_left = self.delegated_left.saturating_sub(delegated);
		self.slashed = self.slashed.saturating_add(own).saturating_add(delegated);
		(own, delegated)
	}

	/// A rest that no account can hold is lost with the account.
	pub fn drop_dust(&mut self, least: Balance) {
		if self.pool() < least {
			self.own_left = 0;
			self.delegated_left = 0;
		}
	}

	/// Fails from epoch `from` on, unless it is over by then; returns whether it failed.
	pub fn fail(&mut self, from: Epoch) -> bool {
		match self.phase {
			Phase::Running { start, end } if end > from => {
				self.phase = Phase::Failed { start, end: from };
				true
			},
			_ => false,
		}
	}

	/// Divides a reward between commission and stake.
	///
	/// # Errors
	/// Where a sum exceeds 128 bits.
	pub fn earn(&mut self, amount: Balance) -> Result<(), ArithmeticError> {
		let (commission, shared) = split(amount, self.commission);
		let earned = self.commission_earned.checked_add(commission);
		self.commission_earned = earned.ok_or(ArithmeticError::Overflow)?;
		self.shared = self.shared.checked_add(shared).ok_or(ArithmeticError::Overflow)?;
		Ok(())
	}

	/// What the provider can claim: all commission and its stake's share, rounded down.
	pub fn due_to_provider(&self) -> Balance {
		let share = share_of(self.shared, self.own, self.needed);
		self.commission_earned.saturating_add(share).saturating_sub(self.claimed)
	}

	/// What a delegator can claim, rounded down.
	pub fn due_to_delegator(&self, delegation: &Delegation) -> Balance {
		share_of(self.shared, delegation.stake, self.needed).saturating_sub(delegation.claimed)
	}

	/// Whether nobody has anything in it any more and nobody can put anything in.
	pub fn is_settled(&self) -> bool {
		self.phase != Phase::Waiting
			&& self.own == 0
			&& self.delegated == 0
			&& self.due_to_provider() == 0
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Delegation {
	/// What was deposited.
	pub stake: Balance,
	/// Rewards paid out so far.
	pub claimed: Balance,
}

/// Why a report was found void.
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
pub enum Cause {
	/// A unit's leaves were not what RandomX gives, or missed the target.
	WrongProof {
		/// The unit.
		unit: UnitIndex,
	},
	/// Units did not answer in time.
	Unanswered {
		/// The units.
		units: Units,
	},
}
