//! What the calls and the steps of the hook cost, on the real neighbours.

use super::*;
use crate::{calls::Step, Deals as DealRecords};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{assert_ok, weights::WeightMeter};
use frame_system::RawOrigin;
use marketplace_primitives::{
	Compensation, DealId, DealIncome, Deals as _, EpochClock, Fill, OfferBook, OfferId, Price,
	Registry, ServerId, UnitIndex, UnitLedger, Units, MAX_UNITS,
};

/// Enough that a payout creates an account in any asset.
const PRICE: Price = 1_000_000_000_000_000_000;

/// Epochs of a benchmarked deal: one for each of 64 servers to serve in, and some more.
const TERM: u32 = 70;

type FillOf<T> = Fill<<T as frame_system::Config>::AccountId>;

/// An offer for all units of `n` servers of different providers, and the fills that match it.
fn prepare<T: Config>(n: u32) -> (OfferId, Vec<FillOf<T>>) {
	let developer: T::AccountId = account("developer", 0, 0);
	let units = n.saturating_mul(MAX_UNITS.into());
	let offer = T::Offers::benchmark_offer(&developer, units, PRICE, TERM);
	let fills = (0..n)
		.map(|index| {
			let provider: T::AccountId = account("provider", index, 0);
			let (server, ask) = T::Registry::benchmark_server(&provider, PRICE);
			T::Units::benchmark_prove(server);
			Fill { ask, server, provider, units: Units::first(MAX_UNITS), price: PRICE }
		})
		.collect();
	(offer, fills)
}

fn match_all<T: Config>(offer: OfferId, fills: &[FillOf<T>]) -> Result<DealId, BenchmarkError> {
	let terms = T::Offers::terms(offer).ok_or(BenchmarkError::Stop("no offer"))?;
	Pallet::<T>::fill(offer, &terms, fills).map_err(Into::into)
}

/// A deal of `n` servers with all workers set, and with as many parts of others in it as there may be.
fn open<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (offer, fills) = prepare::<T>(n);
	let deal = match_all::<T>(offer, &fills)?;
	for fill in &fills {
		let origin = RawOrigin::Signed(fill.provider.clone());
		let list = workers(MAX_UNITS.into(), 1);
		assert_ok!(Pallet::<T>::set_workers(origin.into(), deal, fill.server, list));
		assert_eq!(T::Income::shares(fill.server, deal).len(), 4);
	}
	Ok((deal, fills))
}

/// A deal of `n` servers that ended, each of which served an epoch that nobody settled, and failed.
fn ended<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (deal, fills) = open::<T>(n)?;
	for fill in &fills {
		T::Units::benchmark_serve(fill.server, deal, 1);
		T::Compensation::benchmark_fail(fill.server, deal);
	}
	let end = DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))?.end;
	T::Clock::benchmark_set(end.saturating_add(2));
	assert!(fills.iter().all(|fill| T::Compensation::lost(fill.server, deal) > 0));
	Ok((deal, fills))
}

fn workers(w: u32, salt: u8) -> WorkersOf {
	let units = (0..MAX_UNITS).take(usize::try_from(w).unwrap_or(usize::MAX));
	let list = units.map(|unit: UnitIndex| (unit, [unit.wrapping_add(salt); 32]));
	WorkersOf::truncate_from(list.collect())
}

fn paid<T: Config>(deal: DealId, server: ServerId) -> u128 {
	Allocations::<T>::get(deal, server).map_or(0, |allocation| allocation.paid)
}

#[benchmarks]
mod benchmarks {
	use super::*;

	#[benchmark]
	fn set_workers(w: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (offer, fills) = prepare::<T>(1);
		let deal = match_all::<T>(offer, &fills)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server, workers(w, 1));
		assert_eq!(Workers::<T>::get(deal, server), workers(w, 1));
		Ok(())
	}

	#[benchmark]
	fn settle() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		T::Units::benchmark_serve(server, deal, 2);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server);
		assert_eq!(paid::<T>(deal, server), 2 * 64 * PRICE);
		Ok(())
	}

	#[benchmark]
	fn settle_nothing() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		#[extrinsic_call]
		settle(RawOrigin::Signed(who), deal, server);
		assert_eq!(paid::<T>(deal, server), 0);
		Ok(())
	}

	#[benchmark]
	fn compensate() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		T::Compensation::benchmark_fail(server, deal);
		assert!(T::Compensation::lost(server, deal) > 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server);
		assert_eq!(T::Compensation::lost(server, deal), 0);
		Ok(())
	}

	#[benchmark]
	fn close_deal(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, _) = ended::<T>(n)?;
		let record = DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))?;
		#[block]
		{
			// the call without its limit, which may be lower
			assert!(Pallet::<T>::is_over(record.end));
			Pallet::<T>::close_by_steps(deal, record, |_| true);
		}
		assert!(!DealRecords::<T>::contains_key(deal));
		Ok(())
	}

	#[benchmark]
	fn fill(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (offer, fills) = prepare::<T>(n);
		let terms = T::Offers::terms(offer).ok_or(BenchmarkError::Stop("no offer"))?;
		let deal;
		#[block]
		{
			deal = Pallet::<T>::fill(offer, &terms, &fills)?;
		}
		assert_eq!(DealRecords::<T>::get(deal).map(|deal| deal.allocations), Some(n));
		Ok(())
	}

	#[benchmark]
	fn visit_wheel() -> Result<(), BenchmarkError> {
		open::<T>(1)?;
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::close_ended(&mut meter);
		}
		assert_eq!(meter.consumed(), T::WeightInfo::visit_wheel());
		Ok(())
	}

	#[benchmark]
	fn visit_deal() -> Result<(), BenchmarkError> {
		let (deal, _) = ended::<T>(1)?;
		#[block]
		{
			let next = Ending::<T>::iter_keys().next();
			assert_eq!(next.map(|(_, id)| id), Some(deal));
			if let Some(record) = DealRecords::<T>::get(deal) {
				Pallet::<T>::close_by_steps(deal, record, |_| false);
			}
		}
		assert!(DealRecords::<T>::contains_key(deal));
		Ok(())
	}

	#[benchmark]
	fn close_allocation() -> Result<(), BenchmarkError> {
		let (deal, fills) = ended::<T>(1)?;
		let record = DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))?;
		#[block]
		{
			Pallet::<T>::close_by_steps(deal, record, |step| step == Step::Allocation);
		}
		assert!(!Allocations::<T>::contains_key(deal, fills[0].server));
		Ok(())
	}

	#[benchmark]
	fn finish_deal() -> Result<(), BenchmarkError> {
		let (deal, _) = ended::<T>(1)?;
		let record = DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))?;
		Pallet::<T>::close_by_steps(deal, record, |step| step == Step::Allocation);
		let record = DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))?;
		#[block]
		{
			Pallet::<T>::close_by_steps(deal, record, |_| true);
		}
		assert!(!DealRecords::<T>::contains_key(deal));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
