//! What the book costs: posting, matching, cancelling, visits and quiet hooks, by the number of asks and of deals
//! that run; books made to be dear, against the weight declared for them; settlement, by epochs served.

#![allow(missing_docs)] // criterion's macros write functions without

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use marketplace_benches::{
	market::{
		book::{Bid, Book, MOST_SERVERS},
		kind::Kind,
		Cost,
	},
	median,
};
use std::{
	fs,
	time::{Duration, Instant},
};

/// Asks in the book, and deals that run.
const SIZES: [u32; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];

/// Measurements for each figure of the tables.
const TURNS: usize = 300;

/// Asks of the books that are made to be dear.
const DEAR_ASKS: u32 = 100_000;

/// Bids in a block of idle work, and bids that expired.
const BIDS: u32 = 60;
const EXPIRED: u32 = 4_000;

type Measure = fn(&mut Book) -> Cost;

/// What is measured by the number of asks.
const MEASURES: [(&str, Measure); 9] = [
	("set_ask", Book::set_ask),
	("withdraw_ask", Book::withdraw_ask),
	("post_offer, 1 fill", Book::post_one),
	("post_offer, 8 fills", Book::post_eight),
	("post_offer, no fill", Book::post_too_low),
	("cancel_offer", Book::cancel),
	("visit of 32 asks", Book::visit),
	("register_server", Book::register),
	("quiet hooks", Book::quiet_hooks),
];

fn by_asks(criterion: &mut Criterion) {
	let mut books = SIZES.map(|asks| (asks, build(Kind::Mixed, asks)));
	for (name, measure) in MEASURES {
		let mut group = criterion.benchmark_group(name);
		group.sample_size(20);
		group.warm_up_time(Duration::from_millis(300));
		group.measurement_time(Duration::from_millis(1_500));
		for (asks, book) in &mut books {
			group.bench_function(BenchmarkId::from_parameter(*asks), |bencher| {
				bencher.iter_custom(|times| {
					(0..times).map(|_| among_others(book, measure).time).sum::<Duration>()
				});
			});
		}
		group.finish();
	}
	table_by_asks(&mut books);
	table_of_settlement(&mut books[SIZES.len() - 1].1);
}

fn build(kind: Kind, asks: u32) -> Book {
	let start = Instant::now();
	let book = Book::of(kind, asks);
	println!("{kind:?} book of {asks} asks: {:.1?}, {}", start.elapsed(), memory());
	book
}

/// Memory that the process has used at most.
fn memory() -> String {
	let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
	let peak = status.lines().find(|line| line.starts_with("VmHWM"));
	peak.unwrap_or("VmHWM: unknown").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn among_others(book: &mut Book, measure: Measure) -> Cost {
	book.pass_by();
	measure(book)
}

/// Medians by the number of asks, taken in turns, and what the size of the book adds.
fn table_by_asks(books: &mut [(u32, Book)]) {
	println!(
		"\n| µs | {} | largest by smallest | weight |",
		SIZES.map(|n| n.to_string()).join(" | ")
	);
	println!("|{}", " --- |".repeat(SIZES.len() + 3));
	let rows = MEASURES.map(|(name, measure)| (name, in_turns(books, measure)));
	let (one, eight) = (&rows[2].1, &rows[3].1);
	let further = one.iter().zip(eight).map(|(one, eight)| Cost {
		time: eight.time.saturating_sub(one.time) / 7,
		weight: eight.weight.saturating_sub(one.weight) / 7,
	});
	let further = ("each further fill", further.collect());
	for (name, costs) in rows.iter().chain([&further]) {
		let cells: Vec<_> = costs.iter().map(|cost| micros(cost.time)).collect();
		let (least, most) = (costs[0], costs[costs.len() - 1]);
		let ratio = most.time.as_secs_f64() / least.time.as_secs_f64();
		let weight = Duration::from_nanos(most.weight.ref_time() / 1_000);
		println!("| {name} | {} | {ratio:.2} | {} |", cells.join(" | "), micros(weight));
	}
}

/// The median cost in each book.
fn in_turns(books: &mut [(u32, Book)], measure: Measure) -> Vec<Cost> {
	let mut costs: Vec<Vec<Cost>> = books.iter().map(|_| Vec::new()).collect();
	for _ in 0..TURNS {
		for ((_, book), costs) in books.iter_mut().zip(&mut costs) {
			costs.push(among_others(book, measure));
		}
	}
	costs.into_iter().map(|costs| middle(&costs)).collect()
}

/// The median time, with the weight that goes with all of them.
fn middle(costs: &[Cost]) -> Cost {
	let time = median(costs.iter().map(|cost| cost.time).collect());
	let weight = costs.iter().map(|cost| cost.weight).reduce(|a, b| a.max(b)).unwrap_or_default();
	Cost { time, weight }
}

fn micros(time: Duration) -> String {
	format!("{:.1}", time.as_secs_f64() * 1e6)
}

/// What settlement takes, by epochs since the last.
fn table_of_settlement(book: &mut Book) {
	println!("\n| epochs served | settle, µs | weight |\n| --- | --- | --- |");
	let deals = [1, 1_000, 1_000_000].map(|epochs| (epochs, book.serve(epochs)));
	let mut costs = deals.map(|(epochs, deal)| (epochs, deal, Vec::new()));
	for _ in 0..TURNS {
		for (_, deal, costs) in &mut costs {
			book.pass_by();
			costs.push(book.settle(*deal));
		}
	}
	for (epochs, _, costs) in costs {
		let cost = middle(&costs);
		let weight = Duration::from_nanos(cost.weight.ref_time() / 1_000);
		println!("| {epochs} | {} | {} |", micros(cost.time), micros(weight));
	}
}

/// Books that are made to be dear: does anything take longer than it weighs?
fn dear_books(_: &mut Criterion) {
	println!("\n| book | what | median, µs | 95 of 100, µs | weight, µs | time by weight |");
	println!("|{}", " --- |".repeat(6));
	let kinds = [
		Kind::OnePrice,
		Kind::Scattered,
		Kind::SoldOut,
		Kind::Expired,
		Kind::OneUnit,
		Kind::Segments,
	];
	for kind in kinds {
		let mut book = Book::of(kind, DEAR_ASKS);
		let (few, many) = (Bid::of(kind, 8), Bid::of(kind, MOST_SERVERS));
		let fills =
			if matches!(kind, Kind::Scattered | Kind::SoldOut | Kind::Expired) { 0 } else { 8 };
		row(kind, "post_offer", TURNS, || book.post(few, fills));
		row(kind, "first visit", TURNS, || book.visits(many, 1));
		row(kind, "second visit", TURNS / 3, || book.visits(many, 2));
		row(kind, "idle block", 5, || book.idle(many, BIDS));
		if kind == Kind::OnePrice {
			row(kind, "idle block, bids expired", 5, || book.idle_of_expired(EXPIRED));
		}
	}
	println!("\n{}", memory());
}

fn row(kind: Kind, name: &str, turns: usize, measure: impl FnMut() -> Cost) {
	let costs: Vec<Cost> = std::iter::repeat_with(measure).take(turns).collect();
	let mut times: Vec<Duration> = costs.iter().map(|cost| cost.time).collect();
	times.sort_unstable();
	let late = times[turns * 95 / 100];
	let cost = middle(&costs);
	let weight = micros(Duration::from_nanos(cost.weight.ref_time() / 1_000));
	let (time, late, ratio) = (micros(cost.time), micros(late), cost.ratio());
	println!("| {kind:?} | {name} | {time} | {late} | {weight} | {ratio:.2} |");
}

criterion_group!(benches, by_asks, dear_books);
criterion_main!(benches);
