//! What must hold at every block.

use crate::{
	pallet::{Escrows, NextOffer, Offers, Owed},
	Config, EscrowRecord, HoldReason, Pallet,
};
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::fungibles::hold::Inspect};
use marketplace_primitives::{math, Balance, EscrowId, PriceLevel};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	/// Checks the invariants that the README numbers.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::check_offers()?;
		Self::check_records()?;
		Self::check_owed()?;
		Self::check_holds()
	}

	fn check_offers() -> Result<(), TryRuntimeError> {
		for (id, offer) in Offers::<T>::iter() {
			ensure!(id < NextOffer::<T>::get(), "1: offer with a number not given yet");
			ensure!(offer.filled < offer.units.target, "1: full offer still open");
			ensure!(offer.filled == 0 || offer.deal.is_some(), "1: fill without deal");
			ensure!(PriceLevel::of(offer.max_price).is_some(), "1: price without a level");
			ensure!(offer.tariff != Some(0), "1: tariff of nothing");

			let record = Escrows::<T>::get(EscrowId::Offer(id)).ok_or("2: offer without escrow")?;
			let same = record.developer == offer.developer && record.asset == offer.asset;
			ensure!(same && !record.closed, "2: escrow is not the offer's");
			let needed = math::cost(offer.unfilled(), offer.max_price, offer.term)
				.map_err(|_| "2: offer costs too much")?;
			ensure!(record.held >= needed, "2: escrow does not cover the offer");
			let deal = offer.deal.and_then(|deal| Escrows::<T>::get(EscrowId::Deal(deal)));
			let joins = deal
				.is_none_or(|deal| deal.developer == offer.developer && deal.asset == offer.asset);
			ensure!(joins, "2: offer joins a deal of other money");
		}
		Ok(())
	}

	fn check_records() -> Result<(), TryRuntimeError> {
		for (id, record) in Escrows::<T>::iter() {
			ensure!(record.is_balanced(), "3: planks lost or made");
			if record.closed {
				ensure!(record.held == 0 && record.owed > 0, "4: closed record without a debt");
			} else if let EscrowId::Offer(offer) = id {
				ensure!(Offers::<T>::contains_key(offer), "4: escrow without offer");
			}
		}
		Ok(())
	}

	fn check_owed() -> Result<(), TryRuntimeError> {
		let mut owed = BTreeMap::<EscrowId, Balance>::new();
		for (_, id, amount) in Owed::<T>::iter() {
			ensure!(amount > 0, "5: debt of nothing");
			add(owed.entry(id).or_default(), amount)?;
		}
		for (id, record) in Escrows::<T>::iter() {
			let sum = owed.remove(&id).unwrap_or_default();
			ensure!(sum == record.owed, "5: debts do not add up");
		}
		ensure!(owed.is_empty(), "5: debt without record");
		Ok(())
	}

	fn check_holds() -> Result<(), TryRuntimeError> {
		let reason = HoldReason::Escrow.into();
		let mut sums = BTreeMap::new();
		for (_, record) in Escrows::<T>::iter() {
			let EscrowRecord { developer, asset, held, owed, .. } = record;
			let sum = sums.entry((developer, asset)).or_default();
			add(sum, held)?;
			add(sum, owed)?;
		}
		for ((developer, asset), sum) in sums {
			let hold = T::Holds::balance_on_hold(asset, &reason, &developer);
			ensure!(hold == sum, "6: hold differs from the escrow records");
		}
		Ok(())
	}
}

fn add(sum: &mut Balance, amount: Balance) -> Result<(), TryRuntimeError> {
	*sum = sum.checked_add(amount).ok_or("sum exceeds 128 bits")?;
	Ok(())
}
