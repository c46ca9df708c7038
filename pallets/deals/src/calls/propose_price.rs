//! A price that one side would agree to.

use crate::{
	price::{Proposal, Side},
	Allocations, Config, Deals, Error, Event, Pallet, Proposals,
};
use frame_support::ensure;
use marketplace_primitives::{DealId, Price, PriceLevel, ServerId};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_propose_price(
		who: &T::AccountId,
		id: DealId,
		server: ServerId,
		price: Option<Price>,
	) -> DispatchResult {
		let deal = Deals::<T>::get(id).ok_or(Error::<T>::UnknownDeal)?;
		let allocation = Allocations::<T>::get(id, server).ok_or(Error::<T>::UnknownAllocation)?;
		let side = Self::side_of(who, &deal, &allocation)?;
		Self::ensure_runs(&deal)?;
		match price {
			Some(price) => {
				ensure!(PriceLevel::of(price).is_some(), Error::<T>::InvalidPrice);
				Proposals::<T>::insert(id, server, Proposal { side, price });
			},
			None => Self::withdraw_proposal(id, server, side)?,
		}
		Self::deposit_event(Event::PriceProposed { deal: id, server, side, price });
		Ok(())
	}

	fn withdraw_proposal(id: DealId, server: ServerId, side: Side) -> Result<(), Error<T>> {
		let proposal = Proposals::<T>::take(id, server).ok_or(Error::<T>::NoProposal)?;
		ensure!(proposal.side == side, Error::<T>::NoProposal);
		Ok(())
	}
}
