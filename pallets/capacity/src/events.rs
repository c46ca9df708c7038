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
			/// What they earn together at most.
			pool: Balance,
		},
		/// The audits of the epoch were drawn: from now on they are answered.
		AuditsDrawn {
			/// The epoch.
			epoch: Epoch,
			/// What draws slots and blocks.
			randomness: [u8; 32],
			/// How many of the reports are drawn.
			rate: Rate,
		},
		/// The audits of the epoch are over: what it cost and earned is settled with the next touch of each
		/// server.
		EpochFinished {
			/// The epoch.
			epoch: Epoch,
		},
		/// There was no time for the audits of the epoch: no misses, no slash, and no reward for a report that
		/// did not pass before.
		EpochVoided {
			/// The epoch.
			epoch: Epoch,
		},
		/// More or less work is to be proven from an epoch on.
		DifficultyChanged {
			/// The first epoch.
			epoch: Epoch,
			/// The work.
			difficulty: Difficulty,
		},
		/// Governance decided on another difficulty for the next epoch.
		DifficultySet {
			/// The work.
			difficulty: Difficulty,
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
			/// The delegators' part of what deals pay.
			deal_share: Perbill,
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
		/// A provider changed its commission.
		CommissionSet {
			/// The commitment.
			commitment: CommitmentId,
			/// The provider's part of rewards.
			commission: Perbill,
			/// The first epoch that it counts for.
			since: Epoch,
		},
		/// A provider proposed a longer term; a proposal before it is void.
		ExtensionProposed {
			/// The commitment.
			commitment: CommitmentId,
			/// The first epoch after the longer term.
			end: Epoch,
		},
		/// A delegator accepted the longer term.
		ExtensionAccepted {
			/// The commitment.
			commitment: CommitmentId,
			/// Who.
			delegator: T::AccountId,
		},
		/// All delegators accepted: the term is longer.
		CommitmentExtended {
			/// The commitment.
			commitment: CommitmentId,
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
		/// A deal's payment was divided: delegators got their part.
		IncomeNoted {
			/// The commitment.
			commitment: CommitmentId,
			/// What was paid in.
			asset: PaymentAsset,
			/// How much.
			amount: Balance,
		},
		/// A delegator took its share of deal income.
		IncomeClaimed {
			/// The commitment.
			commitment: CommitmentId,
			/// Who.
			staker: T::AccountId,
			/// What was paid in.
			asset: PaymentAsset,
			/// How much.
			amount: Balance,
		},
		/// A developer was compensated from the provider's own stake.
		Compensated {
			/// The commitment that failed.
			commitment: CommitmentId,
			/// The deal.
			deal: DealId,
			/// Who.
			developer: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// What the provider lost for misses went where slashes go: no developer needed it.
		Forfeited {
			/// The commitment.
			commitment: CommitmentId,
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
		/// Every unit of a report that was drawn has answered, and its epoch is finished.
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
		/// A report was closed with its audit unfinished, since its epoch is void.
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
		/// Units of a commitment owed proofs that were not reported.
		UnitsMissed {
			/// The commitment.
			commitment: CommitmentId,
			/// The epoch, or the last of several that are told of together.
			epoch: Epoch,
			/// Unit-epochs without a proof.
			misses: u64,
			/// Those of them that were not forgiven, and cost stake.
			excess: u64,
		},
		/// A commitment lost stake.
		Slashed {
			/// The commitment.
			commitment: CommitmentId,
			/// The epoch that it is slashed for.
			epoch: Epoch,
			/// What the provider lost; where it is for misses, developers may still get it.
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
		/// A deal holds its units for longer.
		ReservationExtended {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The first epoch in which they are free again.
			end: Epoch,
		},
		/// A deal holds its units for shorter.
		ReservationShortened {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The first epoch in which they are free again.
			end: Epoch,
		},
		/// Units leave a deal before its end.
		UnitsWithdrawn {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The units.
			units: Units,
			/// The first epoch in which they are free again.
			from: Epoch,
		},
		/// What units were said to have served counts no longer.
		Contested {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The units.
			units: Units,
			/// The epoch.
			epoch: Epoch,
		},
		/// A provider lost stake for units that it did not serve a deal with. That is a price, no proof of fraud:
		/// the commitment does not fail by it.
		Fined {
			/// The server.
			server: ServerId,
			/// The deal.
			deal: DealId,
			/// The commitment.
			commitment: CommitmentId,
			/// The units of the deal that it covers.
			units: Units,
			/// What the provider lost.
			amount: Balance,
			/// What of it went to whoever showed that the units are missing; the rest went where slashes go.
			rewarded: Balance,
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
