//! What the calls and the steps of the hook cost, on the real neighbours, where nothing is due of servers.

use super::*;
use crate::{calls::Step, Deals as DealRecords};
use alloc::vec::Vec;
use codec::Decode;
use frame_benchmarking::v2::*;
use frame_support::{
	assert_ok,
	traits::{EnsureOrigin, Get},
	weights::WeightMeter,
	BoundedVec,
};
use frame_system::RawOrigin;
use marketplace_primitives::{
	api::{Application, Renewal},
	types::units_of,
	Balance, Cid, Compensation, DealId, DealIncome, DealWatch, Deals as _, Epoch, EpochClock,
	Escrow, EscrowId, Fill, GatewayKey, GatewaySignature, OfferBook, OfferId, Price, Registry,
	ServerId, UnitIndex, UnitLedger, Units, Voucher, CONTEST_EPOCHS, MAX_UNITS,
};
use sp_runtime::{traits::Convert, DispatchError, Percent};

mod setup;

use setup::*;

#[benchmarks]
mod benchmarks {
	use super::*;

	// All units of an idle server: the number of workers costs more than a large record of the server.
	#[benchmark]
	fn set_workers(w: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (offer, fills) = prepare::<T>(1, Servers::Idle);
		let deal = match_all::<T>(offer, &fills)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server, workers(w, 1));
		assert_eq!(Workers::<T>::get(deal, server), workers(w, 1));
		Ok(())
	}

	// Here and wherever a server is paid those of an idle one: the parts of four commitments cost more than a large record
	// of the server.
	#[benchmark]
	fn settle(s: Linear<0, 4>) -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let server = fills[0].server;
		T::Units::benchmark_serve(server, deal, 2);
		#[block]
		{
			// the call, as if so many of the commitments had parts
			let settled = Pallet::<T>::settle_by(deal, server, || shares::<T>(deal, server, s));
			assert_ok!(settled.map_err(|error| error.error));
		}
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
		let (deal, fills) = crowded::<T>(1)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		T::Compensation::benchmark_fail(server, deal);
		assert!(T::Compensation::lost(server, deal) > 0);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server);
		assert_eq!(T::Compensation::lost(server, deal), 0);
		Ok(())
	}

	// Here and wherever an offer is open a server less than a deal may have: a full one seeks none.
	#[benchmark]
	fn close_deal(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, _) = ended::<T>(n)?;
		let record = record::<T>(deal)?;
		#[block]
		{
			// the call without its limit, which may be lower
			assert!(Pallet::<T>::is_over(record.end));
			Pallet::<T>::close_by_steps(deal, record, begin::<T>);
		}
		assert!(!DealRecords::<T>::contains_key(deal));
		Ok(())
	}

	#[benchmark]
	fn extend_deal(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, fills) = seeking::<T>(n, Servers::Crowded, TERM)?;
		let end = record::<T>(deal)?.end.saturating_add(1);
		let cost = Pallet::<T>::extension_cost(deal, &record::<T>(deal)?, 1)?;
		let who = RawOrigin::Signed(payer::<T>(deal, cost.saturating_mul(2)));
		#[extrinsic_call]
		_(who, deal, 1, Balance::MAX);
		assert_eq!(record::<T>(deal)?.end, end);
		let until = |server| Allocations::<T>::get(deal, server).map(|part| part.until);
		assert!(fills.iter().all(|of_server| until(of_server.server) == Some(end)));
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn withdraw_surplus(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, _) = seeking::<T>(n, Servers::Idle, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, PRICE);
		assert_eq!(record::<T>(deal)?.max_price, PRICE);
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn terminate(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, _) = changeable::<T>(n, Servers::Crowded, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal);
		assert!(record::<T>(deal)?.terminated);
		assert_eq!(wanted::<T>(deal)?, 0);
		Ok(())
	}

	#[benchmark]
	fn release_units() -> Result<(), BenchmarkError> {
		let (deal, fills) = crowded::<T>(T::MaxServers::get().min(64))?;
		let server = fills[0].server;
		T::Clock::benchmark_set(record::<T>(deal)?.start.saturating_add(CONTEST_EPOCHS));
		all_settled::<T>(deal);
		left_long_ago::<T>(deal, server);
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, server, fills[0].units);
		assert_eq!(Allocations::<T>::get(deal, server).map(|part| part.units), Some(Units::NONE));
		Ok(())
	}

	#[benchmark]
	fn enlarge(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, _) = changeable::<T>(n, Servers::Idle, TERM)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, 1);
		assert_eq!(wanted::<T>(deal)?, 2);
		Ok(())
	}

	// Here and in contests all units of an idle server: workers and commitments of all of them cost more than a large
	// record of the server.
	#[benchmark]
	fn replace(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, fills) = changeable::<T>(n, Servers::Idle, TERM)?;
		let server = fills[0].server;
		let start = record::<T>(deal)?.start;
		T::Clock::benchmark_set(start.saturating_add(T::AcceptanceEpochs::get()));
		// so that the provider has own stake to be fined
		T::Compensation::benchmark_fail(server, deal);
		all_settled::<T>(deal);
		left_long_ago::<T>(deal, server);
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
	fn renew(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		// so short a deal that it may be renewed at once
		let term = T::AcceptanceEpochs::get().saturating_add(1);
		let (deal, _) = changeable::<T>(n, Servers::Crowded, term)?;
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
	fn set_gateway() -> Result<(), BenchmarkError> {
		let (deal, _) = open::<T>(1)?;
		let key = Some(gateway());
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, key);
		assert_eq!(Requests::<T>::get(deal).version, 2);
		Ok(())
	}

	#[benchmark]
	fn fund_requests() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let server = fills[0].server;
		reclaimed::<T>(deal, server);
		let who = RawOrigin::Signed(payer::<T>(deal, 4 * PRICE));
		#[extrinsic_call]
		_(who, deal, server, 2 * PRICE);
		assert_eq!(Requests::<T>::get(deal).unspent, 2 * PRICE);
		Ok(())
	}

	#[benchmark]
	fn redeem(s: Linear<0, 4>) -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let server = fills[0].server;
		let voucher = Voucher { version: 1, amount: 2 * PRICE, expiry: Epoch::MAX };
		let signature = wrong_signature();
		#[block]
		{
			// a runtime cannot sign: a wrong signature is checked to the end, as a right one is
			let check = Pallet::<T>::check_signature(deal, server, &voucher, &signature);
			let wrong = DispatchError::from(Error::<T>::BadSignature);
			assert_eq!(check.map_err(DispatchError::from), Err::<(), _>(wrong));
			Pallet::<T>::pay_voucher(deal, server, voucher, shares::<T>(deal, server, s))?;
		}
		assert_eq!(Budgets::<T>::get(deal, server).map(|budget| budget.redeemed), Some(PRICE));
		Ok(())
	}

	#[benchmark]
	fn reclaim_requests() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let server = fills[0].server;
		reclaimed::<T>(deal, server);
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, server);
		assert_eq!(Requests::<T>::get(deal).unspent, 0);
		Ok(())
	}

	#[benchmark]
	fn set_subnet() -> Result<(), BenchmarkError> {
		let (deal, _) = open::<T>(1)?;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, largest_subnet());
		assert_eq!(Subnets::<T>::get(deal).version, 2);
		Ok(())
	}

	#[benchmark]
	fn set_addresses() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server, most_addresses());
		assert_eq!(Addresses::<T>::get(deal, server).len(), 4);
		Ok(())
	}

	#[benchmark]
	fn stage_application(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, fills) = changeable::<T>(n, Servers::Idle, TERM)?;
		staged::<T>(deal, 1);
		nearly_acknowledged::<T>(deal, &fills);
		let Application { app_cid, plan_hash } = application(2);
		let who = RawOrigin::Signed(developer::<T>());
		#[extrinsic_call]
		_(who, deal, app_cid, plan_hash, Percent::from_percent(1));
		assert_eq!(Rollouts::<T>::get(deal).map(|rollout| rollout.version), Some(2));
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn acknowledge(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (offer, fills) = prepare::<T>(T::MaxServers::get().min(64).max(n), Servers::Idle);
		let deal = match_all::<T>(offer, &fills)?;
		staged::<T>(deal, 100);
		let looked_at = usize::try_from(n).unwrap_or(usize::MAX);
		nearly_acknowledged::<T>(deal, &fills[..looked_at]);
		Rollouts::<T>::mutate(deal, |rollout| {
			let all = rollout.iter_mut().flat_map(|rollout| rollout.servers.iter_mut());
			all.take(1).for_each(|of| of.acknowledged = Units::NONE);
		});
		T::Clock::benchmark_set(record::<T>(deal)?.start);
		let (who, server) = (fills[0].provider.clone(), fills[0].server);
		#[extrinsic_call]
		_(RawOrigin::Signed(who), deal, server, 1);
		assert!(!Rollouts::<T>::contains_key(deal));
		Ok(())
	}

	#[benchmark]
	fn roll_back(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, _) = changeable::<T>(n, Servers::Idle, TERM)?;
		staged::<T>(deal, 1);
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal);
		assert_eq!(record::<T>(deal)?.app_version, 2);
		assert_eq!(wanted::<T>(deal)?, 1);
		Ok(())
	}

	#[benchmark]
	fn propose_price() -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(1)?;
		let server = fills[0].server;
		#[extrinsic_call]
		_(RawOrigin::Signed(developer::<T>()), deal, server, Some(PRICE));
		let proposal = Proposals::<T>::get(deal, server);
		assert_eq!(proposal, Some(Proposal { side: Side::Developer, price: PRICE }));
		Ok(())
	}

	#[benchmark]
	fn accept_price(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (deal, fills) = open::<T>(n)?;
		let server = fills[0].server;
		T::Units::benchmark_serve(server, deal, 2);
		all_settled::<T>(deal);
		let who = RawOrigin::Signed(developer::<T>());
		// so that the developer has to pay
		assert_ok!(Pallet::<T>::withdraw_surplus(who.clone().into(), deal, 2 * PRICE));
		let held = T::Escrow::held(EscrowId::Deal(deal));
		#[extrinsic_call]
		_(who, deal, server, 3 * PRICE, Balance::MAX);
		assert_eq!(paid::<T>(deal, server), 2 * 64 * PRICE);
		assert_eq!(Allocations::<T>::get(deal, server).map(|part| part.price), Some(3 * PRICE));
		assert!(T::Escrow::held(EscrowId::Deal(deal)) > held, "the developer paid nothing");
		Ok(())
	}

	#[benchmark]
	fn contest(n: Linear<1, 63>) -> Result<(), BenchmarkError> {
		let (deal, fills) = changeable::<T>(n, Servers::Idle, TERM)?;
		let server = fills[0].server;
		let who = RawOrigin::Signed(developer::<T>());
		assert_ok!(Pallet::<T>::set_gateway(who.into(), deal, Some(gateway())));
		T::Clock::benchmark_set(record::<T>(deal)?.start.saturating_add(CONTEST_EPOCHS));
		T::Units::benchmark_report(server, deal);
		left_long_ago::<T>(deal, server);
		let (epoch, units) =
			(T::Clock::current(), Units::first(MAX_UNITS).without(Units::first(2)));
		#[extrinsic_call]
		_(RawOrigin::Signed(T::GatewayAccount::convert(gateway())), deal, server, units, epoch);
		assert_eq!(Allocations::<T>::get(deal, server).map(|part| part.contested), Some(62));
		assert_eq!(wanted::<T>(deal)?, 63);
		Ok(())
	}

	#[benchmark]
	fn replace_nothing() -> Result<(), BenchmarkError> {
		let (deal, fills) = crowded::<T>(1)?;
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::replace_by_hook(deal, fills[0].server, &mut meter);
		}
		assert_eq!(meter.consumed(), T::WeightInfo::replace_nothing());
		Ok(())
	}

	#[benchmark]
	fn visit_missing() {
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::replace_queued(&mut meter);
		}
		assert_eq!(meter.consumed(), T::WeightInfo::visit_missing());
	}

	#[benchmark]
	fn take_missing() {
		// a deal that is gone: what replacing costs is weighed by itself
		let server = ServerId(0);
		Pallet::<T>::units_missing(server, alloc::vec![DealId(u64::MAX)]);
		let mut meter = WeightMeter::new();
		#[block]
		{
			Pallet::<T>::replace_queued(&mut meter);
		}
		assert!(!Queued::<T>::contains_key(server));
	}

	#[benchmark]
	fn push_missing() {
		let (server, deals) = (ServerId(0), (0..64).map(DealId).collect::<Vec<_>>());
		#[block]
		{
			Pallet::<T>::units_missing(server, deals);
		}
		assert_eq!(Missing::<T>::iter().map(|(_, (_, deals))| deals.len()).sum::<usize>(), 64);
	}

	#[benchmark]
	fn top_up() -> Result<(), BenchmarkError> {
		let (deal, _) = open::<T>(1)?;
		let who = RawOrigin::Signed(payer::<T>(deal, 2 * PRICE));
		let held = T::Escrow::held(EscrowId::Deal(deal));
		#[extrinsic_call]
		_(who, deal, PRICE);
		assert_eq!(T::Escrow::held(EscrowId::Deal(deal)), held + PRICE);
		Ok(())
	}

	#[benchmark]
	fn fill(n: Linear<1, 64>) -> Result<(), BenchmarkError> {
		let (offer, fills) = prepare::<T>(n, Servers::Crowded);
		let terms = T::Offers::terms(offer).ok_or(BenchmarkError::Stop("no offer"))?;
		let filled;
		#[block]
		{
			filled = Pallet::<T>::fill(offer, &terms, &fills)?;
		}
		assert_eq!(DealRecords::<T>::get(filled.deal).map(|deal| deal.allocations), Some(n));
		Ok(())
	}

	#[benchmark]
	fn reward() -> Result<(), BenchmarkError> {
		let (deal, _) = open::<T>(T::MaxServers::get().min(64))?;
		let solver: T::AccountId = account("solver", 0, 0);
		let paid;
		#[block]
		{
			paid = Pallet::<T>::reward(deal, &solver, PRICE)?;
		}
		assert_eq!(paid, PRICE);
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
			Pallet::<T>::close_by_steps(deal, record, |step| {
				step != Step::Finish && begin::<T>(step)
			});
		}
		assert!(!Allocations::<T>::contains_key(deal, fills[0].server));
		Ok(())
	}

	#[benchmark]
	fn close_early() -> Result<(), BenchmarkError> {
		let (deal, server) = vacant::<T>()?;
		let held = T::Escrow::held(EscrowId::Deal(deal));
		#[extrinsic_call]
		close_allocation(RawOrigin::Signed(whitelisted_caller()), deal, server);
		assert!(!Allocations::<T>::contains_key(deal, server));
		assert_eq!(record::<T>(deal)?.allocations, 1);
		// what it served, and its budget
		assert_eq!(held - T::Escrow::held(EscrowId::Deal(deal)), 64 * PRICE + PRICE);
		Ok(())
	}

	#[benchmark]
	fn finish_deal() -> Result<(), BenchmarkError> {
		let (deal, _) = ended::<T>(1)?;
		let ended = record::<T>(deal)?;
		Pallet::<T>::close_by_steps(deal, ended, |step| step != Step::Finish && begin::<T>(step));
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
