//! Removing what nobody asks for any more.

use marketplace_prover::{forge_report, Error, Job, Store};
use std::{fs, path::PathBuf};

/// A store of the test's own with reports of these servers and epochs.
fn store(test: &str, reports: &[(u32, u32)]) -> (Store, PathBuf) {
	let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("prover-store-{test}"));
	let _ = fs::remove_dir_all(&dir);
	let store = Store::new(&dir);
	for (server, epoch) in reports {
		let (server, epoch) = (*server, *epoch);
		let (genesis, seed, target) = ([1; 32], [2; 32], [0xff; 32]);
		let job = Job { genesis, epoch, seed, server, units: vec![0], slots: 1, target };
		forge_report(&store, job).unwrap();
	}
	(store, dir)
}

fn names(dir: &PathBuf) -> Vec<String> {
	let name = |file: fs::DirEntry| file.file_name().into_string().unwrap();
	let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|file| name(file.unwrap())).collect();
	names.sort();
	names
}

#[test]
fn reports_of_earlier_epochs_are_removed() {
	let (store, dir) = store("earlier", &[(3, 9), (3, 10), (3, 11), (20, 2), (20, 10)]);
	assert_eq!(store.prune(10, None).unwrap(), [(3, 9), (20, 2)]);
	assert_eq!(names(&dir), ["20-10.json", "3-10.json", "3-11.json"]);
	assert_eq!(store.prune(10, None).unwrap(), []);
	assert!(store.load(3, 10).is_ok());
}

#[test]
fn only_the_server_that_is_named_is_pruned() {
	let (store, dir) = store("server", &[(3, 1), (4, 1)]);
	assert_eq!(store.prune(u32::MAX, Some(4)).unwrap(), [(4, 1)]);
	assert_eq!(names(&dir), ["3-1.json"]);
}

#[test]
fn remains_of_a_crash_go_and_files_of_others_stay() {
	let (store, dir) = store("others", &[(3, 1), (3, 5)]);
	for name in ["3-1.77.tmp", "3-5.77.tmp"] {
		fs::write(dir.join(name), "{").unwrap();
	}
	let others = ["1.json", "3-01.json", "3-1.json.bak", "3-1.x.tmp", "a-1.json", "notes"];
	for name in others {
		fs::write(dir.join(name), "").unwrap();
	}
	assert_eq!(store.prune(5, None).unwrap(), [(3, 1)]);
	let mut expected = [&others[..], &["3-5.77.tmp", "3-5.json"]].concat();
	expected.sort();
	assert_eq!(names(&dir), expected);
}

#[test]
fn store_that_is_not_there_is_not_pruned() {
	let (_, dir) = store("missing", &[]);
	assert!(matches!(Store::new(dir).prune(1, None), Err(Error::File(..))));
}
