//! The times of consensus, chosen in genesis and fixed from then on.
//!
//! They are storage, not constants, so that a development chain with short blocks runs the same Wasm
//! as the live chain. There is no call that changes them: a running chain cannot change its slots.

pub use pallet::*;

#[frame_support::pallet]
#[allow(missing_docs)] // the macro's own items
pub mod pallet {
	use frame_support::{pallet_prelude::*, traits::ConstU64};

	#[pallet::pallet]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {}

	/// Milliseconds per slot; every slot makes a block if its author is there.
	#[pallet::storage]
	pub type SlotMillis<T> = StorageValue<_, u64, ValueQuery, ConstU64<6_000>>;

	/// Slots per BABE epoch, which is also the session.
	#[pallet::storage]
	pub type SlotsPerSession<T> = StorageValue<_, u64, ValueQuery, ConstU64<100>>;

	/// The times that the chain starts with.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Milliseconds per slot: even, 1,000 or more.
		pub slot_millis: u64,
		/// Slots per session: 2 or more.
		pub slots_per_session: u64,
		#[serde(skip)]
		pub _config: core::marker::PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			if self.slot_millis == 0 && self.slots_per_session == 0 {
				return; // the defaults of the storage items
			}
			assert!(
				self.slot_millis >= 1_000 && self.slot_millis.is_multiple_of(2),
				"slots have an even number of milliseconds, 1,000 or more"
			);
			assert!(self.slots_per_session >= 2, "a session has two slots or more");
			SlotMillis::<T>::put(self.slot_millis);
			SlotsPerSession::<T>::put(self.slots_per_session);
		}
	}

	/// Milliseconds per slot.
	pub struct SlotDuration<T>(core::marker::PhantomData<T>);
	impl<T: Config> Get<u64> for SlotDuration<T> {
		fn get() -> u64 {
			SlotMillis::<T>::get()
		}
	}

	/// Half a slot: the least time between two blocks that `pallet-timestamp` admits.
	pub struct MinimumPeriod<T>(core::marker::PhantomData<T>);
	impl<T: Config> Get<u64> for MinimumPeriod<T> {
		fn get() -> u64 {
			SlotMillis::<T>::get() / 2
		}
	}

	/// Slots per session.
	pub struct SessionLength<T>(core::marker::PhantomData<T>);
	impl<T: Config> Get<u64> for SessionLength<T> {
		fn get() -> u64 {
			SlotsPerSession::<T>::get()
		}
	}
}
