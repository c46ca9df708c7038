//! Any sequence of calls keeps the invariants, and FLT is conserved.

use super::*;
use marketplace_primitives::Compensation;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
	Pass(u32),
	Commit(u8, Epoch),
	Delegate(u64, bool, u32),
	Cancel(u64),
	Report {
		late: bool,
		units: u8,
		forged: bool,
	},
	/// Answers for these units, one per block, where they may answer.
	Answer(u8),
	Settle,
	Reserve(u64, u8, Epoch),
	Ready(u64, u8),
	/// Takes units out of a deal.
	Remove(u64, u8, Epoch),
	Extend(u64, Epoch),
	Shorten(u64, Epoch),
	Release(u64),
	Withdraw(u64, bool),
	Claim(u64, bool),
	Propose(u64, Epoch),
	Accept(u64),
	Compensate(u64),
	/// Contests units of a deal, or those of them that were counted.
	Contest(u64, u8, Epoch, bool),
	/// Fines units of a deal that it holds; somebody may be rewarded.
	Fine(u64, u8, bool),
}

/// What may happen to commitments and their stake.
fn stake_step() -> impl Strategy<Value = Step> {
	let id = 0..4u64;
	prop_oneof![
		8 => (1..90u32).prop_map(Step::Pass),
		2 => (any::<u8>(), 2..8u32).prop_map(|(units, term)| Step::Commit(units, term)),
		8 => (id.clone(), any::<bool>(), prop_oneof![3 => Just(1), 1 => 2..4u32])
			.prop_map(|(id, is_own, part)| Step::Delegate(id, is_own, part)),
		1 => id.clone().prop_map(Step::Cancel),
		8 => (prop::bool::weighted(0.3), prop_oneof![Just(0xff), any::<u8>()], prop::bool::weighted(0.1))
			.prop_map(|(late, units, forged)| Step::Report { late, units, forged }),
		8 => prop_oneof![3 => Just(0xff), 1 => any::<u8>()].prop_map(Step::Answer),
		1 => Just(Step::Settle),
		2 => (id.clone(), any::<bool>()).prop_map(|(id, is_own)| Step::Withdraw(id, is_own)),
		2 => (id.clone(), any::<bool>()).prop_map(|(id, is_own)| Step::Claim(id, is_own)),
		1 => (id.clone(), 1..5u32).prop_map(|(id, epochs)| Step::Propose(id, epochs)),
		1 => id.prop_map(Step::Accept),
	]
}

/// What may happen to deals.
fn deal_step() -> impl Strategy<Value = Step> {
	let (id, units) = (0..4u64, || prop_oneof![Just(0xff), any::<u8>()]);
	prop_oneof![
		4 => (id.clone(), any::<u8>(), 2..5u32)
			.prop_map(|(deal, units, term)| Step::Reserve(deal, units, term)),
		4 => (id.clone(), units()).prop_map(|(deal, units)| Step::Ready(deal, units)),
		3 => (id.clone(), any::<u8>(), 1..4u32)
			.prop_map(|(deal, units, wait)| Step::Remove(deal, units, wait)),
		2 => (id.clone(), 0..5u32).prop_map(|(deal, more)| Step::Extend(deal, more)),
		1 => (id.clone(), 0..3u32).prop_map(|(deal, wait)| Step::Shorten(deal, wait)),
		2 => id.clone().prop_map(Step::Release),
		1 => id.clone().prop_map(Step::Compensate),
		3 => (id.clone(), units(), 0..4u32, prop::bool::weighted(0.8))
			.prop_map(|(deal, units, age, counted)| Step::Contest(deal, units, age, counted)),
		2 => (id, any::<u8>(), any::<bool>())
			.prop_map(|(deal, units, is_rewarded)| Step::Fine(deal, units, is_rewarded)),
	]
}

/// A while in which a server that has nothing to hide reports and answers for its units.
fn work() -> impl Strategy<Value = Step> {
	prop_oneof![
		3 => (1..30u32).prop_map(Step::Pass),
		3 => prop_oneof![3 => Just(0xff), 1 => any::<u8>()]
			.prop_map(|units| Step::Report { late: false, units, forged: false }),
		4 => Just(Step::Answer(0xff)),
	]
}

fn staker(is_own: bool) -> RuntimeOrigin {
	signed(if is_own { provider() } else { delegator() })
}

/// Reports what the record says that the units are bound to.
fn report(known: &mut Vec<Proofs>, late: bool, units: u8, forged: bool) {
	let epoch = Capacity::current() - u32::from(late);
	let record = Capacity::unit_record(SERVER);
	let Some(entry) = record.and_then(|record| record.entry(epoch).copied()) else { return };
	let units = Units(units.into());
	let (proven, serving) = (entry.proving.and(units), entry.serving.and(units));
	if epoch == 0 || proven.is_empty() {
		let _ = report_serving(epoch, serving);
		return;
	}
	let spoil = |leaf: &mut Leaf| leaf.hash[0] ^= u8::from(forged);
	let proofs = Proofs::forge(SERVER, epoch, proven, spoil);
	let origin = signed(operator());
	let root = proofs.root();
	let call = Capacity::submit_report(origin, SERVER, epoch, root, proven, serving);
	if call.is_ok() {
		known.push(proofs);
	}
}

/// Answers for units with the proofs that were reported.
fn answer(known: &[Proofs], units: Units) {
	for audit in Capacity::audits(SERVER) {
		let proofs = known.iter().find(|proofs| proofs.epoch == audit.epoch);
		let is_asked = units.contains(audit.unit) && !audit.answered;
		let Some(proofs) = proofs.filter(|_| is_asked) else { continue };
		// The first leaf of a forged report closes it.
		let is_open = Capacity::audits(SERVER).iter().any(|open| open.epoch == audit.epoch);
		if is_open && audit.earliest <= System::block_number() {
			assert_ok!(answer_with(stranger(), audit.epoch, audit.unit, proofs.shown(audit.unit)));
			run_to(System::block_number() + 1);
		}
	}
}

/// Fines units of a deal; nobody but the provider loses by it, and no stake is lost.
fn fine(deal: DealId, units: Units, who: Option<AccountId32>) -> Result<(), DispatchError> {
	settle();
	let books = |id| Commitments::<Test>::get(id).unwrap();
	let covers: Vec<_> = record().commitments.iter().map(|cover| cover.id).collect();
	let known = |id: &CommitmentId| Commitments::<Test>::contains_key(id);
	let before: Vec<_> = covers.iter().filter(|id| known(id)).map(|id| (*id, books(*id))).collect();
	let paid = || Balances::balance(&treasury()) + Balances::balance(&stranger());
	let (paid_before, covers) = (paid(), record().commitments);
	let taken = Capacity::fine(SERVER, deal, units, who.as_ref())?;
	assert_eq!(paid(), paid_before + taken);
	assert_eq!(record().commitments, covers);
	let mut lost = 0;
	for (id, before) in before {
		let after = books(id);
		assert_eq!((after.slashed, after.phase), (before.slashed, before.phase));
		// All of it is gone where the rest makes no account.
		if after.pool() > 0 {
			let kept = |it: &CommitmentOf<Test>| (it.delegated_left, it.kept);
			assert_eq!(kept(&after), kept(&before));
			lost += before.own_left - after.own_left;
		} else {
			lost += before.pool();
		}
	}
	assert!(taken <= lost && lost < taken + 4 * LEAST);
	Ok(())
}

fn play(known: &mut Vec<Proofs>, step: Step) {
	// Steps are often refused; a refusal changes nothing, since calls are transactional.
	let _ = frame_support::storage::with_storage_layer(|| play_server(known, step));
}

/// What passes, and what operators and the provider do.
fn play_server(known: &mut Vec<Proofs>, step: Step) -> Result<(), DispatchError> {
	match step {
		Step::Pass(blocks) => run_to(System::block_number() + blocks),
		Step::Report { late, units, forged } => report(known, late, units, forged),
		Step::Answer(units) => answer(known, Units(units.into())),
		Step::Settle => {
			Capacity::settle_server(signed(stranger()), SERVER).map_err(|refused| refused.error)?;
		},
		Step::Commit(units, duration) => {
			return try_commit(provider(), SERVER, Units(units.into()), duration);
		},
		stake => return play_stake(stake),
	}
	Ok(())
}

/// What stakers do.
fn play_stake(step: Step) -> Result<(), DispatchError> {
	let called = match step {
		Step::Delegate(id, is_own, part) => {
			let id = CommitmentId(id);
			let who = if is_own { provider() } else { delegator() };
			let found = Commitments::<Test>::get(id);
			let room = found.map_or(0, |commitment| commitment.room(&who));
			Capacity::delegate(signed(who), id, room / Balance::from(part))
		},
		Step::Cancel(id) => Capacity::cancel_commitment(signed(provider()), CommitmentId(id)),
		Step::Withdraw(id, is_own) => Capacity::withdraw_stake(staker(is_own), CommitmentId(id)),
		Step::Claim(id, is_own) => Capacity::claim_rewards(staker(is_own), CommitmentId(id)),
		Step::Propose(id, epochs) => {
			Capacity::propose_extension(signed(provider()), CommitmentId(id), epochs)
		},
		Step::Accept(id) => Capacity::accept_extension(signed(delegator()), CommitmentId(id)),
		deal => return play_deal(deal),
	};
	called.map(drop).map_err(|refused| refused.error)
}

/// What deals ask for.
fn play_deal(step: Step) -> Result<(), DispatchError> {
	match step {
		Step::Reserve(deal, units, term) => {
			let end = Capacity::current() + term;
			let units = Capacity::available(SERVER, Units(units.into()), end).units;
			Capacity::reserve(SERVER, DealId(deal), units, end).map(drop)
		},
		Step::Ready(deal, units) => {
			let held = record().reservation(DealId(deal)).map(|held| held.units);
			let units = Units(units.into()).and(held.unwrap_or_default());
			Capacity::set_ready(SERVER, DealId(deal), units).map(drop)
		},
		Step::Remove(deal, units, wait) => {
			let deal = DealId(deal);
			let units = Units(units.into()).and(Capacity::held(SERVER, deal));
			Capacity::withdraw(SERVER, deal, units, Capacity::current() + wait).map(drop)
		},
		Step::Extend(deal, more) => {
			let end = record().reservation(DealId(deal)).map_or(0, |held| held.end);
			Capacity::extend(SERVER, DealId(deal), end + more).map(drop)
		},
		Step::Shorten(deal, wait) => {
			Capacity::shorten(SERVER, DealId(deal), Capacity::current() + wait).map(drop)
		},
		Step::Release(deal) => Capacity::release(SERVER, DealId(deal)).map(drop),
		Step::Compensate(deal) => {
			Capacity::compensate(SERVER, DealId(deal), FLT, &stranger()).map(drop)
		},
		Step::Contest(deal, units, age, is_counted) => {
			let (deal, now) = (DealId(deal), Capacity::current());
			let known = Capacity::unit_record(SERVER).unwrap();
			let held = known.reservation(deal).filter(|_| is_counted);
			let ages = held.iter().flat_map(|held| (0..).zip(held.counted));
			let counted = ages.filter(|(_, units)| !units.is_empty()).last();
			let (age, counted) = counted.unwrap_or((age, ALL));
			let units = counted.and(Units(units.into()));
			Capacity::contest(SERVER, deal, units, now.saturating_sub(age)).map(drop)
		},
		Step::Fine(deal, units, is_rewarded) => {
			let units = Units(units.into()).and(Capacity::held(SERVER, DealId(deal)));
			let who = Some(stranger()).filter(|_| is_rewarded);
			fine(DealId(deal), units, who).map(drop)
		},
		other => unreachable!("{other:?} is no deal's"),
	}
}

/// Plays after a commitment of `term` epochs began.
fn check(term: Epoch, steps: Vec<Step>) -> Result<(), TestCaseError> {
	new_test_ext().execute_with(|| {
		Parameters::<Test>::put(MarketParameters {
			misses: MissRules { budget: 2, period: 3 },
			..parameters()
		});
		let issued = Balances::total_issuance();
		let (mut known, mut minted, mut closed) = (Vec::new(), 0, 0);
		start_all(term);
		let mut paid = [0; 4];
		for step in steps {
			play(&mut known, step);
			for (deal, paid) in (0..).map(DealId).zip(&mut paid) {
				let served = Capacity::served(SERVER, deal);
				let is_open = record().reservation(deal).is_some();
				prop_assert!(served >= *paid || !is_open);
				*paid = served;
			}
			for event in events() {
				match event {
					Event::RewardsClaimed { amount, .. } => minted += amount,
					Event::CommitmentClosed { .. } => closed += 1,
					_ => {},
				}
			}
			prop_assert_eq!(Capacity::do_try_state(), Ok(()));
		}
		// Only dust is lost: less than the least balance for each account that was emptied.
		let lost = (issued + minted).checked_sub(Balances::total_issuance());
		let accounts = closed + Commitments::<Test>::iter().count();
		prop_assert!(lost.is_some_and(|lost| lost <= accounts as u128 * LEAST));
		Ok(())
	})
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn any_sequence_of_calls_keeps_the_invariants(
		steps in prop::collection::vec(prop_oneof![2 => stake_step(), 1 => deal_step()], 50..200),
	) {
		check(4, steps)?;
	}

	#[test]
	fn any_life_of_deals_keeps_the_invariants(
		steps in prop::collection::vec(
			prop_oneof![1 => stake_step(), 3 => deal_step(), 6 => work()],
			100..300,
		),
	) {
		check(90, steps)?;
	}
}
