//! Why an offer does not match, and what would make it match.

mod changes;
mod draft;

use crate::{index::merge::Merge, scan::Wish, Config, Pallet, Segments};
use alloc::vec::Vec;
use changes::Bounds;
use draft::Drafts;
use frame_support::traits::Get;
use marketplace_primitives::{
	AskId, BidTerms, EpochClock, OfferBook, OfferId, Registry, UnitLedger,
};

pub(crate) use marketplace_primitives::api::Constraint;
use marketplace_primitives::api::{Exclusion, Explanation};

impl<T: Config> Pallet<T> {
	/// Why an offer with these terms would not match now, or that it would. Looks at the cheapest
	/// [`Config::MaxQuoted`] asks of the asset, whatever their price; and then, for what it asks for, at what it
	/// would get with that changed.
	pub fn explain(terms: &BidTerms<T::AccountId>) -> Explanation<T::AccountId> {
		let mut answer =
			Explanation { matches: !Self::quote(terms).is_empty(), ..Default::default() };
		let Some(wish) = Self::wish(terms, u64::MAX) else { return answer };
		let ungrouped = draft::ungrouped(terms);
		let Some(mut drafts) = Drafts::<T>::new(terms, &ungrouped) else { return answer };
		let mut bounds = Bounds::default();
		let most = T::MaxQuoted::get();
		let open = Segments::<T>::get(&terms.asset);
		let mut asks = Merge::<T>::new(&terms.asset, open, u32::MAX - 1, None, most);
		while answer.asks < most {
			let Some((_, id)) = asks.next() else {
				answer.complete = true;
				break;
			};
			answer.asks = answer.asks.saturating_add(1);
			Self::weigh(&wish, id, &mut answer, &mut drafts, &mut bounds);
		}
		if !answer.matches {
			answer.exclusions.extend(drafts.too_few());
			answer.remedies = Self::remedies(terms, bounds);
		}
		answer
	}

	/// The same for an offer that stands in the book.
	pub fn explain_offer(offer: OfferId) -> Option<Explanation<T::AccountId>> {
		T::Offers::terms(offer).map(|terms| Self::explain(&terms))
	}

	/// Counts one ask by what excludes it, or else takes of it what the rule does.
	fn weigh(
		wish: &Wish<'_, T::AccountId>,
		id: AskId,
		answer: &mut Explanation<T::AccountId>,
		drafts: &mut Drafts<'_, T>,
		bounds: &mut Bounds,
	) {
		let Some(ask) = T::Registry::ask(id) else { return };
		let Some(server) = T::Registry::server(ask.server) else { return };
		bounds.widen(wish.epochs, &ask);
		let free = T::Units::available(ask.server, ask.units, wish.end).units;
		let units = if free.is_empty() { ask.units.count() } else { free.count() };
		let mut reasons: Vec<_> = Self::objects_to_ask(wish, &ask)
			.chain(Self::objects_to_server(wish, &server))
			.collect();
		let had = wish.placed.iter().any(|placed| placed.server == ask.server);
		if free.is_empty() || had {
			reasons.push(Constraint::Supply);
		}
		if wish.is_expired(T::Clock::current()) {
			reasons.push(Constraint::Expiry);
		}
		if reasons.is_empty() {
			answer.suitable = answer.suitable.saturating_add(units);
			for (constraint, units, alone) in drafts.over_caps(ask.server, &server, units) {
				note(&mut answer.exclusions, constraint, units, alone);
			}
			drafts.take(id);
		}
		let alone = if reasons.len() == 1 { units } else { 0 };
		for constraint in reasons {
			note(&mut answer.exclusions, constraint, units, alone);
		}
	}
}

/// Adds an ask to what a constraint excludes.
fn note(exclusions: &mut Vec<Exclusion>, constraint: Constraint, units: u32, alone: u32) {
	let known = exclusions.iter().position(|exclusion| exclusion.constraint == constraint);
	let place = known.unwrap_or_else(|| {
		exclusions.push(Exclusion { constraint, asks: 0, units: 0, units_alone: 0 });
		exclusions.len().saturating_sub(1)
	});
	if let Some(exclusion) = exclusions.get_mut(place) {
		exclusion.asks = exclusion.asks.saturating_add(1);
		exclusion.units = exclusion.units.saturating_add(units);
		exclusion.units_alone = exclusion.units_alone.saturating_add(alone);
	}
}
