//! Tests of the matcher, on a market that rolls back with storage.

mod asks;
mod cover;
mod due;
mod explain;
mod history;
mod index;
mod ledger;
mod pass;
mod patience;
mod placement;
mod poke;
mod posting;
mod precedence;
mod property;
mod quote;
mod reference;
mod refusal;
mod remedies;
mod reward;
mod servers;
mod solve;
mod tariff;
pub mod world;
