//! What the node answers over RPC besides what every Substrate node does: nonces, fees, consensus.
//! The market has no RPC of its own: clients call the runtime API `MarketApi`.

use jsonrpsee::RpcModule;
use marketplace_runtime::{opaque::Block, AccountId, Balance, BlockNumber, Hash, Nonce};
use sc_client_api::{AuxStore, BlockchainEvents, StorageProvider};
use sc_consensus_babe::BabeWorkerHandle;
use sc_consensus_babe_rpc::{Babe, BabeApiServer};
use sc_consensus_grandpa::{
	FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState,
};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockChainError, HeaderBackend, HeaderMetadata};
use sp_consensus::SelectChain;
use sp_consensus_babe::BabeApi;
use sp_keystore::KeystorePtr;
use std::sync::Arc;

/// What BABE's RPC needs.
pub struct BabeDeps {
	/// A handle to the worker.
	pub worker: BabeWorkerHandle<Block>,
	/// Where validators keep keys.
	pub keystore: KeystorePtr,
}

/// What GRANDPA's RPC needs.
pub struct GrandpaDeps<Backend> {
	/// The voter's state.
	pub voter_state: SharedVoterState,
	/// The authorities.
	pub authorities: SharedAuthoritySet<Hash, BlockNumber>,
	/// New justifications.
	pub justifications: GrandpaJustificationStream<Block>,
	/// Runs subscriptions.
	pub executor: SubscriptionTaskExecutor,
	/// Proves finality.
	pub proofs: Arc<FinalityProofProvider<Backend, Block>>,
}

/// What the RPC needs.
pub struct FullDeps<Client, Pool, Select, Backend> {
	/// The client.
	pub client: Arc<Client>,
	/// The transaction pool.
	pub pool: Arc<Pool>,
	/// Chooses between forks.
	pub select_chain: Select,
	/// Of BABE.
	pub babe: BabeDeps,
	/// Of GRANDPA.
	pub grandpa: GrandpaDeps<Backend>,
}

/// Builds the module.
///
/// # Errors
/// Where two methods have the same name.
pub fn create<Client, Pool, Select, Backend>(
	deps: FullDeps<Client, Pool, Select, Backend>,
) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
	Client: ProvideRuntimeApi<Block>
		+ BlockchainEvents<Block>
		+ StorageProvider<Block, Backend>
		+ HeaderBackend<Block>
		+ HeaderMetadata<Block, Error = BlockChainError>
		+ AuxStore
		+ Send
		+ Sync
		+ 'static,
	Client::Api: substrate_frame_rpc_system::AccountNonceApi<Block, AccountId, Nonce>
		+ pallet_transaction_payment_rpc::TransactionPaymentRuntimeApi<Block, Balance>
		+ BabeApi<Block>
		+ BlockBuilder<Block>,
	Pool: TransactionPool<Block = Block> + 'static,
	Select: SelectChain<Block> + 'static,
	Backend: sc_client_api::Backend<Block> + Send + Sync + 'static,
{
	use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer};
	use substrate_frame_rpc_system::{System, SystemApiServer};

	let FullDeps { client, pool, select_chain, babe, grandpa } = deps;
	let mut module = RpcModule::new(());
	module.merge(System::new(client.clone(), pool).into_rpc())?;
	module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
	module.merge(Babe::new(client, babe.worker, babe.keystore, select_chain).into_rpc())?;
	module.merge(
		Grandpa::new(
			grandpa.executor,
			grandpa.authorities,
			grandpa.voter_state,
			grandpa.justifications,
			grandpa.proofs,
		)
		.into_rpc(),
	)?;
	Ok(module)
}
