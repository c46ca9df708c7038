//! What must always hold.

use crate::*;
use frame_support::{ensure, traits::fungible::Inspect};
use marketplace_primitives::{Balance, CommitmentId, ServerId, Units};
use sp_runtime::{Perbill, TryRuntimeError};

impl<T: Config> Pallet<T> {
	/// Checks the numbered invariants of the README.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_clock()?;
		for (server, record) in Servers::<T>::iter() {
			Self::check_units(&record)?;
			Self::check_served(&record)?;
			Self::check_reports(&record)?;
			Self::check_covers(server, &record)?;
		}
		Commitments::<T>::iter().try_for_each(|(id, commitment)| Self::check_money(id, &commitment))
	}

	/// 1. The settings are valid, the clock is not behind, and no check survives its block.
	fn check_clock() -> Result<(), TryRuntimeError> {
		let params = Parameters::<T>::get();
		params.validate().map_err(TryRuntimeError::Other)?;
		let (clock, epoch) = (Clock::<T>::get(), Self::epoch());
		ensure!(clock.finished < epoch, "1: an epoch is finished that is not over");
		ensure!(
			clock.finished.saturating_add(OPEN_EPOCHS) >= epoch,
			"1: more epochs are open than may be"
		);
		ensure!(
			clock.stage == Stage::Open || clock.finished.saturating_add(1) < epoch,
			"1: an epoch is being finished that is not over"
		);
		ensure!(
			ChecksThisBlock::<T>::get() <= MAX_CHECKS_PER_BLOCK,
			"1: more checks in a block than may be"
		);
		Ok(())
	}

	/// 2. A unit is in at most one deal and one commitment at a time; all masks are within the server.
	fn check_units(record: &UnitRecord) -> Result<(), TryRuntimeError> {
		let all = record.all();
		let held = Self::check_deals(record)?;
		ensure!(held.is_subset_of(all), "2: a deal holds units that the server lacks");
		ensure!(
			held.is_subset_of(record.committed(record.epoch)),
			"2: a deal holds units without a commitment"
		);
		let masks = record.entry(record.epoch).copied().unwrap_or_default();
		ensure!(!masks.proving.overlaps(masks.serving), "2: a unit proves and serves");
		ensure!(masks.proving.or(masks.serving).is_subset_of(all), "2: a foreign unit is bound");
		let mut claimed = Units::NONE;
		for cover in &record.commitments {
			ensure!(cover.units.is_subset_of(all), "2: a commitment of foreign units");
			if cover.is_waiting() || cover.end > record.epoch {
				ensure!(!cover.units.overlaps(claimed), "2: a unit in two commitments");
				claimed = claimed.or(cover.units);
			}
		}
		Ok(())
	}

	/// 2. The same of the deals of a server. Returns the units that they hold.
	fn check_deals(record: &UnitRecord) -> Result<Units, TryRuntimeError> {
		let mut held = Units::NONE;
		for reservation in &record.reservations {
			let parts = reservation.ready.or(reservation.pending);
			ensure!(parts.is_subset_of(reservation.units), "2: a deal uses units that it lacks");
			if reservation.end > record.epoch {
				ensure!(!reservation.units.overlaps(held), "2: a unit in two deals");
				held = held.or(reservation.units);
			}
			let may_lose = record.may_lose(reservation.deal, reservation.held(record.epoch));
			ensure!(may_lose, "2: a deal may lose more than can be noted");
			let mut leaving = Units::NONE;
			for Withdrawal { units, from } in &reservation.withdrawals {
				let is_due = record.epoch < *from && *from <= reservation.end;
				ensure!(is_due, "2: units leave a deal that they have left");
				let is_held = !units.is_empty() && units.is_subset_of(reservation.units);
				ensure!(is_held, "2: units leave a deal that they are not in");
				ensure!(!units.overlaps(leaving), "2: a unit leaves a deal twice");
				leaving = leaving.or(*units);
			}
		}
		Ok(held)
	}

	/// 2. What was counted lately is of units that were bound to serve, for one deal each, and is part of what the deals
	///    were served in all.
	fn check_served(record: &UnitRecord) -> Result<(), TryRuntimeError> {
		for (age, entry) in record.recent.iter().enumerate() {
			let mut counted = Units::NONE;
			for reservation in &record.reservations {
				let units = reservation.counted.get(age).copied().unwrap_or_default();
				ensure!(units.is_subset_of(record.all()), "2: a foreign unit served");
				ensure!(units.is_subset_of(entry.serving), "2: a unit served unbound");
				ensure!(!units.overlaps(counted), "2: a unit served two deals");
				counted = counted.or(units);
			}
		}
		let fits = |held: &Reservation| held.served_lately(0) <= held.served;
		ensure!(record.reservations.iter().all(fits), "2: more served lately than in all");
		Ok(())
	}

	/// 3. Reports speak of units that were bound to prove, none is later than the last accepted, and only proven
	///    units answered.
	fn check_reports(record: &UnitRecord) -> Result<(), TryRuntimeError> {
		ensure!(record.settled <= Clock::<T>::get().finished, "3: settled before it was finished");
		for (epoch, report) in record.open_reports() {
			let entry = record.entry(epoch).copied().unwrap_or_default();
			ensure!(report.answered.is_subset_of(report.proven), "3: a unit answered unasked");
			ensure!(report.proven.is_subset_of(entry.proving), "3: a unit proved unbound");
			ensure!(epoch <= record.last_report, "3: an open report was never accepted");
		}
		Ok(())
	}

	/// 4. The record of a server and its commitments agree.
	fn check_covers(server: ServerId, record: &UnitRecord) -> Result<(), TryRuntimeError> {
		let rules = Parameters::<T>::get().misses;
		for cover in &record.commitments {
			// A commitment that nobody has a stake in any more is gone.
			let Some(commitment) = Commitments::<T>::get(cover.id) else { continue };
			let term = match commitment.phase {
				Phase::Waiting => (0, 0),
				Phase::Running { start, end } | Phase::Failed { start, end } => (start, end),
				Phase::Cancelled => return Err("4: a cancelled commitment covers units".into()),
			};
			ensure!(commitment.server == server, "4: a commitment of another server");
			ensure!(commitment.units == cover.units, "4: units of a commitment differ");
			ensure!(term == (cover.start, cover.end), "4: the term of a commitment differs");
			let shares = [Perbill::zero(), commitment.deal_share];
			ensure!(shares.contains(&cover.deal_share), "4: the share of a commitment differs");
			ensure!(commitment.needed == cover.needed(), "4: the stake of a commitment differs");
			ensure!(commitment.slashed <= cover.slashed, "4: slashes of a commitment differ");
			ensure!(
				cover.allowance <= rules.full(cover.units.count()),
				"4: more misses are forgiven than may be saved up"
			);
		}
		Ok(())
	}

	/// 5. The account of a commitment holds what its books say, or more by gift; no more is left than was
	///    staked, and no more claimed than earned.
	fn check_money(id: CommitmentId, commitment: &CommitmentOf<T>) -> Result<(), TryRuntimeError> {
		let held = T::Currency::total_balance(&Self::stake_account(id));
		ensure!(held >= commitment.pool(), "5: an account holds less than its commitment");
		let mut stake: Balance = 0;
		let mut delegators: u32 = 0;
		let mut claimed = commitment.claimed;
		for (_, delegation) in Delegations::<T>::iter_prefix(id) {
			if !delegation.is_out {
				stake = stake.saturating_add(delegation.stake);
			}
			delegators = delegators.saturating_add(1);
			claimed = claimed.saturating_add(delegation.claimed);
		}
		ensure!(stake == commitment.delegated, "5: delegations differ from their sum");
		ensure!(delegators == commitment.delegators, "5: delegators are miscounted");
		let own = commitment.own_left.saturating_add(commitment.kept);
		ensure!(own <= commitment.own, "5: more own stake left than deposited");
		ensure!(
			commitment.delegated_left <= commitment.delegated,
			"5: more stake left than delegated"
		);
		let unlocked = commitment.fees.unlocked.saturating_add(commitment.shared.unlocked);
		let locked = commitment.fees.locked().saturating_add(commitment.shared.locked());
		ensure!(claimed <= unlocked.saturating_add(locked), "5: more claimed than earned");
		Ok(())
	}
}
