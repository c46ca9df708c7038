//! The events, as a section of the pallet.

use frame_support::pallet_macros::pallet_section;

/// What the pallet tells: enough to rebuild its state.
#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An account became a provider.
		ProviderRegistered {
			/// The account.
			provider: T::AccountId,
			/// What it calls itself.
			name: Name,
		},
		/// A provider changed its name.
		ProviderRenamed {
			/// The provider.
			provider: T::AccountId,
			/// What it calls itself from now on.
			name: Name,
		},
		/// An account without data centres is no provider any more.
		ProviderDeregistered {
			/// The account.
			provider: T::AccountId,
		},
		/// A provider opened a site.
		DataCenterRegistered {
			/// Its identifier.
			data_center: DataCenterId,
			/// Who owns it.
			provider: T::AccountId,
			/// Where it stands.
			location: Location,
			/// Its tier, `1..=4`.
			tier: u8,
		},
		/// A provider gave up a site without servers.
		DataCenterRemoved {
			/// The site.
			data_center: DataCenterId,
			/// Who owned it.
			provider: T::AccountId,
		},
		/// A machine stands in a data centre from now on.
		ServerRegistered {
			/// Its identifier.
			server: ServerId,
			/// Who owns it and is paid.
			provider: T::AccountId,
			/// The site that it stands in.
			data_center: DataCenterId,
			/// Its off-chain peer, which signed for it.
			peer_id: PeerId,
			/// Who reports and sets workers for it.
			operator: T::AccountId,
			/// How many units it has, `1..=64`.
			units: u8,
			/// What the provider declares of it.
			attributes: Attributes,
		},
		/// A server is operated by another account from now on.
		OperatorSet {
			/// The server.
			server: ServerId,
			/// Who reports and sets workers for it.
			operator: T::AccountId,
		},
		/// A machine was taken out; its peer may be registered anew.
		ServerDeregistered {
			/// The server.
			server: ServerId,
			/// Who owned it.
			provider: T::AccountId,
			/// The peer that it had.
			peer_id: PeerId,
		},
		/// Units of a server are offered from now on.
		AskSet {
			/// The identifier of the ask.
			ask_id: AskId,
			/// Its terms, with the attributes of the server.
			ask: Ask,
			/// The ask for the same units whose place it took.
			replaced: Option<AskId>,
		},
		/// Units of a server are no longer offered by this ask.
		AskWithdrawn {
			/// The ask.
			ask_id: AskId,
			/// Its server.
			server: ServerId,
		},
		/// Deals may be paid in the asset from now on.
		AssetAdmitted {
			/// The asset.
			asset: PaymentAsset,
		},
		/// No new ask or offer may name the asset.
		AssetDismissed {
			/// The asset.
			asset: PaymentAsset,
		},
		/// A hardware class may be declared from now on, or is called otherwise.
		HardwareClassNamed {
			/// The class, `1..16`.
			class: HardwareClass,
			/// What it is called.
			name: Label,
		},
		/// No server may be declared to be of the class any more; those that are stay.
		HardwareClassRetired {
			/// The class.
			class: HardwareClass,
		},
		/// The provider says what class of hardware a server is.
		HardwareDeclared {
			/// The server.
			server: ServerId,
			/// The class; 0: none.
			class: HardwareClass,
		},
		/// An attribute may be declared from now on, or means something else.
		AttributeDescribed {
			/// The attribute.
			attribute: AttributeId,
			/// What it means.
			info: AttributeInfo,
		},
		/// The attribute may not be declared anew; servers and asks that have it keep it.
		AttributeRetired {
			/// The attribute.
			attribute: AttributeId,
		},
		/// The provider says what a server can do. What was attested beyond that is attested no more.
		AttributesDeclared {
			/// The server.
			server: ServerId,
			/// What it declares from now on.
			attributes: Attributes,
			/// What attestors still vouch for.
			attested: Attributes,
		},
		/// An account is an attestor from now on, or may attest other attributes.
		AttestorSet {
			/// The account.
			attestor: T::AccountId,
			/// What it may attest.
			attributes: Attributes,
		},
		/// An account is no attestor any more. What it attested stands until it is dropped.
		AttestorRemoved {
			/// The account.
			attestor: T::AccountId,
		},
		/// An attestor vouches for attributes of a server, in place of those before.
		Attested {
			/// The server.
			server: ServerId,
			/// The attestor.
			attestor: T::AccountId,
			/// What it vouches for from now on; none where it revoked its attestation.
			attributes: Attributes,
		},
		/// An attestation lost what the account may not attest any more.
		AttestationDropped {
			/// The server.
			server: ServerId,
			/// Who attested.
			attestor: T::AccountId,
			/// What it still vouches for; none where nothing is left of the attestation.
			attributes: Attributes,
		},
	}
}
