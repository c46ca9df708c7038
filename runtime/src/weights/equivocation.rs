//! The cost of reporting an equivocation.
//!
//! Neither BABE nor GRANDPA has generated weights for its calls: they give a formula over the number
//! of validators and leave the parts to the runtime. This is that formula with this chain's database,
//! and without nominators, since validators have none here.

use crate::Runtime;
use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};

/// Weights of `pallet-babe` and `pallet-grandpa`.
pub struct EquivocationWeight;

/// Microseconds to check a session membership proof, two signatures, and to note an offence.
const CHECK_AND_REPORT: u64 = 35 + 110 + 110;
/// Validators that a report is charged for at least.
const LEAST_VALIDATORS: u32 = 100;

fn report(validators: u32) -> Weight {
	let database = <Runtime as frame_system::Config>::DbWeight::get();
	let validators = u64::from(validators.max(LEAST_VALIDATORS));
	Weight::from_parts(CHECK_AND_REPORT * WEIGHT_REF_TIME_PER_MICROS, 0)
		.saturating_add(Weight::from_parts(WEIGHT_REF_TIME_PER_MICROS / 5, 0) * validators)
		.saturating_add(database.reads_writes(19, 10))
}

impl pallet_babe::WeightInfo for EquivocationWeight {
	fn plan_config_change() -> Weight {
		<Runtime as frame_system::Config>::DbWeight::get().writes(1)
	}

	fn report_equivocation(validators: u32, _: u32) -> Weight {
		report(validators)
	}
}

impl pallet_grandpa::WeightInfo for EquivocationWeight {
	fn report_equivocation(validators: u32, _: u32) -> Weight {
		report(validators)
	}

	fn note_stalled() -> Weight {
		<Runtime as frame_system::Config>::DbWeight::get().writes(1)
	}
}
