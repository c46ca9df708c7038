//! Markets of any size, on the real runtime, compiled natively over a state in memory.
//!
//! One server comes into the market by transactions; the records of all others are copies of its own.

pub mod book;
mod first;
pub mod kind;
pub mod reports;
mod state;

pub use state::{Cost, State};
