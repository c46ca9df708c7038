//! A market whose servers report.

use super::{
	first::{said, sell_singly, First, REPORTED},
	Cost, State,
};
use marketplace_primitives::{CommitmentId, ServerId, UnitIndex, Units, MAX_UNITS};
use marketplace_runtime::{AccountId, Runtime};
use marketplace_scenarios::{
	actors::{DELEGATOR, NORTH_OPERATOR},
	proving,
};
use pallet_capacity::CommitmentOf;
use pallet_providers::ServerOf;
use std::time::Duration;

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
	state: State,
	servers: u32,
	turn: u32,
}

impl Market {
	/// A market of `servers` servers, more than 64; 64 of them have deals.
	pub fn of(servers: u32) -> Self {
		let mut state = State::new();
		state.keep(|| {
			let (_, first) = First::reporting();
			(0..servers).for_each(|id| copy(&first, id));
			pallet_providers::NextServerId::<Runtime>::put(ServerId(servers));
			pallet_capacity::NextCommitment::<Runtime>::put(CommitmentId(servers.into()));
		});
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
		self.state.on_copy(|| Cost::of(NORTH_OPERATOR, call)).time
	}

	/// Lets a server report, and says whether that settled the epoch before, with a reward.
	pub fn report_settles(&mut self, work: Work) -> bool {
		let (server, (proven, serving)) = (self.next(work), work.units());
		let call = proving::report_call(server, REPORTED + 1, [1; 32], proven, serving);
		self.state.on_copy(|| {
			let commitment = CommitmentId(server.0.into());
			let earned = || {
				let found = pallet_capacity::Commitments::<Runtime>::get(commitment);
				found.map(|commitment| (commitment.fees, commitment.shared))
			};
			let before = earned();
			Cost::of(NORTH_OPERATOR, call);
			let record = pallet_capacity::Servers::<Runtime>::get(server);
			earned() != before && record.is_some_and(|record| record.settled == REPORTED)
		})
	}
}

/// Writes the records of the first server as those of server `id`, with commitment `id`.
fn copy(first: &First, id: u32) {
	let (server, commitment) = (ServerId(id), CommitmentId(id.into()));
	let peer_id = sp_crypto_hashing::blake2_256(&id.to_le_bytes());
	let registered = ServerOf::<Runtime> { peer_id, ..first.server.clone() };
	pallet_providers::Servers::<Runtime>::insert(server, registered);
	pallet_providers::PeerIds::<Runtime>::insert(peer_id, server);

	let committed = CommitmentOf::<Runtime> { server, ..first.commitment.clone() };
	pallet_capacity::Commitments::<Runtime>::insert(commitment, committed);
	let (delegator, part): (AccountId, _) = (DELEGATOR.to_account_id(), first.delegation.clone());
	pallet_capacity::Delegations::<Runtime>::insert(commitment, delegator, part);

	let work = if id < DEALERS { Work::Serve } else { Work::Prove };
	let (proven, serving) = work.units();
	let mut record = first.record.clone();
	record.commitments.iter_mut().for_each(|cover| cover.id = commitment);
	sell_singly(&mut record, commitment, serving);
	said(&mut record, proven, serving);
	pallet_capacity::Servers::<Runtime>::insert(server, record);
}
