//! A runtime with nothing but the matcher, on a market kept in storage.

use crate::{self as pallet_matcher, tests::world::World, Event, Pallet};
use frame_support::{derive_impl, parameter_types, traits::ConstU32};
use marketplace_testkit::{MockRegistry, MockUnits};
use sp_io::TestExternalities;
use sp_runtime::{traits::IdentityLookup, AccountId32, BuildStorage, Perbill};

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Matcher = pallet_matcher;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountId = AccountId32;
	type Lookup = IdentityLookup<AccountId32>;
	type Block = Block;
}

parameter_types! {
	pub static SolverShare: Perbill = Perbill::from_percent(50);
	// So large that no bid of a small book steps aside, and every loss takes the pass back at once.
	pub static Patience: u32 = u32::MAX;
	pub static MaxRewinds: u32 = u32::MAX;
	/// How many servers a deal ever has.
	pub static MostServers: u32 = 64;
}

impl pallet_matcher::Config for Test {
	type Registry = MockRegistry;
	type Units = World;
	type Clock = MockUnits;
	type Offers = World;
	type Deals = World;
	// Small, so that small books need several visits.
	type MaxCandidates = ConstU32<3>;
	type MaxImmediate = ConstU32<2>;
	type MaxPlan = ConstU32<16>;
	type Patience = Patience;
	type MaxRewinds = MaxRewinds;
	type MaxQuoted = ConstU32<100>;
	type SolverShare = SolverShare;
	type WeightInfo = ();
}

/// Block 1 of an empty market.
pub fn new_test_ext() -> TestExternalities {
	marketplace_testkit::reset();
	Patience::set(u32::MAX);
	MaxRewinds::set(u32::MAX);
	MostServers::set(64);
	let storage = frame_system::GenesisConfig::<Test>::default().build_storage();
	let mut ext: TestExternalities = storage.expect("no genesis to fail").into();
	ext.execute_with(|| System::set_block_number(1));
	ext
}

/// Runs a test in an empty market and checks the invariants after it.
pub fn market(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		Pallet::<Test>::do_try_state().expect("invariants hold");
	});
}

/// The pallet's events since the last time.
pub fn events() -> Vec<Event<Test>> {
	let events = System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Matcher(event) => Some(event),
			_ => None,
		})
		.collect();
	System::reset_events();
	events
}
