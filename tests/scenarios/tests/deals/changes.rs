//! More units, fewer units, and a lower limit.

use crate::*;
use marketplace_scenarios::{actors::OTHER_DEVELOPER, proving::report_call};

#[test]
fn enlarged_deal_gets_units_from_the_book() {
	play(|| {
		let mut story = Story::accepted(BOTH, 5);
		story.serve(3, BOTH);
		story.let_south_prove(BOTH);
		act(DEVELOPER, Call::enlarge { deal: DEAL, units: 3 });
		// Epochs 4 to 7, at the limit.
		story.hold(3 * 4 * LIMIT);
		chain::let_idle();
		let south = story.south.id;
		assert_eq!(client::parts(DEAL)[1..], [(south, BOTH, FAIR)]);
		let deal = client::deal(DEAL);
		assert_eq!((deal.wanted, deal.end), (1, 8));
		let open = client::offer(deal.offer).expect("it seeks one more");
		assert_eq!(open.held, 4 * LIMIT);
		act(SOUTH, workers_call(DEAL, south, BOTH));

		for epoch in 4..=6 {
			story.serve(epoch, BOTH);
			report_serving(story.south, epoch, BOTH);
		}
		// Nobody could serve the third unit any more.
		chain::run_to_epoch(7);
		chain::let_idle();
		assert_eq!(client::offer(deal.offer), None);
		story.release(4 * LIMIT);
		story.serve(7, BOTH);
		report_serving(story.south, 7, BOTH);
		// Epochs 3 and 4 can be contested no more.
		story.settle(story.south, 2, FAIR);
		story.settle(story.north, 2 * 2, CHEAP);
		story.end(8, &[(NORTH, 2 * 3 * CHEAP), (SOUTH, 2 * 3 * FAIR)]);
	});
}

#[test]
fn released_units_are_paid_through_their_notice_and_are_sold_again() {
	play(|| {
		let mut story = Story::accepted(BOTH, 8);
		let server = story.north.id;
		story.serve(3, BOTH);
		let release = |units| Call::release_units { deal: DEAL, server, units };
		refused(signed(NORTH), release(SECOND), Refused::NotDeveloper);
		refused(signed(DEVELOPER), release(BOTH), Refused::LastUnits);
		act(DEVELOPER, release(SECOND));
		assert_eq!(client::deal(DEAL).allocations[0].leaving, [(6, SECOND)]);
		refused(signed(DEVELOPER), release(SECOND), Refused::ForeignUnit);
		for epoch in [4, 5] {
			story.serve(epoch, BOTH);
			assert_eq!(Capacity::units_info(server).expect("it stands").available, Units::NONE);
		}

		// The notice is over: the unit serves no more and proves again, and somebody else takes it.
		chain::run_to_epoch(6);
		let late = report_call(server, 6, [0; 32], Units::NONE, BOTH);
		refused(signed(NORTH), late, CapacityError::<Runtime>::NotServing);
		let proofs = Proofs::work(story.north, SECOND);
		act(NORTH, proofs.report_call(FIRST));
		story.proofs.push(proofs);
		assert_eq!(Capacity::units_info(server).expect("it stands").available, SECOND);
		let next = client::post_as_quoted(OTHER_DEVELOPER, Wanted::new(1, CHEAP, 2));
		assert_eq!(client::parts(next.expect("it is for sale")), [(server, SECOND, CHEAP)]);
		story.ledger.hold(&account(OTHER_DEVELOPER), Coin::Usdc, 2 * CHEAP);
		story.check();
		act(NORTH, workers_call(DealId(1), server, SECOND));

		for epoch in [7, 8] {
			story.serve(epoch, BOTH);
		}
		story.settle(story.north, 2 * 3, CHEAP);
		story.serve(9, FIRST);
		story.serve(10, FIRST);
		// The other deal served epochs 7 and 8, and is closed with epoch 11.
		let payer = account(OTHER_DEVELOPER);
		story.ledger.pay(&payer, &account(NORTH), Coin::Usdc, 2 * CHEAP);
		story.end(11, &[(NORTH, 5 * CHEAP)]);
	});
}

#[test]
fn surplus_comes_back_to_the_plank() {
	play(|| {
		let mut story = Story::accepted(BOTH, 6);
		story.serve(3, BOTH);
		let withdraw = |limit| Call::withdraw_surplus { deal: DEAL, limit };
		refused(signed(NORTH), withdraw(CHEAP), Refused::NotDeveloper);
		refused(signed(DEVELOPER), withdraw(LIMIT + 1_000), Refused::LimitTooHigh);
		refused(signed(DEVELOPER), withdraw(1_000_001), Refused::InvalidLimit);
		refused(signed(DEVELOPER), withdraw(0), Refused::InvalidLimit);

		// Six epochs are held at the limit; five of them lie ahead and may have to be replaced at it.
		act(DEVELOPER, withdraw(LIMIT));
		story.release(2 * (LIMIT - CHEAP));
		act(DEVELOPER, withdraw(1_507_000));
		story.release(2 * 5 * (LIMIT - 1_507_000));
		story.serve(4, BOTH);
		// An epoch less lies ahead.
		act(DEVELOPER, withdraw(CHEAP));
		story.release(2 * 5 * (1_507_000 - CHEAP));
		assert_eq!(client::deal(DEAL).held, 2 * 6 * CHEAP);
		act(DEVELOPER, withdraw(CHEAP));
		story.check();
		refused(signed(DEVELOPER), withdraw(LIMIT), Refused::LimitTooHigh);

		// Whatever was withdrawn, what is served is paid: all that is left.
		for epoch in 5..=8 {
			story.serve(epoch, BOTH);
		}
		story.settle(story.north, 2 * 3, CHEAP);
		story.end(9, &[(NORTH, 2 * 3 * CHEAP)]);
	});
}
