//! What a book of asks may be like.

use super::first::sell_singly;
use marketplace_primitives::{
	CommitmentId, Epoch, HardwareClass, Price, PriceLevel, Units, MAX_HARDWARE_CLASSES, MAX_UNITS,
};
use pallet_capacity::UnitRecord;

/// Hardware classes of a mixed book. Few, so that a book of a hundred asks has some of each.
pub const CLASSES: u32 = 2;

/// The price of asks that all have the same.
const SAME: Price = 100_000;

/// The longest terms of a book of all segments, one of each class of terms.
const MAX_TERMS: [Epoch; 4] = [7, 63, 511, 900];

/// A kind of book. Each ask is one of a server of its own, for all its units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	/// Servers of two hardware classes, asks at 4,000 prices in each: as a market may be.
	Mixed,
	/// All asks at one price.
	OnePrice,
	/// Asks at 36,000 prices over four powers of ten.
	Scattered,
	/// All asks at one price, and no unit left: each is in a deal of its own.
	SoldOut,
	/// All asks at one price, of servers whose commitments ended with the epoch before, of which they have reported.
	Expired,
	/// All asks at one price, of servers of one unit.
	OneUnit,
	/// Asks in all 64 segments, all at one price.
	Segments,
}

impl Kind {
	/// The hardware class of the server with that number.
	pub fn class(self, id: u32) -> HardwareClass {
		let class = match self {
			Self::Mixed => 1 + id % CLASSES,
			Self::Segments => id % u32::from(MAX_HARDWARE_CLASSES),
			_ => 0,
		};
		class.try_into().expect("there are few")
	}

	/// The price of its ask.
	pub fn price(self, id: u32) -> Price {
		// Prime, so that neighbours in time are none in price.
		let place = |number: u32, levels: u64| u64::from(number) * 7_919 % levels;
		match self {
			Self::Mixed => Price::from(1_000 + place(id / CLASSES, 4_000)) * 100,
			Self::Scattered => {
				let level = 3 * 9_000 + place(id, 36_000);
				PriceLevel::from_index(level.try_into().expect("there are few")).price()
			},
			_ => SAME,
		}
	}

	/// The longest term of its ask.
	pub fn max_term(self, id: u32) -> Epoch {
		match self {
			Self::Segments => {
				let class = id / u32::from(MAX_HARDWARE_CLASSES) % 4;
				MAX_TERMS[usize::try_from(class).expect("there are four")]
			},
			_ => 100,
		}
	}

	/// The units of every server.
	pub fn units(self) -> Units {
		Units::first(if self == Self::OneUnit { 1 } else { MAX_UNITS })
	}

	/// Makes the record of a server that has all its units idle one of this book.
	pub fn stock(self, record: &mut UnitRecord, commitment: CommitmentId) {
		for cover in &mut record.commitments {
			(cover.id, cover.units) = (commitment, self.units());
		}
		record.reported = self.units();
		match self {
			Self::SoldOut => sell_singly(record, commitment, record.all()),
			Self::Expired => record.commitments.iter_mut().for_each(|it| it.end = record.epoch),
			_ => (),
		}
		record.count = self.units().count().try_into().expect("64 at most");
		record.listed = record.offered();
	}

	/// A price within which all asks are.
	pub fn enough(self) -> Price {
		match self {
			Self::Scattered => 9_999_000,
			_ => 500_000,
		}
	}
}
