//! The pallet's events: enough to rebuild its state from them.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod events {
	/// Every change of the pallet's state.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An epoch began.
		EpochStarted {
			/// The epoch.
			epoch: Epoch,
			/// What its proofs are bound to.
			seed: [u8; 32],
		},
		/// No report of the epoch is accepted any more.
		ReportsClosed {
			/// The epoch.
			epoch: Epoch,
			/// Units proven in it.
			proven: u32,
		},
		/// The audits of the epoch were drawn: from now on they are answered.
		AuditsDrawn {
			/// The epoch.
			epoch: Epoch,
			/// What draws slots and blocks.
			randomness: [u8; 32],
			/// The first block in which no answer is taken any more.
			deadline: u32,
		},
		/// No randomness came in time: the epoch is not audited, and earns nothing.
		EpochVoided {
			/// The epoch.
			epoch: Epoch,
		},
		/// The record of a server was opened.
		ServerOpened {
			/// The server.
			server: ServerId,
			/// How many units it has.
			units: u8,
		},
		/// The record of a server was removed.
		ServerClosed {
			/// The server.
			server: ServerId,
		},
		/// A provider committed units; stake is awaited.
		Committed {
			/// The commitment.
			commitment: CommitmentId,
			/// The server.
			server: ServerId,
			/// Its provider.
			provider: T::AccountId,
			/// The units.
			units: Units,
			/// For how many epochs.
			duration: Epoch,
			/// The provider's part of rewards.
			commission: Perbill,
			/// The stake that is needed.
			needed: Balance,
		},
		/// Somebody staked on a commitment.
		Delegated {
			/// The commitment.
			commitment: CommitmentId,
			/// Who staked; the provider itself, too.
			staker: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// A commitment is covered by stake.
		CommitmentCovered {
			/// The commitment.
			commitment: CommitmentId,
			/// The first epoch of its term.
			start: Epoch,
			/// The first epoch after it.
			end: Epoch,
		},
		/// A commitment was taken back before it was covered.
		CommitmentCancelled {
			/// The commitment.
			commitment: CommitmentId,
		},
		/// A commitment was slashed too much and ends early.
		CommitmentFailed {
			/// The commitment.
			commitment: CommitmentId,
			/// The first epoch that it no longer covers.
			end: Epoch,
		},
		/// Nobody has anything in the commitment any more.
		CommitmentClosed {
			/// The commitment.
			commitment: CommitmentId,
		},
		/// A staker took its stake back.
		StakeWithdrawn {
			/// The commitment.
			commitment: CommitmentId,
			/// Who.
			staker: T::AccountId,
			/// What was left of it.
			amount: Balance,
		},
		/// Rewards were minted for a staker.
		RewardsClaimed {
			/// The commitment.
			commitment: CommitmentId,
			/// Who.
			staker: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// A server's report was accepted.
		Reported {
			/// The server.
			server: ServerId,
			/// The epoch reported.
			epoch: Epoch,
			/// The root of the proofs.
			root: [u8; 32],
			/// Units proven.
			proven: Units,
			/// Units that serve deals.
			serving: Units,
		},
		/// A unit's answer was right.
		AuditAnswered {
			/// The server.
			server: ServerId,
			/// The epoch reported.
			epoch: Epoch,
			/// The unit.
			unit: UnitIndex,
		},
		/// All units of a report answered.
		ReportPassed {
			/// The server.
			server: ServerId,
			/// The epoch reported.
			epoch: Epoch,
		},
		/// A report was found wrong: it counts no longer and costs stake.
		ReportFailed {
			/// The server.
			server: ServerId,
			/// The epoch reported.
			epoch: Epoch,
			/// Why.
			cause: Cause,
		},
		/// A report was closed unaudited, since its epoch is void.
		ReportVoided {
			/// The server.
			server: ServerId,
			/// The epoch reported.
			epoch: Epoch,
		},
		/// A commitment earned.
		Rewarded {
			/// The commitment.
			commitment: CommitmentId,
			/// The epoch proven.
			epoch: Epoch,
			/// How many units were proven.
			units: u32,
			/// What they earned together.
			amount: Balance,
		},
		/// A commitment lost stake.
		Slashed {
			/// The commitment.
			commitment: CommitmentId,
			/// The epoch whose report failed.
			epoch: Epoch,
			/// What the provider lost.
			own: Balance,
			/// What its delegators lost.
			delegated: Balance,
		},
		/// Units were put into a deal.
		UnitsReserved {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The units.
			units: Units,
			/// The first epoch in which they are free again.
			end: Epoch,
		},
		/// Workers of units were set: they serve from the next epoch.
		UnitsReady {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The units.
			units: Units,
		},
		/// A deal that is over no longer holds units.
		UnitsReleased {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// Unit-epochs served in all.
			served: u64,
		},
	}
}
