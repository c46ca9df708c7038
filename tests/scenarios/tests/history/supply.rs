//! What providers and delegators do.

use crate::*;
use marketplace_primitives::{AskId, Attributes, CommitmentId, PaymentAsset};
use marketplace_scenarios::{
	acts::{commit_call, workers_call, DOLLARS},
	proving::report_call,
};
use pallet_capacity::{Call as CapacityCall, CommitmentState};
use pallet_providers::Call as ProvidersCall;

impl Market {
	pub fn any_machine(&self, dice: &mut Dice) -> Machine {
		self.machines[dice.below(self.machines.len())]
	}

	/// Commits units, and stakes what that needs: the provider from its least part to all.
	pub fn commit(&mut self, machine: Machine, units: Units, dice: &mut Dice) {
		let id = pallet_capacity::NextCommitment::<Runtime>::get();
		let duration = if dice.rarely(3) { dice.within(2, 8) } else { dice.within(10, 40) };
		let commission = Perbill::from_percent(dice.within(0, 30));
		let share = Perbill::from_percent(dice.within(0, 3) * 10);
		let who = dice.usually(machine.provider);
		if self.sign(who, commit_call(machine.id, units, duration, commission, share)) {
			self.cover(id, dice);
		}
	}

	/// Stakes what a commitment that waits needs.
	fn cover(&mut self, commitment: CommitmentId, dice: &mut Dice) {
		let Some((record, CommitmentState::Waiting)) = Capacity::commitment(commitment) else {
			return;
		};
		let provider = Key::from_account_id(&record.provider).expect("there are no others");
		let missing = record.needed - record.own - record.delegated;
		let part = missing / 100 * u128::from(dice.within(10, 110));
		// the part of a provider that staked before may be more than what is missing
		let own = part.max(record.own_needed).min(missing);
		self.sign(provider, CapacityCall::delegate { commitment, amount: own });
		if own < missing && !dice.rarely(10) {
			self.sign(DELEGATOR, CapacityCall::delegate { commitment, amount: missing - own });
		}
	}

	/// Asks a price for units.
	pub fn ask(&mut self, machine: Machine, units: Units, dice: &mut Dice) {
		// North's first server is cheap as a rule: others must be taken where it does not suit
		let price = if machine.id.0 == 0 { dice.price() / 2 } else { dice.price() };
		let max_term = dice.within(5, 40);
		let call = ProvidersCall::set_ask {
			server: machine.id,
			units,
			asset: if dice.rarely(8) { PaymentAsset::Native } else { DOLLARS },
			price,
			min_term: dice.within(1, 2),
			max_term,
			attributes: Attributes::NONE,
			tariff: dice.rarely(3).then(|| dice.price()),
		};
		let who = dice.usually(machine.provider);
		self.sign(who, call);
	}

	pub fn play_supply(&mut self, dice: &mut Dice) {
		let machine = self.any_machine(dice);
		let units = Units(dice.byte().into());
		match dice.below(10) {
			0..=4 => {
				let size = Capacity::units_info(machine.id).expect("it is registered").count;
				let all = [Units(0b1111), Units(0b1111_0000), units];
				let units = all[dice.below(all.len())].and(Units::first(size));
				self.ask(machine, units, dice);
			},
			5 | 6 => {
				let asks: Vec<AskId> = pallet_providers::Asks::<Runtime>::iter_keys().collect();
				let Some(ask) = dice.pick(&asks) else { return };
				let server = pallet_providers::Asks::<Runtime>::get(ask).expect("it stands").server;
				let who = dice.usually(self.machine(server).provider);
				self.sign(who, ProvidersCall::withdraw_ask { ask });
			},
			7 => {
				let operators = [machine.provider, Key::BobStash, Key::CharlieStash];
				let operator = operators[dice.below(operators.len())];
				let (server, operator) = (machine.id, operator.to_account_id());
				let who = dice.usually(machine.provider);
				self.sign(who, ProvidersCall::set_operator { server, operator });
			},
			_ => {
				let free = Capacity::units_info(machine.id).expect("it is registered");
				let units = dice.some(Units(0xff)).without(free.committed);
				self.commit(machine, units, dice);
			},
		}
	}

	/// A report of a server for the present epoch or the one before, of part of what is bound.
	fn report(&mut self, machine: Machine, late: bool, dice: &mut Dice) {
		let info = Capacity::units_info(machine.id).expect("it is registered");
		let (proven, serving) = (dice.some(info.proving), dice.some(info.serving));
		let (epoch, root) = (self.epoch() - Epoch::from(late), [dice.byte(); 32]);
		let server = pallet_providers::Servers::<Runtime>::get(machine.id).expect("it is there");
		let operator = Key::from_account_id(&server.operator).expect("there are no others");
		let who = dice.usually(operator);
		self.sign(who, report_call(machine.id, epoch, root, proven, serving));
	}

	pub fn report_anything(&mut self, dice: &mut Dice) {
		let machine = self.any_machine(dice);
		let late = dice.rarely(2) && self.epoch() > 1;
		self.report(machine, late, dice);
	}

	/// Goes on to the next epoch, in which most servers do what they should.
	pub fn next_epoch(&mut self, dice: &mut Dice) {
		let first = chain::first_block(self.epoch() + 1);
		while System::block_number() < first {
			if System::block_number() + 3 == first {
				for machine in self.machines.clone() {
					self.sign(STRANGER, CapacityCall::settle_server { server: machine.id });
				}
			}
			self.next_block(false);
			self.check_quotes();
		}
		self.check_book();
		self.feed(dice);
		for machine in self.machines.clone() {
			let info = Capacity::units_info(machine.id).expect("it is registered");
			if !info.proving.or(info.serving).is_empty() && !dice.rarely(6) {
				self.report(machine, false, dice);
			}
			let free = Units::first(info.count).without(info.committed);
			if !free.is_empty() && !dice.rarely(3) {
				self.commit(machine, free, dice);
			}
		}
		self.look_after_deals(dice);
		for (deal, server, part) in running::parts() {
			let lacking = part.units.without(running::accepted(deal, server));
			if !lacking.is_empty() && !dice.rarely(4) {
				let operator = self.machine(server).provider;
				self.sign(operator, workers_call(deal, server, lacking));
			}
		}
	}

	pub fn set_workers(&mut self, dice: &mut Dice) {
		let Some((deal, server, part)) = dice.pick(&running::parts()) else { return };
		let who = dice.usually(self.machine(server).provider);
		let units = dice.some(part.units);
		self.sign(who, workers_call(deal, server, units));
	}

	/// What stakers do.
	pub fn play_stake(&mut self, dice: &mut Dice) {
		let mut all: Vec<CommitmentId> =
			pallet_capacity::Commitments::<Runtime>::iter_keys().collect();
		all.sort();
		let Some(commitment) = dice.pick(&all) else { return };
		let (record, _) = Capacity::commitment(commitment).expect("it is there");
		let provider = Key::from_account_id(&record.provider).expect("there are no others");
		let staker = if dice.rarely(2) { DELEGATOR } else { provider };
		match dice.below(8) {
			0 => self.cover(commitment, dice),
			1 => {
				for commitment in all {
					self.sign(staker, CapacityCall::withdraw_stake { commitment });
				}
			},
			2 | 3 => {
				self.sign(staker, CapacityCall::claim_rewards { commitment });
			},
			4 => {
				let asset = if dice.rarely(6) { PaymentAsset::Native } else { DOLLARS };
				for commitment in all {
					let asset = asset.clone();
					self.sign(DELEGATOR, CapacityCall::claim_income { commitment, asset });
				}
			},
			5 => {
				let commission = Perbill::from_percent(dice.within(0, 30));
				self.sign(provider, CapacityCall::set_commission { commitment, commission });
			},
			6 => {
				let epochs = dice.within(1, 10);
				self.sign(provider, CapacityCall::propose_extension { commitment, epochs });
				if dice.rarely(2) {
					self.sign(DELEGATOR, CapacityCall::accept_extension { commitment });
				}
			},
			_ => {
				let server = record.server;
				self.sign(STRANGER, CapacityCall::settle_server { server });
			},
		}
	}
}
