//! How far the work is.

use crate::Effort;
use std::{
	fmt,
	sync::atomic::{AtomicU64, Ordering::Relaxed},
	time::{Duration, Instant},
};

/// What a unit in work is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
	/// Its memory is filled.
	Preparing,
	/// Hashes are tried.
	Hashing,
	/// Hashes are computed a second time.
	Checking,
}

/// What all threads count.
#[derive(Debug, Default)]
pub(crate) struct Meter {
	hashes: AtomicU64,
	slots: AtomicU64,
	units: AtomicU64,
	preparing: AtomicU64,
	hashing: AtomicU64,
	checking: AtomicU64,
	/// Steps of the memory that is being filled.
	steps: AtomicU64,
	steps_done: AtomicU64,
	preparing_micros: AtomicU64,
	hashing_micros: AtomicU64,
}

/// A clock runs until this is dropped.
struct Stopwatch<'a> {
	start: Instant,
	micros: &'a AtomicU64,
}

impl Drop for Stopwatch<'_> {
	fn drop(&mut self) {
		let micros = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
		self.micros.fetch_add(micros, Relaxed);
	}
}

fn measured<T>(micros: &AtomicU64, work: impl FnOnce() -> T) -> T {
	let _stopwatch = Stopwatch { start: Instant::now(), micros };
	work()
}

impl Meter {
	/// Does `work` on a unit in a phase.
	pub fn during<T>(&self, phase: Phase, work: impl FnOnce() -> T) -> T {
		let units = match phase {
			Phase::Preparing => &self.preparing,
			Phase::Hashing => &self.hashing,
			Phase::Checking => &self.checking,
		};
		units.fetch_add(1, Relaxed);
		let result = match phase {
			Phase::Preparing => measured(&self.preparing_micros, work),
			Phase::Hashing | Phase::Checking => work(),
		};
		units.fetch_sub(1, Relaxed);
		result
	}

	/// Tries hashes on one thread.
	pub fn while_hashing<T>(&self, work: impl FnOnce() -> T) -> T {
		measured(&self.hashing_micros, work)
	}

	pub fn hashed(&self) {
		self.hashes.fetch_add(1, Relaxed);
	}

	pub fn slot_proven(&self) {
		self.slots.fetch_add(1, Relaxed);
	}

	pub fn unit_done(&self) {
		self.units.fetch_add(1, Relaxed);
	}

	pub fn fill_begins(&self, steps: u64) {
		self.steps.fetch_add(steps, Relaxed);
	}

	pub fn step_filled(&self) {
		self.steps_done.fetch_add(1, Relaxed);
	}

	/// The steps are those of fills that go on: of one that ends, none is left.
	pub fn fill_ends(&self, steps: u64) {
		self.steps.fetch_sub(steps, Relaxed);
		let rest = |done: u64| Some(done.saturating_sub(steps));
		let _ = self.steps_done.fetch_update(Relaxed, Relaxed, rest);
	}

	/// What was used, in all of `elapsed`.
	pub fn effort(&self, elapsed: Duration) -> Effort {
		Effort {
			hashes: self.hashes.load(Relaxed),
			elapsed,
			preparing: Duration::from_micros(self.preparing_micros.load(Relaxed)),
			hashing: Duration::from_micros(self.hashing_micros.load(Relaxed)),
		}
	}

	/// How far it is, since a moment at which there were `before` hashes.
	pub fn progress(&self, units: u64, slots: u64, since: Duration, before: u64) -> Progress {
		let (steps, done) = (self.steps.load(Relaxed), self.steps_done.load(Relaxed));
		let hashes = self.hashes.load(Relaxed);
		Progress {
			units: self.units.load(Relaxed),
			units_in_all: units,
			slots: self.slots.load(Relaxed),
			slots_in_all: slots,
			preparing: self.preparing.load(Relaxed),
			filled: done.min(steps).saturating_mul(100).checked_div(steps),
			hashing: self.hashing.load(Relaxed),
			checking: self.checking.load(Relaxed),
			hashes,
			hashes_per_second: per_second(hashes.saturating_sub(before), since),
		}
	}
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
	/// Units that are done.
	pub units: u64,
	/// Units to do.
	pub units_in_all: u64,
	/// Slots that are proven.
	pub slots: u64,
	/// Slots to prove.
	pub slots_in_all: u64,
	/// Units whose memory is being filled.
	pub preparing: u64,
	/// How much of it, in percent, where that is known.
	pub filled: Option<u64>,
	/// Units of which hashes are tried.
	pub hashing: u64,
	/// Units of which hashes are computed a second time.
	pub checking: u64,
	/// Hashes tried.
	pub hashes: u64,
	/// In the time since this was told last.
	pub hashes_per_second: f64,
}

impl fmt::Display for Progress {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "units {}/{}", self.units, self.units_in_all)?;
		write!(f, ", slots {}/{}", self.slots, self.slots_in_all)?;
		if self.preparing > 0 {
			write!(f, ", {} preparing", self.preparing)?;
			if let Some(filled) = self.filled {
				write!(f, " ({filled} %)")?;
			}
		}
		if self.hashing > 0 {
			write!(f, ", {} hashing", self.hashing)?;
		}
		if self.checking > 0 {
			write!(f, ", {} computing again", self.checking)?;
		}
		write!(f, ", {} hashes, {:.1} per second", self.hashes, self.hashes_per_second)
	}
}

/// `count` in `time`; none in no time.
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
	let seconds = time.as_secs_f64();
	if count == 0 || seconds == 0.0 {
		return 0.0;
	}
	count as f64 / seconds
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn phases_are_counted_while_they_last() {
		let meter = Meter::default();
		let progress = || meter.progress(3, 12, Duration::from_secs(2), 1);
		meter.during(Phase::Preparing, || {
			meter.fill_begins(4);
			meter.step_filled();
			let line = "units 0/3, slots 0/12, 1 preparing (25 %), 0 hashes, 0.0 per second";
			assert_eq!(progress().to_string(), line);
			meter.fill_ends(4);
		});
		meter.during(Phase::Hashing, || {
			(0..6).for_each(|_| meter.hashed());
			meter.slot_proven();
			let line = "units 0/3, slots 1/12, 1 hashing, 6 hashes, 2.5 per second";
			assert_eq!(progress().to_string(), line);
		});
		meter.during(Phase::Checking, || {
			let line = "units 0/3, slots 1/12, 1 computing again, 6 hashes, 2.5 per second";
			assert_eq!(progress().to_string(), line);
		});
		meter.unit_done();
		assert_eq!(progress().to_string(), "units 1/3, slots 1/12, 6 hashes, 2.5 per second");
	}

	#[test]
	fn fills_at_the_same_time_count_together() {
		let meter = Meter::default();
		let filled = || meter.progress(1, 1, Duration::ZERO, 0).filled;
		meter.fill_begins(2);
		meter.fill_begins(2);
		(0..3).for_each(|_| meter.step_filled());
		assert_eq!(filled(), Some(75));
		meter.fill_ends(2);
		assert_eq!(filled(), Some(50));
		meter.fill_ends(2);
		assert_eq!(filled(), None);
	}

	#[test]
	fn nothing_in_no_time_is_no_speed() {
		assert_eq!(per_second(0, Duration::ZERO), 0.0);
		assert_eq!(per_second(5, Duration::ZERO), 0.0);
		assert_eq!(per_second(5, Duration::from_secs(2)), 2.5);
	}
}
