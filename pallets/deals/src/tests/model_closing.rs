//! What the model knows of parts of deals that have no unit any more.

use super::{
	model::{id_of, Market, Part},
	*,
};
use marketplace_primitives::Epoch;

impl Part {
	/// Whether no unit is there, nor will be.
	pub fn is_vacant(&self, now: Epoch) -> bool {
		self.staying.is_empty() && self.leaving.values().all(|from| *from <= now)
	}
}

impl Market {
	/// Parts of a deal that are not closed.
	pub fn open_parts_of(&mut self, deal: DealId) -> impl Iterator<Item = &mut Part> {
		self.parts_of(deal).filter(|part| !part.closed)
	}

	/// One of all servers, or of those that a deal has no unit of.
	pub fn vacant(&self, pick: u8) -> Option<usize> {
		let is_vacant = |server: &usize| {
			let part = &self.parts[*server];
			pick.is_multiple_of(2) || (!part.closed && part.is_vacant(self.epoch))
		};
		let all: Vec<_> = (0..self.parts.len()).filter(is_vacant).collect();
		usize::from(pick / 2).checked_rem(all.len()).map(|index| all[index])
	}

	/// Whether a part of which no unit is left can be closed, and whether to reclaim its budget begins with that; none
	/// where it cannot.
	fn closing(&self, server: usize) -> Option<bool> {
		let (now, part) = (self.epoch, &self.parts[server]);
		let end = self.end(part.deal).filter(|_| !part.closed && part.is_vacant(now))?;
		let is_open = now < end + ChallengeEpochs::get();
		if part.left > 0 && is_open && part.reclaimed.is_none_or(|until| now < until) {
			return part.reclaimed.is_none().then_some(true);
		}
		// reports for the epoch before are taken until the next begins
		let is_past = |from: &Epoch| now - (from - 1) > CONTEST_EPOCHS;
		part.leaving.values().all(is_past).then_some(false)
	}

	/// Somebody closes a part of which no unit is left.
	pub fn close_allocation(&mut self, server: usize) {
		let (deal, expected) = (self.parts[server].deal, self.closing(server));
		let who = RuntimeOrigin::signed(stranger());
		let done = Deals::close_allocation(who, deal, id_of(server)).is_ok();
		assert_eq!(done, expected.is_some());
		self.note_reclaimed(server, expected);
	}

	/// The hook ran: it closed parts, or began to reclaim their budgets.
	pub fn note_vacant(&mut self) {
		for server in 0..self.parts.len() {
			let deal = self.parts[server].deal;
			let budget = Deals::request_budget(deal, id_of(server));
			let until = budget.and_then(|budget| budget.reclaimed);
			if until != self.parts[server].reclaimed {
				let expected = self.closing(server);
				self.note_reclaimed(server, expected);
			}
		}
	}

	fn note_reclaimed(&mut self, server: usize, closing: Option<bool>) {
		if closing == Some(true) {
			self.parts[server].reclaimed = Some(self.epoch + 1 + ChallengeEpochs::get());
		}
	}
}
