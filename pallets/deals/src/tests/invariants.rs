use super::*;
use crate::{Allocations, Deals as DealRecords, Ending, Spreads, Workers};
use frame_support::weights::Weight;
use marketplace_primitives::{math, EscrowId, OfferId};
use marketplace_testkit::{
	account, operator, stranger, MockEscrow, MockIncome, MockOffers, MockPrice,
};
use proptest::prelude::*;
use sp_runtime::Perbill;

/// What happens to a market.
#[derive(Clone, Debug)]
enum Action {
	Post { units: u8, price: u8, term: u8 },
	Join { offer: u8, units: u8 },
	Serve { server: u8, units: u8 },
	Settle { server: u8 },
	Lose { server: u8 },
	Compensate { server: u8 },
	SetWorkers { server: u8, unit: u8 },
	Close { deal: u8 },
	Idle { room: u8 },
	NextEpoch,
}

fn action() -> impl Strategy<Value = Action> {
	prop_oneof![
		(1u8..9, 1u8..20, 1u8..6).prop_map(|(units, price, term)| Action::Post {
			units,
			price,
			term
		}),
		(any::<u8>(), 1u8..9).prop_map(|(offer, units)| Action::Join { offer, units }),
		(any::<u8>(), 0u8..9).prop_map(|(server, units)| Action::Serve { server, units }),
		any::<u8>().prop_map(|server| Action::Settle { server }),
		any::<u8>().prop_map(|server| Action::Lose { server }),
		any::<u8>().prop_map(|server| Action::Compensate { server }),
		(any::<u8>(), 0u8..9).prop_map(|(server, unit)| Action::SetWorkers { server, unit }),
		any::<u8>().prop_map(|deal| Action::Close { deal }),
		any::<u8>().prop_map(|room| Action::Idle { room }),
		Just(Action::NextEpoch),
	]
}

/// Plays actions; servers are numbered as they come, each with the deal that it joined.
#[derive(Default)]
struct Market {
	epoch: u32,
	offers: u64,
	deposited: u128,
	servers: Vec<DealId>,
}

impl Market {
	fn fill(&mut self, offer: u64, units: u8, price: u128) {
		let server = u32::try_from(self.servers.len()).unwrap();
		let owner = if server % 2 == 0 { provider() } else { other_provider() };
		if let Ok(deal) = fill(offer, &[fill_of(server, owner, units, price)]) {
			for commitment in 0..u8::try_from(server % 5).unwrap() {
				MockIncome::share(ServerId(server), deal, commitment, Perbill::from_percent(25));
			}
			self.servers.push(deal);
		}
	}

	fn pick(&self, server: u8) -> Option<(ServerId, DealId)> {
		let index = usize::from(server).checked_rem(self.servers.len())?;
		Some((ServerId(u32::try_from(index).unwrap()), self.servers[index]))
	}

	fn play(&mut self, action: Action) {
		let who = || RuntimeOrigin::signed(stranger());
		match action {
			Action::Post { units, price, term } => {
				self.offers += 1;
				// wanted: a unit more than there is, so that the offer stays open
				post(self.offers, u32::from(units) + 9, u128::from(price) + 3, term.into());
				self.deposited +=
					(u128::from(units) + 9) * (u128::from(price) + 3) * u128::from(term);
				self.fill(self.offers, units, price.into());
			},
			Action::Join { offer, units } => {
				let offer = u64::from(offer).checked_rem(self.offers).map_or(0, |rest| rest + 1);
				if MockOffers::open().iter().any(|(id, _)| *id == OfferId(offer)) {
					self.fill(offer, units, 1);
				}
			},
			Action::Serve { server, units } => {
				let Some((server, deal)) = self.pick(server) else { return };
				let open = DealRecords::<Test>::get(deal).is_some_and(|deal| deal.end > self.epoch);
				if open {
					let most = Allocations::<Test>::get(deal, server).unwrap().units.count();
					MockUnits::serve(server, deal, u64::from(u32::from(units).min(most)));
				}
			},
			Action::Settle { server } => {
				if let Some((server, deal)) = self.pick(server) {
					let _ = Deals::settle(who(), deal, server);
				}
			},
			Action::Lose { server } => {
				if let Some((server, deal)) = self.pick(server) {
					MockIncome::lose(server, deal, 3);
					MockIncome::set_own_stake(server, 50);
				}
			},
			Action::Compensate { server } => {
				if let Some((server, deal)) = self.pick(server) {
					let _ = Deals::compensate(who(), deal, server);
				}
			},
			Action::SetWorkers { server, unit } => {
				if let Some((server, deal)) = self.pick(server) {
					let who = RuntimeOrigin::signed(operator());
					let _ = Deals::set_workers(who, deal, server, workers(&[unit], 1));
				}
			},
			Action::Close { deal } => {
				let _ = Deals::close_deal(who(), DealId(u64::from(deal) % (self.offers + 1)));
			},
			Action::Idle { room } => {
				idle(Weight::from_parts(u64::from(room) * 4_000_000, u64::from(room) * 1_000));
			},
			Action::NextEpoch => {
				self.epoch += 1;
				MockUnits::set_epoch(self.epoch);
			},
		}
	}
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(128))]

	#[test]
	fn invariants_hold_whatever_happens(actions in prop::collection::vec(action(), 1..60)) {
		execute(|| {
			let mut market = Market { epoch: 1, ..Default::default() };
			MockUnits::set_epoch(1);
			MockPrice::set_rate(ASSET, Some(2));
			for action in actions {
				market.play(action);
				assert_eq!(Deals::do_try_state(), Ok(()));
				assert_eq!(MockEscrow::total(), market.deposited);
			}
			// in the end everything closes, and nothing is left
			MockUnits::set_epoch(1_000);
			idle(Weight::MAX);
			assert_eq!(DealRecords::<Test>::iter_keys().count(), 0);
			assert_eq!(Allocations::<Test>::iter_keys().count(), 0);
			assert_eq!(Workers::<Test>::iter_keys().count(), 0);
			assert_eq!(Spreads::<Test>::iter_keys().count(), 0);
			assert_eq!(Ending::<Test>::iter_keys().count(), 0);
			assert_eq!(MockEscrow::total(), market.deposited);
			for commitment in 0..4 {
				let paid = MockEscrow::paid_to(&MockIncome::account(commitment));
				assert_eq!(MockIncome::noted(commitment, &ASSET), paid);
			}
		});
	}

	#[test]
	fn many_settlements_pay_what_one_pays(
		units in 1u8..=64,
		price in 0u128..1 << 90,
		served in prop::collection::vec(0u64..100_000, 1..20),
	) {
		let paid = |each: bool| {
			let mut paid = 0;
			execute(|| {
				let term = 1_000;
				post(1, units.into(), price + 1, term);
				let id = fill(1, &[fill_of(10, account(50), units, price)]).unwrap();
				for more in &served {
					MockUnits::serve(FIRST, id, *more);
					if each {
						Deals::settle(RuntimeOrigin::signed(stranger()), id, FIRST).unwrap();
					}
				}
				contested_until(term + 2);
				Deals::close_deal(RuntimeOrigin::signed(stranger()), id).unwrap();
				paid = MockEscrow::paid_to(&account(50));
				let record = MockEscrow::record(EscrowId::Deal(id)).unwrap();
				let escrow = math::cost(units.into(), price + 1, term).unwrap();
				assert_eq!(record.refunded + paid, escrow);
			});
			paid
		};
		let funded = u64::from(units) * 1_000;
		let earned = served.iter().sum::<u64>().min(funded);
		prop_assert_eq!(paid(true), price * u128::from(earned));
		prop_assert_eq!(paid(false), price * u128::from(earned));
	}
}
