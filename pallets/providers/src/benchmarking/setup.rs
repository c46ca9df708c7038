//! What must be there before a call is measured.

use crate::{types::NewServer, *};
use alloc::vec;
use codec::Encode;
use frame_benchmarking::v2::account;
use frame_support::traits::Consideration;
use marketplace_primitives::{
	Ask, AskId, AttributeId, Attributes, DataCenterId, HardwareClass, Location, PaymentAsset,
	Price, ServerId, Units, MAX_UNITS,
};

/// All attributes that there may be.
pub(super) const ALL: Attributes = Attributes([u64::MAX; 4]);

/// Makes `who` a provider, with what the deposits of a data centre, a server and four asks need.
pub(super) fn provider<T: Config>(who: &T::AccountId) {
	T::Consideration::ensure_successful(who, Pallet::<T>::provider_footprint());
	T::Consideration::ensure_successful(who, Pallet::<T>::data_center_footprint());
	T::Consideration::ensure_successful(who, Pallet::<T>::server_footprint());
	for _ in 0..MAX_ASKS {
		T::Consideration::ensure_successful(who, Pallet::<T>::ask_footprint());
	}
	if !Providers::<T>::contains_key(who) {
		assert!(Pallet::<T>::do_register_provider(who.clone(), full(b'p')).is_ok());
	}
}

/// A data centre of `who`.
pub(super) fn data_center<T: Config>(who: &T::AccountId) -> DataCenterId {
	let location = Location { country: *b"CH", city: full(b'c') };
	Pallet::<T>::create_data_center(who.clone(), location, MAX_TIER)
		.expect("the provider is registered and has funds; qed")
}

/// A server of 64 units of `who`, in a data centre of its own, with `who` as its operator.
pub(super) fn server<T: Config>(who: &T::AccountId) -> ServerId {
	let server = NewServer {
		data_center: data_center::<T>(who),
		peer_id: (b"peer", NextServerId::<T>::get()).using_encoded(sp_io::hashing::blake2_256),
		operator: who.clone(),
		units: MAX_UNITS,
		attributes: Attributes::NONE,
	};
	Pallet::<T>::create_server(who.clone(), server)
		.expect("the data centre is there and the provider has funds; qed")
}

/// What the benchmarks of the market pay in: dearer to move than FLT.
pub(super) const STABLE: PaymentAsset = PaymentAsset::WithId(1);

/// An ask in the stable asset for `units` of `server`, for any term.
pub(super) fn ask<T: Config>(
	who: &T::AccountId,
	server: ServerId,
	units: Units,
	price: Price,
) -> AskId {
	let asset = STABLE;
	let (min_term, max_term) = (1, u32::MAX);
	let attributes = Servers::<T>::get(server).map_or(Attributes::NONE, |it| it.attributes);
	let ask = Ask { server, units, asset, price, min_term, max_term, attributes, tariff: Some(1) };
	Pallet::<T>::create_ask(who, ask, None).expect("room for the ask and funds; qed")
}

/// A server of 64 units under `who`, who becomes a provider where needed, with an ask for all of
/// them in the stable asset, which is admitted. It has all attributes, all of them attested, and the
/// hardware class 1: whatever a benchmark asks for, it fits.
pub(crate) fn server_with_ask<T: Config>(who: &T::AccountId, price: Price) -> (ServerId, AskId) {
	admit_stable::<T>();
	class::<T>(1);
	provider::<T>(who);
	let id = server::<T>(who);
	Servers::<T>::mutate_extant(id, |server| {
		server.attributes = ALL;
		server.hardware = 1;
	});
	assert!(Pallet::<T>::do_attest(attestor::<T>(0), id, ALL).is_ok());
	(id, ask::<T>(who, id, Units::first(MAX_UNITS), price))
}

/// A string of the greatest length that the bound allows.
pub(super) fn full<Bound: frame_support::traits::Get<u32>>(
	letter: u8,
) -> frame_support::BoundedVec<u8, Bound> {
	let len = usize::try_from(Bound::get()).unwrap_or(0);
	vec![letter; len].try_into().unwrap_or_default()
}

/// A server of `who` with an ask for each of its first units, and the stable asset admitted as the
/// last of as many assets as there may be.
pub(super) fn asking<T: Config>(who: &T::AccountId, asks: u32) -> ServerId {
	provider::<T>(who);
	let id = server::<T>(who);
	admit_others::<T>(1);
	admit_stable::<T>();
	for (unit, price) in (0..MAX_UNITS).zip(1..=asks) {
		ask::<T>(who, id, Units::one(unit), Price::from(price));
	}
	id
}

/// Admits the stable asset beside others.
fn admit_stable<T: Config>() {
	let admitted = Pallet::<T>::do_admit_asset(STABLE);
	assert!(admitted.is_ok() || admitted == Err(Error::<T>::AssetAlreadyAdmitted.into()));
}

/// Admits as many assets as there may be, less `free`; the stable asset is not among them.
pub(super) fn admit_others<T: Config>(free: u32) {
	let others = (2..MAX_ASSETS.saturating_sub(free).saturating_add(2)).map(PaymentAsset::WithId);
	AdmittedAssets::<T>::put(Assets::truncate_from(others.collect()));
}

/// Names a hardware class.
pub(super) fn class<T: Config>(class: HardwareClass) {
	assert!(Pallet::<T>::do_set_hardware_class(class, Some(full(b'h'))).is_ok());
}

/// The longest description of an attribute.
pub(super) fn effector() -> AttributeInfo {
	AttributeInfo { kind: AttributeKind::Effector, name: full(b'e'), cid: Some(full(b'c')) }
}

/// Describes an attribute.
pub(super) fn attribute<T: Config>(id: AttributeId) {
	assert!(Pallet::<T>::do_set_attribute(id, Some(effector())).is_ok());
}

/// Describes all attributes that there may be.
pub(super) fn all_attributes<T: Config>() {
	if KnownAttributes::<T>::get() != ALL {
		(0..=AttributeId::MAX).for_each(attribute::<T>);
	}
}

/// An account that may attest anything.
pub(super) fn attestor<T: Config>(seed: u32) -> T::AccountId {
	let who: T::AccountId = account("attestor", seed, 0);
	all_attributes::<T>();
	assert!(Pallet::<T>::do_set_attestor(who.clone(), ALL).is_ok());
	who
}

/// A server of `who` that declares all attributes, with an ask, attested by `count` attestors, each of
/// whom vouches for an attribute of its own.
pub(super) fn attested<T: Config>(who: &T::AccountId, count: u32) -> ServerId {
	let (id, _) = server_with_ask::<T>(who, 1_000);
	for (attribute, seed) in (0..AttributeId::MAX).zip(0..count) {
		let attestor = attestor::<T>(seed);
		assert!(Pallet::<T>::do_attest(attestor, id, Attributes::of(&[attribute])).is_ok());
	}
	id
}

/// Withdraws the asks of a server of `who`.
pub(super) fn withdraw_asks<T: Config>(who: &T::AccountId, server: ServerId) {
	for ask in AsksOf::<T>::get(server) {
		assert!(Pallet::<T>::do_withdraw_ask(who.clone(), ask).is_ok());
	}
}
