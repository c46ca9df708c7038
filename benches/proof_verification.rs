//! What one audit costs a validator: RandomX of one to four leaves under a key that no cache holds, as
//! in a block, and under the key of the run before.

#![allow(missing_docs)] // criterion's macros write functions without

use criterion::{criterion_group, criterion_main, BatchSize, BenchmarkId, Criterion};
use marketplace_proof::{input, key, Hash, ProofHasher};
use marketplace_randomx::RandomX;
use std::{hint::black_box, time::Duration};

fn unit_key(epoch: u32) -> Hash {
	key(&[0; 32], epoch, &[1; 32], 0, 0)
}

fn verification(criterion: &mut Criterion) {
	let mut group = criterion.benchmark_group("verification");
	group.sample_size(10).measurement_time(Duration::from_secs(10));
	let mut epoch = 0;
	for leaves in 1..=4u16 {
		let inputs: Vec<_> = (0..leaves).map(|slot| input(&[1; 32], slot, 7)).collect();
		group.bench_function(BenchmarkId::new("new key", leaves), |bencher| {
			let fresh = || {
				epoch += 1;
				unit_key(epoch)
			};
			let verify = |key: Hash| black_box(RandomX::hashes(&key, &inputs));
			bencher.iter_batched(fresh, verify, BatchSize::PerIteration);
		});
		group.bench_function(BenchmarkId::new("same key", leaves), |bencher| {
			let key = unit_key(0);
			bencher.iter(|| black_box(RandomX::hashes(&key, &inputs)));
		});
	}
	group.finish();
}

criterion_group!(benches, verification);
criterion_main!(benches);
