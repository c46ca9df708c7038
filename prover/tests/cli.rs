//! The binary as others call it.

use serde_json::{json, Value};
use std::{
	fs,
	io::Write,
	path::PathBuf,
	process::{Command, Output, Stdio},
};

fn state(test: &str) -> PathBuf {
	let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("prover-cli-{test}"));
	let _ = fs::remove_dir_all(&dir);
	dir
}

fn call(args: &[&str], input: &str) -> Output {
	let mut child = Command::new(env!("CARGO_BIN_EXE_marketplace-prover"))
		.args(args)
		.stdin(Stdio::piped())
		.stdout(Stdio::piped())
		.stderr(Stdio::piped())
		.spawn()
		.unwrap();
	// One that refuses its options does not wait for its input.
	let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
	child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> Value {
	assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
	serde_json::from_slice(&output.stdout).unwrap()
}

fn job() -> Value {
	json!({
		"genesis": format!("0x{}", "01".repeat(32)),
		"epoch": 7,
		"seed": format!("0x{}", "02".repeat(32)),
		"server": 3,
		"units": [0, 63],
		"slots": 2,
		"target": format!("0x{}", "7f".repeat(32)),
	})
}

#[test]
fn job_is_proven_and_answered() {
	let dir = state("prove");
	let dir = dir.to_str().unwrap();
	let report = printed(&call(&["prove", "--state", dir], &job().to_string()));
	assert_eq!(report["proven"], "9223372036854775809");
	assert_eq!(report["leaves"], 4);
	assert_eq!(report["unproven"], json!([]));
	assert_eq!(report["root"].as_str().unwrap().len(), 66);
	assert!(report["hashes"].as_u64().unwrap() >= 4);
	assert!(report["hashes_per_second"].as_f64().unwrap() > 0.0);
	assert!(report["elapsed"].as_f64().unwrap() > 0.0);

	let args = ["answer", "--state", dir, "--server", "3", "--epoch", "7", "--unit", "63"];
	let leaves = printed(&call(&[&args[..], &["--slots", "1,0"]].concat(), ""));
	assert_eq!(leaves.as_array().unwrap().len(), 2);
	for (slot, shown) in leaves.as_array().unwrap().iter().enumerate() {
		assert_eq!(shown["leaf"]["server"], 3);
		assert_eq!(shown["leaf"]["epoch"], 7);
		assert_eq!(shown["leaf"]["unit"], 63);
		assert_eq!(shown["leaf"]["slot"], slot);
		assert!(shown["leaf"]["nonce"].as_str().unwrap().parse::<u64>().is_ok());
		assert_eq!(shown["leaf"]["hash"].as_str().unwrap().len(), 66);
		assert_eq!(shown["path"].as_array().unwrap().len(), 2);
	}
	let unknown = call(&[&args[..], &["--slots", "2"]].concat(), "");
	assert!(!unknown.status.success());
	assert!(String::from_utf8_lossy(&unknown.stderr).contains("slot 2"));
}

#[test]
fn job_is_read_from_a_file() {
	let dir = state("file");
	fs::create_dir_all(&dir).unwrap();
	let file = dir.join("job.json");
	fs::write(&file, job().to_string()).unwrap();
	let (dir, file) = (dir.to_str().unwrap(), file.to_str().unwrap());
	let report = printed(&call(&["prove", "--forge", "--state", dir, "--job", file], ""));
	assert_eq!(report["hashes"], 0);
	assert_eq!(report["leaves"], 4);
}

#[test]
fn bad_jobs_are_refused_with_a_reason() {
	let dir = state("bad");
	let refused = |job: &str, reason: &str| {
		let output = call(&["prove", "--state", dir.to_str().unwrap()], job);
		let message = String::from_utf8_lossy(&output.stderr).into_owned();
		assert!(!output.status.success());
		assert!(output.stdout.is_empty());
		assert!(message.contains(reason), "{message}");
	};
	let with = |field: &str, value: Value| {
		let mut job = job();
		job[field] = value;
		job.to_string()
	};
	refused("", "EOF");
	refused(&with("units", json!([64])), "unit 64");
	refused(&with("seed", json!("0x00")), "not 32 bytes");
	refused(&with("surplus", json!(1)), "unknown field");
	assert!(!dir.exists(), "nothing is kept");
}

#[test]
fn run_keeps_going_until_its_input_ends() {
	let dir = state("run");
	let dir = dir.to_str().unwrap();
	let mut next = job();
	next["epoch"] = json!(8);
	let input = format!("{}\nnonsense\n{next}\n", job());
	let output = call(&["run", "--state", dir, "--threads", "1"], &input);
	assert!(output.status.success());
	let text = String::from_utf8(output.stdout).unwrap();
	let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
	assert_eq!(lines.len(), 3);
	assert_eq!((&lines[0]["epoch"], &lines[0]["leaves"]), (&json!(7), &json!(4)));
	assert!(lines[1]["error"].is_string());
	assert_eq!((&lines[2]["epoch"], &lines[2]["leaves"]), (&json!(8), &json!(4)));

	let again = printed(&call(&["prove", "--state", dir], &job().to_string()));
	assert_eq!(again["root"], lines[0]["root"]);
	let removed = printed(&call(&["prune", "--state", dir, "--before", "8"], ""));
	assert_eq!(removed, json!({ "removed": [{ "server": 3, "epoch": 7 }] }));
	let other = ["prune", "--state", dir, "--before", "9", "--server", "4"];
	assert_eq!(printed(&call(&other, "")), json!({ "removed": [] }));
}

#[test]
fn progress_is_shown_unless_it_is_not_wanted() {
	let dir = state("progress");
	let args = ["prove", "--state", dir.to_str().unwrap(), "--threads", "1"];
	let shown = |args: &[&str], job: &Value| {
		let output = call(args, &job.to_string());
		printed(&output);
		String::from_utf8(output.stderr).unwrap()
	};
	let line = shown(&args, &job());
	assert!(line.contains("server 3, epoch 7: units 2/2, slots 4/4"), "{line}");
	assert!(line.contains("per second"), "{line}");
	let mut next = job();
	next["epoch"] = json!(8);
	assert_eq!(shown(&[&args[..], &["--quiet"]].concat(), &next), "");
}

#[test]
fn too_little_memory_is_refused_with_what_is_missing() {
	let dir = state("memory");
	let options = ["--state", dir.to_str().unwrap(), "--mode", "fast", "--memory", "4"];
	let options = [&options[..], &["--threads", "1"]].concat();
	for command in ["prove", "run"] {
		let output = call(&[&[command][..], &options].concat(), &job().to_string());
		let message = String::from_utf8_lossy(&output.stderr).into_owned();
		assert!(!output.status.success());
		assert!(message.contains("needs 4674 MiB for one unit"), "{message}");
		assert!(message.contains("the limit is 4096 MiB: 578 MiB are missing"), "{message}");
	}
	assert!(!dir.exists(), "nothing is kept");
}

#[test]
fn options_that_mean_nothing_are_refused() {
	let dir = state("options");
	let refused = |options: &[&str], reason: &str| {
		let args = [&["prove", "--state", dir.to_str().unwrap()][..], options].concat();
		let output = call(&args, &job().to_string());
		let message = String::from_utf8_lossy(&output.stderr).into_owned();
		assert!(!output.status.success());
		assert!(message.contains(reason), "{message}");
	};
	refused(&["--mode", "quick"], "'quick' is no mode");
	refused(&["--cores", "3-1"], "'3-1' is no core");
	refused(&["--threads", "0"], "--threads");
	refused(&["--memory", "much"], "--memory");
}

#[test]
fn selftest_passes() {
	let found = printed(&call(&["selftest"], ""));
	assert!(found["verification"].as_f64().unwrap() > 0.0);
}
