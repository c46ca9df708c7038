//! Proving, keeping and answering, with real RandomX.

use marketplace_proof::Refusal;
use marketplace_prover::{
	forge_report, make_report, prove, Effort, Error, Event, Job, Outcome, Prover, Report,
	Resources, Setup, Store,
};
use marketplace_randomx::RandomX;
use std::{fs, num::NonZeroUsize, path::PathBuf, time::Duration};

fn job() -> Job {
	Job {
		genesis: [1; 32],
		epoch: 7,
		seed: [2; 32],
		server: 3,
		units: vec![5, 0],
		slots: 3,
		// Every second hash.
		target: [0x7f; 32],
	}
}

fn resources(threads: usize) -> Resources {
	Resources { threads: NonZeroUsize::new(threads).unwrap(), time_limit: None }
}

fn prover() -> Prover {
	Prover::new(Setup::light(resources(2)))
}

/// Works on the job with a prover of its own.
fn run(store: &Store, job: Job) -> Result<(Report, Effort), Error> {
	make_report(&mut prover(), store, job, no_warning)
}

/// An empty store of the test's own.
fn store(test: &str) -> (Store, PathBuf) {
	let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("prover-{test}"));
	let _ = fs::remove_dir_all(&dir);
	(Store::new(&dir), dir)
}

fn no_warning(event: &Event) {
	assert!(matches!(event, Event::Progress(_)), "{event:?}");
}

fn all_slots_are_right(report: &Report) -> Vec<Result<bool, Refusal>> {
	let claim = report.claim().unwrap();
	let slots: Vec<u16> = (0..report.job.slots).collect();
	let verdict =
		|unit| claim.verify::<RandomX>(unit, &slots, &report.answer(unit, &slots).unwrap());
	report.units.iter().map(|unit| verdict(unit.unit)).collect()
}

#[test]
fn proofs_convince_the_verifier_and_are_kept() {
	let (store, dir) = store("honest");
	let (report, effort) = run(&store, job()).unwrap();
	assert_eq!(report.proven(), 0b10_0001);
	assert_eq!(report.leaves().len(), 6);
	assert!(report.missing().is_empty());
	assert!(effort.hashes >= 6);
	assert_eq!(all_slots_are_right(&report), [Ok(true); 2]);

	assert_eq!(store.load(3, 7).unwrap(), report);
	let names: Vec<_> = fs::read_dir(dir).unwrap().map(|file| file.unwrap().file_name()).collect();
	assert_eq!(names, ["3-7.json"], "nothing else is left");

	let (again, effort) = run(&store, job()).unwrap();
	assert_eq!((again, effort.hashes), (report, 0), "nothing is computed twice");
}

#[test]
fn interrupted_job_continues_with_the_missing_units() {
	let (store, _) = store("continued");
	let (whole, _) = run(&store, job()).unwrap();
	let mut half = whole.clone();
	half.units.truncate(1);
	store.save(&half).unwrap();
	assert_eq!(half.missing(), [5]);
	let (continued, effort) = run(&store, job()).unwrap();
	assert_eq!(continued, whole);
	let hashes_of_unit_5: u64 = whole.units[1].proofs.iter().map(|proof| proof.nonce + 1).sum();
	assert_eq!(effort.hashes, hashes_of_unit_5);
}

#[test]
fn number_of_threads_changes_no_proof() {
	let job = Job { slots: 2, ..job() };
	let report = |threads| {
		let mut report = Report::new(job.clone(), false);
		let hashes = prove(&job, job.units.clone(), resources(threads), |outcome| {
			let Outcome::Proven(unit) = outcome else { panic!("flawed") };
			report.add(unit);
			Ok(())
		});
		(report, hashes.unwrap())
	};
	let one = report(1);
	assert_eq!(one, report(3));
	assert_eq!(one, report(5));
}

#[test]
fn forged_proofs_meet_the_target_and_are_wrong() {
	let (store, _) = store("forged");
	let job = Job { target: hard(), ..job() };
	let (report, effort) = forge_report(&store, job.clone()).unwrap();
	assert_eq!(effort.hashes, 0);
	assert_eq!(report.leaves().len(), 6);
	assert_eq!(all_slots_are_right(&report), [Ok(false); 2]);
	assert!(matches!(run(&store, job), Err(Error::OtherJob(_))));
}

/// One of some thousand hashes.
fn hard() -> [u8; 32] {
	let mut target = [0; 32];
	target[1] = 0x10;
	target
}

#[test]
fn time_limit_leaves_units_out() {
	let (store, _) = store("limited");
	let resources = Resources { time_limit: Some(Duration::ZERO), ..resources(1) };
	let mut prover = Prover::new(Setup::light(resources));
	let result = make_report(&mut prover, &store, job(), no_warning);
	assert!(matches!(result, Err(Error::NothingProven)));
}

#[test]
fn error_while_keeping_ends_the_work() {
	let mut told = 0;
	let units = vec![0, 1, 2, 3, 4, 5, 6, 7];
	let result = prove(&job(), units, resources(1), |_| {
		told += 1;
		Err(Error::NothingProven)
	});
	assert!(matches!(result, Err(Error::NothingProven)));
	assert_eq!(told, 1);
}

#[test]
fn other_job_for_the_same_epoch_is_refused() {
	let (store, _) = store("other");
	store.save(&Report::new(job(), false)).unwrap();
	for other in [
		Job { seed: [9; 32], ..job() },
		Job { target: [0xff; 32], ..job() },
		Job { slots: 4, ..job() },
		Job { units: vec![0], ..job() },
	] {
		assert!(matches!(run(&store, other), Err(Error::OtherJob(_))));
	}
}

#[test]
fn file_that_is_no_report_is_refused() {
	let (store, dir) = store("damaged");
	fs::create_dir_all(&dir).unwrap();
	fs::write(store.path(3, 7), "{").unwrap();
	assert!(matches!(run(&store, job()), Err(Error::Damaged(..))));
	assert!(matches!(store.load(3, 8), Err(Error::File(..))));
}

#[test]
fn job_that_cannot_be_done_is_refused() {
	let (store, _) = store("impossible");
	let refused = |job| run(&store, job).unwrap_err();
	assert!(matches!(refused(Job { units: vec![], ..job() }), Error::NoUnits));
	assert!(matches!(refused(Job { units: vec![0, 64], ..job() }), Error::NoSuchUnit(64)));
	assert!(matches!(refused(Job { units: vec![1, 2, 1], ..job() }), Error::DuplicateUnit(1)));
	assert!(matches!(refused(Job { slots: 0, ..job() }), Error::InvalidSlots(0)));
	let all = (0..64).collect();
	assert!(matches!(refused(Job { units: all, slots: 1_025, ..job() }), Error::InvalidSlots(_)));
}

#[test]
fn answer_is_sorted_and_knows_its_bounds() {
	let (report, _) = forge_report(&store("answer").0, job()).unwrap();
	let slots: Vec<_> =
		report.answer(5, &[2, 0, 2]).unwrap().iter().map(|shown| shown.leaf.slot).collect();
	assert_eq!(slots, [0, 2]);
	assert!(matches!(report.answer(1, &[0]), Err(Error::UnitNotProven(1))));
	assert!(matches!(report.answer(64, &[0]), Err(Error::UnitNotProven(64))));
	assert!(matches!(report.answer(0, &[3]), Err(Error::NoSuchSlot(3))));
}
