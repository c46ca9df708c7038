//! What the calls and the steps of the hook cost, on the real neighbours.

use super::*;
use crate::{calls::Step, Deals as DealRecords};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{EnsureOrigin, Get},
	weights::WeightMeter,
};
use frame_system::RawOrigin;
use marketplace_primitives::{
	api::Renewal, Balance, Compensation, DealId, DealIncome, Deals as _, Epoch, EpochClock, Fill,
	OfferBook, OfferId, Price, Registry, ServerId, UnitIndex, UnitLedger, Units, MAX_UNITS,
};

/// Enough that a payout creates an account in any asset.
const PRICE: Price = 1_000_000_000_000_000_000;

/// Epochs of a benchmarked deal: one for each of 64 servers to serve in, and some more.
const TERM: u32 = 70;

type FillOf<T> = Fill<<T as frame_system::Config>::AccountId>;

/// An offer for all units of `n` servers of different providers, and the fills that match it.
fn prepare<T: Config>(n: u32) -> (OfferId, Vec<FillOf<T>>) {
	prepare_with::<T>(n, PRICE, TERM)
}

fn prepare_with<T: Config>(n: u32, max_price: Price, term: Epoch) -> (OfferId, Vec<FillOf<T>>) {
	let units = n.saturating_mul(MAX_UNITS.into());
	let offer = T::Offers::benchmark_offer(&developer::<T>(), units, max_price, term);
	let fills = (0..n)
		.map(|index| {
			let provider: T::AccountId = account("provider", index, 0);
			let (server, ask) = T::Registry::benchmark_server(&provider, PRICE);
			T::Units::benchmark_prove(server);
			let site = T::Registry::server(server).expect("it was registered");
			Fill {
				ask,
				server,
				provider,
				data_center: site.data_center,
				country: site.location.country,
				units: Units::first(MAX_UNITS),
				price: PRICE,
				max_term: Epoch::MAX,
			}
		})
		.collect();
	(offer, fills)
}

fn developer<T: Config>() -> T::AccountId {
	account("developer", 0, 0)
}

/// A deal of `n` servers without workers, two units of which leave, with an offer in the book that seeks one at
/// twice the price; what is left of the surplus is in escrow.
fn seeking<T: Config>(n: u32, term: Epoch) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (offer, fills) = prepare_with::<T>(n, PRICE.saturating_mul(2), term);
	let deal = match_all::<T>(offer, &fills)?;
	let (who, server) = (RawOrigin::Signed(developer::<T>()), fills[0].server);
	assert_ok!(Pallet::<T>::release_units(who.into(), deal, server, Units::first(2)));
	let record = record::<T>(deal)?;
	assert_ok!(Pallet::<T>::seek(deal, record, 1));
	assert_eq!(wanted::<T>(deal)?, 1);
	Ok((deal, fills))
}

/// The same, with the offer at the price of the asks, and the surplus in the developer's hands.
fn changeable<T: Config>(n: u32, term: Epoch) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (deal, fills) = seeking::<T>(n, term)?;
	let who = RawOrigin::Signed(developer::<T>());
	assert_ok!(Pallet::<T>::withdraw_surplus(who.into(), deal, PRICE));
	assert_eq!(wanted::<T>(deal)?, 1);
	Ok((deal, fills))
}

fn record<T: Config>(deal: DealId) -> Result<DealOf<T>, BenchmarkError> {
	DealRecords::<T>::get(deal).ok_or(BenchmarkError::Stop("no deal"))
}

/// Units that the open offer of a deal wants.
fn wanted<T: Config>(deal: DealId) -> Result<u32, BenchmarkError> {
	Ok(Pallet::<T>::open_offer(deal, &record::<T>(deal)?).0)
}

fn match_all<T: Config>(offer: OfferId, fills: &[FillOf<T>]) -> Result<DealId, BenchmarkError> {
	let terms = T::Offers::terms(offer).ok_or(BenchmarkError::Stop("no offer"))?;
	Pallet::<T>::fill(offer, &terms, fills).map_err(Into::into)
}

/// A deal of `n` servers with all workers set, and with as many parts of others in it as there may be, the
/// protocol's too.
fn open<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (offer, fills) = prepare_with::<T>(n, PRICE.saturating_mul(2), TERM);
	let deal = match_all::<T>(offer, &fills)?;
	ProtocolFee::<T>::put(T::MaxProtocolFee::get());
	for fill in &fills {
		let origin = RawOrigin::Signed(fill.provider.clone());
		let list = workers(MAX_UNITS.into(), 1);
		assert_ok!(Pallet::<T>::set_workers(origin.into(), deal, fill.server, list));
		assert_eq!(T::Income::shares(fill.server, deal).len(), 4);
	}
	Ok((deal, fills))
}

/// A deal of `n` servers that ended, each of which served an epoch that nobody settled, and failed. An offer
/// seeks a unit for it in vain.
fn ended<T: Config>(n: u32) -> Result<(DealId, Vec<FillOf<T>>), BenchmarkError> {
	let (deal, fills) = open::<T>(n)?;
	let running = record::<T>(deal)?;
	assert_ok!(Pallet::<T>::seek(deal, running, 1));
	for fill in &fills {
		T::Units::benchmark_serve(fill.server, deal, 1);
		T::Compensation::benchmark_fail(fill.server, deal);
	}
	let end = record::<T>(deal)?.end;
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
		let record = record::<T>(deal)?;
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
	fn extend_deal(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, fills) = changeable::<T>(n, TERM)?;
		let end = record::<T>(deal)?.end.saturating_add(1);
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, 1, Balance::MAX);
		assert_eq!(record::<T>(deal)?.end, end);
		let until = |server| Allocations::<T>::get(deal, server).map(|part| part.until);
		assert!(fills.iter().all(|of_server| until(of_server.server) == Some(end)));
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn withdraw_surplus(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, _) = seeking::<T>(n, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, PRICE);
		assert_eq!(record::<T>(deal)?.max_price, PRICE);
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn terminate(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, _) = changeable::<T>(n, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal);
		assert!(record::<T>(deal)?.terminated);
		assert_eq!(wanted::<T>(deal)?, 0);
		Ok(())
	}

	#[benchmark]
	fn release_units() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(T::MaxServers::get().min(64))?;
		let server = fills[0].server;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, server, Units::first(32));
		assert_eq!(Allocations::<T>::get(deal, server).map(|part| part.units.count()), Some(32));
		Ok(())
	}

	#[benchmark]
	fn enlarge(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, _) = changeable::<T>(n, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, 1);
		assert_eq!(wanted::<T>(deal)?, 2);
		Ok(())
	}

	#[benchmark]
	fn replace(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, fills) = changeable::<T>(n, TERM)?;
		let server = fills[0].server;
		let start = record::<T>(deal)?.start;
		T::Clock::benchmark_set(start.saturating_add(T::AcceptanceEpochs::get()));
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, server);
		assert_eq!(Allocations::<T>::get(deal, server).map(|part| part.units), Some(Units::NONE));
		assert_eq!(wanted::<T>(deal)?, 63);
		Ok(())
	}

	#[benchmark]
	fn set_renewal() -> Result<(), BenchmarkError> {
		let (deal, _) = open::<T>(1)?;
		let renewal = Renewal { epochs: 1, allowance: Balance::MAX };
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, Some(renewal));
		assert_eq!(Renewals::<T>::get(deal), Some(renewal));
		Ok(())
	}

	#[benchmark]
	fn renew(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		// so short a deal that it may be renewed at once
		let (deal, _) = changeable::<T>(n, T::AcceptanceEpochs::get().saturating_add(1))?;
		let renewal = Some(Renewal { epochs: 1, allowance: Balance::MAX });
		let who = RawOrigin::Signed(developer::<T>());
		assert_ok!(Pallet::<T>::set_renewal(who.clone().into(), deal, renewal));
		let end = record::<T>(deal)?.end.saturating_add(1);
		#[extrinsic_call]
		_(who, deal);
		assert_eq!(record::<T>(deal)?.end, end);
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn set_protocol_fee() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		let fee = T::MaxProtocolFee::get();
		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, fee);
		assert_eq!(ProtocolFee::<T>::get(), fee);
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
		let record = record::<T>(deal)?;
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
		let ended = record::<T>(deal)?;
		Pallet::<T>::close_by_steps(deal, ended, |step| step == Step::Allocation);
		let record = record::<T>(deal)?;
		#[block]
		{
			Pallet::<T>::close_by_steps(deal, record, |_| true);
		}
		assert!(!DealRecords::<T>::contains_key(deal));
		Ok(())
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
