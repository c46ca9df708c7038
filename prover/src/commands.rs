//! What the commands do.

use crate::cli::{Answer, Prove, Prune, Run};
use marketplace_proof::ProvenLeaf;
use marketplace_prover::{
	forge_report, make_report, serve, summary, Error, Event, Job, Prover, Store,
};
use serde_json::{json, Value};
use std::{
	fs,
	io::{self, Read},
	path::PathBuf,
};

type Failure = Box<dyn std::error::Error>;

/// Proves one job, or invents its proofs.
pub fn prove(args: Prove) -> Result<Value, Failure> {
	let job: Job = serde_json::from_slice(&read(args.job)?)?;
	let store = Store::new(&args.work.state);
	let (report, effort) = if args.forge {
		forge_report(&store, job)?
	} else {
		let quiet = args.work.quiet;
		let (server, epoch) = (job.server, job.epoch);
		let tell = |event: &Event| show(server, epoch, event, quiet);
		make_report(&mut Prover::new(args.work.setup()), &store, job, tell)?
	};
	Ok(summary(&report, effort)?)
}

fn read(job: Option<PathBuf>) -> Result<Vec<u8>, Failure> {
	if let Some(path) = job {
		return fs::read(&path).map_err(|error| Error::File(path, error).into());
	}
	let mut text = Vec::new();
	io::stdin().read_to_end(&mut text)?;
	Ok(text)
}

/// Tells on standard error what goes on.
fn show(server: u32, epoch: u32, event: &Event, quiet: bool) {
	let told: &dyn std::fmt::Display = match event {
		Event::Note(note) => note,
		Event::Progress(progress) if !quiet => progress,
		Event::Progress(_) | Event::Finished(_) => return,
	};
	eprintln!("marketplace-prover: server {server}, epoch {epoch}: {told}");
}

/// Proves jobs until there are no more.
pub fn run(args: Run) -> Result<(), Failure> {
	let mut prover = Prover::new(args.work.setup());
	prover.check()?;
	let (store, quiet) = (Store::new(&args.work.state), args.work.quiet);
	let tell = |job: &Job, event: &Event| show(job.server, job.epoch, event, quiet);
	Ok(serve(&mut prover, &store, io::stdin().lock(), io::stdout().lock(), tell)?)
}

/// The leaves that an audit asks for.
pub fn answer(args: Answer) -> Result<Value, Failure> {
	let report = Store::new(args.state).load(args.server, args.epoch)?;
	let leaves = report.answer(args.unit, &args.slots)?;
	Ok(leaves.iter().map(shown).collect())
}

/// A leaf in the form in which clients encode it.
fn shown(ProvenLeaf { leaf, path }: &ProvenLeaf) -> Value {
	json!({
		"leaf": {
			"server": leaf.server,
			"epoch": leaf.epoch,
			"unit": leaf.unit,
			"slot": leaf.slot,
			"nonce": leaf.nonce.to_string(),
			"hash": hex(&leaf.hash),
		},
		"path": path.iter().map(|hash| hex(hash)).collect::<Vec<_>>(),
	})
}

/// Removes what nobody asks for any more.
pub fn prune(args: Prune) -> Result<Value, Failure> {
	let removed = Store::new(args.state).prune(args.before, args.server)?;
	let removed = removed.into_iter();
	let removed: Vec<_> =
		removed.map(|(server, epoch)| json!({ "server": server, "epoch": epoch })).collect();
	Ok(json!({ "removed": removed }))
}

/// Known hashes, and the time of the largest audit.
pub fn selftest() -> Result<Value, Failure> {
	let found = marketplace_randomx::self_test()?;
	Ok(json!({
		"mode": format!("{:?}", found.mode),
		"verification": found.verification.as_secs_f64(),
	}))
}

fn hex(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}
