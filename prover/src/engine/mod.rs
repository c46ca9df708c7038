//! What computes hashes: the memory of one unit in work, and the machines on it.

mod fast;
mod light;
mod pages;

pub use fast::FastEngine;
pub use light::LightEngine;
pub use pages::Pages;

use crate::{Crew, Error};
use marketplace_proof::{Hash, Input};
use std::{fmt, str::FromStr};

/// What hashes are computed from. Both ways give the same hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
	/// The cache of 256 MiB: quick to start, slow to hash.
	Light,
	/// The data set of 4128 MiB, which is computed from the cache first: slow to start, quick to hash.
	Fast,
}

impl Mode {
	/// An engine that has no memory yet.
	pub fn engine(self) -> Box<dyn Engine> {
		match self {
			Self::Light => Box::new(LightEngine::default()),
			Self::Fast => Box::new(FastEngine::default()),
		}
	}
}

impl fmt::Display for Mode {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Light => "light",
			Self::Fast => "fast",
		})
	}
}

impl FromStr for Mode {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		let known = [Self::Light, Self::Fast].into_iter().find(|mode| mode.to_string() == text);
		known.ok_or_else(|| format!("'{text}' is no mode; modes are 'light' and 'fast'"))
	}
}

/// The memory of one unit in work. It is filled anew for the next one.
pub trait Engine: Send + Sync {
	/// Fills the memory from `key`, with all threads of the crew; gets the memory first where there is
	/// none. Tells whether it came to an end before the time was over.
	///
	/// # Errors
	/// Where the system refuses the memory.
	fn prepare(&mut self, key: &Hash, crew: &Crew<'_>) -> Result<bool, Error>;

	/// A machine for the calling thread, under the key of the last preparation that came to its end.
	///
	/// # Errors
	/// Where the system refuses the memory, or nothing is prepared.
	fn hasher(&self) -> Result<Box<dyn Hasher + '_>, Error>;

	/// Whether it has its memory.
	fn is_allocated(&self) -> bool;

	/// Trusts nothing that the memory holds: it came to a wrong hash.
	fn forget(&mut self);
}

/// A machine. It belongs to one thread.
pub trait Hasher {
	/// The RandomX hash of `input`.
	fn hash(&self, input: &Input) -> Hash;
}
