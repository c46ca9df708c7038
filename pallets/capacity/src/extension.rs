//! Keeps an answer for the next block where the current one has no room for its check.

use crate::{Call, ChecksThisBlock, Config, WeightInfo, MAX_CHECKS_PER_BLOCK};
use codec::{Decode, DecodeWithMemTracking, Encode};
use core::marker::PhantomData;
use frame_support::{
	pallet_prelude::{TransactionSource, Weight},
	traits::IsSubType,
	CloneNoBound, DebugNoBound, DefaultNoBound, EqNoBound, PartialEqNoBound,
};
use scale_info::TypeInfo;
use sp_runtime::{
	impl_tx_ext_default,
	traits::{DispatchInfoOf, DispatchOriginOf, TransactionExtension, ValidateResult},
	transaction_validity::InvalidTransaction,
};

/// Refuses `answer_audit` with `ExhaustsResources` once the block's RandomX check is spent: the author
/// keeps the transaction for the next block instead of including one that fails.
///
/// In the pool, between blocks, nothing is spent and every answer is valid. An answer inside another
/// call (a batch) is not looked at; it meets [`Error::TooManyChecks`](crate::Error::TooManyChecks).
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	DefaultNoBound,
	CloneNoBound,
	EqNoBound,
	PartialEqNoBound,
	DebugNoBound,
	TypeInfo,
)]
#[scale_info(skip_type_params(T))]
pub struct LimitChecks<T>(PhantomData<T>);

impl<T> LimitChecks<T> {
	/// The extension.
	pub fn new() -> Self {
		Self(PhantomData)
	}
}

impl<T: Config + Send + Sync> TransactionExtension<T::RuntimeCall> for LimitChecks<T>
where
	T::RuntimeCall: IsSubType<Call<T>>,
{
	const IDENTIFIER: &'static str = "LimitChecks";
	type Implicit = ();
	type Val = ();
	type Pre = ();

	fn weight(&self, _: &T::RuntimeCall) -> Weight {
		T::WeightInfo::limit_checks()
	}

	fn validate(
		&self,
		origin: DispatchOriginOf<T::RuntimeCall>,
		call: &T::RuntimeCall,
		_info: &DispatchInfoOf<T::RuntimeCall>,
		_len: usize,
		_self_implicit: Self::Implicit,
		_inherited_implication: &impl Encode,
		_source: TransactionSource,
	) -> ValidateResult<Self::Val, T::RuntimeCall> {
		let is_answer = matches!(call.is_sub_type(), Some(Call::answer_audit { .. }));
		if is_answer && ChecksThisBlock::<T>::get() >= MAX_CHECKS_PER_BLOCK {
			return Err(InvalidTransaction::ExhaustsResources.into());
		}
		Ok((Default::default(), (), origin))
	}

	impl_tx_ext_default!(T::RuntimeCall; prepare);
}
