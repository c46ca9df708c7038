//! The pallet's calls: who may do what, what it changes, and why it is refused.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod calls {
	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Commits `units` of a server for `duration` epochs. Of what they earn the provider takes
		/// `commission`; of what deals pay for them its delegators get `deal_share`. Costs nothing by itself:
		/// the commitment waits until stake covers it. How much that is follows from the price of FLT now,
		/// and is never changed.
		///
		/// ## Origin
		/// Signed by the server's provider.
		///
		/// ## Events
		/// [`Event::Committed`], and those of audits that are due.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotProvider`], [`Error::NoUnits`], [`Error::ForeignUnits`],
		/// [`Error::InvalidDuration`], [`Error::PriceUnknown`], [`Error::UnitsCommitted`],
		/// [`Error::TooManyCommitments`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::commit().saturating_add(Pallet::<T>::most_settling()))]
		pub fn commit(
			origin: OriginFor<T>,
			server: ServerId,
			units: Units,
			duration: Epoch,
			commission: Perbill,
			deal_share: Perbill,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_commit(&who, server, units, duration, commission, deal_share)?;
			Ok(Self::with_settling(T::WeightInfo::commit(), steps))
		}

		/// Stakes `amount` on a commitment that waits. What the provider stakes counts as its own part; a
		/// delegator leaves room for the provider's least part. With the last plank the commitment is
		/// covered and runs from the next epoch.
		///
		/// ## Origin
		/// Signed by anyone.
		///
		/// ## Events
		/// [`Event::Delegated`]; [`Event::CommitmentCovered`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotWaiting`], [`Error::StakeExceeded`],
		/// [`Error::StakeTooLow`], or that of the transfer.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::delegate().saturating_add(Pallet::<T>::most_settling()))]
		pub fn delegate(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			amount: Balance,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_delegate(who, commitment, amount)?;
			Ok(Self::with_settling(T::WeightInfo::delegate(), steps))
		}

		/// Reports what a server did in `epoch`: the root of its proofs, the units proven, and the units
		/// that served deals. Once per epoch, within it or the grace of the next. Where deals miss units of the
		/// server, those who look after them are told.
		///
		/// ## Origin
		/// Signed by the server's operator.
		///
		/// ## Events
		/// [`Event::Reported`], and those of audits that are due.
		///
		/// ## Errors
		/// [`Error::UnknownServer`], [`Error::NotOperator`], [`Error::EpochNotBegun`],
		/// [`Error::ReportsClosed`], [`Error::EmptyReport`], [`Error::AlreadyReported`],
		/// [`Error::NotProving`], [`Error::NotServing`].
		#[pallet::call_index(2)]
		#[pallet::weight(
			T::WeightInfo::submit_report()
				.saturating_add(T::Deals::watch_weight())
				.saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn submit_report(
			origin: OriginFor<T>,
			server: ServerId,
			epoch: Epoch,
			root: [u8; 32],
			proven: Units,
			serving: Units,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let done = Self::do_submit_report(&who, server, epoch, root, proven, serving)?;
			let watch = if done.has_told { T::Deals::watch_weight() } else { Weight::zero() };
			let weight = T::WeightInfo::submit_report().saturating_add(watch);
			Ok(Self::with_settling(weight, done.steps))
		}

		/// Shows the leaves of the slots drawn of one drawn unit. Free where they are right. Where RandomX or the
		/// target says that they are wrong, the call succeeds and the report fails: it counts no longer,
		/// earns nothing, and costs stake: more with each wrong report of a commitment.
		///
		/// ## Origin
		/// Signed by anyone: only leaves under the reported root are heard.
		///
		/// ## Events
		/// [`Event::AuditAnswered`]; or [`Event::ReportFailed`], [`Event::Slashed`],
		/// [`Event::CommitmentFailed`]. The report passes when its epoch is finished.
		///
		/// ## Errors
		/// In this order: [`Error::UnknownServer`], [`Error::AuditClosed`], [`Error::NoOpenReport`],
		/// [`Error::NotDrawn`], [`Error::UnitNotProven`], [`Error::UnitNotDrawn`],
		/// [`Error::AlreadyAnswered`], [`Error::TooEarly`], [`Error::WrongSlots`],
		/// [`Error::LeafOfOtherServer`], [`Error::LeafOfOtherEpoch`], [`Error::LeafOfOtherUnit`],
		/// [`Error::InvalidPath`], [`Error::TooManyChecks`].
		#[pallet::call_index(3)]
		#[pallet::weight((
			T::WeightInfo::answer_audit(leaves.len().unique_saturated_into())
				.saturating_add(Pallet::<T>::most_settling()),
			DispatchClass::Operational,
		))]
		pub fn answer_audit(
			origin: OriginFor<T>,
			server: ServerId,
			epoch: Epoch,
			unit: UnitIndex,
			leaves: BoundedVec<ProvenLeaf, ConstU32<MAX_LEAVES>>,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let weight = T::WeightInfo::answer_audit(leaves.len().unique_saturated_into());
			let refused = |error| DispatchErrorWithPostInfo {
				post_info: Some(T::WeightInfo::answer_audit_refused()).into(),
				error,
			};
			let answer = Self::do_answer_audit(server, epoch, unit, &leaves).map_err(refused)?;
			let pays_fee = if answer.is_right { Pays::No } else { Pays::Yes };
			Ok(PostDispatchInfo { pays_fee, ..Self::with_settling(weight, answer.steps) })
		}

		/// Gives the caller back what is left of its stake. At once while the commitment waits or after it was
		/// cancelled; else when its term, the unbonding time and the audits of its last reports are over,
		/// whatever the provider does. What it earned can be claimed before and after.
		///
		/// ## Origin
		/// Signed by a staker.
		///
		/// ## Events
		/// [`Event::StakeWithdrawn`]; [`Event::Forfeited`]; [`Event::CommitmentClosed`] after the last.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::StillBonded`], [`Error::NotStaker`],
		/// [`Error::NothingToWithdraw`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::withdraw_stake().saturating_add(Pallet::<T>::most_settling()))]
		pub fn withdraw_stake(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_withdraw_stake(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::withdraw_stake(), steps))
		}

		/// Mints what the caller's stake has earned, is unlocked and was not claimed: the provider's commission
		/// and share, or a delegator's share.
		///
		/// ## Origin
		/// Signed by a staker.
		///
		/// ## Events
		/// [`Event::RewardsClaimed`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NothingToClaim`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::claim_rewards().saturating_add(Pallet::<T>::most_settling()))]
		pub fn claim_rewards(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_claim_rewards(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::claim_rewards(), steps))
		}

		/// Takes back a commitment that waits; its stakers withdraw their stake.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::CommitmentCancelled`]; [`Event::CommitmentClosed`] where nobody had staked.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::NotWaiting`].
		#[pallet::call_index(6)]
		#[pallet::weight(
			T::WeightInfo::cancel_commitment().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn cancel_commitment(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_cancel_commitment(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::cancel_commitment(), steps))
		}

		/// Settles the epochs of a server that are finished: audits, misses, rewards. Nothing due is no error.
		///
		/// ## Origin
		/// Signed by anyone.
		///
		/// ## Events
		/// [`Event::ReportPassed`], [`Event::Rewarded`]; [`Event::ReportFailed`],
		/// [`Event::ReportVoided`], [`Event::UnitsMissed`], [`Event::Slashed`],
		/// [`Event::CommitmentFailed`].
		///
		/// ## Errors
		/// [`Error::UnknownServer`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::settle_server().saturating_add(Pallet::<T>::most_settling()))]
		pub fn settle_server(origin: OriginFor<T>, server: ServerId) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let steps = Self::do_settle_server(server)?;
			Ok(Self::with_settling(T::WeightInfo::settle_server(), steps))
		}

		/// Changes the commission from the next epoch on. It may fall to nothing, and rise to its ceiling: what it
		/// was at first and a rise that the market allows.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::CommissionSet`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::CommissionTooHigh`],
		/// [`Error::CommissionJustSet`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::set_commission().saturating_add(Pallet::<T>::most_settling()))]
		pub fn set_commission(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			commission: Perbill,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_set_commission(&who, commitment, commission)?;
			Ok(Self::with_settling(T::WeightInfo::set_commission(), steps))
		}

		/// Proposes to extend a running commitment by `epochs`. It is extended once all its delegators accept;
		/// at once where it has none. A delegator who does not answer keeps the term that it staked for.
		///
		/// ## Origin
		/// Signed by the commitment's provider.
		///
		/// ## Events
		/// [`Event::ExtensionProposed`]; [`Event::CommitmentExtended`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotProvider`], [`Error::NotRunning`],
		/// [`Error::InvalidDuration`].
		#[pallet::call_index(9)]
		#[pallet::weight(
			T::WeightInfo::propose_extension().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn propose_extension(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			epochs: Epoch,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_propose_extension(&who, commitment, epochs)?;
			Ok(Self::with_settling(T::WeightInfo::propose_extension(), steps))
		}

		/// Accepts the longer term that is proposed.
		///
		/// ## Origin
		/// Signed by a delegator of the commitment.
		///
		/// ## Events
		/// [`Event::ExtensionAccepted`]; [`Event::CommitmentExtended`] with the last of them.
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NotRunning`],
		/// [`Error::NoProposal`], [`Error::AlreadyAccepted`].
		#[pallet::call_index(10)]
		#[pallet::weight(
			T::WeightInfo::accept_extension().saturating_add(Pallet::<T>::most_settling())
		)]
		pub fn accept_extension(
			origin: OriginFor<T>,
			commitment: CommitmentId,
		) -> DispatchResultWithPostInfo {
			let who = ensure_signed(origin)?;
			let steps = Self::do_accept_extension(&who, commitment)?;
			Ok(Self::with_settling(T::WeightInfo::accept_extension(), steps))
		}

		/// Sets how much work proofs are from the next epoch on; a later call before that replaces it.
		///
		/// ## Origin
		/// [`Config::AdminOrigin`].
		///
		/// ## Events
		/// [`Event::DifficultySet`]; [`Event::DifficultyChanged`] when it takes effect.
		///
		/// ## Errors
		/// [`Error::InvalidDifficulty`].
		#[pallet::call_index(11)]
		pub fn set_difficulty(origin: OriginFor<T>, difficulty: Difficulty) -> DispatchResult {
			T::AdminOrigin::ensure_origin(origin)?;
			let audit_slots = Parameters::<T>::get().audit_slots;
			ensure!(difficulty.is_valid(audit_slots), Error::<T>::InvalidDifficulty);
			NextDifficulty::<T>::put(difficulty);
			Self::deposit_event(Event::DifficultySet { difficulty });
			Ok(())
		}

		/// Pays the caller its share of what deals paid to the commitment's delegators in `asset`.
		///
		/// ## Origin
		/// Signed by a delegator of the commitment.
		///
		/// ## Events
		/// [`Event::IncomeClaimed`].
		///
		/// ## Errors
		/// [`Error::UnknownCommitment`], [`Error::NotStaker`], [`Error::NothingToClaim`], or that of the
		/// transfer.
		#[pallet::call_index(12)]
		pub fn claim_income(
			origin: OriginFor<T>,
			commitment: CommitmentId,
			asset: PaymentAsset,
		) -> DispatchResult {
			let who = ensure_signed(origin)?;
			Self::do_claim_income(&who, commitment, asset)
		}
	}
}
