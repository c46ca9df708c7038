//! Records and aliases.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedBTreeMap, BoundedVec};
use marketplace_primitives::{
	AskId, AttributeId, Attributes, Cid, DataCenterId, HardwareClass, Location, PaymentAsset,
	PeerId,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::Bytes;

/// The most asks that a server has at a time.
pub const MAX_ASKS: u32 = 4;

/// The most payment assets that are admitted at a time.
pub const MAX_ASSETS: u32 = 16;

/// The most accounts that attest at a time.
pub const MAX_ATTESTORS: u32 = 64;

/// The most accounts that attest for one server at a time.
pub const MAX_ATTESTATIONS: u32 = 8;

/// The most attributes that one page of their descriptions has.
pub const ATTRIBUTES_PER_PAGE: u32 = 32;

/// The highest tier of a data centre; the lowest is 1.
pub const MAX_TIER: u8 = 4;

/// The name of a provider, UTF-8.
pub type Name = BoundedVec<u8, ConstU32<64>>;

/// What governance calls a hardware class or an attribute, UTF-8.
pub type Label = BoundedVec<u8, ConstU32<32>>;

/// A signature of a peer's ed25519 key.
pub type PeerSignature = [u8; 64];

/// The asks of one server.
pub type AskIds = BoundedVec<AskId, ConstU32<MAX_ASKS>>;

/// What deals may be paid in.
pub type Assets = BoundedVec<PaymentAsset, ConstU32<MAX_ASSETS>>;

/// What each attestor vouches for of one server.
pub type Attestations<AccountId> =
	BoundedBTreeMap<AccountId, Attributes, ConstU32<MAX_ATTESTATIONS>>;

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
	/// Where that is. Copied from the site, as is its tier, so that one read tells the matcher all.
	pub location: Location,
	/// The tier of the site, `1..=4`.
	pub tier: u8,
	/// The hardware class that the provider declares, `1..16`; 0: none.
	pub hardware: HardwareClass,
	/// Its off-chain peer.
	pub peer_id: PeerId,
	/// Who reports and sets workers for it.
	pub operator: AccountId,
	/// How many units it has, `1..=64`.
	pub units: u8,
	/// What the provider declares of it.
	pub attributes: Attributes,
	/// What attestors vouch for, all of them together.
	pub attested: Attributes,
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

/// What kind of thing an attribute is.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Serialize,
	Deserialize,
)]
pub enum AttributeKind {
	/// A module that a server lets workers call.
	#[codec(index = 0)]
	Effector,
	/// What family its processor is of.
	#[codec(index = 1)]
	CpuFamily,
	/// Anything else that it can do.
	#[codec(index = 2)]
	Feature,
}

/// What governance says of an attribute.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AttributeInfo {
	/// What it is.
	pub kind: AttributeKind,
	/// What it is called. Names are not unique.
	pub name: Label,
	/// The code of an effector; no other attribute has it.
	pub cid: Option<Cid>,
}

/// An attribute that is known from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisAttribute {
	/// Its identifier.
	pub id: AttributeId,
	/// What it is.
	pub kind: AttributeKind,
	/// What it is called, 32 bytes at most.
	pub name: String,
	/// The code of an effector, 64 bytes at most.
	#[serde(default)]
	pub cid: Option<Bytes>,
}

/// The attributes that are in both sets.
pub(crate) fn common(one: &Attributes, other: &Attributes) -> Attributes {
	let mut set = *one;
	set.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine &= theirs);
	set
}

/// The attributes of `set` that are not in `other`.
pub(crate) fn without(set: &Attributes, other: &Attributes) -> Attributes {
	let mut set = *set;
	set.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine &= !theirs);
	set
}

/// What attestations say together.
pub(crate) fn all_of<AccountId: Ord>(attestations: &Attestations<AccountId>) -> Attributes {
	attestations.values().fold(Attributes::NONE, |all, attested| all.or(attested))
}
