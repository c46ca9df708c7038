//! Another price.

use crate::{
	calls::part_of,
	due::with_due,
	price::{Proposal, Side},
	Allocations, Config, Deals, Error, Event, Pallet, Proposals, WeightInfo,
};
use frame_support::{dispatch::DispatchResultWithPostInfo, ensure};
use marketplace_primitives::{
	Balance, DealId, DealIncome, Escrow, EscrowId, Price, ServerId, UnitLedger,
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_accept_price(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		price: Price,
		most: Balance,
	) -> DispatchResultWithPostInfo {
		let mut deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let mut allocation =
			Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let Proposal { side, price: proposed } =
			Proposals::<T>::take(id, server).ok_or(Error::<T>::NoProposal)?;
		let other = match side {
			Side::Developer => &allocation.provider,
			Side::Provider => &deal.developer,
		};
		ensure!(who == other, Error::<T>::NotCounterparty);
		ensure!(price == proposed, Error::<T>::PriceMismatch);
		Self::ensure_runs(&deal)?;
		let due = T::Units::settle(server);
		// else two accounts of one owner could have it compensated at a price that was never held in escrow
		ensure!(!Self::is_loss_open(id, server, &allocation)?, Error::<T>::LossOpen);

		// whatever can be contested no more is paid at the old price, whoever settles when
		let (served, shares) = (T::Units::served(server, id), T::Income::shares(server, id));
		Self::pay_served(part_of::<T>(id, &deal, server), &mut allocation, served, shares)?;
		let (old, servers) = (allocation.price, deal.allocations);
		let amount = Self::reprice(id, &mut deal, (server, allocation), price)?;
		if amount > 0 {
			ensure!(side == Side::Provider, Error::<T>::NotFunded);
			ensure!(amount <= most, Error::<T>::CostTooHigh);
			T::Escrow::top_up(EscrowId::Deal(id), who, amount)?;
		}
		Deals::<T>::insert(id, deal);
		Self::deposit_event(Event::PriceChanged { deal: id, server, old, price, amount });
		Ok(Some(with_due(T::WeightInfo::accept_price(servers), due)).into())
	}
}
