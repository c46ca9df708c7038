//! The pallet's events: enough to rebuild its state from them.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod events {
	/// Every change of the pallet's state.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// The first match of an offer opened its deal. An [`Event::AllocationMade`] for each server follows.
		DealOpened {
			/// The deal.
			deal: DealId,
			/// The offer that it came from.
			offer: OfferId,
			/// Who pays.
			developer: T::AccountId,
			/// The application that the workers run.
			app_cid: Cid,
			/// Hash of the deployment plan.
			plan_hash: [u8; 32],
			/// What is paid in.
			asset: PaymentAsset,
			/// The highest price per unit and epoch that the offer pays.
			max_price: Price,
			/// The first epoch that may be served.
			start: Epoch,
			/// The deal ends with the start of this epoch.
			end: Epoch,
			/// Units of all servers that came with the match.
			units: u32,
			/// What moved from the offer's escrow to the deal's.
			escrow: Balance,
		},
		/// A later match of the same offer, or one of an offer that sought more units, joined the deal. An [`Event::AllocationMade`] for each server follows.
		DealJoined {
			/// The deal.
			deal: DealId,
			/// The offer that matched.
			offer: OfferId,
			/// The deal's limit now: the highest price per unit and epoch that it pays for further units.
			max_price: Price,
			/// Units of all servers that came with the match.
			units: u32,
			/// What moved from the offer's escrow to the deal's.
			escrow: Balance,
		},
		/// Units of a server were given to a deal.
		AllocationMade {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Its provider, who is paid.
			provider: T::AccountId,
			/// The units.
			units: Units,
			/// Price per unit and epoch.
			price: Price,
			/// The first epoch that may be served.
			start: Epoch,
		},
		/// Workers were set or replaced.
		WorkersSet {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The workers that were given, by unit.
			workers: WorkersOf,
		},
		/// What a server served was paid. An [`Event::FeePaid`] and an [`Event::IncomeShared`] for each part of
		/// others came before.
		Settled {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Its provider.
			provider: T::AccountId,
			/// Unit-epochs that were paid.
			unit_epochs: u64,
			/// What was paid for them, all parts together.
			amount: Balance,
			/// What the provider got of it: all but the fee and the parts of others.
			to_provider: Balance,
		},
		/// Delegators got their part of what a server served.
		IncomeShared {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The commitment whose delegators they are.
			commitment: CommitmentId,
			/// The keyless account that their income is in. Where the asset refuses the payout, the escrow
			/// owes it to this account.
			account: T::AccountId,
			/// Their part.
			amount: Balance,
		},
		/// The developer was compensated for what failed commitments cost the deal.
		Compensated {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Who was paid.
			developer: T::AccountId,
			/// Unit-epochs that were lost.
			unit_epochs: u64,
			/// What each was worth, in planks of FLT.
			worth: Balance,
			/// What was paid, in planks of FLT; less than all were worth where too little stake was left.
			amount: Balance,
		},
		/// A server's part of a deal is closed, and the developer could not be compensated.
		NotCompensated {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Unit-epochs that were lost.
			unit_epochs: u64,
			/// Why.
			error: DispatchError,
		},
		/// A server's part of a deal is settled for the last time: the deal ended, or goes on without its units.
		AllocationClosed {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Its provider.
			provider: T::AccountId,
			/// The units.
			units: Units,
			/// Unit-epochs that were paid over the whole deal.
			unit_epochs: u64,
			/// What was paid over the whole deal, all parts together.
			paid: Balance,
		},
		/// The deal ended, all its servers are settled and its record is gone.
		DealClosed {
			/// The deal.
			deal: DealId,
			/// What came back to the developer.
			refunded: Balance,
		},
		/// A part of a deal could not be closed by the hook, or with the deal. It changed nothing and held up nothing
		/// else; it is tried again in the next epoch where the deal ended, after the next report where it goes on, or by
		/// [`Pallet::close_deal`] and [`Pallet::close_allocation`].
		CloseFailed {
			/// The deal.
			deal: DealId,
			/// The server whose part it was, or none for what is left of the escrow.
			server: Option<ServerId>,
			/// Why.
			error: DispatchError,
		},
		/// The deal lasts longer. Each server's units that have not left are reserved and funded until the new end.
		DealExtended {
			/// The deal.
			deal: DealId,
			/// Who paid.
			payer: T::AccountId,
			/// The deal ends with the start of this epoch.
			end: Epoch,
			/// What was paid into the escrow.
			amount: Balance,
		},
		/// The developer took back what the deal does not need.
		SurplusWithdrawn {
			/// The deal.
			deal: DealId,
			/// The deal's limit now.
			max_price: Price,
			/// What came back.
			amount: Balance,
		},
		/// The developer gave notice.
		DealTerminated {
			/// The deal.
			deal: DealId,
			/// The deal ends with the start of this epoch.
			end: Epoch,
		},
		/// The developer gave units up.
		UnitsReleased {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The units.
			units: Units,
			/// They leave with the start of this epoch.
			from: Epoch,
		},
		/// The developer paid for more units. [`Event::UnitsSought`] follows.
		DealEnlarged {
			/// The deal.
			deal: DealId,
			/// How many more.
			units: u32,
			/// What was paid into the escrow.
			amount: Balance,
		},
		/// Units that the deal lost left it. [`Event::UnitsSought`] or [`Event::UnitsNotSought`] follows, or, where they
		/// were contested, [`Event::ReplaceFailed`] may.
		UnitsDropped {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Units whose commitment failed.
			failed: Units,
			/// Units whose worker was not set in time.
			unaccepted: Units,
			/// Units with a worker that were not reported as serving in the last two final epochs.
			silent: Units,
			/// Units that were reported as serving, which was contested.
			contested: Units,
			/// They leave with the start of this epoch.
			from: Epoch,
		},
		/// An offer seeks units for the deal, in the place of the one that was open.
		UnitsSought {
			/// The deal.
			deal: DealId,
			/// The offer.
			offer: OfferId,
			/// How many units.
			units: u32,
			/// The highest price per unit and epoch: the deal's limit.
			max_price: Price,
			/// What moved from the deal's escrow to the offer's.
			escrow: Balance,
		},
		/// The developer lets others renew the deal, or does no longer.
		RenewalSet {
			/// The deal.
			deal: DealId,
			/// By how many epochs at a time, and for how much in all.
			renewal: Option<Renewal>,
		},
		/// The deal was extended at the developer's cost.
		DealRenewed {
			/// The deal.
			deal: DealId,
			/// What it cost.
			amount: Balance,
			/// What is left of the allowance.
			allowance: Balance,
		},
		/// The deal could not be renewed. Nothing changed, and it can be tried again.
		RenewalFailed {
			/// The deal.
			deal: DealId,
			/// Why.
			error: DispatchError,
		},
		/// The protocol fee is another from now on.
		ProtocolFeeSet {
			/// Which part of everything that deals pay.
			fee: Perbill,
		},
		/// The protocol got its part of what a deal paid.
		FeePaid {
			/// The deal.
			deal: DealId,
			/// The server that was paid for.
			server: ServerId,
			/// Who got it. Where the asset refuses the payout, the escrow owes it to this account.
			to: T::AccountId,
			/// The fee.
			amount: Balance,
		},
		/// The deal has another gateway, or none.
		GatewaySet {
			/// The deal.
			deal: DealId,
			/// Its key.
			key: Option<GatewayKey>,
			/// The version of the key.
			version: u32,
			/// Vouchers of the version before count until the start of this epoch.
			retires: Option<Epoch>,
		},
		/// A server can earn more by requests.
		RequestsFunded {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Who paid.
			payer: T::AccountId,
			/// What was added to the budget, and paid into the escrow.
			amount: Balance,
		},
		/// Requests were paid. An [`Event::FeePaid`] and an [`Event::IncomeShared`] for each part of others came
		/// before.
		Redeemed {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Its provider.
			provider: T::AccountId,
			/// What was paid, all parts together.
			paid: Balance,
			/// What the voucher is worth beyond that: the budget did not go so far.
			unpaid: Balance,
			/// What the provider got: all but the fee and the parts of others.
			to_provider: Balance,
		},
		/// The developer takes a server's budget for requests back, or it is given back as the server has no unit any more.
		ReclaimStarted {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Vouchers can be redeemed until the start of this epoch.
			until: Epoch,
		},
		/// What was left of a server's budget for requests is the developer's again.
		RequestsReclaimed {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// What came back.
			amount: Balance,
		},
		/// A match that somebody found became a deal's, and was paid for.
		SolverRewarded {
			/// The deal.
			deal: DealId,
			/// Who found it.
			solver: T::AccountId,
			/// What was paid out of the deal's escrow.
			amount: Balance,
		},
		/// The parameters of a deal's subnet are others.
		SubnetSet {
			/// The deal.
			deal: DealId,
			/// How often they were set.
			version: u32,
			/// What they are.
			parameters: SubnetParameters,
		},
		/// What units were reported to serve was contested: it is paid to neither side.
		Contested {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The units.
			units: Units,
			/// The epoch.
			epoch: Epoch,
			/// Their price, which went from the deal's escrow to [`Config::FeeTo`].
			amount: Balance,
		},
		/// Units that a deal misses on a server could not be replaced. Where they were contested, those that an
		/// [`Event::UnitsDropped`] tells of leave, and none were sought. Otherwise nothing changed, and
		/// [`Pallet::replace`] can be called.
		ReplaceFailed {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Why.
			error: DispatchError,
		},
		/// The deal gets another application, in stages: units that are sought run it, and those that the deal has in
		/// epoch `from` one after another. In each epoch since as many do as `step x (epoch - from + 1)` is, all at most,
		/// rounded up: in the order in which the servers joined, and of each server the units of lowest index first.
		ApplicationStaged {
			/// The deal.
			deal: DealId,
			/// Grows with each change of the deal's application.
			version: u32,
			/// The application.
			app_cid: Cid,
			/// Hash of the deployment plan.
			plan_hash: [u8; 32],
			/// The first epoch in which units run it.
			from: Epoch,
			/// How many units more do so with each epoch, of all.
			step: Percent,
		},
		/// A server runs the new application on all its units whose turn has come.
		Acknowledged {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The version of the application.
			version: u32,
			/// The units.
			units: Units,
		},
		/// All units of the deal run the new application.
		RolloutCompleted {
			/// The deal.
			deal: DealId,
			/// The version of the application.
			version: u32,
		},
		/// The deal has the application again that it had before the rollout.
		RolledBack {
			/// The deal.
			deal: DealId,
			/// Grows with each change of the deal's application.
			version: u32,
			/// The application.
			app_cid: Cid,
			/// Hash of the deployment plan.
			plan_hash: [u8; 32],
			/// All units run it from the start of this epoch on.
			from: Epoch,
		},
		/// One side would agree to a price, in the place of what was proposed before, or does no longer.
		PriceProposed {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Who.
			side: Side,
			/// Price per unit and epoch; none where the proposal is withdrawn.
			price: Option<Price>,
		},
		/// A server's units have another price: in all epochs that are not [`Event::Settled`].
		PriceChanged {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// The price before.
			old: Price,
			/// The price from now on.
			price: Price,
			/// What the developer paid into the escrow for it.
			amount: Balance,
		},
		/// A server of a deal is reached elsewhere.
		AddressesSet {
			/// The deal.
			deal: DealId,
			/// The server.
			server: ServerId,
			/// Where.
			addresses: AddressesOf,
		},
		/// The deal has had as many servers as a deal may have: units that left it, or that its offer still wanted, are
		/// sought no more. The offer is taken back, and what was for them is surplus.
		UnitsNotSought {
			/// The deal.
			deal: DealId,
			/// How many units.
			units: u32,
		},
		/// Somebody added to what the deal's escrow holds: it is the developer's.
		ToppedUp {
			/// The deal.
			deal: DealId,
			/// Who paid.
			payer: T::AccountId,
			/// What was paid into the escrow.
			amount: Balance,
		},
	}
}
