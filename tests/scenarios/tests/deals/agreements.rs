//! What both sides agree on while a deal runs: another application, step by step, and another price.

use crate::*;
use marketplace_primitives::{api::Application, Cid};
use sp_runtime::Percent;

fn cid(name: &str) -> Cid {
	name.as_bytes().to_vec().try_into().expect("it is short")
}

fn stage(name: &str) -> Call<Runtime> {
	let (app_cid, plan_hash) = (cid(name), [8; 32]);
	Call::stage_application { deal: DEAL, app_cid, plan_hash, step: Percent::from_percent(50) }
}

/// Units of North's whose turn has come.
fn turned() -> Units {
	client::rollout(DEAL).expect("it is under way").servers[0].units
}

#[test]
fn application_changes_unit_by_unit_as_the_operator_acknowledges() {
	play(|| {
		let mut story = Story::accepted(BOTH, 8);
		let server = story.north.id;
		let acknowledge = |version| Call::acknowledge { deal: DEAL, server, version };
		story.serve(3, BOTH);
		refused(signed(NORTH), stage("next"), Refused::NotDeveloper);
		act(DEVELOPER, stage("next"));
		refused(signed(DEVELOPER), stage("another"), Refused::RolloutRuns);
		refused(signed(NORTH), acknowledge(1), Refused::NoTurn);

		story.serve(4, BOTH);
		assert_eq!(turned(), FIRST);
		refused(signed(STRANGER), acknowledge(1), Refused::NotOperator);
		refused(signed(NORTH), acknowledge(2), Refused::OtherRollout);
		act(NORTH, acknowledge(1));
		refused(signed(NORTH), acknowledge(1), Refused::AlreadyAcknowledged);
		story.serve(5, BOTH);
		assert_eq!(turned(), BOTH);
		act(NORTH, acknowledge(1));
		assert_eq!(client::rollout(DEAL), None, "all of it is acknowledged");

		// Another one, which does not do: everything goes back to the one before with the next epoch.
		act(DEVELOPER, stage("broken"));
		story.serve(6, BOTH);
		let under_way = client::rollout(DEAL).expect("it is under way");
		let next = Application { app_cid: cid("next"), plan_hash: [8; 32] };
		assert_eq!((under_way.version, under_way.before), (2, next));
		let back = Call::roll_back { deal: DEAL };
		refused(signed(NORTH), back.clone(), Refused::NotDeveloper);
		act(DEVELOPER, back.clone());
		assert_eq!(Deals::deal(DEAL).expect("it runs").app_cid, cid("next"));
		refused(signed(DEVELOPER), back, Refused::NoRollout);
		for epoch in 7..=10 {
			story.serve(epoch, BOTH);
		}
		story.end(11, &[(NORTH, 2 * 8 * CHEAP)]);
	});
}

#[test]
fn price_that_both_agree_on_counts_for_what_can_still_be_contested() {
	play(|| {
		const NEW: Price = 1_200_000;
		let mut story = Story::accepted(BOTH, 8);
		let server = story.north.id;
		let propose = |price| Call::propose_price { deal: DEAL, server, price };
		let accept = |price| Call::accept_price { deal: DEAL, server, price, most: 0 };
		for epoch in 3..=6 {
			story.serve(epoch, BOTH);
		}
		refused(signed(STRANGER), propose(Some(NEW)), Refused::NotParty);
		refused(signed(DEVELOPER), accept(NEW), Refused::NoProposal);
		act(NORTH, propose(Some(NEW)));
		refused(signed(NORTH), accept(NEW), Refused::NotCounterparty);
		refused(signed(DEVELOPER), accept(CHEAP), Refused::PriceMismatch);
		act(DEVELOPER, accept(NEW));
		// Epoch 3 can be contested no more: it is paid at the old price. Escrow was at the limit, and carries it.
		story.paid(NORTH, 2 * CHEAP);
		story.check();
		assert_eq!(client::parts(DEAL), [(server, BOTH, NEW)]);

		// The developer asks for the old one again; what that leaves is surplus.
		for epoch in 7..=9 {
			story.serve(epoch, BOTH);
		}
		act(DEVELOPER, propose(Some(CHEAP)));
		act(NORTH, accept(CHEAP));
		// Epochs 4 to 6.
		story.paid(NORTH, 2 * 3 * NEW);
		story.serve(10, BOTH);
		story.end(11, &[(NORTH, 2 * 4 * CHEAP)]);
	});
}
