//! Records and aliases.

use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use marketplace_primitives::{AskId, Attributes, DataCenterId, Location, PaymentAsset, PeerId};
use scale_info::TypeInfo;

/// The most asks that a server has at a time.
pub const MAX_ASKS: u32 = 4;

/// The most payment assets that are admitted at a time.
pub const MAX_ASSETS: u32 = 16;

/// The highest tier of a data centre; the lowest is 1.
pub const MAX_TIER: u8 = 4;

/// The name of a provider, UTF-8.
pub type Name = BoundedVec<u8, ConstU32<64>>;

/// The name of a city, UTF-8.
pub type City = BoundedVec<u8, ConstU32<32>>;

/// A signature of a peer's ed25519 key.
pub type PeerSignature = [u8; 64];

/// The asks of one server.
pub type AskIds = BoundedVec<AskId, ConstU32<MAX_ASKS>>;

/// What deals may be paid in.
pub type Assets = BoundedVec<PaymentAsset, ConstU32<MAX_ASSETS>>;

/// An account that sells compute.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Provider<Ticket> {
	/// What it calls itself. Names are not unique.
	pub name: Name,
	/// How many data centres it has.
	pub data_centers: u32,
	/// How many servers it has, in all its data centres.
	pub servers: u32,
	/// Deposit for this record.
	pub ticket: Ticket,
}

/// A site of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DataCenter<AccountId, Ticket> {
	/// Who owns it.
	pub provider: AccountId,
	/// Where it stands.
	pub location: Location,
	/// Its tier, `1..=4`.
	pub tier: u8,
	/// How many servers stand in it.
	pub servers: u32,
	/// Deposit for this record.
	pub ticket: Ticket,
}

/// A machine in a data centre: one off-chain peer, up to 64 compute units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Server<AccountId, Ticket> {
	/// Who owns it and is paid.
	pub provider: AccountId,
	/// The site that it stands in, of the same provider.
	pub data_center: DataCenterId,
	/// Its off-chain peer.
	pub peer_id: PeerId,
	/// Who reports and sets workers for it.
	pub operator: AccountId,
	/// How many units it has, `1..=64`.
	pub units: u8,
	/// What the provider declares of it.
	pub attributes: Attributes,
	/// Deposit for this record and the entry of its peer.
	pub ticket: Ticket,
}

/// A server as it is registered.
pub(crate) struct NewServer<AccountId> {
	pub data_center: DataCenterId,
	pub peer_id: PeerId,
	pub operator: AccountId,
	pub units: u8,
	pub attributes: Attributes,
}
