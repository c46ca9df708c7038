//! Epoch reports.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchError};
use marketplace_primitives::{Epoch, Registry, ServerId, Units};

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
		let (params, now) = (Parameters::<T>::get(), Self::now());
		ensure!(epoch <= params.epoch_at(now), Error::<T>::EpochNotBegun);
		ensure!(epoch > 0 && now < params.reports_close(epoch), Error::<T>::ReportsClosed);
		ensure!(!proven.or(serving).is_empty(), Error::<T>::EmptyReport);
		let ((), reports) = Self::touch(server, |record, found| {
			ensure!(record.last_report < epoch, Error::<T>::AlreadyReported);
			let masks = record.masks(epoch).ok_or(Error::<T>::ReportsClosed)?;
			ensure!(proven.is_subset_of(masks.proving), Error::<T>::NotProving);
			ensure!(serving.is_subset_of(masks.serving), Error::<T>::NotServing);
			Self::count_proven(epoch, proven.count(), params.capacity())?;
			record.count_served(epoch, serving);
			record.last_report = epoch;
			record.reported = proven.or(serving);
			if !proven.is_empty() {
				let report = OpenReport { epoch, root, proven, answered: Units::NONE };
				// Windows fit into an epoch: of older reports, only one can still be open.
				record.open.try_push(report).map_err(|_| DispatchError::Corruption)?;
			}
			found.events.push(Event::Reported { server, epoch, root, proven, serving });
			Ok(())
		})?;
		Ok(reports)
	}

	/// Adds to the units proven in an epoch, as far as their audits find room.
	fn count_proven(epoch: Epoch, units: u32, capacity: u32) -> Result<(), DispatchError> {
		Epochs::<T>::try_mutate(epoch, |record| {
			// Written when the epoch began.
			let record = record.as_mut().ok_or(DispatchError::Corruption)?;
			let proven = record.proven.saturating_add(units);
			ensure!(units == 0 || proven <= capacity, Error::<T>::EpochFull);
			record.proven = proven;
			Ok(())
		})
	}
}
