//! Pages of 2 MiB and more: a data set in pages of 4 KiB is read much more slowly.

use std::fmt;

/// What pages a data set lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
	/// Large pages that were set aside for such use.
	Large,
	/// Pages that the system makes large by itself where it can.
	Transparent,
	/// Pages of the usual size.
	Usual,
}

impl fmt::Display for Pages {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Large => "the data set lies in large pages",
			Self::Transparent => {
				"no large pages are set aside (vm.nr_hugepages); the system was asked to make those of \
				 the data set large by itself"
			},
			Self::Usual => {
				"no large pages are set aside (vm.nr_hugepages), and the system makes none by itself: \
				 hashing is slower"
			},
		})
	}
}

/// Asks the system to make the pages of a data set large by itself. It must not have been written to yet.
pub fn ask_for_transparent(data_set: &ccp_randomx::dataset::DatasetHandle) -> Pages {
	let bytes = data_set.items_count().saturating_mul(ccp_randomx::DATASET_ITEM_SIZE);
	match usize::try_from(bytes) {
		Ok(bytes) if system::ask(data_set.memory(), bytes) => Pages::Transparent,
		_ => Pages::Usual,
	}
}

#[cfg(target_os = "linux")]
mod system {
	use libc::{c_void, madvise, MADV_HUGEPAGE};
	use std::fs;

	/// Boundaries of all page sizes that a system uses for its smallest pages.
	const ALIGNMENT: usize = 1 << 16;

	#[allow(unsafe_code)]
	pub fn ask(start: *mut c_void, bytes: usize) -> bool {
		let never = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled")
			.is_ok_and(|text| text.contains("[never]"));
		let skipped = start.align_offset(ALIGNMENT);
		if never || skipped >= bytes {
			return false;
		}
		// SAFETY: `start` begins an allocation of `bytes` bytes, of which the advice concerns a part. It
		// changes what pages the system takes and nothing that the program reads.
		unsafe { madvise(start.wrapping_byte_add(skipped), bytes - skipped, MADV_HUGEPAGE) == 0 }
	}
}

/// Elsewhere the system is not asked.
#[cfg(not(target_os = "linux"))]
mod system {
	pub fn ask(_: *mut std::ffi::c_void, _: usize) -> bool {
		false
	}
}
