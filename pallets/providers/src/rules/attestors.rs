//! Attestors.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use marketplace_primitives::Attributes;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_attestor(who: T::AccountId, attributes: Attributes) -> DispatchResult {
		if attributes == Attributes::NONE {
			Self::remove_attestor(who)
		} else {
			Self::put_attestor(who, attributes)
		}
	}

	fn put_attestor(who: T::AccountId, attributes: Attributes) -> DispatchResult {
		let before = Attestors::<T>::get(&who);
		let room = before.is_some() || Attestors::<T>::count() < MAX_ATTESTORS;
		ensure!(room, Error::<T>::TooManyAttestors);
		Self::ensure_known(&attributes, &before.unwrap_or_default())?;

		Attestors::<T>::insert(&who, attributes);

		Self::deposit_event(Event::AttestorSet { attestor: who, attributes });
		Ok(())
	}

	fn remove_attestor(who: T::AccountId) -> DispatchResult {
		ensure!(Attestors::<T>::contains_key(&who), Error::<T>::NotAttestor);

		Attestors::<T>::remove(&who);

		Self::deposit_event(Event::AttestorRemoved { attestor: who });
		Ok(())
	}
}
