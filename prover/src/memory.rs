//! How much memory the work takes, how much there is, and how many units that suffices for.

use crate::{Error, Mode};
use std::{fmt, fs, num::NonZeroUsize};

/// Of a data set, in MiB: one per unit in work in fast mode.
pub const DATA_SET: u64 = 4_128;

/// Of a cache, in MiB: one per unit in work, and one or two for computing hashes a second time.
pub const CACHE: u64 = 256;

/// Of a RandomX machine, in MiB: one per thread.
pub const MACHINE: u64 = 2;

/// Of all else, in MiB: the program, compiled code, stacks, proofs.
pub const REST: u64 = 32;

/// The most caches that exist for computing hashes a second time.
const SECOND_CACHES: u64 = 2;

/// The size of a large page for which there is no other word, in KiB.
const LARGE_PAGE_KIB: u64 = 2_048;

/// Of one unit in work, in MiB, kept for the next one.
fn held(mode: Mode) -> u64 {
	match mode {
		Mode::Light => CACHE,
		Mode::Fast => CACHE.saturating_add(DATA_SET),
	}
}

/// Memory for work on `units` at the same time by `threads`, in MiB.
pub fn needed(mode: Mode, units: u64, threads: u64) -> u64 {
	units
		.saturating_mul(held(mode))
		.saturating_add(units.min(SECOND_CACHES).saturating_mul(CACHE))
		.saturating_add(threads.saturating_mul(MACHINE))
		.saturating_add(REST)
}

/// Who sets the bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
	/// Whoever runs the prover, by `--memory`.
	Limit,
	/// The machine: what is available now.
	Available,
}

/// Not even one unit can be worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortage {
	/// What was asked for.
	pub mode: Mode,
	/// Threads.
	pub threads: u64,
	/// What one unit needs, in MiB.
	pub needed: u64,
	/// What there is, in MiB.
	pub there: u64,
	/// Who says so.
	pub bound: Bound,
}

impl fmt::Display for Shortage {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { mode, threads, needed, there, bound } = self;
		write!(f, "{mode} mode with {threads} threads needs {needed} MiB for one unit (")?;
		if *mode == Mode::Fast {
			write!(f, "data set {DATA_SET}, ")?;
		}
		write!(
			f,
			"cache {CACHE}, second computation {CACHE}, {MACHINE} per thread, {REST} else); "
		)?;
		match bound {
			Bound::Limit => write!(f, "the limit is {there} MiB: ")?,
			Bound::Available => write!(f, "this machine has {there} MiB available: ")?,
		}
		write!(f, "{} MiB are missing", needed.saturating_sub(*there))
	}
}

/// What there is, in MiB; `None` where nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
	/// What may be used in all.
	pub limit: Option<u64>,
	/// What the machine can still give.
	pub available: Option<u64>,
	/// What it can give in large pages, which is not in `available`.
	pub large: u64,
}

impl Budget {
	/// What the machine has now, within `limit` in MiB.
	pub fn now(limit: Option<u64>) -> Self {
		let text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
		Self { limit, ..Self::of_meminfo(&text) }
	}

	/// What `/proc/meminfo` says.
	fn of_meminfo(text: &str) -> Self {
		let field = |name: &str| -> Option<u64> {
			let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
			line.split_whitespace().next()?.parse().ok()
		};
		let page = field("Hugepagesize").unwrap_or(LARGE_PAGE_KIB);
		let large = field("HugePages_Free").unwrap_or(0).saturating_mul(page) / 1_024;
		Self { limit: None, available: field("MemAvailable").map(|kib| kib / 1_024), large }
	}

	/// How many units can be worked at the same time: at most `wanted`, at least those whose memory is
	/// `held` from earlier work. Where nobody knows what there is: one in fast mode.
	///
	/// # Errors
	/// [`Shortage`] where there is not enough for one.
	pub fn units(
		&self,
		mode: Mode,
		wanted: NonZeroUsize,
		threads: NonZeroUsize,
		held: usize,
	) -> Result<NonZeroUsize, Shortage> {
		let threads = u64::try_from(threads.get()).unwrap_or(u64::MAX);
		let mut most = wanted.get();
		if mode == Mode::Fast && self.limit.is_none() && self.available.is_none() {
			most = 1;
		}
		let fits = |units: usize| self.shortage(mode, units, threads, held).is_none();
		let units = (1..=most).rev().find(|units| fits(*units)).unwrap_or(0);
		let units = units.max(held.min(wanted.get()));
		match (NonZeroUsize::new(units), self.shortage(mode, 1, threads, 0)) {
			(None, Some(shortage)) => Err(shortage),
			(units, _) => Ok(units.unwrap_or(NonZeroUsize::MIN)),
		}
	}

	/// What is missing for `units`, of which `held` have their memory.
	fn shortage(&self, mode: Mode, units: usize, threads: u64, held: usize) -> Option<Shortage> {
		let number = |units: usize| u64::try_from(units).unwrap_or(u64::MAX);
		let all = needed(mode, number(units), threads);
		let short = |needed: u64, there: u64, bound: Bound| {
			(needed > there).then_some(Shortage { mode, threads, needed, there, bound })
		};
		let over_limit = self.limit.and_then(|limit| short(all, limit, Bound::Limit));
		over_limit.or_else(|| {
			let held = number(held).saturating_mul(self::held(mode));
			let available = self.available?.saturating_add(self.usable_large_pages(mode, threads));
			short(all.saturating_sub(held), available, Bound::Available)
		})
	}

	/// The part of the large pages in which whole units fit, in MiB.
	fn usable_large_pages(&self, mode: Mode, threads: u64) -> u64 {
		let unit = held(mode).saturating_add(threads.saturating_mul(MACHINE));
		match mode {
			Mode::Light => 0,
			Mode::Fast => (self.large / unit).saturating_mul(unit),
		}
	}
}

impl From<Shortage> for Error {
	fn from(shortage: Shortage) -> Self {
		Self::Memory(shortage)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn count(count: usize) -> NonZeroUsize {
		NonZeroUsize::new(count).unwrap()
	}

	fn limit(limit: u64) -> Budget {
		Budget { limit: Some(limit), ..Budget::default() }
	}

	fn available(available: u64, large: u64) -> Budget {
		Budget { limit: None, available: Some(available), large }
	}

	fn fast(budget: Budget, wanted: usize, held: usize) -> Result<usize, Shortage> {
		budget.units(Mode::Fast, count(wanted), count(2), held).map(NonZeroUsize::get)
	}

	#[test]
	fn need_is_the_sum_of_its_parts() {
		assert_eq!(needed(Mode::Light, 1, 1), 256 + 256 + 2 + 32);
		assert_eq!(needed(Mode::Light, 5, 8), 5 * 256 + 2 * 256 + 8 * 2 + 32);
		assert_eq!(needed(Mode::Fast, 1, 2), 4_128 + 256 + 256 + 4 + 32);
		assert_eq!(needed(Mode::Fast, 3, 3), 3 * (4_128 + 256) + 2 * 256 + 6 + 32);
		assert_eq!(needed(Mode::Fast, u64::MAX, 1), u64::MAX, "it saturates");
	}

	#[test]
	fn limit_bounds_the_units_at_the_same_time() {
		assert_eq!(fast(limit(needed(Mode::Fast, 1, 2)), 4, 0), Ok(1));
		assert_eq!(fast(limit(needed(Mode::Fast, 3, 2) - 1), 4, 0), Ok(2));
		assert_eq!(fast(limit(needed(Mode::Fast, 3, 2)), 4, 0), Ok(3));
		assert_eq!(fast(limit(u64::MAX), 4, 0), Ok(4), "no more than are wanted");
	}

	#[test]
	fn smaller_of_limit_and_machine_counts() {
		let both = Budget { limit: Some(20_000), ..available(10_000, 0) };
		assert_eq!(fast(both, 4, 0), Ok(2));
		let both = Budget { limit: Some(5_000), ..available(10_000, 0) };
		assert_eq!(fast(both, 4, 0), Ok(1));
	}

	#[test]
	fn shortage_says_what_is_missing() {
		let shortage = fast(limit(4_096), 4, 0).unwrap_err();
		let expected =
			"fast mode with 2 threads needs 4676 MiB for one unit (data set 4128, cache 256, \
			 second computation 256, 2 per thread, 32 else); the limit is 4096 MiB: 580 MiB are \
			 missing";
		assert_eq!(shortage.to_string(), expected);
		let shortage = fast(available(1_000, 4_000), 1, 0).unwrap_err();
		assert_eq!(shortage.bound, Bound::Available);
		assert_eq!((shortage.needed, shortage.there), (4_676, 1_000));
		let light = available(500, 9_000).units(Mode::Light, count(1), count(1), 0).unwrap_err();
		assert_eq!(
			light.to_string(),
			"light mode with 1 threads needs 546 MiB for one unit (cache 256, second computation 256, \
			 2 per thread, 32 else); this machine has 500 MiB available: 46 MiB are missing"
		);
	}

	#[test]
	fn large_pages_count_where_whole_units_fit() {
		assert_eq!(fast(available(288, 4_388), 1, 0), Ok(1));
		assert!(fast(available(287, 4_388), 1, 0).is_err());
		assert!(fast(available(288, 4_387), 1, 0).is_err());
	}

	#[test]
	fn memory_that_is_held_is_not_asked_for_again() {
		assert_eq!(fast(available(0, 0), 4, 2), Ok(2));
		assert_eq!(fast(available(0, 0), 1, 2), Ok(1));
		let third = needed(Mode::Fast, 3, 2) - 2 * 4_384;
		assert_eq!(fast(available(third, 0), 4, 2), Ok(3));
	}

	#[test]
	fn one_unit_at_a_time_where_nobody_knows() {
		assert_eq!(fast(Budget::default(), 4, 0), Ok(1));
		let light = Budget::default().units(Mode::Light, count(4), count(2), 0);
		assert_eq!(light, Ok(count(4)));
	}

	#[test]
	fn meminfo_is_read() {
		let text = "MemTotal:  16 kB\nMemAvailable:    2049 kB\nHugePages_Total:   9\n\
			HugePages_Free:        3\nHugepagesize:       1048576 kB\n";
		let expected = Budget { limit: None, available: Some(2), large: 3_072 };
		assert_eq!(Budget::of_meminfo(text), expected);
		assert_eq!(Budget::of_meminfo(""), Budget::default());
		assert_eq!(Budget::of_meminfo("MemAvailable: many"), Budget::default());
	}
}
