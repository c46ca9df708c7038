//! All changes of one deal, one after the other, and delegators who share in it.

use crate::*;
use marketplace_scenarios::acts::DOLLARS;

/// What the delegator behind North's units gets of a payout.
fn shared(amount: Balance) -> Balance {
	amount * 15 / 100
}

impl Story {
	/// The developer pays for North's units: the delegator's part, and the rest.
	fn north_paid(&mut self, amount: Balance) {
		let developer = account(DEVELOPER);
		let pot = Capacity::income_account(CommitmentId(0));
		self.ledger.pay(&developer, &pot, Coin::Usdc, shared(amount));
		self.paid(NORTH, amount - shared(amount));
	}

	/// Both servers serve an epoch.
	fn both_serve(&mut self, epoch: u32, of_north: Units) {
		self.serve(epoch, of_north);
		report_serving(self.south, epoch, FIRST);
	}

	/// Epoch 3: a stranger pays for two epochs more, and the developer for a unit more, which is South's.
	fn grow(&mut self) {
		self.serve(3, BOTH);
		self.let_south_prove(FIRST);
		act(STRANGER, Call::extend_deal { deal: DEAL, epochs: 2, most: u128::MAX });
		let (payer, developer) = (account(STRANGER), account(DEVELOPER));
		self.ledger.transfer(&payer, &developer, Coin::Usdc, 2 * 2 * LIMIT);
		self.hold(2 * 2 * LIMIT);
		act(DEVELOPER, Call::enlarge { deal: DEAL, units: 1 });
		self.hold(7 * LIMIT);
		chain::let_idle();
		let expected = [(self.north.id, BOTH, CHEAP), (self.south.id, FIRST, FAIR)];
		assert_eq!(client::parts(DEAL), expected);
		act(SOUTH, workers_call(DEAL, self.south.id, FIRST));
	}

	/// Epochs 4 and 5: a unit of North's leaves with epoch 7, and what is too much comes back.
	fn shrink(&mut self) {
		self.both_serve(4, BOTH);
		let server = self.north.id;
		act(DEVELOPER, Call::release_units { deal: DEAL, server, units: SECOND });
		self.both_serve(5, BOTH);
		act(DEVELOPER, Call::withdraw_surplus { deal: DEAL, limit: CHEAP });
		// North may earn twelve unit-epochs, South seven.
		let held = 6 * LIMIT * 2 + 2 * 2 * LIMIT + 7 * LIMIT;
		self.release(held - 12 * CHEAP - 7 * FAIR);
	}
}

#[test]
fn deal_that_went_through_all_changes_pays_what_was_served() {
	play(|| {
		let mut story = Story::begin_with(BOTH, 6, Perbill::from_percent(15));
		act(NORTH, workers_call(DEAL, story.north.id, BOTH));
		story.grow();
		story.shrink();
		story.both_serve(6, BOTH);
		// Two whole epochs more.
		act(DEVELOPER, Call::terminate { deal: DEAL });
		story.both_serve(7, FIRST);
		story.both_serve(8, FIRST);
		// Epochs 3 to 5.
		story.settle(story.south, 2, FAIR);
		act(STRANGER, Call::settle { deal: DEAL, server: story.north.id });
		story.north_paid(6 * CHEAP);
		story.check();
		story.north_paid(4 * CHEAP);
		story.end(9, &[(SOUTH, 3 * FAIR)]);

		// The delegator has its part of ten unit-epochs.
		let (commitment, asset) = (CommitmentId(0), DOLLARS);
		act(DELEGATOR, pallet_capacity::Call::claim_income { commitment, asset });
		let pot = Capacity::income_account(commitment);
		story.ledger.transfer(&pot, &account(DELEGATOR), Coin::Usdc, shared(10 * CHEAP));
		story.check();
	});
}
