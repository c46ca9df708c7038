//! What the model knows of other applications and other prices.

use super::{
	accept_price::accept_for,
	model::{id_of, mask, owner, set, Market, Part},
	propose_price::propose_for,
	stage_application::{application, runs, stage},
	*,
};
use crate::{Deals as DealRecords, Error};
use marketplace_primitives::{Epoch, Price, UnitIndex, Units};
use marketplace_testkit::operator;
use std::collections::{BTreeMap, BTreeSet};

/// A change of application as the model has it: unit by unit.
pub struct Rollout {
	from: Epoch,
	step: u64,
	before: u8,
	/// By server, in the order of their turns.
	units: Vec<(usize, UnitIndex)>,
	acknowledged: BTreeSet<(usize, UnitIndex)>,
}

impl Rollout {
	/// The units whose turn has come.
	fn turned(&self, now: Epoch) -> BTreeSet<(usize, UnitIndex)> {
		let percent: u64 = (self.from..=now).map(|_| self.step).sum();
		let (count, percent) = (self.units.len() as u64, percent.min(100));
		let has_turn = |before: u64| before * 100 < count * percent;
		self.units.iter().zip(0..).filter(|(_, k)| has_turn(*k)).map(|(unit, _)| *unit).collect()
	}
}

impl Part {
	/// Units that the deal has in an epoch.
	fn present(&self, now: Epoch) -> BTreeSet<UnitIndex> {
		let later = self.leaving.iter().filter(|(_, from)| **from > now);
		later.map(|(unit, _)| *unit).chain(self.staying.iter().copied()).collect()
	}
}

impl Market {
	fn is_present(&self, (server, unit): (usize, UnitIndex)) -> bool {
		let part = &self.parts[server];
		!part.closed && part.present(self.epoch).contains(&unit)
	}

	/// The rollout of a deal, where a unit that is there has not been acknowledged.
	fn is_acknowledged(&self, rollout: &Rollout) -> bool {
		let acknowledged = |unit: &(usize, UnitIndex)| rollout.acknowledged.contains(unit);
		rollout.units.iter().all(|unit| acknowledged(unit) || !self.is_present(*unit))
	}

	/// The developer stages another application.
	pub fn stage(&mut self, deal: DealId, byte: u8, step: u8) {
		let (now, record) = (self.epoch, record(deal));
		let waits = self.rollouts.get(&deal).is_some_and(|rollout| {
			rollout.turned(now).len() < rollout.units.len() && !self.is_acknowledged(rollout)
		});
		let right = byte > 0 && (1..=100).contains(&step);
		let may = right && !record.terminated && now + 1 < record.end && !waits;
		assert_eq!(stage(deal, byte, step).is_ok(), may);
		if !may {
			return;
		}
		let parts = self.parts.iter().enumerate().filter(|(_, part)| part.deal == deal);
		let units = parts.flat_map(|(server, part)| {
			part.present(now + 1).into_iter().map(move |unit| (server, unit))
		});
		let (units, acknowledged) = (units.collect(), BTreeSet::new());
		let (before, version) = self.applications.get(&deal).copied().unwrap_or_default();
		let rollout = Rollout { from: now + 1, step: step.into(), before, units, acknowledged };
		self.rollouts.insert(deal, rollout);
		self.applications.insert(deal, (byte, version + 1));
	}

	/// The operator of a server acknowledges what its turn has come for.
	pub fn acknowledge(&mut self, server: usize) {
		let (now, deal) = (self.epoch, self.parts[server].deal);
		let version = self.applications.get(&deal).map_or(0, |(_, version)| *version);
		let who = RuntimeOrigin::signed(operator());
		let done = Deals::acknowledge(who, deal, id_of(server), version).is_ok();
		let runs = self.end(deal).is_some_and(|end| now < end);
		let new: BTreeSet<_> = self.rollouts.get(&deal).map_or(BTreeSet::new(), |rollout| {
			let turned = rollout.turned(now).into_iter();
			let mine = turned.filter(|unit| unit.0 == server && self.is_present(*unit));
			mine.filter(|unit| !rollout.acknowledged.contains(unit)).collect()
		});
		assert_eq!(done, runs && !new.is_empty());
		if !done {
			return;
		}
		let rollout = self.rollouts.get_mut(&deal).expect("a unit had its turn");
		rollout.acknowledged.extend(new);
		if self.is_acknowledged(&self.rollouts[&deal]) {
			self.rollouts.remove(&deal);
		}
	}

	/// The developer takes the change back.
	pub fn roll_back(&mut self, deal: DealId) {
		let may = self.rollouts.contains_key(&deal) && self.epoch < record(deal).end;
		let done = Deals::roll_back(RuntimeOrigin::signed(developer()), deal).is_ok();
		assert_eq!(done, may);
		if done {
			let before = self.rollouts.remove(&deal).expect("it may").before;
			let version = self.applications[&deal].1;
			self.applications.insert(deal, (before, version + 1));
		}
	}

	/// Holds what a deal runs against the model.
	pub fn check_application(&self, deal: DealId) {
		let (byte, version) = self.applications.get(&deal).copied().unwrap_or_default();
		assert_eq!((runs(deal), record(deal).app_version), (application(byte), version));
		let told = Deals::rollout(deal);
		let rollout = self.rollouts.get(&deal);
		assert_eq!(told.is_some(), rollout.is_some());
		let (Some(told), Some(rollout)) = (told, rollout) else { return };
		assert_eq!((told.before, told.after), (application(rollout.before), application(byte)));
		let mut expected = BTreeMap::<_, BTreeSet<_>>::new();
		for (server, unit) in rollout.turned(self.epoch) {
			if self.is_present((server, unit)) {
				expected.entry(id_of(server)).or_default().insert(unit);
			}
		}
		let turned = told.servers.iter().filter(|of| !of.units.is_empty());
		assert_eq!(
			turned.map(|of| (of.server, set(of.units))).collect::<BTreeMap<_, _>>(),
			expected
		);
		for of in told.servers {
			let server = usize::try_from(of.server.0).unwrap();
			let acknowledged = rollout.acknowledged.iter().filter(|unit| unit.0 == server);
			let acknowledged = mask(&acknowledged.map(|(_, unit)| *unit).collect());
			let all = of.units != Units::NONE && of.units.is_subset_of(acknowledged);
			assert_eq!(of.acknowledged, all);
		}
	}

	/// One side proposes a price for a server's units, and the other accepts it.
	pub fn agree(&mut self, server: usize, price: Price, provider_proposes: bool) {
		let (now, deal, fee) = (self.epoch, self.parts[server].deal, self.fee);
		let mut sides = (developer(), owner(server));
		if provider_proposes {
			sides = (sides.1, sides.0);
		}
		let may = price > 0 && self.end(deal).is_some_and(|end| now < end);
		let may = may && !self.parts[server].closed;
		let proposed = propose_for(sides.0, deal, id_of(server), price);
		assert_eq!(proposed.is_ok(), may);
		if !may {
			return;
		}
		if self.may_be_lost(server) {
			let refused = accept_for(sides.1, deal, id_of(server), price).unwrap_err();
			assert_eq!(refused.error, Error::<Test>::LossOpen.into());
			return;
		}
		let (limit, ahead) = self.replacement(deal);
		let due = self.parts[server].earned;
		self.parts[server].settle(fee, now);
		let due = self.parts[server].earned - due;
		let (before, old) = (self.needed(deal, limit, ahead), self.parts[server].price);
		self.parts[server].price = price;
		let (after, sure) = (self.needed(deal, limit, ahead), self.needed(deal, 0, 0));
		let holds = held(deal) - due;
		let lack = after.saturating_sub(holds.max(before)).max(sure.saturating_sub(holds));
		if lack > 0 && !provider_proposes {
			self.parts[server].price = old;
			// the mock of the escrow does not forget what a call did that failed
			assert!(Deals::settle(RuntimeOrigin::signed(stranger()), deal, id_of(server)).is_ok());
			let refused = accept_for(sides.1, deal, id_of(server), price).unwrap_err();
			assert_eq!(refused.error, Error::<Test>::NotFunded.into());
			return;
		}
		assert!(accept_for(sides.1, deal, id_of(server), price).is_ok());
		self.deposited += lack;
		assert_eq!(held(deal), holds + lack);
	}

	/// Whether a unit of a server failed and stays, or leaves with the next epoch.
	fn may_be_lost(&self, server: usize) -> bool {
		let part = &self.parts[server];
		part.staying.iter().any(|unit| part.failed.contains_key(unit))
			|| part.leaving.values().any(|from| *from == self.epoch + 1)
	}

	/// At what price the units of a deal can be replaced, and for how many epochs.
	fn replacement(&self, deal: DealId) -> (Price, Epoch) {
		let record = DealRecords::<Test>::get(deal).expect("the deal runs");
		let ahead = record.end.saturating_sub(self.epoch + 1);
		let is_over = record.terminated || self.is_full(deal);
		(record.max_price, if is_over { 0 } else { ahead })
	}

	/// Whether a deal has had all the servers that it may have.
	pub fn is_full(&self, deal: DealId) -> bool {
		let servers = self.parts.iter().filter(|part| part.deal == deal).count();
		servers == MaxServers::get() as usize
	}

	/// What the open offer of a deal may still find, and what replacing a unit costs: nothing in a full one.
	pub fn wanted(&self, deal: DealId) -> (u32, Price) {
		if self.is_full(deal) {
			return (0, 0);
		}
		let offers = MockOffers::open()
			.into_iter()
			.filter(|(_, terms)| terms.deal == Some(deal) && terms.expiry >= self.epoch);
		let wanted = offers.map(|(_, terms)| terms.units.target - terms.filled).sum();
		(wanted, DealRecords::<Test>::get(deal).map_or(0, |deal| deal.max_price))
	}

	/// An operator sets the worker of a unit: the first in time, or another.
	pub fn set_worker(&mut self, server: usize, unit: UnitIndex) {
		let (now, deal) = (self.epoch, self.parts[server].deal);
		let runs = self.end(deal).is_some_and(|end| now < end);
		let part = &mut self.parts[server];
		let in_time = now < part.start + AcceptanceEpochs::get() || part.accepted.contains(&unit);
		let is_held = part.staying.contains(&unit) && !part.failed.contains_key(&unit);
		let who = RuntimeOrigin::signed(operator());
		let done = Deals::set_workers(who, deal, id_of(server), workers(&[unit], 1));
		assert_eq!(done.is_ok(), runs && in_time && is_held && !part.closed);
		if done.is_ok() {
			part.accepted.insert(unit);
		}
	}

	/// Somebody adds to what a deal holds.
	pub fn top_up(&mut self, deal: DealId, amount: u128) {
		let (before, record) = (held(deal), record(deal));
		let may = amount > 0 && !record.terminated && self.epoch < record.end;
		let done = Deals::top_up(RuntimeOrigin::signed(stranger()), deal, amount).is_ok();
		assert_eq!(done, may);
		if done {
			self.deposited += amount;
			assert_eq!(held(deal), before + amount);
		}
	}
}
