//! Governance changes how much work proofs are: from the next epoch on, for it alone.

use frame_support::assert_ok;
use marketplace_primitives::{CommitmentId, Units};
use marketplace_runtime::{constants::FLT, Capacity, Runtime, RuntimeEvent, RuntimeOrigin};
use marketplace_scenarios::{
	actors::{account, act, dispatch, DELEGATOR, NORTH, STRANGER},
	acts::{commit, register, settle_down},
	chain, invariants,
	proving::{answer_all, run_to_finish, Proofs},
};
use pallet_capacity::{Call, Difficulty, Event};
use sp_runtime::Perbill;

const BOTH: Units = Units(0b11);

#[test]
fn difficulty_changes_with_the_next_epoch_and_reports_keep_their_own() {
	chain::with_cheap_proofs().execute_with(|| {
		let machine = register(settle_down(NORTH), NORTH, NORTH, 1, 2);
		commit(machine, BOTH, 10, Perbill::zero(), 20 * FLT, DELEGATOR);
		chain::run_to_epoch(2);
		let before = Capacity::difficulty();
		let harder = Difficulty { slots: before.slots + 3, target: [0x3f; 32] };
		let hardest = Difficulty { slots: 1_024, target: [0; 32].map(|_: u8| 1) };
		// The second word counts.
		for difficulty in [hardest, harder] {
			assert_ok!(dispatch(RuntimeOrigin::root(), Call::set_difficulty { difficulty }));
		}
		assert_eq!(Capacity::difficulty(), before, "not in this epoch");
		let old = Proofs::work(machine, BOTH).report();
		assert_eq!(old.report.job.slots, before.slots);

		chain::take_events();
		chain::run_to_epoch(3);
		let changed = Event::<Runtime>::DifficultyChanged { epoch: 3, difficulty: harder };
		assert!(chain::take_events().contains(&RuntimeEvent::Capacity(changed)));
		assert_eq!(Capacity::difficulty(), harder);
		let new = Proofs::work(machine, BOTH).report();
		assert_eq!(new.report.job.slots, harder.slots);
		answer_all(&[&old]);
		run_to_finish(2);
		answer_all(&[&new]);
		run_to_finish(3);

		chain::take_events();
		act(STRANGER, Call::settle_server { server: machine.id });
		let (server, epoch) = (machine.id, 3);
		let passed = Event::<Runtime>::ReportPassed { server, epoch };
		assert!(chain::take_events().contains(&RuntimeEvent::Capacity(passed)));
		let (commitment, _) = Capacity::commitment(CommitmentId(0)).expect("it runs");
		assert_eq!(commitment.slashed, 0);
		assert!(Capacity::claimable_rewards(CommitmentId(0), account(NORTH)) > 0);
		// It stays so.
		chain::run_to_epoch(5);
		assert_eq!(Capacity::difficulty(), harder);
		assert_eq!(invariants::check(), Ok(()));
	});
}
