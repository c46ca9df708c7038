//! Whole lives.

use super::*;

#[test]
fn a_commitment_lives_and_everybody_has_what_is_theirs() {
	run(|| {
		let issued = Balances::total_issuance();
		start_all(3);
		for epoch in 2..=4 {
			run_to_epoch(epoch);
			Proofs::compute(SERVER, epoch, ALL).report().answer_all();
		}
		run_to_epoch(7);
		for who in [delegator(), provider()] {
			assert_ok!(Capacity::claim_rewards(signed(who.clone()), FIRST));
			assert_ok!(Capacity::withdraw_stake(signed(who), FIRST));
		}
		assert_eq!(Balances::total_issuance() - issued, 48 * FLT);
		assert_eq!(Balances::balance(&provider()), 100_000 * FLT + 3 * 448 * FLT / 100);
		assert_eq!(Balances::balance(&delegator()), 100_000 * FLT + 3 * 1_152 * FLT / 100);
		assert_eq!(Balances::balance(&treasury()), 100_000 * FLT);
		assert_ok!(Capacity::close(SERVER));
		assert_eq!(Commitments::<Test>::iter().count(), 0);
		assert_eq!(Delegations::<Test>::iter().count(), 0);
	});
}

#[test]
fn two_servers_share_an_epochs_pool() {
	run(|| {
		let other = ServerId(2);
		MockRegistry::add_server(2, provider(), operator(), 4);
		assert_ok!(Capacity::open(other, 4));
		start_all(10);
		let units = Units(0b11);
		assert_ok!(try_commit(provider(), other, units, 10));
		let second = CommitmentId(1);
		cover(second);
		run_to_epoch(3);
		let both =
			[Proofs::compute(SERVER, 3, ALL).report(), Proofs::compute(other, 3, units).report()];
		run_to_draw(3);
		run_to(System::block_number() + parameters().capacity());
		for (server, proofs) in [SERVER, other].into_iter().zip(&both) {
			for unit in proofs.units.iter() {
				let leaves = proofs.shown(unit).try_into().unwrap();
				let origin = signed(stranger());
				assert_ok!(Capacity::answer_audit(origin, server, 3, unit, leaves));
				run_to(System::block_number() + 1);
			}
		}
		run_to_epoch(5);
		let due = |id| {
			Capacity::claimable_rewards(id, provider())
				+ Capacity::claimable_rewards(id, delegator())
		};
		assert_eq!((due(FIRST), due(second)), (128 * FLT / 10, 32 * FLT / 10));
	});
}
