//! Epoch reports.

use crate::{sampling::exposure, *};
use frame_support::{ensure, pallet_prelude::DispatchError};
use marketplace_primitives::{Balance, DealWatch, Epoch, Registry, ServerId, Units};

/// What came of a report that was accepted.
pub(crate) struct Reported {
	/// Whether deals miss units of the server, and those who look after them were told.
	pub has_told: bool,
	/// What was settled by the way, in steps.
	pub steps: u32,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_submit_report(
		who: &T::AccountId,
		server: ServerId,
		epoch: Epoch,
		root: [u8; 32],
		proven: Units,
		serving: Units,
	) -> Result<Reported, DispatchError> {
		let owner = T::Registry::server(server).ok_or(Error::<T>::UnknownServer)?;
		ensure!(owner.operator == *who, Error::<T>::NotOperator);
		ensure!(epoch <= Self::epoch(), Error::<T>::EpochNotBegun);
		ensure!(!Self::are_reports_closed(epoch), Error::<T>::ReportsClosed);
		ensure!(!proven.or(serving).is_empty(), Error::<T>::EmptyReport);
		let closed = Self::last_closed();
		let (missing, steps) = Self::touch(server, |record, found| {
			ensure!(record.last_report < epoch, Error::<T>::AlreadyReported);
			let stake = record.stake_of(epoch, proven);
			let entry = record.entry_mut(epoch).ok_or(Error::<T>::ReportsClosed)?;
			ensure!(proven.is_subset_of(entry.proving), Error::<T>::NotProving);
			ensure!(serving.is_subset_of(entry.serving), Error::<T>::NotServing);
			if !proven.is_empty() {
				entry.report = Some(Report { root, proven, answered: Units::NONE });
				Self::count_proven(epoch, proven.count(), stake)?;
			}
			record.count_served(epoch, serving);
			record.last_report = epoch;
			record.reported = proven.or(serving);
			found.events.push(Event::Reported { server, epoch, root, proven, serving });
			Ok(record.deals_missing_units(closed))
		})?;
		let has_told = !missing.is_empty();
		if has_told {
			T::Deals::units_missing(server, missing);
		}
		Ok(Reported { has_told, steps })
	}

	/// Whether no report of `epoch` is accepted any more.
	pub(crate) fn are_reports_closed(epoch: Epoch) -> bool {
		epoch <= Self::last_closed()
	}

	/// The last epoch of which no report is accepted any more; 0 before there is one.
	pub(crate) fn last_closed() -> Epoch {
		let clock = Clock::<T>::get();
		match clock.stage {
			Stage::Open | Stage::Reporting { .. } => clock.finished,
			Stage::Drawing { .. } | Stage::Answering { .. } => clock.finished.saturating_add(1),
		}
	}

	/// Adds to the units proven in an epoch.
	fn count_proven(epoch: Epoch, units: u32, stake: Balance) -> Result<(), DispatchError> {
		Epochs::<T>::try_mutate(epoch, |record| {
			// Written when the epoch began.
			let record = record.as_mut().ok_or(DispatchError::Corruption)?;
			record.proven = record.proven.saturating_add(units);
			record.reports = record.reports.saturating_add(1);
			record.exposure = record.exposure.saturating_add(exposure(units, stake));
			Ok(())
		})
	}
}
