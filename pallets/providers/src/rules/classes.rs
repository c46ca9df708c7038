//! Hardware classes.

use super::is_label;
use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use marketplace_primitives::{HardwareClass, ServerId, MAX_HARDWARE_CLASSES};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_hardware_class(
		class: HardwareClass,
		name: Option<Label>,
	) -> DispatchResult {
		let in_range = (1..MAX_HARDWARE_CLASSES).contains(&class);
		ensure!(in_range, Error::<T>::InvalidHardwareClass);
		match name {
			Some(name) => Self::name_hardware_class(class, name),
			None => Self::retire_hardware_class(class),
		}
	}

	fn name_hardware_class(class: HardwareClass, name: Label) -> DispatchResult {
		ensure!(is_label(&name), Error::<T>::InvalidName);

		HardwareClasses::<T>::insert(class, &name);

		Self::deposit_event(Event::HardwareClassNamed { class, name });
		Ok(())
	}

	fn retire_hardware_class(class: HardwareClass) -> DispatchResult {
		let known = HardwareClasses::<T>::contains_key(class);
		ensure!(known, Error::<T>::UnknownHardwareClass);

		HardwareClasses::<T>::remove(class);

		Self::deposit_event(Event::HardwareClassRetired { class });
		Ok(())
	}

	pub(crate) fn do_declare_hardware(
		who: T::AccountId,
		id: ServerId,
		class: HardwareClass,
	) -> DispatchResult {
		let server = Self::owned_server(&who, id)?;
		Self::ensure_no_asks(id)?;
		let known = class == 0 || HardwareClasses::<T>::contains_key(class);
		ensure!(known, Error::<T>::UnknownHardwareClass);

		Servers::<T>::insert(id, Server { hardware: class, ..server });

		Self::deposit_event(Event::HardwareDeclared { server: id, class });
		Ok(())
	}
}
