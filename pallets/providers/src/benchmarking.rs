//! Benchmarks of the calls, and the set-up that other pallets' benchmarks ask for.

use crate::{
	types::NewServer,
	vector::{PEER, SIGNATURE},
	*,
};
use alloc::vec;
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use marketplace_primitives::{
	Ask, AskId, Attributes, DataCenterId, Location, PaymentAsset, Price, ServerId, Units, MAX_UNITS,
};
use sp_runtime::traits::Zero;

/// Makes `who` a provider, with what the deposits of a data centre, a server and four asks need.
pub(crate) fn provider<T: Config>(who: &T::AccountId) {
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
pub(crate) fn data_center<T: Config>(who: &T::AccountId) -> DataCenterId {
	let location = Location { country: *b"CH", city: full(b'c') };
	Pallet::<T>::create_data_center(who.clone(), location, MAX_TIER)
		.expect("the provider is registered and has funds; qed")
}

/// A server of 64 units of `who`, in a data centre of its own, with `who` as its operator.
pub(crate) fn server<T: Config>(who: &T::AccountId) -> ServerId {
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
const STABLE: PaymentAsset = PaymentAsset::WithId(1);

/// An ask in the stable asset for `units` of `server`, for any term.
pub(crate) fn ask<T: Config>(
	who: &T::AccountId,
	server: ServerId,
	units: Units,
	price: Price,
) -> AskId {
	let asset = STABLE;
	let (min_term, max_term, attributes) = (1, u32::MAX, Attributes::NONE);
	let ask = Ask { server, units, asset, price, min_term, max_term, attributes };
	Pallet::<T>::create_ask(who, ask, None).expect("room for the ask and funds; qed")
}

/// A server of 64 units under `who`, who becomes a provider where needed, with an ask for all of
/// them in the stable asset, which is admitted.
pub(crate) fn server_with_ask<T: Config>(who: &T::AccountId, price: Price) -> (ServerId, AskId) {
	admit_stable::<T>();
	provider::<T>(who);
	let server = server::<T>(who);
	(server, ask::<T>(who, server, Units::first(MAX_UNITS), price))
}

/// A string of the greatest length that the bound allows.
fn full<Bound: frame_support::traits::Get<u32>>(
	letter: u8,
) -> frame_support::BoundedVec<u8, Bound> {
	let len = usize::try_from(Bound::get()).unwrap_or(0);
	vec![letter; len].try_into().unwrap_or_default()
}

/// A server of `who` with an ask for each of its first units, and the stable asset admitted as the
/// last of as many assets as there may be.
fn asking<T: Config>(who: &T::AccountId, asks: u32) -> ServerId {
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
fn admit_others<T: Config>(free: u32) {
	let others = (2..MAX_ASSETS.saturating_sub(free).saturating_add(2)).map(PaymentAsset::WithId);
	AdmittedAssets::<T>::put(Assets::truncate_from(others.collect()));
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn register_provider() {
		let who: T::AccountId = whitelisted_caller();
		T::Consideration::ensure_successful(&who, Pallet::<T>::provider_footprint());

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), full(b'p'));

		assert!(Providers::<T>::contains_key(who));
	}

	#[benchmark]
	fn rename_provider() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()), full(b'q'));

		assert_eq!(Providers::<T>::get(who).map(|provider| provider.name), Some(full(b'q')));
	}

	#[benchmark]
	fn register_data_center() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), *b"CH", full(b'c'), MAX_TIER);

		assert!(DataCenters::<T>::contains_key(DataCenterId(0)));
	}

	#[benchmark]
	fn register_server() {
		let who: T::AccountId = account("provider", 0, 0);
		frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::zero(), T::Hash::default());
		provider::<T>(&who);
		let site = data_center::<T>(&who);
		let (origin, attributes) = (RawOrigin::Signed(who.clone()), Attributes([u64::MAX; 4]));

		#[extrinsic_call]
		_(origin, site, PEER, SIGNATURE, who, MAX_UNITS, attributes);

		assert_eq!(PeerIds::<T>::get(PEER), Some(ServerId(0)));
	}

	#[benchmark]
	fn set_operator() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);
		let id = server::<T>(&who);
		let operator: T::AccountId = account("operator", 0, 0);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, operator.clone());

		assert_eq!(Servers::<T>::get(id).map(|server| server.operator), Some(operator));
	}

	/// Beside three others.
	#[benchmark]
	fn set_ask() {
		let who: T::AccountId = whitelisted_caller();
		let id = asking::<T>(&who, MAX_ASKS - 1);
		let (origin, attributes) = (RawOrigin::Signed(who), Attributes([u64::MAX; 4]));

		#[extrinsic_call]
		_(origin, id, Units::one(63), STABLE, 1_000, 1, 1_000, attributes);

		assert_eq!(AsksOf::<T>::get(id).len(), 4);
	}

	/// In place of the last of four.
	#[benchmark]
	fn replace_ask() {
		let who: T::AccountId = whitelisted_caller();
		let id = asking::<T>(&who, MAX_ASKS);
		let (origin, attributes) = (RawOrigin::Signed(who), Attributes([u64::MAX; 4]));

		#[extrinsic_call]
		set_ask(origin, id, Units::one(3), STABLE, 1_000, 1, 1_000, attributes);

		assert!(!Asks::<T>::contains_key(AskId(3)));
		assert_eq!(AsksOf::<T>::get(id).len(), 4);
	}

	#[benchmark]
	fn withdraw_ask() {
		let who: T::AccountId = whitelisted_caller();
		let (_, id) = server_with_ask::<T>(&who, 1_000);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id);

		assert!(!Asks::<T>::contains_key(id));
	}

	#[benchmark]
	fn deregister_server() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);
		let id = server::<T>(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id);

		assert!(!Servers::<T>::contains_key(id));
	}

	#[benchmark]
	fn remove_data_center() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);
		let id = data_center::<T>(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id);

		assert!(!DataCenters::<T>::contains_key(id));
	}

	#[benchmark]
	fn deregister_provider() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);

		#[extrinsic_call]
		_(RawOrigin::Signed(who.clone()));

		assert!(!Providers::<T>::contains_key(who));
	}

	#[benchmark]
	fn admit_asset() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		admit_others::<T>(1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, PaymentAsset::Native);

		assert!(AdmittedAssets::<T>::get().contains(&PaymentAsset::Native));
		Ok(())
	}

	#[benchmark]
	fn dismiss_asset() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		admit_others::<T>(0);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, PaymentAsset::WithId(2));

		assert!(!AdmittedAssets::<T>::get().contains(&PaymentAsset::WithId(2)));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
