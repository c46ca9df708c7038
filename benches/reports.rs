//! What the epoch report of a server of 64 units costs, by servers in the market: the call alone, with the
//! settlement of the epoch before, upon a state that holds no change yet.

#![allow(missing_docs)] // criterion's macros write functions without

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use marketplace_benches::{
	market::reports::{Market, Work},
	median,
};
use std::time::Duration;

/// Servers in the market.
const SIZES: [u32; 4] = [100, 1_000, 10_000, 100_000];

/// Measurements on each side of a ratio.
const TURNS: u32 = 5_000;

const WORKS: [(Work, &str); 2] = [(Work::Prove, "64 prove"), (Work::Serve, "63 serve, 1 proves")];

fn reports(criterion: &mut Criterion) {
	let mut markets = SIZES.map(|servers| (servers, Market::of(servers)));
	for (work, name) in WORKS {
		for (_, market) in &mut markets {
			assert!(market.report_settles(work), "the epoch before is settled");
		}
		let mut group = criterion.benchmark_group(name);
		for (servers, market) in &mut markets {
			group.bench_function(BenchmarkId::from_parameter(*servers), |bencher| {
				bencher.iter_custom(|times| (0..times).map(|_| market.time_report(work)).sum());
			});
		}
		group.finish();
		ratio(&mut markets, work, name);
	}
}

/// Prints what the size of the market adds.
fn ratio(markets: &mut [(u32, Market)], work: Work, name: &str) {
	let mut times: Vec<Vec<Duration>> = markets.iter().map(|_| Vec::new()).collect();
	for _ in 0..TURNS {
		for ((_, market), times) in markets.iter_mut().zip(&mut times) {
			times.push(market.time_report(work));
		}
	}
	let medians: Vec<Duration> = times.into_iter().map(median).collect();
	for ((servers, _), median) in markets.iter().zip(&medians) {
		let ratio = median.as_secs_f64() / medians[0].as_secs_f64();
		println!("{name}/{servers}: {median:.2?}, ratio {ratio:.3}");
	}
}

criterion_group!(benches, reports);
criterion_main!(benches);
