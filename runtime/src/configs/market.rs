//! The market: what its five pallets ask of each other and of the chain.

use super::{FltPrice, PaymentAssets, PaymentHolds, TreasuryAccount};
use crate::{
	constants::deposit, weights, AccountId, Balance, Balances, Capacity, Deals, Matcher, Offers,
	Providers, Runtime, RuntimeHoldReason,
};
use frame_support::{
	parameter_types,
	traits::{fungible::HoldConsideration, ConstU32, LinearStoragePrice},
	PalletId,
};
use frame_system::EnsureRoot;
use marketplace_primitives::GatewayKey;
use pallet_capacity::ProofRandomness;
use sp_runtime::{
	traits::{Convert, IdentifyAccount},
	MultiSigner, Perbill,
};

/// The most units that one offer and one deal have.
type MaxUnits = ConstU32<4_096>;
/// The most servers that one deal has.
type MaxServers = ConstU32<64>;

parameter_types! {
	/// A tenth of what deals pay.
	pub const MaxProtocolFee: Perbill = Perbill::from_percent(10);
	/// Half of what a match saves its developer in one epoch.
	pub const SolverShare: Perbill = Perbill::from_percent(50);
	pub const RecordHold: RuntimeHoldReason =
		RuntimeHoldReason::Providers(pallet_providers::HoldReason::Record);
	pub const RecordBase: Balance = deposit(1, 0);
	pub const RecordPerByte: Balance = deposit(0, 1);
	pub const StakePalletId: PalletId = PalletId(*b"mkt/stak");
}

impl pallet_providers::Config for Runtime {
	type Consideration = HoldConsideration<
		AccountId,
		Balances,
		RecordHold,
		LinearStoragePrice<RecordBase, RecordPerByte, Balance>,
	>;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Units = Capacity;
	type Book = Matcher;
	type WeightInfo = weights::pallet_providers::WeightInfo<Runtime>;
}

impl pallet_capacity::Config for Runtime {
	type Currency = Balances;
	type Payments = PaymentAssets;
	type Price = FltPrice;
	type AdminOrigin = EnsureRoot<AccountId>;
	type Registry = Providers;
	type Book = Matcher;
	type Deals = Deals;
	type Randomness = BabeRandomness;
	type Verifier = marketplace_randomx::RandomX;
	type SlashTo = TreasuryAccount;
	type PalletId = StakePalletId;
	type WeightInfo = weights::pallet_capacity::WeightInfo<Runtime>;
}

impl pallet_offers::Config for Runtime {
	type RuntimeHoldReason = RuntimeHoldReason;
	type Holds = PaymentHolds;
	type Payments = PaymentAssets;
	type Registry = Providers;
	type Clock = Capacity;
	type Book = Matcher;
	type Units = Capacity;
	type MaxUnits = MaxUnits;
	type MaxServers = MaxServers;
	type MaxLifetime = ConstU32<10_000>;
	type WeightInfo = weights::pallet_offers::WeightInfo<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = crate::benchmarks::Funds;
}

impl pallet_matcher::Config for Runtime {
	type Registry = Providers;
	type Units = Capacity;
	type Clock = Capacity;
	type Offers = Offers;
	type Deals = Deals;
	type MaxCandidates = ConstU32<32>;
	type MaxImmediate = ConstU32<8>;
	type MaxPlan = ConstU32<64>;
	type Patience = ConstU32<2_048>;
	type MaxRewinds = ConstU32<16>;
	type MaxQuoted = ConstU32<256>;
	type SolverShare = SolverShare;
	type WeightInfo = weights::pallet_matcher::WeightInfo<Runtime>;
}

// Calls of `deals` are weighed with as many commitments that share in a server's income as may cover it.
const _: () = assert!(pallet_capacity::MAX_COMMITMENTS <= pallet_deals::MOST_SHARES);

impl pallet_deals::Config for Runtime {
	type Registry = Providers;
	type Units = Capacity;
	type Clock = Capacity;
	type Offers = Offers;
	type Escrow = Offers;
	type Income = Capacity;
	type Compensation = Capacity;
	type Value = FltPrice;
	type AdminOrigin = EnsureRoot<AccountId>;
	type FeeTo = TreasuryAccount;
	type GatewayAccount = GatewayAccount;
	type MaxProtocolFee = MaxProtocolFee;
	type MaxServers = MaxServers;
	type MaxUnits = MaxUnits;
	type NoticeEpochs = ConstU32<2>;
	type AcceptanceEpochs = ConstU32<2>;
	type ChallengeEpochs = ConstU32<2>;
	type ClosesPerCall = ConstU32<16>;
	type WeightInfo = weights::pallet_deals::WeightInfo<Runtime>;
}

/// The account that signs with a gateway's key.
pub struct GatewayAccount;

impl Convert<GatewayKey, AccountId> for GatewayAccount {
	fn convert(key: GatewayKey) -> AccountId {
		MultiSigner::from(key).into_account()
	}
}

/// BABE's randomness, from the VRFs of an epoch's drawn authors: nobody knows it before the epoch is over,
/// and one author shifts it by one bit per block withheld.
pub struct BabeRandomness;

impl ProofRandomness for BabeRandomness {
	fn seed() -> [u8; 32] {
		// The market's epoch number goes into every proof as well, so that a seed that two short
		// epochs share opens nothing early.
		pallet_babe::NextRandomness::<Runtime>::get()
	}

	fn consensus_epoch() -> u64 {
		pallet_babe::EpochIndex::<Runtime>::get()
	}

	fn next_randomness() -> [u8; 32] {
		pallet_babe::NextRandomness::<Runtime>::get()
	}
}
