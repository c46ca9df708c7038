//! Attributes.

use super::is_label;
use crate::{types::without, *};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use marketplace_primitives::{AttributeId, Attributes, ServerId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_attribute(id: AttributeId, info: Option<AttributeInfo>) -> DispatchResult {
		match info {
			Some(info) => Self::describe_attribute(id, info),
			None => Self::retire_attribute(id),
		}
	}

	fn describe_attribute(id: AttributeId, info: AttributeInfo) -> DispatchResult {
		ensure!(is_label(&info.name), Error::<T>::InvalidName);
		if info.kind == AttributeKind::Effector {
			let given = info.cid.as_ref().is_some_and(|cid| !cid.is_empty());
			ensure!(given, Error::<T>::MissingCid);
		} else {
			ensure!(info.cid.is_none(), Error::<T>::UnexpectedCid);
		}

		KnownAttributes::<T>::mutate(|known| *known = known.or(&Attributes::of(&[id])));
		AttributeInfos::<T>::insert(id, &info);

		Self::deposit_event(Event::AttributeDescribed { attribute: id, info });
		Ok(())
	}

	fn retire_attribute(id: AttributeId) -> DispatchResult {
		let (known, retired) = (KnownAttributes::<T>::get(), Attributes::of(&[id]));
		ensure!(retired.is_subset_of(&known), Error::<T>::UnknownAttribute);

		KnownAttributes::<T>::put(without(&known, &retired));
		AttributeInfos::<T>::remove(id);

		Self::deposit_event(Event::AttributeRetired { attribute: id });
		Ok(())
	}

	pub(crate) fn do_declare_attributes(
		who: T::AccountId,
		id: ServerId,
		attributes: Attributes,
	) -> DispatchResult {
		let server = Self::owned_server(&who, id)?;
		Self::ensure_no_asks(id)?;
		Self::ensure_known(&attributes, &server.attributes)?;

		// the book is not told: it knows nothing of a server without asks
		let attested = Self::trim_attestations(id, &attributes);
		Servers::<T>::insert(id, Server { attributes, attested, ..server });

		Self::deposit_event(Event::AttributesDeclared { server: id, attributes, attested });
		Ok(())
	}

	/// Checks that governance knows all of `attributes` that are not in `before`: what was declared
	/// may stay when it is retired.
	pub(super) fn ensure_known(attributes: &Attributes, before: &Attributes) -> DispatchResult {
		let added = without(attributes, before);
		let known = added == Attributes::NONE || added.is_subset_of(&KnownAttributes::<T>::get());
		ensure!(known, Error::<T>::UnknownAttribute);
		Ok(())
	}
}
