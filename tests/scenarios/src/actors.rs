//! Who acts. All of them have a million FLT and a million USDC in every preset.

use codec::Encode;
use frame_support::dispatch::DispatchResult;
use marketplace_primitives::PeerId;
use marketplace_runtime::{
	AccountId, Address, Runtime, RuntimeCall, RuntimeOrigin, SignedPayload, System, TxExtension,
	UncheckedExtrinsic,
};
use sp_core::{ed25519, Pair};
use sp_runtime::{generic::Era, traits::Dispatchable, DispatchError};

pub use sp_keyring::Sr25519Keyring as Key;

/// A provider.
pub const NORTH: Key = Key::Bob;
/// Who operates a server of [`NORTH`].
pub const NORTH_OPERATOR: Key = Key::BobStash;
/// Another provider.
pub const SOUTH: Key = Key::Charlie;
/// Who operates a server of [`SOUTH`].
pub const SOUTH_OPERATOR: Key = Key::CharlieStash;
/// Lends stake to providers.
pub const DELEGATOR: Key = Key::Dave;
/// Pays for compute.
pub const DEVELOPER: Key = Key::Eve;
/// Pays for compute, too.
pub const OTHER_DEVELOPER: Key = Key::Ferdie;
/// Has nothing to do with anything.
pub const STRANGER: Key = Key::FerdieStash;
/// Has the key of governance, and makes the blocks.
pub const GOVERNOR: Key = Key::Alice;

/// The account of a key.
pub fn account(key: Key) -> AccountId {
	key.to_account_id()
}

/// The origin of what `key` signed.
pub fn signed(key: Key) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(key))
}

/// Dispatches `call` with `origin`, without a fee.
///
/// # Errors
/// Those of the call.
pub fn dispatch(origin: RuntimeOrigin, call: impl Into<RuntimeCall>) -> DispatchResult {
	call.into().dispatch(origin).map(|_| ()).map_err(|refused| refused.error)
}

/// Dispatches `call` signed by `who`, without a fee.
///
/// # Errors
/// Those of the call.
pub fn submit(who: Key, call: impl Into<RuntimeCall>) -> DispatchResult {
	dispatch(signed(who), call)
}

/// As [`submit`], for what must succeed.
#[track_caller]
pub fn act(who: Key, call: impl Into<RuntimeCall>) {
	let call = call.into();
	if let Err(error) = submit(who, call.clone()) {
		panic!("{who} in block {}: {call:?}: {error:?}", System::block_number());
	}
}

/// As [`submit`], for what must be refused with `error` and leave no trace in the state.
#[track_caller]
pub fn refused(
	origin: RuntimeOrigin,
	call: impl Into<RuntimeCall>,
	error: impl Into<DispatchError>,
) {
	let call = call.into();
	let before = sp_io::storage::root(Default::default());
	assert_eq!(dispatch(origin, call.clone()), Err(error.into()), "{call:?}");
	assert_eq!(sp_io::storage::root(Default::default()), before, "it moved something: {call:?}");
}

/// A transaction as it travels: signed by `who`, with all extensions of the runtime.
pub fn transaction(who: Key, nonce: u32, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
	let extension: TxExtension = (
		frame_system::AuthorizeCall::new(),
		frame_system::CheckNonZeroSender::new(),
		frame_system::CheckSpecVersion::new(),
		frame_system::CheckTxVersion::new(),
		frame_system::CheckGenesis::new(),
		frame_system::CheckEra::from(Era::Immortal),
		frame_system::CheckNonce::from(nonce),
		frame_system::CheckWeight::new(),
		pallet_capacity::LimitChecks::<Runtime>::new(),
		pallet_transaction_payment::ChargeTransactionPayment::from(0),
		frame_system::WeightReclaim::new(),
	);
	let call = call.into();
	let payload = SignedPayload::new(call.clone(), extension.clone()).expect("it can be signed");
	let signature = payload.using_encoded(|payload| who.sign(payload));
	UncheckedExtrinsic::new_signed(call, Address::Id(account(who)), signature.into(), extension)
}

/// The key of an off-chain peer.
pub fn peer(seed: u8) -> ed25519::Pair {
	ed25519::Pair::from_seed(&[seed; 32])
}

/// The peer of that key.
pub fn peer_id(seed: u8) -> PeerId {
	peer(seed).public().0
}
