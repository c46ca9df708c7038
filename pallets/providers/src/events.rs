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
	}
}
