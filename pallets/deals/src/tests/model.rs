//! A market as random histories know it: each unit in each epoch by itself, nothing summed up.

use super::{model_changes::Rollout, *};
use crate::{
	Allocations, Deals as DealRecords, Ending, Proposals, Renewals, Rollouts, Spreads, Wishes,
	Workers,
};
use marketplace_primitives::{DealWatch, Epoch, Price, UnitIndex, Units};
use marketplace_testkit::treasury;
use sp_runtime::Perbill;
use std::collections::{BTreeMap, BTreeSet};

type Cells = BTreeSet<(UnitIndex, Epoch)>;

/// A server's part of a deal as the model has it: cell by cell, without sums.
#[derive(Default)]
pub struct Part {
	pub deal: DealId,
	pub price: Price,
	pub start: Epoch,
	pub staying: BTreeSet<UnitIndex>,
	/// Units that left or will, with the first epoch without them.
	pub leaving: BTreeMap<UnitIndex, Epoch>,
	pub accepted: BTreeSet<UnitIndex>,
	/// With the last epoch in which it serves.
	pub failed: BTreeMap<UnitIndex, Epoch>,
	pub funded: Cells,
	pub served: Cells,
	pub settled: usize,
	/// What was paid for those.
	pub earned: u128,
	/// What was contested, and what it cost.
	pub contested: Cells,
	pub forfeited: u128,
	/// Those that were not reported for long.
	pub silent: BTreeSet<UnitIndex>,
	/// What the protocol got.
	pub fees: u128,
	pub closed: bool,
	/// What is left for requests, and until when where that was asked for.
	pub left: u128,
	pub reclaimed: Option<Epoch>,
	/// What vouchers were paid.
	pub redeemed: u128,
}

impl Part {
	/// What is left for requests is the developer's, where its time is over; whether it is.
	fn give_back(&mut self, now: Epoch) -> bool {
		let is_over = self.reclaimed.is_some_and(|until| until <= now);
		if is_over {
			(self.left, self.reclaimed) = (0, None);
		}
		is_over
	}

	/// Everything that was served and can be contested no more is paid, at this fee.
	pub fn settle(&mut self, fee: Perbill, now: Epoch) {
		let payable = self.served.iter().filter(|(_, epoch)| now - epoch > CONTEST_EPOCHS).count();
		let paid = (payable - self.settled) as u128 * self.price;
		self.fees += fee.mul_floor(paid);
		self.earned += paid;
		self.settled = payable;
	}
}

#[derive(Default)]
pub struct Market {
	pub epoch: Epoch,
	pub offers: u64,
	pub deposited: u128,
	pub parts: Vec<Part>,
	pub deals: Vec<DealId>,
	pub fee: Perbill,
	pub rollouts: BTreeMap<DealId, Rollout>,
	/// The last application of each deal, and its version.
	pub applications: BTreeMap<DealId, (u8, u32)>,
}

pub fn owner(server: usize) -> AccountId32 {
	let mut bytes = [9; 32];
	bytes[0] = u8::try_from(server).unwrap();
	AccountId32::new(bytes)
}

pub fn id_of(server: usize) -> ServerId {
	ServerId(u32::try_from(server).unwrap())
}

pub fn set(units: Units) -> BTreeSet<UnitIndex> {
	units.iter().collect()
}

pub fn mask(units: &BTreeSet<UnitIndex>) -> Units {
	units.iter().fold(Units::NONE, |all, unit| all.or(Units::one(*unit)))
}

impl Market {
	pub fn server(&self, pick: u8) -> Option<usize> {
		usize::from(pick).checked_rem(self.parts.len())
	}

	pub fn deal(&self, pick: u8) -> Option<DealId> {
		let index = usize::from(pick).checked_rem(self.deals.len())?;
		self.deals.get(index).copied()
	}

	pub fn end(&self, deal: DealId) -> Option<Epoch> {
		DealRecords::<Test>::get(deal).map(|deal| deal.end)
	}

	pub fn parts_of(&mut self, deal: DealId) -> impl Iterator<Item = &mut Part> {
		self.parts.iter_mut().filter(move |part| part.deal == deal)
	}

	/// What an extension costs: the staying units and those that are wanted, server by server.
	pub fn cost(&mut self, deal: DealId, epochs: u128) -> u128 {
		let (wanted, limit) = self.wanted(deal);
		let of = |part: &mut Part| part.staying.len() as u128 * part.price.max(limit);
		let staying: u128 = self.parts_of(deal).map(of).sum();
		(staying + u128::from(wanted) * limit) * epochs
	}

	/// A new server joins the deal of an offer, or opens it.
	pub fn fill(&mut self, offer: OfferId, units: u8, price: Price, longest: Epoch) {
		let server = self.parts.len();
		let Some(terms) = MockOffers::open().into_iter().find(|(id, _)| *id == offer) else {
			return;
		};
		let start = self.epoch + 1;
		let end = match terms.1.deal {
			Some(deal) => self.end(deal).unwrap_or(0),
			None => start + terms.1.term,
		};
		if end > start + longest || price > terms.1.max_price {
			return;
		}
		let mut fill_of = fill_of(id_of(server).0, owner(server), units, price);
		fill_of.max_term = longest;
		let Ok(deal) = fill(offer.0, &[fill_of]) else { return };
		let staying: BTreeSet<_> = (0..units).collect();
		let funded = staying.iter().flat_map(|unit| (start..end).map(|epoch| (*unit, epoch)));
		let funded = funded.collect();
		self.parts.push(Part { deal, price, start, staying, funded, ..Default::default() });
		if !self.deals.contains(&deal) {
			self.deals.push(deal);
			assert_eq!(set_key(deal, Some(&gateway())), Ok(()));
		}
	}

	pub fn serve(&mut self, server: usize, units: Units, epoch: Epoch) {
		let part = &mut self.parts[server];
		if !Allocations::<Test>::contains_key(part.deal, id_of(server)) {
			return;
		}
		let mut counted = Units::NONE;
		for unit in units.iter() {
			let fails = part.failed.get(&unit).is_some_and(|last| *last < epoch);
			let cell = (unit, epoch);
			if !fails && part.funded.contains(&cell) && part.served.insert(cell) {
				counted = counted.or(Units::one(unit));
			}
		}
		MockUnits::report(id_of(server), part.deal, counted, epoch);
	}

	/// The developer does not believe that `units` served in `epoch`.
	pub fn contest(&mut self, server: usize, units: Units, epoch: Epoch) {
		let (now, deal) = (self.epoch, self.parts[server].deal);
		let part = &mut self.parts[server];
		let cells: Cells = units.iter().map(|unit| (unit, epoch)).collect();
		let in_time = epoch <= now && now - epoch <= CONTEST_EPOCHS;
		let may = in_time && !part.closed && !cells.is_empty() && cells.is_subset(&part.served);
		let goes_on = DealRecords::<Test>::get(deal)
			.is_some_and(|deal| !deal.terminated && now + 1 < deal.end);
		System::reset_events();
		let who = RuntimeOrigin::signed(developer());
		assert_eq!(Deals::contest(who, deal, id_of(server), units, epoch).is_ok(), may);
		// what leaves can always be sought, as no limit is ever raised here
		let failed =
			|event: &crate::Event<Test>| matches!(event, crate::Event::ReplaceFailed { .. });
		assert!(!events().iter().any(failed));
		if !may {
			return;
		}
		part.forfeited += cells.len() as u128 * part.price;
		part.served.retain(|cell| !cells.contains(cell));
		part.funded.retain(|cell| !cells.contains(cell));
		part.contested.extend(cells);
		if goes_on {
			let stays =
				|unit: &UnitIndex| part.staying.contains(unit) && !part.failed.contains_key(unit);
			let leaving = units.iter().filter(stays).collect();
			self.leave(server, &leaving, now + 1);
		}
	}

	/// `units` that have workers were not reported for long.
	pub fn silence(&mut self, server: usize, units: Units) {
		let part = &mut self.parts[server];
		if !part.closed {
			part.silent = set(units).intersection(&part.accepted).copied().collect();
			MockUnits::set_silent(id_of(server), part.deal, mask(&part.silent));
		}
	}

	/// Units that the deal misses: they failed, were not accepted in time, or are silent.
	pub fn missing(&self, server: usize) -> BTreeSet<UnitIndex> {
		let part = &self.parts[server];
		let is_late = self.epoch >= part.start + AcceptanceEpochs::get();
		let lost = |unit: &&UnitIndex| {
			let unaccepted = is_late && !part.accepted.contains(unit);
			part.failed.contains_key(unit) || unaccepted || part.silent.contains(unit)
		};
		part.staying.iter().filter(lost).copied().collect()
	}

	/// A report of one of the servers tells that a deal misses units of it, or has none any more.
	pub fn report_missing(&self, pick: u8) {
		let missing = (0..self.parts.len()).filter(|server| {
			let part = &self.parts[*server];
			!self.missing(*server).is_empty() || part.is_vacant(self.epoch)
		});
		let missing: Vec<_> = missing.collect();
		if let Some(index) = usize::from(pick).checked_rem(missing.len()) {
			let server = missing[index];
			Deals::units_missing(id_of(server), vec![self.parts[server].deal]);
		}
	}

	/// One of the servers and epochs of which something was said to be served not long ago, with the units.
	pub fn contestable(&self, pick: u8) -> Option<(usize, Units, Epoch)> {
		let mut all = BTreeMap::<_, BTreeSet<_>>::new();
		for (server, part) in self.parts.iter().enumerate().filter(|(_, part)| !part.closed) {
			let late = part.served.iter().filter(|(_, at)| self.epoch - at <= CONTEST_EPOCHS);
			late.for_each(|(unit, at)| {
				all.entry((server, *at)).or_default().insert(*unit);
			});
		}
		let index = usize::from(pick).checked_rem(all.len())?;
		all.into_iter().nth(index).map(|((server, at), units)| (server, mask(&units), at))
	}

	/// The hook ran: where units left, they are all that was missing.
	pub fn note_replaced(&mut self) {
		for server in 0..self.parts.len() {
			let part = &self.parts[server];
			let stored = Allocations::<Test>::get(part.deal, id_of(server));
			if stored.is_some_and(|stored| set(stored.units) != part.staying) {
				let missing = self.missing(server);
				self.leave(server, &missing, self.epoch + 1);
			}
		}
	}

	/// Somebody adds to what a server can earn by requests.
	pub fn fund(&mut self, server: usize, amount: u128) {
		let (now, deal) = (self.epoch, self.parts[server].deal);
		let may = amount > 0 && !self.parts[server].closed;
		let may = may && self.end(deal).is_some_and(|end| now < end);
		let may = may && !self.parts[server].is_vacant(now);
		assert_eq!(fund(deal, id_of(server), amount).is_ok(), may);
		if may {
			let part = &mut self.parts[server];
			part.give_back(now);
			part.left += amount;
			self.deposited += amount;
		}
	}

	/// Somebody redeems a voucher of `amount`.
	pub fn redeem(&mut self, server: usize, amount: u128) {
		let (now, fee, deal) = (self.epoch, self.fee, self.parts[server].deal);
		let in_time = self.end(deal).is_some_and(|end| now < end + ChallengeEpochs::get());
		let part = &mut self.parts[server];
		let is_over = part.reclaimed.is_some_and(|until| until <= now);
		let may = in_time && !part.closed && !is_over && part.left > 0 && amount > part.redeemed;
		let voucher = Voucher { version: 1, amount, expiry: now };
		let signature = signed(&gateway(), deal, id_of(server), &voucher);
		let who = RuntimeOrigin::signed(stranger());
		let done = Deals::redeem(who, deal, id_of(server), voucher, signature);
		assert_eq!(done.is_ok(), may);
		if may {
			let paid = (amount - part.redeemed).min(part.left);
			part.left -= paid;
			part.redeemed += paid;
			part.fees += fee.mul_floor(paid);
		}
	}

	/// `who` takes back what is left for requests.
	pub fn reclaim(&mut self, server: usize, who: AccountId32) {
		let now = self.epoch;
		let part = &mut self.parts[server];
		let may = match part.reclaimed {
			Some(until) => until <= now,
			None => who == developer(),
		};
		let may = may && !part.closed && part.left > 0;
		let done =
			Deals::reclaim_requests(RuntimeOrigin::signed(who), part.deal, id_of(server)).is_ok();
		assert_eq!(done, may);
		if may && !part.give_back(now) {
			part.reclaimed = Some(now + 1 + ChallengeEpochs::get());
		}
	}

	pub fn extended(&mut self, deal: DealId, before: Epoch, after: Epoch, paid: u128) {
		self.deposited += paid;
		for part in self.parts_of(deal) {
			let more = part.staying.iter().flat_map(|unit| (before..after).map(|e| (*unit, e)));
			part.funded.extend(more.collect::<Vec<_>>());
		}
	}

	pub fn leave(&mut self, server: usize, units: &BTreeSet<UnitIndex>, from: Epoch) {
		let part = &mut self.parts[server];
		part.staying.retain(|unit| !units.contains(unit));
		part.leaving.extend(units.iter().map(|unit| (*unit, from)));
		part.funded.retain(|(unit, epoch)| !units.contains(unit) || *epoch < from);
	}

	/// What a deal needs while it can be replaced unit by unit at `limit` in each of `ahead` epochs.
	pub fn needed(&mut self, deal: DealId, limit: Price, ahead: Epoch) -> u128 {
		let of = |part: &mut Part| {
			let open = (part.funded.len() - part.settled) as u128;
			let rise = part.staying.len() as u128 * u128::from(ahead);
			part.left + open * part.price + rise * limit.saturating_sub(part.price)
		};
		self.open_parts_of(deal).map(of).sum()
	}

	/// Parts that were closed since the last time were settled, at the fee of now.
	fn note_closed(&mut self) {
		let (fee, now) = (self.fee, self.epoch);
		let known = |server, deal| Allocations::<Test>::contains_key(deal, id_of(server));
		for (server, part) in self.parts.iter_mut().enumerate() {
			if !part.closed && !known(server, part.deal) {
				part.settle(fee, now);
				(part.closed, part.left) = (true, 0);
			}
		}
		let fees: u128 = self.parts.iter().map(|part| part.fees + part.forfeited).sum();
		let got = MockEscrow::paid_to(&treasury()) + MockEscrow::owed_to(&treasury());
		assert_eq!(got, fees);
	}

	/// Holds what is stored against the model.
	pub fn check(&mut self) {
		self.note_closed();
		assert_eq!(Deals::do_try_state(), Ok(()));
		assert_eq!(MockEscrow::total(), self.deposited);
		for (server, part) in self.parts.iter().enumerate() {
			let Some(stored) = Allocations::<Test>::get(part.deal, id_of(server)) else { continue };
			assert_eq!(stored.funded, part.funded.len() as u64);
			assert_eq!(stored.settled, part.settled as u64);
			assert_eq!((stored.price, stored.paid), (part.price, part.earned));
			assert_eq!(stored.contested, part.contested.len() as u64);
			assert_eq!(set(stored.units), part.staying);
			let budget = Deals::request_budget(part.deal, id_of(server)).unwrap_or_default();
			let expected = (part.left, part.redeemed, part.reclaimed);
			assert_eq!((budget.left, budget.redeemed, budget.reclaimed), expected);
		}
		for deal in self.deals.iter().filter(|deal| self.end(**deal).is_some()) {
			// what may still be served is paid for to the last epoch, always
			assert_eq!(Deals::funded_until(*deal), self.end(*deal).map(|end| end - 1));
			self.check_application(*deal);
		}
	}
}

/// Everything is closed, every plank is where it belongs, and nothing is left.
pub fn check_end(market: &mut Market) {
	market.note_closed();
	for (server, part) in market.parts.iter().enumerate() {
		assert!(part.served.is_subset(&part.funded), "a unit served what was not funded");
		assert_eq!(part.settled, part.served.len());
		assert_eq!(MockEscrow::paid_to(&owner(server)), part.earned + part.redeemed - part.fees);
		assert!(gone(part.deal, &[id_of(server)]));
		let rest = MockEscrow::record(EscrowId::Deal(part.deal)).unwrap();
		assert!(rest.closed && rest.held == 0);
	}
	assert!(MockOffers::open().iter().all(|(_, terms)| terms.deal.is_none()));
	assert_eq!(MockEscrow::total(), market.deposited);
	assert_eq!(DealRecords::<Test>::iter_keys().count(), 0);
	assert_eq!(Ending::<Test>::iter_keys().count(), 0);
	assert_eq!(Allocations::<Test>::iter_keys().count(), 0);
	assert_eq!(Workers::<Test>::iter_keys().count(), 0);
	assert_eq!(Spreads::<Test>::iter_keys().count(), 0);
	assert_eq!(Wishes::<Test>::iter_keys().count(), 0);
	assert_eq!(Renewals::<Test>::iter_keys().count(), 0);
	assert_eq!(Rollouts::<Test>::iter_keys().count(), 0);
	assert_eq!(Proposals::<Test>::iter_keys().count(), 0);
}
