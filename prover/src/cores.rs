//! Which core a thread runs on.

use crate::Error;
use std::str::FromStr;

/// Cores by their numbers, as in `0,2-5`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cores(pub Vec<usize>);

/// The most cores that a list may name.
const MOST: usize = 1_024;

impl FromStr for Cores {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, Self::Err> {
		let wrong = |part: &str| format!("'{part}' is no core and no range of cores");
		let number = |text: &str, part: &str| {
			text.parse().ok().filter(|core| *core < MOST).ok_or_else(|| wrong(part))
		};
		let mut cores = Vec::new();
		for part in text.split(',') {
			let (first, last) = part.split_once('-').unwrap_or((part, part));
			let (first, last): (usize, usize) = (number(first, part)?, number(last, part)?);
			if first > last {
				return Err(wrong(part));
			}
			cores.extend(first..=last);
		}
		cores.sort_unstable();
		cores.dedup();
		Ok(Self(cores))
	}
}

/// The core of each of `threads` threads, `None` where the system is to choose.
///
/// Threads get the cores that are asked for, one after the other. Where none are asked for, threads are
/// pinned only if they take all cores of this process: two provers of few threads each would pin
/// them to the same first cores.
///
/// # Errors
/// [`Error::NoSuchCore`].
pub fn seats(threads: usize, asked: &Cores) -> Result<Vec<Option<usize>>, Error> {
	assign(threads, asked, &system::allowed())
}

fn assign(threads: usize, asked: &Cores, allowed: &[usize]) -> Result<Vec<Option<usize>>, Error> {
	if let Some(core) = asked.0.iter().find(|core| !allowed.contains(core)) {
		return Err(Error::NoSuchCore(*core));
	}
	let cores = match asked.0.as_slice() {
		[] if threads < allowed.len() => &[],
		[] => allowed,
		asked => asked,
	};
	if cores.is_empty() {
		return Ok(vec![None; threads]);
	}
	Ok(cores.iter().copied().map(Some).cycle().take(threads).collect())
}

/// Lets the calling thread, and those that it starts, run on `core` alone. Where the system refuses,
/// the thread runs where it did: that costs speed and nothing else.
pub fn pin(core: usize) {
	system::pin(core);
}

#[cfg(target_os = "linux")]
mod system {
	use libc::{cpu_set_t, sched_getaffinity, sched_setaffinity, CPU_ISSET, CPU_SET, CPU_SETSIZE};
	use std::mem::{size_of, zeroed};

	fn most() -> usize {
		usize::try_from(CPU_SETSIZE).unwrap_or(0)
	}

	/// The cores that the calling thread may run on.
	#[allow(unsafe_code)]
	pub fn allowed() -> Vec<usize> {
		// SAFETY: a set of cores is plain bits, of which zeros are the empty set. The system writes at most
		// the size that it is told; only bits within the set are read.
		unsafe {
			let mut set: cpu_set_t = zeroed();
			if sched_getaffinity(0, size_of::<cpu_set_t>(), &mut set) != 0 {
				return Vec::new();
			}
			(0..most()).filter(|core| CPU_ISSET(*core, &set)).collect()
		}
	}

	/// Asks the system.
	#[allow(unsafe_code)]
	pub fn pin(core: usize) {
		if core >= most() {
			return;
		}
		// SAFETY: as above; the bit is within the set, and the system only reads it.
		unsafe {
			let mut set: cpu_set_t = zeroed();
			CPU_SET(core, &mut set);
			sched_setaffinity(0, size_of::<cpu_set_t>(), &set);
		}
	}
}

/// Elsewhere the system chooses.
#[cfg(not(target_os = "linux"))]
mod system {
	pub fn allowed() -> Vec<usize> {
		Vec::new()
	}

	pub fn pin(_: usize) {}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn cores(text: &str) -> Result<Vec<usize>, String> {
		text.parse().map(|Cores(cores)| cores)
	}

	#[test]
	fn lists_of_cores_are_read() {
		assert_eq!(cores("3"), Ok(vec![3]));
		assert_eq!(cores("5-6,0,2-3,3"), Ok(vec![0, 2, 3, 5, 6]));
		for wrong in ["", "a", "1,", "3-2", "1-", "-1", "1-2-3", "0-1024", "99999999999999999999"] {
			assert!(cores(wrong).unwrap_err().contains("no core"), "{wrong}");
		}
	}

	#[test]
	fn threads_take_the_cores_in_turn() {
		let some = |cores: &[usize]| cores.iter().copied().map(Some).collect::<Vec<_>>();
		let assigned =
			|threads, asked: &[usize]| assign(threads, &Cores(asked.to_vec()), &[1, 2, 4]);
		assert_eq!(assigned(3, &[2, 4]).unwrap(), some(&[2, 4, 2]));
		assert_eq!(assigned(1, &[4]).unwrap(), some(&[4]));
		assert_eq!(assigned(4, &[]).unwrap(), some(&[1, 2, 4, 1]));
		assert_eq!(assigned(2, &[]).unwrap(), [None, None], "which ones, nobody said");
		assert!(matches!(assigned(2, &[1, 3]), Err(Error::NoSuchCore(3))));
		assert_eq!(assign(2, &Cores::default(), &[]).unwrap(), [None, None]);
	}

	#[test]
	#[cfg(target_os = "linux")]
	fn pinned_thread_may_run_on_one_core() {
		let ours = system::allowed();
		let last = *ours.last().unwrap();
		let pinned = std::thread::spawn(move || {
			pin(last);
			pin(usize::MAX);
			system::allowed()
		});
		assert_eq!(pinned.join().unwrap(), [last]);
		assert_eq!(system::allowed(), ours, "other threads are not");
	}
}
