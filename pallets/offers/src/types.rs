//! Records and what can be read off them.

use codec::{Decode, Encode, MaxEncodedLen};
use marketplace_primitives::{
	traits::DealOrigin, Attributes, Balance, BidTerms, Cid, DealId, Epoch, PaymentAsset, Placement,
	Price, UnitsWanted,
};
use scale_info::TypeInfo;

/// An open developer offer. Its money is in the escrow record of the same number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Offer<AccountId> {
	/// Who pays.
	pub developer: AccountId,
	/// The application that the workers run.
	pub app_cid: Cid,
	/// Hash of the deployment plan.
	pub plan_hash: [u8; 32],
	/// What is paid in.
	pub asset: PaymentAsset,
	/// Highest price per unit and epoch.
	pub max_price: Price,
	/// Units wanted; `target` counts those already filled.
	pub units: UnitsWanted,
	/// Units that the deal took of the offer; always less than `units.target`.
	pub filled: u32,
	/// Term in epochs.
	pub term: Epoch,
	/// Where the units may be.
	pub placement: Placement<AccountId>,
	/// Attributes that every unit must have.
	pub attributes: Attributes,
	/// The last epoch in which the offer may match.
	pub expiry: Epoch,
	/// The deal that fills join: the first fill's, or the one that seeks units with this offer.
	pub deal: Option<DealId>,
	/// Highest price of a million requests; `None`: no request is paid for.
	pub tariff: Option<Price>,
}

impl<AccountId> Offer<AccountId> {
	/// An offer of these terms, of which nothing is filled yet.
	pub fn new(terms: BidTerms<AccountId>, origin: DealOrigin) -> Self {
		Self {
			developer: terms.developer,
			app_cid: origin.app_cid,
			plan_hash: origin.plan_hash,
			asset: terms.asset,
			max_price: terms.max_price,
			units: terms.units,
			filled: 0,
			term: terms.term,
			placement: terms.placement,
			attributes: terms.attributes,
			expiry: terms.expiry,
			deal: terms.deal,
			tariff: terms.tariff,
		}
	}

	/// Units that are still wanted.
	pub fn unfilled(&self) -> u32 {
		self.units.target.saturating_sub(self.filled)
	}

	/// Whether the offer may still match in epoch `now`.
	pub fn is_live(&self, now: Epoch) -> bool {
		now <= self.expiry
	}

	/// What a deal takes over.
	pub fn into_origin(self) -> DealOrigin {
		DealOrigin { app_cid: self.app_cid, plan_hash: self.plan_hash }
	}

	/// What the matcher needs.
	pub fn into_terms(self) -> BidTerms<AccountId> {
		BidTerms {
			developer: self.developer,
			asset: self.asset,
			max_price: self.max_price,
			units: self.units,
			filled: self.filled,
			term: self.term,
			placement: self.placement,
			attributes: self.attributes,
			expiry: self.expiry,
			deal: self.deal,
			tariff: self.tariff,
		}
	}
}

/// The money of one offer or one deal, held on the developer's account. At every block
/// `deposited + moved_in = paid + refunded + moved_out + held + owed`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EscrowRecord<AccountId> {
	/// On whose account it is held, and who gets back what is left.
	pub developer: AccountId,
	/// What it is in.
	pub asset: PaymentAsset,
	/// What was paid in, by the developer or by others for it.
	pub deposited: Balance,
	/// What came from other records.
	pub moved_in: Balance,
	/// What went to payees.
	pub paid: Balance,
	/// What went back to the developer.
	pub refunded: Balance,
	/// What went to other records.
	pub moved_out: Balance,
	/// What is held and owed to nobody.
	pub held: Balance,
	/// What is held and owed: payouts that the asset refused and that were not claimed yet.
	pub owed: Balance,
	/// Whether the offer or the deal is over; such a record stays only while something is owed.
	pub closed: bool,
}

impl<AccountId> EscrowRecord<AccountId> {
	/// A record without money.
	pub fn new(developer: AccountId, asset: PaymentAsset) -> Self {
		Self {
			developer,
			asset,
			deposited: 0,
			moved_in: 0,
			paid: 0,
			refunded: 0,
			moved_out: 0,
			held: 0,
			owed: 0,
			closed: false,
		}
	}

	/// Whether every plank that came in went out or is still there. `false` also where a sum exceeds
	/// 128 bits.
	pub fn is_balanced(&self) -> bool {
		let came = self.deposited.checked_add(self.moved_in);
		let went = [self.paid, self.refunded, self.moved_out, self.held, self.owed]
			.into_iter()
			.try_fold(0, Balance::checked_add);
		came.is_some() && came == went
	}
}
