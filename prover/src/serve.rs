//! One prover for many epochs.

use crate::{make_report, summary, Event, Job, Prover, Store};
use serde_json::{json, Value};
use std::io::{self, BufRead, Write};

/// Reads jobs from `input`, one a line, and writes one line for each to `output`, in the same order: what
/// [`summary`] says, or `error` with the reason, and with the server and epoch where the job
/// could be read. Whatever becomes of a job, the next one is read. Empty lines are skipped.
///
/// # Errors
/// Where input cannot be read or output cannot be written.
pub fn serve(
	prover: &mut Prover,
	store: &Store,
	mut input: impl BufRead,
	mut output: impl Write,
	mut tell: impl FnMut(&Job, &Event),
) -> io::Result<()> {
	let mut line = Vec::new();
	while input.read_until(b'\n', &mut line)? > 0 {
		if !line.trim_ascii().is_empty() {
			writeln!(output, "{}", result(prover, store, &line, &mut tell))?;
			output.flush()?;
		}
		line.clear();
	}
	Ok(())
}

/// What is written for a line.
fn result(
	prover: &mut Prover,
	store: &Store,
	line: &[u8],
	tell: &mut impl FnMut(&Job, &Event),
) -> Value {
	let job: Job = match serde_json::from_slice(line) {
		Ok(job) => job,
		Err(error) => return json!({ "error": error.to_string() }),
	};
	let (server, epoch) = (job.server, job.epoch);
	let report = make_report(prover, store, job.clone(), |event| tell(&job, event));
	let summary = report.and_then(|(report, effort)| summary(&report, effort));
	summary.unwrap_or_else(
		|error| json!({ "server": server, "epoch": epoch, "error": error.to_string() }),
	)
}
