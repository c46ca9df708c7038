//! The command line.

use sc_cli::RunCmd;

/// A node of the marketplace.
#[derive(Debug, clap::Parser)]
pub struct Cli {
	/// What to do, if not run.
	#[command(subcommand)]
	pub subcommand: Option<Subcommand>,

	/// How to run.
	#[clap(flatten)]
	pub run: RunCmd,
}

/// What the node can do besides running.
#[derive(Debug, clap::Subcommand)]
#[allow(clippy::large_enum_variant)] // parsed once
pub enum Subcommand {
	/// Make, look at and keep keys.
	#[command(subcommand)]
	Key(sc_cli::KeySubcommand),

	/// Build a chain specification. Superseded by export-chain-spec.
	BuildSpec(sc_cli::BuildSpecCmd),

	/// Write a chain specification.
	ExportChainSpec(sc_cli::ExportChainSpecCmd),

	/// Import a block again and check it.
	CheckBlock(sc_cli::CheckBlockCmd),

	/// Write blocks to a file.
	ExportBlocks(sc_cli::ExportBlocksCmd),

	/// Write the state of a block as a chain specification.
	ExportState(sc_cli::ExportStateCmd),

	/// Read blocks from a file.
	ImportBlocks(sc_cli::ImportBlocksCmd),

	/// Remove the chain from this machine.
	PurgeChain(sc_cli::PurgeChainCmd),

	/// Go back to an earlier block.
	Revert(sc_cli::RevertCmd),

	/// Look at the database's metadata.
	ChainInfo(sc_cli::ChainInfoCmd),

	/// Measure what calls cost.
	#[cfg(feature = "runtime-benchmarks")]
	#[command(subcommand)]
	Benchmark(Box<frame_benchmarking_cli::BenchmarkCmd>),
}
