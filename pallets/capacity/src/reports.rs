//! Epoch reports.

use crate::{sampling::exposure, *};
use frame_support::{ensure, pallet_prelude::DispatchError};
use marketplace_primitives::{Balance, Epoch, Registry, ServerId, Units};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_submit_report(
		who: &T::AccountId,
		server: ServerId,
		epoch: Epoch,
		root: [u8; 32],
		proven: Units,
		serving: Units,
	) -> Result<u32, DispatchError> {
		let owner = T::Registry::server(server).ok_or(Error::<T>::UnknownServer)?;
		ensure!(owner.operator == *who, Error::<T>::NotOperator);
		ensure!(epoch <= Self::epoch(), Error::<T>::EpochNotBegun);
		ensure!(!Self::are_reports_closed(epoch), Error::<T>::ReportsClosed);
		ensure!(!proven.or(serving).is_empty(), Error::<T>::EmptyReport);
		let ((), steps) = Self::touch(server, |record, found| {
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
			Ok(())
		})?;
		Ok(steps)
	}

	/// Whether no report of `epoch` is accepted any more.
	pub(crate) fn are_reports_closed(epoch: Epoch) -> bool {
		let clock = Clock::<T>::get();
		let next = clock.finished.saturating_add(1);
		let is_reporting = matches!(clock.stage, Stage::Open | Stage::Reporting { .. });
		epoch < next || (epoch == next && !is_reporting)
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
