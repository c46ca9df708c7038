//! The invariants on a state that a real node exported with `export-state`.

use marketplace_runtime::System;
use marketplace_scenarios::invariants;
use sp_core::storage::Storage;
use sp_io::TestExternalities;

fn bytes(hex: &str) -> Vec<u8> {
	hex::decode(hex.trim_start_matches("0x")).expect("exported states are hexadecimal")
}

/// Reads the raw genesis of a chain specification.
fn read(path: &str) -> Storage {
	let text = std::fs::read_to_string(path).expect("MARKETPLACE_STATE names a readable file");
	let spec: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
	let top = spec["genesis"]["raw"]["top"].as_object().expect("it is a raw chain specification");
	let pairs = top
		.iter()
		.map(|(key, value)| (bytes(key), bytes(value.as_str().expect("values are strings"))));
	Storage { top: pairs.collect(), children_default: Default::default() }
}

/// Without `MARKETPLACE_STATE` there is no state to check: the end-to-end test names one, after its node
/// has stopped.
#[test]
fn exported_state_holds_every_invariant() {
	let Ok(path) = std::env::var("MARKETPLACE_STATE") else {
		eprintln!("MARKETPLACE_STATE names no state: nothing to check");
		return;
	};
	TestExternalities::from(read(&path)).execute_with(|| {
		assert!(System::block_number() > 0, "the state is of a chain that ran");
		assert_eq!(invariants::check(), Ok(()));
	});
}
