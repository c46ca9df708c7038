//! Every touch of a server first settles what is due and brings its record up to date.
//!
//! What settling does is worked out without writing ([`Pallet::peek`]), so that a reader sees exactly what
//! the next call will act on: when somebody looks never changes an amount.

use crate::*;
use alloc::{
	collections::{btree_map::Entry, BTreeMap},
	vec::Vec,
};
use frame_support::{
	dispatch::PostDispatchInfo,
	pallet_prelude::{DispatchError, Weight},
	traits::fungible::Inspect,
};
use marketplace_primitives::{Balance, CommitmentId, Epoch, OrderBook, ServerId};

/// What a touch of a server changes beside its record, worked out and not yet written.
pub(crate) struct Settlement<T: Config> {
	/// Reports that were closed.
	pub reports: u32,
	/// Commitments that changed.
	pub commitments: BTreeMap<CommitmentId, CommitmentOf<T>>,
	/// What leaves the accounts of commitments.
	pub slashes: Vec<(CommitmentId, Balance)>,
	/// What is told of it, in order.
	pub events: Vec<Event<T>>,
}

impl<T: Config> Default for Settlement<T> {
	fn default() -> Self {
		Self { reports: 0, commitments: BTreeMap::new(), slashes: Vec::new(), events: Vec::new() }
	}
}

impl<T: Config> Settlement<T> {
	/// A commitment, with what was changed of it so far.
	fn commitment(&mut self, id: CommitmentId) -> Option<&mut CommitmentOf<T>> {
		match self.commitments.entry(id) {
			Entry::Occupied(entry) => Some(entry.into_mut()),
			Entry::Vacant(entry) => Commitments::<T>::get(id).map(|found| entry.insert(found)),
		}
	}

	/// All units of the report answered: its commitments earn.
	pub fn pass(&mut self, server: ServerId, record: &UnitRecord, report: &OpenReport) {
		let epoch = report.epoch;
		self.reports = self.reports.saturating_add(1);
		self.events.push(Event::ReportPassed { server, epoch });
		let proven = Epochs::<T>::get(epoch).map_or(0, |found| found.proven);
		let pool = Parameters::<T>::get().reward_per_epoch;
		let per_unit = pool.checked_div(Balance::from(proven)).unwrap_or(0);
		for cover in record.commitments.iter().filter(|cover| cover.covers(epoch)) {
			let units = cover.units.and(report.proven).count();
			let amount = per_unit.saturating_mul(Balance::from(units));
			let Some(commitment) = self.commitment(cover.id) else { continue };
			// A commitment whose books are full earns no more; the others still do.
			if units > 0 && commitment.earn(amount).is_ok() {
				let commitment = cover.id;
				self.events.push(Event::Rewarded { commitment, epoch, units, amount });
			}
		}
	}

	/// The report is wrong since epoch `at`: it counts no longer, and the commitments whose units it speaks of
	/// lose stake. One that lost too much ends with that epoch.
	pub fn fail(
		&mut self,
		server: ServerId,
		record: &mut UnitRecord,
		report: &OpenReport,
		cause: Cause,
		at: Epoch,
	) {
		let epoch = report.epoch;
		self.reports = self.reports.saturating_add(1);
		self.events.push(Event::ReportFailed { server, epoch, cause });
		record.discredit(epoch);
		let touched =
			|cover: &&mut Cover| cover.covers(epoch) && cover.units.overlaps(report.proven);
		for cover in record.commitments.iter_mut().filter(touched) {
			self.slash(cover, epoch, at.saturating_add(1));
		}
	}

	fn slash(&mut self, cover: &mut Cover, epoch: Epoch, end: Epoch) {
		let (id, params) = (cover.id, Parameters::<T>::get());
		let Some(commitment) = self.commitment(id) else { return };
		let (own, delegated) = commitment.slash(params.slash.mul_ceil(commitment.needed));
		commitment.drop_dust(T::Currency::minimum_balance());
		let has_failed = commitment.slashed >= params.fail_at.mul_ceil(commitment.needed)
			&& commitment.fail(end);
		self.slashes.push((id, own.saturating_add(delegated)));
		self.events.push(Event::Slashed { commitment: id, epoch, own, delegated });
		if has_failed {
			cover.end = end;
			self.events.push(Event::CommitmentFailed { commitment: id, end });
		}
	}

	/// Writes all of it.
	fn apply(self) {
		for (id, commitment) in self.commitments {
			Commitments::<T>::insert(id, commitment);
		}
		for (id, amount) in self.slashes {
			Pallet::<T>::take_slash(id, amount);
		}
		self.events.into_iter().for_each(Pallet::<T>::deposit_event);
	}
}

/// How the audit of a report stands.
pub(crate) enum Audit {
	/// Not drawn yet.
	Waiting,
	/// Answers are taken.
	Open(Draw),
	/// Never drawn.
	Void,
	/// Over since the epoch of its deadline.
	Over(Epoch),
}

impl<T: Config> Pallet<T> {
	/// How audits of `epoch` stand in block `now`.
	pub(crate) fn audit_at(params: &MarketParameters, epoch: Epoch, now: u32) -> Audit {
		match Epochs::<T>::get(epoch).and_then(|record| record.draw) {
			Some(draw) => {
				let deadline = draw.block.saturating_add(params.answer_window);
				if now < deadline {
					Audit::Open(draw)
				} else {
					Audit::Over(params.epoch_at(deadline))
				}
			},
			None if now > params.draw_due(epoch) => Audit::Void,
			None => Audit::Waiting,
		}
	}

	/// Settles what is due of a record and brings it up to the current epoch, without writing.
	///
	/// Audits are settled before the record is rolled: a deadline that passed since the last touch lies
	/// in the record's epoch or later, so a commitment that fails by it ends at a boundary still ahead.
	pub(crate) fn assess(server: ServerId, record: &mut UnitRecord) -> Settlement<T> {
		let (params, now) = (Parameters::<T>::get(), Self::now());
		let mut found = Settlement::default();
		for report in core::mem::take(&mut record.open) {
			let epoch = report.epoch;
			match Self::audit_at(&params, epoch, now) {
				Audit::Waiting | Audit::Open(_) => {
					// It came from there: there is room.
					let _ = record.open.try_push(report);
				},
				Audit::Void => {
					found.reports = found.reports.saturating_add(1);
					found.events.push(Event::ReportVoided { server, epoch });
				},
				Audit::Over(at) => {
					let units = report.proven.without(report.answered);
					found.fail(server, record, &report, Cause::Unanswered { units }, at);
				},
			}
		}
		record.roll(params.epoch_at(now));
		record.prune();
		record.listed = record.listed.and(record.offered());
		found
	}

	/// The record of a server as it is now, and what the next touch will write beside it.
	pub(crate) fn peek(server: ServerId) -> Option<(UnitRecord, Settlement<T>)> {
		let mut record = Servers::<T>::get(server)?;
		let found = Self::assess(server, &mut record);
		Some((record, found))
	}

	/// Settles the server, lets `change` act on its record, and writes all of it; nothing where `change`
	/// refuses. Tells the book where more units are for sale than it knows of. Returns what `change` does,
	/// and how many reports were closed.
	pub(crate) fn touch<R>(
		server: ServerId,
		change: impl FnOnce(&mut UnitRecord, &mut Settlement<T>) -> Result<R, DispatchError>,
	) -> Result<(R, u32), DispatchError> {
		let (mut record, mut found) = Self::peek(server).ok_or(Error::<T>::UnknownServer)?;
		let result = change(&mut record, &mut found)?;
		let reports = found.reports;
		let offered = record.offered();
		let has_news = !offered.without(record.listed).is_empty();
		record.listed = offered;
		Servers::<T>::insert(server, record);
		found.apply();
		if has_news {
			T::Book::supply_changed(server);
		}
		Ok((result, reports))
	}

	/// As [`touch`](Self::touch), for the matcher's own requests: news for the book waits.
	pub(crate) fn touch_quietly<R>(
		server: ServerId,
		change: impl FnOnce(&mut UnitRecord, &mut Settlement<T>) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		let (mut record, mut found) = Self::peek(server).ok_or(Error::<T>::UnknownServer)?;
		let result = change(&mut record, &mut found)?;
		record.listed = record.listed.and(record.offered());
		Servers::<T>::insert(server, record);
		found.apply();
		Ok(result)
	}

	/// Settles a server, if it still has a record; returns how many reports were closed.
	pub(crate) fn settle(server: ServerId) -> Result<u32, DispatchError> {
		if !Servers::<T>::contains_key(server) {
			return Ok(0);
		}
		Self::touch(server, |_, _| Ok(())).map(|(_, reports)| reports)
	}

	/// Settles a server that must have a record.
	pub(crate) fn do_settle_server(server: ServerId) -> Result<u32, DispatchError> {
		Self::touch(server, |_, _| Ok(())).map(|(_, reports)| reports)
	}

	/// What closing all reports of a server weighs.
	pub(crate) fn most_settling() -> Weight {
		T::WeightInfo::settle_report().saturating_mul(u64::from(MAX_OPEN_REPORTS))
	}

	/// What a call weighed that closed `reports` reports.
	pub(crate) fn with_settling(call: Weight, reports: u32) -> PostDispatchInfo {
		let settling = T::WeightInfo::settle_report().saturating_mul(u64::from(reports));
		Some(call.saturating_add(settling)).into()
	}
}
