//! Criterion benches of Marketplace+: how cost grows with the size of the market. `make bench` runs them.
//!
//! | bench | question |
//! | --- | --- |
//! | `proof_verification` | what does one audit cost, by leaves, under a new key and under the key of the last one |
