//! The work itself.

use crate::{Error, Job, Proof, UnitProofs};
use marketplace_proof::{Input, ProofHasher};
use marketplace_randomx::{Engine, RandomX};
use std::{
	num::NonZeroUsize,
	sync::{
		atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed},
		mpsc::{channel, Sender},
	},
	thread,
	time::{Duration, Instant},
};

/// What may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
	/// Threads.
	pub threads: NonZeroUsize,
	/// How long; units that are not proven by then are given up.
	pub time_limit: Option<Duration>,
}

/// What was used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
	/// Hashes tried.
	pub hashes: u64,
	/// Time from the first to the last.
	pub elapsed: Duration,
}

/// What became of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
	/// All its slots are proven, and all hashes were computed twice.
	Proven(UnitProofs),
	/// A hash came out differently the second time: the machine is at fault.
	Flawed(u8),
}

/// One run over the units of a job.
struct Run<'a> {
	job: &'a Job,
	units: &'a [u8],
	next_unit: AtomicUsize,
	hashes: AtomicU64,
	deadline: Option<Instant>,
	stopped: AtomicBool,
}

/// Proves the `units` of the job, tells `done` of each when it is finished, and returns how many hashes
/// that took. Units for which the time does not suffice are not told of.
///
/// # Errors
/// The first of the machine, or of `done`.
pub fn prove(
	job: &Job,
	mut units: Vec<u8>,
	resources: Resources,
	mut done: impl FnMut(Outcome) -> Result<(), Error>,
) -> Result<u64, Error> {
	units.sort_unstable();
	let run = Run {
		job,
		units: &units,
		next_unit: AtomicUsize::new(0),
		hashes: AtomicU64::new(0),
		deadline: resources.time_limit.and_then(|limit| Instant::now().checked_add(limit)),
		stopped: AtomicBool::new(false),
	};
	// A team proves one unit at a time on one cache. Threads that are left over join the first teams.
	let threads = resources.threads.get();
	let teams = threads.min(units.len()).max(1);
	let (sender, outcomes) = channel();
	thread::scope(|scope| {
		for team in 0..teams {
			let size = threads / teams + usize::from(team < threads % teams);
			let (sender, run) = (sender.clone(), &run);
			scope.spawn(move || {
				if let Err(error) = run.team(size, &sender) {
					// Nobody listens any more where another error came first.
					let _ = sender.send(Err(error));
				}
			});
		}
		drop(sender);
		let mut outcomes = outcomes.into_iter();
		outcomes
			.try_for_each(|outcome| done(outcome?))
			.inspect_err(|_| run.stopped.store(true, Relaxed))
	})?;
	Ok(run.hashes.into_inner())
}

impl Run<'_> {
	/// Proves units as long as there are any.
	fn team(&self, size: usize, sender: &Sender<Result<Outcome, Error>>) -> Result<(), Error> {
		let mut engine = None;
		while let Some(unit) = self.units.get(self.next_unit.fetch_add(1, Relaxed)) {
			let key = self.job.key(*unit);
			let engine: &mut Engine = match &mut engine {
				Some(engine) => engine,
				empty => empty.insert(Engine::new(&key)?),
			};
			engine.set_key(&key);
			let Some(proofs) = self.unit(engine, size)? else { return Ok(()) };
			let outcome = if self.is_confirmed(*unit, &proofs) {
				Outcome::Proven(UnitProofs { unit: *unit, proofs })
			} else {
				Outcome::Flawed(*unit)
			};
			if sender.send(Ok(outcome)).is_err() {
				return Ok(());
			}
		}
		Ok(())
	}

	/// Proves all slots of the unit whose key the engine has; `None` where the time is over.
	fn unit(&self, engine: &Engine, size: usize) -> Result<Option<Vec<Proof>>, Error> {
		let slots: Vec<u16> = (0..self.job.slots).collect();
		let next_slot = AtomicUsize::new(0);
		let member = || -> Result<Vec<(u16, Option<Proof>)>, Error> {
			let hasher = engine.hasher()?;
			let mut proven = Vec::new();
			while let Some(slot) = slots.get(next_slot.fetch_add(1, Relaxed)) {
				let found = self.slot(*slot, |input| hasher.hash(input));
				proven.push((*slot, found));
			}
			Ok(proven)
		};
		let parts: Vec<_> = thread::scope(|scope| {
			let others: Vec<_> = (1..size).map(|_| scope.spawn(member)).collect();
			let own = member();
			let join = |other: thread::ScopedJoinHandle<'_, _>| {
				other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
			};
			std::iter::once(own).chain(others.into_iter().map(join)).collect()
		});
		let mut proven = parts.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
		proven.sort_unstable_by_key(|(slot, _)| *slot);
		Ok(proven.into_iter().map(|(_, proof)| proof).collect())
	}

	/// The first nonce that proves the slot; `None` where the time is over.
	fn slot(&self, slot: u16, hash: impl Fn(&Input) -> [u8; 32]) -> Option<Proof> {
		(0..u64::MAX).take_while(|_| !self.is_over()).find_map(|nonce| {
			let input = self.job.input(slot, nonce);
			let hash = hash(&input);
			self.hashes.fetch_add(1, Relaxed);
			self.job.is_met(&input, &hash).then_some(Proof { nonce, hash })
		})
	}

	/// Whether the hashes come out the same in other memory, by the function that decides on the chain.
	fn is_confirmed(&self, unit: u8, proofs: &[Proof]) -> bool {
		let inputs: Vec<_> = proofs
			.iter()
			.zip(0u16..)
			.map(|(proof, slot)| self.job.input(slot, proof.nonce))
			.collect();
		let hashes = RandomX::hashes(&self.job.key(unit), &inputs);
		proofs.iter().map(|proof| &proof.hash).eq(&hashes)
	}

	fn is_over(&self) -> bool {
		self.stopped.load(Relaxed)
			|| self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
	}
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
