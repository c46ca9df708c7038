//! The words of the market.

use crate::{AskId, DataCenterId, DealId, OfferId, ServerId, Units};
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

/// Whole epochs, after the one that they speak of, in which a developer may contest what was reported as served;
/// it is paid afterwards.
pub const CONTEST_EPOCHS: Epoch = 2;

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

/// One of governance's hardware classes, `0..16`; 0 where none is declared.
pub type HardwareClass = u8;

/// How many hardware classes there may be.
pub const MAX_HARDWARE_CLASSES: u8 = 16;

/// A country: ISO 3166-1 alpha-2, two capital letters.
pub type Country = [u8; 2];

/// The name of a city, UTF-8.
pub type City = BoundedVec<u8, ConstU32<32>>;

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
	/// The country.
	pub country: Country,
	/// The city in it.
	pub city: City,
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
	/// Where that is.
	pub location: Location,
	/// The tier of the site, `1..=4`.
	pub tier: u8,
	/// Its hardware class.
	pub hardware: HardwareClass,
	/// Its off-chain peer.
	pub peer_id: PeerId,
	/// How many units it has, `1..=64`.
	pub units: u8,
	/// What the provider declares of it.
	pub attributes: Attributes,
	/// What attestors vouch for.
	pub attested: Attributes,
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
	/// Price of a million requests, in planks of the asset; `None`: not to be had by requests.
	pub tariff: Option<Price>,
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

	/// How many providers it names.
	pub fn count(&self) -> u32 {
		match self {
			Self::Any => 0,
			Self::Allow(list) | Self::Deny(list) => list.len().try_into().unwrap_or(u32::MAX),
		}
	}
}

/// Where a deal may be placed: what its units must be, and how they must be spread. The default sets no limit.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Placement<AccountId> {
	/// At most so many units of one provider, over the whole deal; `None`: no cap. So with the next two.
	pub max_per_provider: Option<u32>,
	/// At most so many units in one data centre.
	pub max_per_data_center: Option<u32>,
	/// At most so many units of one server.
	pub max_per_server: Option<u32>,
	/// Units of so many providers at least, before the deal opens; 0 and 1 ask for nothing. So with the next
	/// two.
	pub min_providers: u32,
	/// Units in so many data centres at least.
	pub min_data_centers: u32,
	/// Units in so many countries at least.
	pub min_countries: u32,
	/// Who may serve.
	pub providers: AccessList<AccountId>,
	/// Where servers may stand.
	pub sites: Sites,
	/// The hardware class that servers must be of; `None`: any.
	pub hardware: Option<HardwareClass>,
	/// Attributes that attestors must vouch for.
	pub attested: Attributes,
}

impl<AccountId> Default for Placement<AccountId> {
	fn default() -> Self {
		Self {
			max_per_provider: None,
			max_per_data_center: None,
			max_per_server: None,
			min_providers: 0,
			min_data_centers: 0,
			min_countries: 0,
			providers: AccessList::Any,
			sites: Sites::default(),
			hardware: None,
			attested: Attributes::NONE,
		}
	}
}

/// Which data centres a developer's units may stand in. The default is all.
#[derive(
	Clone,
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
pub struct Sites {
	/// The countries; any where the list is empty.
	pub countries: BoundedVec<Country, ConstU32<16>>,
	/// The cities, each with its country; any where the list is empty.
	pub cities: BoundedVec<Location, ConstU32<8>>,
	/// The lowest tier.
	pub min_tier: u8,
}

impl Sites {
	/// Whether a data centre may be used that stands at `location` and is of `tier`.
	pub fn admit(&self, location: &Location, tier: u8) -> bool {
		(self.countries.is_empty() || self.countries.contains(&location.country))
			&& (self.cities.is_empty() || self.cities.contains(location))
			&& tier >= self.min_tier
	}
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
	/// Highest price of a million requests; `None`: no request is paid for, and any ask will do.
	pub tariff: Option<Price>,
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
	/// The data centre that the server stands in.
	pub data_center: DataCenterId,
	/// The country of that.
	pub country: Country,
	/// The units, all idle and discoverable.
	pub units: Units,
	/// Price per unit and epoch: that of the order that stood there first.
	pub price: Price,
	/// The longest term that the provider offers at this price, in epochs.
	pub max_term: Epoch,
	/// Price of a million requests that the provider asks; `None`: it takes none.
	pub tariff: Option<Price>,
}

/// Units of one server in a deal, with what placement needs to know of them.
#[derive(
	Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Placed<AccountId> {
	/// The server.
	pub server: ServerId,
	/// Its provider.
	pub provider: AccountId,
	/// The data centre that it stands in.
	pub data_center: DataCenterId,
	/// The country of that.
	pub country: Country,
	/// How many units; none where the server gave all of them up, and is not to be taken again.
	pub units: u32,
}

/// Units of all fills together.
pub fn units_of<AccountId>(fills: &[Fill<AccountId>]) -> u32 {
	fills.iter().map(|fill| fill.units.count()).sum()
}

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
