//! Answers to audits: cheap checks first, then one RandomX check.

use crate::*;
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
};
use marketplace_primitives::{Balance, Epoch, ServerId, UnitIndex, Units};
use marketplace_proof::{drawn_slots, earliest_block_offset, matches, Claim, Refusal};

/// What came of an answer that was heard.
pub(crate) struct Answer {
	/// Whether the leaves were right.
	pub is_right: bool,
	/// What was settled by the way, in steps.
	pub steps: u32,
}

impl Draw {
	/// The units of a report that must answer, `stake` covering all of the report's units and `unit_reward`
	/// being what a unit earns at most.
	pub(crate) fn drawn(
		&self,
		rules: &AuditRules,
		unit_reward: Balance,
		stake: Balance,
		(server, epoch): (ServerId, Epoch),
		proven: Units,
	) -> Units {
		let place = (server.0, epoch);
		self.rate.drawn(rules, unit_reward, stake, &self.randomness, place, proven)
	}
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_answer_audit(
		server: ServerId,
		epoch: Epoch,
		unit: UnitIndex,
		leaves: &[ProvenLeaf],
	) -> Result<Answer, DispatchError> {
		// Settling cannot touch an epoch that is not finished, so it may wait until the answer is heard.
		let record = Servers::<T>::get(server).ok_or(Error::<T>::UnknownServer)?;
		let is_right = Self::check_answer(server, &record, epoch, unit, leaves)?;
		let (_, steps) = Self::touch_quietly(server, |record, found| {
			if is_right {
				Self::note_right(server, record, found, epoch, unit)
			} else {
				let (rules, end) = (Parameters::<T>::get().stake_rules(), Self::epoch());
				let (cause, mut effects) = (Cause::WrongProof { unit }, alloc::vec::Vec::new());
				let ends = end.saturating_add(1);
				record.fail_report(&rules, (epoch, ends), cause, &mut effects);
				found.book(server, effects);
				Ok(())
			}
		})?;
		Ok(Answer { is_right, steps })
	}

	/// Whether the leaves are right; an error where they need not be heard.
	fn check_answer(
		server: ServerId,
		record: &UnitRecord,
		epoch: Epoch,
		unit: UnitIndex,
		leaves: &[ProvenLeaf],
	) -> Result<bool, DispatchError> {
		let (params, now) = (Parameters::<T>::get(), Self::now());
		let past = Epochs::<T>::get(epoch).ok_or(Error::<T>::NoOpenReport)?;
		ensure!(past.finish.is_none(), Error::<T>::AuditClosed);
		let report = record.open_report(epoch).ok_or(Error::<T>::NoOpenReport)?;
		let draw = past.draw.ok_or(Error::<T>::NotDrawn)?;
		ensure!(report.proven.contains(unit), Error::<T>::UnitNotProven);
		let drawn = Self::units_drawn(&params, &past, &draw, server, epoch, record, report);
		ensure!(drawn.contains(unit), Error::<T>::UnitNotDrawn);
		ensure!(!report.answered.contains(unit), Error::<T>::AlreadyAnswered);
		let earliest = Self::earliest(&params, &draw, server, epoch, unit);
		ensure!(now >= earliest, Error::<T>::TooEarly);
		let claim = Self::claim(&past, server, epoch, report);
		let slots = Self::drawn_slots(&params, &past, &draw, server, epoch, unit);
		match claim.check(unit, &slots, leaves) {
			Ok(work) => {
				Self::take_check()?;
				Ok(matches(leaves, &T::Verifier::hashes(&work.key, &work.inputs)))
			},
			// The operator put a leaf under the root for which no work was done.
			Err(Refusal::TargetMissed) => Ok(false),
			Err(refusal) => Err(Self::refused(refusal).into()),
		}
	}

	/// Uses up the block's room for RandomX checks.
	fn take_check() -> DispatchResult {
		let done = ChecksThisBlock::<T>::get();
		ensure!(done < MAX_CHECKS_PER_BLOCK, Error::<T>::TooManyChecks);
		ChecksThisBlock::<T>::put(done.saturating_add(1));
		Ok(())
	}

	/// Notes that a unit answered.
	fn note_right(
		server: ServerId,
		record: &mut UnitRecord,
		found: &mut settlement::Settlement<T>,
		epoch: Epoch,
		unit: UnitIndex,
	) -> DispatchResult {
		let report = record.entry_mut(epoch).and_then(|entry| entry.report.as_mut());
		let report = report.ok_or(Error::<T>::NoOpenReport)?;
		report.answered = report.answered.or(Units::one(unit));
		found.events.push(Event::AuditAnswered { server, epoch, unit });
		Ok(())
	}

	/// What a report is measured by.
	fn claim(past: &EpochRecord, server: ServerId, epoch: Epoch, report: &Report) -> Claim {
		Claim {
			genesis: Self::genesis(),
			server: server.0,
			epoch,
			seed: past.seed,
			root: report.root,
			proven: report.proven.0,
			slots: past.difficulty.slots,
			target: past.difficulty.target,
		}
	}

	/// The units of a report that must answer.
	pub(crate) fn units_drawn(
		params: &MarketParameters,
		past: &EpochRecord,
		draw: &Draw,
		server: ServerId,
		epoch: Epoch,
		record: &UnitRecord,
		report: &Report,
	) -> Units {
		let stake = record.stake_of(epoch, report.proven);
		let (rules, reward) = (params.audit_rules(), past.unit_reward);
		draw.drawn(&rules, reward, stake, (server, epoch), report.proven)
	}

	/// The slots that are drawn of a unit.
	pub(crate) fn drawn_slots(
		params: &MarketParameters,
		past: &EpochRecord,
		draw: &Draw,
		server: ServerId,
		epoch: Epoch,
		unit: UnitIndex,
	) -> alloc::vec::Vec<u16> {
		let (slots, count) = (past.difficulty.slots, params.audit_slots);
		drawn_slots(&draw.randomness, server.0, epoch, unit, slots, count)
	}

	/// The first block in which a unit may answer.
	pub(crate) fn earliest(
		params: &MarketParameters,
		draw: &Draw,
		server: ServerId,
		epoch: Epoch,
		unit: UnitIndex,
	) -> u32 {
		let spread = params.capacity();
		let offset = earliest_block_offset(&draw.randomness, server.0, epoch, unit, spread);
		draw.block.saturating_add(offset)
	}

	fn refused(refusal: Refusal) -> Error<T> {
		match refusal {
			Refusal::UnitNotProven => Error::UnitNotProven,
			Refusal::WrongSlots => Error::WrongSlots,
			Refusal::OtherServer => Error::LeafOfOtherServer,
			Refusal::OtherEpoch => Error::LeafOfOtherEpoch,
			Refusal::OtherUnit => Error::LeafOfOtherUnit,
			Refusal::InvalidPath | Refusal::TargetMissed => Error::InvalidPath,
		}
	}
}
