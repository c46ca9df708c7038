//! The threads that work on one unit.

use crate::{cores, progress::Meter, Error, Event, Note};
use std::{
	sync::{
		atomic::{AtomicBool, Ordering::Relaxed},
		mpsc::Sender,
	},
	thread,
	time::{Duration, Instant},
};

/// When work ends that is not done.
#[derive(Debug)]
pub(crate) struct Limit {
	deadline: Option<Instant>,
	stopped: AtomicBool,
}

impl Limit {
	/// After `time`, where there is a bound.
	pub fn new(time: Option<Duration>) -> Self {
		let deadline = time.and_then(|time| Instant::now().checked_add(time));
		Self { deadline, stopped: AtomicBool::new(false) }
	}

	/// Ends it now.
	pub fn stop(&self) {
		self.stopped.store(true, Relaxed);
	}

	/// Whether it has ended.
	pub fn is_over(&self) -> bool {
		self.stopped.load(Relaxed)
			|| self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
	}
}

/// The threads that work on one unit at a time, and whom they tell.
#[derive(Debug)]
pub struct Crew<'a> {
	/// The core of each thread; `None` where the system chooses.
	pub(crate) seats: &'a [Option<usize>],
	pub(crate) limit: &'a Limit,
	pub(crate) meter: &'a Meter,
	pub(crate) events: Sender<Result<Event, Error>>,
}

impl Crew<'_> {
	/// Whether the work has to end.
	pub fn is_over(&self) -> bool {
		self.limit.is_over()
	}

	/// Tells whoever runs the prover. Nobody may listen any more.
	pub fn note(&self, note: Note) {
		self.tell(Ok(Event::Note(note)));
	}

	/// Tells whether anybody listens.
	pub(crate) fn tell(&self, event: Result<Event, Error>) -> bool {
		self.events.send(event).is_ok()
	}

	/// Puts the calling thread on the core of the first one: memory is taken near to where it is used.
	pub fn take_seat(&self) {
		sit(self.seats.first());
	}

	/// Lets every thread do `work`, the calling one among them, and returns what each came to.
	pub fn work<T: Send>(&self, work: impl Fn() -> T + Sync) -> Vec<T> {
		let seated = |seat: Option<&Option<usize>>| {
			sit(seat);
			work()
		};
		thread::scope(|scope| {
			let seated = &seated;
			let others = self.seats.iter().skip(1);
			let others: Vec<_> =
				others.map(|seat| scope.spawn(move || seated(Some(seat)))).collect();
			let own = seated(self.seats.first());
			let join = |other: thread::ScopedJoinHandle<'_, T>| {
				other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
			};
			std::iter::once(own).chain(others.into_iter().map(join)).collect()
		})
	}

	/// Like [`work`](Self::work), for filling memory in `steps`, of which each is told by
	/// [`filled`](Self::filled).
	pub fn fill<T: Send>(&self, steps: u64, work: impl Fn() -> T + Sync) -> Vec<T> {
		self.meter.fill_begins(steps);
		let results = self.work(work);
		self.meter.fill_ends(steps);
		results
	}

	/// A step is done.
	pub fn filled(&self) {
		self.meter.step_filled();
	}
}

fn sit(seat: Option<&Option<usize>>) {
	if let Some(Some(core)) = seat {
		cores::pin(*core);
	}
}
