//! What each record takes of the state: the largest encoding of its entries, keys included.

use crate::*;
use frame_support::traits::Footprint;
use marketplace_primitives::{Ask, AskId, DataCenterId, PeerId, ServerId};

impl<T: Config> Pallet<T> {
	pub(crate) fn provider_footprint() -> Footprint {
		Footprint::from_mel::<(T::AccountId, ProviderOf<T>)>()
	}

	pub(crate) fn data_center_footprint() -> Footprint {
		Footprint::from_mel::<(DataCenterId, DataCenterOf<T>)>()
	}

	pub(crate) fn server_footprint() -> Footprint {
		Footprint::from_mel::<(ServerId, ServerOf<T>, PeerId, ServerId)>()
	}

	pub(crate) fn ask_footprint() -> Footprint {
		Footprint::from_mel::<(AskId, Ask, AskId, TicketOf<T>, AskId)>()
	}
}
