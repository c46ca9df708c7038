//! The pallet's events: enough to rebuild its state from them.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod events {
	/// Every change of the pallet's state.
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An offer stands. Its money is told by [`Event::Deposited`], or by [`Event::Moved`] where a
		/// running deal seeks units.
		OfferPosted {
			/// The offer.
			offer: OfferId,
			/// Who pays.
			developer: T::AccountId,
			/// The application that the workers run.
			app_cid: Cid,
			/// Hash of the deployment plan.
			plan_hash: [u8; 32],
			/// What is paid in.
			asset: PaymentAsset,
			/// Highest price per unit and epoch.
			max_price: Price,
			/// Units wanted.
			units: UnitsWanted,
			/// Term in epochs.
			term: Epoch,
			/// Where the units may be.
			placement: PlacementOf<T>,
			/// Attributes that every unit must have.
			attributes: Attributes,
			/// The last epoch in which it may match.
			expiry: Epoch,
			/// The running deal that seeks units with it and pays for it; none where its developer posted it.
			deal: Option<DealId>,
			/// Highest price of a million requests; none where no request is paid for.
			tariff: Option<Price>,
		},
		/// An offer pays more.
		PriceRaised {
			/// The offer.
			offer: OfferId,
			/// Highest price before.
			old_price: Price,
			/// Highest price from now on.
			max_price: Price,
		},
		/// A deal took units of an offer.
		OfferFilled {
			/// The offer.
			offer: OfferId,
			/// The deal.
			deal: DealId,
			/// Units that it took now.
			units: u32,
			/// Units that it has of the offer altogether.
			filled: u32,
		},
		/// An offer is full and closed.
		OfferCompleted {
			/// The offer.
			offer: OfferId,
			/// The deal that took it.
			deal: DealId,
			/// What its escrow still held, the developer's again.
			refunded: Balance,
		},
		/// An offer is withdrawn.
		OfferCancelled {
			/// The offer.
			offer: OfferId,
			/// What its escrow still held, the developer's again.
			refunded: Balance,
		},
		/// An offer is closed because its expiry has passed.
		OfferExpired {
			/// The offer.
			offer: OfferId,
			/// What its escrow still held, the developer's again.
			refunded: Balance,
		},
		/// An offer is taken back by the deal that it joins.
		OfferRecalled {
			/// The offer.
			offer: OfferId,
			/// The deal.
			deal: DealId,
			/// Units that it still wanted.
			units: u32,
			/// What its escrow still held, the deal's again.
			amount: Balance,
		},
		/// Money came into escrow. It is the developer's, whoever paid it.
		Deposited {
			/// The record.
			escrow: EscrowId,
			/// Who paid it.
			payer: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// Escrow changed its owner; no money moved.
		Moved {
			/// The record that it left.
			from: EscrowId,
			/// The record that it came to.
			to: EscrowId,
			/// How much.
			amount: Balance,
		},
		/// Escrow was paid out.
		Paid {
			/// The record.
			escrow: EscrowId,
			/// Who got it.
			payee: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// Escrow was given back.
		Refunded {
			/// The record.
			escrow: EscrowId,
			/// Who got it.
			developer: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// The asset refused a payout or a refund. It stays held and can be claimed.
		PayoutRefused {
			/// The record that owes it.
			escrow: EscrowId,
			/// Whom it is owed to.
			payee: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// What was owed is paid.
		PayoutClaimed {
			/// The record that owed it.
			escrow: EscrowId,
			/// Who got it.
			payee: T::AccountId,
			/// How much.
			amount: Balance,
		},
		/// An escrow record is closed: it holds nothing but what it owes.
		EscrowClosed {
			/// The record.
			escrow: EscrowId,
		},
	}
}
