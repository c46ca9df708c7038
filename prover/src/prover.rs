//! The work itself.

use crate::{
	cores::{self, Cores},
	crew::{Crew, Limit},
	memory::Budget,
	progress::{Meter, Phase},
	Engine, Error, Event, Hasher, Job, Mode, Note, Outcome, Proof, UnitProofs,
};
use marketplace_proof::{Input, ProofHasher};
use marketplace_randomx::RandomX;
use std::{
	fmt,
	num::NonZeroUsize,
	sync::{
		atomic::{AtomicUsize, Ordering::Relaxed},
		mpsc::{channel, Receiver, RecvTimeoutError},
	},
	thread,
	time::{Duration, Instant},
};

/// What may be used for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
	/// Threads.
	pub threads: NonZeroUsize,
	/// How long; units that are not proven by then are given up.
	pub time_limit: Option<Duration>,
}

/// What was used for a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
	/// Hashes tried.
	pub hashes: u64,
	/// Time from the first to the last.
	pub elapsed: Duration,
	/// Time for filling memory, summed over the units.
	pub preparing: Duration,
	/// Time for trying hashes, summed over the threads.
	pub hashing: Duration,
}

/// How a prover works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
	/// From what hashes are computed.
	pub mode: Mode,
	/// For each job.
	pub resources: Resources,
	/// Memory for all of it, in MiB; what is available where it is not given.
	pub memory: Option<u64>,
	/// The cores to run on. Where there are none, threads are pinned in fast mode, if they take all cores.
	pub cores: Cores,
	/// Time from one word on progress to the next.
	pub progress: Duration,
}

impl Setup {
	/// Light mode with these resources.
	pub fn light(resources: Resources) -> Self {
		let (mode, progress) = (Mode::Light, Duration::from_secs(5));
		Self { mode, resources, memory: None, cores: Cores::default(), progress }
	}
}

/// Proves jobs, one after the other. What memory it took for one it uses for the next.
pub struct Prover {
	setup: Setup,
	make: Box<dyn Fn() -> Box<dyn Engine> + Send>,
	engines: Vec<Box<dyn Engine>>,
}

impl fmt::Debug for Prover {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("Prover").field("setup", &self.setup).finish_non_exhaustive()
	}
}

impl Prover {
	/// A prover that has no memory yet.
	pub fn new(setup: Setup) -> Self {
		let mode = setup.mode;
		Self::with_engines(setup, move || mode.engine())
	}

	/// A prover that computes with engines of another kind.
	pub fn with_engines(setup: Setup, make: impl Fn() -> Box<dyn Engine> + Send + 'static) -> Self {
		Self { setup, make: Box::new(make), engines: Vec::new() }
	}

	/// How it works.
	pub fn setup(&self) -> &Setup {
		&self.setup
	}

	/// Whether memory suffices for one unit, and the cores are there.
	///
	/// # Errors
	/// [`Error::Memory`], [`Error::NoSuchCore`].
	pub fn check(&self) -> Result<(), Error> {
		self.units_at_once(NonZeroUsize::MIN)?;
		self.seats().map(|_| ())
	}

	/// Proves the `units` of the job, and tells of each when it is finished. Units for which the time does
	/// not suffice are not told of.
	///
	/// # Errors
	/// Where memory does not suffice for one unit; else the first of the machine, or of `tell`.
	pub fn prove(
		&mut self,
		job: &Job,
		mut units: Vec<u8>,
		mut tell: impl FnMut(Event) -> Result<(), Error>,
	) -> Result<Effort, Error> {
		let start = Instant::now();
		units.sort_unstable();
		let seats = self.seats()?;
		let teams = self.teams(&seats, units.len(), &mut tell)?;
		let shares = shares(&seats, teams);
		while self.engines.len() < shares.len() {
			self.engines.push((self.make)());
		}
		let run = Run {
			job,
			units: &units,
			next_unit: AtomicUsize::new(0),
			meter: Meter::default(),
			limit: Limit::new(self.setup.resources.time_limit),
		};
		let (sender, events) = channel();
		thread::scope(|scope| {
			for (engine, seats) in self.engines.iter_mut().zip(shares) {
				let (run, events) = (&run, sender.clone());
				let crew = Crew { seats, limit: &run.limit, meter: &run.meter, events };
				scope.spawn(move || {
					if let Err(error) = run.team(engine.as_mut(), &crew) {
						// Nobody listens any more where another error came first.
						crew.tell(Err(error));
					}
				});
			}
			drop(sender);
			run.listen(&events, self.setup.progress, &mut tell).inspect_err(|_| run.limit.stop())
		})?;
		let elapsed = start.elapsed();
		tell(Event::Progress(run.progress(elapsed, 0)))?;
		Ok(run.meter.effort(elapsed))
	}

	/// How many teams work, each on one unit at a time in one memory.
	fn teams(
		&self,
		seats: &[Option<usize>],
		units: usize,
		tell: &mut impl FnMut(Event) -> Result<(), Error>,
	) -> Result<NonZeroUsize, Error> {
		if self.setup.mode == Mode::Fast && seats.contains(&None) {
			tell(Event::Note(Note::Unpinned))?;
		}
		let wanted = NonZeroUsize::new(seats.len().min(units)).unwrap_or(NonZeroUsize::MIN);
		let teams = self.units_at_once(wanted)?;
		if teams < wanted {
			tell(Event::Note(Note::Memory { units: teams.get(), wanted: wanted.get() }))?;
		}
		Ok(teams)
	}

	fn seats(&self) -> Result<Vec<Option<usize>>, Error> {
		let threads = self.setup.resources.threads.get();
		match self.setup.mode {
			Mode::Light if self.setup.cores.0.is_empty() => Ok(vec![None; threads]),
			_ => cores::seats(threads, &self.setup.cores),
		}
	}

	fn units_at_once(&self, wanted: NonZeroUsize) -> Result<NonZeroUsize, Error> {
		let Setup { mode, resources, memory, .. } = &self.setup;
		let held = self.engines.iter().filter(|engine| engine.is_allocated()).count();
		Ok(Budget::now(*memory).units(*mode, wanted, resources.threads, held)?)
	}
}

/// The seats of each team: as equally many as possible, more for the first ones.
fn shares(mut seats: &[Option<usize>], teams: NonZeroUsize) -> Vec<&[Option<usize>]> {
	let left = (1..=teams.get()).rev().filter_map(NonZeroUsize::new);
	left.map(|left| {
		let (share, rest) = seats.split_at(seats.len().div_ceil(left.get()));
		seats = rest;
		share
	})
	.collect()
}

/// One run over the units of a job.
struct Run<'a> {
	job: &'a Job,
	units: &'a [u8],
	next_unit: AtomicUsize,
	meter: Meter,
	limit: Limit,
}

impl Run<'_> {
	/// Tells of all that happens, and of the progress every now and then, until all teams have ended.
	fn listen(
		&self,
		events: &Receiver<Result<Event, Error>>,
		every: Duration,
		tell: &mut impl FnMut(Event) -> Result<(), Error>,
	) -> Result<(), Error> {
		let (mut last, mut before) = (Instant::now(), 0);
		loop {
			match events.recv_timeout(every.saturating_sub(last.elapsed())) {
				Ok(event) => tell(event?)?,
				Err(RecvTimeoutError::Timeout) => {},
				Err(RecvTimeoutError::Disconnected) => return Ok(()),
			}
			let since = last.elapsed();
			if since >= every {
				let progress = self.progress(since, before);
				(last, before) = (Instant::now(), progress.hashes);
				tell(Event::Progress(progress))?;
			}
		}
	}

	fn progress(&self, since: Duration, before: u64) -> crate::Progress {
		let units = u64::try_from(self.units.len()).unwrap_or(u64::MAX);
		let slots = units.saturating_mul(self.job.slots.into());
		self.meter.progress(units, slots, since, before)
	}

	/// Proves units as long as there are any.
	fn team(&self, engine: &mut dyn Engine, crew: &Crew<'_>) -> Result<(), Error> {
		while let Some(unit) = self.units.get(self.next_unit.fetch_add(1, Relaxed)) {
			let key = self.job.key(*unit);
			let prepare = || engine.prepare(&key, crew);
			if !self.meter.during(Phase::Preparing, prepare)? {
				return Ok(());
			}
			let prove = || self.unit(engine, crew);
			let Some(proofs) = self.meter.during(Phase::Hashing, prove)? else { return Ok(()) };
			let confirm = || self.is_confirmed(*unit, &proofs);
			let outcome = if self.meter.during(Phase::Checking, confirm) {
				Outcome::Proven(UnitProofs { unit: *unit, proofs })
			} else {
				engine.forget();
				Outcome::Flawed(*unit)
			};
			self.meter.unit_done();
			if !crew.tell(Ok(Event::Finished(outcome))) {
				return Ok(());
			}
		}
		Ok(())
	}

	/// Proves all slots of the unit for which the engine is prepared; `None` where the time is over.
	fn unit(&self, engine: &dyn Engine, crew: &Crew<'_>) -> Result<Option<Vec<Proof>>, Error> {
		let slots: Vec<u16> = (0..self.job.slots).collect();
		let next_slot = AtomicUsize::new(0);
		let parts = crew.work(|| -> Result<Vec<(u16, Option<Proof>)>, Error> {
			let hasher = engine.hasher()?;
			let mut proven = Vec::new();
			self.meter.while_hashing(|| {
				while let Some(slot) = slots.get(next_slot.fetch_add(1, Relaxed)) {
					proven.push((*slot, self.slot(*slot, hasher.as_ref())));
				}
			});
			Ok(proven)
		});
		let mut proven = parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
		proven.sort_unstable_by_key(|(slot, _)| *slot);
		Ok(proven.into_iter().map(|(_, proof)| proof).collect())
	}

	/// The first nonce that proves the slot; `None` where the time is over.
	fn slot(&self, slot: u16, hasher: &dyn Hasher) -> Option<Proof> {
		let proof = (0..u64::MAX).take_while(|_| !self.limit.is_over()).find_map(|nonce| {
			let input = self.job.input(slot, nonce);
			let hash = hasher.hash(&input);
			self.meter.hashed();
			self.job.is_met(&input, &hash).then_some(Proof { nonce, hash })
		});
		proof.inspect(|_| self.meter.slot_proven())
	}

	/// Whether the hashes come out the same in other memory, by the function that decides on the chain.
	fn is_confirmed(&self, unit: u8, proofs: &[Proof]) -> bool {
		let inputs: Vec<Input> = proofs
			.iter()
			.zip(0u16..)
			.map(|(proof, slot)| self.job.input(slot, proof.nonce))
			.collect();
		let hashes = RandomX::hashes(&self.job.key(unit), &inputs);
		proofs.iter().map(|proof| &proof.hash).eq(&hashes)
	}
}

/// Proves the `units` of the job in light mode, tells `done` of each when it is finished, and returns how
/// many hashes that took. Units for which the time does not suffice are not told of.
///
/// # Errors
/// The first of the machine, or of `done`.
pub fn prove(
	job: &Job,
	units: Vec<u8>,
	resources: Resources,
	mut done: impl FnMut(Outcome) -> Result<(), Error>,
) -> Result<u64, Error> {
	let effort = Prover::new(Setup::light(resources)).prove(job, units, |event| match event {
		Event::Finished(outcome) => done(outcome),
		Event::Note(_) | Event::Progress(_) => Ok(()),
	})?;
	Ok(effort.hashes)
}

/// Proofs of a unit that nobody computed: they meet the target and are wrong.
pub fn forge(job: &Job, unit: u8) -> UnitProofs {
	let invent = |slot: u16| {
		let input = job.input(slot, u64::from(unit));
		let mut hash = job.key(unit);
		while !job.is_met(&input, &hash) {
			hash = marketplace_proof::commitment(&input, &hash);
		}
		Proof { nonce: u64::from(unit), hash }
	};
	UnitProofs { unit, proofs: (0..job.slots).map(invent).collect() }
}
