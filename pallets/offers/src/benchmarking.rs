//! Benchmarks of the calls, each at its dearest: longest lists, an asset that is not native, an offer
//! that is in the book.

use crate::{
	pallet::{Call, Escrows, OfferOf, Offers, Owed},
	Config, Offer, Pallet,
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, traits::Get, BoundedVec};
use frame_system::RawOrigin;
use marketplace_primitives::{
	AccessList, Attributes, Balance, Cid, Epoch, EpochClock, EscrowId, OfferId, PaymentAsset,
	Placement, Price, UnitsWanted,
};

/// What the benchmarks need of the runtime.
pub trait BenchmarkHelper<AccountId> {
	/// Gives `who` at least `amount`, free to be held, of the admitted payment asset that is the
	/// dearest to move, and says which.
	fn fund(who: &AccountId, amount: Balance) -> PaymentAsset;
}

const PRICE: Price = 1_000_000;
const UNITS: u32 = 10;
const TERM: Epoch = 2;

fn full_placement<T: Config>() -> Placement<T::AccountId> {
	let listed: Vec<T::AccountId> = (0..32).map(|index| account("listed", index, 0)).collect();
	Placement {
		max_per_provider: Some(u32::MAX),
		providers: AccessList::Allow(BoundedVec::truncate_from(listed)),
	}
}

fn offer_of<T: Config>(
	developer: &T::AccountId,
	target: u32,
	max_price: Price,
	term: Epoch,
) -> OfferOf<T> {
	let cost = max_price.saturating_mul(Balance::from(target)).saturating_mul(Balance::from(term));
	// Twice, so that the price can be doubled.
	let asset = T::BenchmarkHelper::fund(developer, cost.saturating_mul(2));
	Offer {
		developer: developer.clone(),
		app_cid: Cid::truncate_from(vec![7; 64]),
		plan_hash: [7; 32],
		asset,
		max_price,
		units: UnitsWanted { min: 1, target },
		filled: 0,
		term,
		placement: Placement::default(),
		attributes: Attributes::NONE,
		expiry: T::Clock::current().saturating_add(T::MaxLifetime::get()),
		deal: None,
	}
}

/// An offer that anyone may serve and that the book does not know.
pub(crate) fn unlisted_offer<T: Config>(
	developer: &T::AccountId,
	target: u32,
	max_price: Price,
	term: Epoch,
) -> OfferId {
	Pallet::<T>::store_offer(offer_of::<T>(developer, target, max_price, term))
		.expect("the developer is funded")
}

/// An offer of the longest lists that is in the book.
fn listed_offer<T: Config>(developer: &T::AccountId) -> (OfferId, OfferOf<T>) {
	let id = crate::NextOffer::<T>::get();
	let mut offer = offer_of::<T>(developer, UNITS, PRICE, TERM);
	offer.placement = full_placement::<T>();
	assert_ok!(Pallet::<T>::do_post_offer(offer.clone()));
	(id, offer)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn post_offer() {
		let developer: T::AccountId = whitelisted_caller();
		let offer = offer_of::<T>(&developer, UNITS, PRICE, TERM);
		let id = crate::NextOffer::<T>::get();

		#[extrinsic_call]
		_(
			RawOrigin::Signed(developer),
			offer.app_cid,
			offer.asset,
			offer.max_price,
			offer.units,
			offer.term,
			full_placement::<T>(),
			offer.attributes,
			offer.expiry,
			offer.plan_hash,
		);

		assert!(Offers::<T>::contains_key(id));
	}

	#[benchmark]
	fn cancel_offer() {
		let developer: T::AccountId = whitelisted_caller();
		let (id, _) = listed_offer::<T>(&developer);

		#[extrinsic_call]
		_(RawOrigin::Signed(developer), id);

		assert!(!Offers::<T>::contains_key(id));
		assert!(!Escrows::<T>::contains_key(EscrowId::Offer(id)));
	}

	#[benchmark]
	fn raise_price() {
		let developer: T::AccountId = whitelisted_caller();
		let (id, _) = listed_offer::<T>(&developer);

		#[extrinsic_call]
		_(RawOrigin::Signed(developer), id, PRICE * 2);

		assert!(Offers::<T>::get(id).is_some_and(|offer| offer.max_price == PRICE * 2));
	}

	#[benchmark]
	fn claim_payout() {
		let developer: T::AccountId = whitelisted_caller();
		let payee: T::AccountId = account("payee", 0, 0);
		T::BenchmarkHelper::fund(&payee, 1);
		let (id, _) = listed_offer::<T>(&developer);
		let escrow = EscrowId::Offer(id);
		let amount = Pallet::<T>::remove_for_claim(id, &payee);

		#[extrinsic_call]
		_(RawOrigin::Signed(account("anyone", 0, 0)), escrow, payee.clone());

		assert!(amount > 0);
		assert!(!Owed::<T>::contains_key(&payee, escrow));
		assert!(!Escrows::<T>::contains_key(escrow));
	}

	#[benchmark]
	fn expire_offer() {
		let developer: T::AccountId = whitelisted_caller();
		let (id, offer) = listed_offer::<T>(&developer);
		T::Clock::benchmark_set(offer.expiry.saturating_add(1));

		#[extrinsic_call]
		_(RawOrigin::Signed(account("anyone", 0, 0)), id);

		assert!(!Offers::<T>::contains_key(id));
		assert!(!Escrows::<T>::contains_key(EscrowId::Offer(id)));
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}

impl<T: Config> Pallet<T> {
	/// Leaves the offer's escrow closed, with all of it owed to `payee`.
	fn remove_for_claim(id: OfferId, payee: &T::AccountId) -> Balance {
		Offers::<T>::remove(id);
		let escrow = EscrowId::Offer(id);
		Escrows::<T>::mutate(escrow, |slot| {
			let Some(record) = slot else { return 0 };
			record.owed = core::mem::take(&mut record.held);
			record.closed = true;
			Owed::<T>::insert(payee, escrow, record.owed);
			record.owed
		})
	}
}
