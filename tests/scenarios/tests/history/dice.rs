//! What happens, drawn.

use frame_support::traits::GetCallMetadata;
use marketplace_primitives::{Price, Units};
use marketplace_runtime::{RuntimeCall, RuntimeEvent};
use marketplace_scenarios::actors::{
	Key, DELEGATOR, DEVELOPER, NORTH, OTHER_DEVELOPER, SOUTH, STRANGER,
};

/// A kind of steps: which of them, and with what, is for the dice.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
	Block,
	FullBlock,
	Epoch,
	Supply,
	Report,
	SetWorkers,
	Stake,
	Offer,
	OpenOffer,
	Solve,
	Change,
	Loss,
	Request,
	Rollout,
	Govern,
}

/// How often which.
pub const DEEDS: [(u32, Deed); 15] = [
	(8, Deed::Block),
	(1, Deed::FullBlock),
	(12, Deed::Epoch),
	(6, Deed::Supply),
	(3, Deed::Report),
	(3, Deed::SetWorkers),
	(4, Deed::Stake),
	(16, Deed::Offer),
	(6, Deed::OpenOffer),
	(3, Deed::Solve),
	(24, Deed::Change),
	(8, Deed::Loss),
	(6, Deed::Request),
	(6, Deed::Rollout),
	(3, Deed::Govern),
];

/// A kind of steps, and what decides the rest.
pub type Step = (Deed, [u8; 16]);

/// Decides. Zeros, which is what proptest shrinks to, are the usual.
pub struct Dice<'a> {
	bytes: &'a [u8; 16],
	at: usize,
}

impl<'a> Dice<'a> {
	pub fn new(bytes: &'a [u8; 16]) -> Self {
		Self { bytes, at: 0 }
	}

	pub fn byte(&mut self) -> u8 {
		let byte = self.bytes[self.at % self.bytes.len()];
		let round = self.at / self.bytes.len();
		self.at += 1;
		byte.rotate_left(u32::try_from(round).expect("there are few rounds"))
	}

	/// Less than `most`.
	pub fn below(&mut self, most: usize) -> usize {
		usize::from(self.byte()) % most
	}

	/// From `least` to `most`.
	pub fn within(&mut self, least: u32, most: u32) -> u32 {
		least + u32::from(self.byte()) % (most - least + 1)
	}

	/// Once in so many times.
	pub fn rarely(&mut self, times: usize) -> bool {
		self.below(times) == times - 1
	}

	pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
		let last = of.len().max(1);
		of.get(self.below(last)).cloned()
	}

	/// `right`, but for a few times.
	pub fn usually(&mut self, right: Key) -> Key {
		if !self.rarely(12) {
			return right;
		}
		let all = [NORTH, SOUTH, DELEGATOR, DEVELOPER, OTHER_DEVELOPER, STRANGER];
		all[self.below(all.len())]
	}

	/// Some of `units`, and often all of them.
	pub fn some(&mut self, units: Units) -> Units {
		if self.rarely(3) {
			units.and(Units(self.byte().into()))
		} else {
			units
		}
	}

	/// From 1 to 3 dollars.
	pub fn price(&mut self) -> Price {
		Price::from(self.within(10, 30)) * 100_000
	}
}

/// The name of a call, for the tally.
pub fn name_of(call: &RuntimeCall) -> String {
	let names = call.get_call_metadata();
	format!("{}.{}", names.pallet_name, names.function_name)
}

/// The name of an event of the market, for the tally.
pub fn name_of_event(event: &RuntimeEvent) -> Option<String> {
	let told = match event {
		RuntimeEvent::Capacity(event) => format!("{event:?}"),
		RuntimeEvent::Deals(event) => format!("{event:?}"),
		RuntimeEvent::Matcher(event) => format!("{event:?}"),
		RuntimeEvent::Offers(event) => format!("{event:?}"),
		_ => return None,
	};
	told.split([' ', '{', '(']).next().map(String::from)
}
