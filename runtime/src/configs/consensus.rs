//! Who makes blocks, who finalises them, and what becomes of those who cheat.

use crate::{
	constants::MAX_VALIDATORS, opaque::SessionKeys, timing, AccountId, Babe, Balance, Balances,
	Historical, Offences, Runtime, RuntimeEvent, RuntimeOrigin, Session, ValidatorSet,
};
use alloc::vec::Vec;
use frame_support::{
	parameter_types,
	traits::{ConstU32, ConstU64, KeyOwnerProofSystem},
	weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_membership::Instance1;
use sp_core::crypto::KeyTypeId;
use sp_runtime::{
	traits::{ConvertInto, OpaqueKeys},
	Perbill,
};
use sp_staking::{
	offence::{OffenceDetails, OffenceSeverity, OnOffenceHandler},
	SessionIndex,
};

parameter_types! {
	pub const KeyDeposit: Balance = crate::constants::deposit(3, 128);
	/// Equivocations can be reported for about a day of six-second blocks.
	pub const ReportLongevity: u64 = 14_400;
}

impl pallet_authorship::Config for Runtime {
	type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
	type EventHandler = ();
}

impl pallet_babe::Config for Runtime {
	type EpochDuration = timing::SessionLength<Runtime>;
	type ExpectedBlockTime = timing::SlotDuration<Runtime>;
	type EpochChangeTrigger = pallet_babe::ExternalTrigger;
	type DisabledValidators = Session;
	type WeightInfo = crate::weights::EquivocationWeight;
	type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
	type MaxNominators = ConstU32<0>;
	type KeyOwnerProof =
		<Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_babe::AuthorityId)>>::Proof;
	type EquivocationReportSystem =
		pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_grandpa::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = crate::weights::EquivocationWeight;
	type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<1_024>;
	type KeyOwnerProof =
		<Historical as KeyOwnerProofSystem<(KeyTypeId, pallet_grandpa::AuthorityId)>>::Proof;
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

/// The validators that governance wants, edited by root. A change takes effect with the next session
/// but one; the set can be no smaller than one.
impl pallet_membership::Config<Instance1> for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type AddOrigin = EnsureRoot<AccountId>;
	type RemoveOrigin = EnsureRoot<AccountId>;
	type SwapOrigin = EnsureRoot<AccountId>;
	type ResetOrigin = EnsureRoot<AccountId>;
	type PrimeOrigin = EnsureRoot<AccountId>;
	type MembershipInitialized = ();
	type MembershipChanged = ();
	type MaxMembers = ConstU32<MAX_VALIDATORS>;
	type WeightInfo = pallet_membership::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::historical::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type FullIdentification = ();
	type FullIdentificationOf = ConvertToUnit;
}

/// A validator is its account and nothing else.
pub struct ConvertToUnit;
impl sp_runtime::traits::Convert<AccountId, Option<()>> for ConvertToUnit {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type ShouldEndSession = Babe;
	type NextSessionRotation = Babe;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Self, ValidatorManager>;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type Keys = SessionKeys;
	type DisablingStrategy = pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
	type Currency = Balances;
	type KeyDeposit = KeyDeposit;
}

impl pallet_offences::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
	type OnOffenceHandler = ValidatorManager;
}

/// Turns the governed set into sessions, and takes those who equivocate out of it: disabled at once where
/// that leaves enough others, and out of the set from the session after next, as sessions are planned one
/// ahead.
pub struct ValidatorManager;

impl pallet_session::SessionManager<AccountId> for ValidatorManager {
	fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
		let members = ValidatorSet::members().into_inner();
		// With an empty set there would be nobody left to make a block: keep the one there is.
		(!members.is_empty()).then_some(members)
	}

	fn start_session(_: SessionIndex) {}

	fn end_session(_: SessionIndex) {}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for ValidatorManager {
	fn new_session(index: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		<Self as pallet_session::SessionManager<_>>::new_session(index)
			.map(|members| members.into_iter().map(|member| (member, ())).collect())
	}

	fn start_session(_: SessionIndex) {}

	fn end_session(_: SessionIndex) {}
}

impl OnOffenceHandler<AccountId, (AccountId, ()), Weight> for ValidatorManager {
	fn on_offence(
		offenders: &[OffenceDetails<AccountId, (AccountId, ())>],
		_: &[Perbill],
		_: SessionIndex,
	) -> Weight {
		use frame_support::traits::SortedMembers;
		use pallet_membership::WeightInfo;
		let mut weight = Weight::zero();
		for details in offenders {
			let (validator, ()) = &details.offender;
			Session::report_offence(validator.clone(), OffenceSeverity::max_severity());
			if ValidatorSet::contains(validator) && ValidatorSet::count() > 1 {
				let _ = ValidatorSet::remove_member(
					RuntimeOrigin::root(),
					sp_runtime::MultiAddress::Id(validator.clone()),
				);
			}
			let step = <Runtime as pallet_membership::Config<Instance1>>::WeightInfo::remove_member(
				MAX_VALIDATORS,
			);
			weight = weight.saturating_add(step);
		}
		weight
	}
}
