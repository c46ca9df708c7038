//! The pallet's errors: one for each reason.

use frame_support::pallet_macros::pallet_section;

/// Part of the pallet's module.
#[pallet_section]
mod errors {
	/// Why the pallet refuses.
	#[pallet::error]
	pub enum Error<T> {
		/// There is no such open offer.
		UnknownOffer,
		/// Only the developer of the offer may do this.
		NotDeveloper,
		/// An application needs a content identifier.
		EmptyCid,
		/// Deals may not be paid in this asset.
		AssetNotAdmitted,
		/// The highest price is zero.
		ZeroPrice,
		/// The book has no level for the price: it has more than four significant digits.
		PriceOffTick,
		/// The highest price of requests is zero: who pays for none names no tariff.
		ZeroTariff,
		/// The term is zero epochs.
		TermTooShort,
		/// The term is longer than any commitment allows.
		TermTooLong,
		/// The expiry lies in the past: the offer can neither be posted, nor raised, nor filled.
		ExpiryPassed,
		/// The expiry is more than `MaxLifetime` epochs away.
		ExpiryTooFar,
		/// The least or the highest number of units is zero.
		ZeroUnits,
		/// The least number of units exceeds the highest.
		MinAboveTarget,
		/// More units than `MaxUnits`.
		TooManyUnits,
		/// The caps per provider, data centre and server, with the providers that are allowed and the
		/// servers that a deal may have, leave no room for the least number of units.
		CapBelowMin,
		/// More distinct providers are asked for than there may be units, servers or allowed providers.
		TooManyProviders,
		/// More distinct data centres are asked for than there may be units or servers.
		TooManyDataCenters,
		/// More distinct countries are asked for than there may be units, servers or allowed countries.
		TooManyCountries,
		/// No data centre can stand there: a country that is not two capital letters, a city without a
		/// name or outside the listed countries, or a tier above 4.
		ImpossibleSites,
		/// Governance has not named this hardware class.
		UnknownHardwareClass,
		/// Governance has not named one of the attributes, declared or attested.
		UnknownAttribute,
		/// The list of allowed providers has an account that is no provider.
		UnknownProvider,
		/// The list of allowed providers is empty.
		EmptyAllowList,
		/// The new price is not above the old one.
		PriceNotHigher,
		/// The expiry of the offer has not passed.
		NotExpired,
		/// The offer joins another deal.
		OtherDeal,
		/// The offer names no deal that seeks units with it.
		NoDeal,
		/// More units than the offer still wants.
		Overfilled,
		/// There is no such escrow record, or it is closed.
		EscrowMissing,
		/// The escrow record holds less.
		EscrowTooLow,
		/// The escrow records are of different developers or assets, or are the same record.
		EscrowMismatch,
		/// The record owes nothing to this account.
		NothingOwed,
		/// The asset refuses the payout still.
		StillRefused,
	}
}
