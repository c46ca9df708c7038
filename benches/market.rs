//! A market of any size, on the real runtime, compiled natively over a state in memory.

use frame_support::storage::{with_transaction, TransactionOutcome};
use marketplace_primitives::{CommitmentId, DealId, Epoch, ServerId, UnitIndex, Units, MAX_UNITS};
use marketplace_runtime::{AccountId, Capacity, Runtime, RuntimeCall};
use marketplace_scenarios::{
	actors::{act, dispatch, signed, DELEGATOR, NORTH, NORTH_OPERATOR},
	acts, chain, proving,
};
use pallet_capacity::{CommitmentOf, DealShare, Delegation, Report, Reservation, UnitRecord};
use pallet_providers::ServerOf;
use sp_io::TestExternalities;
use sp_runtime::{BoundedVec, DispatchError, Perbill};
use std::time::{Duration, Instant};

/// The epoch that all servers have reported, and that is finished.
const REPORTED: Epoch = 2;

/// Epochs that the commitments of all servers run.
const DURATION: Epoch = 1_000;

/// Servers of each market with deals.
const DEALERS: u32 = 64;

/// The unit of a server with deals that is in none.
const IDLE: UnitIndex = MAX_UNITS - 1;

/// What a server's 64 units do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
	/// All prove.
	Prove,
	/// All but one serve, each in a deal of its own, and one proves: the largest record there is, but
	/// for its commitments.
	Serve,
}

impl Work {
	/// The units that prove, and those that serve.
	fn units(self) -> (Units, Units) {
		match self {
			Self::Prove => (Units::first(MAX_UNITS), Units::NONE),
			Self::Serve => (Units::one(IDLE), Units::first(IDLE)),
		}
	}
}

/// Servers of 64 units, all of which have reported the epoch before and passed its audit.
pub struct Market {
	state: TestExternalities,
	servers: u32,
	turn: u32,
}

impl Market {
	/// A market of `servers` servers, more than 64; 64 of them have deals.
	///
	/// One registers, commits and reports by transactions; the others are copies of its records.
	pub fn of(servers: u32) -> Self {
		let mut state = chain::development();
		state.execute_with(|| {
			let first = First::reporting();
			(0..servers).for_each(|id| first.copy(id));
			pallet_providers::NextServerId::<Runtime>::put(ServerId(servers));
			pallet_capacity::NextCommitment::<Runtime>::put(CommitmentId(servers.into()));
		});
		state.commit_all().expect("the state is sound");
		Self { state, servers, turn: 0 }
	}

	/// The next server with that work.
	fn next(&mut self, work: Work) -> ServerId {
		// Prime, so that neighbours in time are none in the state.
		self.turn = self.turn.wrapping_add(7_919);
		ServerId(match work {
			Work::Serve => self.turn % DEALERS,
			Work::Prove => DEALERS + self.turn % (self.servers - DEALERS),
		})
	}

	/// How long a server's report takes, with the settlement of the epoch before. Nothing is written; the next
	/// report is another server's.
	pub fn time_report(&mut self, work: Work) -> Duration {
		let (server, (proven, serving)) = (self.next(work), work.units());
		let call = proving::report_call(server, REPORTED + 1, [1; 32], proven, serving);
		self.on_copy(|| time(call))
	}

	/// Lets a server report, and says whether that settled the epoch before, with a reward.
	pub fn report_settles(&mut self, work: Work) -> bool {
		let (server, (proven, serving)) = (self.next(work), work.units());
		let call = proving::report_call(server, REPORTED + 1, [1; 32], proven, serving);
		self.on_copy(|| {
			let commitment = CommitmentId(server.0.into());
			let earned = || {
				let found = pallet_capacity::Commitments::<Runtime>::get(commitment);
				found.map(|commitment| (commitment.fees, commitment.shared))
			};
			let before = earned();
			time(call);
			let record = pallet_capacity::Servers::<Runtime>::get(server);
			earned() != before && record.is_some_and(|record| record.settled == REPORTED)
		})
	}

	/// Does something to the state that does not last.
	fn on_copy<R>(&mut self, act: impl FnOnce() -> R) -> R {
		self.state.execute_with(|| {
			let result =
				with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(act())));
			result.expect("nothing is nested here")
		})
	}
}

/// How long a call of the operator takes.
fn time(call: RuntimeCall) -> Duration {
	let origin = signed(NORTH_OPERATOR);
	let start = Instant::now();
	let result = dispatch(origin, call);
	let spent = start.elapsed();
	assert_eq!(result, Ok(()));
	spent
}

/// All records of the first server.
struct First {
	server: ServerOf<Runtime>,
	record: UnitRecord,
	commitment: CommitmentOf<Runtime>,
	delegation: Delegation,
}

impl First {
	/// Registers it and lets it report an epoch, until that is finished.
	fn reporting() -> Self {
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
		Self {
			server: pallet_providers::Servers::<Runtime>::get(machine.id).expect("it is there"),
			record: pallet_capacity::Servers::<Runtime>::get(machine.id).expect("it is there"),
			commitment: pallet_capacity::Commitments::<Runtime>::get(commitment)
				.expect("it is there"),
			delegation: pallet_capacity::Delegations::<Runtime>::get(commitment, delegator)
				.expect("it is there"),
		}
	}

	/// Writes the same of server `id`, with commitment `id`.
	fn copy(&self, id: u32) {
		let (server, commitment) = (ServerId(id), CommitmentId(id.into()));
		let peer_id = sp_crypto_hashing::blake2_256(&id.to_le_bytes());
		let registered = ServerOf::<Runtime> { peer_id, ..self.server.clone() };
		pallet_providers::Servers::<Runtime>::insert(server, registered);
		pallet_providers::PeerIds::<Runtime>::insert(peer_id, server);

		let committed = CommitmentOf::<Runtime> { server, ..self.commitment.clone() };
		pallet_capacity::Commitments::<Runtime>::insert(commitment, committed);
		let delegator: AccountId = DELEGATOR.to_account_id();
		pallet_capacity::Delegations::<Runtime>::insert(
			commitment,
			delegator,
			self.delegation.clone(),
		);

		let work = if id < DEALERS { Work::Serve } else { Work::Prove };
		let mut record = self.record.clone();
		record.commitments.iter_mut().for_each(|cover| cover.id = commitment);
		reported(&mut record, commitment, work);
		pallet_capacity::Servers::<Runtime>::insert(server, record);
	}
}

/// Lets the record say that the server did such work in [`REPORTED`], and has shown what was drawn of it.
fn reported(record: &mut UnitRecord, commitment: CommitmentId, work: Work) {
	let (proven, serving) = work.units();
	let deals = serving.iter().map(|unit| in_deal(commitment, unit));
	record.reservations = BoundedVec::truncate_from(deals.collect());
	if let Some(entry) = record.entry_mut(REPORTED) {
		let report = Report { root: [1; 32], proven, answered: proven };
		(entry.proving, entry.serving, entry.report) = (proven, serving, Some(report));
	}
}

/// The unit in a deal of its own, which it has served for long.
fn in_deal(commitment: CommitmentId, unit: UnitIndex) -> Reservation {
	let units = Units::one(unit);
	let mut deal = Reservation::new(DealId(unit.into()), units, DURATION);
	let share = DealShare { commitment, part: Perbill::from_percent(10) };
	deal.shares = BoundedVec::truncate_from(vec![share]);
	(deal.ready, deal.before) = (units, [units; 2]);
	deal
}
