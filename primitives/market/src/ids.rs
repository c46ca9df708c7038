//! Identifiers. All are handed out in sequence, by one pallet each, and never reused.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

macro_rules! id {
	($(#[$doc:meta])* $name:ident($inner:ty)) => {
		$(#[$doc])*
		#[derive(
			Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord,
			Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Serialize, Deserialize,
		)]
		pub struct $name(pub $inner);

		impl $name {
			/// The identifier that follows, or `None` when the type is exhausted.
			pub fn next(self) -> Option<Self> {
				self.0.checked_add(1).map(Self)
			}
		}

		impl From<$inner> for $name {
			fn from(id: $inner) -> Self {
				Self(id)
			}
		}
	};
}

id! {
	/// A data centre, given by `providers`.
	DataCenterId(u32)
}
id! {
	/// A server, given by `providers`; one machine, one off-chain peer.
	ServerId(u32)
}
id! {
	/// A capacity offer (ask), given by `providers`.
	AskId(u64)
}
id! {
	/// A capacity commitment, given by `capacity`.
	CommitmentId(u64)
}
id! {
	/// A developer offer (bid), given by `offers`.
	OfferId(u64)
}
id! {
	/// A deal, given by `deals`.
	DealId(u64)
}
