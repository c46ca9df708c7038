//! The server that the others are copies of.

use frame_support::BoundedVec;
use marketplace_primitives::{
	Ask, CommitmentId, DealId, Epoch, ServerId, UnitIndex, Units, MAX_UNITS,
};
use marketplace_runtime::{AccountId, Capacity, Runtime};
use marketplace_scenarios::{
	actors::{act, DELEGATOR, DEVELOPER, NORTH, NORTH_OPERATOR},
	acts::{self, Machine, Wanted},
	chain, proving,
};
use pallet_capacity::{CommitmentOf, DealShare, Delegation, Report, Reservation, UnitRecord};
use pallet_deals::DealOf;
use pallet_providers::{ServerOf, TicketOf};
use sp_runtime::Perbill;

/// The epoch that all servers have reported, and that is finished.
pub const REPORTED: Epoch = 2;

/// Epochs that the commitments of all servers run.
pub const DURATION: Epoch = 1_000;

/// All records of a server of 64 units that has reported an epoch, of which everything is known by now.
pub struct First {
	/// The server.
	pub server: ServerOf<Runtime>,
	/// Its units.
	pub record: UnitRecord,
	/// Its commitment.
	pub commitment: CommitmentOf<Runtime>,
	/// The delegator's part in that.
	pub delegation: Delegation,
}

impl First {
	/// Registers the server and lets it report, until the epoch is finished.
	pub fn reporting() -> (Machine, Self) {
		let units = Units::first(MAX_UNITS);
		let site = acts::settle_down(NORTH);
		let machine = acts::register(site, NORTH, NORTH_OPERATOR, 1, MAX_UNITS);
		let (commission, own) = (Perbill::from_percent(10), 32 * acts::STAKE);
		let commitment = acts::commit(machine, units, DURATION, commission, own, DELEGATOR);
		chain::run_to_epoch(REPORTED);
		let report = proving::report_call(machine.id, REPORTED, [1; 32], units, Units::NONE);
		act(NORTH_OPERATOR, report);
		proving::run_to_finish(REPORTED);
		assert_eq!(Capacity::epoch_info().epoch, REPORTED + 1);

		let delegator: AccountId = DELEGATOR.to_account_id();
		let first = Self {
			server: pallet_providers::Servers::<Runtime>::get(machine.id).expect("it is there"),
			record: record_of(machine.id),
			commitment: pallet_capacity::Commitments::<Runtime>::get(commitment)
				.expect("it is there"),
			delegation: pallet_capacity::Delegations::<Runtime>::get(commitment, delegator)
				.expect("it is there"),
		};
		(machine, first)
	}
}

/// What matching reads of a server, and a deal.
pub struct Seller {
	/// The server.
	pub server: ServerOf<Runtime>,
	/// Its units: committed, covered, proven in this epoch too, and idle. Nothing is due of them.
	pub record: UnitRecord,
	/// The ask for all of them.
	pub ask: Ask,
	/// The deposit for that.
	pub ticket: TicketOf<Runtime>,
	/// A deal that was made on it.
	pub deal: DealOf<Runtime>,
}

impl Seller {
	/// Registers the server, lets it report and ask, and sells a unit.
	pub fn asking() -> Self {
		let units = Units::first(MAX_UNITS);
		let (machine, First { server, mut record, .. }) = First::reporting();
		said(&mut record, units, Units::NONE);
		pallet_capacity::Servers::<Runtime>::insert(machine.id, record);
		let report = proving::report_call(machine.id, REPORTED + 1, [1; 32], units, Units::NONE);
		act(NORTH_OPERATOR, report);
		let record = record_of(machine.id);
		assert_eq!((record.offered(), record.settled), (units, REPORTED), "nothing is due");

		let ask = acts::ask(machine, units, 1_000);
		Wanted::new(1, 1_000, 5).post(DEVELOPER);
		Self {
			server,
			record,
			ask: pallet_providers::Asks::<Runtime>::get(ask).expect("it stands"),
			ticket: pallet_providers::AskTickets::<Runtime>::get(ask).expect("it was paid"),
			deal: pallet_deals::Deals::<Runtime>::get(DealId(0)).expect("it was made"),
		}
	}
}

fn record_of(server: ServerId) -> UnitRecord {
	pallet_capacity::Servers::<Runtime>::get(server).expect("it is there")
}

/// Lets the record say that the server did such work in [`REPORTED`], and has shown what was drawn of it.
pub fn said(record: &mut UnitRecord, proven: Units, serving: Units) {
	if let Some(entry) = record.entry_mut(REPORTED) {
		let report = Report { root: [1; 32], proven, answered: proven };
		(entry.proving, entry.serving, entry.report) = (proven, serving, Some(report));
	}
}

/// Lets each of `units` be in a deal of its own, which it has served for long.
pub fn sell_singly(record: &mut UnitRecord, commitment: CommitmentId, units: Units) {
	let deals = units.iter().map(|unit| in_deal(commitment, unit));
	record.reservations = BoundedVec::truncate_from(deals.collect());
}

fn in_deal(commitment: CommitmentId, unit: UnitIndex) -> Reservation {
	let units = Units::one(unit);
	let mut deal = Reservation::new(DealId(unit.into()), units, DURATION);
	let share = DealShare { commitment, part: Perbill::from_percent(10) };
	deal.shares = BoundedVec::truncate_from(vec![share]);
	(deal.ready, deal.before) = (units, [units; 2]);
	deal
}
