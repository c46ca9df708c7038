//! Answers to audits: cheap checks first, then one RandomX check.

use crate::{
	settlement::{Audit, Settlement},
	*,
};
use frame_support::{
	ensure,
	pallet_prelude::{DispatchError, DispatchResult},
};
use marketplace_primitives::{Epoch, ServerId, UnitIndex, Units};
use marketplace_proof::{drawn_slots, earliest_block_offset, matches, Claim, Refusal};

/// What came of an answer that was heard.
pub(crate) struct Answer {
	/// Whether the leaves were right.
	pub is_right: bool,
	/// Reports that were closed, by it or because they were due.
	pub reports: u32,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_answer_audit(
		server: ServerId,
		epoch: Epoch,
		unit: UnitIndex,
		leaves: &[ProvenLeaf],
	) -> Result<Answer, DispatchError> {
		let record = Servers::<T>::get(server).ok_or(Error::<T>::UnknownServer)?;
		let open = record.open.iter().find(|report| report.epoch == epoch);
		let report = *open.ok_or(Error::<T>::NoOpenReport)?;
		let is_right = Self::check_answer(server, &report, unit, leaves)?;
		let (_, reports) = Self::touch(server, |record, found| {
			if is_right {
				Self::note_right(server, record, found, epoch, unit);
			} else {
				let cause = Cause::WrongProof { unit };
				record.open.retain(|other| other.epoch != epoch);
				found.fail(server, record, &report, cause, Self::epoch());
			}
			Ok(())
		})?;
		Ok(Answer { is_right, reports })
	}

	/// Whether the leaves are right; an error where they need not be heard.
	fn check_answer(
		server: ServerId,
		report: &OpenReport,
		unit: UnitIndex,
		leaves: &[ProvenLeaf],
	) -> Result<bool, DispatchError> {
		let (params, now, epoch) = (Parameters::<T>::get(), Self::now(), report.epoch);
		let draw = match Self::audit_at(&params, epoch, now) {
			Audit::Open(draw) => draw,
			Audit::Waiting => return Err(Error::<T>::NotDrawn.into()),
			Audit::Void | Audit::Over(_) => return Err(Error::<T>::AuditClosed.into()),
		};
		let earliest = Self::earliest(&params, &draw, server, epoch, unit);
		ensure!(now >= earliest, Error::<T>::TooEarly);
		ensure!(report.proven.contains(unit), Error::<T>::UnitNotProven);
		ensure!(!report.answered.contains(unit), Error::<T>::AlreadyAnswered);
		let claim = Self::claim(&params, server, report);
		let wanted = Self::drawn(&params, &draw, server, epoch, unit);
		match claim.check(unit, &wanted, leaves) {
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

	/// Notes that a unit answered; the last one closes the audit.
	fn note_right(
		server: ServerId,
		record: &mut UnitRecord,
		found: &mut Settlement<T>,
		epoch: Epoch,
		unit: UnitIndex,
	) {
		found.events.push(Event::AuditAnswered { server, epoch, unit });
		let Some(report) = record.open.iter_mut().find(|report| report.epoch == epoch) else {
			return;
		};
		report.answered = report.answered.or(Units::one(unit));
		let report = *report;
		if report.answered == report.proven {
			record.open.retain(|other| other.epoch != epoch);
			found.pass(server, record, &report);
		}
	}

	/// What a report is measured by.
	fn claim(params: &MarketParameters, server: ServerId, report: &OpenReport) -> Claim {
		Claim {
			genesis: Self::genesis(),
			server: server.0,
			epoch: report.epoch,
			seed: Epochs::<T>::get(report.epoch).map(|record| record.seed).unwrap_or_default(),
			root: report.root,
			proven: report.proven.0,
			slots: params.slots,
			target: params.target,
		}
	}

	/// The slots drawn of a unit.
	pub(crate) fn drawn(
		params: &MarketParameters,
		draw: &Draw,
		server: ServerId,
		epoch: Epoch,
		unit: UnitIndex,
	) -> alloc::vec::Vec<u16> {
		let (slots, count) = (params.slots, params.audit_slots);
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
