//! The smallest Wasm module that can verify: it does nothing but call the host function.

use marketplace_proof::INPUT_LEN;
use wasm_encoder::{
	BlockType, CodeSection, ConstExpr, EntityType, ExportKind, ExportSection, Function,
	FunctionSection, GlobalSection, GlobalType, ImportSection, InstructionSink, MemorySection,
	MemoryType, Module, TypeSection, ValType,
};

/// The module's only entry point.
///
/// Of a key and inputs, one after the other, it returns the hashes.
pub const METHOD: &str = "hashes";

/// Where the module lets the host write hashes.
const HASHES: i64 = 1_024;

/// Where the host may allocate: the second page.
const HEAP: i32 = 65_536;

const KEY_LEN: i32 = 32;
const HASH_LEN: i32 = 32;

/// The module, as a file.
pub fn bytes() -> Vec<u8> {
	let mut types = TypeSection::new();
	let (word, fat) = (ValType::I32, ValType::I64);
	types.ty().function([word, fat, word, fat], [word]);
	types.ty().function([word, word], [fat]);

	let mut imports = ImportSection::new();
	imports.import("env", "ext_capacity_proof_randomx_version_1", EntityType::Function(0));
	let mut functions = FunctionSection::new();
	functions.function(1);

	let mut memories = MemorySection::new();
	let (maximum, page_size_log2) = (None, None);
	let (memory64, shared) = (false, false);
	memories.memory(MemoryType { minimum: 2, maximum, memory64, shared, page_size_log2 });
	let mut globals = GlobalSection::new();
	let constant = GlobalType { val_type: word, mutable: false, shared };
	globals.global(constant, &ConstExpr::i32_const(HEAP));

	let mut exports = ExportSection::new();
	exports.export("memory", ExportKind::Memory, 0);
	exports.export("__heap_base", ExportKind::Global, 0);
	exports.export(METHOD, ExportKind::Func, 1);
	let mut code = CodeSection::new();
	code.function(&entry());

	let mut module = Module::new();
	module.section(&types).section(&imports).section(&functions).section(&memories);
	module.section(&globals).section(&exports).section(&code);
	module.finish()
}

/// The entry point: `(address, length)` of the arguments to address and length of the hashes.
fn entry() -> Function {
	let mut function = Function::new([]);
	let mut body = function.instructions();
	body.local_get(0);
	body.local_get(0).i32_const(KEY_LEN).i32_add().i64_extend_i32_u();
	inputs_len(&mut body);
	as_length(&mut body);
	body.i32_const(i32::try_from(INPUT_LEN).expect("inputs are short"));
	hashes(&mut body);
	body.call(0).if_(BlockType::Empty).unreachable().end();
	hashes(&mut body);
	body.end();
	function
}

/// Pushes the length of all inputs.
fn inputs_len(body: &mut InstructionSink<'_>) {
	body.local_get(1).i32_const(KEY_LEN).i32_sub();
}

/// Joins the length on top of the stack with the address below it.
fn as_length(body: &mut InstructionSink<'_>) {
	body.i64_extend_i32_u().i64_const(32).i64_shl().i64_or();
}

/// Pushes address and length of the hashes.
fn hashes(body: &mut InstructionSink<'_>) {
	body.i64_const(HASHES);
	inputs_len(body);
	body.i32_const(i32::try_from(INPUT_LEN).expect("inputs are short")).i32_div_u();
	body.i32_const(HASH_LEN).i32_mul();
	as_length(body);
}
