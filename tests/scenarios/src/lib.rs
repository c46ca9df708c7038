//! A driver over the real runtime: states to start from, blocks with real BABE digests, and the
//! invariants of all pallets as one question.

pub mod chain;
pub mod invariants;
