//! Payment assets.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult};
use marketplace_primitives::PaymentAsset;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_admit_asset(asset: PaymentAsset) -> DispatchResult {
		AdmittedAssets::<T>::try_mutate(|assets| {
			ensure!(!assets.contains(&asset), Error::<T>::AssetAlreadyAdmitted);
			assets.try_push(asset.clone()).map_err(|_| Error::<T>::TooManyAssets)
		})?;

		Self::deposit_event(Event::AssetAdmitted { asset });
		Ok(())
	}

	pub(crate) fn do_dismiss_asset(asset: PaymentAsset) -> DispatchResult {
		AdmittedAssets::<T>::try_mutate(|assets| {
			ensure!(assets.contains(&asset), Error::<T>::AssetNotAdmitted);
			assets.retain(|admitted| *admitted != asset);
			Ok::<_, Error<T>>(())
		})?;

		Self::deposit_event(Event::AssetDismissed { asset });
		Ok(())
	}
}
