//! What a prover tells while it works.

use crate::{Pages, Progress, UnitProofs};
use std::fmt;

/// What became of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
	/// All its slots are proven, and all hashes were computed twice.
	Proven(UnitProofs),
	/// A hash came out differently the second time: the machine is at fault.
	Flawed(u8),
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
	/// A unit is finished.
	Finished(Outcome),
	/// Something to know, once.
	Note(Note),
	/// How far it is: now and then, and at the end.
	Progress(Progress),
}

/// What whoever runs the prover should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
	/// What pages a data set lies in.
	Pages(Pages),
	/// Fewer units are worked at the same time than there are threads for, for want of memory.
	Memory {
		/// Units at the same time.
		units: usize,
		/// Units for which there are threads.
		wanted: usize,
	},
	/// Threads are not pinned: there are more cores than threads, and nobody said which to take.
	Unpinned,
	/// The hashes of a unit came out differently the second time.
	Flawed(u8),
}

impl fmt::Display for Note {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Pages(pages) => pages.fmt(f),
			Self::Memory { units, wanted } => write!(
				f,
				"memory suffices for {units} units at the same time, not for {wanted}: more threads work \
				 on each",
			),
			Self::Unpinned => f.write_str(
				"there are more cores than threads: none is pinned (--cores says which to take)",
			),
			Self::Flawed(unit) => write!(
				f,
				"unit {unit} is left out: a hash came out differently the second time. Check the memory \
				 of this machine.",
			),
		}
	}
}
