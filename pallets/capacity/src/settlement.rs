//! Every touch of a server first settles what is due and brings its record up to date.
//!
//! What settling does is worked out without writing ([`Pallet::peek`]), so that a reader sees exactly what
//! the next call will act on: when somebody looks never changes an amount.

use crate::{
	due::{Effect, PastEpochs, Verdict},
	*,
};
use alloc::{
	collections::{btree_map::Entry, BTreeMap},
	vec::Vec,
};
use frame_support::{
	dispatch::PostDispatchInfo,
	pallet_prelude::{DispatchError, Weight},
	traits::fungible::Inspect,
};
use marketplace_primitives::{Balance, CommitmentId, Due, Epoch, OrderBook, ServerId};

/// What a touch of a server changes beside its record, worked out and not yet written.
pub(crate) struct Settlement<T: Config> {
	/// How many reports and misses were told of; as many as there are numbers where stretches without reports
	/// were settled, which are charged in full.
	pub steps: u32,
	/// Commitments that changed.
	pub commitments: BTreeMap<CommitmentId, CommitmentOf<T>>,
	/// What leaves the accounts of commitments.
	pub slashes: BTreeMap<CommitmentId, Balance>,
	/// What is told of it, in order.
	pub events: Vec<Event<T>>,
}

impl<T: Config> Default for Settlement<T> {
	fn default() -> Self {
		let (commitments, slashes) = (BTreeMap::new(), BTreeMap::new());
		Self { steps: 0, commitments, slashes, events: Vec::new() }
	}
}

impl<T: Config> Settlement<T> {
	/// A commitment, with what was changed of it so far.
	pub fn commitment(&mut self, id: CommitmentId) -> Option<&mut CommitmentOf<T>> {
		match self.commitments.entry(id) {
			Entry::Occupied(entry) => Some(entry.into_mut()),
			Entry::Vacant(entry) => Commitments::<T>::get(id).map(|found| entry.insert(found)),
		}
	}

	/// Takes what happened to the record into the books of the commitments.
	pub fn book(&mut self, server: ServerId, effects: Vec<Effect>) {
		for effect in effects {
			self.book_one(server, effect);
		}
	}

	fn book_one(&mut self, server: ServerId, effect: Effect) {
		match effect {
			Effect::ReportPassed { epoch } => self.close(Event::ReportPassed { server, epoch }),
			Effect::ReportFailed { epoch, cause } => {
				self.close(Event::ReportFailed { server, epoch, cause })
			},
			Effect::ReportVoided { epoch } => self.close(Event::ReportVoided { server, epoch }),
			Effect::Earned { commitment, epoch, units, amount } => {
				let rules = Parameters::<T>::get().vesting;
				let Some(found) = self.commitment(commitment) else { return };
				// A commitment whose books are full earns no more; the others still do.
				if found.earn(&rules, epoch, amount).is_ok() {
					self.events.push(Event::Rewarded { commitment, epoch, units, amount });
				}
			},
			Effect::Missed { commitment, epoch, misses, excess } => {
				self.close(Event::UnitsMissed { commitment, epoch, misses, excess })
			},
			Effect::Slashed { commitment, epoch, amount, for_misses } => {
				let Some(found) = self.commitment(commitment) else { return };
				let (own, delegated) = found.slash(amount, for_misses);
				found.drop_dust(T::Currency::minimum_balance());
				let leaving = if for_misses { delegated } else { own.saturating_add(delegated) };
				let sum = self.slashes.entry(commitment).or_default();
				*sum = sum.saturating_add(leaving);
				self.events.push(Event::Slashed { commitment, epoch, own, delegated });
			},
			Effect::Failed { commitment, end } => {
				if let Some(found) = self.commitment(commitment) {
					found.fail(end);
				}
				self.events.push(Event::CommitmentFailed { commitment, end });
			},
		}
	}

	/// One more step of work.
	fn close(&mut self, event: Event<T>) {
		self.steps = self.steps.saturating_add(1);
		self.events.push(event);
	}

	/// Writes all of it, with the record. Returns how many steps were settled.
	pub fn apply(self, server: ServerId, record: UnitRecord) -> u32 {
		Servers::<T>::insert(server, record);
		for (id, commitment) in self.commitments {
			Commitments::<T>::insert(id, commitment);
		}
		for (id, amount) in self.slashes {
			Pallet::<T>::take_slash(id, amount);
		}
		self.events.into_iter().for_each(Pallet::<T>::deposit_event);
		self.steps
	}
}

/// The epochs that are over, as they are in storage.
pub(crate) struct Past<'a, T> {
	pub server: ServerId,
	pub params: &'a MarketParameters,
	pub clock: ClockState,
	pub config: core::marker::PhantomData<T>,
}

impl<T: Config> Past<'_, T> {
	fn finish_of(&self, epoch: Epoch) -> Option<Finish> {
		Epochs::<T>::get(epoch).and_then(|record| record.finish)
	}

	fn uncharged_until(&self, epoch: Epoch) -> u32 {
		if epoch >= self.clock.last_uncharged {
			return self.clock.uncharged;
		}
		self.finish_of(epoch).map_or(0, |finish| finish.uncharged)
	}
}

impl<T: Config> PastEpochs for Past<'_, T> {
	fn finished(&self) -> Epoch {
		self.clock.finished
	}

	fn finished_in(&self, epoch: Epoch) -> Epoch {
		// Written when it was finished.
		self.finish_of(epoch).map_or(self.clock.finished, |finish| finish.during)
	}

	fn uncharged(&self, from: Epoch, to: Epoch) -> u32 {
		if self.clock.last_uncharged < from {
			return 0;
		}
		self.uncharged_until(to).saturating_sub(self.uncharged_until(from.saturating_sub(1)))
	}

	fn verdict(&self, epoch: Epoch, report: &Report, stake: Balance) -> Verdict {
		let Some(record) = Epochs::<T>::get(epoch) else { return Verdict::Void };
		let is_void = record.finish.is_none_or(|finish| finish.is_void);
		let Some(draw) = record.draw else { return Verdict::Void };
		let rules = self.params.audit_rules();
		let (units, most) = (report.proven.count(), record.unit_reward);
		let drawn = draw.drawn(&rules, most, stake, (self.server, epoch), report.proven);
		let silent = drawn.without(report.answered);
		match (silent.is_empty(), is_void) {
			// Without time for audits, only what was shown counts.
			(true, true) if drawn.is_empty() => Verdict::Void,
			(true, _) => {
				let unit_reward = draw.rate.unit_reward(&rules, most, units, stake);
				Verdict::Passed { unit_reward }
			},
			(false, true) => Verdict::Void,
			(false, false) => Verdict::Unanswered { units: silent },
		}
	}
}

/// What settling did to a record.
pub(crate) struct Settled {
	/// In order.
	effects: Vec<Effect>,
	/// Whether epochs without an entry were among those that were settled.
	has_stretch: bool,
}

impl<T: Config> Pallet<T> {
	/// Settles what is due of the record and brings it up to the current epoch. Looks at no commitment: the record
	/// has all of them that decides about its units.
	pub(crate) fn bring_up(server: ServerId, record: &mut UnitRecord) -> Settled {
		let params = Parameters::<T>::get();
		let config = core::marker::PhantomData::<T>;
		let past = Past { server, params: &params, clock: Clock::<T>::get(), config };
		let has_stretch = past.finished() > record.epoch && !record.commitments.is_empty();
		let effects = record.settle(&params.stake_rules(), &past);
		record.roll(params.epoch_at(Self::now()));
		record.prune();
		record.listed = record.listed.and(record.offered());
		Settled { effects, has_stretch }
	}

	/// The record of a server as it is now.
	pub(crate) fn look(server: ServerId) -> Option<UnitRecord> {
		let mut record = Servers::<T>::get(server)?;
		Self::bring_up(server, &mut record);
		Some(record)
	}

	/// The record of a server as it is now, and what the next touch will write beside it.
	pub(crate) fn peek(server: ServerId) -> Option<(UnitRecord, Settlement<T>)> {
		let mut record = Servers::<T>::get(server)?;
		let Settled { effects, has_stretch } = Self::bring_up(server, &mut record);
		let mut found = Settlement::default();
		if has_stretch {
			// It is told of once, however many epochs had to be read for it.
			found.steps = u32::MAX;
		}
		found.book(server, effects);
		Some((record, found))
	}

	/// Settles the server, lets `change` act on its record, and writes all of it; nothing where `change`
	/// refuses. Tells the book where more units are for sale than it knows of. Returns what `change` does,
	/// and how many steps were settled.
	pub(crate) fn touch<R>(
		server: ServerId,
		change: impl FnOnce(&mut UnitRecord, &mut Settlement<T>) -> Result<R, DispatchError>,
	) -> Result<(R, u32), DispatchError> {
		Self::touch_loudly_if(server, |record, found| Ok((change(record, found)?, true)))
	}

	/// As [`touch`](Self::touch), for what puts no units up for sale, and for what others ask: news for the book waits.
	pub(crate) fn touch_quietly<R>(
		server: ServerId,
		change: impl FnOnce(&mut UnitRecord, &mut Settlement<T>) -> Result<R, DispatchError>,
	) -> Result<(R, u32), DispatchError> {
		Self::touch_loudly_if(server, |record, found| Ok((change(record, found)?, false)))
	}

	/// As [`touch`](Self::touch), where `change` says whether the book is told, or news for it waits.
	pub(crate) fn touch_loudly_if<R>(
		server: ServerId,
		change: impl FnOnce(&mut UnitRecord, &mut Settlement<T>) -> Result<(R, bool), DispatchError>,
	) -> Result<(R, u32), DispatchError> {
		let (mut record, mut found) = Self::peek(server).ok_or(Error::<T>::UnknownServer)?;
		let (result, is_loud) = change(&mut record, &mut found)?;
		let offered = record.offered();
		let has_news = is_loud && !offered.without(record.listed).is_empty();
		record.listed = if is_loud { offered } else { record.listed.and(offered) };
		let steps = found.apply(server, record);
		if has_news {
			T::Book::supply_changed(server);
		}
		Ok((result, steps))
	}

	/// Settles what is due of a server, if it still has a record; returns how many steps that took. Writes nothing
	/// where nothing is due: whoever changes the record brings it up to the current epoch. News for the book waits.
	pub(crate) fn settle_due(server: ServerId) -> u32 {
		match Self::peek(server) {
			Some((record, found)) if found.steps > 0 => found.apply(server, record),
			_ => 0,
		}
	}

	/// Settles a server that must have a record.
	pub(crate) fn do_settle_server(server: ServerId) -> Result<u32, DispatchError> {
		Self::touch(server, |_, _| Ok(())).map(|(_, steps)| steps)
	}

	/// What settling all that may be due of a server weighs.
	pub(crate) fn most_settling() -> Weight {
		T::WeightInfo::settle_most()
	}

	/// What it weighed to settle `steps` steps; a step is a report or a commitment's misses. Charged up to
	/// [`most_settling`](Self::most_settling).
	pub(crate) fn settling(steps: u32) -> Due {
		let settling = T::WeightInfo::settle_step().saturating_mul(u64::from(steps));
		Due(settling.min(Self::most_settling()))
	}

	/// What a call weighed that settled `steps` steps.
	pub(crate) fn with_settling(call: Weight, steps: u32) -> PostDispatchInfo {
		Some(call.saturating_add(Self::settling(steps).0)).into()
	}
}
