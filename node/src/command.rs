//! Does what the command line says.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	self_test, service,
};
use marketplace_runtime::{opaque::Block, Hash};
use sc_cli::{CliConfiguration, Result, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::DatabaseSource;
use std::sync::Arc;

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Marketplace+ Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		env!("CARGO_PKG_AUTHORS").into()
	}

	fn support_url() -> String {
		concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> std::result::Result<Box<dyn sc_service::ChainSpec>, String> {
		Ok(match id {
			"dev" => Box::new(chain_spec::development()?),
			"local" => Box::new(chain_spec::local()?),
			"" => return Err("no chain is named: use --dev, --chain local or --chain FILE".into()),
			path => Box::new(chain_spec::ChainSpec::from_json_file(path.into())?),
		})
	}
}

/// Parses the command line and does it.
pub fn run() -> Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		#[allow(deprecated)] // kept because scripts of other chains know it
		Some(Subcommand::BuildSpec(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.chain_spec, config.network))
		},
		Some(Subcommand::ExportChainSpec(cmd)) => {
			let spec = cli.load_spec(&cmd.chain)?;
			cmd.run(spec)
		},
		Some(Subcommand::CheckBlock(cmd)) => {
			on_database(&cli, cmd, |parts, _| cmd.run(parts.client, parts.import_queue))
		},
		Some(Subcommand::ExportBlocks(cmd)) => {
			on_database(&cli, cmd, |parts, at| cmd.run(parts.client, at.database))
		},
		Some(Subcommand::ExportState(cmd)) => {
			on_database(&cli, cmd, |parts, at| cmd.run(parts.client, at.chain_spec))
		},
		Some(Subcommand::ImportBlocks(cmd)) => {
			on_database(&cli, cmd, |parts, _| cmd.run(parts.client, parts.import_queue))
		},
		Some(Subcommand::Revert(cmd)) => on_database(&cli, cmd, |parts, _| {
			cmd.run(parts.client, parts.backend, Some(Box::new(revert)))
		}),
		Some(Subcommand::PurgeChain(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.database))
		},
		Some(Subcommand::ChainInfo(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run::<Block>(&config))
		},
		#[cfg(feature = "runtime-benchmarks")]
		Some(Subcommand::Benchmark(cmd)) => benchmark(&cli, cmd),
		None => run_node(&cli),
	}
}

/// Runs a command that works on the database, without network or consensus.
fn on_database<Cmd, Run, Done>(cli: &Cli, cmd: &Cmd, run: Run) -> Result<()>
where
	Cmd: CliConfiguration,
	Run: FnOnce(PartialParts, Place) -> Done,
	Done: std::future::Future<Output = Result<()>>,
{
	let runner = cli.create_runner(cmd)?;
	runner.async_run(|config| {
		let parts = service::new_partial(&config)?;
		let place = Place { database: config.database, chain_spec: config.chain_spec };
		let partial = PartialParts {
			client: parts.client,
			backend: parts.backend,
			import_queue: parts.import_queue,
		};
		Ok((run(partial, place), parts.task_manager))
	})
}

/// Which chain, and where it is stored.
struct Place {
	database: DatabaseSource,
	chain_spec: Box<dyn sc_service::ChainSpec>,
}

/// What commands on a database work with.
struct PartialParts {
	client: Arc<service::FullClient>,
	backend: Arc<service::FullBackend>,
	import_queue: sc_consensus::DefaultImportQueue<Block>,
}

/// Takes consensus back with the chain.
fn revert(
	client: Arc<service::FullClient>,
	backend: Arc<service::FullBackend>,
	blocks: u32,
) -> Result<()> {
	sc_consensus_babe::revert(client.clone(), backend, blocks)?;
	sc_consensus_grandpa::revert(client, blocks)?;
	Ok(())
}

fn run_node(cli: &Cli) -> Result<()> {
	let runner = cli.create_runner(&cli.run)?;
	runner.run_node_until_exit(|config| async move {
		self_test::check(&config)?;
		match config.network.network_backend {
			NetworkBackendType::Litep2p => service::new_full::<Litep2pNetworkBackend>(config),
			NetworkBackendType::Libp2p => service::new_full::<NetworkWorker<Block, Hash>>(config),
		}
		.map_err(sc_cli::Error::Service)
	})
}

#[cfg(feature = "runtime-benchmarks")]
fn benchmark(cli: &Cli, cmd: &frame_benchmarking_cli::BenchmarkCmd) -> Result<()> {
	use frame_benchmarking_cli::BenchmarkCmd;
	let runner = cli.create_runner(cmd)?;
	runner.sync_run(|config| match cmd {
		BenchmarkCmd::Pallet(cmd) => cmd
			.run_with_spec::<sp_runtime::traits::HashingFor<Block>, chain_spec::ExtraHostFunctions>(
				Some(config.chain_spec),
			),
		BenchmarkCmd::Machine(cmd) => {
			cmd.run(&config, frame_benchmarking_cli::SUBSTRATE_REFERENCE_HARDWARE.clone())
		},
		_ => Err("only `benchmark pallet` and `benchmark machine` work on this node".into()),
	})
}
