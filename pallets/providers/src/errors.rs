//! The errors, as a section of the pallet.

use frame_support::pallet_macros::pallet_section;

/// Why a call is refused: one variant per reason.
#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The account is a provider already.
		AlreadyRegistered,
		/// The account is no provider.
		NotRegistered,
		/// There is no such data centre.
		UnknownDataCenter,
		/// There is no such server.
		UnknownServer,
		/// There is no such ask.
		UnknownAsk,
		/// The record belongs to another provider.
		NotOwner,
		/// The peer's key did not sign for this chain, provider and operator.
		InvalidSignature,
		/// Another server has this peer.
		PeerIdTaken,
		/// A server or an ask has one unit at least.
		NoUnits,
		/// A server has 64 units at most.
		TooManyUnits,
		/// A country is two capital letters, as in ISO 3166-1 alpha-2.
		InvalidCountry,
		/// A city is UTF-8, not blank, without control characters.
		InvalidCity,
		/// A tier is 1, 2, 3 or 4.
		InvalidTier,
		/// A name is UTF-8, not blank, without control characters.
		InvalidName,
		/// A price is above zero.
		ZeroPrice,
		/// A price has four significant digits at most, as 0.0625 or 1,204 has.
		PriceOffTick,
		/// A tariff, where there is one, is above zero.
		ZeroTariff,
		/// The shortest term is 0 or longer than the longest.
		InvalidTerm,
		/// The ask names units that the server does not have.
		ForeignUnits,
		/// Some of the units, but not exactly these, are in a standing ask.
		UnitsAlreadyAsked,
		/// A server has 4 asks at most.
		TooManyAsks,
		/// Deals are not paid in this asset.
		AssetNotAdmitted,
		/// The asset is admitted already.
		AssetAlreadyAdmitted,
		/// 16 assets are admitted at most.
		TooManyAssets,
		/// Servers stand in the data centre.
		HasServers,
		/// The provider has data centres.
		HasDataCenters,
		/// The server has asks.
		HasAsks,
		/// A hardware class is a number from 1 to 15.
		InvalidHardwareClass,
		/// Governance named no such hardware class, or retired it.
		UnknownHardwareClass,
		/// Governance described no such attribute, or retired it.
		UnknownAttribute,
		/// An effector has a content identifier.
		MissingCid,
		/// An attribute that is no effector has no content identifier.
		UnexpectedCid,
		/// The account is no attestor.
		NotAttestor,
		/// There are 64 attestors at most.
		TooManyAttestors,
		/// The attestor may not attest all of these attributes.
		MayNotAttest,
		/// The server does not declare all of these attributes.
		NotDeclared,
		/// A server has attestations of 8 attestors at most.
		TooManyAttestations,
		/// The account attests nothing of the server.
		UnknownAttestation,
		/// The attestor may still attest all of what it attests.
		AttestationStands,
	}
}
