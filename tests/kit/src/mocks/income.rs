use super::{state, MockUnits};
use frame_support::ensure;
use marketplace_primitives::{
	Balance, CommitmentId, Compensation, DealId, DealIncome, IncomeShare, PaymentAsset, ServerId,
	UnitLedger, Units,
};
use sp_runtime::{AccountId32, DispatchError, DispatchResult, Perbill};
use std::collections::{BTreeMap, BTreeSet};

/// Delegators' parts of deal income, and providers' own stake for developers, in memory. What is known of a
/// server in a deal is known as long as [`MockUnits`] has the reservation.
pub struct MockIncome;

/// Its state.
#[derive(Default)]
pub struct IncomeState {
	shares: BTreeMap<(ServerId, DealId), Vec<IncomeShare<AccountId32>>>,
	commitments: BTreeSet<CommitmentId>,
	noted: Vec<(CommitmentId, PaymentAsset, Balance)>,
	lost: BTreeMap<(ServerId, DealId), u64>,
	own_stake: BTreeMap<ServerId, Balance>,
	compensated: Vec<(AccountId32, Balance)>,
	fined: Vec<(ServerId, Units, Balance, Option<AccountId32>)>,
	no_fines: bool,
}

/// What a unit is fined.
pub const FINE: Balance = 10;

state!(MockIncome, IncomeState, INCOME);

impl MockIncome {
	/// The keyless account of a commitment.
	pub fn account(commitment: u8) -> AccountId32 {
		AccountId32::new([200 + commitment; 32])
	}

	/// A commitment that has `part` of what `server` earns in `deal`. All parts are one at most.
	pub fn share(server: ServerId, deal: DealId, commitment: u8, part: Perbill) {
		let (id, account) = (CommitmentId(commitment.into()), Self::account(commitment));
		Self::with(|state| {
			let shares = state.shares.entry((server, deal)).or_default();
			let sum: u64 = shares.iter().map(|share| u64::from(share.part.deconstruct())).sum();
			let part_of_one = u64::from(part.deconstruct());
			assert!(sum + part_of_one <= 1_000_000_000, "more than all is shared");
			shares.push(IncomeShare { commitment: id, account, part });
			state.commitments.insert(id);
		});
	}

	/// Forgets a commitment: nothing can be noted for it any more.
	pub fn forget(commitment: u8) {
		Self::with(|state| state.commitments.remove(&CommitmentId(commitment.into())));
	}

	/// What was noted for a commitment in `asset`.
	pub fn noted(commitment: u8, asset: &PaymentAsset) -> Balance {
		let commitment = CommitmentId(commitment.into());
		let of = |(id, other, _): &&(CommitmentId, PaymentAsset, Balance)| {
			*id == commitment && other == asset
		};
		Self::with(|state| state.noted.iter().filter(of).map(|(_, _, amount)| amount).sum())
	}

	/// A commitment failed: the deal lost `unit_epochs` more on `server`.
	pub fn lose(server: ServerId, deal: DealId, unit_epochs: u64) {
		Self::with(|state| *state.lost.entry((server, deal)).or_default() += unit_epochs);
	}

	/// What is left of the provider's own stake in the commitments of `server`.
	pub fn set_own_stake(server: ServerId, amount: Balance) {
		Self::with(|state| state.own_stake.insert(server, amount));
	}

	/// The fines, in order: of which server, for which units, how much, and who was rewarded.
	pub fn fined() -> Vec<(ServerId, Units, Balance, Option<AccountId32>)> {
		Self::with(|state| state.fined.clone())
	}

	/// No fine can be had from now on.
	pub fn refuse_fines() {
		Self::with(|state| state.no_fines = true);
	}

	/// What is left of it.
	pub fn own_stake(server: ServerId) -> Balance {
		Self::with(|state| state.own_stake.get(&server).copied().unwrap_or_default())
	}

	/// Who was compensated with how much, in order.
	pub fn compensated() -> Vec<(AccountId32, Balance)> {
		Self::with(|state| state.compensated.clone())
	}

	/// Four commitments have parts of what a server of the benchmarks earns.
	#[cfg(feature = "runtime-benchmarks")]
	fn share_out(server: ServerId, deal: DealId) {
		let is_known = Self::with(|state| state.shares.contains_key(&(server, deal)));
		if !is_known && server >= super::registry::FIRST_BENCHMARKED {
			(1..=4).for_each(|id| Self::share(server, deal, id, Perbill::from_percent(10)));
		}
	}

	fn is_known(server: ServerId, deal: DealId) -> bool {
		MockUnits::reservation(server, deal).is_some()
	}
}

impl DealIncome<AccountId32> for MockIncome {
	fn shares(server: ServerId, deal: DealId) -> Vec<IncomeShare<AccountId32>> {
		if !Self::is_known(server, deal) {
			return Vec::new();
		}
		#[cfg(feature = "runtime-benchmarks")]
		Self::share_out(server, deal);
		Self::with(|state| state.shares.get(&(server, deal)).cloned().unwrap_or_default())
	}

	fn note(commitment: CommitmentId, asset: &PaymentAsset, amount: Balance) -> DispatchResult {
		Self::with(|state| {
			let known = state.commitments.contains(&commitment);
			ensure!(known, DispatchError::Other("unknown commitment"));
			state.noted.push((commitment, asset.clone(), amount));
			Ok(())
		})
	}
}

impl Compensation<AccountId32> for MockIncome {
	fn lost(server: ServerId, deal: DealId) -> u64 {
		if !Self::is_known(server, deal) {
			return 0;
		}
		Self::with(|state| state.lost.get(&(server, deal)).copied().unwrap_or_default())
	}

	fn compensate(
		server: ServerId,
		deal: DealId,
		worth: Balance,
		to: &AccountId32,
	) -> Result<Balance, DispatchError> {
		let lost = Self::lost(server, deal);
		ensure!(lost > 0, DispatchError::Other("nothing lost"));
		Self::with(|state| {
			state.lost.remove(&(server, deal));
			let own = state.own_stake.entry(server).or_default();
			let paid = worth.saturating_mul(lost.into()).min(*own);
			*own -= paid;
			state.compensated.push((to.clone(), paid));
			Ok(paid)
		})
	}

	fn fine(
		server: ServerId,
		deal: DealId,
		units: Units,
		reward_to: Option<&AccountId32>,
	) -> Result<Balance, DispatchError> {
		let held = MockUnits::held(server, deal);
		ensure!(units.is_subset_of(held), DispatchError::Other("not held"));
		Self::with(|state| {
			ensure!(!state.no_fines, DispatchError::Other("no fines"));
			let own = state.own_stake.entry(server).or_default();
			let fine = (FINE * Balance::from(units.count())).min(*own);
			*own -= fine;
			state.fined.push((server, units, fine, reward_to.cloned()));
			Ok(fine)
		})
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_fail(server: ServerId, deal: DealId) {
		Self::lose(server, deal, 4);
		Self::set_own_stake(server, Balance::MAX);
		super::MockPrice::set_rate(PaymentAsset::Native, Some(1));
	}
}
