//! Benchmarks of the calls and of each step of the hooks.

mod neighbours;
mod setup;

use crate::*;
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::{DispatchClass, RawOrigin},
	pallet_prelude::TransactionSource,
	traits::{EnsureOrigin, Get, IsSubType},
	weights::Weight,
};
use marketplace_primitives::{DealId, PaymentAsset, Registry, ServerId, UnitLedger, Units};
use setup::*;
use sp_runtime::{
	traits::{DispatchInfoOf, TransactionExtension, TxBaseImplication},
	Perbill,
};

/// How many commitments failed.
fn failed<T: Config>() -> usize {
	let has_failed =
		|commitment: &CommitmentOf<T>| matches!(commitment.phase, Phase::Failed { .. });
	Commitments::<T>::iter_values().filter(has_failed).count()
}

/// The clock in the middle of [`EPOCH`], the epoch before being in `stage`.
fn clock_in<T: Config>(stage: Stage) -> (MarketParameters, ClockState, u32) {
	set_parameters::<T>();
	let params = Parameters::<T>::get();
	let now = params.first_block(EPOCH).saturating_add(params.epoch_length / 2);
	Pallet::<T>::benchmark_move_to(now);
	Clock::<T>::mutate(|clock| clock.stage = stage);
	LastFull::<T>::put(false);
	Epochs::<T>::mutate_extant(EPOCH.saturating_sub(1), |record| {
		(record.proven, record.reports) = (1_000_000, 20_000);
		(record.unit_reward, record.exposure) = (unit_stake::<T>(), u128::from(u64::MAX));
	});
	(params, Clock::<T>::get(), now)
}

#[benchmarks(
	where
		T: Send + Sync,
		T::RuntimeCall: IsSubType<Call<T>> + From<Call<T>>,
		DispatchInfoOf<T::RuntimeCall>: Default,
)]
mod benches {
	use super::*;

	#[benchmark]
	fn commit() {
		let (server, units) = server_with_room::<T>();
		let id = NextCommitment::<T>::get();
		let part = Perbill::from_percent(10);

		#[extrinsic_call]
		_(RawOrigin::Signed(provider::<T>()), server, units, 10, part, part);

		assert!(Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn delegate() -> Result<(), BenchmarkError> {
		let id = waiting::<T>()?;
		let commitment = Commitments::<T>::get(id).ok_or(BenchmarkError::Stop("none"))?;
		Pallet::<T>::do_delegate(provider::<T>(), id, commitment.own_needed)?;
		let rest = commitment.needed.saturating_sub(commitment.own_needed);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id, rest);

		let phase = Commitments::<T>::get(id).map(|commitment| commitment.phase);
		assert!(matches!(phase, Some(Phase::Running { .. })));
		Ok(())
	}

	#[benchmark]
	fn submit_report() {
		let server = lossy_server::<T>();
		let operator = T::Registry::server(server).map_or_else(provider::<T>, |it| it.operator);
		let (proven, serving) = (Units::one(UNIT), Units::first(UNIT));

		#[extrinsic_call]
		_(RawOrigin::Signed(operator), server, EPOCH, [1; 32], proven, serving);

		assert_eq!(Pallet::<T>::served_lately(server, DealId(62)), 3);
		assert_eq!(told_of::<T>(server), Units::one(UNIT));
	}

	#[benchmark]
	fn answer_audit(l: Linear<1, MAX_LEAVES>) {
		let (server, leaves) = answerable::<T>(u8::try_from(l).unwrap_or(1));
		let leaves = leaves.try_into().unwrap_or_default();

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), server, EPOCH, UNIT, leaves);

		let record = Servers::<T>::get(server);
		let report = record.and_then(|record| record.open_report(EPOCH).copied());
		assert_eq!(report.map(|report| report.answered), Some(Units::one(UNIT)));
	}

	#[benchmark]
	fn answer_audit_refused() {
		let (server, leaves) = answerable::<T>(4);
		ChecksThisBlock::<T>::put(MAX_CHECKS_PER_BLOCK);
		let answer;

		#[block]
		{
			answer = Pallet::<T>::do_answer_audit(server, EPOCH, UNIT, &leaves).map(|_| ());
		}

		assert_eq!(answer, Err(Error::<T>::TooManyChecks.into()));
	}

	#[benchmark]
	fn withdraw_stake() {
		let id = last_staker::<T>();
		claim_all::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id);

		assert!(!Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn claim_rewards() {
		let id = last_staker::<T>();
		take_out::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id);

		assert!(!Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn cancel_commitment() -> Result<(), BenchmarkError> {
		let id = waiting::<T>()?;

		#[extrinsic_call]
		_(RawOrigin::Signed(provider::<T>()), id);

		assert!(!Commitments::<T>::contains_key(id));
		Ok(())
	}

	#[benchmark]
	fn settle_server() {
		let server = full_server::<T>();
		// Nothing is due, but the masks are far behind, and the book does not know of what is for sale.
		let now = EPOCH.saturating_add(9);
		Servers::<T>::mutate_extant(server, |record| {
			record.settled = u32::MAX;
			(record.last_report, record.reported) = (now, record.all());
		});
		go_to::<T>(now);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), server);

		assert_eq!(Servers::<T>::get(server).map(|record| record.epoch), Some(now));
		assert_eq!(told_of::<T>(server), Units::one(UNIT));
	}

	#[benchmark]
	fn set_commission() {
		let id = running::<T>();
		let rate = Perbill::from_percent(20);

		#[extrinsic_call]
		_(RawOrigin::Signed(provider::<T>()), id, rate);

		let commission = Commitments::<T>::get(id).map(|commitment| commitment.commission.now);
		assert_eq!(commission, Some(rate));
	}

	#[benchmark]
	fn propose_extension() {
		let id = running::<T>();
		Commitments::<T>::mutate_extant(id, |commitment| {
			commitment.leave_delegated(commitment.delegated);
		});

		#[extrinsic_call]
		_(RawOrigin::Signed(provider::<T>()), id, 1);

		let commitment = Commitments::<T>::get(id);
		assert!(commitment.is_some_and(|it| it.proposals == 1 && it.proposal.is_none()));
	}

	#[benchmark]
	fn accept_extension() -> Result<(), BenchmarkError> {
		let id = running::<T>();
		Pallet::<T>::do_propose_extension(&provider::<T>(), id, 1)?;

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id);

		assert!(Commitments::<T>::get(id).is_some_and(|it| it.proposal.is_none()));
		Ok(())
	}

	#[benchmark]
	fn set_difficulty() -> Result<(), BenchmarkError> {
		let origin =
			T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
		set_parameters::<T>();
		let difficulty = Difficulty { slots: 512, target: [0x7f; 32] };

		#[extrinsic_call]
		_(origin as T::RuntimeOrigin, difficulty);

		assert_eq!(NextDifficulty::<T>::get(), Some(difficulty));
		Ok(())
	}

	#[benchmark]
	fn claim_income() {
		let id = last_staker::<T>();
		claim_all::<T>(id);
		take_out::<T>(id);
		owe_income::<T>(id);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id, PaymentAsset::Native);

		assert!(!Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn settle_step() {
		let server = silent_server::<T>();
		let steps;

		#[block]
		{
			steps = Pallet::<T>::settle_due(server);
		}

		assert_eq!((steps, failed::<T>()), (1, 4));
	}

	#[benchmark]
	fn settle_most() {
		let server = neglected_server::<T>();
		let steps;

		#[block]
		{
			steps = Pallet::<T>::settle_due(server);
		}

		// A stretch without reports is charged in full.
		assert_eq!((steps, failed::<T>()), (u32::MAX, 4));
	}

	#[benchmark]
	fn idle_block() {
		let (_, _, now) = clock_in::<T>(Stage::Answering { left: 100 });
		ChecksThisBlock::<T>::put(MAX_CHECKS_PER_BLOCK);
		let limits = <T as frame_system::Config>::BlockWeights::get();
		let full = limits.get(DispatchClass::Normal).max_total.unwrap_or(Weight::MAX);
		frame_system::Pallet::<T>::register_extra_weight_unchecked(full, DispatchClass::Normal);

		#[block]
		{
			Pallet::<T>::begin_block(now);
			Pallet::<T>::end_block();
		}

		assert_eq!(Clock::<T>::get().stage, Stage::Answering { left: 99 });
		assert!(LastFull::<T>::get());
	}

	#[benchmark]
	fn start_epoch() {
		clock_in::<T>(Stage::Open);
		let (epoch, difficulty) = (EPOCH.saturating_add(1), CurrentDifficulty::<T>::get());
		NextDifficulty::<T>::put(difficulty);

		#[block]
		{
			Pallet::<T>::start_epoch(epoch);
		}

		assert!(Epochs::<T>::contains_key(epoch));
		assert!(!NextDifficulty::<T>::exists());
	}

	#[benchmark]
	fn close_reports() {
		let (params, mut clock, now) = clock_in::<T>(Stage::Reporting { left: 1 });
		let before = Pool::<T>::get();

		#[block]
		{
			Pallet::<T>::advance(&params, &mut clock, now);
		}

		assert!(matches!(clock.stage, Stage::Drawing { .. }));
		assert!(Pool::<T>::get() > before);
	}

	#[benchmark]
	fn draw_audits() {
		let stage = Stage::Drawing { seen: u64::MAX, changes: 1, left: 2 };
		let (params, mut clock, now) = clock_in::<T>(stage);

		#[block]
		{
			Pallet::<T>::advance(&params, &mut clock, now);
		}

		assert!(matches!(clock.stage, Stage::Answering { .. }));
	}

	#[benchmark]
	fn finish_epoch() {
		let (params, mut clock, now) = clock_in::<T>(Stage::Answering { left: 1 });
		let before = clock.finished;

		#[block]
		{
			Pallet::<T>::advance(&params, &mut clock, now);
		}

		assert_eq!(clock.finished, before.saturating_add(1));
	}

	#[benchmark]
	fn limit_checks() {
		let (server, leaves) = (ServerId(0), Default::default());
		let call = Call::<T>::answer_audit { server, epoch: EPOCH, unit: UNIT, leaves }.into();
		let origin = RawOrigin::Signed(staker::<T>()).into();
		let (info, implied) = (Default::default(), TxBaseImplication(()));
		let source = TransactionSource::InBlock;
		let is_valid;

		#[block]
		{
			is_valid = LimitChecks::<T>::new()
				.validate(origin, &call, &info, 0, (), &implied, source)
				.is_ok();
		}

		assert!(is_valid);
	}

	impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
