//! A driver over the real runtime, for stories that several actors play.
//!
//! - [`chain`]: states to start from, and blocks as a validator makes them
//! - [`actors`]: who acts, and transactions of theirs, without a fee or signed and paid for
//! - [`acts`]: what providers and developers do to be in the market
//! - [`client`]: what clients ask of the runtime API
//! - [`proving`]: real proofs, made by the prover's library, and answers to audits
//! - [`ledger`]: what everybody must have, kept apart from the chain
//! - [`invariants`]: those of all pallets, as one question
//! - [`wasm`]: blocks made by the runtime's Wasm instead

pub mod actors;
pub mod acts;
pub mod chain;
pub mod client;
pub mod invariants;
pub mod ledger;
pub mod proving;
pub mod wasm;
