//! From a job to its report.

use crate::{
	forge, progress::per_second, Effort, Error, Event, Job, Note, Outcome, Prover, Report, Store,
};
use serde_json::{json, Value};

/// Proves the job and keeps the proofs in `store`, or continues what it keeps of the same job. `tell`
/// hears how it goes.
///
/// # Errors
/// Where the job is no job, the store keeps another job for the server and epoch, memory does not
/// suffice, the system refuses memory or the disk, or no unit was proven.
pub fn make_report(
	prover: &mut Prover,
	store: &Store,
	job: Job,
	mut tell: impl FnMut(&Event),
) -> Result<(Report, Effort), Error> {
	job.validate()?;
	let mut report = store.open(job, false)?;
	let (job, missing) = (report.job.clone(), report.missing());
	let mut effort = Effort::default();
	if !missing.is_empty() {
		effort = prover.prove(&job, missing, |event| match event {
			Event::Finished(Outcome::Proven(unit)) => {
				report.add(unit);
				store.save(&report)
			},
			Event::Finished(Outcome::Flawed(unit)) => {
				tell(&Event::Note(Note::Flawed(unit)));
				Ok(())
			},
			event => {
				tell(&event);
				Ok(())
			},
		})?;
	}
	if report.units.is_empty() {
		return Err(Error::NothingProven);
	}
	Ok((report, effort))
}

/// Invents the proofs of the job and keeps them in `store`.
///
/// # Errors
/// Where the job is no job, the store keeps another job for the server and epoch, or the system refuses
/// the disk.
pub fn forge_report(store: &Store, job: Job) -> Result<(Report, Effort), Error> {
	job.validate()?;
	let mut report = store.open(job, true)?;
	report.missing().into_iter().for_each(|unit| report.add(forge(&report.job, unit)));
	store.save(&report)?;
	Ok((report, Effort::default()))
}

/// What `submit_report` takes, and what it cost.
///
/// # Errors
/// [`Error::NothingProven`].
pub fn summary(report: &Report, effort: Effort) -> Result<Value, Error> {
	let root = report.root().ok_or(Error::NothingProven)?;
	let Effort { hashes, elapsed, preparing, hashing } = effort;
	let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
	Ok(json!({
		"server": report.job.server,
		"epoch": report.job.epoch,
		"root": format!("0x{}", hex::encode(root)),
		"proven": report.proven().to_string(),
		"leaves": report.leaves().len(),
		"unproven": report.missing(),
		"elapsed": rounded(elapsed.as_secs_f64()),
		"preparing": rounded(preparing.as_secs_f64()),
		"hashes": hashes,
		"hashes_per_second": rounded(per_second(hashes, elapsed)),
		"hashes_per_thread_second": rounded(per_second(hashes, hashing)),
	}))
}
