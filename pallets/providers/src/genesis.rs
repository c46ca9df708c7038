//! What is there from the start. What cannot be there fails the build of the genesis state.

use crate::*;
use marketplace_primitives::{AttributeId, Attributes, Cid, HardwareClass};

/// Stores what the configuration lists.
pub(crate) fn build<T: Config>(config: &GenesisConfig<T>) {
	for asset in &config.admitted_assets {
		let admitted = Pallet::<T>::do_admit_asset(asset.clone());
		assert!(admitted.is_ok(), "cannot admit {asset:?} at genesis: {admitted:?}");
	}
	for (class, name) in &config.hardware_classes {
		add_hardware_class::<T>(*class, name);
	}
	for attribute in &config.attributes {
		add_attribute::<T>(attribute);
	}
	for (who, attributes) in &config.attestors {
		add_attestor::<T>(who, attributes);
	}
}

fn add_hardware_class<T: Config>(class: HardwareClass, name: &str) {
	let twice = HardwareClasses::<T>::contains_key(class);
	assert!(!twice, "hardware class {class} is there twice at genesis");
	let named = Pallet::<T>::do_set_hardware_class(class, Some(label(name)));
	assert!(named.is_ok(), "cannot name hardware class {class} at genesis: {named:?}");
}

fn add_attribute<T: Config>(attribute: &GenesisAttribute) {
	let GenesisAttribute { id, kind, name, cid } = attribute;
	let twice = AttributeInfos::<T>::contains_key(id);
	assert!(!twice, "attribute {id} is there twice at genesis");
	let cid = cid.as_ref().map(|cid| {
		assert!(cid.len() <= Cid::bound(), "the CID of attribute {id} is too long at genesis");
		Cid::truncate_from(cid.0.clone())
	});
	let info = AttributeInfo { kind: *kind, name: label(name), cid };
	let described = Pallet::<T>::do_set_attribute(*id, Some(info));
	assert!(described.is_ok(), "cannot describe attribute {id} at genesis: {described:?}");
}

fn add_attestor<T: Config>(who: &T::AccountId, attributes: &[AttributeId]) {
	let twice = Attestors::<T>::contains_key(who);
	assert!(!twice, "attestor {who:?} is there twice at genesis");
	assert!(!attributes.is_empty(), "attestor {who:?} may attest nothing at genesis");
	let set = Pallet::<T>::do_set_attestor(who.clone(), Attributes::of(attributes));
	assert!(set.is_ok(), "cannot set attestor {who:?} at genesis: {set:?}");
}

fn label(text: &str) -> Label {
	let fits = text.len() <= Label::bound();
	assert!(fits, "{text:?} is too long a name at genesis: more than {} bytes", Label::bound());
	Label::truncate_from(text.as_bytes().to_vec())
}
