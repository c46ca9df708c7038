//! Who owns what.

use crate::{
	types::{Ask, Attributes, HardwareClass, PaymentAsset, ServerRef},
	AskId, ServerId,
};

/// Who owns what, and at what ask. Given by `providers`.
pub trait Registry<AccountId> {
	/// The server, if it is registered.
	fn server(server: ServerId) -> Option<ServerRef<AccountId>>;

	/// The ask, if it stands.
	fn ask(ask: AskId) -> Option<Ask>;

	/// The asks of a server, four at most.
	fn asks_of(server: ServerId) -> alloc::vec::Vec<AskId>;

	/// Whether the account is a provider.
	fn is_provider(who: &AccountId) -> bool;

	/// Whether governance named the hardware class.
	fn is_hardware_class(class: HardwareClass) -> bool;

	/// Whether governance named every one of the attributes.
	fn are_attributes_known(attributes: &Attributes) -> bool;

	/// Whether deals may be paid in `asset`.
	fn asset_admitted(asset: &PaymentAsset) -> bool;

	/// Registers a server of 64 units under `provider` with an ask for all of them and returns both,
	/// for the benchmarks of others.
	#[cfg(feature = "runtime-benchmarks")]
	fn benchmark_server(provider: &AccountId, price: crate::Price) -> (ServerId, AskId);
}
