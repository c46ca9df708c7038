//! A machine that cannot hash says nothing: it never calls a right proof wrong.

#![cfg(target_os = "linux")]

use hex_literal::hex;
use marketplace_randomx::{hash_inputs, OK};
use std::process::{Command, Output};

/// RandomX of 32 zeros under 32 zeros.
const RIGHT: [u8; 32] = hex!("6b366e77bfd1e3814d18925d667254b717f7995b3688bd521c8921b0435edc88");

/// Set for the process that hashes in a machine with a fault.
const VARIABLE: &str = "RANDOMX_FAULT_TEST";

/// What the process ends with if it got another hash than it must.
const WRONG: i32 = 42;

/// Runs by itself where a test below started it; does nothing in an ordinary run.
#[test]
fn hashes_in_a_machine_with_a_fault() {
	if std::env::var_os(VARIABLE).is_none() {
		return;
	}
	let mut out = [0; 32];
	let verdict = hash_inputs(&[0; 32], &[0; 32], 32, &mut out);
	std::process::exit(if verdict == OK && out == RIGHT { 0 } else { WRONG });
}

/// Runs that test in a process of its own, behind `limit`, a command of the shell.
fn run(limit: &str) -> Output {
	let program = std::env::current_exe().expect("the test has a file");
	Command::new("sh")
		.args([
			"-c",
			&format!("{limit}; exec \"$0\" --nocapture --exact hashes_in_a_machine_with_a_fault"),
		])
		.arg(program)
		.env(VARIABLE, "1")
		.output()
		.expect("there is a shell")
}

#[test]
fn a_sound_machine_hashes_right() {
	assert_eq!(run("true").status.code(), Some(0));
}

#[test]
fn without_memory_the_process_ends_and_gives_no_verdict() {
	// 200 MiB of address space beside the program: no room for a cache of 256.
	let output = run("ulimit -v 300000");
	let said = String::from_utf8_lossy(&output.stderr);
	assert_ne!(output.status.code(), Some(0), "there is no memory for a hash");
	assert_ne!(output.status.code(), Some(WRONG), "{said}");
	assert!(said.contains("cannot verify proofs"), "{said}");
}

#[test]
fn at_every_limit_the_hash_is_right_or_none() {
	for limit in (100_000..700_000).step_by(50_000) {
		let output = run(&format!("ulimit -v {limit}"));
		let said = String::from_utf8_lossy(&output.stderr);
		assert_ne!(output.status.code(), Some(WRONG), "{limit} KiB: {said}");
	}
}
