//! What the view functions answer where one read of the storage is not enough.

use crate::*;
use alloc::vec::Vec;
use marketplace_primitives::{Ask, AskId, ServerId, ServerRef};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_server(id: ServerId) -> Option<ServerRef<T::AccountId>> {
		let Server { provider, data_center, peer_id, operator, units, attributes, ticket: _ } =
			Servers::<T>::get(id)?;
		Some(ServerRef { provider, operator, data_center, peer_id, units, attributes })
	}

	pub(crate) fn view_asks(server: ServerId) -> Vec<(AskId, Ask)> {
		let ids = AsksOf::<T>::get(server).into_iter();
		ids.filter_map(|id| Asks::<T>::get(id).map(|ask| (id, ask))).collect()
	}
}
