//! The command line of the prover.

use clap::{Args, Parser, Subcommand};
use marketplace_proof::ProvenLeaf;
use marketplace_prover::{run, Effort, Error, Job, Plan, Report, Resources, Store};
use serde_json::{json, Value};
use std::{
	fs,
	io::{self, Read},
	num::NonZeroUsize,
	path::PathBuf,
	process::ExitCode,
	thread,
	time::Duration,
};

/// Computes proofs of capacity, keeps them and answers audits with them.
#[derive(Parser)]
#[command(name = "marketplace-prover", version)]
struct Cli {
	#[command(subcommand)]
	command: Command,
}

#[derive(Subcommand)]
enum Command {
	/// Prove the units of a server in an epoch and print what to report.
	Prove(Prove),
	/// Print the leaves that an audit asks for.
	Answer(Answer),
	/// Compute known hashes and measure the largest audit.
	Selftest,
}

#[derive(Args)]
struct Prove {
	/// The job as JSON; standard input where it is not given.
	#[arg(long, value_name = "FILE")]
	job: Option<PathBuf>,
	/// Where proofs are kept.
	#[arg(long, value_name = "DIR")]
	state: PathBuf,
	/// Threads; all cores where it is not given.
	#[arg(long, value_name = "N")]
	threads: Option<NonZeroUsize>,
	/// Give up units that are not proven by then.
	#[arg(long, value_name = "SECONDS")]
	time_limit: Option<u64>,
	/// Report hashes that were not computed, to show how that ends. It costs the stake.
	#[arg(long)]
	forge: bool,
}

#[derive(Args)]
struct Answer {
	/// Where proofs are kept.
	#[arg(long, value_name = "DIR")]
	state: PathBuf,
	/// The server.
	#[arg(long)]
	server: u32,
	/// The epoch that was reported.
	#[arg(long)]
	epoch: u32,
	/// The unit that was drawn.
	#[arg(long)]
	unit: u8,
	/// The slots that were drawn.
	#[arg(long, value_delimiter = ',', required = true)]
	slots: Vec<u16>,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
	let output = match Cli::parse().command {
		Command::Prove(args) => prove(args),
		Command::Answer(args) => answer(args).map_err(Failure::from),
		Command::Selftest => selftest(),
	};
	match output {
		Ok(output) => {
			println!("{output:#}");
			ExitCode::SUCCESS
		},
		Err(failure) => {
			eprintln!("marketplace-prover: {failure}");
			ExitCode::FAILURE
		},
	}
}

fn prove(args: Prove) -> Result<Value, Failure> {
	let job: Job = serde_json::from_slice(&read(args.job)?)?;
	let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
	let resources = Resources {
		threads: args.threads.unwrap_or_else(cores),
		time_limit: args.time_limit.map(Duration::from_secs),
	};
	let plan = Plan { resources, forge: args.forge };
	let (report, effort) = run(&Store::new(args.state), job, plan, |unit| {
		eprintln!(
			"marketplace-prover: unit {unit} is left out: a hash came out differently the second time. \
			 Check the memory of this machine."
		);
	})?;
	let root = report.root().ok_or(Error::NothingProven)?;
	Ok(summary(&report, &root, effort))
}

fn read(job: Option<PathBuf>) -> Result<Vec<u8>, Failure> {
	if let Some(path) = job {
		return fs::read(&path).map_err(|error| Error::File(path, error).into());
	}
	let mut text = Vec::new();
	io::stdin().read_to_end(&mut text)?;
	Ok(text)
}

fn summary(report: &Report, root: &[u8], effort: Effort) -> Value {
	let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
	let seconds = effort.elapsed.as_secs_f64();
	let speed = if effort.hashes == 0 { 0.0 } else { effort.hashes as f64 / seconds };
	json!({
		"root": hex(root),
		"proven": report.proven().to_string(),
		"leaves": report.leaves().len(),
		"unproven": report.missing(),
		"elapsed": rounded(seconds),
		"hashes": effort.hashes,
		"hashes_per_second": rounded(speed),
	})
}

fn answer(args: Answer) -> Result<Value, Error> {
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

fn selftest() -> Result<Value, Failure> {
	let found = marketplace_randomx::self_test()?;
	Ok(json!({
		"mode": format!("{:?}", found.mode),
		"verification": found.verification.as_secs_f64(),
	}))
}

fn hex(bytes: &[u8]) -> String {
	format!("0x{}", hex::encode(bytes))
}
