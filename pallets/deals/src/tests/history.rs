//! Random histories of all calls, held against a model that knows each unit in each epoch.

use super::{
	model::{check_end, id_of, mask, set, Market},
	*,
};
use crate::{Error, Renewals};
use frame_support::{assert_ok, weights::Weight};
use marketplace_primitives::{api::Renewal, Epoch, Units};
use marketplace_testkit::{developer, stranger, treasury};
use proptest::prelude::*;
use sp_runtime::Perbill;

/// What happens to a market. Deals and servers are picked among those that there are.
#[derive(Clone, Debug)]
enum Action {
	Post { units: u8, more: u8, price: u8, above: u8, term: u8, longest: u8 },
	Join { units: u8, below: u8, longest: u8 },
	Serve { server: u8, units: u8, late: bool },
	Contest { pick: u8, units: u8 },
	ContestAnything { server: u8, units: u8, back: u8 },
	Silence { server: u8, units: u8 },
	Missing { pick: u8, room: u8 },
	Fail { server: u8, units: u8 },
	SetWorkers { server: u8, unit: u8 },
	Settle { server: u8 },
	Extend { deal: u8, epochs: u8 },
	WithdrawSurplus { deal: u8, less: u8 },
	Terminate { deal: u8 },
	Release { server: u8, units: u8 },
	Enlarge { deal: u8, units: u8 },
	TopUp { deal: u8, amount: u8 },
	Replace { server: u8 },
	SetRenewal { deal: u8, epochs: u8, allowance: u16 },
	Renew { deal: u8 },
	Close { deal: u8 },
	Idle { room: u8 },
	SetFee { percent: u8 },
	Fund { server: u8, amount: u8 },
	Redeem { server: u8, amount: u8 },
	Reclaim { server: u8, developer: bool },
	Stage { deal: u8, byte: u8, step: u8 },
	Acknowledge { server: u8 },
	RollBack { deal: u8 },
	CloseAllocation { pick: u8 },
	Agree { server: u8, price: u8, provider: bool },
	NextEpoch,
}

fn action() -> impl Strategy<Value = Action> {
	use Action::*;
	let one = any::<u8>;
	prop_oneof![
		2 => (1u8..9, 0u8..5, 1u8..20, 0u8..9, 1u8..9, one()).prop_map(
			|(units, more, price, above, term, longest)| Post { units, more, price, above, term, longest }
		),
		3 => (1u8..5, 0u8..4, one()).prop_map(|(units, below, longest)| Join { units, below, longest }),
		6 => (one(), one(), any::<bool>()).prop_map(|(server, units, late)| Serve { server, units, late }),
		4 => (one(), one()).prop_map(|(pick, units)| Contest { pick, units }),
		1 => (one(), one(), 0u8..4).prop_map(
			|(server, units, back)| ContestAnything { server, units, back }
		),
		1 => (one(), one()).prop_map(|(server, units)| Silence { server, units }),
		2 => (one(), one()).prop_map(|(pick, room)| Missing { pick, room }),
		1 => (one(), one()).prop_map(|(server, units)| Fail { server, units }),
		2 => (one(), 0u8..9).prop_map(|(server, unit)| SetWorkers { server, unit }),
		2 => one().prop_map(|server| Settle { server }),
		1 => (one(), 0u8..6).prop_map(|(deal, epochs)| Extend { deal, epochs }),
		1 => (one(), 0u8..4).prop_map(|(deal, less)| WithdrawSurplus { deal, less }),
		1 => one().prop_map(|deal| Terminate { deal }),
		1 => (one(), one()).prop_map(|(server, units)| Release { server, units }),
		1 => (one(), 0u8..4).prop_map(|(deal, units)| Enlarge { deal, units }),
		1 => (one(), 0u8..99).prop_map(|(deal, amount)| TopUp { deal, amount }),
		2 => one().prop_map(|server| Replace { server }),
		1 => (one(), 0u8..4, any::<u16>()).prop_map(
			|(deal, epochs, allowance)| SetRenewal { deal, epochs, allowance }
		),
		2 => one().prop_map(|deal| Renew { deal }),
		1 => one().prop_map(|deal| Close { deal }),
		1 => one().prop_map(|room| Idle { room }),
		1 => (0u8..=20).prop_map(|percent| SetFee { percent }),
		2 => (one(), one()).prop_map(|(server, amount)| Fund { server, amount }),
		2 => (one(), one()).prop_map(|(server, amount)| Redeem { server, amount }),
		1 => (one(), any::<bool>()).prop_map(|(server, developer)| Reclaim { server, developer }),
		2 => (one(), 0u8..9, 0u8..=100).prop_map(|(deal, byte, step)| Stage { deal, byte, step }),
		4 => one().prop_map(|server| Acknowledge { server }),
		1 => one().prop_map(|deal| RollBack { deal }),
		4 => one().prop_map(|pick| CloseAllocation { pick }),
		2 => (one(), 0u8..30, any::<bool>()).prop_map(
			|(server, price, provider)| Agree { server, price, provider }
		),
		4 => Just(NextEpoch),
	]
}

impl Market {
	fn play(&mut self, action: Action) {
		match action {
			Action::Post { .. } => self.post(action),
			Action::Join { units, below, longest } => self.join(units, below, longest),
			Action::NextEpoch => {
				self.epoch += 1;
				MockUnits::set_epoch(self.epoch);
				// reports for the epoch before are taken until this one is over
				MockUnits::hold_final(Some(self.epoch - 1));
			},
			Action::Idle { room } => self.idle(room),
			Action::Contest { pick, units } => {
				if let Some((server, served, epoch)) = self.contestable(pick) {
					self.contest(server, served.and(Units(units.into())), epoch);
				}
			},
			Action::Missing { pick, room } => {
				self.report_missing(pick);
				self.idle(room);
			},
			Action::CloseAllocation { pick } => {
				if let Some(server) = self.vacant(pick) {
					self.close_allocation(server);
				}
			},
			Action::SetFee { percent } => {
				self.fee = Perbill::from_percent(percent.into());
				assert_ok!(Deals::set_protocol_fee(RuntimeOrigin::root(), self.fee));
				if percent % 4 == 1 {
					MockEscrow::refuse(treasury());
				}
			},
			Action::Serve { server, .. }
			| Action::ContestAnything { server, .. }
			| Action::Silence { server, .. }
			| Action::Fail { server, .. }
			| Action::SetWorkers { server, .. }
			| Action::Settle { server }
			| Action::Release { server, .. }
			| Action::Fund { server, .. }
			| Action::Redeem { server, .. }
			| Action::Reclaim { server, .. }
			| Action::Acknowledge { server }
			| Action::Agree { server, .. }
			| Action::Replace { server } => {
				if let Some(server) = self.server(server) {
					self.play_on_server(server, action);
				}
			},
			Action::Extend { deal, .. }
			| Action::WithdrawSurplus { deal, .. }
			| Action::Terminate { deal }
			| Action::Enlarge { deal, .. }
			| Action::TopUp { deal, .. }
			| Action::SetRenewal { deal, .. }
			| Action::Renew { deal }
			| Action::Stage { deal, .. }
			| Action::RollBack { deal }
			| Action::Close { deal } => {
				if let Some(deal) = self.deal(deal) {
					self.play_on_deal(deal, action);
				}
			},
		}
	}

	fn idle(&mut self, room: u8) {
		idle(Weight::from_parts(u64::from(room) * 4_000_000, u64::from(room) * 1_000));
		self.note_replaced();
		self.note_vacant();
	}

	fn post(&mut self, action: Action) {
		let Action::Post { units, more, price, above, term, longest } = action else { return };
		self.offers += 1;
		let (target, limit) = (u32::from(units + more), u128::from(price + above));
		post(self.offers, target, limit, term.into());
		self.deposited += u128::from(target) * limit * u128::from(term);
		let longest = Epoch::from(term) + Epoch::from(longest) / 8;
		self.fill(OfferId(self.offers), units, price.into(), longest);
	}

	fn join(&mut self, units: u8, below: u8, longest: u8) {
		let open = MockOffers::open();
		let index = usize::from(longest).checked_rem(open.len());
		let Some((offer, terms)) = index.map(|index| open[index].clone()) else { return };
		let price = terms.max_price.saturating_sub(below.into()).max(1);
		let wanted = u8::try_from(terms.units.target - terms.filled).unwrap_or(u8::MAX);
		self.fill(offer, units.min(wanted), price, Epoch::from(longest) + 1);
	}

	fn replace(&mut self, server: usize) {
		let (part, lost) = (&self.parts[server], self.missing(server));
		match Deals::replace(RuntimeOrigin::signed(stranger()), part.deal, id_of(server)) {
			Ok(_) => {
				assert!(!lost.is_empty());
				self.leave(server, &lost, self.epoch + 1);
			},
			// no limit is ever raised here
			Err(error) => assert_ne!(error.error, Error::<Test>::NotFunded.into()),
		}
	}

	fn play_on_server(&mut self, server: usize, action: Action) {
		let (id, now) = (id_of(server), self.epoch);
		let deal = self.parts[server].deal;
		let signed = RuntimeOrigin::signed;
		match action {
			Action::Serve { units, late, .. } => {
				self.serve(server, Units(units.into()), now - Epoch::from(late));
			},
			Action::ContestAnything { units, back, .. } => {
				self.contest(server, Units(units.into()), now.saturating_sub(back.into()));
			},
			Action::Silence { units, .. } => self.silence(server, Units(units.into())),
			Action::Fail { units, .. } if self.end(deal).is_some_and(|end| end > now) => {
				let part = &mut self.parts[server];
				let units = Units(units.into()).and(mask(&part.staying));
				MockUnits::fail(id, units);
				units.iter().for_each(|unit| {
					part.failed.entry(unit).or_insert(now);
				});
			},
			Action::SetWorkers { unit, .. } => self.set_worker(server, unit),
			Action::Settle { .. } => {
				let settled = Deals::settle(signed(stranger()), deal, id);
				if settled.is_ok() {
					self.parts[server].settle(self.fee, now);
				}
			},
			Action::Release { units, .. } => {
				let units = set(Units(units.into()).and(mask(&self.parts[server].staying)));
				let end = self.end(deal).unwrap_or(0);
				let who = signed(developer());
				if Deals::release_units(who, deal, id, mask(&units)).is_ok() {
					self.leave(server, &units, end.min(now + 1 + NoticeEpochs::get()));
				}
			},
			Action::Replace { .. } => self.replace(server),
			Action::Fund { amount, .. } => self.fund(server, amount.into()),
			Action::Redeem { amount, .. } => self.redeem(server, amount.into()),
			Action::Reclaim { developer: true, .. } => self.reclaim(server, developer()),
			Action::Reclaim { .. } => self.reclaim(server, stranger()),
			Action::Acknowledge { .. } => self.acknowledge(server),
			Action::Agree { price, provider, .. } => self.agree(server, price.into(), provider),
			_ => {},
		}
	}

	fn withdraw_surplus(&mut self, deal: DealId, less: u8) {
		let before = record(deal);
		let limit = before.max_price.saturating_sub(less.into());
		let who = RuntimeOrigin::signed(developer());
		let withdrawn = Deals::withdraw_surplus(who, deal, limit);
		if withdrawn.is_ok() {
			let ahead = before.end.saturating_sub(self.epoch + 1);
			let is_over = before.terminated || self.is_full(deal);
			let ahead = if is_over { 0 } else { ahead };
			assert_eq!(held(deal), self.needed(deal, limit, ahead));
		}
	}

	fn renew(&mut self, deal: DealId, end: Epoch) {
		let epochs = Renewals::<Test>::get(deal).map_or(0, |renewal| renewal.epochs);
		let cost = self.cost(deal, epochs.into());
		let renewed = Deals::renew(RuntimeOrigin::signed(stranger()), deal);
		let after = self.end(deal).unwrap();
		if renewed.is_ok() && after > end {
			assert_eq!(after, end + epochs);
			self.extended(deal, end, after, cost);
		}
	}

	fn play_on_deal(&mut self, deal: DealId, action: Action) {
		let Some(end) = self.end(deal) else { return };
		let now = self.epoch;
		let (anyone, dev) = (RuntimeOrigin::signed(stranger()), RuntimeOrigin::signed(developer()));
		match action {
			Action::Extend { epochs, .. } => {
				let cost = self.cost(deal, epochs.into());
				if Deals::extend_deal(anyone, deal, epochs.into(), cost).is_ok() {
					self.extended(deal, end, end + Epoch::from(epochs), cost);
				}
			},
			Action::Renew { .. } => self.renew(deal, end),
			Action::Stage { byte, step, .. } => self.stage(deal, byte, step),
			Action::RollBack { .. } => self.roll_back(deal),
			Action::WithdrawSurplus { less, .. } => self.withdraw_surplus(deal, less),
			Action::Terminate { .. } => {
				let terminated = Deals::terminate(dev, deal);
				if terminated.is_ok() {
					let end = end.min(now + 1 + NoticeEpochs::get());
					self.parts_of(deal).for_each(|part| part.funded.retain(|cell| cell.1 < end));
				}
			},
			Action::Enlarge { units, .. } => {
				let limit = record(deal).max_price;
				if Deals::enlarge(dev, deal, units.into()).is_ok() {
					assert!(!self.is_full(deal));
					self.deposited += u128::from(units) * limit * u128::from(end - now - 1);
				}
			},
			Action::TopUp { amount, .. } => self.top_up(deal, amount.into()),
			Action::SetRenewal { epochs, allowance, .. } => {
				let renewal =
					Some(Renewal { epochs: epochs.into(), allowance: (allowance % 1_000).into() });
				let _ = Deals::set_renewal(dev, deal, renewal);
			},
			Action::Close { .. } => {
				let _ = Deals::close_deal(anyone, deal);
			},
			_ => {},
		}
	}
}

/// What happens to deals that servers give up, and that go on with others.
fn parting() -> impl Strategy<Value = Action> {
	use Action::*;
	let one = any::<u8>;
	prop_oneof![
		2 => (1u8..4, 0u8..5, 1u8..20, 0u8..9, 8u8..30).prop_map(
			|(units, more, price, above, term)| Post { units, more, price, above, term, longest: 99 }
		),
		4 => (1u8..4, 0u8..4, 99u8..).prop_map(|(units, below, longest)| Join { units, below, longest }),
		6 => (one(), one(), any::<bool>()).prop_map(|(server, units, late)| Serve { server, units, late }),
		2 => (one(), one()).prop_map(|(pick, units)| Contest { pick, units }),
		1 => one().prop_map(|server| Fail { server, units: u8::MAX }),
		3 => one().prop_map(|server| Release { server, units: u8::MAX }),
		2 => one().prop_map(|server| Replace { server }),
		2 => (one(), one()).prop_map(|(pick, room)| Missing { pick, room }),
		2 => (one(), one()).prop_map(|(server, amount)| Fund { server, amount }),
		1 => (one(), one()).prop_map(|(server, amount)| Redeem { server, amount }),
		1 => one().prop_map(|server| Reclaim { server, developer: true }),
		8 => one().prop_map(|pick| CloseAllocation { pick }),
		4 => Just(NextEpoch),
		4 => action(),
	]
}

/// Plays a history to its end, and holds each step of it against the model.
fn play_all(actions: Vec<Action>, most_servers: u32) {
	MaxServers::set(most_servers);
	execute(|| {
		let mut market = Market { epoch: 1, ..Default::default() };
		MockUnits::set_epoch(1);
		for action in actions {
			market.play(action);
			market.check();
		}
		MockUnits::hold_final(None);
		market.epoch = 10_000;
		MockUnits::set_epoch(10_000);
		idle(Weight::MAX);
		check_end(&mut market);
	});
	MaxServers::set(8);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(256))]

	#[test]
	fn every_unit_is_paid_for_each_epoch_that_it_served(
		actions in prop::collection::vec(action(), 1..120),
		most_servers in 1u32..9,
	) {
		play_all(actions, most_servers);
	}

	#[test]
	fn deals_go_on_without_servers_that_gave_their_units_up(
		actions in prop::collection::vec(parting(), 1..120),
		most_servers in 2u32..9,
	) {
		play_all(actions, most_servers);
	}
}
