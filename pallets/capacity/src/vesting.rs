//! Rewards unlock in equal instalments, on dates that all rewards share.
//!
//! The dates are the epochs that are multiples of the period, so the instalments of any number of rewards fit into
//! as many sums as a reward has instalments. Nothing has to be done on a date: whoever looks unlocks all that
//! has come in one step ([`Vesting::roll`]), and it does not matter who looked before.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use marketplace_primitives::{Balance, Epoch};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_runtime::ArithmeticError;

/// The most instalments.
pub const MAX_INSTALMENTS: usize = 8;

/// How rewards unlock.
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
	Serialize,
	Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VestingRules {
	/// Epochs between two instalments, at least 1; something unlocks with each epoch that is a multiple of it.
	pub period: Epoch,
	/// Into how many instalments a reward is divided, `1..=8`.
	pub instalments: u8,
}

impl VestingRules {
	/// Dates that have come up to `epoch`, since the first epoch of the market. A period of 0 counts as 1.
	fn passed(&self, epoch: Epoch) -> u32 {
		epoch.checked_div(self.period).unwrap_or(epoch)
	}

	/// Parts of a reward, within what there is room for.
	fn parts(&self) -> u32 {
		let most = u8::try_from(MAX_INSTALMENTS).unwrap_or(u8::MAX);
		self.instalments.clamp(1, most).into()
	}
}

/// What is unlocked and what will be. The fields are of the epoch that it was rolled to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Vesting {
	/// Unlocked so far, planks.
	pub unlocked: Balance,
	/// Dates that have come.
	passed: u32,
	/// What the next dates unlock, the nearest first, planks.
	upcoming: [Balance; MAX_INSTALMENTS],
}

impl Vesting {
	/// Adds a reward of `epoch`: it unlocks in equal parts on the next dates after that epoch, the rest of the
	/// division on the last of them. Where some of those dates are past, because the reward comes late, their parts
	/// are unlocked at once.
	///
	/// # Errors
	/// Where a sum exceeds 128 bits; nothing is changed.
	pub fn add(
		&mut self,
		rules: &VestingRules,
		epoch: Epoch,
		amount: Balance,
	) -> Result<(), ArithmeticError> {
		let total = self.unlocked.checked_add(self.locked()).ok_or(ArithmeticError::Overflow)?;
		total.checked_add(amount).ok_or(ArithmeticError::Overflow)?;
		self.roll(rules, epoch);
		let parts = rules.parts();
		let part = amount.checked_div(Balance::from(parts)).unwrap_or(amount);
		let mut rest = amount;
		let from = rules.passed(epoch);
		for number in 1..=parts {
			let part = if number == parts { rest } else { part };
			rest = rest.saturating_sub(part);
			self.put(from.saturating_add(number), part);
		}
		Ok(())
	}

	/// Puts a part to the date of this number, or to what is unlocked where that is past. Sums are within the
	/// total, which was checked.
	fn put(&mut self, number: u32, part: Balance) {
		let ahead = number.checked_sub(self.passed).and_then(|ahead| ahead.checked_sub(1));
		let place = ahead.and_then(|ahead| self.upcoming.get_mut(usize::try_from(ahead).ok()?));
		let place = place.unwrap_or(&mut self.unlocked);
		*place = place.saturating_add(part);
	}

	/// Unlocks what has come up to `epoch`; nothing where it was rolled further.
	pub fn roll(&mut self, rules: &VestingRules, epoch: Epoch) {
		let now = rules.passed(epoch);
		let Some(steps) = now.checked_sub(self.passed) else { return };
		let steps = usize::try_from(steps).unwrap_or(MAX_INSTALMENTS).min(MAX_INSTALMENTS);
		for part in self.upcoming.iter_mut().take(steps) {
			self.unlocked = self.unlocked.saturating_add(core::mem::take(part));
		}
		self.upcoming.rotate_left(steps);
		self.passed = now;
	}

	/// What is unlocked in `epoch`, which is that it was rolled to or a later one.
	pub fn unlocked_at(&self, rules: &VestingRules, epoch: Epoch) -> Balance {
		let mut then = *self;
		then.roll(rules, epoch);
		then.unlocked
	}

	/// What will unlock after the epoch that it was rolled to.
	pub fn locked(&self) -> Balance {
		self.upcoming.iter().fold(0, |sum: Balance, part| sum.saturating_add(*part))
	}
}

#[cfg(test)]
#[path = "tests/vesting.rs"]
mod tests;
