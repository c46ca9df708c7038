//! What `explain` answers: why an offer does not match, and which changes would make it match.

use crate::types::{AccessList, Attributes, Balance, BidTerms, Epoch, HardwareClass, Price, Sites};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What an offer asks for, and what keeps an ask from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Constraint {
	/// The highest price.
	Price,
	/// The term: too short or too long for the ask.
	Term,
	/// The highest price of requests.
	Tariff,
	/// Attributes that must be declared.
	Attributes,
	/// Attributes that attestors must vouch for.
	Attested,
	/// The hardware class.
	Hardware,
	/// Who may serve.
	Providers,
	/// Where servers may stand, and of which tier.
	Sites,
	/// The cap per provider.
	MaxPerProvider,
	/// The cap per data centre.
	MaxPerDataCenter,
	/// The cap per server.
	MaxPerServer,
	/// The least number of providers.
	MinProviders,
	/// The least number of data centres.
	MinDataCenters,
	/// The least number of countries.
	MinCountries,
	/// The least number of units.
	Min,
	/// The expiry, where it has passed: it excludes every ask.
	Expiry,
	/// No demand of the offer: the units are sold, not proven, or not covered by stake for the whole term; or the deal
	/// that the offer is for has had the server.
	Supply,
}

/// How much supply a constraint excludes, of the asks that were looked at.
///
/// - What is asked of the units themselves, and [`Constraint::Supply`]: asks that fail by it, whatever else they
///   fail by.
/// - Caps: of the asks that suit, units that the cap leaves no room for beside what the offer takes of cheaper ones.
/// - Least numbers, of an offer that does not match: all that the offer would take. Of groups, where the rule takes
///   too few of them; of units, where there would be too few even if no groups were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Exclusion {
	/// The constraint.
	pub constraint: Constraint,
	/// Asks that it excludes, or units of.
	pub asks: u32,
	/// Units of them that it excludes.
	pub units: u32,
	/// Units of these that nothing else excludes.
	pub units_alone: u32,
}

/// A change of what an offer asks for: the value to put in place of its own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Change<AccountId> {
	/// The highest price per unit and epoch: the price to clear.
	Price(Price),
	/// The term in epochs.
	Term(Epoch),
	/// The highest price of a million requests; `None` where no tariff will do: to pay for no requests.
	Tariff(Option<Price>),
	/// The attributes that may still be asked for.
	Attributes(Attributes),
	/// The attested attributes that may still be asked for.
	Attested(Attributes),
	/// The hardware class; `None`: any.
	Hardware(Option<HardwareClass>),
	/// Who may serve: the offer's list with the providers that are needed.
	Providers(AccessList<AccountId>),
	/// Where servers may stand: the offer's lists with the sites that are needed.
	Sites(Sites),
	/// The cap per provider.
	MaxPerProvider(u32),
	/// The cap per data centre.
	MaxPerDataCenter(u32),
	/// The cap per server.
	MaxPerServer(u32),
	/// The least number of providers; 0 asks for nothing. So with the next two.
	MinProviders(u32),
	/// The least number of data centres.
	MinDataCenters(u32),
	/// The least number of countries.
	MinCountries(u32),
	/// The least number of units of the first match.
	Min(u32),
	/// The last epoch in which the offer may match. One that stands in the book can't change it: that takes another offer.
	Expiry(Epoch),
}

impl<AccountId> Change<AccountId> {
	/// What it is a change of.
	pub fn constraint(&self) -> Constraint {
		match self {
			Self::Price(_) => Constraint::Price,
			Self::Term(_) => Constraint::Term,
			Self::Tariff(_) => Constraint::Tariff,
			Self::Attributes(_) => Constraint::Attributes,
			Self::Attested(_) => Constraint::Attested,
			Self::Hardware(_) => Constraint::Hardware,
			Self::Providers(_) => Constraint::Providers,
			Self::Sites(_) => Constraint::Sites,
			Self::MaxPerProvider(_) => Constraint::MaxPerProvider,
			Self::MaxPerDataCenter(_) => Constraint::MaxPerDataCenter,
			Self::MaxPerServer(_) => Constraint::MaxPerServer,
			Self::MinProviders(_) => Constraint::MinProviders,
			Self::MinDataCenters(_) => Constraint::MinDataCenters,
			Self::MinCountries(_) => Constraint::MinCountries,
			Self::Min(_) => Constraint::Min,
			Self::Expiry(_) => Constraint::Expiry,
		}
	}

	/// Makes the change.
	pub fn apply(self, terms: &mut BidTerms<AccountId>) {
		let placement = &mut terms.placement;
		match self {
			Self::Price(price) => terms.max_price = price,
			Self::Term(term) => terms.term = term,
			Self::Tariff(tariff) => terms.tariff = tariff,
			Self::Attributes(attributes) => terms.attributes = attributes,
			Self::Attested(attributes) => placement.attested = attributes,
			Self::Hardware(class) => placement.hardware = class,
			Self::Providers(list) => placement.providers = list,
			Self::Sites(sites) => placement.sites = sites,
			Self::MaxPerProvider(cap) => placement.max_per_provider = Some(cap),
			Self::MaxPerDataCenter(cap) => placement.max_per_data_center = Some(cap),
			Self::MaxPerServer(cap) => placement.max_per_server = Some(cap),
			Self::MinProviders(least) => placement.min_providers = least,
			Self::MinDataCenters(least) => placement.min_data_centers = least,
			Self::MinCountries(least) => placement.min_countries = least,
			Self::Min(least) => terms.units.min = least,
			Self::Expiry(last) => terms.expiry = last,
		}
	}
}

/// A single change that makes an offer match, and what it gets then.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Remedy<AccountId> {
	/// The change: with it and nothing else, `quote` gives the following.
	pub change: Change<AccountId>,
	/// Units that the offer gets.
	pub units: u32,
	/// What they cost per epoch.
	pub per_epoch: Balance,
	/// The highest price among them.
	pub highest_price: Price,
}

/// Why an offer does not match.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Explanation<AccountId> {
	/// Whether it would match if it were posted now.
	pub matches: bool,
	/// How many asks were looked at, the cheapest of the asset.
	pub asks: u32,
	/// Whether these are all that there are.
	pub complete: bool,
	/// Units that suit, each for itself.
	pub suitable: u32,
	/// What the others fail by, and what keeps those that suit from being a match.
	pub exclusions: Vec<Exclusion>,
	/// The single changes that make it match, the cheapest first, one of each constraint at most; empty where
	/// none is known.
	pub remedies: Vec<Remedy<AccountId>>,
}

impl<AccountId> Default for Explanation<AccountId> {
	fn default() -> Self {
		Self {
			matches: false,
			asks: 0,
			complete: false,
			suitable: 0,
			exclusions: Vec::new(),
			remedies: Vec::new(),
		}
	}
}
