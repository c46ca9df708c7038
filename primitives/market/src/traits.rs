//! The traits between the pallets. Each is given by the owner of the state that it speaks of.
//!
//! Implementations MUST change nothing when they return an error, and MUST do work that is bounded
//! by a constant, whatever the size of the market.

use crate::{
	types::{
		Ask, Attributes, Balance, BidTerms, Epoch, EscrowId, Fill, HardwareClass, PaymentAsset,
		Placed, ServerRef, Usd, CONTEST_EPOCHS,
	},
	AskId, CommitmentId, DealId, OfferId, ServerId, Units,
};
use frame_support::weights::Weight;
use sp_runtime::{DispatchError, DispatchResult, Perbill};

/// Who owns what, and at what ask. Given by `providers`.
pub trait Registry<AccountId> {
	/// The server, if it is registered.
	fn server(server: ServerId) -> Option<ServerRef<AccountId>>;

	/// The ask, if it stands.
	fn ask(ask: AskId) -> Option<Ask>;

	/// The asks of a server, four at most.
	fn asks_of(server: ServerId) -> alloc::vec::Vec<AskId>;

	/// Whether the account is a provider.
	fn is_provider(who: &AccountId) -> bool;

	/// Whether governance named the hardware class.
	fn is_hardware_class(class: HardwareClass) -> bool;

	/// Whether governance named every one of the attributes.
	fn are_attributes_known(attributes: &Attributes) -> bool;

	/// Whether deals may be paid in `asset`.
	fn asset_admitted(asset: &PaymentAsset) -> bool;

	/// Registers a server of 64 units under `provider` with an ask for all of them and returns both,
	/// for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_server(provider: &AccountId, price: crate::Price) -> (ServerId, AskId);
}

/// What time it is in the market. Given by `capacity`.
pub trait EpochClock {
	/// The epoch of the block being executed, 1 or more.
	fn current() -> Epoch;

	/// Whether no report for `epoch` can be accepted any more, so that what was reported of it is final.
	fn is_final(epoch: Epoch) -> bool;

	/// Whether what was served in `epoch` is final and can be contested no more, so that it is to be paid:
	/// [`CONTEST_EPOCHS`] whole epochs came after it.
	fn is_undisputed(epoch: Epoch) -> bool {
		Self::is_final(epoch) && Self::current().saturating_sub(epoch) > CONTEST_EPOCHS
	}

	/// Moves the clock to the first block of `epoch`, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(epoch: Epoch);
}

/// Which units are staked, proven, reserved and serving. Given by `capacity`.
///
/// A unit-epoch belongs to one side, fixed at its start. A unit reserved in epoch `e` serves from
/// the first epoch that begins after its worker is set, and goes back to proving with epoch `end`,
/// whether or not anybody calls.
pub trait UnitLedger {
	/// Opens the record of a new server with `count` units, none committed.
	fn open(server: ServerId, count: u8) -> DispatchResult;

	/// Forgets a server; fails while units are committed, reserved, or under audit.
	fn close(server: ServerId) -> DispatchResult;

	/// The units that may be sold now in a deal that ends with the start of epoch `end`: covered by
	/// stake until then, idle, and proven or served in a report at most one epoch old.
	fn available(server: ServerId, end: Epoch) -> Units;

	/// Of `units`, which are available, those that are available to the deals that end last; all of them where all are
	/// covered equally long.
	fn lasting(_server: ServerId, units: Units) -> Units {
		units
	}

	/// Puts `units` of `server` into `deal` until the start of epoch `end`. A deal reserves once per
	/// server; a second call for the same pair with the same end adds units.
	///
	/// # Errors
	/// Where a unit is not [`available`](Self::available) or the server has no room for the record.
	fn reserve(server: ServerId, deal: DealId, units: Units, end: Epoch) -> DispatchResult;

	/// The units of `server` that `deal` holds and goes on holding: those reserved, without those of commitments
	/// that failed and those that left or will leave because they were [withdrawn](Self::withdraw).
	fn held(server: ServerId, deal: DealId) -> Units;

	/// Prolongs the deal's hold on all its units of `server` until the start of epoch `end`.
	///
	/// # Errors
	/// Where `end` is earlier than the end so far, that has come, or a commitment does not outlast it; where too many
	/// withdrawals of the deal wait for their epochs and a commitment of its units has failed in this one.
	fn extend(server: ServerId, deal: DealId, end: Epoch) -> DispatchResult;

	/// Ends the deal's hold on its units of `server` with the start of epoch `end` already.
	///
	/// # Errors
	/// Where `end` is not later than the current epoch, or later than the end so far.
	fn shorten(server: ServerId, deal: DealId, end: Epoch) -> DispatchResult;

	/// Takes `units` out of the deal with the start of epoch `from`: what they serve before still counts, then
	/// they prove again. They stay withdrawn for good; the reservation stays until it is released, even if no
	/// unit is left.
	///
	/// # Errors
	/// Where one of the units is not [`held`](Self::held), `from` is not later than the current epoch, or too
	/// many withdrawals of the deal wait for their epochs.
	fn withdraw(server: ServerId, deal: DealId, units: Units, from: Epoch) -> DispatchResult;

	/// Workers of these units are set: they serve from the next epoch.
	fn set_ready(server: ServerId, deal: DealId, units: Units) -> DispatchResult;

	/// Unit-epochs that `server` served for `deal` so far, by accepted reports, in epochs that can be contested
	/// no more: more than [`CONTEST_EPOCHS`] before the current one. Only ever grows.
	fn served(server: ServerId, deal: DealId) -> u64;

	/// Unit-epochs that it served besides, in epochs that can still be contested.
	fn served_lately(server: ServerId, deal: DealId) -> u64;

	/// Takes what `units` served for `deal` in `epoch` out of what counts as served.
	///
	/// # Errors
	/// Where the epoch has not begun or lies more than [`CONTEST_EPOCHS`] back, or one of the units was not
	/// reported as serving for the deal in it, or is contested already.
	fn contest(server: ServerId, deal: DealId, units: Units, epoch: Epoch) -> DispatchResult;

	/// Units that the deal [holds](Self::held), that were to serve in both of the last two epochs for which no report is
	/// accepted any more, and that were reported as serving in neither.
	fn silent(server: ServerId, deal: DealId) -> Units;

	/// Forgets a reservation whose end has come and returns its final [`served`](Self::served).
	///
	/// # Errors
	/// Before the epoch `end - 1` is [undisputed](EpochClock::is_undisputed).
	fn release(server: ServerId, deal: DealId) -> Result<u64, DispatchError>;

	/// Makes all units of the server available (committed, covered, proven), for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_prove(server: ServerId);

	/// The same, and all units but one are in deals, so that the record of the server is as large as it can be, for
	/// the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_crowd(server: ServerId);

	/// Lets `epochs` epochs pass for the deal, all served, and moves the clock with them, for the benchmarks of
	/// others. What was served can be contested no more.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_serve(server: ServerId, deal: DealId, epochs: Epoch);

	/// Lets all units of the deal be reported as serving in the current epoch, so that they can be contested, for the
	/// benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_report(_server: ServerId, _deal: DealId) {}
}

/// One commitment's part of what units in a deal earn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomeShare<AccountId> {
	/// The commitment.
	pub commitment: CommitmentId,
	/// Where it is paid to: a keyless account that nothing but the commitment's income is in.
	pub account: AccountId,
	/// Which part of all that the units earn.
	pub part: Perbill,
}

/// The delegators' part of deal income. Given by `capacity`.
pub trait DealIncome<AccountId> {
	/// Who shares in what `server` earns in `deal`: at most four commitments, whose parts together are at
	/// most the whole. Fixed when the units are reserved. What is left is the provider's.
	fn shares(server: ServerId, deal: DealId) -> alloc::vec::Vec<IncomeShare<AccountId>>;

	/// Notes that `amount` of `asset` was paid to the account of `commitment`.
	///
	/// # Errors
	/// Where the commitment is unknown or the sum exceeds 128 bits.
	fn note(commitment: CommitmentId, asset: &PaymentAsset, amount: Balance) -> DispatchResult;
}

/// What developers get of a provider's own stake where a commitment failed under their deals. Given by
/// `capacity`.
pub trait Compensation<AccountId> {
	/// Unit-epochs of its term that `deal` lost on `server` by commitments that failed, as far as they were
	/// not compensated.
	fn lost(server: ServerId, deal: DealId) -> u64;

	/// Pays `to` up to `worth` FLT planks for each lost unit-epoch, from what is left of the providers' own
	/// stake in the failed commitments, and forgets the loss. Returns what was paid.
	///
	/// # Errors
	/// Where nothing was lost.
	fn compensate(
		server: ServerId,
		deal: DealId,
		worth: Balance,
		to: &AccountId,
	) -> Result<Balance, DispatchError>;

	/// Takes from the provider's own stake, for each of `units` that the deal holds, what a miss costs beyond
	/// the budget, as far as own stake is left in the commitments that cover them. Half of it, rounded down,
	/// goes to `reward_to`, if that can be; the rest to the treasury. Returns what was taken.
	///
	/// # Errors
	/// Where the deal does not [hold](UnitLedger::held) one of the units, or the stake cannot be moved.
	fn fine(
		server: ServerId,
		deal: DealId,
		units: Units,
		reward_to: Option<&AccountId>,
	) -> Result<Balance, DispatchError>;

	/// Lets all commitments of the server fail under the deal, with own stake left for more than what is
	/// lost, and sees to it that the price of FLT is known, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fail(server: ServerId, deal: DealId);
}

/// What FLT is worth. Given by the runtime's oracle.
pub trait PriceFeed {
	/// USD per FLT, or `None` while no fresh price is known.
	fn flt_price() -> Option<Usd>;

	/// Feeds a fresh price, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_set(price: Usd);
}

/// What payment assets are worth. Given by the runtime.
pub trait FltValue {
	/// `amount` of `asset` in planks of FLT, rounded down, or `None` where its value is not known.
	fn in_flt(asset: &PaymentAsset, amount: Balance) -> Option<Balance>;
}

/// The open developer offers. Given by `offers`.
pub trait OfferBook<AccountId> {
	/// What the matcher needs of an offer; `None` once it is cancelled, filled, or closed after its
	/// expiry. An offer whose expiry has passed stays until [`expire`](Self::expire).
	fn terms(offer: OfferId) -> Option<BidTerms<AccountId>>;

	/// Notes that `deal` took `units` more of the offer. The offer closes itself when it is full, and
	/// what its escrow then still holds is the developer's again.
	fn filled(offer: OfferId, deal: DealId, units: u32) -> DispatchResult;

	/// Closes an offer whose expiry has passed; nothing where there is no such offer.
	fn expire(offer: OfferId);

	/// What a deal takes over from the offer that it came from.
	fn origin(offer: OfferId) -> Option<DealOrigin>;

	/// Posts an offer for units that the running deal `terms.deal` lacks, paid from the deal's escrow:
	/// `terms.units.target * terms.max_price * terms.term` of it moves to the offer. The book matches it in
	/// one of the next blocks.
	///
	/// # Errors
	/// Where the deal's escrow holds less or is of another developer or asset, the price has no level, or no
	/// unit, no epoch or a past expiry is asked for.
	fn seek(terms: BidTerms<AccountId>, origin: DealOrigin) -> Result<OfferId, DispatchError>;

	/// Takes an offer out of the book that joins `deal`: what its escrow holds moves to the deal's. Returns
	/// the units that it still wanted, none where it is not open. Past its expiry as well.
	///
	/// # Errors
	/// Where the offer joins another deal, or the deal has no escrow record any more.
	fn recall(offer: OfferId, deal: DealId) -> Result<u32, DispatchError>;

	/// Posts an offer for `target` units at `max_price` over `term` epochs, without matching it, for the
	/// benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_offer(
		developer: &AccountId,
		target: u32,
		max_price: crate::Price,
		term: Epoch,
	) -> OfferId;
}

/// The parts of an offer that its deal keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealOrigin {
	/// The application that the workers run.
	pub app_cid: crate::Cid,
	/// Hash of the deployment plan.
	pub plan_hash: [u8; 32],
}

/// All payment escrow: held on the developer's account, one record per offer or deal.
/// Given by `offers`.
pub trait Escrow<AccountId> {
	/// Moves `amount` of what `from` holds to `to`, of the same developer and asset; opens `to` where
	/// it is new. No money moves.
	fn split(from: EscrowId, to: EscrowId, amount: Balance) -> DispatchResult;

	/// Takes `amount` of the record's asset from `payer`, who may be anybody, and adds it to what the record
	/// holds: it is the developer's from now on.
	///
	/// # Errors
	/// Where the record is unknown, the payer does not have it, or the asset refuses.
	fn top_up(to: EscrowId, payer: &AccountId, amount: Balance) -> DispatchResult;

	/// Pays `amount` out of `from` to `payee`. A payout that the asset refuses stays held and can be
	/// claimed later by the payee; that is no error.
	///
	/// # Errors
	/// Where the record is unknown or holds less.
	fn pay(from: EscrowId, payee: &AccountId, amount: Balance) -> DispatchResult;

	/// Gives `amount` of what the record holds back to the developer. A refund that the asset refuses stays
	/// held and can be claimed later by the developer; that is no error.
	///
	/// # Errors
	/// Where the record is unknown or holds less.
	fn refund(from: EscrowId, amount: Balance) -> DispatchResult;

	/// Gives all that is left back to the developer and removes the record; payouts that wait to be
	/// claimed stay.
	fn close(id: EscrowId) -> Result<Balance, DispatchError>;

	/// What the record holds and owes to nobody yet.
	fn held(id: EscrowId) -> Balance;
}

/// The index of asks and bids. Given by `matcher`.
pub trait OrderBook<AccountId> {
	/// The ask stands from now on with these terms (its time priority starts now).
	fn ask_set(id: AskId, ask: &Ask);

	/// The ask is gone.
	fn ask_withdrawn(id: AskId, ask: &Ask);

	/// Units of the server became available: bids that found nothing look again.
	fn supply_changed(server: ServerId);

	/// What attestors vouch for of the server changed: its asks stand where they stood. Bids that may find a match because
	/// supply went look again.
	fn server_changed(server: ServerId);

	/// The offer stands from now on. Matches at once where the fills fit a small bound.
	/// Returns what that cost, of [`bid_weight`](Self::bid_weight) at most.
	fn bid_posted(id: OfferId) -> Weight;

	/// As [`bid_posted`](Self::bid_posted), but matched in one of the next blocks only.
	fn bid_queued(id: OfferId);

	/// The offer pays more from now on; its time priority starts again.
	fn bid_repriced(id: OfferId, asset: &PaymentAsset, old_price: crate::Price);

	/// The offer is gone.
	fn bid_removed(id: OfferId, asset: &PaymentAsset, price: crate::Price);

	/// What [`ask_set`](Self::ask_set) costs at most.
	fn ask_weight() -> Weight;

	/// What [`bid_posted`](Self::bid_posted) costs at most, with the fills that it makes at once.
	fn bid_weight() -> Weight;

	/// What [`server_changed`](Self::server_changed) costs at most.
	fn server_weight() -> Weight;
}

/// Who looks after deals that miss units. Given by `deals`.
pub trait DealWatch {
	/// A report of `server` shows that `deals`, 64 at most, miss units of it: lost, silent, or never accepted. Only notes it.
	fn units_missing(server: ServerId, deals: alloc::vec::Vec<DealId>);

	/// What [`units_missing`](Self::units_missing) costs at most.
	fn watch_weight() -> Weight;
}

/// Where matches become deals. Given by `deals`.
pub trait Deals<AccountId> {
	/// Opens the deal of `offer`, or joins the one that it has, with these fills: reserves the units,
	/// splits the escrow, tells the [`OfferBook`]. All of it or nothing.
	///
	/// # Errors
	/// Where one of the units or the money is not there, or the deal has no room for more servers.
	fn fill(
		offer: OfferId,
		terms: &BidTerms<AccountId>,
		fills: &[Fill<AccountId>],
	) -> Result<DealId, DispatchError>;

	/// Pays `solver` up to `amount` for a match that it found, out of what the escrow of `deal` holds beyond
	/// what its servers may earn. Returns what was paid.
	///
	/// # Errors
	/// Where the deal is unknown.
	fn reward(deal: DealId, solver: &AccountId, amount: Balance) -> Result<Balance, DispatchError>;

	/// The servers of `deal`, those included that gave their units up: a deal takes units of a server once.
	fn placed(deal: DealId) -> alloc::vec::Vec<Placed<AccountId>>;

	/// The epoch with whose start the deal ends, if it runs.
	fn end(deal: DealId) -> Option<Epoch>;

	/// What [`fill`](Self::fill) costs at most for `servers` fills.
	fn fill_weight(servers: u32) -> Weight;

	/// What [`reward`](Self::reward) costs at most.
	fn reward_weight() -> Weight;
}
