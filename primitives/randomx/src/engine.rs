//! RandomX with what it needs of the machine: a cache per key, a virtual machine per thread.

use ccp_randomx::{cache::CacheHandle, Cache, RandomXFlags, RandomXVM};
use marketplace_proof::Hash;
use std::{fmt, marker::PhantomData, sync::OnceLock};

/// How hashes are computed. All ways give the same hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
	/// By compiled programs in pages that are writable and executable.
	Jit,
	/// By compiled programs in pages that are never writable and executable at once.
	SecureJit,
	/// By an interpreter: three times slower or more, possible everywhere.
	Interpreter,
}

impl Mode {
	/// The fastest way that this process may take.
	///
	/// RandomX does not notice when it is refused executable memory, and would run into it: so the
	/// system is asked first.
	pub fn fastest() -> Self {
		static FASTEST: OnceLock<Mode> = OnceLock::new();
		*FASTEST.get_or_init(|| {
			let mode = if !RandomXFlags::recommended().contains(RandomXFlags::FLAG_JIT) {
				Self::Interpreter
			} else if probe::may_be_writable_and_executable() {
				Self::Jit
			} else if probe::may_become_executable() {
				Self::SecureJit
			} else {
				Self::Interpreter
			};
			if mode == Self::Interpreter {
				log::warn!(
					target: "randomx",
					"no executable memory for this process: RandomX is interpreted and slow",
				);
			}
			mode
		})
	}

	fn slower(self) -> Option<Self> {
		match self {
			Self::Jit => Some(Self::SecureJit),
			Self::SecureJit => Some(Self::Interpreter),
			Self::Interpreter => None,
		}
	}

	fn flags(self) -> RandomXFlags {
		let aes = RandomXFlags::recommended() & RandomXFlags::HARD_AES;
		match self {
			Self::Jit => aes | RandomXFlags::FLAG_JIT,
			Self::SecureJit => aes | RandomXFlags::FLAG_JIT | RandomXFlags::FLAG_SECURE,
			Self::Interpreter => aes,
		}
	}
}

/// The system did not give the memory that RandomX needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineError {
	/// 256 MiB for the cache.
	Cache,
	/// 2 MiB and some for a virtual machine.
	Machine,
}

impl fmt::Display for EngineError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Cache => "the system refused 256 MiB of memory for a RandomX cache",
			Self::Machine => "the system refused the memory of a RandomX virtual machine",
		})
	}
}

impl std::error::Error for EngineError {}

/// A cache: 256 MiB that are filled from a key, and filled anew for another.
#[derive(Debug)]
pub struct Engine {
	cache: Cache,
}

impl Engine {
	/// A cache for `key`.
	///
	/// # Errors
	/// [`EngineError::Cache`].
	pub fn new(key: &[u8]) -> Result<Self, EngineError> {
		// The cache itself needs no executable memory: only data sets are made by compiled code.
		let argon = RandomXFlags::recommended() & RandomXFlags::FLAG_ARGON2;
		Cache::new(key, argon)
			.or_else(|_| Cache::new(key, RandomXFlags::DEFAULT))
			.map(|cache| Self { cache })
			.map_err(|_| EngineError::Cache)
	}

	/// Fills the cache from `key`, in the memory that it has; does nothing where that is its key.
	pub fn set_key(&mut self, key: &[u8]) {
		self.cache.initialize(key);
	}

	/// A virtual machine on this cache, for one thread, in the fastest way possible.
	///
	/// # Errors
	/// [`EngineError::Machine`].
	pub fn hasher(&self) -> Result<Hasher<'_>, EngineError> {
		let mut mode = Mode::fastest();
		loop {
			match (self.hasher_in(mode), mode.slower()) {
				(Err(_), Some(slower)) => mode = slower,
				(result, _) => return result,
			}
		}
	}

	/// A virtual machine on this cache, for one thread, in the given way.
	///
	/// # Errors
	/// [`EngineError::Machine`].
	pub fn hasher_in(&self, mode: Mode) -> Result<Hasher<'_>, EngineError> {
		RandomXVM::light(self.cache.handle(), mode.flags())
			.map(|machine| Hasher { machine, mode, engine: PhantomData })
			.map_err(|_| EngineError::Machine)
	}
}

/// A virtual machine. It borrows the [`Engine`], whose key so cannot change under it.
#[derive(Debug)]
pub struct Hasher<'engine> {
	machine: RandomXVM<CacheHandle>,
	mode: Mode,
	engine: PhantomData<&'engine Engine>,
}

impl Hasher<'_> {
	/// The RandomX hash of `input` under the engine's key.
	pub fn hash(&self, input: &[u8]) -> Hash {
		let hash = self.machine.hash(input);
		let bytes: &[u8] = hash.as_ref();
		std::array::from_fn(|i| bytes[i])
	}

	/// How it computes.
	pub fn mode(&self) -> Mode {
		self.mode
	}
}

/// Asks the system for executable memory.
#[cfg(target_os = "linux")]
mod probe {
	use libc::{MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_EXEC, PROT_READ, PROT_WRITE};
	use std::ptr;

	pub fn may_be_writable_and_executable() -> bool {
		may_become(PROT_READ | PROT_WRITE | PROT_EXEC)
	}

	pub fn may_become_executable() -> bool {
		may_become(PROT_READ | PROT_EXEC)
	}

	/// Whether a writable page may get the protection `wanted`.
	#[allow(unsafe_code)]
	fn may_become(wanted: libc::c_int) -> bool {
		const LEN: usize = 4096;
		let (access, kind) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
		// SAFETY: the mapping is new, nothing else knows its address, it is neither read nor written,
		// and it is gone before the function returns.
		unsafe {
			let page = libc::mmap(ptr::null_mut(), LEN, access, kind, -1, 0);
			if page == MAP_FAILED {
				return false;
			}
			let granted = libc::mprotect(page, LEN, wanted) == 0;
			libc::munmap(page, LEN);
			granted
		}
	}
}

/// Elsewhere compiled code is used in its careful form.
#[cfg(not(target_os = "linux"))]
mod probe {
	pub fn may_be_writable_and_executable() -> bool {
		false
	}

	pub fn may_become_executable() -> bool {
		true
	}
}
