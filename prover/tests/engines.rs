//! What a prover does with its engines: with counted ones, and with those of fast mode.

use marketplace_proof::{Hash, Input, ProofHasher};
use marketplace_prover::{
	make_report, memory::needed, Cores, Crew, Engine, Error, Event, Hasher, Job, Mode, Note,
	Outcome, Pages, Prover, Resources, Setup, Store,
};
use marketplace_randomx::RandomX;
use std::{
	fs,
	num::NonZeroUsize,
	path::PathBuf,
	sync::{
		atomic::{AtomicUsize, Ordering::SeqCst},
		Arc,
	},
	time::Duration,
};

fn job(epoch: u32, units: &[u8]) -> Job {
	let (genesis, seed, target) = ([1; 32], [2; 32], [0xff; 32]);
	Job { genesis, epoch, seed, server: 3, units: units.to_vec(), slots: 1, target }
}

fn setup(threads: usize) -> Setup {
	let threads = NonZeroUsize::new(threads).unwrap();
	Setup::light(Resources { threads, time_limit: None })
}

/// What became of the engines of a test.
#[derive(Default)]
struct Counts {
	allocations: AtomicUsize,
	fills: AtomicUsize,
	forgotten: AtomicUsize,
	/// From now on, hashes are wrong.
	is_broken: AtomicUsize,
}

/// An engine that hashes by the host function.
struct Counted {
	counts: Arc<Counts>,
	is_allocated: bool,
	key: Hash,
}

struct CountedHasher<'a>(&'a Counted);

impl Engine for Counted {
	fn prepare(&mut self, key: &Hash, crew: &Crew<'_>) -> Result<bool, Error> {
		if !self.is_allocated {
			self.counts.allocations.fetch_add(1, SeqCst);
			crew.note(Note::Pages(Pages::Usual));
		}
		self.is_allocated = true;
		self.key = *key;
		let members = crew.fill(1, || crew.filled()).len();
		self.counts.fills.fetch_add(members, SeqCst);
		Ok(!crew.is_over())
	}

	fn hasher(&self) -> Result<Box<dyn Hasher + '_>, Error> {
		Ok(Box::new(CountedHasher(self)))
	}

	fn is_allocated(&self) -> bool {
		self.is_allocated
	}

	fn forget(&mut self) {
		self.counts.forgotten.fetch_add(1, SeqCst);
	}
}

impl Hasher for CountedHasher<'_> {
	fn hash(&self, input: &Input) -> Hash {
		let mut hash = RandomX::hashes(&self.0.key, &[*input])[0];
		hash[0] ^= u8::try_from(self.0.counts.is_broken.load(SeqCst)).unwrap();
		hash
	}
}

fn counted(setup: Setup) -> (Prover, Arc<Counts>) {
	let counts = Arc::new(Counts::default());
	let engines = counts.clone();
	let make = move || -> Box<dyn Engine> {
		Box::new(Counted { counts: engines.clone(), is_allocated: false, key: [0; 32] })
	};
	(Prover::with_engines(setup, make), counts)
}

/// The units that were proven and those that were flawed.
fn work(prover: &mut Prover, job: &Job) -> (Vec<u8>, Vec<u8>) {
	let (mut proven, mut flawed) = (Vec::new(), Vec::new());
	let tell = |event| {
		match event {
			Event::Finished(Outcome::Proven(unit)) => proven.push(unit.unit),
			Event::Finished(Outcome::Flawed(unit)) => flawed.push(unit),
			Event::Note(_) | Event::Progress(_) => {},
		}
		Ok(())
	};
	prover.prove(job, job.units.clone(), tell).unwrap();
	proven.sort_unstable();
	(proven, flawed)
}

#[test]
fn memory_is_used_again_for_the_next_unit_and_epoch() {
	let (mut prover, counts) = counted(setup(1));
	assert_eq!(work(&mut prover, &job(1, &[2, 0, 1])).0, [0, 1, 2]);
	assert_eq!(work(&mut prover, &job(2, &[5, 6])).0, [5, 6]);
	assert_eq!(counts.allocations.load(SeqCst), 1);
	assert_eq!(counts.fills.load(SeqCst), 5);
}

#[test]
fn threads_that_are_left_over_join_the_first_units() {
	let (mut prover, counts) = counted(setup(5));
	assert_eq!(work(&mut prover, &job(1, &[0, 1])).0, [0, 1]);
	assert!(counts.allocations.load(SeqCst) <= 2);
	let (mut prover, counts) = counted(setup(5));
	assert_eq!(work(&mut prover, &job(1, &[7])).0, [7]);
	assert_eq!(counts.fills.load(SeqCst), 5, "all threads fill one memory");
}

#[test]
fn limit_of_memory_bounds_the_engines() {
	let memory = Some(needed(Mode::Light, 1, 3));
	let (mut prover, counts) = counted(Setup { memory, ..setup(3) });
	let job = job(1, &[0, 1, 2]);
	let mut notes = Vec::new();
	let tell = |event| {
		if let Event::Note(note @ Note::Memory { .. }) = event {
			notes.push(note);
		}
		Ok(())
	};
	prover.prove(&job, job.units.clone(), tell).unwrap();
	assert_eq!(counts.allocations.load(SeqCst), 1);
	assert_eq!(notes, [Note::Memory { units: 1, wanted: 3 }]);
	assert!(notes[0].to_string().contains("for 1 units at the same time, not for 3"));
}

#[test]
fn too_little_memory_is_refused_before_any_is_taken() {
	let (mut prover, counts) = counted(Setup { memory: Some(100), ..setup(1) });
	assert!(matches!(prover.check(), Err(Error::Memory(_))));
	let job = job(1, &[0]);
	let error = prover.prove(&job, vec![0], |_| Ok(())).unwrap_err();
	assert!(error.to_string().contains("446 MiB are missing"), "{error}");
	assert_eq!(counts.allocations.load(SeqCst), 0);
}

#[test]
fn core_that_is_not_there_is_refused() {
	let cores = Cores(vec![1_023]);
	let (prover, _) = counted(Setup { cores, ..setup(1) });
	let error = prover.check().unwrap_err();
	assert!(error.to_string().contains("may not run on core 1023"), "{error}");
}

#[test]
fn wrong_hash_is_found_and_its_memory_not_trusted_again() {
	let (mut prover, counts) = counted(setup(1));
	counts.is_broken.store(1, SeqCst);
	assert_eq!(work(&mut prover, &job(1, &[4])), (vec![], vec![4]));
	assert_eq!(counts.forgotten.load(SeqCst), 1);
	counts.is_broken.store(0, SeqCst);
	assert_eq!(work(&mut prover, &job(1, &[4])), (vec![4], vec![]));
	assert_eq!(counts.allocations.load(SeqCst), 1);
}

#[test]
fn flawed_units_are_told_and_left_out_of_the_report() {
	let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("prover-flawed");
	let _ = fs::remove_dir_all(&dir);
	let (mut prover, counts) = counted(setup(1));
	counts.is_broken.store(1, SeqCst);
	let mut told = Vec::new();
	let tell = |event: &Event| {
		if let Event::Note(note) = event {
			told.push(*note);
		}
	};
	let result = make_report(&mut prover, &Store::new(dir), job(1, &[4]), tell);
	assert!(matches!(result, Err(Error::NothingProven)));
	assert_eq!(told, [Note::Pages(Pages::Usual), Note::Flawed(4)]);
	assert!(told[1].to_string().contains("unit 4 is left out"));
}

#[test]
fn progress_is_told_now_and_then_and_at_the_end() {
	let told = |every: Duration| {
		let (mut prover, _) = counted(Setup { progress: every, ..setup(1) });
		let job = job(1, &[0, 1]);
		let mut told = Vec::new();
		let tell = |event| {
			if let Event::Progress(progress) = event {
				told.push(progress);
			}
			Ok(())
		};
		let effort = prover.prove(&job, job.units.clone(), tell).unwrap();
		assert_eq!(effort.hashes, 2);
		assert!(effort.elapsed >= effort.preparing && effort.elapsed >= effort.hashing);
		told
	};
	let at_the_end = told(Duration::MAX);
	assert_eq!(at_the_end.len(), 1);
	let last = at_the_end[0];
	assert_eq!((last.units, last.units_in_all, last.slots, last.slots_in_all), (2, 2, 2, 2));
	assert_eq!((last.preparing, last.hashing, last.checking, last.hashes), (0, 0, 0, 2));
	assert!(last.hashes_per_second > 0.0);
	assert!(told(Duration::from_millis(1)).len() > 2);
}

#[test]
fn modes_have_names() {
	assert_eq!("light".parse(), Ok(Mode::Light));
	assert_eq!("fast".parse(), Ok(Mode::Fast));
	assert!("Fast".parse::<Mode>().unwrap_err().contains("'light' and 'fast'"));
	assert!(matches!(Mode::Fast.engine().hasher(), Err(Error::NotPrepared)));
	assert!(matches!(Mode::Light.engine().hasher(), Err(Error::NotPrepared)));
	assert!(!Mode::Fast.engine().is_allocated());
}

/// Two keys, one after the other in the same memory; every hash of the data set is one of the cache.
#[test]
#[ignore = "4 GiB and minutes"]
fn fast_hashes_are_light_hashes() {
	let threads = std::thread::available_parallelism().unwrap();
	let resources = Resources { threads, time_limit: None };
	let job = Job { slots: 4, target: [0x3f; 32], ..job(1, &[0, 1]) };
	let proofs = |mode| {
		let memory = Some(needed(mode, 1, u64::try_from(threads.get()).unwrap()));
		let mut prover = Prover::new(Setup { mode, memory, ..Setup::light(resources) });
		let mut proofs = Vec::new();
		let tell = |event| {
			match event {
				Event::Finished(Outcome::Proven(unit)) => proofs.push(unit),
				Event::Finished(Outcome::Flawed(unit)) => panic!("unit {unit} is flawed"),
				Event::Note(note) => println!("{note}"),
				Event::Progress(progress) => println!("{progress}"),
			}
			Ok(())
		};
		let effort = prover.prove(&job, job.units.clone(), tell).unwrap();
		println!("{mode}: {effort:?}");
		proofs.sort_by_key(|unit| unit.unit);
		proofs
	};
	assert_eq!(proofs(Mode::Fast), proofs(Mode::Light));
}
