//! A chain in memory.

use frame_support::{
	dispatch::{extract_actual_weight, GetDispatchInfo},
	storage::{with_transaction, TransactionOutcome},
	weights::Weight,
};
use marketplace_runtime::RuntimeCall;
use marketplace_scenarios::{
	actors::{signed, Key},
	chain,
};
use sp_io::TestExternalities;
use sp_runtime::{traits::Dispatchable, DispatchError};
use std::time::{Duration, Instant};

/// The development chain. All that lasts is in its trie, and no cache stands before that.
pub struct State(TestExternalities);

impl State {
	/// In its first block.
	pub fn new() -> Self {
		Self(chain::development())
	}

	/// Does something that lasts.
	pub fn keep<R>(&mut self, act: impl FnOnce() -> R) -> R {
		let result = self.0.execute_with(act);
		self.0.commit_all().expect("the state is sound");
		result
	}

	/// Does something to the state that does not last.
	pub fn on_copy<R>(&mut self, act: impl FnOnce() -> R) -> R {
		self.0.execute_with(|| {
			let result =
				with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(act())));
			result.expect("nothing is nested here")
		})
	}
}

impl Default for State {
	fn default() -> Self {
		Self::new()
	}
}

/// What something takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
	/// Time on this machine, natively.
	pub time: Duration,
	/// What the runtime says that it weighs, after it was done.
	pub weight: Weight,
}

impl Cost {
	/// Of a call signed by `who`, without signature and fee.
	pub fn of(who: Key, call: impl Into<RuntimeCall>) -> Self {
		let call = call.into();
		let (info, origin) = (call.get_dispatch_info(), signed(who));
		let start = Instant::now();
		let result = call.dispatch(origin);
		let time = start.elapsed();
		assert!(result.is_ok(), "{result:?}");
		Self { time, weight: extract_actual_weight(&result, &info) }
	}

	/// Of what says itself what it weighs.
	pub fn of_hook(hook: impl FnOnce() -> Weight) -> Self {
		let start = Instant::now();
		let weight = hook();
		Self { time: start.elapsed(), weight }
	}

	/// Time by weight: 1 where it takes on this machine what it weighs.
	pub fn ratio(&self) -> f64 {
		self.time.as_secs_f64() * 1e12 / self.weight.ref_time() as f64
	}
}
