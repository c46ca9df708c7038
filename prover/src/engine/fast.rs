//! Hashes from the data set.

use super::{pages, Engine, Hasher, Pages};
use crate::{Crew, Error, Note};
use ccp_randomx::{dataset::DatasetHandle, Cache, Dataset, RandomXFlags, RandomXVM};
use marketplace_proof::{Hash, Input};
use marketplace_randomx::{EngineError, Mode as Compiler};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Items of the data set that a thread computes in one go: 16 MiB of 4128, some tenths of a second.
const STEP: u64 = 1 << 18;

/// A data set of 4128 MiB, and the cache of 256 MiB that it is computed from. Both are kept for the
/// next key.
#[derive(Debug, Default)]
pub struct FastEngine {
	memory: Option<Memory>,
	cache: Option<Cache>,
	/// What the data set was computed from, once it is whole.
	key: Option<Hash>,
}

#[derive(Debug)]
struct Memory {
	data_set: Dataset,
	pages: Pages,
}

impl Memory {
	/// In large pages where there are enough.
	fn new() -> Result<Self, Error> {
		if let Ok(data_set) = Dataset::allocate(true) {
			return Ok(Self { data_set, pages: Pages::Large });
		}
		let data_set = Dataset::allocate(false).map_err(|_| Error::NoDataSet)?;
		let pages = pages::ask_for_transparent(&data_set.handle());
		Ok(Self { data_set, pages })
	}

	fn large(&self) -> RandomXFlags {
		match self.pages {
			Pages::Large => RandomXFlags::LARGE_PAGES,
			Pages::Transparent | Pages::Usual => RandomXFlags::DEFAULT,
		}
	}
}

/// How programs are compiled. Where they are not, data sets are not either, which takes hours.
fn compiler() -> RandomXFlags {
	match Compiler::fastest() {
		Compiler::Jit => RandomXFlags::FLAG_JIT,
		Compiler::SecureJit => RandomXFlags::FLAG_JIT | RandomXFlags::FLAG_SECURE,
		Compiler::Interpreter => RandomXFlags::DEFAULT,
	}
}

/// A cache for `key`, with compiled code for making data sets.
fn cache(key: &Hash, large: RandomXFlags) -> Result<Cache, Error> {
	let argon = RandomXFlags::recommended() & RandomXFlags::FLAG_ARGON2;
	let jit = compiler() & RandomXFlags::FLAG_JIT;
	Cache::new(key, argon | jit | large)
		.or_else(|_| Cache::new(key, argon | jit))
		.or_else(|_| Cache::new(key, jit))
		.map_err(|_| EngineError::Cache.into())
}

impl Engine for FastEngine {
	fn prepare(&mut self, key: &Hash, crew: &Crew<'_>) -> Result<bool, Error> {
		if self.key.as_ref() == Some(key) {
			return Ok(true);
		}
		self.key = None;
		crew.take_seat();
		let memory = match &mut self.memory {
			Some(memory) => memory,
			empty => {
				let memory = empty.insert(Memory::new()?);
				crew.note(Note::Pages(memory.pages));
				memory
			},
		};
		let cache = match &mut self.cache {
			Some(cache) => {
				cache.initialize(key);
				cache
			},
			empty => empty.insert(cache(key, memory.large())?),
		};
		let is_whole = fill(&memory.data_set, cache, crew);
		self.key = is_whole.then_some(*key);
		Ok(is_whole)
	}

	fn hasher(&self) -> Result<Box<dyn Hasher + '_>, Error> {
		let (Some(memory), Some(_)) = (&self.memory, &self.key) else {
			return Err(Error::NotPrepared);
		};
		let aes = RandomXFlags::recommended() & RandomXFlags::HARD_AES;
		let flags = RandomXFlags::FULL_MEM | aes | compiler();
		let machine = |flags| RandomXVM::fast(memory.data_set.handle(), flags);
		let machine = machine(flags | memory.large())
			.or_else(|_| machine(flags))
			.map_err(|_| EngineError::Machine)?;
		Ok(Box::new(FastHasher { machine }))
	}

	fn is_allocated(&self) -> bool {
		self.memory.is_some()
	}

	fn forget(&mut self) {
		// The data set is computed anew in any case, a cache only for another key.
		self.key = None;
		self.cache = None;
	}
}

/// Computes all items of the data set from the cache. Tells whether the time sufficed.
fn fill(data_set: &Dataset, cache: &Cache, crew: &Crew<'_>) -> bool {
	let items = data_set.items_count();
	let step = AtomicU64::new(0);
	let is_done = crew.fill(items.div_ceil(STEP), || {
		let (mut data_set, cache) = (data_set.handle(), cache.handle());
		loop {
			let start = step.fetch_add(1, Relaxed).saturating_mul(STEP);
			if start >= items {
				return true;
			}
			if crew.is_over() {
				return false;
			}
			data_set.initialize(&cache, start, STEP.min(items - start));
			crew.filled();
		}
	});
	is_done.into_iter().all(|is_done| is_done)
}

/// A machine on a data set. The borrow of the engine that made it keeps the data set as it is.
struct FastHasher {
	machine: RandomXVM<DatasetHandle>,
}

impl Hasher for FastHasher {
	fn hash(&self, input: &Input) -> Hash {
		let hash = self.machine.hash(input);
		let bytes: &[u8] = hash.as_ref();
		std::array::from_fn(|i| bytes.get(i).copied().unwrap_or_default())
	}
}
