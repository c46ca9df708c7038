//! Benchmarks of the calls, and the set-up that other pallets' benchmarks ask for.

mod setup;

use crate::{
	vector::{PEER, SIGNATURE},
	*,
};
use frame_benchmarking::v2::*;
use frame_support::traits::{Consideration, EnsureOrigin};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use marketplace_primitives::{
	AskId, Attributes, DataCenterId, PaymentAsset, ServerId, Units, MAX_UNITS,
};
use setup::*;
use sp_runtime::traits::Zero;

pub(crate) use setup::server_with_ask;

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
		all_attributes::<T>();
		let origin = RawOrigin::Signed(who.clone());

		#[extrinsic_call]
		_(origin, site, PEER, SIGNATURE, who, MAX_UNITS, ALL);

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
		all_attributes::<T>();

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, Units::one(63), STABLE, 1_000, 1, 1_000, ALL, Some(1));

		assert_eq!(AsksOf::<T>::get(id).len(), 4);
	}

	/// In place of the last of four.
	#[benchmark]
	fn replace_ask() {
		let who: T::AccountId = whitelisted_caller();
		let id = asking::<T>(&who, MAX_ASKS);
		all_attributes::<T>();

		#[extrinsic_call]
		set_ask(RawOrigin::Signed(who), id, Units::one(3), STABLE, 1_000, 1, 1_000, ALL, Some(1));

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

	/// With all the attestations that it may have.
	#[benchmark]
	fn deregister_server() {
		let who: T::AccountId = whitelisted_caller();
		let id = attested::<T>(&who, MAX_ATTESTATIONS);
		withdraw_asks::<T>(&who, id);

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

	#[benchmark]
	fn set_hardware_class() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		class::<T>(1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1, Some(full(b'n')));

		assert_eq!(HardwareClasses::<T>::get(1), Some(full(b'n')));
		Ok(())
	}

	#[benchmark]
	fn declare_hardware() {
		let who: T::AccountId = whitelisted_caller();
		provider::<T>(&who);
		let id = server::<T>(&who);
		class::<T>(1);

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, 1);

		assert_eq!(Servers::<T>::get(id).map(|server| server.hardware), Some(1));
	}

	#[benchmark]
	fn set_attribute() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		attribute::<T>(1);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, 1, Some(effector()));

		assert!(AttributeInfos::<T>::contains_key(1));
		Ok(())
	}

	/// One more attribute and one less, of a server with all the attestations that it may have.
	#[benchmark]
	fn declare_attributes() {
		let who: T::AccountId = whitelisted_caller();
		let id = attested::<T>(&who, MAX_ATTESTATIONS);
		withdraw_asks::<T>(&who, id);
		Servers::<T>::mutate_extant(id, |server| server.attributes = Attributes([255, 0, 0, 0]));

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, Attributes([255 << 1, 0, 0, 0]));

		assert_eq!(Servers::<T>::get(id).map(|server| server.attested.0), Some([254, 0, 0, 0]));
	}

	/// The last of as many attestors as there may be.
	#[benchmark]
	fn set_attestor() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let _ = Attestors::<T>::clear(MAX_ATTESTORS, None);
		(1..MAX_ATTESTORS).for_each(|seed| _ = attestor::<T>(seed));
		let who: T::AccountId = account("attestor", 0, 0);

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, who, ALL);

		assert_eq!(Attestors::<T>::count(), MAX_ATTESTORS);
		Ok(())
	}

	/// Beside seven others, for one attribute more and one less. The server has an ask, so that the book
	/// has to look at its bids again.
	#[benchmark]
	fn attest() {
		let who: T::AccountId = whitelisted_caller();
		let id = attested::<T>(&who, MAX_ATTESTATIONS);
		let attestor = attestor::<T>(0);

		#[extrinsic_call]
		_(RawOrigin::Signed(attestor), id, Attributes::of(&[200]));

		let attested = Servers::<T>::get(id).map(|server| server.attested.0);
		assert_eq!(attested, Some([254, 0, 0, 1 << 8]));
	}

	/// One of eight, of which a part stays.
	#[benchmark]
	fn drop_attestation() {
		let who: T::AccountId = whitelisted_caller();
		let id = attested::<T>(&who, MAX_ATTESTATIONS);
		let attestor = attestor::<T>(0);
		assert!(Pallet::<T>::do_attest(attestor.clone(), id, Attributes::of(&[0, 200])).is_ok());
		Attestors::<T>::insert(&attestor, Attributes::of(&[0]));

		#[extrinsic_call]
		_(RawOrigin::Signed(who), id, attestor);

		assert_eq!(Servers::<T>::get(id).map(|server| server.attested.0), Some([255, 0, 0, 0]));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
