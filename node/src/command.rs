//! Does what the command line says.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	self_test, service,
};
use marketplace_runtime::{opaque::Block, Hash};
use sc_cli::{Result, SubstrateCli};
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkWorker};
use sc_service::{Configuration, TaskManager};
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
			let runner = cli.create_runner(cmd)?;
			runner.async_run(|config| {
				let (parts, manager) = partial(config)?;
				Ok((cmd.run(parts.client, parts.import_queue), manager))
			})
		},
		Some(Subcommand::ExportBlocks(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.async_run(|config| {
				let database = config.database.clone();
				let (parts, manager) = partial(config)?;
				Ok((cmd.run(parts.client, database), manager))
			})
		},
		Some(Subcommand::ExportState(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.async_run(|config| {
				let spec = config.chain_spec.cloned_box();
				let (parts, manager) = partial(config)?;
				Ok((cmd.run(parts.client, spec), manager))
			})
		},
		Some(Subcommand::ImportBlocks(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.async_run(|config| {
				let (parts, manager) = partial(config)?;
				Ok((cmd.run(parts.client, parts.import_queue), manager))
			})
		},
		Some(Subcommand::PurgeChain(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.database))
		},
		Some(Subcommand::Revert(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.async_run(|config| {
				let (parts, manager) = partial(config)?;
				let revert = Box::new(|client, backend, blocks| revert(client, backend, blocks));
				Ok((cmd.run(parts.client, parts.backend, Some(revert)), manager))
			})
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

/// The parts of a node without its consensus, and the manager of their tasks apart from them.
fn partial(config: Configuration) -> sc_service::error::Result<(PartialParts, TaskManager)> {
	let parts = service::new_partial(&config)?;
	Ok((
		PartialParts {
			client: parts.client,
			backend: parts.backend,
			import_queue: parts.import_queue,
		},
		parts.task_manager,
	))
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
