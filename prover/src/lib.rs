#![doc = include_str!("../README.md")]

mod error;
mod job;
mod json;
mod report;
mod store;
mod work;

pub use error::Error;
pub use job::Job;
pub use report::{Proof, Report, UnitProofs};
pub use store::Store;
pub use work::{forge, prove, Effort, Outcome, Resources};

use std::time::Instant;

/// How a report is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
	/// What may be used for it.
	pub resources: Resources,
	/// Report hashes that were not computed.
	pub forge: bool,
}

/// Proves the job and keeps the proofs in `store`, or continues what it keeps of the same job.
/// `warn` is told of units whose hashes came out differently the second time.
///
/// # Errors
/// Where the job is no job, the store keeps another job for the server and epoch, the system refuses
/// memory or the disk, or no unit was proven.
pub fn run(
	store: &Store,
	job: Job,
	plan: Plan,
	mut warn: impl FnMut(u8),
) -> Result<(Report, Effort), Error> {
	job.validate()?;
	let mut report = store.open(job, plan.forge)?;
	let start = Instant::now();
	let mut effort = Effort::default();
	let missing = report.missing();
	if plan.forge {
		missing.into_iter().for_each(|unit| report.add(forge(&report.job, unit)));
		store.save(&report)?;
	} else if !missing.is_empty() {
		let job = report.job.clone();
		effort.hashes = prove(&job, missing, plan.resources, |outcome| match outcome {
			Outcome::Proven(unit) => {
				report.add(unit);
				store.save(&report)
			},
			Outcome::Flawed(unit) => {
				warn(unit);
				Ok(())
			},
		})?;
	}
	effort.elapsed = start.elapsed();
	if report.units.is_empty() {
		return Err(Error::NothingProven);
	}
	Ok((report, effort))
}
