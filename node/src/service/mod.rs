//! A node put together in steps: [`partial`] makes what every command needs (client, import queue,
//! pool), [`full`] adds network, RPC and, for a validator, the two consensus tasks.

mod consensus;
mod full;
mod partial;

pub use full::new_full;
pub use partial::new_partial;

use crate::chain_spec::ExtraHostFunctions;
use marketplace_runtime::{opaque::Block, RuntimeApi};
use sc_consensus_babe::{BabeBlockImport, BabeLink};
use sc_consensus_grandpa::{GrandpaBlockImport, LinkHalf, SharedVoterState};
use sc_executor::WasmExecutor;
use sc_telemetry::Telemetry;
use sc_transaction_pool::TransactionPoolHandle;
use sp_consensus_babe::inherents::BabeCreateInherentDataProviders;
use std::sync::Arc;

#[cfg(not(feature = "runtime-benchmarks"))]
type HostFunctions = (sp_io::SubstrateHostFunctions, ExtraHostFunctions);

#[cfg(feature = "runtime-benchmarks")]
type HostFunctions = (
	sp_io::SubstrateHostFunctions,
	marketplace_runtime::benchmarks::HostFunctions,
	ExtraHostFunctions,
);

/// Executes the runtime, and nothing but the runtime's Wasm.
pub type Executor = WasmExecutor<HostFunctions>;
/// The chain as this node knows it.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, Executor>;
/// The database.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// The longest chain wins.
pub type SelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Checks finality on import.
type GrandpaImport = GrandpaBlockImport<FullBackend, Block, FullClient, SelectChain>;
/// Checks authorship on import, then finality.
type BlockImport = BabeBlockImport<
	Block,
	FullClient,
	GrandpaImport,
	BabeCreateInherentDataProviders<Block>,
	SelectChain,
>;

/// What stays with the consensus of a full node.
pub struct ConsensusParts {
	block_import: BlockImport,
	babe_link: BabeLink<Block>,
	grandpa_link: LinkHalf<Block, FullClient, SelectChain>,
	voter_state: SharedVoterState,
	babe_worker: sc_consensus_babe::BabeWorkerHandle<Block>,
	telemetry: Option<Telemetry>,
}

/// What every command needs of a node.
pub type PartialComponents = sc_service::PartialComponents<
	FullClient,
	FullBackend,
	SelectChain,
	sc_consensus::DefaultImportQueue<Block>,
	TransactionPoolHandle<Block, FullClient>,
	ConsensusParts,
>;

/// The transaction pool.
type Pool = Arc<TransactionPoolHandle<Block, FullClient>>;
