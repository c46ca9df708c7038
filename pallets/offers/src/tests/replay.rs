//! The pallet's events are enough to rebuild its state.

use super::*;
use std::collections::BTreeMap;

/// What the events tell of.
#[derive(Debug, Default, PartialEq)]
struct Told {
	offers: BTreeMap<OfferId, Offer<AccountId32>>,
	records: BTreeMap<EscrowId, EscrowRecord<AccountId32>>,
	owed: BTreeMap<(AccountId32, EscrowId), Balance>,
}

impl Told {
	fn tell(&mut self, event: Event<Test>) {
		match event {
			Event::OfferPosted {
				offer: id,
				developer,
				app_cid,
				plan_hash,
				asset,
				max_price,
				units,
				term,
				placement,
				attributes,
				expiry,
				deal,
				tariff,
			} => {
				let record = self.record(EscrowId::Offer(id));
				(record.developer, record.asset) = (developer.clone(), asset.clone());
				#[rustfmt::skip]
				let terms = BidTerms {
					developer, asset, max_price, units, filled: 0, term, placement, attributes,
					expiry, deal, tariff,
				};
				self.offers.insert(id, Offer::new(terms, DealOrigin { app_cid, plan_hash }));
			},
			Event::PriceRaised { offer, max_price, .. } => self.offer(offer).max_price = max_price,
			Event::OfferFilled { offer, deal, filled, .. } => {
				let offer = self.offer(offer);
				(offer.deal, offer.filled) = (Some(deal), filled);
			},
			Event::OfferCompleted { offer, .. }
			| Event::OfferCancelled { offer, .. }
			| Event::OfferExpired { offer, .. }
			| Event::OfferRecalled { offer, .. } => drop(self.offers.remove(&offer)),
			money => self.tell_money(money),
		}
	}

	fn tell_money(&mut self, event: Event<Test>) {
		match event {
			Event::Deposited { escrow, amount, .. } => {
				let record = self.record(escrow);
				record.deposited += amount;
				record.held += amount;
			},
			Event::Moved { from, to, amount } => {
				let source = self.record(from);
				source.moved_out += amount;
				source.held -= amount;
				let (developer, asset) = (source.developer.clone(), source.asset.clone());
				let target = self.record(to);
				target.moved_in += amount;
				target.held += amount;
				(target.developer, target.asset) = (developer, asset);
			},
			Event::Paid { escrow, amount, .. } => {
				let record = self.record(escrow);
				record.paid += amount;
				record.held -= amount;
			},
			Event::Refunded { escrow, amount, .. } => {
				let record = self.record(escrow);
				record.refunded += amount;
				record.held -= amount;
			},
			Event::PayoutRefused { escrow, payee, amount } => {
				let record = self.record(escrow);
				record.owed += amount;
				record.held -= amount;
				*self.owed.entry((payee, escrow)).or_default() += amount;
			},
			Event::PayoutClaimed { escrow, payee, amount } => self.claim(escrow, payee, amount),
			Event::EscrowClosed { escrow } => {
				self.record(escrow).closed = true;
				self.drop_if_done(escrow);
			},
			other => panic!("not about money: {other:?}"),
		}
	}

	fn claim(&mut self, escrow: EscrowId, payee: AccountId32, amount: Balance) {
		let record = self.record(escrow);
		record.owed -= amount;
		let refund = record.developer == payee;
		*if refund { &mut record.refunded } else { &mut record.paid } += amount;
		assert_eq!(self.owed.remove(&(payee, escrow)), Some(amount));
		self.drop_if_done(escrow);
	}

	fn drop_if_done(&mut self, escrow: EscrowId) {
		let record = self.record(escrow);
		if record.closed && record.owed == 0 {
			self.records.remove(&escrow);
		}
	}

	fn offer(&mut self, id: OfferId) -> &mut Offer<AccountId32> {
		self.offers.get_mut(&id).expect("told before")
	}

	/// The record; a new one is somebody's until it is told whose.
	fn record(&mut self, id: EscrowId) -> &mut EscrowRecord<AccountId32> {
		let new = || EscrowRecord::new(stranger(), PaymentAsset::Native);
		self.records.entry(id).or_insert_with(new)
	}
}

/// Whether what the events of the test so far tell is the state.
pub fn check_events() {
	let mut told = Told::default();
	events().into_iter().for_each(|event| told.tell(event));
	let state = Told {
		offers: crate::Offers::<Test>::iter().collect(),
		records: Escrows::<Test>::iter().collect(),
		owed: Owed::<Test>::iter().map(|(payee, id, owed)| ((payee, id), owed)).collect(),
	};
	assert_eq!(told, state);
}
