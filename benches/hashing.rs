//! RandomX by the library alone and through Wasm. Both keep a cache of their own between calls, and make a
//! virtual machine for each call.

use crate::module;
use marketplace_proof::{Hash, Input};
use marketplace_randomx::{capacity_proof, Engine};
use sc_executor::WasmExecutor;
use sp_core::traits::{CallContext, CodeExecutor, RuntimeCode, WrappedRuntimeCode};
use sp_io::TestExternalities;

type HostFunctions = (sp_io::SubstrateHostFunctions, capacity_proof::HostFunctions);

/// The library, called natively.
pub struct Library {
	engine: Engine,
}

impl Default for Library {
	fn default() -> Self {
		Self { engine: Engine::new(&[]).expect("there are 256 MiB") }
	}
}

impl Library {
	/// The hashes of `inputs` under `key`, one after the other.
	pub fn hashes(&mut self, key: &Hash, inputs: &[Input]) -> Vec<u8> {
		self.engine.set_key(key);
		let hasher = self.engine.hasher().expect("there are 2 MiB");
		inputs.iter().flat_map(|input| hasher.hash(input)).collect()
	}
}

/// The host function, called by a module in the executor of the node.
pub struct Wasm {
	code: Vec<u8>,
	code_hash: Vec<u8>,
	executor: WasmExecutor<HostFunctions>,
	state: TestExternalities,
}

impl Default for Wasm {
	fn default() -> Self {
		let code = module::bytes();
		let code_hash = sp_crypto_hashing::blake2_256(&code).to_vec();
		let executor = WasmExecutor::builder().build();
		Self { code, code_hash, executor, state: TestExternalities::new_empty() }
	}
}

impl Wasm {
	/// The hashes of `inputs` under `key`, one after the other. The module is instantiated for each call, as a
	/// runtime is; it is compiled once.
	pub fn hashes(&mut self, key: &Hash, inputs: &[Input]) -> Vec<u8> {
		let code_fetcher = &WrappedRuntimeCode(self.code.as_slice().into());
		let code = RuntimeCode { code_fetcher, heap_pages: None, hash: self.code_hash.clone() };
		let data = [key.as_slice(), inputs.as_flattened()].concat();
		let (mut ext, context) = (self.state.ext(), CallContext::Onchain { import: true });
		let (hashes, _) = self.executor.call(&mut ext, &code, module::METHOD, &data, context);
		hashes.expect("the module does what the host function asks for")
	}
}
