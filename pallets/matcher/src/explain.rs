//! Why an offer does not match, and what would make it match.

use crate::{index::merge::Merge, scan::Wish, Config, Pallet, Segments};
use alloc::vec::Vec;
use frame_support::traits::Get;
use marketplace_primitives::{
	math, types::units_of, AskId, BidTerms, Fill, OfferBook, OfferId, Price, Registry, UnitLedger,
};

pub(crate) use marketplace_primitives::api::Constraint;
use marketplace_primitives::api::{Exclusion, Explanation, Remedy};

/// What may be given up to get a match, in the order in which it is tried.
const NEGOTIABLE: [Constraint; 15] = [
	Constraint::Price,
	Constraint::Term,
	Constraint::Tariff,
	Constraint::Attributes,
	Constraint::Attested,
	Constraint::Hardware,
	Constraint::Providers,
	Constraint::Sites,
	Constraint::MaxPerProvider,
	Constraint::MaxPerDataCenter,
	Constraint::MaxPerServer,
	Constraint::MinProviders,
	Constraint::MinDataCenters,
	Constraint::MinCountries,
	Constraint::Min,
];

impl<T: Config> Pallet<T> {
	/// Why an offer with these terms would not match now, or that it would. Looks at the cheapest
	/// [`Config::MaxQuoted`] asks of the asset, whatever their price.
	pub fn explain(terms: &BidTerms<T::AccountId>) -> Explanation {
		let mut answer =
			Explanation { matches: !Self::quote(terms).is_empty(), ..Default::default() };
		let Some(wish) = Self::wish(terms, u64::MAX) else { return answer };
		let most = T::MaxQuoted::get();
		let open = Segments::<T>::get(&terms.asset);
		let mut asks = Merge::<T>::new(&terms.asset, open, u32::MAX - 1, None, most);
		while answer.asks < most {
			let Some((_, id)) = asks.next() else {
				answer.complete = true;
				break;
			};
			answer.asks = answer.asks.saturating_add(1);
			Self::weigh(&wish, id, &mut answer);
		}
		if !answer.matches {
			answer.remedies = Self::remedies(terms);
		}
		answer
	}

	/// The same for an offer that stands in the book.
	pub fn explain_offer(offer: OfferId) -> Option<Explanation> {
		T::Offers::terms(offer).map(|terms| Self::explain(&terms))
	}

	/// Counts one ask by what excludes it.
	fn weigh(wish: &Wish<'_, T::AccountId>, id: AskId, answer: &mut Explanation) {
		let Some(ask) = T::Registry::ask(id) else { return };
		let Some(server) = T::Registry::server(ask.server) else { return };
		let free = T::Units::available(ask.server, ask.units, wish.end).units;
		let units = if free.is_empty() { ask.units.count() } else { free.count() };
		let mut reasons: Vec<_> = Self::objects_to_ask(wish, &ask)
			.chain(Self::objects_to_server(wish, &server))
			.collect();
		if free.is_empty() {
			reasons.push(Constraint::Supply);
		}
		if reasons.is_empty() {
			answer.suitable = answer.suitable.saturating_add(units);
		}
		let alone = reasons.len() == 1;
		for constraint in reasons {
			note(&mut answer.exclusions, constraint, units, alone);
		}
	}

	/// The single changes that make the offer match, the cheapest first.
	fn remedies(terms: &BidTerms<T::AccountId>) -> Vec<Remedy> {
		let mut remedies: Vec<_> = NEGOTIABLE
			.into_iter()
			.filter_map(|constraint| {
				let fills = Self::quote_without(terms, Some(constraint));
				(!fills.is_empty()).then(|| remedy(constraint, &fills))
			})
			.collect();
		remedies.sort_by_key(|remedy| remedy.per_epoch);
		remedies
	}
}

/// Adds an ask to what a constraint excludes.
fn note(exclusions: &mut Vec<Exclusion>, constraint: Constraint, units: u32, alone: bool) {
	let known = exclusions.iter().position(|exclusion| exclusion.constraint == constraint);
	let place = known.unwrap_or_else(|| {
		exclusions.push(Exclusion { constraint, asks: 0, units: 0, units_alone: 0 });
		exclusions.len().saturating_sub(1)
	});
	if let Some(exclusion) = exclusions.get_mut(place) {
		exclusion.asks = exclusion.asks.saturating_add(1);
		exclusion.units = exclusion.units.saturating_add(units);
		let more = if alone { units } else { 0 };
		exclusion.units_alone = exclusion.units_alone.saturating_add(more);
	}
}

/// What the offer gets without a constraint.
fn remedy<AccountId>(constraint: Constraint, fills: &[Fill<AccountId>]) -> Remedy {
	let rate = |fill: &Fill<AccountId>| {
		math::payable(u64::from(fill.units.count()), fill.price).unwrap_or(Price::MAX)
	};
	Remedy {
		constraint,
		units: units_of(fills),
		per_epoch: fills.iter().map(rate).fold(0, Price::saturating_add),
		highest_price: fills.iter().map(|fill| fill.price).max().unwrap_or_default(),
	}
}
