//! Money: FLT, admitted assets, what transactions cost and who gets it.

use crate::{
	constants::{deposit, EXISTENTIAL_DEPOSIT, FLT, MICRO_FLT},
	AccountId, Assets, AssetsHolder, Authorship, Balance, Balances, Runtime, RuntimeEvent,
	RuntimeFreezeReason, RuntimeHoldReason, System,
};
use frame_support::{
	parameter_types,
	traits::{
		fungible::{Balanced, Credit, NativeFromLeft, NativeOrWithId, UnionOf},
		tokens::imbalance::ResolveTo,
		AsEnsureOriginWithArg, ConstU32, ConstU8, Imbalance, OnUnbalanced, VariantCountOf,
	},
	weights::{ConstantMultiplier, Weight},
	PalletId,
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use sp_runtime::{
	traits::{AccountIdConversion, Bounded, One},
	FixedPointNumber, Perquintill,
};

parameter_types! {
	pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
	pub const AssetDeposit: Balance = deposit(1, 256);
	pub const AssetAccountDeposit: Balance = deposit(1, 64);
	pub const MetadataDepositBase: Balance = deposit(1, 68);
	pub const MetadataDepositPerByte: Balance = deposit(0, 1);
	pub const ApprovalDeposit: Balance = EXISTENTIAL_DEPOSIT;
	pub const TreasuryId: PalletId = PalletId(*b"mkt/trsy");
	/// Keyless: where slashed stake and the treasury's part of fees go.
	pub TreasuryAccount: AccountId = TreasuryId::get().into_account_truncating();
}

impl pallet_balances::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeFreezeReason = RuntimeFreezeReason;
	type Balance = Balance;
	type DustRemoval = ();
	type ExistentialDeposit = ExistentialDeposit;
	type AccountStore = System;
	type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
	type MaxLocks = ConstU32<50>;
	type MaxReserves = ();
	type ReserveIdentifier = [u8; 8];
	type FreezeIdentifier = RuntimeFreezeReason;
	type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
	type DoneSlashHandler = ();
}

impl pallet_assets::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Balance = Balance;
	type RemoveItemsLimit = ConstU32<1000>;
	type AssetId = u32;
	type AssetIdParameter = codec::Compact<u32>;
	type ReserveData = ();
	type Currency = Balances;
	type CreateOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
	type ForceOrigin = EnsureRoot<AccountId>;
	type AssetDeposit = AssetDeposit;
	type AssetAccountDeposit = AssetAccountDeposit;
	type MetadataDepositBase = MetadataDepositBase;
	type MetadataDepositPerByte = MetadataDepositPerByte;
	type ApprovalDeposit = ApprovalDeposit;
	type StringLimit = ConstU32<50>;
	type Freezer = ();
	type Holder = AssetsHolder;
	type Extra = ();
	type CallbackHandle = ();
	type AssetIdAllocator = ();
	type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

impl pallet_assets_holder::Config for Runtime {
	type RuntimeHoldReason = RuntimeHoldReason;
	type RuntimeEvent = RuntimeEvent;
}

/// FLT and all assets behind one interface, to transfer.
pub type PaymentAssets = UnionOf<Balances, Assets, NativeFromLeft, NativeOrWithId<u32>, AccountId>;
/// FLT and all assets behind one interface, to hold.
pub type PaymentHolds =
	UnionOf<Balances, AssetsHolder, NativeFromLeft, NativeOrWithId<u32>, AccountId>;

/// A second of compute costs one FLT: a million planks per picosecond.
pub struct WeightToFee;
impl frame_support::weights::WeightToFee for WeightToFee {
	type Balance = Balance;

	fn weight_to_fee(weight: &Weight) -> Balance {
		const PLANKS_PER_PICOSECOND: Balance = FLT / 1_000_000_000_000;
		Balance::from(weight.ref_time()).saturating_mul(PLANKS_PER_PICOSECOND)
	}
}

/// Fees go half to the treasury and half to the author of the block; tips to the author.
pub struct AuthorAndTreasury;
impl OnUnbalanced<Credit<AccountId, Balances>> for AuthorAndTreasury {
	fn on_unbalanceds(mut credits: impl Iterator<Item = Credit<AccountId, Balances>>) {
		let Some(fees) = credits.next() else { return };
		let (treasury, mut author) = fees.ration(50, 50);
		if let Some(tips) = credits.next() {
			tips.merge_into(&mut author);
		}
		ResolveTo::<TreasuryAccount, Balances>::on_unbalanced(treasury);
		match Authorship::author() {
			// An author without an account gets none: what cannot be paid goes to the treasury.
			Some(account) => {
				if let Err(rest) = Balances::resolve(&account, author) {
					ResolveTo::<TreasuryAccount, Balances>::on_unbalanced(rest);
				}
			},
			None => ResolveTo::<TreasuryAccount, Balances>::on_unbalanced(author),
		}
	}
}

parameter_types! {
	/// A byte of a transaction costs ten millionths of an FLT.
	pub const LengthFee: Balance = MICRO_FLT * 10;
	/// The part of what transactions may weigh in a block, up to which weight costs the least.
	pub const TargetFullness: Perquintill = Perquintill::from_percent(25);
	/// So that the price of weight doubles in less than a day of full blocks.
	pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(75, 1_000_000);
	pub LeastMultiplier: Multiplier = Multiplier::one();
	pub MostMultiplier: Multiplier = Multiplier::max_value();
}

/// The price of weight rises with every block that is fuller than the target, and falls again with every other, to its
/// least. That of length stays.
pub type FeeAdjustment = TargetedFeeAdjustment<
	Runtime,
	TargetFullness,
	AdjustmentVariable,
	LeastMultiplier,
	MostMultiplier,
>;

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = FungibleAdapter<Balances, AuthorAndTreasury>;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightToFee = WeightToFee;
	type LengthToFee = ConstantMultiplier<Balance, LengthFee>;
	type FeeMultiplierUpdate = FeeAdjustment;
	type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}
