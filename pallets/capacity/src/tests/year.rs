//! A year of a small market: 2,190 epochs of honest, unlucky, lazy, lying and self-dealing providers.

use super::*;
use frame_support::traits::fungible::Mutate;
use marketplace_primitives::Compensation;

const YEAR: Epoch = 2_190;
const UNITS: Units = Units(0b1111);

/// How a provider behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
	/// Proves all, answers all.
	Honest,
	/// As honest, but a unit misses now and then.
	Unlucky,
	/// Reports only every other epoch.
	Lazy,
	/// Claims the units of the mask without work.
	Lies(Units),
	/// Lies, and sells its units to itself, to be compensated when it fails.
	DealsWithItself,
}

impl Habit {
	/// Units reported in an epoch.
	fn reported(self, epoch: Epoch) -> Units {
		match self {
			Habit::Unlucky if epoch.is_multiple_of(12) => Units(0b0111),
			Habit::Lazy if epoch.is_multiple_of(2) => Units::NONE,
			_ => UNITS,
		}
	}

	/// Units of them that were not proven.
	fn forged(self) -> Units {
		match self {
			Habit::Lies(units) => units,
			Habit::DealsWithItself => UNITS,
			_ => Units::NONE,
		}
	}
}

struct Actor {
	habit: Habit,
	server: ServerId,
	account: AccountId32,
	commitments: Vec<CommitmentId>,
	proofs: Vec<Proofs>,
}

const PURSE: Balance = 10_000_000 * FLT;

impl Actor {
	fn new(habit: Habit, number: u8) -> Self {
		let (server, account) = (ServerId(100 + u32::from(number)), account(100 + number));
		Balances::set_balance(&account, PURSE);
		MockRegistry::add_server(server.0, account.clone(), operator(), 4);
		assert_ok!(Capacity::open(server, 4));
		Self { habit, server, account, commitments: Vec::new(), proofs: Vec::new() }
	}

	/// Commits anew where nothing is committed, all of it its own stake.
	fn commit(&mut self) {
		if !Capacity::unit_record(self.server).unwrap().claimed().is_empty() {
			return;
		}
		let id = NextCommitment::<Test>::get();
		if try_commit(self.account.clone(), self.server, UNITS, 100).is_err() {
			return;
		}
		let needed = Commitments::<Test>::get(id).unwrap().needed;
		assert_ok!(Capacity::delegate(signed(self.account.clone()), id, needed));
		self.commitments.push(id);
	}

	fn report(&mut self, epoch: Epoch) {
		let record = Capacity::unit_record(self.server).unwrap();
		let bound = record.entry(epoch).unwrap().proving;
		let units = self.habit.reported(epoch).and(bound);
		if units.is_empty() {
			return;
		}
		let forged = self.habit.forged();
		let spoil = |leaf: &mut Leaf| {
			if forged.contains(leaf.unit) {
				leaf.hash[0] ^= 1;
			}
		};
		let proofs = Proofs::forge(self.server, epoch, units, spoil);
		self.proofs.retain(|proofs| proofs.epoch + 2 >= epoch);
		self.proofs.push(proofs.report());
		if self.habit == Habit::DealsWithItself {
			let end = epoch + 3;
			let units = Capacity::available(self.server, Units(1), end).units;
			let _ = Capacity::reserve(self.server, DealId(epoch.into()), units, end);
		}
	}

	/// Answers what it can, one unit per block.
	fn answer(&self) {
		for audit in Capacity::audits(self.server) {
			let proofs = self.proofs.iter().find(|proofs| proofs.epoch == audit.epoch);
			let is_forged = self.habit.forged().contains(audit.unit);
			let Some(proofs) = proofs.filter(|_| !is_forged && !audit.answered) else { continue };
			run_to(audit.earliest.max(System::block_number() + 1));
			let leaves = proofs.shown(audit.unit).try_into().unwrap();
			let who = signed(operator());
			assert_ok!(Capacity::answer_audit(who, self.server, audit.epoch, audit.unit, leaves));
		}
	}

	/// Takes what compensation it can get, and forgets deals that are over.
	fn clean(&self) {
		let record = Capacity::unit_record(self.server).unwrap();
		for held in &record.reservations {
			let (server, deal) = (self.server, held.deal);
			let _ = <Capacity as Compensation<_>>::compensate(server, deal, FLT, &self.account);
			let _ = Capacity::release(server, deal);
		}
	}

	/// Takes out all that is its own, and says what it won or lost.
	fn balance(&self) -> i128 {
		for id in &self.commitments {
			let who = || signed(self.account.clone());
			let _ = Capacity::withdraw_stake(who(), *id);
			let _ = Capacity::claim_rewards(who(), *id);
		}
		Balances::balance(&self.account) as i128 - PURSE as i128
	}
}

/// Plays a year by the settings; returns what each won.
fn play(change: impl Fn(&mut MarketParameters), habits: &[Habit]) -> Vec<i128> {
	let mut parameters = MarketParameters {
		epoch_length: 20,
		grace: 2,
		draw_delay: 7,
		answer_window: 11,
		min_duration: 2,
		max_duration: 200,
		unbonding: 1,
		misses: MissRules { budget: 4, period: 10 },
		slashes: [10, 50, 100].map(Perbill::from_percent),
		..parameters()
	};
	change(&mut parameters);
	let mut won = Vec::new();
	new_test_ext().execute_with(|| {
		assert_eq!(parameters.validate(), Ok(()));
		Parameters::<Test>::put(&parameters);
		let mut actors: Vec<_> =
			(0u8..).zip(habits).map(|(number, habit)| Actor::new(*habit, number)).collect();
		for epoch in 1..=YEAR {
			run_to(parameters.first_block(epoch));
			actors.iter_mut().for_each(Actor::commit);
			actors.iter_mut().for_each(|actor| actor.report(epoch));
			// Reports close in the next epoch; this one's audits are those of the epoch before.
			while Clock::<Test>::get().finished + 1 < epoch
				&& !matches!(Clock::<Test>::get().stage, Stage::Answering { .. })
			{
				run_to(System::block_number() + 1);
			}
			actors.iter().for_each(Actor::answer);
			actors.iter().for_each(Actor::clean);
			if epoch % 200 == 0 {
				Capacity::do_try_state().unwrap();
			}
			System::reset_events();
		}
		run_to(parameters.first_block(YEAR + 210));
		won = actors.iter().map(Actor::balance).collect();
		Capacity::do_try_state().unwrap();
	});
	won
}

const HABITS: [Habit; 6] = [
	Habit::Honest,
	Habit::Unlucky,
	Habit::Lazy,
	Habit::Lies(UNITS),
	Habit::Lies(Units(0b0001)),
	Habit::DealsWithItself,
];

/// What must come of any year.
fn check(won: &[i128]) {
	let [honest, unlucky, lazy, liar, little, selfish] = won else { panic!("six of them") };
	assert!(*honest > 0, "honest work earns: {won:?}");
	assert!(*unlucky > 0, "some bad luck is forgiven: {won:?}");
	assert!(unlucky < honest, "a miss costs its reward: {won:?}");
	assert!(lazy < unlucky, "laziness costs stake: {won:?}");
	for (lost, who) in [(liar, "a liar"), (little, "a little liar"), (selfish, "its own customer")]
	{
		assert!(*lost < 0, "{who} loses: {won:?}");
	}
}

#[test]
fn a_year_with_every_unit_audited() {
	let won = play(|params| (params.epoch_length, params.answer_window) = (60, 50), &HABITS);
	check(&won);
}

#[test]
fn a_year_of_samples_at_the_least_margin() {
	let won = play(
		|params| {
			(params.answer_window, params.margin) = (4, 2);
			(params.first_pool, params.pool.min, params.pool.max) = (8 * FLT, 8 * FLT, 8 * FLT);
		},
		&HABITS,
	);
	check(&won);
}

#[test]
fn a_year_of_rewards_beyond_what_audits_secure() {
	// The pool would pay 40 FLT per unit and epoch; what is paid is what audits make dear to fake.
	let pool = 1_000 * FLT;
	let won = play(
		|params| (params.first_pool, params.pool.min, params.pool.max) = (pool, pool, pool),
		&HABITS,
	);
	check(&won);
}
