//! The runtime as Wasm, executed over a state as a node executes it.

use crate::chain;
use codec::{Decode, Encode};
use marketplace_randomx::capacity_proof;
use marketplace_runtime::{Hash, Header, UncheckedExtrinsic, VERSION, WASM_BINARY};
use sc_executor::WasmExecutor;
use sp_core::traits::{
	CallContext, CodeExecutor, ReadRuntimeVersionExt, RuntimeCode, WrappedRuntimeCode,
};
use sp_io::TestExternalities;
use sp_maybe_compressed_blob::{compress_weakly, decompress};
use sp_runtime::{transaction_validity::InvalidTransaction, ApplyExtrinsicResult};
use sp_version::{embed::embed_runtime_version, RuntimeVersion};

/// The most that a runtime takes when it is not compressed, bytes.
const MOST_CODE: usize = 64 << 20;

type HostFunctions = (sp_io::SubstrateHostFunctions, capacity_proof::HostFunctions);

/// A runtime that is not linked but loaded.
pub struct Wasm {
	code: Vec<u8>,
	executor: WasmExecutor<HostFunctions>,
}

impl Wasm {
	/// The runtime of this build; none where it was built without (`SKIP_WASM_BUILD`).
	pub fn of_this_build() -> Option<Self> {
		let code = WASM_BINARY?.to_vec();
		Some(Self { code, executor: WasmExecutor::builder().build() })
	}

	/// The same runtime as the next version of itself, which is what a chain demands of an upgrade: the version
	/// that nodes and chains read off the code is one higher. The code itself still says the old one.
	pub fn next(self) -> Self {
		let code = decompress(&self.code, MOST_CODE).expect("the build made it");
		let version = RuntimeVersion { spec_version: VERSION.spec_version + 1, ..VERSION };
		let code = embed_runtime_version(&code, version).expect("the build does the same");
		let code = compress_weakly(&code, MOST_CODE).expect("it is below the limit");
		Self { code, ..self }
	}

	/// Lets `state` read versions off code, as a node does for its chain.
	pub fn read_versions(state: &mut TestExternalities) {
		let executor: WasmExecutor<HostFunctions> = WasmExecutor::builder().build();
		state.register_extension(ReadRuntimeVersionExt::new(executor));
	}

	/// What goes into the state of a chain.
	pub fn code(&self) -> &[u8] {
		&self.code
	}

	/// Asks a function of the runtime API, as a client does: what it changes is forgotten.
	pub fn ask<R: Decode>(&self, state: &mut TestExternalities, method: &str, data: &[u8]) -> R {
		state.execute_with(sp_io::storage::start_transaction);
		let answer = self.call(state, method, data);
		state.execute_with(sp_io::storage::rollback_transaction);
		answer
	}

	/// Calls an entry point.
	fn call<R: Decode>(&self, state: &mut TestExternalities, method: &str, data: &[u8]) -> R {
		let fetcher = WrappedRuntimeCode(self.code().into());
		let hash = sp_io::hashing::blake2_256(&self.code).to_vec();
		let code = RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash };
		let mut ext = state.ext();
		let context = CallContext::Onchain { import: true };
		let (result, _) = self.executor.call(&mut ext, &code, method, data, context);
		let answer = result.unwrap_or_else(|error| panic!("{method}: {error}"));
		R::decode(&mut answer.as_slice()).expect("entry points answer what they declare")
	}

	/// Applies a transaction as an author does: one that cannot be included leaves no trace.
	fn apply(
		&self,
		state: &mut TestExternalities,
		transaction: &UncheckedExtrinsic,
	) -> ApplyExtrinsicResult {
		state.execute_with(sp_io::storage::start_transaction);
		let data = transaction.encode();
		let applied: ApplyExtrinsicResult = self.call(state, "BlockBuilder_apply_extrinsic", &data);
		state.execute_with(|| match applied {
			Ok(_) => sp_io::storage::commit_transaction(),
			Err(_) => sp_io::storage::rollback_transaction(),
		});
		applied
	}

	/// Makes a whole block of `transactions` upon that of `parent`. Says how many found room in it, one after the
	/// other; they must all succeed.
	pub fn make_block(
		&self,
		state: &mut TestExternalities,
		parent: &Header,
		transactions: &[UncheckedExtrinsic],
	) -> (Header, usize) {
		let number = parent.number + 1;
		let parent: Hash = parent.hash();
		let (head, time) =
			state.execute_with(|| (chain::head(number, parent), chain::time(number)));
		let _: sp_runtime::ExtrinsicInclusionMode =
			self.call(state, "Core_initialize_block", &head.encode());
		let mut included = 0;
		for transaction in [&time].into_iter().chain(transactions) {
			let applied = self.apply(state, transaction);
			if applied == Err(InvalidTransaction::ExhaustsResources.into()) {
				break;
			}
			assert_eq!(applied, Ok(Ok(())), "in block {number}: {transaction:?}");
			included += 1;
		}
		// The time is no transaction.
		(self.call(state, "BlockBuilder_finalize_block", &[]), included - 1)
	}
}
