//! One prover for many epochs.

use marketplace_prover::{serve, Event, Job, Prover, Resources, Setup, Store};
use serde_json::{json, Value};
use std::{
	fs,
	io::{self, Write},
	num::NonZeroUsize,
	path::PathBuf,
};

fn job(epoch: u32) -> Value {
	json!({
		"genesis": format!("0x{}", "01".repeat(32)),
		"epoch": epoch,
		"seed": format!("0x{}", "02".repeat(32)),
		"server": 3,
		"units": [0],
		"slots": 1,
		"target": format!("0x{}", "ff".repeat(32)),
	})
}

fn store(test: &str) -> Store {
	let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("prover-serve-{test}"));
	let _ = fs::remove_dir_all(&dir);
	Store::new(dir)
}

fn prover() -> Prover {
	Prover::new(Setup::light(Resources { threads: NonZeroUsize::MIN, time_limit: None }))
}

fn ignore(_: &Job, _: &Event) {}

fn served(store: &Store, input: &str) -> Vec<Value> {
	let mut output = Vec::new();
	serve(&mut prover(), store, input.as_bytes(), &mut output, ignore).unwrap();
	let output = String::from_utf8(output).unwrap();
	output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_job_gets_its_line() {
	let store = store("lines");
	let lines = served(&store, &format!("{}\n\n  \n{}", job(7), job(8)));
	let epochs: Vec<_> = lines.iter().map(|line| line["epoch"].as_u64().unwrap()).collect();
	assert_eq!(epochs, [7, 8]);
	for (line, epoch) in lines.iter().zip(7..) {
		assert_eq!(line["server"], 3);
		assert_eq!(line["proven"], "1");
		assert_eq!(line["hashes"], 1);
		let root = store.load(3, epoch).unwrap().root().unwrap();
		assert_eq!(line["root"], format!("0x{}", hex::encode(root)));
	}
	let again = served(&store, &job(7).to_string());
	assert_eq!((&again[0]["root"], &again[0]["hashes"]), (&lines[0]["root"], &json!(0)));
}

#[test]
fn job_that_fails_is_told_and_the_next_one_is_done() {
	let store = store("errors");
	let with = |field: &str, value: Value| {
		let mut job = job(7);
		job[field] = value;
		job
	};
	let input = [
		"no job".to_owned(),
		with("units", json!([64])).to_string(),
		job(7).to_string(),
		with("slots", json!(2)).to_string(),
		job(8).to_string(),
	];
	let lines = served(&store, &input.join("\n"));
	let reason = |line: usize| lines[line]["error"].as_str().unwrap_or_default();
	assert!(reason(0).contains("expected"), "{}", reason(0));
	assert!(lines[0].get("epoch").is_none());
	assert!(reason(1).contains("unit 64"), "{}", reason(1));
	assert_eq!((&lines[1]["server"], &lines[1]["epoch"]), (&json!(3), &json!(7)));
	assert_eq!(lines[2]["proven"], "1");
	assert!(reason(3).contains("another job"), "{}", reason(3));
	assert_eq!(lines[4]["proven"], "1");
	assert_eq!(lines.len(), 5);
	let kept = store.load(3, 7).unwrap().root().unwrap();
	assert_eq!(lines[2]["root"], format!("0x{}", hex::encode(kept)), "nothing is lost");
}

#[test]
fn bytes_that_are_no_text_are_an_error_of_their_line() {
	let input = [b"\xff\xfe\n", job(7).to_string().as_bytes()].concat();
	let mut output = Vec::new();
	serve(&mut prover(), &store("bytes"), &input[..], &mut output, ignore).unwrap();
	let lines: Vec<_> = output.split(|byte| *byte == b'\n').collect();
	assert!(serde_json::from_slice::<Value>(lines[0]).unwrap()["error"].is_string());
	assert_eq!(serde_json::from_slice::<Value>(lines[1]).unwrap()["proven"], "1");
}

/// Nobody reads.
struct Closed;

impl Write for Closed {
	fn write(&mut self, _: &[u8]) -> io::Result<usize> {
		Err(io::ErrorKind::BrokenPipe.into())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

#[test]
fn proofs_are_kept_where_nobody_reads_the_line() {
	let store = store("closed");
	let input = format!("{}\n{}\n", job(7), job(8));
	let result = serve(&mut prover(), &store, input.as_bytes(), Closed, ignore);
	assert_eq!(result.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
	assert!(store.load(3, 7).is_ok());
	assert!(store.load(3, 8).is_err(), "it ended");
}
