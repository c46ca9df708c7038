//! Tests by call.

mod answer_audit;
mod cancel_commitment;
mod claim_income;
mod claim_rewards;
mod clock;
mod commit;
mod compensate;
mod congestion;
mod contest;
mod delegate;
mod due_of_neighbours;
mod extend_deal;
mod extension;
mod fine;
mod ledger;
mod missing_units;
#[cfg(feature = "runtime-benchmarks")]
mod neighbours;
mod properties;
mod release;
mod sampled;
mod set_commission;
mod set_difficulty;
mod settle_server;
mod shorten_deal;
mod silent_units;
mod stories;
mod submit_report;
mod term_extension;
mod views;
mod withdraw_stake;
mod withdraw_units;
mod year;

pub(crate) use crate::{mock::*, *};
pub(crate) use frame_support::{assert_noop, assert_ok, traits::fungible::Inspect};
pub(crate) use marketplace_primitives::{
	Available, Balance, CommitmentId, DealId, Due, Epoch, EpochClock, ServerId, UnitIndex,
	UnitLedger, Units,
};
pub(crate) use marketplace_proof::{commitment, input, key, meets, Leaf, Tree};
pub(crate) use marketplace_testkit::*;
pub(crate) use sp_runtime::{AccountId32, DispatchError, Perbill};

/// The server's units.
pub const ALL: Units = Units(0xff);

/// The first commitment of a test.
pub const FIRST: CommitmentId = CommitmentId(0);

/// A deal.
pub const DEAL: DealId = DealId(7);

pub fn signed(who: AccountId32) -> RuntimeOrigin {
	RuntimeOrigin::signed(who)
}

/// The pallet's events since the last time, in order.
pub fn events() -> Vec<Event<Test>> {
	let events = System::events();
	System::reset_events();
	events
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Capacity(event) => Some(event),
			_ => None,
		})
		.collect()
}

/// The stored record.
pub fn record() -> UnitRecord {
	Servers::<Test>::get(SERVER).unwrap()
}

/// Commits units of [`SERVER`] for `duration` epochs at 10 % commission.
pub fn commit(units: Units, duration: Epoch) -> CommitmentId {
	let id = NextCommitment::<Test>::get();
	assert_ok!(try_commit(provider(), SERVER, units, duration));
	id
}

/// The same of any server, by anybody, without a part of deal income for delegators.
pub fn try_commit(
	who: AccountId32,
	server: ServerId,
	units: Units,
	duration: Epoch,
) -> Result<(), DispatchError> {
	let (commission, deal_share) = (Perbill::from_percent(10), Perbill::zero());
	let call = Capacity::commit(signed(who), server, units, duration, commission, deal_share);
	call.map(|_| ()).map_err(|refused| refused.error)
}

/// Stakes all that the commitment needs: the provider its least part, the delegator the rest.
pub fn cover(id: CommitmentId) {
	let commitment = Commitments::<Test>::get(id).unwrap();
	let own = commitment.own_needed;
	assert_ok!(Capacity::delegate(signed(provider()), id, own));
	assert_ok!(Capacity::delegate(signed(delegator()), id, commitment.needed - own));
}

/// Commits all units for `duration` epochs, covers them, and runs to the first epoch of the term.
pub fn start_all(duration: Epoch) -> CommitmentId {
	let id = commit(ALL, duration);
	cover(id);
	run_to_epoch(Capacity::current() + 1);
	events();
	MockBook::take();
	id
}

/// Goes to epoch 3: all units are committed until epoch `covered` begins, and `units` of them serve [`DEAL`] until
/// `end` does.
pub fn serve_deal(covered: Epoch, units: Units, end: Epoch) {
	start_all(covered - 2);
	let proofs = Proofs::compute(SERVER, 2, ALL).report();
	assert_ok!(Capacity::reserve(SERVER, DEAL, units, end));
	assert_ok!(Capacity::set_ready(SERVER, DEAL, units));
	proofs.answer_all();
	events();
	MockBook::take();
}

/// Reports that `units` served in `epoch`, and no proof.
pub fn report_serving(epoch: Epoch, units: Units) -> Result<(), DispatchError> {
	let origin = signed(operator());
	let call = Capacity::submit_report(origin, SERVER, epoch, [0; 32], Units::NONE, units);
	call.map(|_| ()).map_err(|refused| refused.error)
}

/// The server's units that may be sold now into a deal that ends with epoch `end`.
pub fn available(end: Epoch) -> Units {
	Capacity::available(SERVER, ALL, end).units
}

/// What units prove now, and which serve.
pub fn bound() -> (Units, Units) {
	let info = Capacity::units_info(SERVER).unwrap();
	(info.proving, info.serving)
}

/// Forgives no miss from now on.
pub fn forgive_nothing() {
	let misses = MissRules { budget: 2, period: u32::MAX };
	Parameters::<Test>::mutate(|params| params.misses = misses);
	Servers::<Test>::mutate_extant(SERVER, |record| {
		record.commitments.iter_mut().for_each(|cover| cover.allowance = 0);
	});
}

/// What [`DEAL`] was served: what can be contested no more, and what still can be.
pub fn served() -> (u64, u64) {
	(Capacity::served(SERVER, DEAL), Capacity::served_lately(SERVER, DEAL))
}

/// The first block of the first epoch in which `epoch` can be contested no more.
pub fn run_to_undisputed(epoch: Epoch) {
	assert!(!Capacity::is_undisputed(epoch));
	run_to_epoch(epoch + 3);
	assert!(Capacity::is_undisputed(epoch));
}

/// Unit-epochs that [`DEAL`] lost.
pub fn lost() -> u64 {
	<Capacity as marketplace_primitives::Compensation<_>>::lost(SERVER, DEAL)
}

/// The proofs of a server's units in an epoch.
pub struct Proofs {
	server: ServerId,
	pub epoch: Epoch,
	pub units: Units,
	leaves: Vec<Leaf>,
	tree: Tree,
}

impl Proofs {
	/// Computes all slots.
	pub fn compute(server: ServerId, epoch: Epoch, units: Units) -> Self {
		Self::forge(server, epoch, units, |_| {})
	}

	/// Computes all slots and lets `spoil` change leaves before the root is made.
	pub fn forge(server: ServerId, epoch: Epoch, units: Units, spoil: impl Fn(&mut Leaf)) -> Self {
		let slots = parameters().difficulty.slots;
		let mut leaves: Vec<Leaf> = units
			.iter()
			.flat_map(|unit| (0..slots).map(move |slot| solve(server, epoch, unit, slot)))
			.collect();
		leaves.iter_mut().for_each(spoil);
		let tree = Tree::new(&leaves).unwrap();
		Self { server, epoch, units, leaves, tree }
	}

	pub fn root(&self) -> [u8; 32] {
		self.tree.root()
	}

	/// The leaf of a slot with its path.
	pub fn leaf(&self, unit: UnitIndex, slot: u16) -> ProvenLeaf {
		let slots = parameters().difficulty.slots;
		let index = self.units.rank(unit) * u32::from(slots) + u32::from(slot);
		let path = self.tree.path(index).unwrap();
		ProvenLeaf { leaf: self.leaves[index as usize], path }
	}

	/// What the audit of a unit asks for.
	pub fn shown(&self, unit: UnitIndex) -> Vec<ProvenLeaf> {
		let audits = Capacity::audits(self.server);
		let audit =
			audits.iter().find(|audit| audit.unit == unit && audit.epoch == self.epoch).unwrap();
		audit.slots.iter().map(|slot| self.leaf(unit, *slot)).collect()
	}

	/// Reports them in the current block.
	pub fn report(self) -> Self {
		self.report_beside(Units::NONE)
	}

	/// Reports them in the current block, and that `serving` served.
	pub fn report_beside(self, serving: Units) -> Self {
		let (server, epoch, root, units) = (self.server, self.epoch, self.root(), self.units);
		let origin = signed(operator());
		assert_ok!(Capacity::submit_report(origin, server, epoch, root, units, serving));
		self
	}

	/// Answers for every unit, one per block, each as soon as it may.
	pub fn answer_all(&self) {
		run_to_draw(self.epoch);
		for unit in self.units.iter() {
			self.answer(unit);
		}
	}

	/// Answers for one unit as soon as it may.
	pub fn answer(&self, unit: UnitIndex) {
		let leaves = self.shown(unit);
		run_to(earliest(self.epoch, unit).max(System::block_number() + 1));
		assert_ok!(answer_with(stranger(), self.epoch, unit, leaves));
	}
}

/// The first nonce that meets the target.
fn solve(server: ServerId, epoch: Epoch, unit: UnitIndex, slot: u16) -> Leaf {
	let seed = Epochs::<Test>::get(epoch).unwrap().seed;
	let key = key(&Capacity::genesis(), epoch, &seed, server.0, unit);
	(0..u64::MAX)
		.find_map(|nonce| {
			let input = input(&seed, slot, nonce);
			let hash = ToyRandomX::hashes(&key, &[input])[0];
			let is_found = meets(&parameters().difficulty.target, &commitment(&input, &hash));
			is_found.then_some(Leaf { server: server.0, epoch, unit, slot, nonce, hash })
		})
		.unwrap()
}

/// Runs to the block in which the audits of `epoch` are drawn.
pub fn run_to_draw(epoch: Epoch) {
	run_to(parameters().reports_close(epoch));
	while Epochs::<Test>::get(epoch).unwrap().draw.is_none() {
		run_to(System::block_number() + 1);
	}
}

/// The block in which the audits of `epoch`, which are drawn, are over, where no block is full.
pub fn deadline(epoch: Epoch) -> u32 {
	Epochs::<Test>::get(epoch).unwrap().draw.unwrap().block + parameters().answer_window
}

/// Runs to the block with which `epoch` is finished.
pub fn run_to_finish(epoch: Epoch) {
	while Clock::<Test>::get().finished < epoch {
		run_to(System::block_number() + 1);
	}
}

/// Settles the server.
pub fn settle() {
	assert_ok!(Capacity::settle_server(signed(stranger()), SERVER));
}

/// The first block in which the unit may answer.
pub fn earliest(epoch: Epoch, unit: UnitIndex) -> u32 {
	let audits = Capacity::audits(SERVER);
	audits.iter().find(|audit| audit.unit == unit && audit.epoch == epoch).unwrap().earliest
}

/// Answers an audit of [`SERVER`].
pub fn answer_with(
	who: AccountId32,
	epoch: Epoch,
	unit: UnitIndex,
	leaves: Vec<ProvenLeaf>,
) -> frame_support::dispatch::DispatchResultWithPostInfo {
	let leaves = leaves.try_into().unwrap();
	Capacity::answer_audit(signed(who), SERVER, epoch, unit, leaves)
}

/// Runs to the end of `epoch` and settles the server.
pub fn settle_epoch(epoch: Epoch) {
	run_to_finish(epoch);
	settle();
}
