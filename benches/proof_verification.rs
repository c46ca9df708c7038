//! What one audit costs a validator: RandomX of one to four leaves under a key that no cache holds, as
//! in a block, and under the key of the run before.

#![allow(missing_docs)] // criterion's macros write functions without

mod hashing;
mod module;

use criterion::{criterion_group, criterion_main, BatchSize, BenchmarkId, Criterion};
use hashing::{Library, Wasm};
use marketplace_benches::median;
use marketplace_proof::{input, key, Hash, Input};
use marketplace_randomx::Mode;
use std::{
	hint::black_box,
	sync::atomic::{AtomicU32, Ordering},
	time::{Duration, Instant},
};

/// Measurements on each side of a ratio.
const TURNS: u32 = 20;

/// A key that was never used; with another epoch, as in a block.
fn new_key() -> Hash {
	static EPOCH: AtomicU32 = AtomicU32::new(1);
	key(&[0; 32], EPOCH.fetch_add(1, Ordering::Relaxed), &[1; 32], 0, 0)
}

fn same_key() -> Hash {
	key(&[0; 32], 0, &[1; 32], 0, 0)
}

fn inputs(leaves: u16) -> Vec<Input> {
	(0..leaves).map(|slot| input(&[1; 32], slot, 7)).collect()
}

/// One way to compute hashes, under new keys and under one key.
fn measure(
	criterion: &mut Criterion,
	name: &str,
	mut hashes: impl FnMut(&Hash, &[Input]) -> Vec<u8>,
) {
	let mut group = criterion.benchmark_group(name);
	group.sample_size(10).measurement_time(Duration::from_secs(10));
	for leaves in 1..=4 {
		let inputs = inputs(leaves);
		group.bench_function(BenchmarkId::new("new key", leaves), |bencher| {
			let verify = |key: Hash| black_box(hashes(&key, &inputs));
			bencher.iter_batched(new_key, verify, BatchSize::PerIteration);
		});
		group.bench_function(BenchmarkId::new("same key", leaves), |bencher| {
			let key = same_key();
			bencher.iter(|| black_box(hashes(&key, &inputs)));
		});
	}
	group.finish();
}

fn verification(criterion: &mut Criterion) {
	let (mut library, mut wasm) = (Library::default(), Wasm::default());
	measure(criterion, "library", |key, inputs| library.hashes(key, inputs));
	measure(criterion, "Wasm", |key, inputs| wasm.hashes(key, inputs));
}

/// Prints what the way through Wasm adds.
fn ratio(_: &mut Criterion) {
	println!("hashes are computed by {:?}", Mode::fastest());
	let (mut library, mut wasm) = (Library::default(), Wasm::default());
	for (name, next_key) in [("new key", new_key as fn() -> Hash), ("same key", same_key)] {
		for leaves in 1..=4 {
			let inputs = inputs(leaves);
			let mut times = (Vec::new(), Vec::new());
			// The first turn fills the caches.
			for turn in 0..=TURNS {
				let key = next_key();
				let start = Instant::now();
				let by_library = library.hashes(&key, &inputs);
				let between = Instant::now();
				let by_wasm = wasm.hashes(&key, &inputs);
				let spent = (between - start, between.elapsed());
				assert_eq!(by_wasm, by_library);
				if turn > 0 {
					times.0.push(spent.0);
					times.1.push(spent.1);
				}
			}
			let (library, wasm) = (median(times.0), median(times.1));
			let ratio = wasm.as_secs_f64() / library.as_secs_f64();
			println!("{name}/{leaves}: library {library:.2?}, Wasm {wasm:.2?}, ratio {ratio:.4}");
		}
	}
}

criterion_group!(benches, verification, ratio);
criterion_main!(benches);
