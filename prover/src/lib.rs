#![doc = include_str!("../README.md")]

pub mod engine;
pub mod memory;

mod cores;
mod crew;
mod error;
mod event;
mod job;
mod json;
mod progress;
mod prover;
mod report;
mod serve;
mod session;
mod store;

pub use cores::Cores;
pub use crew::Crew;
pub use engine::{Engine, Hasher, Mode, Pages};
pub use error::Error;
pub use event::{Event, Note, Outcome};
pub use job::Job;
pub use progress::Progress;
pub use prover::{forge, prove, Effort, Prover, Resources, Setup};
pub use report::{Proof, Report, UnitProofs};
pub use serve::serve;
pub use session::{forge_report, make_report, summary};
pub use store::Store;
