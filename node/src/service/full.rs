//! A full node: network, RPC, off-chain workers and, with keys, consensus.

use super::{
	consensus::{start_authoring, start_voting, Authoring, Voting},
	new_partial, ConsensusParts, FullBackend, FullClient, Pool, SelectChain,
};
use crate::rpc;
use futures::FutureExt;
use marketplace_runtime::{opaque::Block, Hash};
use sc_client_api::Backend;
use sc_consensus_grandpa::FinalityProofProvider;
use sc_network::{service::traits::NetworkService, NetworkBackend};
use sc_service::{
	Configuration, Error, KeystoreContainer, RpcHandlers, TaskManager, WarpSyncConfig,
};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use std::sync::Arc;

/// Starts a full node.
///
/// # Errors
/// Where one of its parts cannot start; the message names it.
pub fn new_full<Net: NetworkBackend<Block, Hash>>(
	config: Configuration,
) -> Result<TaskManager, Error> {
	let sc_service::PartialComponents {
		client,
		backend,
		mut task_manager,
		import_queue,
		keystore_container,
		select_chain,
		transaction_pool,
		other: mut parts,
	} = new_partial(&config)?;

	let mut net_config = sc_network::config::FullNetworkConfiguration::<_, _, Net>::new(
		&config.network,
		config.prometheus_registry().cloned(),
	);
	let genesis = client.chain_info().genesis_hash;
	let grandpa_protocol =
		sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let metrics = Net::register_notification_metrics(config.prometheus_registry());
	let (grandpa_config, grandpa_notifications) =
		sc_consensus_grandpa::grandpa_peers_set_config::<_, Net>(
			grandpa_protocol.clone(),
			metrics.clone(),
			net_config.peer_store_handle(),
		);
	net_config.add_notification_protocol(grandpa_config);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		backend.clone(),
		parts.grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));

	let (network, system_rpc_tx, tx_handler_controller, sync_service, _bitswap) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config: &config,
			net_config,
			client: client.clone(),
			transaction_pool: transaction_pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;

	start_offchain_workers(
		&config,
		&client,
		&task_manager,
		&keystore_container,
		&transaction_pool,
		&network,
	);

	let role = config.role;
	let name = config.network.node_name.clone();
	let force_authoring = config.force_authoring;
	let disable_grandpa = config.disable_grandpa;
	let registry = config.prometheus_registry().cloned();
	let rpc_builder = rpc_builder(
		&client,
		&backend,
		&transaction_pool,
		&select_chain,
		&keystore_container,
		&parts,
	);

	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: client.clone(),
		backend,
		task_manager: &mut task_manager,
		keystore: keystore_container.keystore(),
		transaction_pool: transaction_pool.clone(),
		rpc_builder,
		network: network.clone(),
		system_rpc_tx,
		tx_handler_controller,
		sync_service: sync_service.clone(),
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: None,
	})
	.map(|_: RpcHandlers| ())?;

	let telemetry = parts.telemetry.as_ref().map(|telemetry| telemetry.handle());
	if role.is_authority() {
		start_authoring(Authoring {
			client,
			select_chain,
			pool: transaction_pool.clone(),
			keystore: keystore_container.keystore(),
			task_manager: &task_manager,
			sync_service: sync_service.clone(),
			block_import: parts.block_import,
			babe_link: parts.babe_link,
			force_authoring,
			registry: registry.clone(),
			telemetry: telemetry.clone(),
		})?;
	}
	if !disable_grandpa {
		start_voting(Voting {
			pool: transaction_pool,
			keystore: role.is_authority().then(|| keystore_container.keystore()),
			task_manager: &task_manager,
			network,
			sync_service,
			notifications: grandpa_notifications,
			link: parts.grandpa_link,
			voter_state: parts.voter_state,
			protocol: grandpa_protocol,
			role,
			name,
			registry,
			telemetry,
		})?;
	}
	Ok(task_manager)
}

fn start_offchain_workers(
	config: &Configuration,
	client: &Arc<FullClient>,
	task_manager: &TaskManager,
	keystore: &KeystoreContainer,
	pool: &Pool,
	network: &Arc<dyn NetworkService>,
) {
	if !config.offchain_worker.enabled {
		return;
	}
	let options = sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: client.clone(),
		keystore: Some(keystore.keystore()),
		offchain_db: None::<<FullBackend as Backend<Block>>::OffchainStorage>,
		transaction_pool: Some(OffchainTransactionPoolFactory::new(pool.clone())),
		network_provider: Arc::new(network.clone()),
		is_validator: config.role.is_authority(),
		enable_http_requests: false,
		custom_extensions: |_| Vec::new(),
	};
	if let Ok(workers) = sc_offchain::OffchainWorkers::new(options) {
		task_manager.spawn_handle().spawn(
			"offchain-workers",
			"offchain-worker",
			workers.run(client.clone(), task_manager.spawn_handle()).boxed(),
		);
	}
}

type RpcBuilder = Box<
	dyn Fn(sc_rpc::SubscriptionTaskExecutor) -> Result<jsonrpsee::RpcModule<()>, sc_service::Error>,
>;

fn rpc_builder(
	client: &Arc<FullClient>,
	backend: &Arc<FullBackend>,
	pool: &Pool,
	select_chain: &SelectChain,
	keystore: &KeystoreContainer,
	parts: &ConsensusParts,
) -> RpcBuilder {
	let (client, pool, select_chain) = (client.clone(), pool.clone(), select_chain.clone());
	let keystore = keystore.keystore();
	let worker = parts.babe_worker.clone();
	let justifications = parts.grandpa_link.justification_stream();
	let authorities = parts.grandpa_link.shared_authority_set().clone();
	let voter_state = parts.voter_state.clone();
	let proofs = FinalityProofProvider::new_for_service(backend.clone(), Some(authorities.clone()));
	Box::new(move |executor| {
		let deps = rpc::FullDeps {
			client: client.clone(),
			pool: pool.clone(),
			select_chain: select_chain.clone(),
			babe: rpc::BabeDeps { worker: worker.clone(), keystore: keystore.clone() },
			grandpa: rpc::GrandpaDeps {
				voter_state: voter_state.clone(),
				authorities: authorities.clone(),
				justifications: justifications.clone(),
				executor,
				proofs: proofs.clone(),
			},
		};
		rpc::create(deps).map_err(Into::into)
	})
}
