//! Hashes from the cache.

use super::{Engine, Hasher};
use crate::{Crew, Error};
use marketplace_proof::{Hash, Input};

/// A cache of 256 MiB.
#[derive(Debug, Default)]
pub struct LightEngine {
	cache: Option<marketplace_randomx::Engine>,
}

impl Engine for LightEngine {
	fn prepare(&mut self, key: &Hash, _: &Crew<'_>) -> Result<bool, Error> {
		match &mut self.cache {
			Some(cache) => cache.set_key(key),
			empty => *empty = Some(marketplace_randomx::Engine::new(key)?),
		}
		Ok(true)
	}

	fn hasher(&self) -> Result<Box<dyn Hasher + '_>, Error> {
		let cache = self.cache.as_ref().ok_or(Error::NotPrepared)?;
		Ok(Box::new(cache.hasher()?))
	}

	fn is_allocated(&self) -> bool {
		self.cache.is_some()
	}

	fn forget(&mut self) {
		// A cache that is asked for its own key again is not filled anew.
		self.cache = None;
	}
}

impl Hasher for marketplace_randomx::Hasher<'_> {
	fn hash(&self, input: &Input) -> Hash {
		self.hash(input.as_slice())
	}
}
