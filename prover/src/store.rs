//! Reports on disk.

use crate::{Error, Job, Report};
use std::{
	fs::{self, File},
	io::{self, Write},
	path::{Path, PathBuf},
};

/// A directory with one file per server and epoch.
#[derive(Clone, Debug)]
pub struct Store {
	dir: PathBuf,
}

impl Store {
	/// The store in `dir`.
	pub fn new(dir: impl Into<PathBuf>) -> Self {
		Self { dir: dir.into() }
	}

	/// Where the report of a server and epoch is kept.
	pub fn path(&self, server: u32, epoch: u32) -> PathBuf {
		self.dir.join(format!("{server}-{epoch}.json"))
	}

	/// What is kept of the job, or an empty report of it.
	///
	/// # Errors
	/// [`Error::OtherJob`] where another job is kept in its place; and as [`load`](Self::load).
	pub fn open(&self, job: Job, forged: bool) -> Result<Report, Error> {
		let path = self.path(job.server, job.epoch);
		match self.load(job.server, job.epoch) {
			Ok(kept) if kept.job == job && kept.forged == forged => Ok(kept),
			Ok(_) => Err(Error::OtherJob(path)),
			Err(Error::File(_, error)) if error.kind() == io::ErrorKind::NotFound => {
				Ok(Report::new(job, forged))
			},
			Err(error) => Err(error),
		}
	}

	/// The report of a server and epoch.
	///
	/// # Errors
	/// [`Error::File`] where there is none, [`Error::Damaged`] where the file holds something else.
	pub fn load(&self, server: u32, epoch: u32) -> Result<Report, Error> {
		let path = self.path(server, epoch);
		let text = fs::read(&path).map_err(|error| Error::File(path.clone(), error))?;
		serde_json::from_slice(&text).map_err(|error| Error::Damaged(path, error))
	}

	/// Keeps the report. When this returns, it survives a crash; if the crash comes before, what was kept
	/// until then survives.
	///
	/// # Errors
	/// [`Error::File`].
	pub fn save(&self, report: &Report) -> Result<(), Error> {
		let path = self.path(report.job.server, report.job.epoch);
		let aside = path.with_extension(format!("{}.tmp", std::process::id()));
		self.write(report, &aside, &path).map_err(|error| {
			// It is of no use, and its absence no harm.
			let _ = fs::remove_file(&aside);
			Error::File(path, error)
		})
	}

	/// Removes what is kept of epochs before `before`, of one server or of all, and returns the servers
	/// and epochs of which it was. Nothing else removes reports: whether an epoch is settled, the chain
	/// knows.
	///
	/// # Errors
	/// [`Error::File`].
	pub fn prune(&self, before: u32, server: Option<u32>) -> Result<Vec<(u32, u32)>, Error> {
		let failed = |error| Error::File(self.dir.clone(), error);
		let mut removed = Vec::new();
		for entry in fs::read_dir(&self.dir).map_err(failed)? {
			let entry = entry.map_err(failed)?;
			let Some(kept) = entry.file_name().to_str().and_then(Kept::named) else { continue };
			if kept.epoch >= before || server.is_some_and(|server| server != kept.server) {
				continue;
			}
			fs::remove_file(entry.path()).map_err(|error| Error::File(entry.path(), error))?;
			if kept.is_whole {
				removed.push((kept.server, kept.epoch));
			}
		}
		File::open(&self.dir).and_then(|dir| dir.sync_all()).map_err(failed)?;
		removed.sort_unstable();
		Ok(removed)
	}

	fn write(&self, report: &Report, aside: &Path, path: &Path) -> io::Result<()> {
		fs::create_dir_all(&self.dir)?;
		let mut file = File::create(aside)?;
		serde_json::to_writer(&file, report)?;
		file.write_all(b"\n")?;
		file.sync_all()?;
		fs::rename(aside, path)?;
		// The directory holds the new name only once it is synchronised itself.
		File::open(&self.dir)?.sync_all()
	}
}

/// What a file of the store is, by its name.
struct Kept {
	server: u32,
	epoch: u32,
	/// A report, and not what is left of one that a crash kept from being written.
	is_whole: bool,
}

impl Kept {
	/// `None` where the name is not one that the store gives.
	fn named(name: &str) -> Option<Self> {
		let (stem, ending) = name.split_once('.')?;
		let (server, epoch) = stem.split_once('-')?;
		let (server, epoch) = (number(server)?, number(epoch)?);
		let is_whole = ending == "json";
		let is_rest = || ending.strip_suffix(".tmp").is_some_and(|id| number(id).is_some());
		(is_whole || is_rest()).then_some(Self { server, epoch, is_whole })
	}
}

/// A number as it is written in names: without signs and leading zeros.
fn number(text: &str) -> Option<u32> {
	text.parse().ok().filter(|number: &u32| number.to_string() == text)
}
