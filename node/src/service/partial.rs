//! The parts that every command needs.

use super::{ConsensusParts, FullClient, PartialComponents, SelectChain};
use marketplace_runtime::{opaque::Block, RuntimeApi};
use sc_consensus_babe::{BabeWorkerHandle, ImportQueueParams};
use sc_service::{Configuration, Error, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_consensus_babe::inherents::BabeCreateInherentDataProviders;
use std::sync::Arc;

/// GRANDPA makes a justification at least every so many blocks.
pub(super) const JUSTIFICATION_PERIOD: u32 = 512;

/// Opens the database and makes the client, the pool, and the queue that imports blocks.
///
/// # Errors
/// Where the database cannot be opened or the chain specification is not this runtime's.
pub fn new_partial(config: &Configuration) -> Result<PartialComponents, Error> {
	let telemetry = new_telemetry(config)?;
	let executor = sc_service::new_wasm_executor(&config.executor);
	let (client, backend, keystore_container, task_manager) =
		sc_service::new_full_parts::<Block, RuntimeApi, _>(
			config,
			telemetry.as_ref().map(|(_, telemetry)| telemetry.handle()),
			executor,
			vec![],
		)?;
	let client = Arc::new(client);
	let telemetry = telemetry.map(|(worker, telemetry)| {
		task_manager.spawn_handle().spawn("telemetry", None, worker.run());
		telemetry
	});

	let select_chain = sc_consensus::LongestChain::new(backend.clone());
	let transaction_pool = Arc::from(
		sc_transaction_pool::Builder::new(
			task_manager.spawn_essential_handle(),
			client.clone(),
			config.role.is_authority().into(),
		)
		.with_options(config.transaction_pool.clone())
		.with_prometheus(config.prometheus_registry())
		.build(),
	);

	let pool_factory = OffchainTransactionPoolFactory::new(transaction_pool.clone());
	let (import_queue, other) =
		consensus_parts(config, &client, &select_chain, &task_manager, pool_factory, telemetry)?;

	Ok(sc_service::PartialComponents {
		client,
		backend,
		task_manager,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool,
		other,
	})
}

fn new_telemetry(config: &Configuration) -> Result<Option<(TelemetryWorker, Telemetry)>, Error> {
	let endpoints = config.telemetry_endpoints.clone().filter(|list| !list.is_empty());
	let start = |endpoints| -> Result<_, sc_telemetry::Error> {
		let worker = TelemetryWorker::new(16)?;
		let telemetry = worker.handle().new_telemetry(endpoints);
		Ok((worker, telemetry))
	};
	Ok(endpoints.map(start).transpose()?)
}

/// The chain of block imports (BABE around GRANDPA around the client) and the queue in front of it.
fn consensus_parts(
	config: &Configuration,
	client: &Arc<FullClient>,
	select_chain: &SelectChain,
	task_manager: &TaskManager,
	pool_factory: OffchainTransactionPoolFactory<Block>,
	telemetry: Option<Telemetry>,
) -> Result<(sc_consensus::DefaultImportQueue<Block>, ConsensusParts), Error> {
	let telemetry_handle = telemetry.as_ref().map(|telemetry| telemetry.handle());
	let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
		client.clone(),
		JUSTIFICATION_PERIOD,
		client,
		select_chain.clone(),
		telemetry_handle.clone(),
	)?;

	let babe_config = sc_consensus_babe::configuration(&**client)?;
	let slot_duration = babe_config.slot_duration();
	let (block_import, babe_link) = sc_consensus_babe::block_import(
		babe_config,
		grandpa_import.clone(),
		client.clone(),
		inherents(slot_duration),
		select_chain.clone(),
		pool_factory,
	)?;

	let (import_queue, babe_worker): (_, BabeWorkerHandle<Block>) =
		sc_consensus_babe::import_queue(ImportQueueParams {
			link: babe_link.clone(),
			block_import: block_import.clone(),
			justification_import: Some(Box::new(grandpa_import)),
			client: client.clone(),
			slot_duration,
			spawner: &task_manager.spawn_essential_handle(),
			registry: config.prometheus_registry(),
			telemetry: telemetry_handle,
		})?;

	let voter_state = sc_consensus_grandpa::SharedVoterState::empty();
	let parts = ConsensusParts {
		block_import,
		babe_link,
		grandpa_link,
		voter_state,
		babe_worker,
		telemetry,
	};
	Ok((import_queue, parts))
}

/// The time and the slot of a new block.
pub(super) fn inherents(
	slot_duration: sp_consensus_babe::SlotDuration,
) -> BabeCreateInherentDataProviders<Block> {
	Arc::new(move |_, ()| async move {
		let timestamp = sp_timestamp::InherentDataProvider::from_system_time();
		let slot =
			sp_consensus_babe::inherents::InherentDataProvider::from_timestamp_and_slot_duration(
				*timestamp,
				slot_duration,
			);
		Ok((slot, timestamp))
	})
}
