//! What clients read.

use crate::*;
use alloc::vec::Vec;
use marketplace_primitives::{
	api::{AuditInfo, EpochInfo, UnitsInfo},
	math::share_of,
	Balance, CommitmentId, PaymentAsset, ServerId,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_epoch() -> EpochInfo {
		let params = Parameters::<T>::get();
		let epoch = params.epoch_at(Self::now());
		EpochInfo {
			epoch,
			first_block: params.first_block(epoch),
			length: params.epoch_length,
			grace: params.grace,
			seed: Epochs::<T>::get(epoch).map(|record| record.seed).unwrap_or_default(),
		}
	}

	pub(crate) fn view_units(server: ServerId) -> Option<UnitsInfo> {
		let record = Self::look(server)?;
		let current = record.entry(record.epoch).copied().unwrap_or_default();
		Some(UnitsInfo {
			count: record.count,
			committed: record.committed(record.epoch),
			reserved: record.reserved(),
			proving: current.proving,
			serving: current.serving,
			available: record.offered(),
		})
	}

	pub(crate) fn view_audits(server: ServerId) -> Vec<AuditInfo> {
		let (params, now) = (Parameters::<T>::get(), Self::now());
		let Some(record) = Self::look(server) else { return Vec::new() };
		let left = match Clock::<T>::get().stage {
			Stage::Answering { left } => left,
			_ => return Vec::new(),
		};
		let mut audits = Vec::new();
		for (epoch, report) in record.open_reports() {
			let Some(past) = Epochs::<T>::get(epoch) else { continue };
			let Some(draw) = past.draw else { continue };
			let drawn = Self::units_drawn(&params, &past, &draw, server, epoch, &record, report);
			audits.extend(drawn.iter().map(|unit| AuditInfo {
				epoch,
				unit,
				slots: Self::drawn_slots(&params, &past, &draw, server, epoch, unit),
				earliest: Self::earliest(&params, &draw, server, epoch, unit),
				deadline: now.saturating_add(left),
				answered: report.answered.contains(unit),
			}));
		}
		audits
	}

	/// A commitment with what the next touch of its server will change of it.
	fn peek_commitment(id: CommitmentId) -> Option<CommitmentOf<T>> {
		let stored = Commitments::<T>::get(id)?;
		let due =
			Self::peek(stored.server).and_then(|(_, mut found)| found.commitments.remove(&id));
		Some(due.unwrap_or(stored))
	}

	pub(crate) fn view_commitment(id: CommitmentId) -> Option<(CommitmentOf<T>, CommitmentState)> {
		let commitment = Self::peek_commitment(id)?;
		let state = commitment.state(Self::epoch());
		Some((commitment, state))
	}

	pub(crate) fn view_stake(id: CommitmentId, staker: &T::AccountId) -> Balance {
		let Some(commitment) = Self::peek_commitment(id) else { return 0 };
		if *staker == commitment.provider {
			return commitment.own_left;
		}
		let delegation = Delegations::<T>::get(id, staker).filter(|delegation| !delegation.is_out);
		let stake = delegation.map_or(0, |delegation| delegation.stake);
		share_of(commitment.delegated_left, stake, commitment.delegated)
	}

	pub(crate) fn view_rewards(id: CommitmentId, staker: &T::AccountId) -> Balance {
		let Some(commitment) = Self::peek_commitment(id) else { return 0 };
		let (rules, epoch) = (Parameters::<T>::get().vesting, Self::epoch());
		if *staker == commitment.provider {
			return commitment.due_to_provider(&rules, epoch);
		}
		Delegations::<T>::get(id, staker)
			.map_or(0, |delegation| commitment.due_to_delegator(&rules, epoch, &delegation))
	}

	pub(crate) fn view_income(
		id: CommitmentId,
		staker: &T::AccountId,
		asset: &PaymentAsset,
	) -> Balance {
		Commitments::<T>::get(id)
			.zip(Delegations::<T>::get(id, staker))
			.map_or(0, |(commitment, delegation)| commitment.income_of(&delegation, asset))
	}
}
