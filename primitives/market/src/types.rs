//! The words of the market.

use crate::{AskId, DataCenterId, DealId, OfferId, ServerId, Units};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	traits::{fungible::NativeOrWithId, ConstU32},
	BoundedVec,
};
use scale_info::TypeInfo;

/// Planks: the smallest part of FLT (18 decimals) or of a payment asset (its own decimals).
pub type Balance = u128;

/// US dollars with 7 decimals: 10,000,000 are one dollar.
pub type Usd = u128;

/// Planks of the payment asset per compute unit per epoch.
pub type Price = Balance;

/// A fixed number of blocks; the first epoch is 1, so 0 can mean "never".
pub type Epoch = u32;

/// An ed25519 public key: the off-chain peer that runs on a server.
pub type PeerId = [u8; 32];

/// An ed25519 public key: the host of a developer's code on one unit.
pub type WorkerId = [u8; 32];

/// A content identifier in its binary form, 64 bytes at most.
pub type Cid = BoundedVec<u8, ConstU32<64>>;

/// What deals are paid in: FLT or an admitted asset of `pallet-assets`.
pub type PaymentAsset = NativeOrWithId<u32>;

/// An interned attribute of servers (an effector, a CPU family), `0..256`.
pub type AttributeId = u8;

/// A set of attributes: 256 bits, bit `i % 64` of word `i / 64`.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Attributes(pub [u64; 4]);

impl Attributes {
	/// No attribute.
	pub const NONE: Self = Self([0; 4]);

	/// The set of the given attributes.
	pub fn of(ids: &[AttributeId]) -> Self {
		let mut set = Self::NONE;
		for id in ids {
			if let Some(word) = set.0.get_mut(usize::from(id / 64)) {
				*word |= 1u64 << (id % 64);
			}
		}
		set
	}

	/// Whether every attribute of the set is in `other`.
	pub fn is_subset_of(&self, other: &Self) -> bool {
		self.0.iter().zip(other.0.iter()).all(|(mine, theirs)| mine & !theirs == 0)
	}

	/// Attributes of either set.
	pub fn or(&self, other: &Self) -> Self {
		let mut set = *self;
		set.0.iter_mut().zip(other.0.iter()).for_each(|(mine, theirs)| *mine |= theirs);
		set
	}
}

/// Where a data centre stands.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Location {
	/// ISO 3166-1 alpha-2, two capital letters.
	pub country: [u8; 2],
	/// The city's name, UTF-8.
	pub city: BoundedVec<u8, ConstU32<32>>,
}

/// What others need to know of a server.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ServerRef<AccountId> {
	/// Who owns it and is paid.
	pub provider: AccountId,
	/// Who reports and sets workers for it; may be the provider.
	pub operator: AccountId,
	/// The site that it stands in.
	pub data_center: DataCenterId,
	/// Its off-chain peer.
	pub peer_id: PeerId,
	/// How many units it has, `1..=64`.
	pub units: u8,
	/// What the provider declares of it.
	pub attributes: Attributes,
}

/// A capacity offer: the price of given units of one server.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Ask {
	/// The server.
	pub server: ServerId,
	/// Units that the ask speaks of; those of them that are idle are for sale.
	pub units: Units,
	/// What must be paid in.
	pub asset: PaymentAsset,
	/// Least price per unit and epoch.
	pub price: Price,
	/// Shortest term, in epochs.
	pub min_term: Epoch,
	/// Longest term, in epochs.
	pub max_term: Epoch,
	/// Attributes that the ask offers: the server's own and those declared with the ask.
	pub attributes: Attributes,
}

/// How many units a developer wants.
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
)]
pub struct UnitsWanted {
	/// The first match has at least so many, or is none.
	pub min: u32,
	/// No more than so many altogether.
	pub target: u32,
}

/// Which providers a developer trades with.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum AccessList<AccountId> {
	/// Any provider.
	Any,
	/// The listed providers only.
	Allow(BoundedVec<AccountId, ConstU32<32>>),
	/// Any but the listed providers.
	Deny(BoundedVec<AccountId, ConstU32<32>>),
}

impl<AccountId: PartialEq> AccessList<AccountId> {
	/// Whether the list lets `provider` in.
	pub fn admits(&self, provider: &AccountId) -> bool {
		match self {
			Self::Any => true,
			Self::Allow(list) => list.contains(provider),
			Self::Deny(list) => !list.contains(provider),
		}
	}
}

/// Where a deal may be placed.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Placement<AccountId> {
	/// At most so many units of one provider, over the whole deal; `None`: no cap.
	pub max_per_provider: Option<u32>,
	/// Who may serve.
	pub providers: AccessList<AccountId>,
}

/// What the matcher needs to know of a developer offer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct BidTerms<AccountId> {
	/// Who pays.
	pub developer: AccountId,
	/// What is paid in.
	pub asset: PaymentAsset,
	/// Highest price per unit and epoch.
	pub max_price: Price,
	/// Units wanted; `target` counts those already filled.
	pub units: UnitsWanted,
	/// Units that deals already hold.
	pub filled: u32,
	/// Term in epochs.
	pub term: Epoch,
	/// Where the units may be.
	pub placement: Placement<AccountId>,
	/// Attributes that every unit must have.
	pub attributes: Attributes,
	/// The last epoch in which the offer may match.
	pub expiry: Epoch,
	/// The deal that later fills join, once there is one.
	pub deal: Option<DealId>,
}

/// One server's part of a match.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Fill<AccountId> {
	/// The ask that was met.
	pub ask: AskId,
	/// Its server.
	pub server: ServerId,
	/// The server's provider, who is paid.
	pub provider: AccountId,
	/// The units, all idle and discoverable.
	pub units: Units,
	/// Price per unit and epoch: that of the order that stood there first.
	pub price: Price,
}

/// Units of all fills together.
pub fn units_of<AccountId>(fills: &[Fill<AccountId>]) -> u32 {
	fills.iter().map(|fill| fill.units.count()).sum()
}

/// All fills of one match.
pub type Fills<AccountId> = Vec<Fill<AccountId>>;

/// Whose money an escrow record is.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub enum EscrowId {
	/// Of an open offer.
	Offer(OfferId),
	/// Of a running deal.
	Deal(DealId),
}
