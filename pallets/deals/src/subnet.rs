//! How the workers of a deal find each other.

use crate::{Addresses, Allocations, Config, Pallet, Subnets};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use marketplace_primitives::{
	api::{ServerAddresses, SubnetRecord},
	DealId,
};
use scale_info::TypeInfo;

/// A multiaddress in its binary form. The chain does not look into it.
pub type Multiaddress = BoundedVec<u8, ConstU32<128>>;

/// Where a server is reached for a deal.
pub type AddressesOf = BoundedVec<Multiaddress, ConstU32<4>>;

/// What all workers of a deal must know of their network.
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
pub struct SubnetParameters {
	/// Peers to begin with.
	pub bootstrap: BoundedVec<Multiaddress, ConstU32<8>>,
	/// Parameters of the network, in the application's own form.
	pub network: BoundedVec<u8, ConstU32<256>>,
}

/// The parameters of a deal's subnet, and how often they were set.
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
pub struct Subnet {
	/// Grows by one with each change; 0 where none were set.
	pub version: u32,
	/// The parameters.
	pub parameters: SubnetParameters,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn view_subnet_record(id: DealId) -> SubnetRecord {
		let Subnet { version, parameters } = Subnets::<T>::get(id);
		let bytes = |all: &[Multiaddress]| all.iter().map(|one| one.to_vec()).collect();
		let mut servers: alloc::vec::Vec<_> = Allocations::<T>::iter_key_prefix(id)
			.map(|server| ServerAddresses {
				server,
				addresses: bytes(&Addresses::<T>::get(id, server)),
			})
			.collect();
		servers.sort_unstable_by_key(|entry| entry.server);
		SubnetRecord {
			version,
			bootstrap: bytes(&parameters.bootstrap),
			network: parameters.network.into_inner(),
			servers,
		}
	}
}
