//! What is done with deals.

use crate::*;
use marketplace_primitives::{
	api::Renewal, voucher_message, DealId, GatewayKey, GatewaySignature, Voucher,
};
use pallet_deals::{Allocation, Call, DealOf, Side};
use sp_runtime::Percent;

type Part = (DealId, ServerId, Allocation<AccountId>);

/// What servers have in deals.
pub fn parts() -> Vec<Part> {
	let mut parts: Vec<_> = pallet_deals::Allocations::<Runtime>::iter().collect();
	parts.sort_by_key(|(deal, server, _)| (*deal, *server));
	parts
}

/// The units of a server in a deal that have workers.
pub fn accepted(deal: DealId, server: ServerId) -> Units {
	let workers = pallet_deals::Workers::<Runtime>::get(deal, server);
	workers.iter().fold(Units::NONE, |units, (unit, _)| units.or(Units::one(*unit)))
}

fn any_deal(dice: &mut Dice) -> Option<(DealId, DealOf<Runtime>, Key)> {
	let mut deals: Vec<_> = pallet_deals::Deals::<Runtime>::iter().collect();
	deals.sort_by_key(|(id, _)| *id);
	let (id, deal) = dice.pick(&deals)?;
	let developer = key_of(&deal.developer);
	Some((id, deal, developer))
}

fn any_part(dice: &mut Dice) -> Option<(Part, Key)> {
	let part = dice.pick(&parts())?;
	let deal = pallet_deals::Deals::<Runtime>::get(part.0).expect("it has a part");
	Some((part, key_of(&deal.developer)))
}

fn key_of(who: &AccountId) -> Key {
	Key::from_account_id(who).expect("nobody else trades")
}

impl Market {
	/// A change of a deal or of a part of it.
	pub fn play_deal(&mut self, dice: &mut Dice) {
		if dice.rarely(2) {
			return self.play_part(dice);
		}
		let Some((deal, record, developer)) = any_deal(dice) else { return };
		let (who, now) = (dice.usually(developer), self.epoch());
		match dice.below(13) {
			12 => {
				let (payer, amount) = (dice.usually(developer), dice.price());
				self.sign(payer, Call::top_up { deal, amount });
			},
			0 | 1 => {
				let payer = dice.usually(developer);
				let (epochs, most) = (dice.within(1, 4), u128::MAX);
				self.sign(payer, Call::extend_deal { deal, epochs, most });
			},
			2 | 3 => {
				let units = dice.within(1, 4);
				self.sign(who, Call::enlarge { deal, units });
			},
			4 => {
				let limit = dice.price().min(record.max_price);
				self.sign(who, Call::withdraw_surplus { deal, limit });
			},
			5 | 6 => {
				let (epochs, allowance) = (dice.within(1, 3), u128::from(dice.byte()) * 500_000);
				let renewal = (!dice.rarely(6)).then_some(Renewal { epochs, allowance });
				self.sign(who, Call::set_renewal { deal, renewal });
			},
			7 | 8 => {
				let renewing = pallet_deals::Renewals::<Runtime>::iter_keys().collect::<Vec<_>>();
				let deal = dice.pick(&renewing).unwrap_or(deal);
				self.sign(STRANGER, Call::renew { deal });
			},
			9 if record.end > now + 2 => {
				self.sign(who, Call::terminate { deal });
			},
			_ => {
				self.sign(STRANGER, Call::close_deal { deal });
			},
		}
	}

	/// A change of what one server has in a deal, or a payment for it.
	fn play_part(&mut self, dice: &mut Dice) {
		let Some(((deal, server, part), developer)) = any_part(dice) else { return };
		let provider = self.machine(server).provider;
		match dice.below(9) {
			0..=2 => {
				self.sign(STRANGER, Call::settle { deal, server });
			},
			8 => self.close_part(dice),
			3 => {
				let units = part.units.take(dice.within(1, 3));
				let who = dice.usually(developer);
				self.sign(who, Call::release_units { deal, server, units });
			},
			4 | 5 => {
				let side = [developer, provider][dice.below(2)];
				let proposer = dice.usually(side);
				let price = (!dice.rarely(8)).then(|| dice.price());
				self.sign(proposer, Call::propose_price { deal, server, price });
			},
			_ => self.accept_price(dice),
		}
	}

	/// Closes a part, of those without units if there are any.
	fn close_part(&mut self, dice: &mut Dice) {
		let (left, others): (Vec<_>, Vec<_>) =
			parts().into_iter().partition(|(.., part)| part.units.is_empty());
		let all = if left.is_empty() { others } else { left };
		let Some((deal, server, _)) = dice.pick(&all) else { return };
		self.sign(STRANGER, Call::close_allocation { deal, server });
	}

	fn accept_price(&mut self, dice: &mut Dice) {
		let mut all: Vec<_> = pallet_deals::Proposals::<Runtime>::iter().collect();
		all.sort_by_key(|(deal, server, _)| (*deal, *server));
		let Some((deal, server, proposal)) = dice.pick(&all) else { return };
		let record = pallet_deals::Deals::<Runtime>::get(deal).expect("it has a proposal");
		let other = match proposal.side {
			Side::Developer => self.machine(server).provider,
			Side::Provider => key_of(&record.developer),
		};
		let (who, price, most) = (dice.usually(other), proposal.price, u128::MAX);
		self.sign(who, Call::accept_price { deal, server, price, most });
	}

	/// What anybody may do for deals with a new epoch, before the chain itself does it.
	pub fn look_after_deals(&mut self, dice: &mut Dice) {
		let (closes, compensates, makes_room) = (dice.rarely(4), dice.rarely(4), dice.rarely(4));
		let now = self.epoch();
		for deal in pallet_deals::Deals::<Runtime>::iter_keys().collect::<Vec<_>>() {
			let ended = pallet_deals::Deals::<Runtime>::get(deal).is_some_and(|it| it.end < now);
			if closes && ended {
				self.sign(STRANGER, Call::close_deal { deal });
			}
		}
		for (deal, server, _) in parts() {
			if compensates && pallet_deals::Pallet::<Runtime>::lost(deal, server) > 0 {
				self.sign(STRANGER, Call::compensate { deal, server });
			}
		}
		for (deal, server, part) in parts() {
			if makes_room && part.units.is_empty() {
				self.sign(STRANGER, Call::close_allocation { deal, server });
			}
		}
	}

	/// Contests, and what is lost.
	pub fn play_loss(&mut self, dice: &mut Dice) {
		let Some(((deal, server, part), developer)) = any_part(dice) else { return };
		match dice.below(6) {
			0..=2 => {
				let (units, epoch) = self.contestable(deal, server, dice);
				let all = if dice.rarely(4) { part.units } else { units };
				let units = dice.some(all);
				let side = [developer, GATEWAY][dice.below(5) / 4];
				let who = dice.usually(side);
				self.sign(who, Call::contest { deal, server, units, epoch });
			},
			3 | 4 => {
				for (deal, server, _) in parts() {
					if self.sign(STRANGER, Call::replace { deal, server }) {
						break;
					}
				}
			},
			_ => {
				for (deal, server, _) in parts() {
					if self.sign(STRANGER, Call::compensate { deal, server }) {
						break;
					}
				}
			},
		}
	}

	/// Units that were reported to serve in one of the last epochs.
	fn contestable(&self, deal: DealId, server: ServerId, dice: &mut Dice) -> (Units, Epoch) {
		let back = dice.within(0, 2);
		let record = pallet_capacity::Servers::<Runtime>::get(server).expect("it is there");
		let mut of_deal = record.reservations.iter().filter(|held| held.deal == deal);
		let counted = of_deal.next().map_or(Units::NONE, |held| held.counted[back as usize]);
		(counted, record.epoch - back)
	}

	/// Vouchers, and the money for them.
	pub fn play_requests(&mut self, dice: &mut Dice) {
		let Some(((deal, server, _), developer)) = any_part(dice) else { return };
		let who = dice.usually(developer);
		let funded: Vec<_> = {
			let mut keys: Vec<_> = pallet_deals::Budgets::<Runtime>::iter_keys().collect();
			keys.sort();
			keys
		};
		match dice.below(8) {
			0 | 1 => {
				let key = (!dice.rarely(6)).then(|| GatewayKey::Sr25519(GATEWAY.public()));
				self.sign(who, Call::set_gateway { deal, key });
			},
			2 | 3 => {
				let amount = u128::from(dice.byte()) * 20_000;
				if pallet_deals::Requests::<Runtime>::get(deal).key.is_none() {
					let key = Some(GatewayKey::Sr25519(GATEWAY.public()));
					self.sign(developer, Call::set_gateway { deal, key });
				}
				self.sign(who, Call::fund_requests { deal, server, amount });
			},
			4..=6 => {
				let (deal, server) = dice.pick(&funded).unwrap_or((deal, server));
				self.redeem(deal, server, dice);
			},
			_ => {
				let (deal, server) = dice.pick(&funded).unwrap_or((deal, server));
				self.sign(who, Call::reclaim_requests { deal, server });
			},
		}
	}

	fn redeem(&mut self, deal: DealId, server: ServerId, dice: &mut Dice) {
		self.vouchers += u128::from(dice.byte()) * 5_000;
		let version = pallet_deals::Requests::<Runtime>::get(deal).version;
		let expiry = self.epoch() + dice.within(0, 3);
		let voucher = Voucher { version, amount: self.vouchers, expiry };
		let message = voucher_message(&System::block_hash(0).0, deal, server, &voucher);
		let signature = GatewaySignature::Sr25519(GATEWAY.sign(&message));
		self.sign(STRANGER, Call::redeem { deal, server, voucher, signature });
	}

	/// Other applications.
	pub fn play_rollout(&mut self, dice: &mut Dice) {
		let staged: Vec<_> = pallet_deals::Rollouts::<Runtime>::iter().collect();
		let Some((deal, rollout)) = dice.pick(&staged).filter(|_| !dice.rarely(4)) else {
			let Some((deal, _, developer)) = any_deal(dice) else { return };
			let app_cid = vec![1 + dice.byte() / 2; 8].try_into().expect("it is short");
			let step = Percent::from_percent(dice.byte() % 101);
			let (plan_hash, who) = ([dice.byte(); 32], dice.usually(developer));
			self.sign(who, Call::stage_application { deal, app_cid, plan_hash, step });
			return;
		};
		if dice.rarely(5) {
			let record = pallet_deals::Deals::<Runtime>::get(deal).expect("it has a rollout");
			let who = dice.usually(key_of(&record.developer));
			self.sign(who, Call::roll_back { deal });
			return;
		}
		let version = rollout.version;
		for (_, server, _) in parts().into_iter().filter(|part| part.0 == deal) {
			let who = dice.usually(self.machine(server).provider);
			self.sign(who, Call::acknowledge { deal, server, version });
		}
	}
}
