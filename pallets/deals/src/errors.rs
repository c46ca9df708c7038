//! The pallet's errors: one per reason.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod errors {
	/// Why a call or a match is refused.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no such deal, or it is closed.
		UnknownDeal,
		/// The server is not in the deal, or its part of it is closed.
		UnknownAllocation,
		/// The signer is neither the server's operator nor its provider.
		NotOperator,
		/// The list of workers is empty.
		NoWorkers,
		/// A unit is none of those that the server gives to the deal.
		ForeignUnit,
		/// Two workers are for the same unit.
		DuplicateUnit,
		/// The deal's term is over, or no epoch of it is left to serve.
		DealEnded,
		/// The deal's term is not over, or reports for its last epoch may still come.
		NotEnded,
		/// The deal would have more servers than a deal may have, those included that gave their units up.
		TooManyServers,
		/// The match has no fills, or a fill without units; or the server has no unit in the deal any more.
		NoUnits,
		/// The deal takes units of this server already, or did so before.
		ServerTwice,
		/// A fill costs more than the offer pays.
		PriceTooHigh,
		/// There is no such offer.
		UnknownOffer,
		/// No commitment failed under the server's part of the deal, or all that was lost is compensated.
		NothingLost,
		/// What the deal is paid in has no known value in FLT now.
		ValueUnknown,
		/// The signer is not the deal's developer.
		NotDeveloper,
		/// Notice was given: nothing is added to the deal any more.
		Terminated,
		/// An extension or a renewal of no epochs.
		NoEpochs,
		/// The extension costs more than the signer is ready to pay.
		CostTooHigh,
		/// The deal would last longer than a provider offered at its price.
		TermTooLong,
		/// The limit is zero or has more than four significant digits.
		InvalidLimit,
		/// The limit is above the present one.
		LimitTooHigh,
		/// The commitment of a unit failed under the deal.
		UnitLost,
		/// No unit would be left in the deal: it can be terminated.
		LastUnits,
		/// The deal would have more units than a deal may have.
		TooManyUnits,
		/// Units of the server leave the deal with too many different epochs.
		TooManyLeaving,
		/// The deal lost no unit of the server.
		NothingMissing,
		/// Escrow holds too little to seek the units at the deal's limit, or to pay the new price, and to pay all others.
		NotFunded,
		/// The developer did not let others renew the deal.
		NoRenewal,
		/// The last epochs of the deal, in which it is renewed, have not begun.
		TooEarly,
		/// The renewal costs more than its allowance.
		AllowanceTooLow,
		/// The protocol fee is above the highest.
		FeeTooHigh,
		/// The deal has no gateway.
		NoGateway,
		/// Vouchers of the gateway's key before the present one still count: another change has to wait.
		KeyChanging,
		/// The voucher names a version of the gateway's key that does not count.
		WrongVersion,
		/// The voucher's last epoch has passed.
		VoucherExpired,
		/// The gateway's key did not sign this voucher for this server in this deal.
		BadSignature,
		/// The voucher is worth no more than what was redeemed.
		AlreadyRedeemed,
		/// Nothing is left of the server's budget for requests.
		NoBudget,
		/// An amount of zero.
		NoAmount,
		/// What is left of the server's budget for requests is the developer's again.
		Reclaimed,
		/// Vouchers can still be redeemed from the budget that is reclaimed.
		ChallengeRuns,
		/// The deal ended, or a server's units left it, with a budget for requests that can still be redeemed.
		BudgetOpen,
		/// An application without a content identifier.
		EmptyCid,
		/// A rollout of no units with each epoch.
		InvalidStep,
		/// The turn of some units of the rollout that is under way has not come yet.
		RolloutRuns,
		/// No change of the application is under way.
		NoRollout,
		/// The rollout that is under way has another version.
		OtherRollout,
		/// The server joined the deal after the change was staged: all its units run the new application.
		NotStaged,
		/// The turn of none of the server's units has come.
		NoTurn,
		/// All units of the server whose turn has come are acknowledged.
		AlreadyAcknowledged,
		/// The signer is neither the deal's developer nor the server's provider.
		NotParty,
		/// The price is zero or has more than four significant digits.
		InvalidPrice,
		/// No price is proposed, or none by the side that withdraws it.
		NoProposal,
		/// Another price is proposed.
		PriceMismatch,
		/// The signer is not on the side that the price is proposed to.
		NotCounterparty,
		/// What failed commitments cost the deal is worth the price of before, and is not compensated yet or not known:
		/// units of the server failed and are not replaced, or leave with the next epoch.
		LossOpen,
		/// The signer is neither the deal's developer nor the account of its gateway's key.
		NotContestant,
		/// A unit had no worker when the time to set one was over: the deal takes it no more.
		AcceptanceOver,
		/// The deal has units of the server, or had them to its end.
		UnitsHeld,
		/// What the server served in the deal can be reported or contested still.
		ContestOpen,
	}
}
