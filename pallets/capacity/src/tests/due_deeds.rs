//! What may happen to a server, as histories are made of it.

use super::super::{super::*, naive::*};
use crate::OPEN_EPOCHS;
use proptest::{prelude::*, sample::select};

#[derive(Clone, Debug)]
pub enum Deed {
	/// Commits units for a term; with all its allowance or none, at once or once it is funded.
	Commit { units: Units, term: Epoch, stake: Balance, is_full: bool, waits: bool },
	/// Funds a commitment that waits.
	Fund { index: usize, term: Epoch },
	/// Makes a term longer.
	Extend { index: usize, more: Epoch },
	/// Sells units.
	Sell { deal: u64, units: Units, term: Epoch },
	/// Lets units of a deal serve from the next epoch on.
	Start { deal: u64, units: Units },
	/// Takes units out of a deal after some epochs.
	Withdraw { deal: u64, units: Units, wait: Epoch },
	/// Puts the end of a deal off.
	Prolong { deal: u64, more: Epoch },
	/// Lets a deal end earlier.
	Shorten { deal: u64, less: Epoch },
	/// Lets units go whose deal is over.
	Release { deal: u64 },
	/// Reports units of an epoch that is not finished: what they are bound to.
	Report { age: Epoch, units: Units },
	/// Contests what units served.
	Contest { deal: u64, age: Epoch, units: Units },
	/// Shows a report wrong.
	Refute { age: Epoch },
}

fn deeds() -> impl Strategy<Value = Deed> {
	let units = || prop_oneof![any::<u64>(), Just(u64::MAX)].prop_map(Units);
	let term = || prop_oneof![1..20u32, 1..400u32];
	let (age, deal, index) = (0..OPEN_EPOCHS, 0..6u64, 0..4usize);
	prop_oneof![
		4 => (units(), term(), 0..2_000u128, any::<bool>(), select(vec![false, false, true]))
			.prop_map(|(units, term, stake, is_full, waits)| {
				Deed::Commit { units, term, stake, is_full, waits }
			}),
		1 => (index.clone(), term()).prop_map(|(index, term)| Deed::Fund { index, term }),
		1 => (index, term()).prop_map(|(index, more)| Deed::Extend { index, more }),
		4 => (deal.clone(), units(), term())
			.prop_map(|(deal, units, term)| Deed::Sell { deal, units, term: term + 1 }),
		2 => (deal.clone(), units()).prop_map(|(deal, units)| Deed::Start { deal, units }),
		3 => (deal.clone(), units(), prop_oneof![1..5u32, 1..300u32])
			.prop_map(|(deal, units, wait)| Deed::Withdraw { deal, units, wait }),
		2 => (deal.clone(), term()).prop_map(|(deal, more)| Deed::Prolong { deal, more }),
		1 => (deal.clone(), term()).prop_map(|(deal, less)| Deed::Shorten { deal, less }),
		2 => deal.clone().prop_map(|deal| Deed::Release { deal }),
		2 => (deal, age.clone(), units())
			.prop_map(|(deal, age, units)| Deed::Contest { deal, age, units }),
		8 => (age.clone(), units()).prop_map(|(age, units)| Deed::Report { age, units }),
		1 => age.prop_map(|age| Deed::Refute { age }),
	]
}

pub fn rules() -> impl Strategy<Value = StakeRules> {
	let part = |most: u32| (1..=most).prop_map(Perbill::from_parts);
	let slashes = prop::collection::vec(part(700_000_000), 3);
	let misses = (2..=4u32, prop_oneof![1..=12u32, Just(1_000_000)]);
	(slashes, part(1_000_000_000), misses, part(30_000_000)).prop_map(
		|(mut slashes, fail_at, (budget, period), miss_slash)| {
			slashes.sort();
			let slashes = [slashes[0], slashes[1], slashes[2]];
			StakeRules { slashes, fail_at, misses: MissRules { budget, period }, miss_slash }
		},
	)
}

pub fn past(epochs: usize) -> impl Strategy<Value = Past> {
	use Outcome::*;
	let delay = select(vec![1, 1, 1, 1, 2, 3]);
	let is_charged = prop::bool::weighted(0.85);
	let outcome = select(vec![Passes, Passes, Passes, Passes, Fails, Void]);
	let epoch = (delay, is_charged, outcome).prop_map(|(delay, is_charged, outcome)| PastEpoch {
		delay,
		is_charged,
		outcome,
	});
	prop::collection::vec(epoch, epochs).prop_map(Past::new)
}

/// Deeds, each with how many epochs after the one before, and whether late in its epoch.
pub fn story(pause: u32, most: usize) -> impl Strategy<Value = Vec<(Epoch, bool, Deed)>> {
	let pause = prop_oneof![3 => Just(0), 3 => Just(1), 2 => 2..5u32, 1 => 0..pause];
	prop::collection::vec((pause, any::<bool>(), deeds()), 1..most)
}
