//! Criterion benches of Marketplace+: how cost grows with the size of the market. `make bench` runs them;
//! what they gave is in `docs/performance.md`.
//!
//! | bench | question |
//! | --- | --- |
//! | `proof_verification` | what does one audit cost, by leaves, under a new key and under the key of the last one; through Wasm and by the library alone |
//! | `order_book` | what do posting, matching and cancelling cost, by asks in the book; hooks, by deals that run; books made to be dear, by the weight declared for them |
//! | `reports` | what does the epoch report of a server of 64 units cost, by servers in the market |
//!
//! Beside criterion's figures each bench prints ratios of medians, of measurements taken in turns: what else
//! the machine does at the moment meets both sides alike.

pub mod market;

use std::time::Duration;

/// The time in the middle; zero where there are none.
pub fn median(mut times: Vec<Duration>) -> Duration {
	times.sort_unstable();
	times.get(times.len() / 2).copied().unwrap_or_default()
}
