//! What can go wrong.

use crate::memory::{Shortage, DATA_SET};
use marketplace_randomx::EngineError;
use std::{fmt, io, path::PathBuf};

/// Why there is no report or no answer.
#[derive(Debug)]
pub enum Error {
	/// The job names no unit.
	NoUnits,
	/// The job names a unit that no server has.
	NoSuchUnit(u8),
	/// The job names a unit twice.
	DuplicateUnit(u8),
	/// The job has no slots, or more than a report can hold.
	InvalidSlots(u16),
	/// The store keeps another job for the server and epoch.
	OtherJob(PathBuf),
	/// No unit was proven.
	NothingProven,
	/// The report does not hold the unit.
	UnitNotProven(u8),
	/// The unit has no such slot.
	NoSuchSlot(u16),
	/// Memory does not suffice for one unit.
	Memory(Shortage),
	/// The prover may not run on the core.
	NoSuchCore(usize),
	/// The system refused memory.
	Engine(EngineError),
	/// The system refused the memory of a data set.
	NoDataSet,
	/// Hashes were asked of an engine that has no key.
	NotPrepared,
	/// The system refused a file.
	File(PathBuf, io::Error),
	/// What the file holds is no report.
	Damaged(PathBuf, serde_json::Error),
}

impl fmt::Display for Error {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoUnits => f.write_str("the job names no unit"),
			Self::NoSuchUnit(unit) => write!(f, "the job names unit {unit}; units are 0 to 63"),
			Self::DuplicateUnit(unit) => write!(f, "the job names unit {unit} twice"),
			Self::InvalidSlots(slots) => {
				write!(f, "{slots} slots per unit: a report holds 1 to 65536 slots of all units")
			},
			Self::OtherJob(path) => write!(
				f,
				"{} keeps another job for this server and epoch, which may have been reported",
				path.display()
			),
			Self::NothingProven => f.write_str("no unit was proven"),
			Self::UnitNotProven(unit) => write!(f, "the report does not hold unit {unit}"),
			Self::NoSuchSlot(slot) => write!(f, "units of the report have no slot {slot}"),
			Self::Memory(shortage) => shortage.fmt(f),
			Self::NoSuchCore(core) => write!(f, "this process may not run on core {core}"),
			Self::Engine(error) => error.fmt(f),
			Self::NoDataSet => {
				write!(f, "the system refused {DATA_SET} MiB of memory for a RandomX data set")
			},
			Self::NotPrepared => f.write_str("hashes were asked for before there was a key"),
			Self::File(path, error) => write!(f, "{}: {error}", path.display()),
			Self::Damaged(path, error) => write!(f, "{}: {error}", path.display()),
		}
	}
}

impl std::error::Error for Error {}

impl From<EngineError> for Error {
	fn from(error: EngineError) -> Self {
		Self::Engine(error)
	}
}
