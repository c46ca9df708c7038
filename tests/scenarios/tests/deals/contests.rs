//! Service that is claimed and not given: it is contested, or missed, and the unit is replaced.

use crate::*;
use marketplace_primitives::GatewayKey;
use marketplace_runtime::configs::TreasuryAccount;

/// Signs for the developer.
const GATEWAY: Key = Key::EveStash;

fn contest(server: u32, units: Units, epoch: u32) -> Call<Runtime> {
	Call::contest { deal: DEAL, server: server.into(), units, epoch }
}

impl Story {
	/// The developer contested so many unit-epochs of North's: the treasury has their price.
	pub fn contested(&mut self, unit_epochs: Balance) {
		let (from, to) = (account(DEVELOPER), TreasuryAccount::get());
		self.ledger.pay(&from, &to, Coin::Usdc, unit_epochs * CHEAP);
		self.check();
	}
}

#[test]
fn contested_unit_is_paid_to_nobody_and_replaced() {
	play(|| {
		let mut story = Story::accepted(BOTH, 8);
		let (north, south) = (story.north.id, story.south.id);
		story.serve(3, BOTH);
		story.serve(4, BOTH);
		story.let_south_prove(FIRST);
		let call = contest(north.0, SECOND, 3);
		for who in [NORTH, STRANGER] {
			refused(signed(who), call.clone(), Refused::NotContestant);
		}
		// It served none in epoch 2, and epoch 5 has not begun.
		for epoch in [0, 2, 5, u32::MAX] {
			let refusal =
				marketplace_scenarios::actors::submit(DEVELOPER, contest(north.0, SECOND, epoch));
			assert!(refusal.is_err(), "epoch {epoch}");
		}
		act(DEVELOPER, call.clone());
		story.contested(1);
		assert!(marketplace_scenarios::actors::submit(DEVELOPER, call).is_err(), "once");
		chain::let_idle();
		assert_eq!(client::parts(DEAL), [(north, FIRST, CHEAP), (south, FIRST, FAIR)]);
		act(SOUTH, workers_call(DEAL, south, FIRST));

		for epoch in 5..=10 {
			story.serve(epoch, FIRST);
			report_serving(story.south, epoch, FIRST);
		}
		// One of two in epoch 3, two in epoch 4, one in each of six.
		story.end(11, &[(NORTH, 9 * CHEAP), (SOUTH, 6 * FAIR)]);
	});
}

#[test]
fn gateway_contests_even_after_the_end_but_not_too_late() {
	play(|| {
		let mut story = Story::accepted(BOTH, 2);
		let north = story.north.id;
		let key = Some(GatewayKey::Sr25519(GATEWAY.public()));
		act(DEVELOPER, Call::set_gateway { deal: DEAL, key });
		story.serve(3, BOTH);
		story.serve(4, BOTH);
		chain::run_to_epoch(5);
		act(GATEWAY, contest(north.0, FIRST, 4));
		story.contested(1);
		chain::run_to_epoch(6);
		// Two whole epochs came after epoch 3.
		assert!(marketplace_scenarios::actors::submit(GATEWAY, contest(north.0, FIRST, 3)).is_err());
		act(DEVELOPER, contest(north.0, SECOND, 4));
		story.contested(1);
		story.settle(story.north, 2, CHEAP);
		story.end(5, &[]);
	});
}

#[test]
fn silent_unit_is_replaced_without_anybodys_call() {
	play(|| {
		let mut story = Story::accepted(BOTH, 10);
		let (north, south) = (story.north.id, story.south.id);
		story.serve(3, BOTH);
		story.serve(4, FIRST);
		assert_eq!(client::parts(DEAL), [(north, BOTH, CHEAP)]);
		chain::run_to_epoch(5);
		story.let_south_prove(FIRST);
		// One epoch is missed, and the report of the next says so of that one too.
		report_serving(story.north, 5, FIRST);
		events();
		chain::let_idle();
		chain::let_idle();
		let dropped = events().into_iter().find_map(|event| match event {
			Event::UnitsDropped { silent, from, .. } => Some((silent, from)),
			_ => None,
		});
		assert_eq!(dropped, Some((SECOND, 6)));
		assert_eq!(client::parts(DEAL), [(north, FIRST, CHEAP), (south, FIRST, FAIR)]);
		// What a miss costs, a hundredth of the unit's stake; nobody called, so nobody has a part of it.
		let pot = Capacity::stake_account(CommitmentId(0));
		story.ledger.transfer(&pot, &TreasuryAccount::get(), Coin::Flt, FLT);
		story.check();
		act(SOUTH, workers_call(DEAL, south, FIRST));
		for epoch in 6..=12 {
			story.serve(epoch, FIRST);
			report_serving(story.south, epoch, FIRST);
		}
		story.end(13, &[(NORTH, 11 * CHEAP), (SOUTH, 7 * FAIR)]);
	});
}
