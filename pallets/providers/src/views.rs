//! What the view functions answer where one read of the storage is not enough.

use crate::*;
use alloc::vec::Vec;
use marketplace_primitives::{
	Ask, AskId, AttributeId, Attributes, HardwareClass, ServerId, ServerRef, MAX_HARDWARE_CLASSES,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn view_server(id: ServerId) -> Option<ServerRef<T::AccountId>> {
		let server = Servers::<T>::get(id)?;
		Some(ServerRef {
			provider: server.provider,
			operator: server.operator,
			data_center: server.data_center,
			location: server.location,
			tier: server.tier,
			hardware: server.hardware,
			peer_id: server.peer_id,
			units: server.units,
			attributes: server.attributes,
			attested: server.attested,
		})
	}

	pub(crate) fn view_asks(server: ServerId) -> Vec<(AskId, Ask)> {
		let ids = AsksOf::<T>::get(server).into_iter();
		ids.filter_map(|id| Asks::<T>::get(id).map(|ask| (id, ask))).collect()
	}

	pub(crate) fn view_hardware_classes() -> Vec<(HardwareClass, Label)> {
		let classes = 1..MAX_HARDWARE_CLASSES;
		classes.filter_map(|class| Some((class, HardwareClasses::<T>::get(class)?))).collect()
	}

	pub(crate) fn view_attributes(first: AttributeId) -> Vec<(AttributeId, AttributeInfo)> {
		let known = KnownAttributes::<T>::get();
		(first..=AttributeId::MAX)
			.filter(|id| Attributes::of(&[*id]).is_subset_of(&known))
			.filter_map(|id| Some((id, AttributeInfos::<T>::get(id)?)))
			.take(usize::try_from(ATTRIBUTES_PER_PAGE).unwrap_or_default())
			.collect()
	}
}
