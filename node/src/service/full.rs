//! A full node: network, RPC, off-chain workers and, with keys, consensus.

use super::{
	consensus::{start_authoring, start_voting, Authoring, Voting},
	new_partial, ConsensusParts, FullBackend, FullClient, Pool, SelectChain,
};
use crate::rpc;
use futures::FutureExt;
use marketplace_runtime::{opaque::Block, Hash};
use sc_client_api::Backend;
use sc_consensus_grandpa::{FinalityProofProvider, LinkHalf};
use sc_network::{
	config::{FullNetworkConfiguration, Role},
	service::traits::NetworkService,
	types::ProtocolName,
	NetworkBackend, NotificationService,
};
use sc_network_sync::SyncingService;
use sc_network_transactions::TransactionsHandlerController;
use sc_service::{Configuration, Error, KeystoreContainer, TaskManager, WarpSyncConfig};
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sc_utils::mpsc::TracingUnboundedSender;
use std::sync::Arc;
use substrate_prometheus_endpoint::Registry;

/// What the network gives to the other parts.
struct Network {
	service: Arc<dyn NetworkService>,
	sync: Arc<SyncingService<Block>>,
	grandpa_protocol: ProtocolName,
	grandpa_notifications: Box<dyn NotificationService>,
}

/// What the network gives to the RPC server alone.
struct RpcLinks {
	system: TracingUnboundedSender<sc_rpc::system::Request<Block>>,
	transactions: TransactionsHandlerController<Hash>,
}

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
		transaction_pool: pool,
		other: mut parts,
	} = new_partial(&config)?;
	let sources = Sources { client, backend, select_chain, pool, keystore: keystore_container };

	let (network, links) =
		start_network::<Net>(&config, &sources, &parts.grandpa_link, &task_manager, import_queue)?;
	start_offchain_workers(&config, &sources, &task_manager, &network.service);
	let node = NodeSettings::of(&config);
	start_rpc(config, &sources, &mut parts, &mut task_manager, &network, links)?;
	start_consensus(node, sources, parts, &task_manager, network)?;
	Ok(task_manager)
}

/// What all parts draw from.
struct Sources {
	client: Arc<FullClient>,
	backend: Arc<FullBackend>,
	select_chain: SelectChain,
	pool: Pool,
	keystore: KeystoreContainer,
}

/// What consensus needs of the configuration, which the RPC server takes.
struct NodeSettings {
	role: Role,
	name: String,
	force_authoring: bool,
	disable_grandpa: bool,
	registry: Option<Registry>,
}

impl NodeSettings {
	fn of(config: &Configuration) -> Self {
		Self {
			role: config.role,
			name: config.network.node_name.clone(),
			force_authoring: config.force_authoring,
			disable_grandpa: config.disable_grandpa,
			registry: config.prometheus_registry().cloned(),
		}
	}
}

fn start_network<Net: NetworkBackend<Block, Hash>>(
	config: &Configuration,
	sources: &Sources,
	grandpa_link: &LinkHalf<Block, FullClient, SelectChain>,
	task_manager: &TaskManager,
	import_queue: sc_consensus::DefaultImportQueue<Block>,
) -> Result<(Network, RpcLinks), Error> {
	let registry = config.prometheus_registry();
	let mut net_config =
		FullNetworkConfiguration::<_, _, Net>::new(&config.network, registry.cloned());
	let genesis = sources.client.chain_info().genesis_hash;
	let grandpa_protocol =
		sc_consensus_grandpa::protocol_standard_name(&genesis, &config.chain_spec);
	let metrics = Net::register_notification_metrics(registry);
	let (grandpa_config, grandpa_notifications) =
		sc_consensus_grandpa::grandpa_peers_set_config::<_, Net>(
			grandpa_protocol.clone(),
			metrics.clone(),
			net_config.peer_store_handle(),
		);
	net_config.add_notification_protocol(grandpa_config);
	let warp_sync = Arc::new(sc_consensus_grandpa::warp_proof::NetworkProvider::new(
		sources.backend.clone(),
		grandpa_link.shared_authority_set().clone(),
		Vec::new(),
	));

	let (service, system, transactions, sync, _bitswap) =
		sc_service::build_network(sc_service::BuildNetworkParams {
			config,
			net_config,
			client: sources.client.clone(),
			transaction_pool: sources.pool.clone(),
			spawn_handle: task_manager.spawn_handle(),
			spawn_essential_handle: task_manager.spawn_essential_handle(),
			import_queue,
			block_announce_validator_builder: None,
			warp_sync_config: Some(WarpSyncConfig::WithProvider(warp_sync)),
			block_relay: None,
			metrics,
			gap_sync_body_policy: None,
		})?;
	let network = Network { service, sync, grandpa_protocol, grandpa_notifications };
	Ok((network, RpcLinks { system, transactions }))
}

fn start_rpc(
	config: Configuration,
	sources: &Sources,
	parts: &mut ConsensusParts,
	task_manager: &mut TaskManager,
	network: &Network,
	links: RpcLinks,
) -> Result<(), Error> {
	let rpc_builder = rpc_builder(sources, parts);
	sc_service::spawn_tasks(sc_service::SpawnTasksParams {
		config,
		client: sources.client.clone(),
		backend: sources.backend.clone(),
		task_manager,
		keystore: sources.keystore.keystore(),
		transaction_pool: sources.pool.clone(),
		rpc_builder,
		network: network.service.clone(),
		system_rpc_tx: links.system,
		tx_handler_controller: links.transactions,
		sync_service: network.sync.clone(),
		telemetry: parts.telemetry.as_mut(),
		tracing_execute_block: None,
	})?;
	Ok(())
}

/// A validator makes blocks and votes on them; any other node follows the votes.
fn start_consensus(
	node: NodeSettings,
	sources: Sources,
	parts: ConsensusParts,
	task_manager: &TaskManager,
	network: Network,
) -> Result<(), Error> {
	let telemetry = parts.telemetry.as_ref().map(|telemetry| telemetry.handle());
	let keystore = sources.keystore.keystore();
	if node.role.is_authority() {
		start_authoring(Authoring {
			client: sources.client,
			select_chain: sources.select_chain,
			pool: sources.pool.clone(),
			keystore: keystore.clone(),
			task_manager,
			sync_service: network.sync.clone(),
			block_import: parts.block_import,
			babe_link: parts.babe_link,
			force_authoring: node.force_authoring,
			registry: node.registry.clone(),
			telemetry: telemetry.clone(),
		})?;
	}
	if node.disable_grandpa {
		return Ok(());
	}
	start_voting(Voting {
		pool: sources.pool,
		keystore: node.role.is_authority().then_some(keystore),
		task_manager,
		network: network.service,
		sync_service: network.sync,
		notifications: network.grandpa_notifications,
		link: parts.grandpa_link,
		voter_state: parts.voter_state,
		protocol: network.grandpa_protocol,
		role: node.role,
		name: node.name,
		registry: node.registry,
		telemetry,
	})
}

fn start_offchain_workers(
	config: &Configuration,
	sources: &Sources,
	task_manager: &TaskManager,
	network: &Arc<dyn NetworkService>,
) {
	if !config.offchain_worker.enabled {
		return;
	}
	let options = sc_offchain::OffchainWorkerOptions {
		runtime_api_provider: sources.client.clone(),
		keystore: Some(sources.keystore.keystore()),
		offchain_db: None::<<FullBackend as Backend<Block>>::OffchainStorage>,
		transaction_pool: Some(OffchainTransactionPoolFactory::new(sources.pool.clone())),
		network_provider: Arc::new(network.clone()),
		is_validator: config.role.is_authority(),
		enable_http_requests: false,
		custom_extensions: |_| Vec::new(),
	};
	if let Ok(workers) = sc_offchain::OffchainWorkers::new(options) {
		task_manager.spawn_handle().spawn(
			"offchain-workers",
			"offchain-worker",
			workers.run(sources.client.clone(), task_manager.spawn_handle()).boxed(),
		);
	}
}

type RpcBuilder = Box<
	dyn Fn(sc_rpc::SubscriptionTaskExecutor) -> Result<jsonrpsee::RpcModule<()>, sc_service::Error>,
>;

fn rpc_builder(sources: &Sources, parts: &ConsensusParts) -> RpcBuilder {
	let (client, pool) = (sources.client.clone(), sources.pool.clone());
	let (select_chain, keystore) = (sources.select_chain.clone(), sources.keystore.keystore());
	let worker = parts.babe_worker.clone();
	let justifications = parts.grandpa_link.justification_stream();
	let authorities = parts.grandpa_link.shared_authority_set().clone();
	let voter_state = parts.voter_state.clone();
	let backend = sources.backend.clone();
	let proofs = FinalityProofProvider::new_for_service(backend, Some(authorities.clone()));
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
