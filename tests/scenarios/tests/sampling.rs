//! More units than there is room to audit: some reports are drawn, and honest ones lose nothing by it.

use marketplace_primitives::{Balance, CommitmentId, Epoch, Units};
use marketplace_runtime::{constants::FLT, Capacity, Runtime};
use marketplace_scenarios::{
	actors::{act, refused, signed, DELEGATOR, NORTH, STRANGER},
	acts::{commit, register, settle_down, Machine},
	chain, invariants,
	proving::{answer_all, run_to_draw, run_to_finish, Proofs},
};
use pallet_capacity::{Error, MarketParameters, Rate};
use sp_runtime::{PerThing, Perbill, Perquintill};

const BOTH: Units = Units(0b11);
/// Room for two checks per epoch, and `pool` for all units of an epoch always.
fn small(pool: Balance) -> impl FnOnce(&mut MarketParameters) {
	move |parameters| {
		parameters.answer_window = 4;
		parameters.first_pool = pool;
		(parameters.pool.min, parameters.pool.max) = (pool, pool);
	}
}

/// Three servers with two units each.
fn machines() -> [Machine; 3] {
	let site = settle_down(NORTH);
	[1, 2, 3].map(|seed| {
		let machine = register(site, NORTH, NORTH, seed, 2);
		commit(machine, BOTH, 20, Perbill::zero(), 20 * FLT, DELEGATOR);
		machine
	})
}

fn rate(epoch: Epoch) -> Rate {
	Capacity::epoch_record(epoch).and_then(|record| record.draw).expect("it is drawn").rate
}

fn earned(id: u64) -> Balance {
	let (commitment, _) = Capacity::commitment(CommitmentId(id)).expect("it runs");
	let sums = [commitment.fees, commitment.shared];
	sums.iter().map(|sum| sum.unlocked + sum.locked()).sum()
}

/// That units which are not drawn are not heard, with whatever they come. Returns how many reports were drawn.
fn refuse_undrawn(proofs: &[Proofs]) -> usize {
	let mut drawn = 0;
	for proofs in proofs {
		let audits: Vec<_> = BOTH.iter().filter(|unit| proofs.audit(*unit).is_some()).collect();
		assert!(audits.len() <= 1, "one unit shows for all of a report");
		drawn += audits.len();
		for unit in BOTH.iter().filter(|unit| !audits.contains(unit)) {
			let leaves = proofs.report.answer(unit, &[0]).expect("the unit was proven");
			let call = proofs.answer_call(unit, leaves);
			refused(signed(STRANGER), call, Error::<Runtime>::UnitNotDrawn);
		}
	}
	drawn
}

/// Plays epochs in which all units prove until reports were drawn and others not, and compares what each
/// unit earns with what the rate of the epoch makes of it.
fn play(unit_reward: impl Fn(Rate) -> Balance) {
	let machines = machines();
	let (mut drawn, mut undrawn, mut expected) = (0, 0, 0);
	let mut epoch = 2;
	while drawn == 0 || undrawn == 0 {
		assert!(epoch < 20, "a third of the reports is drawn");
		chain::run_to_epoch(epoch);
		let proofs = machines.map(|machine| Proofs::work(machine, BOTH).report());
		run_to_draw(epoch);
		let now = refuse_undrawn(&proofs);
		drawn += now;
		undrawn += proofs.len() - now;
		answer_all(&proofs.each_ref());
		expected += 2 * unit_reward(rate(epoch));
		run_to_finish(epoch);
		for (machine, id) in machines.iter().zip(0..) {
			act(STRANGER, pallet_capacity::Call::settle_server { server: machine.id });
			assert_eq!(earned(id), expected, "drawn or not, in epoch {epoch}");
		}
		assert_eq!(invariants::check(), Ok(()));
		epoch += 1;
	}
	for id in 0..3 {
		let (commitment, _) = Capacity::commitment(CommitmentId(id)).expect("it runs");
		assert_eq!(commitment.slashed, 0, "all were honest");
	}
}

#[test]
fn samples_that_fit_pay_in_full() {
	let pool = 6 * FLT / 10;
	chain::cheap_with(small(pool)).execute_with(|| {
		play(|rate| {
			assert_eq!(rate, Rate::Sampled);
			pool / 6
		});
	});
}

#[test]
fn samples_that_do_not_fit_pay_what_they_secure() {
	let pool = 20 * FLT;
	chain::cheap_with(small(pool)).execute_with(|| {
		play(|rate| {
			let Rate::Scaled { scale } = rate else { panic!("three reports do not fit: {rate:?}") };
			// One audit where three are wanted.
			let (third, part) = (Perquintill::from_rational(1u64, 3), Perquintill::from_parts(10));
			assert!(scale <= third && scale >= third - part);
			// The report of two units risks a tenth of its stake as rarely: three times what they earn.
			let whole = Balance::from(Perquintill::ACCURACY);
			20 * FLT * Balance::from(scale.deconstruct()) / whole / (3 * 2)
		});
	});
}
