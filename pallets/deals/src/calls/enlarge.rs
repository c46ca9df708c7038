//! More units.

use crate::{Config, Error, Event, Pallet, WeightInfo};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure, traits::Get};
use marketplace_primitives::{math, DealId, Escrow, EscrowId};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_enlarge(
		who: &T::AccountId,
		id: DealId,
		units: u32,
	) -> DispatchResultWithPostInfo {
		let mut deal = Self::deal_of(who, id)?;
		Self::ensure_goes_on(&deal)?;
		ensure!(units > 0, Error::<T>::NoUnits);
		ensure!(!Self::is_full(id), Error::<T>::TooManyServers);
		let wanted = Self::heed_offer(id, &mut deal);
		let all = deal.units.checked_add(wanted).and_then(|all| all.checked_add(units));
		ensure!(all.is_some_and(|all| all <= T::MaxUnits::get()), Error::<T>::TooManyUnits);
		let epochs = deal.end.saturating_sub(Self::next_epoch()?);
		ensure!(epochs > 0, Error::<T>::DealEnded);
		let amount = math::cost(units, deal.max_price, epochs)?;

		let servers = deal.allocations;
		T::Escrow::top_up(EscrowId::Deal(id), who, amount)?;
		Self::deposit_event(Event::DealEnlarged { deal: id, units, amount });
		Self::seek(id, deal, units)?;
		Ok(Some(T::WeightInfo::enlarge(servers)).into())
	}
}
