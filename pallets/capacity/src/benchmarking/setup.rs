//! What the benchmarks start from: servers that are as full as may be, their commitments, reports and audits.

use crate::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::account;
use frame_support::{
	pallet_prelude::{ConstU32, DispatchError},
	traits::fungible::{Inspect, Mutate},
	BoundedVec,
};
use marketplace_primitives::{
	Balance, CommitmentId, DealId, Epoch, PaymentAsset, PriceFeed, Registry, ServerId, UnitIndex,
	UnitLedger, Units, Usd, MAX_UNITS,
};
use marketplace_proof::{input, key, Leaf, Tree};
use sp_runtime::Perbill;

pub(crate) const ALL: Units = Units(u64::MAX);

/// The unit whose audit is answered.
pub(crate) const UNIT: UnitIndex = 63;

/// The epoch that is reported.
pub(crate) const EPOCH: Epoch = 10;

/// The end of the benchmarks' commitments.
const END: Epoch = 5_000;

/// Epochs without a report in the worst that may be due.
pub(crate) const GAP: Epoch = 1_000;

/// What an FLT costs: a dollar.
pub(crate) const PRICE: Usd = 10_000_000;

pub(crate) fn provider<T: Config>() -> T::AccountId {
	account("provider", 0, 0)
}

pub(crate) fn staker<T: Config>() -> T::AccountId {
	account("staker", 0, 0)
}

/// The stake of a unit.
pub(crate) fn unit_stake<T: Config>() -> Balance {
	stake_per_unit(Parameters::<T>::get().stake_usd, PRICE).unwrap_or_default()
}

/// A commitment that runs until `end`, with all its stake, one delegator, and rewards; as its server knows it.
fn commitment<T: Config>(server: ServerId, units: Units, end: Epoch) -> Cover {
	let id = NextCommitment::<T>::get();
	NextCommitment::<T>::put(CommitmentId(id.0.saturating_add(1)));
	let (params, stake) = (Parameters::<T>::get(), unit_stake::<T>());
	let needed = stake.saturating_mul(units.count().into());
	let own = needed / 2;
	let delegated = needed.saturating_sub(own);
	T::Currency::set_balance(&Pallet::<T>::stake_account(id), needed);
	Delegations::<T>::insert(
		id,
		staker::<T>(),
		Delegation { stake: delegated, ..Default::default() },
	);
	let rate = Commission::new(Perbill::from_percent(10), params.commission_rise);
	let share = Perbill::from_percent(50);
	let mut commitment = Commitment::new(server, provider::<T>(), units, end, rate, share);
	commitment.needed = needed;
	assert_eq!(commitment.deposit(true, own), Ok(()));
	assert_eq!(commitment.deposit(false, delegated), Ok(()));
	assert_eq!(commitment.earn(&params.vesting, 1, needed), Ok(()));
	commitment.delegators = 1;
	commitment.phase = Phase::Running { start: 1, end };
	Commitments::<T>::insert(id, commitment);
	let allowance = params.misses.full(units.count());
	Cover { start: 1, end, allowance, deal_share: share, ..Cover::waiting(id, units, stake) }
}

/// Four commitments that share the units of a server.
pub(crate) fn commitments<T: Config>(
	server: ServerId,
	all: Units,
	end: Epoch,
) -> BoundedVec<Cover, ConstU32<MAX_COMMITMENTS>> {
	let units = (0..MAX_COMMITMENTS).map(|index| Units(0xffff << (16 * index)).and(all));
	let units = units.filter(|units| !units.is_empty());
	BoundedVec::truncate_from(units.map(|units| commitment::<T>(server, units, end)).collect())
}

/// Gives an account what any stake of the benchmarks needs.
fn fund<T: Config>(who: &T::AccountId) {
	let stake = unit_stake::<T>().saturating_mul(MAX_UNITS.into());
	let least = T::Currency::minimum_balance();
	T::Currency::set_balance(who, stake.saturating_mul(4).saturating_add(least));
}

/// The largest reports and audits: 64 units of 1,024 slots, four of them drawn, under a target that any hash
/// meets.
pub(crate) fn set_parameters<T: Config>() {
	let difficulty = Difficulty { slots: 1_024, target: [0xff; 32] };
	let params = MarketParameters {
		epoch_length: 1_000,
		grace: 10,
		draw_delay: 10,
		answer_window: 900,
		difficulty,
		audit_slots: 4,
		vesting: VestingRules { period: 1, instalments: 8 },
		..Default::default()
	};
	CurrentDifficulty::<T>::put(difficulty);
	Pool::<T>::put(params.first_pool);
	Parameters::<T>::put(params);
	T::Price::benchmark_set(PRICE);
}

/// Goes to the first block of an epoch.
pub(crate) fn go_to<T: Config>(epoch: Epoch) {
	Pallet::<T>::benchmark_move_to(Parameters::<T>::get().first_block(epoch));
}

/// A server of 64 units in [`EPOCH`] with four commitments of 16 units.
fn covered_server<T: Config>() -> ServerId {
	set_parameters::<T>();
	go_to::<T>(EPOCH);
	let (server, _) = T::Registry::benchmark_server(&provider::<T>(), 1);
	if !Servers::<T>::contains_key(server) {
		assert_eq!(Pallet::<T>::open(server, MAX_UNITS), Ok(()));
	}
	fund::<T>(&provider::<T>());
	fund::<T>(&staker::<T>());
	let covers = commitments::<T>(server, ALL, END);
	Servers::<T>::mutate_extant(server, |record| {
		record.commitments = covers;
		record.recent[0].proving = ALL;
	});
	server
}

/// The unit `unit` in a deal of its own until `end`, a later epoch, in which it serves.
pub(super) fn in_deal(record: &UnitRecord, unit: UnitIndex, end: Epoch) -> Reservation {
	let units = Units::one(unit);
	let mut reservation = Reservation::new(DealId(unit.into()), units, end);
	let covers = record.commitments.iter().filter(|cover| cover.units.contains(unit));
	let shares = covers.map(|cover| DealShare { commitment: cover.id, part: Perbill::one() });
	reservation.shares = BoundedVec::truncate_from(shares.collect());
	(reservation.ready, reservation.before) = (units, [units; 2]);
	// The epoch that is reported is not counted yet.
	(reservation.counted, reservation.served) = ([Units::NONE, units, units], 2);
	// With its end, as all of them: the record is as large as it may be.
	let withdrawal = Withdrawal { units, from: end };
	reservation.withdrawals = BoundedVec::truncate_from([withdrawal].to_vec());
	reservation
}

/// The server with its units in 63 deals, which all serve, but [`UNIT`], which proves. A 64th deal would have the book told of
/// nothing: a full record sells no unit.
pub(crate) fn full_server<T: Config>() -> ServerId {
	let server = covered_server::<T>();
	Servers::<T>::mutate_extant(server, |record| {
		let deals = (0..UNIT).map(|unit| in_deal(record, unit, END)).collect();
		record.reservations = BoundedVec::truncate_from(deals);
		record.recent[0].proving = Units::one(UNIT);
		record.recent[0].serving = Units::first(UNIT);
	});
	server
}

/// What the book knows to be for sale of a server.
pub(crate) fn told_of<T: Config>(server: ServerId) -> Units {
	Servers::<T>::get(server).map_or(Units::NONE, |record| record.listed)
}

/// The full server, whose deals lost units by as many commitments as they may.
pub(crate) fn lossy_server<T: Config>() -> ServerId {
	let server = full_server::<T>();
	Servers::<T>::mutate_extant(server, |record| {
		let covers = record.commitments.iter().map(|cover| cover.id);
		let harms: Vec<_> = covers.map(|commitment| Harm { commitment, unit_epochs: 1 }).collect();
		for reservation in record.reservations.iter_mut() {
			reservation.harms = BoundedVec::truncate_from(harms.clone());
		}
	});
	server
}

/// The full server with three commitments, whose units that the fourth covered are free.
pub(crate) fn server_with_room<T: Config>() -> (ServerId, Units) {
	let server = full_server::<T>();
	let freed = Servers::<T>::mutate_extant(server, |record| record.commitments.pop());
	(server, freed.map_or(Units::NONE, |cover| cover.units))
}

/// The last commitment of the full server.
pub(crate) fn running<T: Config>() -> CommitmentId {
	let record = Servers::<T>::get(full_server::<T>());
	let last = record.and_then(|record| record.commitments.last().map(|cover| cover.id));
	last.unwrap_or_default()
}

/// A draw of reports of `epoch`, in the current block.
fn draw<T: Config>(epoch: Epoch, rate: Rate) -> Draw {
	let draw = Draw { block: Pallet::<T>::now(), randomness: [7; 32], rate };
	Epochs::<T>::mutate_extant(epoch, |record| record.draw = Some(draw));
	draw
}

/// Closes an epoch's audits.
pub(crate) fn finish<T: Config>(epoch: Epoch, rate: Rate, uncharged: u32) {
	draw::<T>(epoch, rate);
	let finish = Finish { during: epoch.saturating_add(1), is_void: false, uncharged };
	Epochs::<T>::mutate_extant(epoch, |record| record.finish = Some(finish));
}

/// A report over all units, with `root` as the root of the proofs.
fn report_all(root: [u8; 32]) -> EpochEntry {
	let report = Report { root, proven: ALL, answered: Units::NONE };
	EpochEntry { proving: ALL, report: Some(report), ..Default::default() }
}

/// The full server after a report over all units that nobody answered for: its commitments fail with it, and its
/// deals lose their units.
pub(crate) fn silent_server<T: Config>() -> ServerId {
	let server = full_server::<T>();
	Parameters::<T>::mutate(|params| params.slashes = [params.fail_at; 3]);
	Servers::<T>::mutate_extant(server, |record| {
		record.recent[0] = report_all([1; 32]);
		(record.last_report, record.reported) = (EPOCH, ALL);
	});
	go_to::<T>(EPOCH.saturating_add(2));
	finish::<T>(EPOCH, Rate::All, 0);
	server
}

/// The server with all that may be due of one: three reports that nobody answered for, and epochs without any
/// report that the ends of 64 deals cut into pieces, after which each commitment fails at a time of its own. The
/// last of the epochs is not charged, so that settling has to look for others.
pub(crate) fn neglected_server<T: Config>() -> ServerId {
	let server = covered_server::<T>();
	Parameters::<T>::mutate(|params| {
		params.slashes = [Perbill::from_percent(1); 3];
		params.misses = MissRules { budget: 2, period: GAP };
		params.miss_slash = Perbill::from_rational(1, GAP);
	});
	let last = EPOCH.saturating_add(2);
	Servers::<T>::mutate_extant(server, |record| {
		// Half of the epochs; neighbours end in different commitments.
		let order = |unit: UnitIndex| Epoch::from(unit % 16 * 4 + unit / 16);
		let end = |unit| order(unit).saturating_mul(8).saturating_add(last).saturating_add(2);
		let deals = (0..MAX_UNITS).map(|unit| in_deal(record, unit, end(unit))).collect();
		record.reservations = BoundedVec::truncate_from(deals);
		record.epoch = last;
		record.recent = [report_all([1; 32]); 3];
		(record.last_report, record.reported) = (last, ALL);
	});
	let finished = last.saturating_add(GAP);
	for epoch in EPOCH..=finished {
		Pallet::<T>::start_epoch(epoch);
		finish::<T>(epoch, Rate::All, u32::from(epoch == finished));
	}
	go_to::<T>(finished.saturating_add(2));
	Clock::<T>::mutate(|clock| (clock.uncharged, clock.last_uncharged) = (1, finished));
	frame_system::Pallet::<T>::reset_events();
	server
}

/// A server with an open audit in which [`UNIT`] may answer, and the answer with `count` leaves.
pub(crate) fn answerable<T: Config>(count: u8) -> (ServerId, Vec<ProvenLeaf>) {
	let server = full_server::<T>();
	Parameters::<T>::mutate(|params| params.audit_slots = count);
	let params = Parameters::<T>::get();
	let closed = params.reports_close(EPOCH).saturating_add(params.draw_delay);
	Pallet::<T>::benchmark_move_to(closed);
	let (draw, past) = (draw::<T>(EPOCH, Rate::All), Epochs::<T>::get(EPOCH).unwrap_or_default());
	let wanted = Pallet::<T>::drawn_slots(&params, &past, &draw, server, EPOCH, UNIT);
	let key = key(&Pallet::<T>::genesis(), EPOCH, &past.seed, server.0, UNIT);
	let inputs: Vec<Input> = wanted.iter().map(|slot| input(&past.seed, *slot, 0)).collect();
	let (root, shown) = prove(server, &wanted, &T::Verifier::hashes(&key, &inputs));
	Servers::<T>::mutate_extant(server, |record| record.recent[0] = report_all(root));
	Pallet::<T>::benchmark_move_to(closed.saturating_add(params.capacity()));
	// A verifier that keeps its last caches must not know the key any more.
	for other in 0..4 {
		T::Verifier::hashes(&[other; 32], &inputs);
	}
	(server, shown)
}

/// The root over all slots of 64 units, and the proven leaves of the slots `wanted` of [`UNIT`], whose hashes are
/// known.
fn prove(server: ServerId, wanted: &[u16], hashes: &[[u8; 32]]) -> ([u8; 32], Vec<ProvenLeaf>) {
	let slots = 1_024;
	let leaf = |unit, slot| {
		let shown = wanted.iter().position(|drawn| unit == UNIT && *drawn == slot);
		let hash = shown.and_then(|place| hashes.get(place)).copied().unwrap_or_default();
		Leaf { server: server.0, epoch: EPOCH, unit, slot, nonce: 0, hash }
	};
	let leaves: Vec<Leaf> = (0..MAX_UNITS)
		.flat_map(|unit| (0..slots).map(move |slot| (unit, slot)))
		.map(|(unit, slot)| leaf(unit, slot))
		.collect();
	let tree = Tree::new(&leaves).expect("65,536 leaves make a tree; qed");
	let show = |slot: &u16| {
		let index = u32::from(UNIT) * u32::from(slots) + u32::from(*slot);
		let path = tree.path(index).expect("the leaf is in the tree; qed");
		ProvenLeaf { leaf: leaf(UNIT, *slot), path }
	};
	(tree.root(), wanted.iter().map(show).collect())
}

/// Income in as many assets as there may be, FLT first, `amount` of each.
fn all_income(amount: Balance) -> Amounts {
	let others = (1..MAX_INCOME_ASSETS).map(PaymentAsset::WithId);
	let assets = core::iter::once(PaymentAsset::Native).chain(others);
	Amounts::truncate_from(assets.map(|asset| (asset, amount)).collect())
}

/// A commitment of one unit beside those of the full server, whose term and unbonding time are over and which the
/// provider has left. Its delegator has claimed its income in all assets, but not its rewards.
pub(crate) fn last_staker<T: Config>() -> CommitmentId {
	let server = full_server::<T>();
	let id = commitment::<T>(server, Units::one(0), EPOCH).id;
	let params = Parameters::<T>::get();
	let free = EPOCH.saturating_add(params.unbonding).saturating_add(8);
	Servers::<T>::mutate_extant(server, |record| record.settled = Epoch::MAX);
	let income = unit_stake::<T>();
	Commitments::<T>::mutate_extant(id, |commitment| {
		commitment.leave_own();
		commitment.claimed = commitment.due_to_provider(&params.vesting, free);
		commitment.income = all_income(income);
	});
	Delegations::<T>::mutate(id, staker::<T>(), |slot| {
		if let Some(delegation) = slot {
			delegation.income = all_income(income);
		}
	});
	T::Currency::set_balance(&Pallet::<T>::income_account(id), income);
	go_to::<T>(free);
	id
}

/// Takes the delegator's stake out of the books of [`last_staker`]'s commitment.
pub(crate) fn take_out<T: Config>(id: CommitmentId) {
	Delegations::<T>::mutate(id, staker::<T>(), |slot| {
		let Some(delegation) = slot else { return };
		delegation.is_out = true;
		Commitments::<T>::mutate_extant(id, |commitment| {
			commitment.leave_delegated(delegation.stake);
		});
	});
}

/// Pays the delegator out all rewards of [`last_staker`]'s commitment.
pub(crate) fn claim_all<T: Config>(id: CommitmentId) {
	let (rules, epoch) = (Parameters::<T>::get().vesting, Pallet::<T>::epoch());
	Delegations::<T>::mutate(id, staker::<T>(), |slot| {
		let Some((delegation, commitment)) = slot.as_mut().zip(Commitments::<T>::get(id)) else {
			return;
		};
		delegation.claimed = commitment.due_to_delegator(&rules, epoch, delegation);
	});
}

/// Gives the delegator of [`last_staker`]'s commitment income in FLT to claim.
pub(crate) fn owe_income<T: Config>(id: CommitmentId) {
	Delegations::<T>::mutate(id, staker::<T>(), |slot| {
		if let Some(delegation) = slot {
			let others = delegation.income.iter().skip(1).cloned();
			delegation.income = Amounts::truncate_from(others.collect());
		}
	});
}

/// A commitment of 16 units that waits for its stake, on a full server.
pub(crate) fn waiting<T: Config>() -> Result<CommitmentId, DispatchError> {
	let (server, units) = server_with_room::<T>();
	let id = NextCommitment::<T>::get();
	let (commission, share) = (Perbill::zero(), Perbill::zero());
	Pallet::<T>::do_commit(&provider::<T>(), server, units, 10, commission, share)?;
	Ok(id)
}
