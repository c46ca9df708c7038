//! The chains that this binary knows by name. What is in them is the runtime's to say: a chain
//! specification only names one of its genesis presets.

use marketplace_runtime::{genesis, WASM_BINARY};
use sc_service::{ChainType, Properties};

/// The functions that the runtime finds on the host besides Substrate's own.
pub type ExtraHostFunctions = marketplace_randomx::capacity_proof::HostFunctions;

/// A chain specification whose genesis can be built with our host functions.
pub type ChainSpec = sc_service::GenericChainSpec<sc_service::NoExtension, ExtraHostFunctions>;

fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("tokenSymbol".into(), "FLT".into());
	properties.insert("tokenDecimals".into(), 18.into());
	properties.insert("ss58Format".into(), 42.into());
	properties
}

fn named(name: &str, id: &str, kind: ChainType, preset: &str) -> Result<ChainSpec, String> {
	let wasm = WASM_BINARY.ok_or("this node was built without its runtime (SKIP_WASM_BUILD)")?;
	Ok(ChainSpec::builder(wasm, Default::default())
		.with_name(name)
		.with_id(id)
		.with_chain_type(kind)
		.with_protocol_id("marketplace")
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

/// One validator, short blocks and epochs, funded development accounts.
pub fn development() -> Result<ChainSpec, String> {
	named(
		"Marketplace+ Development",
		"marketplace_dev",
		ChainType::Development,
		genesis::DEVELOPMENT,
	)
}

/// Three validators on one machine, the pace of the live chain.
pub fn local() -> Result<ChainSpec, String> {
	named("Marketplace+ Local", "marketplace_local", ChainType::Local, genesis::LOCAL)
}
