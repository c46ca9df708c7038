//! What of a server may be sold. All of it is pure.

use crate::{record::union, UnitRecord};
use marketplace_primitives::{Epoch, Units};

impl UnitRecord {
	/// Whether there is no room for a further deal, not even where units are idle: a deal stays until what it was served
	/// can be contested no more, and it is released.
	pub(crate) fn is_full(&self) -> bool {
		self.reservations.is_full()
	}

	/// Units that may be sold in the record's epoch into a deal that ends with epoch `end`: covered now and
	/// until then, idle, and proven or served in a report at most one epoch old. None where the record is full.
	pub fn for_sale(&self, end: Epoch) -> Units {
		let is_recent = self.last_report.saturating_add(1) >= self.epoch;
		// A deal made now serves from the next epoch: it must not end with it.
		if !is_recent || self.is_full() || end <= self.epoch.saturating_add(1) {
			return Units::NONE;
		}
		self.covered_until(end).and(self.reported).without(self.reserved())
	}

	/// Of `units`, which are covered in the record's epoch, those that are covered longest.
	pub(crate) fn lasting(&self, units: Units) -> Units {
		let last = self.covers_of(units).map(|cover| cover.end).max();
		let lasting = self.covers_of(units).filter(|cover| Some(cover.end) == last);
		union(lasting.map(|cover| cover.units)).and(units)
	}

	/// No units but these can be for sale in `epoch`, which is the record's or a later one: what is settled until
	/// then only takes from them, as units that a deal loses have lost their commitment.
	pub(crate) fn for_sale_at_most(&self, epoch: Epoch) -> Units {
		if self.last_report.saturating_add(1) < epoch || self.is_full() {
			return Units::NONE;
		}
		self.reported.without(self.held(epoch))
	}

	/// Units that may be sold now into the shortest deal.
	pub fn offered(&self) -> Units {
		self.for_sale(self.epoch.saturating_add(2))
	}
}
