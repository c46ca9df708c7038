//! The two tasks of a validator: making blocks with BABE and finalising them with GRANDPA.

use super::{partial::inherents, BlockImport, FullClient, Pool, SelectChain};
use marketplace_runtime::opaque::Block;
use sc_consensus_babe::{BabeLink, BabeParams, SlotProportion};
use sc_consensus_grandpa::{GrandpaParams, LinkHalf, SharedVoterState};
use sc_network::{config::Role, service::traits::NetworkService, types::ProtocolName};
use sc_service::{Error, TaskManager};
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use std::{sync::Arc, time::Duration};
use substrate_prometheus_endpoint::Registry;

type SyncService = Arc<sc_network_sync::SyncingService<Block>>;

/// The part of a slot in which a block is made; the rest is for it to travel.
const PROPOSAL_SHARE_OF_SLOT: f32 = 2.0 / 3.0;
/// GRANDPA gossips so often.
const GOSSIP_PERIOD: Duration = Duration::from_millis(333);

/// What making blocks needs.
pub(super) struct Authoring<'a> {
	pub client: Arc<FullClient>,
	pub select_chain: SelectChain,
	pub pool: Pool,
	pub keystore: KeystorePtr,
	pub task_manager: &'a TaskManager,
	pub sync_service: SyncService,
	pub block_import: BlockImport,
	pub babe_link: BabeLink<Block>,
	pub force_authoring: bool,
	pub registry: Option<Registry>,
	pub telemetry: Option<TelemetryHandle>,
}

/// Starts to make blocks.
pub(super) fn start_authoring(parts: Authoring<'_>) -> Result<(), Error> {
	let proposer = sc_basic_authorship::ProposerFactory::new(
		parts.task_manager.spawn_handle(),
		parts.client.clone(),
		parts.pool,
		parts.registry.as_ref(),
		parts.telemetry.clone(),
	);
	let slot_duration = parts.babe_link.config().slot_duration();
	let babe = sc_consensus_babe::start_babe(BabeParams {
		keystore: parts.keystore,
		client: parts.client,
		select_chain: parts.select_chain,
		env: proposer,
		block_import: parts.block_import,
		sync_oracle: parts.sync_service.clone(),
		justification_sync_link: parts.sync_service,
		create_inherent_data_providers: inherents(slot_duration),
		force_authoring: parts.force_authoring,
		backoff_authoring_blocks: None::<()>,
		babe_link: parts.babe_link,
		block_proposal_slot_portion: SlotProportion::new(PROPOSAL_SHARE_OF_SLOT),
		max_block_proposal_slot_portion: None,
		telemetry: parts.telemetry,
	})?;
	let group = Some("block-authoring");
	parts.task_manager.spawn_essential_handle().spawn_blocking("babe", group, babe);
	Ok(())
}

/// What finalising needs.
pub(super) struct Voting<'a> {
	pub pool: Pool,
	pub keystore: Option<KeystorePtr>,
	pub task_manager: &'a TaskManager,
	pub network: Arc<dyn NetworkService>,
	pub sync_service: SyncService,
	pub notifications: Box<dyn sc_network::NotificationService>,
	pub link: LinkHalf<Block, FullClient, SelectChain>,
	pub voter_state: SharedVoterState,
	pub protocol: ProtocolName,
	pub role: Role,
	pub name: String,
	pub registry: Option<Registry>,
	pub telemetry: Option<TelemetryHandle>,
}

/// Starts to finalise blocks: to vote with keys, to follow the votes without.
pub(super) fn start_voting(parts: Voting<'_>) -> Result<(), Error> {
	let config = sc_consensus_grandpa::Config {
		gossip_duration: GOSSIP_PERIOD,
		justification_generation_period: super::partial::JUSTIFICATION_PERIOD,
		name: Some(parts.name),
		observer_enabled: false,
		keystore: parts.keystore,
		local_role: parts.role,
		telemetry: parts.telemetry.clone(),
		protocol_name: parts.protocol,
	};
	let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
		config,
		link: parts.link,
		network: parts.network,
		sync: parts.sync_service,
		notification_service: parts.notifications,
		voting_rule: sc_consensus_grandpa::VotingRulesBuilder::default().build(),
		prometheus_registry: parts.registry,
		shared_voter_state: parts.voter_state,
		telemetry: parts.telemetry,
		offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(parts.pool),
	})?;
	parts.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
	Ok(())
}
