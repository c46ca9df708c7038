//! What difficulty asks of an honest unit, and what it lets a dishonest one claim. For whoever chooses settings,
//! not for the chain: it calculates with floating point.
//!
//! A unit finds proofs at random. The hashes that a core computes in an epoch let it expect `lambda` proofs
//! ([`expected_slots`]); it must find `slots`. Where `lambda` is hardly above `slots`, honest units miss; the
//! further it is above, the more units one core can pretend to be ([`over_claim`]). So some misses are forgiven:
//! a unit regains one in `period` epochs and saves up at most `budget`. What that allowance does not cover is
//! slashed ([`slash_probability`]).

use crate::Hash;

/// Terms below this part of their sum no longer change it.
const NEGLIGIBLE: f64 = 1e-18;

/// Steps of a bisection: more than a float has bits.
const BISECTIONS: u32 = 200;

/// Settings whose odds are in question.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
	/// Slots that a unit proves per epoch.
	pub slots: u32,
	/// What the commitment of a proof may not exceed, big-endian.
	pub target: Hash,
	/// The length of an epoch, seconds.
	pub epoch: f64,
	/// Seconds of it in which a unit finds nothing, because it initialises its data set.
	pub setup: f64,
	/// Misses that a unit may save up.
	pub budget: u32,
	/// Epochs in which a unit regains one miss.
	pub period: u32,
}

/// What they mean for a unit of some speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
	/// Proofs that the unit expects to find per epoch.
	pub lambda: f64,
	/// The probability that it misses an epoch.
	pub miss: f64,
	/// The probability that it is slashed for an epoch.
	pub slash: f64,
	/// Units that it could pretend to be.
	pub over_claim: f64,
}

impl Setting {
	/// The odds of a unit that computes so many hashes per second.
	pub fn odds(&self, hashes_per_second: f64) -> Odds {
		let lambda = expected_slots(hashes_per_second, self.epoch - self.setup, &self.target);
		let miss = miss_probability(lambda, self.slots);
		Odds {
			lambda,
			miss,
			slash: slash_probability(miss, self.budget, self.period),
			over_claim: over_claim(lambda, self.slots),
		}
	}

	/// The least speed, hashes per second, at which a unit is slashed for an epoch with a probability of at
	/// most `slash`.
	pub fn slowest(&self, slash: f64) -> f64 {
		let miss = affordable_miss(slash, self.budget, self.period);
		let lambda = needed_slots(miss, self.slots);
		lambda * expected_hashes(&self.target) / (self.epoch - self.setup)
	}

	/// Cores without the data set that together expect the slots of one unit. They compute
	/// `hashes_per_second` each, and need no time to initialise it.
	pub fn light_cores(&self, hashes_per_second: f64) -> f64 {
		f64::from(self.slots) / expected_slots(hashes_per_second, self.epoch, &self.target)
	}
}

/// Hashes that one proof takes on average: `2^256 / (target + 1)`.
pub fn expected_hashes(target: &Hash) -> f64 {
	let below = target.iter().fold(0.0, |sum, byte| sum * 256.0 + f64::from(*byte));
	2f64.powi(256) / (below + 1.0)
}

/// Proofs that are found in so many seconds on average, `lambda`:
/// `hashes_per_second * seconds / expected_hashes(target)`; none where no time is left.
pub fn expected_slots(hashes_per_second: f64, seconds: f64, target: &Hash) -> f64 {
	hashes_per_second * seconds.max(0.0) / expected_hashes(target)
}

/// The probability that fewer than `slots` proofs are found where `lambda` are expected:
/// `sum over i < slots of e^-lambda * lambda^i / i!`.
///
/// The number of proofs is taken to be Poisson. Where a proof takes few hashes it spreads less, so that an
/// honest unit, which expects more than it must find, misses still less often. Summed from the largest term,
/// with a relative error below 1e-11 for `lambda` up to 1e5; 0 where it is below the least float.
pub fn miss_probability(lambda: f64, slots: u32) -> f64 {
	let Some(last) = slots.checked_sub(1) else { return 0.0 };
	if lambda <= 0.0 {
		return 1.0;
	}
	if f64::from(last) <= lambda {
		return sum(poisson(lambda, last), (1..=last).rev().map(|i| f64::from(i) / lambda));
	}
	let rising = (slots..u32::MAX).map(|i| lambda / (f64::from(i) + 1.0));
	1.0 - sum(poisson(lambda, slots), rising)
}

/// The sum of falling terms: the first, and of each that follows its ratio to the one before.
fn sum(first: f64, ratios: impl Iterator<Item = f64>) -> f64 {
	let mut total = first;
	let mut term = first;
	for ratio in ratios {
		term *= ratio;
		total += term;
		if term <= total * NEGLIGIBLE {
			break;
		}
	}
	total
}

/// The probability of exactly `count` where `lambda` are expected.
///
/// By its logarithm. Where `count` is large, `count!` by Stirling's series and the rest as a deviation from
/// `lambda`, so that large numbers of opposite sign do not meet (Loader, "Fast and accurate computation of
/// binomial probabilities", 2000).
fn poisson(lambda: f64, count: u32) -> f64 {
	let k = f64::from(count);
	if count < 16 {
		let factorial: f64 = (1..=count).map(f64::from).product();
		return (k * lambda.ln() - lambda).exp() / factorial;
	}
	let stirling = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * k * k)) / (k * k)) / k;
	let excess = k - lambda;
	let deviation = k * (excess / lambda).ln_1p() - excess;
	(-stirling - deviation).exp() / (core::f64::consts::TAU * k).sqrt()
}

/// The probability that a unit is slashed for an epoch, on average in the long run, where it misses each with
/// probability `miss` and is the only one of its commitment. A new commitment starts with the full allowance,
/// and so does better.
///
/// The allowance is a Markov chain on `0..=budget * period`. One step up at most per epoch, so between any two
/// neighbouring levels as much probability rises as falls, and one level follows from those above it. Nothing
/// is subtracted: the error is relative, far below 1e-12, for small tails too; 0 where the tail is below the
/// least float. Takes `budget * period²` steps.
pub fn slash_probability(miss: f64, budget: u32, period: u32) -> f64 {
	// What an epoch regains pays for its miss.
	if miss <= 0.0 || period <= 1 {
		return 0.0;
	}
	// The allowance is spent for good, but for what it regains.
	if miss >= 1.0 {
		return 1.0 - 1.0 / f64::from(period);
	}
	let levels = allowance(miss, budget.max(1), period);
	// Too little to forgive a miss, even with what the epoch adds.
	let empty: f64 = levels.iter().take((period - 1) as usize).sum();
	miss * empty / levels.iter().sum::<f64>()
}

/// How likely the levels of the allowance are after an epoch, up to a common factor.
fn allowance(miss: f64, budget: u32, period: u32) -> Vec<f64> {
	let period = period as usize;
	let cap = budget as usize * period;
	let mut levels = vec![0.0; cap + 1];
	levels[cap] = 1.0;
	for level in (0..cap).rev() {
		// Those that a miss takes from above `level` to it or below: a level that pays for the miss with what
		// the epoch adds loses `period - 1`, the full one, to which nothing is added, `period`.
		let first = (level + 1).max(period - 1);
		let mut falling: f64 = levels[first..cap.min(level + period).max(first)].iter().sum();
		if level + period >= cap {
			falling += levels[cap];
		}
		// Where it cannot pay, the level rises with a miss too.
		let rising = if level + 1 < period { 1.0 } else { 1.0 - miss };
		levels[level] = falling * miss / rising;
		if levels[level] > 1e200 {
			levels.iter_mut().for_each(|level| *level /= 1e200);
		}
	}
	levels
}

/// Units that a core which expects `lambda` proofs could pretend to be, on average: `lambda / slots`.
pub fn over_claim(lambda: f64, slots: u32) -> f64 {
	lambda / f64::from(slots)
}

/// The least `lambda` for which [`miss_probability`] is at most `miss`, which is not 0.
pub fn needed_slots(miss: f64, slots: u32) -> f64 {
	let mut enough = f64::from(slots.max(1));
	while miss_probability(enough, slots) > miss {
		enough *= 2.0;
	}
	bisect(0.0, enough, |lambda| miss_probability(lambda, slots) > miss)
}

/// The largest probability of a miss for which [`slash_probability`] is at most `slash`.
pub fn affordable_miss(slash: f64, budget: u32, period: u32) -> f64 {
	bisect(0.0, 1.0, |miss| slash_probability(miss, budget, period) <= slash)
}

/// Where between `low` and `high` a condition that holds from `low` on ceases to.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
	for _ in 0..BISECTIONS {
		let middle = f64::midpoint(low, high);
		if holds(middle) {
			low = middle;
		} else {
			high = middle;
		}
	}
	high
}
