//! What developers offer, and the money that they put aside for it.

use crate::{
	types::{Balance, BidTerms, EscrowId},
	DealId, OfferId,
};
use sp_runtime::{DispatchError, DispatchResult};

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
		term: crate::Epoch,
	) -> OfferId;

	/// Brings an offer of the book to where taking it back costs most, for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_visited(offer: OfferId);
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
