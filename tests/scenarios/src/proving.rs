//! Real proofs, and answers to audits.

use crate::{
	actors::{act, submit, Key},
	acts::Machine,
	chain,
};
use frame_support::dispatch::DispatchResult;
use marketplace_primitives::{api::AuditInfo, Epoch, ServerId, UnitIndex, Units};
use marketplace_proof::ProvenLeaf;
use marketplace_prover::{forge, prove, Job, Outcome, Report, Resources};
use marketplace_runtime::{Capacity, RuntimeCall, System};
use pallet_capacity::Rate;
use std::num::NonZeroUsize;

/// What a server has to show for an epoch.
pub struct Proofs {
	/// The server.
	pub machine: Machine,
	/// What the prover made.
	pub report: Report,
}

/// What has to be proven in the current epoch.
fn job(server: ServerId, units: Units) -> Job {
	let (info, difficulty) = (Capacity::epoch_info(), Capacity::difficulty());
	Job {
		genesis: System::block_hash(0).0,
		epoch: info.epoch,
		seed: info.seed,
		server: server.0,
		units: units.iter().collect(),
		slots: difficulty.slots,
		target: difficulty.target,
	}
}

impl Proofs {
	/// Does the work of the current epoch.
	pub fn work(machine: Machine, units: Units) -> Self {
		let mut report = Report::new(job(machine.id, units), false);
		let job = report.job.clone();
		let threads = NonZeroUsize::new(2).expect("two is not zero");
		let resources = Resources { threads, time_limit: None };
		let done = |outcome| {
			match outcome {
				Outcome::Proven(unit) => report.add(unit),
				Outcome::Flawed(unit) => panic!("this machine computes wrongly: unit {unit}"),
			}
			Ok(())
		};
		prove(&job, job.units.clone(), resources, done).expect("the machine can compute RandomX");
		Self { machine, report }
	}

	/// Pretends to have done it.
	pub fn pretend(machine: Machine, units: Units) -> Self {
		let mut report = Report::new(job(machine.id, units), true);
		let job = report.job.clone();
		units.iter().for_each(|unit| report.add(forge(&job, unit)));
		Self { machine, report }
	}

	/// The epoch that was proven.
	pub fn epoch(&self) -> Epoch {
		self.report.job.epoch
	}

	/// The units that were proven.
	pub fn units(&self) -> Units {
		Units(self.report.proven())
	}

	/// The call that reports the proofs, and units that serve.
	pub fn report_call(&self, serving: Units) -> RuntimeCall {
		let root = self.report.root().expect("something was proven");
		report_call(self.machine.id, self.epoch(), root, self.units(), serving)
	}

	/// Reports the proofs.
	pub fn report(self) -> Self {
		act(self.machine.operator, self.report_call(Units::NONE));
		self
	}

	/// What the chain asks of a unit.
	pub fn audit(&self, unit: UnitIndex) -> Option<AuditInfo> {
		let mut audits = Capacity::audits(self.machine.id).into_iter();
		audits.find(|audit| audit.epoch == self.epoch() && audit.unit == unit)
	}

	/// The leaves that the chain asks of a unit.
	pub fn shown(&self, unit: UnitIndex) -> Vec<ProvenLeaf> {
		let audit = self.audit(unit).expect("the audit is drawn");
		self.report.answer(unit, &audit.slots).expect("the unit was proven")
	}

	/// The call that answers for a unit with `leaves`.
	pub fn answer_call(&self, unit: UnitIndex, leaves: Vec<ProvenLeaf>) -> RuntimeCall {
		answer_call(self.machine.id, self.epoch(), unit, leaves)
	}

	/// Answers for a unit with the right leaves.
	///
	/// # Errors
	/// Those of the call.
	pub fn answer(&self, who: Key, unit: UnitIndex) -> DispatchResult {
		submit(who, self.answer_call(unit, self.shown(unit)))
	}
}

/// The call that reports.
pub fn report_call(
	server: ServerId,
	epoch: Epoch,
	root: [u8; 32],
	proven: Units,
	serving: Units,
) -> RuntimeCall {
	pallet_capacity::Call::submit_report { server, epoch, root, proven, serving }.into()
}

/// Reports units that serve, and none that was proven.
pub fn report_serving(machine: Machine, epoch: Epoch, serving: Units) {
	act(machine.operator, report_call(machine.id, epoch, [0; 32], Units::NONE, serving));
}

/// The call that answers.
pub fn answer_call(
	server: ServerId,
	epoch: Epoch,
	unit: UnitIndex,
	leaves: Vec<ProvenLeaf>,
) -> RuntimeCall {
	let leaves = leaves.try_into().expect("four leaves at most");
	pallet_capacity::Call::answer_audit { server, epoch, unit, leaves }.into()
}

/// Goes on to the block in which the audits of `epoch` are drawn.
pub fn run_to_draw(epoch: Epoch) {
	let parameters = Capacity::parameters();
	let close = parameters.reports_close(epoch);
	chain::run_to_block(close);
	while Capacity::epoch_record(epoch).is_none_or(|record| record.draw.is_none()) {
		assert!(System::block_number() <= close + parameters.draw_delay, "no draw came");
		chain::next_block();
	}
}

/// Goes on to the block in which `epoch` is finished: what it cost and earned is known.
pub fn run_to_finish(epoch: Epoch) {
	while Capacity::epoch_record(epoch).is_none_or(|record| record.finish.is_none()) {
		let end = Capacity::parameters().finished_by(epoch);
		assert!(System::block_number() < end, "epoch {epoch} does not end");
		chain::next_block();
	}
}

/// Answers all audits of these proofs, of one epoch, each as soon as it may be: one per block.
pub fn answer_all(proofs: &[&Proofs]) {
	let epoch = proofs.first().expect("there are proofs").epoch();
	run_to_draw(epoch);
	let draw = Capacity::epoch_record(epoch).and_then(|record| record.draw).expect("it is drawn");
	let mut open: Vec<(&Proofs, AuditInfo)> = Vec::new();
	for proofs in proofs {
		assert_eq!(proofs.epoch(), epoch);
		let drawn: Vec<_> = proofs.units().iter().filter_map(|unit| proofs.audit(unit)).collect();
		let all = u32::try_from(drawn.len()).expect("they are few") == proofs.units().count();
		assert!(all || draw.rate != Rate::All, "every proven unit is audited");
		open.extend(drawn.into_iter().map(|audit| (*proofs, audit)));
	}
	open.sort_by_key(|(_, audit)| audit.earliest);
	for (proofs, audit) in open {
		chain::run_to_block(audit.earliest.max(System::block_number() + 1));
		assert!(System::block_number() < audit.deadline, "there is room for all answers");
		let leaves = proofs.shown(audit.unit);
		act(proofs.machine.operator, proofs.answer_call(audit.unit, leaves));
	}
}
