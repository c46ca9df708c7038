//! Servers whose units left a deal: their part of it is closed, which makes room in their records, and the deal goes on.

use crate::*;
use marketplace_primitives::{GatewayKey, Placement, ServerId};
use marketplace_scenarios::{actors::OTHER_DEVELOPER, proving::report_call};

/// As many deals as a server's record has room for, and as many units as a server has.
const MOST: u8 = 64;
const ALL: Units = Units(u64::MAX);

fn close(server: ServerId) -> Call<Runtime> {
	Call::close_allocation { deal: DEAL, server }
}

/// The units of a server that are for sale.
fn for_sale(machine: Machine) -> Units {
	Capacity::units_info(machine.id).expect("it is registered").available
}

impl Story {
	/// Goes on to `epoch`, in which South serves with one unit; what was proven before is answered for.
	fn south_serves(&mut self, epoch: u32) {
		chain::run_to_block(chain::first_block(epoch));
		report_serving(self.south, epoch, FIRST);
		self.answer();
	}
}

#[test]
fn deal_whose_only_part_is_closed_goes_on_with_what_its_offer_finds() {
	play(|| {
		let mut story = Story::accepted(FIRST, 12);
		let (north, south) = (story.north.id, story.south.id);
		story.serve(3, FIRST);
		story.serve(4, FIRST);
		act(DEVELOPER, Call::contest { deal: DEAL, server: north, units: FIRST, epoch: 4 });
		story.contested(1);

		// Nobody else sells a unit. With epoch 7 nothing that North did can be contested any more.
		chain::run_to_epoch(6);
		assert_eq!(client::parts(DEAL), [(north, Units::NONE, CHEAP)]);
		refused(signed(STRANGER), close(north), Refused::ContestOpen);
		chain::run_to_epoch(7);
		story.proofs.push(Proofs::work(story.north, FIRST).report());
		chain::let_idle();
		story.paid(NORTH, CHEAP);
		story.check();
		let deal = client::deal(DEAL);
		assert_eq!((deal.allocations, deal.wanted, deal.end), (vec![], 1, 15));

		// North's unit is for sale again, but the deal had it.
		assert_eq!(for_sale(story.north), FIRST);
		story.let_south_prove(FIRST);
		chain::let_idle();
		assert_eq!(client::parts(DEAL), [(south, FIRST, FAIR)]);
		// The offer has waited since epoch 4: it held the price of three epochs more than South can serve.
		story.release(3 * LIMIT);
		act(SOUTH, workers_call(DEAL, south, FIRST));
		for epoch in 8..=14 {
			story.south_serves(epoch);
		}
		story.end(15, &[(SOUTH, 7 * FAIR)]);
	});
}

#[test]
fn part_of_a_server_that_reports_no_more_is_closed_by_anybody() {
	play(|| {
		let mut story = Story::accepted(FIRST, 12);
		let (north, south) = (story.north.id, story.south.id);
		let key = Some(GatewayKey::Sr25519(Key::EveStash.public()));
		act(DEVELOPER, Call::set_gateway { deal: DEAL, key });
		act(DEVELOPER, Call::fund_requests { deal: DEAL, server: north, amount: USDC });
		story.hold(USDC);
		story.serve(3, FIRST);

		// It is silent in epochs 4 and 5.
		chain::run_to_epoch(6);
		story.let_south_prove(FIRST);
		chain::run_to_block(Capacity::parameters().reports_close(5));
		act(STRANGER, Call::replace { deal: DEAL, server: north });
		story.fined();
		refused(signed(STRANGER), close(north), Refused::UnitsHeld);
		chain::let_idle();
		assert_eq!(client::parts(DEAL), [(north, Units::NONE, CHEAP), (south, FIRST, FAIR)]);
		act(SOUTH, workers_call(DEAL, south, FIRST));

		// The first call only begins to take the budget back.
		story.south_serves(7);
		act(STRANGER, close(north));
		for epoch in 8..=9 {
			story.south_serves(epoch);
			refused(signed(STRANGER), close(north), Refused::BudgetOpen);
		}
		story.south_serves(10);
		act(STRANGER, close(north));
		story.paid(NORTH, CHEAP);
		story.release(USDC);
		assert_eq!(client::parts(DEAL), [(south, FIRST, FAIR)]);
		refused(signed(STRANGER), close(north), Refused::UnknownAllocation);
		for epoch in 11..=14 {
			story.south_serves(epoch);
		}
		story.end(15, &[(SOUTH, 8 * FAIR)]);
	});
}

/// Randomness never comes in time, so that no proof is asked for.
fn trusting(parameters: &mut MarketParameters) {
	parameters.draw_delay = 1;
	forgiving(parameters);
}

/// As many deals as a record has room for.
fn deals() -> impl Iterator<Item = DealId> {
	(0..u64::from(MOST)).map(DealId)
}

/// All units of a server are said to be proven.
fn claim_proofs(machine: Machine) {
	let epoch = Capacity::epoch_info().epoch;
	act(machine.operator, report_call(machine.id, epoch, [1; 32], ALL, Units::NONE));
}

/// How many deals are in the record of a server.
fn places(machine: Machine) -> usize {
	let record = pallet_capacity::Servers::<Runtime>::get(machine.id);
	record.expect("it is registered").reservations.len()
}

impl Story {
	/// Epoch 2: North and South have a unit each in as many deals as a record has room for, which serve from epoch 3
	/// to 10; all of North's are released, and leave with epoch 5.
	fn crowded() -> Self {
		let [north, south] = [(NORTH, 1, CHEAP), (SOUTH, 2, FAIR)].map(|(who, seed, price)| {
			let machine = register(settle_down(who), who, who, seed, MOST);
			commit(machine, ALL, 30, Perbill::zero(), Balance::from(MOST) * 100 * FLT, DELEGATOR);
			ask(machine, ALL, price);
			machine
		});
		chain::run_to_epoch(2);
		[north, south].into_iter().for_each(claim_proofs);
		let stakes = [0u64, 1].map(|id| Capacity::stake_account(CommitmentId(id)));
		let mut story = Self { ledger: Ledger::now(&stakes), north, south, proofs: Vec::new() };
		for deal in deals() {
			let placement = Placement { max_per_server: Some(1), ..Default::default() };
			Wanted { placement, ..Wanted::new(2, LIMIT, 8) }.post(DEVELOPER);
			story.hold(2 * 8 * LIMIT);
			for (server, unit, price) in client::parts(deal) {
				let of_north = server == north.id;
				let (provider, expected) = if of_north { (NORTH, CHEAP) } else { (SOUTH, FAIR) };
				assert_eq!((unit.count(), price), (1, expected));
				act(provider, workers_call(deal, server, unit));
			}
			let (server, units, _) = client::parts(deal)[0];
			act(DEVELOPER, Call::release_units { deal, server, units });
		}
		story
	}
}

#[test]
fn full_record_sells_again_once_its_parts_without_units_are_closed() {
	chain::cheap_with(trusting).execute_with(|| {
		let mut story = Story::crowded();
		let (north, south) = (story.north, story.south);
		for epoch in [3, 4] {
			story.serve(epoch, ALL);
			report_serving(south, epoch, ALL);
		}

		// All units of North are idle and proven, and there is no room for a deal.
		for epoch in [5, 6] {
			chain::run_to_epoch(epoch);
			report_serving(south, epoch, ALL);
			claim_proofs(north);
			assert_eq!((places(north), for_sale(north)), (64, Units::NONE));
			if epoch == 5 {
				let wanted = Wanted::new(2, CHEAP, 2);
				assert_eq!(client::post_as_quoted(OTHER_DEVELOPER, wanted), None);
				story.ledger.hold(&account(OTHER_DEVELOPER), Coin::Usdc, 2 * 2 * CHEAP);
			}
			story.check();
		}

		// With epoch 7 nothing of that can be contested any more: the next report shows it.
		chain::run_to_epoch(7);
		report_serving(south, 7, ALL);
		chain::let_idle();
		assert_eq!(places(north), 64);
		claim_proofs(north);
		events();
		chain::let_idle();
		let closed = |event: &Event<Runtime>| matches!(event, Event::AllocationClosed { .. });
		assert_eq!(events().iter().filter(|event| closed(event)).count(), 64);
		story.paid(NORTH, 64 * 2 * CHEAP);
		story.check();
		for deal in deals() {
			assert!(matches!(client::parts(deal)[..], [(server, _, FAIR)] if server == south.id));
		}

		// The offer that waited has its units.
		let next = DealId(MOST.into());
		assert_eq!(places(north), 1);
		assert_eq!(client::parts(next), [(north.id, BOTH, CHEAP)]);
		act(NORTH, workers_call(next, north.id, BOTH));
		for epoch in [8, 9, 10] {
			chain::run_to_epoch(epoch);
			report_serving(south, epoch, ALL);
			if epoch < 10 {
				report_serving(north, epoch, BOTH);
			}
		}
		let (payer, provider) = (account(OTHER_DEVELOPER), account(NORTH));
		story.ledger.pay(&payer, &provider, Coin::Usdc, 2 * 2 * CHEAP);
		story.end(11, &[(SOUTH, 64 * 8 * FAIR)]);
	});
}
