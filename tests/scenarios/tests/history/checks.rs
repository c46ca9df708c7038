//! What is true at every moment, and in the end.

use crate::*;
use frame_support::traits::fungibles::{hold::Inspect as _, Inspect as _};
use marketplace_primitives::{EscrowId, OfferId, PaymentAsset, Placement, UnitLedger};
use marketplace_runtime::{
	configs::{PaymentHolds, TreasuryAccount},
	constants::USDC_ID,
	Assets, Balances, Matcher, RuntimeEvent, RuntimeHoldReason,
};
use marketplace_scenarios::{
	acts::DOLLARS,
	client, invariants,
	ledger::{on_chain, Coin, Purse},
};
use std::collections::BTreeSet;

/// No history leaves anything open for longer than so many epochs.
const LONGEST: Epoch = 60;

/// What everybody has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planks(BTreeMap<(AccountId, Coin), Purse>);

impl Planks {
	/// Of all accounts that the chain knows.
	pub fn now() -> Self {
		let natives = frame_system::Account::<Runtime>::iter_keys();
		let owners = pallet_assets::Account::<Runtime>::iter_key_prefix(USDC_ID);
		let everybody: BTreeSet<AccountId> = natives.chain(owners).collect();
		let purses = everybody.into_iter().flat_map(|who| {
			[Coin::Flt, Coin::Usdc].map(|coin| ((who.clone(), coin), on_chain(&who, coin)))
		});
		Self(purses.collect())
	}

	/// All that there is of a coin.
	pub fn sum(&self, of: Coin) -> Balance {
		let mut sum = 0;
		for ((_, coin), purse) in &self.0 {
			if *coin == of {
				sum += purse.free + purse.held;
			}
		}
		sum
	}
}

impl Market {
	/// Checks the whole state.
	pub fn check(&mut self) {
		let block = System::block_number();
		assert_eq!(invariants::check(), Ok(()), "block {block}");
		self.check_money();
		self.check_holds();
		self.check_units();
	}

	/// No dollar comes or goes; FLT comes with rewards, and goes where less than an account's least is left.
	fn check_money(&mut self) {
		for event in chain::take_events() {
			dice::name_of_event(&event).into_iter().for_each(|name| {
				EVENTS.with_borrow_mut(|events| *events.entry(name).or_default() += 1);
			});
			match event {
				RuntimeEvent::Capacity(pallet_capacity::Event::RewardsClaimed {
					amount, ..
				}) => {
					self.minted += amount;
				},
				RuntimeEvent::Balances(pallet_balances::Event::DustLost { amount, .. }) => {
					self.lost += amount;
				},
				_ => {},
			}
		}
		let (block, planks) = (System::block_number(), Planks::now());
		let before = self.planks.sum(Coin::Usdc);
		assert_eq!(planks.sum(Coin::Usdc), before, "block {block}");
		assert_eq!(Assets::total_issuance(USDC_ID), before, "block {block}");
		let (minted, lost) = (std::mem::take(&mut self.minted), std::mem::take(&mut self.lost));
		let flt = self.planks.sum(Coin::Flt) + minted - lost;
		assert_eq!(planks.sum(Coin::Flt), flt, "block {block}");
		assert_eq!(Balances::total_issuance(), flt, "block {block}");
		self.planks = planks;
	}

	/// What is held of everybody for the market is what escrow says of them.
	fn check_holds(&self) {
		let reason: RuntimeHoldReason = pallet_offers::HoldReason::Escrow.into();
		let mut escrows = BTreeMap::<(AccountId, PaymentAsset), Balance>::new();
		for record in pallet_offers::Escrows::<Runtime>::iter_values() {
			let sum = escrows.entry((record.developer, record.asset)).or_default();
			*sum += record.held + record.owed;
		}
		for (who, coin) in self.planks.0.keys() {
			let asset = match coin {
				Coin::Flt => PaymentAsset::Native,
				Coin::Usdc => DOLLARS,
			};
			let held = PaymentHolds::balance_on_hold(asset.clone(), &reason, who);
			let sum = escrows.remove(&(who.clone(), asset)).unwrap_or_default();
			assert_eq!(held, sum, "{coin:?} of {who} in block {}", System::block_number());
		}
		assert!(escrows.is_empty(), "escrow of nobody: {escrows:?}");
	}

	/// No unit is in two deals that run or are about to.
	fn check_units(&self) {
		let now = self.epoch();
		let mut sold = BTreeMap::<ServerId, Units>::new();
		for (deal, server, part) in pallet_deals::Allocations::<Runtime>::iter() {
			let runs = pallet_deals::Deals::<Runtime>::get(deal).is_some_and(|deal| deal.end > now);
			if !runs {
				continue;
			}
			// what the ledger holds for the deal: units of commitments that failed may be sold again
			let record = pallet_capacity::Servers::<Runtime>::get(server).expect("it is there");
			let mut of_deal = record.reservations.iter().filter(|held| held.deal == deal);
			let held = of_deal.next().map_or(Units::NONE, |held| held.units);
			let stay = part.units.and(<Capacity as UnitLedger>::held(server, deal));
			let leave = part.leaving.iter().filter(|(from, _)| *from > now);
			let units = leave.fold(stay, |all, (_, units)| all.or(units.and(held)));
			let all = sold.entry(server).or_default();
			assert!(!all.overlaps(units), "{server:?} sells {units:?} twice: {deal:?}");
			*all = all.or(units);
		}
	}

	/// What waits in the book while it is quiet would get nothing.
	pub fn check_quotes(&self) {
		for offer in self.left_offers() {
			let terms = client::offer(offer).expect("it is open").terms;
			let fills = Matcher::quote(&terms);
			assert!(fills.is_empty(), "{offer:?} in block {}: {fills:?}", System::block_number());
		}
	}

	/// And is told why.
	pub fn check_book(&self) {
		for offer in self.left_offers() {
			let told = client::explain_offer(offer);
			assert!(!told.matches, "{offer:?} in block {}: {told:?}", System::block_number());
		}
	}

	/// The offers that wait while the book is quiet. Supply that went by time alone, as where nobody answered an audit,
	/// is not known to the book before the server is settled or the epoch ends; it matters to those that want units of
	/// several groups, as others took the room of these before.
	fn left_offers(&self) -> Vec<OfferId> {
		if !Matcher::is_quiet() {
			return Vec::new();
		}
		let is_known = self.machines.iter().all(|machine| {
			let record = pallet_capacity::Servers::<Runtime>::get(machine.id);
			let info = Capacity::units_info(machine.id);
			record.map(|record| record.listed) == info.map(|info| info.available)
		});
		let is_picky = |place: &Placement<AccountId>| {
			place.min_providers.max(place.min_data_centers).max(place.min_countries) > 1
		};
		let offers = pallet_offers::Offers::<Runtime>::iter();
		let left = offers.filter(|(_, offer)| is_known || !is_picky(&offer.placement));
		left.map(|(id, _)| id).collect()
	}

	/// Nobody does anything any more. Says by when everything must be over.
	pub fn rest(&mut self) -> Epoch {
		self.let_all_be_paid();
		self.epoch() + LONGEST
	}

	/// Whether no deal runs and no offer is open, and what came with that is done.
	pub fn is_over(&self, last: Epoch) -> bool {
		let deals: Vec<_> = pallet_deals::Deals::<Runtime>::iter_keys().collect();
		let offers: Vec<_> = pallet_offers::Offers::<Runtime>::iter_keys().collect();
		let stays = !deals.is_empty() || !offers.is_empty();
		assert!(!stays || self.epoch() < last, "they stay: {deals:?}, {offers:?}");
		!stays && Matcher::is_quiet()
	}

	/// The market has nothing of anybody but what it could not pay.
	pub fn end(&mut self) {
		for (payee, escrow, _) in pallet_offers::Owed::<Runtime>::iter().collect::<Vec<_>>() {
			self.sign(STRANGER, pallet_offers::Call::claim_payout { escrow, payee });
		}
		self.check();
		for (id, record) in pallet_offers::Escrows::<Runtime>::iter() {
			let is_over = record.closed && record.held == 0 && record.owed > 0;
			// an income account that does not exist yet cannot be paid less FLT than an account must have
			assert!(is_over && record.asset == PaymentAsset::Native, "{id:?}: {record:?}");
		}
		self.check_dollars();
	}

	/// All dollars are free, with people, the treasury, and where delegators get their part.
	fn check_dollars(&self) {
		let next = pallet_capacity::NextCommitment::<Runtime>::get();
		let incomes = (0..next.0).map(|id| Capacity::income_account(id.into()));
		let people = Key::well_known().map(|key| key.to_account_id());
		let all: BTreeSet<_> = people.chain(incomes).chain([TreasuryAccount::get()]).collect();
		for ((who, coin), purse) in &self.planks.0 {
			if *coin == Coin::Usdc {
				assert_eq!(purse.held, 0, "{who}");
				assert!(purse.free == 0 || all.contains(who), "{who} has {}", purse.free);
			}
		}
	}
}

/// The record of an escrow that is still there.
pub fn debts() -> Vec<(AccountId, EscrowId)> {
	pallet_offers::Owed::<Runtime>::iter_keys().collect()
}
