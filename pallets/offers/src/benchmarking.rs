//! Benchmarks of the calls, each at its dearest: longest lists, an asset that is not native, an offer
//! that is in the book.

use crate::{
	pallet::{Call, Escrows, Offers, Owed},
	Config, EscrowRecord, Offer, Pallet,
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, traits::Get, BoundedVec};
use frame_system::RawOrigin;
use marketplace_primitives::{
	traits::DealOrigin, AccessList, Attributes, Balance, BidTerms, Cid, City, DealId, Epoch,
	EpochClock, Escrow, EscrowId, Location, OfferBook, OfferId, OrderBook, PaymentAsset, Placement,
	Price, Registry, Sites, UnitsWanted, MAX_HARDWARE_CLASSES,
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

/// The most providers that an offer names.
const LISTED: u32 = 32;

/// A placement that lets in so many providers, or any where that is none, with every other constraint set.
fn full_placement<T: Config>(listed: u32) -> Placement<T::AccountId> {
	let providers = match listed {
		0 => AccessList::Any,
		_ => {
			let listed = (0..listed).map(|index| {
				let provider = account("listed", index, 0);
				T::Registry::benchmark_server(&provider, PRICE);
				provider
			});
			AccessList::Allow(BoundedVec::truncate_from(listed.collect()))
		},
	};
	let class = (0..MAX_HARDWARE_CLASSES).find(|class| T::Registry::is_hardware_class(*class));
	Placement {
		max_per_provider: Some(u32::MAX),
		max_per_data_center: Some(u32::MAX),
		max_per_server: Some(u32::MAX),
		min_providers: 1,
		min_data_centers: 3,
		min_countries: 2,
		providers,
		sites: full_sites(),
		hardware: class,
		attested: known::<T>(),
	}
}

/// The longest lists of countries and cities.
fn full_sites() -> Sites {
	let countries = (b'A'..=b'P').map(|letter| [b'A', letter]).collect::<Vec<_>>();
	let cities = countries
		.iter()
		.take(8)
		.map(|country| Location { country: *country, city: City::truncate_from(vec![b'x'; 32]) });
	let cities = BoundedVec::truncate_from(cities.collect());
	Sites { cities, countries: BoundedVec::truncate_from(countries), min_tier: 4 }
}

/// All attributes that have a name.
fn known<T: Config>() -> Attributes {
	(0..=u8::MAX)
		.map(|id| Attributes::of(&[id]))
		.filter(T::Registry::are_attributes_known)
		.fold(Attributes::NONE, |all, one| all.or(&one))
}

fn terms_of<T: Config>(
	developer: &T::AccountId,
	target: u32,
	max_price: Price,
	term: Epoch,
) -> BidTerms<T::AccountId> {
	let cost = max_price.saturating_mul(Balance::from(target)).saturating_mul(Balance::from(term));
	// Twice, so that the price can be doubled.
	let asset = T::BenchmarkHelper::fund(developer, cost.saturating_mul(2));
	BidTerms {
		developer: developer.clone(),
		asset,
		max_price,
		units: UnitsWanted { min: 1, target },
		filled: 0,
		term,
		placement: Placement::default(),
		attributes: Attributes::NONE,
		expiry: T::Clock::current().saturating_add(T::MaxLifetime::get()),
		deal: None,
		tariff: Some(1),
	}
}

fn origin() -> DealOrigin {
	DealOrigin { app_cid: Cid::truncate_from(vec![7; 64]), plan_hash: [7; 32] }
}

/// An offer that almost anyone may serve and that the book does not know.
pub(crate) fn unlisted_offer<T: Config>(
	developer: &T::AccountId,
	target: u32,
	max_price: Price,
	term: Epoch,
) -> OfferId {
	let denied = (0..32).map(|index| account("denied", index, 0)).collect();
	let providers = AccessList::Deny(BoundedVec::truncate_from(denied));
	let placement = Placement { providers, ..Default::default() };
	let terms = BidTerms { placement, ..terms_of::<T>(developer, target, max_price, term) };
	Pallet::<T>::store_offer(Offer::new(terms, origin())).expect("the developer is funded")
}

/// Terms of the longest lists, naming so many providers.
fn full_terms<T: Config>(developer: &T::AccountId, listed: u32) -> BidTerms<T::AccountId> {
	let placement = full_placement::<T>(listed);
	let terms = terms_of::<T>(developer, UNITS, PRICE, TERM);
	BidTerms { placement, attributes: known::<T>(), ..terms }
}

/// An offer of the longest lists that is in the book.
fn listed_offer<T: Config>(developer: &T::AccountId) -> OfferId {
	let id = crate::NextOffer::<T>::get();
	assert_ok!(Pallet::<T>::do_post_offer(full_terms::<T>(developer, LISTED), origin()));
	T::Book::benchmark_bid(id);
	id
}

/// The terms of what a deal seeks, of the longest lists, where the deal holds the money for it.
fn lacking<T: Config>(developer: &T::AccountId) -> BidTerms<T::AccountId> {
	let deal = DealId(u64::MAX);
	let terms = BidTerms { deal: Some(deal), ..full_terms::<T>(developer, LISTED) };
	let record = EscrowRecord::new(developer.clone(), terms.asset.clone());
	let amount = PRICE * Balance::from(UNITS) * Balance::from(TERM);
	assert_ok!(Pallet::<T>::deposit(EscrowId::Deal(deal), record, developer, amount));
	terms
}

#[benchmarks]
mod benchmarks {
	use super::*;

	// The part before the book, which says itself what its own costs.
	#[benchmark]
	fn post_offer(p: Linear<0, LISTED>) {
		let developer: T::AccountId = whitelisted_caller();
		let terms = full_terms::<T>(&developer, p);
		let id = crate::NextOffer::<T>::get();
		let opened;

		#[block]
		{
			opened = Pallet::<T>::open_offer(terms, origin());
		}

		assert_eq!(opened, Ok(id));
		assert!(Offers::<T>::contains_key(id));
	}

	#[benchmark]
	fn cancel_offer() {
		let developer: T::AccountId = whitelisted_caller();
		let id = listed_offer::<T>(&developer);

		#[extrinsic_call]
		_(RawOrigin::Signed(developer), id);

		assert!(!Offers::<T>::contains_key(id));
		assert!(!Escrows::<T>::contains_key(EscrowId::Offer(id)));
	}

	#[benchmark]
	fn raise_price() {
		let developer: T::AccountId = whitelisted_caller();
		let id = listed_offer::<T>(&developer);

		#[extrinsic_call]
		_(RawOrigin::Signed(developer), id, PRICE * 2);

		assert!(Offers::<T>::get(id).is_some_and(|offer| offer.max_price == PRICE * 2));
	}

	#[benchmark]
	fn claim_payout() {
		let developer: T::AccountId = whitelisted_caller();
		let payee: T::AccountId = account("payee", 0, 0);
		T::BenchmarkHelper::fund(&payee, 1);
		let id = listed_offer::<T>(&developer);
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
		let id = listed_offer::<T>(&developer);
		let expiry = T::Clock::current().saturating_add(T::MaxLifetime::get());
		T::Clock::benchmark_set(expiry.saturating_add(1));

		#[extrinsic_call]
		_(RawOrigin::Signed(account("anyone", 0, 0)), id);

		assert!(!Offers::<T>::contains_key(id));
		assert!(!Escrows::<T>::contains_key(EscrowId::Offer(id)));
	}

	#[benchmark]
	fn seek() {
		let developer: T::AccountId = whitelisted_caller();
		let terms = lacking::<T>(&developer);
		let sought;

		#[block]
		{
			sought = Pallet::<T>::seek(terms, origin());
		}

		assert!(sought.is_ok_and(Offers::<T>::contains_key));
	}

	#[benchmark]
	fn recall() {
		let developer: T::AccountId = whitelisted_caller();
		let terms = lacking::<T>(&developer);
		let deal = terms.deal.expect("some deal lacks units");
		let id = Pallet::<T>::seek(terms, origin()).expect("the deal holds the money");
		T::Book::benchmark_bid(id);
		let units;

		#[block]
		{
			units = Pallet::<T>::recall(id, deal);
		}

		assert_eq!(units, Ok(UNITS));
		assert!(!Offers::<T>::contains_key(id));
	}

	#[benchmark]
	fn top_up() {
		let developer: T::AccountId = whitelisted_caller();
		let payer: T::AccountId = account("payer", 0, 0);
		let id = listed_offer::<T>(&developer);
		T::BenchmarkHelper::fund(&payer, PRICE);
		let escrow = EscrowId::Offer(id);
		let before = Pallet::<T>::held(escrow);

		#[block]
		{
			assert_ok!(Pallet::<T>::top_up(escrow, &payer, PRICE));
		}

		assert_eq!(Pallet::<T>::held(escrow), before + PRICE);
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
