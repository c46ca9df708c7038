//! Benchmarks of the calls and of each step of the hooks, and the set-up that other pallets' benchmarks ask for.

use crate::*;
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
	dispatch::RawOrigin,
	pallet_prelude::{DispatchError, TransactionSource},
	traits::{
		fungible::{Inspect, Mutate},
		IsSubType,
	},
};
use marketplace_primitives::{
	CommitmentId, DealId, Epoch, Registry, ServerId, UnitIndex, UnitLedger, Units, MAX_UNITS,
};
use marketplace_proof::{input, key, Leaf, Tree};
use sp_runtime::{
	traits::{DispatchInfoOf, TransactionExtension, TxBaseImplication},
	Perbill,
};

const ALL: Units = Units(u64::MAX);

/// The unit whose audit is answered.
const UNIT: UnitIndex = 63;

/// The epoch that is reported.
const EPOCH: Epoch = 2;

/// What other pallets' benchmarks ask for.
impl<T: Config> Pallet<T> {
	/// Moves the clock to `block`, in an epoch that has begun.
	pub(crate) fn benchmark_move_to(block: u32) {
		frame_system::Pallet::<T>::set_block_number(block.into());
		let epoch = Self::epoch();
		for epoch in [epoch.saturating_sub(1), epoch] {
			if !Epochs::<T>::contains_key(epoch) {
				Self::start_epoch(epoch);
			}
		}
	}

	/// Covers all units of a server for ever, and says that they are proven in the current epoch.
	pub(crate) fn benchmark_cover(server: ServerId) {
		let epoch = Self::epoch();
		let mut record = Self::peek(server)
			.map_or_else(|| UnitRecord::new(MAX_UNITS, epoch), |(record, _)| record);
		let units = record.all();
		let id = benchmark_commitment::<T>(server, units, Epoch::MAX);
		let cover = Cover { id, units, start: 1, end: Epoch::MAX };
		record.commitments = vec![cover].try_into().unwrap_or_default();
		record.current.proving = units.without(record.reserved());
		(record.last_report, record.reported) = (epoch, units);
		record.listed = record.offered();
		Servers::<T>::insert(server, record);
	}

	/// Lets epochs pass in which all units of the deal serve, until the last of them is final.
	pub(crate) fn benchmark_serve_epochs(server: ServerId, deal: DealId, epochs: Epoch) {
		let now = Self::epoch().saturating_add(epochs).saturating_add(1);
		let params = Parameters::<T>::get();
		Self::benchmark_move_to(params.first_block(now).saturating_add(params.grace));
		Servers::<T>::mutate_extant(server, |record| {
			if let Some(reservation) = record.reservation_mut(deal) {
				reservation.pending = reservation.units;
				let units = u64::from(reservation.units.count());
				let served = units.saturating_mul(u64::from(epochs));
				reservation.served = reservation.served.saturating_add(served);
			}
			(record.last_report, record.reported) = (now, record.all());
		});
	}
}

/// A commitment that runs until `end`, with all its stake and with rewards.
fn benchmark_commitment<T: Config>(server: ServerId, units: Units, end: Epoch) -> CommitmentId {
	let id = NextCommitment::<T>::get();
	NextCommitment::<T>::put(CommitmentId(id.0.saturating_add(1)));
	let params = Parameters::<T>::get();
	let needed = params.stake_per_unit.saturating_mul(units.count().into());
	let own = needed / 2;
	T::Currency::set_balance(&Pallet::<T>::stake_account(id), needed);
	let delegation = Delegation { stake: needed.saturating_sub(own), claimed: 0 };
	Delegations::<T>::insert(id, staker::<T>(), delegation);
	let commitment = Commitment {
		server,
		provider: provider::<T>(),
		units,
		duration: end.saturating_sub(1),
		commission: Perbill::from_percent(10),
		needed,
		own_needed: 0,
		own,
		own_left: own,
		delegated: delegation.stake,
		delegated_left: delegation.stake,
		slashed: 0,
		commission_earned: needed,
		shared: needed,
		claimed: 0,
		phase: Phase::Running { start: 1, end },
	};
	Commitments::<T>::insert(id, commitment);
	id
}

fn provider<T: Config>() -> T::AccountId {
	account("provider", 0, 0)
}

fn staker<T: Config>() -> T::AccountId {
	account("staker", 0, 0)
}

/// Gives an account what any stake of the benchmarks needs.
fn fund<T: Config>(who: &T::AccountId) {
	let stake = Parameters::<T>::get().stake_per_unit.saturating_mul(MAX_UNITS.into());
	let least = T::Currency::minimum_balance();
	T::Currency::set_balance(who, stake.saturating_mul(4).saturating_add(least));
}

/// The largest reports and audits: 64 units of 1,024 slots, four of them drawn, under a target that any hash meets.
fn set_parameters<T: Config>() {
	Parameters::<T>::put(MarketParameters {
		epoch_length: 1_000,
		grace: 10,
		draw_delay: 10,
		answer_window: 900,
		slots: 1_024,
		target: [0xff; 32],
		audit_slots: 4,
		fail_at: Perbill::from_percent(10),
		..Default::default()
	});
}

/// A server of 64 units in [`EPOCH`], with nothing but its record.
fn server<T: Config>() -> ServerId {
	set_parameters::<T>();
	Pallet::<T>::benchmark_move_to(Parameters::<T>::get().first_block(EPOCH));
	let (server, _) = T::Registry::benchmark_server(&provider::<T>(), 1);
	if !Servers::<T>::contains_key(server) {
		assert!(Pallet::<T>::open(server, MAX_UNITS).is_ok());
	}
	fund::<T>(&provider::<T>());
	fund::<T>(&staker::<T>());
	server
}

/// The server with four commitments of 16 units.
fn covered_server<T: Config>() -> ServerId {
	let server = server::<T>();
	let covers: Vec<Cover> = (0..MAX_COMMITMENTS)
		.map(|index| {
			let units = Units(0xffff << (16 * index));
			let end = Epoch::MAX;
			let id = benchmark_commitment::<T>(server, units, end);
			Cover { id, units, start: 1, end }
		})
		.collect();
	Servers::<T>::mutate_extant(server, |record| {
		record.commitments = covers.try_into().unwrap_or_default();
		record.current.proving = ALL;
	});
	server
}

/// The server with units `0..63` in as many deals, all serving, and the last one proving.
fn full_server<T: Config>() -> ServerId {
	let server = covered_server::<T>();
	let in_deal = |unit| Reservation {
		deal: DealId(u64::from(unit)),
		units: Units::one(unit),
		fresh: Units::NONE,
		ready: Units::one(unit),
		pending: Units::NONE,
		before: Units::one(unit),
		end: Epoch::MAX,
		served: 0,
	};
	Servers::<T>::mutate_extant(server, |record| {
		let reservations: Vec<_> = (0..UNIT).map(in_deal).collect();
		record.reservations = reservations.try_into().unwrap_or_default();
		record.current.proving = Units::one(UNIT);
		record.current.serving = Units::first(UNIT);
	});
	server
}

/// A report of the server over all units, whose audit is drawn in the current block.
fn open_report<T: Config>(server: ServerId, root: [u8; 32]) -> Draw {
	let draw = Draw { block: Pallet::<T>::now(), randomness: [7; 32] };
	Epochs::<T>::mutate_extant(EPOCH, |record| {
		(record.draw, record.proven) = (Some(draw), ALL.count());
	});
	Servers::<T>::mutate_extant(server, |record| {
		let report = OpenReport { epoch: EPOCH, root, proven: ALL, answered: Units::NONE };
		record.open = vec![report].try_into().unwrap_or_default();
		(record.last_report, record.reported) = (EPOCH, ALL);
	});
	draw
}

/// A server with an open audit in which `UNIT` may answer, and the answer with `count` leaves.
fn answerable<T: Config>(count: u8) -> (ServerId, Vec<ProvenLeaf>) {
	let server = covered_server::<T>();
	Parameters::<T>::mutate(|params| params.audit_slots = count);
	let params = Parameters::<T>::get();
	let seed = Epochs::<T>::get(EPOCH).map(|record| record.seed).unwrap_or_default();
	let key = key(&Pallet::<T>::genesis(), EPOCH, &seed, server.0, UNIT);
	let draw = Draw { block: 0, randomness: [7; 32] };
	let wanted = Pallet::<T>::drawn(&params, &draw, server, EPOCH, UNIT);
	let inputs: Vec<Input> = wanted.iter().map(|slot| input(&seed, *slot, 0)).collect();
	let hashes = T::Verifier::hashes(&key, &inputs);
	let leaf = |unit, slot| {
		let shown = wanted.iter().position(|drawn| unit == UNIT && *drawn == slot);
		let hash = shown.and_then(|place| hashes.get(place)).copied().unwrap_or_default();
		Leaf { server: server.0, epoch: EPOCH, unit, slot, nonce: 0, hash }
	};
	let leaves: Vec<Leaf> = (0..MAX_UNITS)
		.flat_map(|unit| (0..params.slots).map(move |slot| (unit, slot)))
		.map(|(unit, slot)| leaf(unit, slot))
		.collect();
	let tree = Tree::new(&leaves).expect("65,536 leaves make a tree; qed");
	let prove = |slot: &u16| {
		let index = u32::from(UNIT) * u32::from(params.slots) + u32::from(*slot);
		let path = tree.path(index).expect("the leaf is in the tree; qed");
		ProvenLeaf { leaf: leaf(UNIT, *slot), path }
	};
	let shown = wanted.iter().map(prove).collect();
	open_report::<T>(server, tree.root());
	let spread = params.capacity();
	Pallet::<T>::benchmark_move_to(Pallet::<T>::now().saturating_add(spread));
	// A verifier that keeps its last caches must not know the key any more.
	for other in 0..4 {
		T::Verifier::hashes(&[other; 32], &inputs);
	}
	(server, shown)
}

/// A commitment of one unit, whose term and unbonding time are over, with the delegator as its last staker.
fn last_staker<T: Config>() -> CommitmentId {
	let server = covered_server::<T>();
	let id = benchmark_commitment::<T>(server, Units::one(0), EPOCH);
	Commitments::<T>::mutate_extant(id, |commitment| {
		commitment.leave_own();
		commitment.claimed = commitment.due_to_provider();
	});
	let params = Parameters::<T>::get();
	let free = EPOCH.saturating_add(params.unbonding).saturating_add(1);
	Pallet::<T>::benchmark_move_to(params.first_block(free));
	id
}

/// A commitment of one unit that waits for its stake, on a server that has three more.
fn waiting<T: Config>() -> Result<CommitmentId, DispatchError> {
	let server = covered_server::<T>();
	Servers::<T>::mutate_extant(server, |record| {
		record.commitments.pop();
	});
	let id = NextCommitment::<T>::get();
	let (units, commission) = (Units::one(UNIT), Perbill::zero());
	Pallet::<T>::do_commit(&provider::<T>(), server, units, 10, commission)?;
	Ok(id)
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
		let server = covered_server::<T>();
		Servers::<T>::mutate_extant(server, |record| {
			record.commitments.pop();
		});
		let units = Units(0xffff << 48);
		let id = NextCommitment::<T>::get();

		#[extrinsic_call]
		_(RawOrigin::Signed(provider::<T>()), server, units, 10, Perbill::from_percent(10));

		assert!(Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn delegate() -> Result<(), BenchmarkError> {
		let id = waiting::<T>()?;
		let params = Parameters::<T>::get();
		let own = params.own_stake_per_unit;
		Pallet::<T>::do_delegate(provider::<T>(), id, own)?;
		let rest = params.stake_per_unit.saturating_sub(own);

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id, rest);

		let phase = Commitments::<T>::get(id).map(|commitment| commitment.phase);
		assert!(matches!(phase, Some(Phase::Running { .. })));
		Ok(())
	}

	#[benchmark]
	fn submit_report() {
		let server = full_server::<T>();
		let operator = T::Registry::server(server).map_or_else(provider::<T>, |it| it.operator);
		let (proven, serving) = (Units::one(UNIT), Units::first(UNIT));

		#[extrinsic_call]
		_(RawOrigin::Signed(operator), server, EPOCH, [1; 32], proven, serving);

		assert_eq!(Pallet::<T>::served(server, DealId(62)), 1);
	}

	#[benchmark]
	fn answer_audit(l: Linear<1, MAX_LEAVES>) {
		let (server, leaves) = answerable::<T>(u8::try_from(l).unwrap_or(1));
		let leaves = leaves.try_into().unwrap_or_default();

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), server, EPOCH, UNIT, leaves);

		let record = Servers::<T>::get(server);
		let answered = record.and_then(|record| record.open.first().map(|open| open.answered));
		assert_eq!(answered, Some(Units::one(UNIT)));
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

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id);

		assert!(!Commitments::<T>::contains_key(id));
	}

	#[benchmark]
	fn claim_rewards() {
		let id = last_staker::<T>();
		let before = T::Currency::balance(&staker::<T>());

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), id);

		assert!(T::Currency::balance(&staker::<T>()) > before);
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
		let params = Parameters::<T>::get();
		Pallet::<T>::benchmark_move_to(params.first_block(EPOCH.saturating_add(9)));

		#[extrinsic_call]
		_(RawOrigin::Signed(staker::<T>()), server);

		let epoch = Servers::<T>::get(server).map(|record| record.epoch);
		assert_eq!(epoch, Some(EPOCH.saturating_add(9)));
	}

	#[benchmark]
	fn settle_report() {
		let server = covered_server::<T>();
		open_report::<T>(server, [1; 32]);
		let window = Parameters::<T>::get().answer_window;
		Pallet::<T>::benchmark_move_to(Pallet::<T>::now().saturating_add(window));
		let closed;

		#[block]
		{
			closed = Pallet::<T>::settle(server);
		}

		assert_eq!(closed, Ok(1));
		let has_failed =
			|commitment: &CommitmentOf<T>| matches!(commitment.phase, Phase::Failed { .. });
		assert_eq!(Commitments::<T>::iter_values().filter(has_failed).count(), 4);
	}

	#[benchmark]
	fn idle_block() {
		set_parameters::<T>();
		ChecksThisBlock::<T>::put(MAX_CHECKS_PER_BLOCK);

		#[block]
		{
			Pallet::<T>::begin_block(500);
			ChecksThisBlock::<T>::kill();
		}

		assert_eq!(ChecksThisBlock::<T>::get(), 0);
	}

	#[benchmark]
	fn start_epoch() {
		set_parameters::<T>();

		#[block]
		{
			Pallet::<T>::start_epoch(EPOCH);
		}

		assert!(Epochs::<T>::contains_key(EPOCH));
	}

	#[benchmark]
	fn close_reports() {
		server::<T>();

		#[block]
		{
			Pallet::<T>::close_reports(EPOCH);
		}

		assert!(Pending::<T>::exists());
	}

	#[benchmark]
	fn draw_audits() {
		server::<T>();
		let params = Parameters::<T>::get();
		Pending::<T>::put(PendingDraw { epoch: EPOCH, seen: u64::MAX, changes: 1 });
		let now = params.draw_due(EPOCH);

		#[block]
		{
			if let Some(pending) = Pending::<T>::get() {
				Pallet::<T>::advance_draw(&params, pending, now);
			}
		}

		assert!(Epochs::<T>::get(EPOCH).is_some_and(|record| record.draw.is_some()));
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
