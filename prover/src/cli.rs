//! Commands and options.

use clap::{Args, Parser, Subcommand};
use marketplace_prover::{Cores, Mode, Resources, Setup};
use std::{num::NonZeroUsize, path::PathBuf, thread, time::Duration};

/// Computes proofs of capacity, keeps them and answers audits with them.
#[derive(Parser)]
#[command(name = "marketplace-prover", version)]
pub struct Cli {
	/// What to do.
	#[command(subcommand)]
	pub command: Command,
}

/// What the prover does.
#[derive(Subcommand)]
pub enum Command {
	/// Prove the units of a server in an epoch and print what to report.
	Prove(Prove),
	/// Read jobs from standard input, one a line, and print a line for each; keep the memory for the next.
	Run(Run),
	/// Print the leaves that an audit asks for.
	Answer(Answer),
	/// Remove the proofs of epochs that are settled.
	Prune(Prune),
	/// Compute known hashes and measure the largest audit.
	Selftest,
}

/// How to work.
#[derive(Args)]
pub struct Work {
	/// Where proofs are kept.
	#[arg(long, value_name = "DIR")]
	pub state: PathBuf,
	/// `light` (256 MiB per unit in work) or `fast` (4384 MiB, some minutes to start, much faster hashing).
	#[arg(long, value_name = "MODE", default_value_t = Mode::Light)]
	mode: Mode,
	/// Memory for all of it; what is available where it is not given.
	#[arg(long, value_name = "GIB")]
	memory: Option<u64>,
	/// Threads; one per core where it is not given.
	#[arg(long, value_name = "N")]
	threads: Option<NonZeroUsize>,
	/// The cores to pin threads to, as in `0,2-5`.
	#[arg(long, value_name = "LIST")]
	cores: Option<Cores>,
	/// Give up units that are not proven by then, counted from the start of the job.
	#[arg(long, value_name = "SECONDS")]
	time_limit: Option<u64>,
	/// Say nothing of the progress.
	#[arg(long)]
	pub quiet: bool,
}

impl Work {
	/// How the prover is to work.
	pub fn setup(&self) -> Setup {
		let cores = self.cores.clone().unwrap_or_default();
		let all = || NonZeroUsize::new(cores.0.len()).or(thread::available_parallelism().ok());
		let threads = self.threads.or_else(all).unwrap_or(NonZeroUsize::MIN);
		let time_limit = self.time_limit.map(Duration::from_secs);
		Setup {
			mode: self.mode,
			memory: self.memory.map(|gib| gib.saturating_mul(1_024)),
			cores,
			..Setup::light(Resources { threads, time_limit })
		}
	}
}

/// Options of `prove`.
#[derive(Args)]
pub struct Prove {
	/// The job as JSON; standard input where it is not given.
	#[arg(long, value_name = "FILE")]
	pub job: Option<PathBuf>,
	/// How to work.
	#[command(flatten)]
	pub work: Work,
	/// Report hashes that were not computed, to show how that ends. It costs the stake.
	#[arg(long)]
	pub forge: bool,
}

/// Options of `run`.
#[derive(Args)]
pub struct Run {
	/// How to work.
	#[command(flatten)]
	pub work: Work,
}

/// Options of `answer`.
#[derive(Args)]
pub struct Answer {
	/// Where proofs are kept.
	#[arg(long, value_name = "DIR")]
	pub state: PathBuf,
	/// The server.
	#[arg(long)]
	pub server: u32,
	/// The epoch that was reported.
	#[arg(long)]
	pub epoch: u32,
	/// The unit that was drawn.
	#[arg(long)]
	pub unit: u8,
	/// The slots that were drawn.
	#[arg(long, value_delimiter = ',', required = true)]
	pub slots: Vec<u16>,
}

/// Options of `prune`.
#[derive(Args)]
pub struct Prune {
	/// Where proofs are kept.
	#[arg(long, value_name = "DIR")]
	pub state: PathBuf,
	/// The first epoch to keep: audits of all earlier ones must be over.
	#[arg(long, value_name = "EPOCH")]
	pub before: u32,
	/// Only of this server.
	#[arg(long)]
	pub server: Option<u32>,
}
