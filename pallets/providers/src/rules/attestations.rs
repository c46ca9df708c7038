//! Attestations.

use crate::{
	types::{all_of, common},
	*,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use marketplace_primitives::{Attributes, OrderBook, ServerId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_attest(
		who: T::AccountId,
		id: ServerId,
		attributes: Attributes,
	) -> DispatchResult {
		let allowed = Attestors::<T>::get(&who).ok_or(Error::<T>::NotAttestor)?;
		let server = Servers::<T>::get(id).ok_or(Error::<T>::UnknownServer)?;
		ensure!(attributes.is_subset_of(&allowed), Error::<T>::MayNotAttest);
		ensure!(attributes.is_subset_of(&server.attributes), Error::<T>::NotDeclared);

		let standing = AttestationsOf::<T>::get(id);
		if attributes == Attributes::NONE {
			ensure!(standing.contains_key(&who), Error::<T>::UnknownAttestation);
		}
		Self::put_attestation(id, server, standing, &who, attributes)?;

		Self::deposit_event(Event::Attested { server: id, attestor: who, attributes });
		Ok(())
	}

	pub(crate) fn do_drop_attestation(id: ServerId, attestor: T::AccountId) -> DispatchResult {
		let server = Servers::<T>::get(id).ok_or(Error::<T>::UnknownServer)?;
		let standing = AttestationsOf::<T>::get(id);
		let attested = standing.get(&attestor).ok_or(Error::<T>::UnknownAttestation)?;
		let allowed = Attestors::<T>::get(&attestor).unwrap_or_default();
		ensure!(!attested.is_subset_of(&allowed), Error::<T>::AttestationStands);

		let attributes = common(attested, &allowed);
		Self::put_attestation(id, server, standing, &attestor, attributes)?;

		Self::deposit_event(Event::AttestationDropped { server: id, attestor, attributes });
		Ok(())
	}

	/// Puts `attributes` in place of what `attestor` says among the `standing` attestations, and
	/// tells the book where what they say together changes.
	fn put_attestation(
		id: ServerId,
		server: ServerOf<T>,
		mut standing: Attestations<T::AccountId>,
		attestor: &T::AccountId,
		attributes: Attributes,
	) -> DispatchResult {
		if attributes == Attributes::NONE {
			standing.remove(attestor);
		} else {
			let added = standing.try_insert(attestor.clone(), attributes);
			ensure!(added.is_ok(), Error::<T>::TooManyAttestations);
		}
		let (before, attested) = (server.attested, Self::store_attestations(id, &standing));
		if attested != before {
			Servers::<T>::insert(id, Server { attested, ..server });
			T::Book::server_changed(id);
		}
		if !attested.is_subset_of(&before) {
			T::Book::supply_changed(id);
		}
		Ok(())
	}

	/// Ends what is attested of a server beyond `declared`; returns what is left.
	pub(super) fn trim_attestations(id: ServerId, declared: &Attributes) -> Attributes {
		let mut standing = AttestationsOf::<T>::get(id);
		standing.retain(|_, attested| {
			*attested = common(attested, declared);
			*attested != Attributes::NONE
		});
		Self::store_attestations(id, &standing)
	}

	/// Stores the attestations of a server; returns what they say together.
	fn store_attestations(id: ServerId, standing: &Attestations<T::AccountId>) -> Attributes {
		if standing.is_empty() {
			AttestationsOf::<T>::remove(id);
		} else {
			AttestationsOf::<T>::insert(id, standing);
		}
		all_of(standing)
	}
}
